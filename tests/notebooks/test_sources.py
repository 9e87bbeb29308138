"""Notebooks in git are articles: prose, frames and pictures; no outputs, no logic in cells."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from analysis.documents.transcript import UNPUBLISHED

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
ALL = [*NOTEBOOKS, *sorted((FOLDER / "tutorials").glob("*.ipynb"))]
LOGIC = (ast.For, ast.While, ast.FunctionDef, ast.ClassDef, ast.If, ast.Try)
HAN = re.compile("[\u4e00-\u9fff]")


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 3


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_thin(path: Path):
    """Method first, within fifteen lines; what the cell says stands behind, and ends it."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            nodes = [*ast.walk(ast.parse(cell.source))]
            words = {line for node in nodes if spoken(node)
                     for line in range(node.lineno, node.end_lineno + 1)}  # fmt: skip
            lines = cell.source.splitlines()
            assert len(lines) - len(words) <= 15
            assert not [node for node in nodes if isinstance(node, LOGIC)]


def spoken(node: ast.AST) -> bool:
    """Whether it is a sentence in both languages, several by their conditions, or a plan's."""
    if isinstance(node, ast.Starred):  # one sentence, for each lever that it may be of
        return isinstance(node.value, ast.Call) and spoken(node.value.args[-1])
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "page.plan_text" and spoken(node.args[1])
    if isinstance(node, ast.Dict):
        return {"zh", "en"} <= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    cases = node.elts if isinstance(node, ast.List) else ()
    said = [one.elts[-1] if isinstance(one, ast.Tuple) else one for one in cases]
    return bool(said) and all(map(spoken, said))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_reads_as_an_article_in_both_languages(path: Path):
    cells = nbformat.read(path, as_version=4).cells
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert prose[0].startswith("# ") and len([one for one in prose if "\n## " in f"\n{one}"]) >= 2
    for one in prose:
        assert HAN.search(one) and re.search(r"[a-z]{4,} [a-z]+ [a-z]+", one), one
    shown = [c for c in cells if c.cell_type == "code" and UNPUBLISHED in c.metadata.tags]
    drawn = [c.source for c in cells if c.cell_type == "code" and "figure" in c.metadata.tags]
    assert len(shown) >= 3
    # The picture's function stands there with its arguments, not a name that hides them.
    assert all("lambda text, narrow:" in one for one in drawn)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_it_is_kept_in_the_form_that_lab_writes(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text == nbformat.writes(nbformat.reads(text, as_version=4)) + "\n"

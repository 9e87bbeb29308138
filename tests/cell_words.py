"""The sentences that stand in notebooks' cells, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat

from analysis.text import LANGUAGES

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def sentences(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each sentence with the condition that it stands under, "" if with none."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield from _of(ast.parse(cell.source), "")


def _of(node: ast.AST, when: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, ast.Dict):
        said = {key.value: value.value if isinstance(value, ast.Constant) else ast.unparse(value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)}  # fmt: skip
        if set(LANGUAGES) <= set(said):
            yield when, said
        return
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        first = node.elts[0]
        when = first.value if isinstance(first, ast.Constant) else ast.unparse(first)
    for child in ast.iter_child_nodes(node):
        yield from _of(child, when)

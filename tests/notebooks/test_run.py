"""Every notebook runs from top to bottom without an error or a warning."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from ran import FRAMES, page_of, ran

from analysis.board.view import VIEW
from analysis.publish.pages import slug_of
from analysis.publish.parent import ParentError, run_each

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_clean(path: Path):
    page = ran(path)
    code = [cell for cell in page["cells"] if cell["type"] == "code"]
    assert code and not any(cell["failed"] for cell in code)
    assert not page["stderr"]


@pytest.mark.slow
def test_a_notebook_runs_in_a_kernel_of_jupyter():
    notebook = nbformat.read(NOTEBOOKS[0], as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3",
        resources={"metadata": {"path": NOTEBOOKS[0].parent}},
    ).execute()  # fmt: skip
    told = [
        output.get("text", output.output_type)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert not told


@pytest.mark.slow
def test_a_page_makes_nothing_that_only_a_saved_notebook_keeps(tmp_path: Path):
    lines = (
        "from analysis.board.view import Stack",
        "class Once(Stack):",
        "    def kept(self): raise RuntimeError('made in vain')",
        "    __repr__ = kept",
        "Once(())",
    )
    cell = nbformat.v4.new_code_cell("\n".join(lines))
    path = tmp_path / "once.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    page = ran(path)
    assert [list(output) for output in page["cells"][0]["outputs"]] == [[VIEW]]
    assert not page["stderr"]


@pytest.mark.slow
def test_notebooks_that_run_together_know_nothing_of_one_another_and_who_ends_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    cells = ("import sys; sys.mine = 1", "import sys; assert not hasattr(sys, 'mine')",
             "import os; os._exit(3)", "print(1)")  # fmt: skip
    paths = [tmp_path / f"{number}.ipynb" for number in range(len(cells))]
    for path, cell in zip(paths, cells, strict=True):
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
        nbformat.write(made, path)
    told = run_each(paths)
    assert [next(told)[1] for _ in range(2)] == [[], []]
    with pytest.raises(ParentError, match=r"2\.ipynb did not run to its end"):
        next(told)
    assert not capfd.readouterr().err


@pytest.mark.parametrize("slug", [slug_of(path.name) for path in NOTEBOOKS])
def test_its_frames_are_short_and_narrow_enough_to_be_read(slug):
    """Past sixty rows pandas shows ten of them."""
    page_of(slug)
    assert FRAMES[slug]
    for frame in FRAMES[slug]:
        assert len(frame) <= 20 or len(frame) > 60, frame
        assert frame.shape[1] <= 11, frame.columns

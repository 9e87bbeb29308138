"""Whether sound tables carry the model, its presets and every briefing."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from analysis.datapackage import DataPackageError, Fault, check
from analysis.evidence import EvidenceError
from analysis.files import PLAN, data_of
from analysis.text import LANGUAGES, TextError

#: What a sentence never holds: a value that nobody has.
_HOLLOW = re.compile(r"\bnull\b|\bNaN\b|\bnan\b|undefined|\bNone\b|–%|\bInfinity\b|\binf\b")
#: What is imported once for all packages that one process checks.
_PRELOADED = ["analysis.briefing", "analysis.model.definition", "analysis.publish.first"]
#: The table that an error speaks of.
_TABLES: dict[type[Exception], str] = {
    EvidenceError: "evidence/figures.csv",
    TextError: "strings.csv",
}
_REMEDY = "put back what was last changed in the tables that this cell shows"


def faults(notebooks: Sequence[Path] | None = None) -> list[Fault]:
    """Load the model, each preset and each page, and name all that can't be made.

    Parameters
    ----------
    notebooks : the pages, by default all of the project's

    Returns
    -------
    a fault for each; it names the table where one is known to be at fault, else the notebook,
    the number of its cell and what the cell shows
    """
    from analysis.model import load_model
    from analysis.publish.pages import notebooks_dir, pages
    from analysis.scenario import offer

    if notebooks is None:
        notebooks = [notebooks_dir() / page.notebook for page in pages()]
    try:
        found = offer(load_model()).faults
    except Exception as error:
        return list(_told("plan.json", 0, "", error))
    for notebook in notebooks:
        found += page_faults(notebook)
    return list(dict.fromkeys(found))


def faults_of_package(folder: Path, notebooks: Sequence[Path] | None = None) -> list[Fault]:
    """Return what the check names: faults of the tables, else `faults` of all made from them.

    The second is asked in a process of its own, which has loaded no other package.

    Parameters
    ----------
    folder : a plan's, or that of the shared tables with the plans in it
    notebooks : the pages, by default all of the project's
    """
    if found := check(folder):
        return found
    forks = "forkserver" in multiprocessing.get_all_start_methods()  # not on Windows
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(_PRELOADED)
    at = str(folder.absolute())
    with ProcessPoolExecutor(1, context, initializer=_look_at, initargs=(at,)) as process:
        return process.submit(faults, notebooks).result()


def _look_at(folder: str) -> None:
    os.environ.pop("WORKBOOK_PLAN", None)
    if (Path(folder) / PLAN).is_file():
        os.environ["WORKBOOK_PLAN"] = folder
        folder = str(data_of(Path(folder)))
    os.environ["WORKBOOK_DATA"] = folder


def page_faults(notebook: Path) -> Iterator[Fault]:
    """Run a notebook's cells in this process and draw its first look in both languages."""
    import nbformat

    from analysis.board.view import View
    from analysis.documents.transcript import last_value, views
    from analysis.publish.first import Look, part_html

    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(nbformat.read(notebook, as_version=4).cells, start=1):
        if cell.cell_type != "code":
            continue
        try:
            parts = views(last_value(cell.source, names))
            shown = [part for part in parts if isinstance(part, View)]
        except Exception as error:  # what the next cells lack for it is no fault of their own
            yield from _told(notebook.name, number, cell.source.splitlines()[-1], error)
            return
        for view in shown:
            for lang in LANGUAGES:
                try:
                    html = part_html(view, Look(lang, draw=_checked))
                except Exception as error:
                    yield from _told(notebook.name, number, _name(view), error)
                    continue
                if hollow := _HOLLOW.search(re.sub(r"<[^>]*>", " ", html)):
                    problem = f"the page would say {hollow.group()!r}"
                    yield Fault(notebook.name, number, _name(view), lang, problem, _REMEDY)


def _name(view: Any) -> str:
    return str(view.payload.get("key", view.part))


def _checked(spec: Mapping[str, Any]) -> str:
    """Stand in for drawing, which fails where a specification holds NaN."""
    json.dumps(spec, allow_nan=False)
    return ""


def _told(file: str, row: int, column: str, error: Exception) -> Iterator[Fault]:
    """Return an error as faults; of the table that it speaks of, if it speaks of one."""
    if isinstance(error, DataPackageError):
        yield from error.faults
        return
    table = next((name for kind, name in _TABLES.items() if isinstance(error, kind)), None)
    if table is not None:
        file, row, column = table, 0, f"{file} {row}"
    yield Fault(file, row, column, type(error).__name__, f"can't be made: {error}", _REMEDY)

"""Whether sound tables carry the model, its presets and every briefing."""

from __future__ import annotations

import csv
import json
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.amounts import unit
from analysis.datapackage import DataPackageError, Fault, check
from analysis.evidence import EvidenceError
from analysis.files import PLAN, plan_dir, shown, usual_plan
from analysis.names import unknown
from analysis.text import LANGUAGES, TextError, templates
from analysis.text_table import ENDINGS, in_plan_words, shared_texts
from analysis.words import TEXTS

if TYPE_CHECKING:
    from analysis.plan import Plan

#: What a sentence never holds: a value that nobody has.
_HOLLOW = re.compile(r"\bnull\b|\bNaN\b|\bnan\b|undefined|\bNone\b(?! of )|–%|\bInfinity\b|\binf\b")
#: The table that an error speaks of.
_TABLES: dict[type[Exception], str] = {
    EvidenceError: "evidence/figures.csv",
}
#: Where an error of a table of texts says what is wrong, and perhaps what would be right.
_TEXT = re.compile(r"(\S+\.csv), row (\d+), key '([^']*)': ([^;]*)(?:; (.*))?")
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
    from analysis.plan import load_plan
    from analysis.publish import front
    from analysis.publish.pages import notebooks_dir, pages, slug_of
    from analysis.scenario import offer

    try:
        found = [*offer(load_model()).faults, *_sizes(load_plan()), *_idle_texts()]
        if notebooks is None:
            notebooks = [notebooks_dir() / page.notebook for page in pages()]
    except Exception as error:
        return list(_told("plan.json", 0, "", error))
    for notebook in notebooks:
        found += page_faults(notebook)
        try:
            front.answer(slug_of(notebook.name))
        except Exception as error:
            found += _told(notebook.name, 0, "", error)
    return list(dict.fromkeys(found))


def faults_of_package(folder: Path, notebooks: Sequence[Path] | None = None) -> list[Fault]:
    """Return what the check names: faults of the tables, else `faults` of all made from them.

    Parameters
    ----------
    folder : a plan's, or that of the shared tables with the plans in it
    notebooks : the pages, by default all of the project's
    """
    if found := check(folder):
        return found
    with shown(folder if (folder / PLAN).is_file() else usual_plan(folder)):
        return faults(notebooks)


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
            yield from _told(notebook.name, number, _line(cell.source, error), error)
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


def _line(source: str, error: Exception) -> str:
    """Return the line of a cell that an error comes from: the last one that ran."""
    from analysis.documents.transcript import CELL

    ran = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
           if frame.filename == CELL]  # fmt: skip
    at = ran[-1] if ran else getattr(error, "lineno", None)
    return source.splitlines()[(at or 1) - 1].strip()


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
    if isinstance(error, TextError):
        if found := _TEXT.fullmatch(str(error)):
            remedy = found[5] or "name in both languages the same values, in the same forms"
            yield Fault(found[1], int(found[2]), "key", found[3], found[4], remedy)
            return
        if own := list(_own_text(error)):
            yield from own
            return
    table = next((name for kind, name in _TABLES.items() if isinstance(error, kind)), None)
    if table is not None:
        file, row, column = table, 0, f"{file} {row}" if row else "series"
    yield Fault(file, row, column, type(error).__name__, f"can't be made: {error}", _REMEDY)


def _sizes(plan: Plan) -> Iterator[Fault]:
    """Yield names and texts that speak of a size of projects for which the plan has no quota."""
    quotas = plan.table("quotas")
    size = re.compile(rf"(\d+(?:\.\d+)?) ?{re.escape(unit(plan.about.money)['zh'])}(?:以上|\+)")
    told = [("quotas.csv", int(str(line)), "name_zh", row["name_zh"], {row["min_size"]})
            for line, row in quotas.iterrows()]  # fmt: skip
    sizes = set(quotas["min_size"].dropna())
    told += [(TEXTS, line, "zh", row["zh"], sizes) for line, row in _own_rows()]
    for file, line, column, said, known in told:
        for found in size.finditer(said):
            if float(found[1]) not in known:
                problem = f"speaks of {found[0]}, which is the size of no such quota"
                remedy = "write the size that quotas.csv has in min_size, in both languages"
                yield Fault(file, line, column, said, problem, remedy)


def _own_rows() -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of the plan's own texts with their lines."""
    if (file := plan_dir() / TEXTS).is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            yield from enumerate(csv.DictReader(stream), start=2)


#: Texts that only a plan has, of zones that are no district: how they are drawn.
_OPTIONAL = {"districts.tiles", "districts.bounds"}


def _idle_texts() -> Iterator[Fault]:
    """Yield rows of the plan's own texts that take no text's place, or say what it says anyway."""
    from analysis.publish.cell_texts import plan_texts
    from analysis.publish.pages import notebooks_dir, slug_of

    said: dict[str, Any] = dict(shared_texts())
    for path in notebooks_dir().glob("*.ipynb"):
        said |= {f"{slug_of(path.name)}.{key}": one for key, one in plan_texts(path).items()}
    for line, row in _own_rows():
        key, own = row["key"], in_plan_words({lang: row[lang] for lang in LANGUAGES})
        base = next(
            (key.removesuffix(end) for end in (*ENDINGS, ".paper") if key.endswith(end)), key
        )
        usual = said.get(key)
        if not {key, base} & {*said, *_OPTIONAL}:
            remedy = "write the key of a text that there is, or drop the row"
            problem = unknown("key of a text", key, said).partition(" There are")[0]
        elif isinstance(usual, Mapping) and in_plan_words(usual) == own:
            problem, remedy = "says what any plan says by this key", "drop the row"
        else:
            continue
        yield Fault(TEXTS, line, "key", key, problem, remedy)


def _own_text(error: TextError) -> Iterator[Fault]:
    """Yield where a plan's own text names a value that the plan does not give."""
    remedy = "name in it what the plan has, or drop the row where any plan has such a text"
    for line, row in _own_rows():
        said = templates().get(row["key"], {})
        for lang in LANGUAGES:
            if error.args[1:] == (said.get(lang),):
                yield Fault(TEXTS, line, lang, row["key"], str(error.args[0]), remedy)

"""What the World Bank publishes by now, and what would change in our figures.

Only rows that came from the World Bank are ever touched. Changes are shown and
checked in a copy of the data first, and nothing is written without a yes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.datapackage import data_dir, faults_with
from analysis.errors import WorkbookError
from analysis.files import write_together
from analysis.process import interrupts_held

FIGURES, SOURCES = "evidence/figures.csv", "evidence/sources.csv"
#: The source that refreshed rows name, a row of the sources.
#: Seconds after which a line that sends nothing is given up.
SILENCE = 30
SOURCE = "world_bank_wdi"
_OURS = "world_bank"

Row = dict[str, str]
Fetch = Callable[[str], Mapping[int, float]]


class RefreshError(WorkbookError, RuntimeError):
    """Nothing was written, for the reason that it says."""


class FetchError(RefreshError):
    """The World Bank's data could not be had."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One series of the World Bank and where it goes.

    divisor : its unit over ours
    since : first year that is kept
    """

    code: str
    series: str
    scope: str
    unit: str
    divisor: float
    since: int


INDICATORS = (
    Indicator("BX.KLT.DINV.CD.WD", "fdi_bop_net", "bop", "1e8 USD", 1e8, 1990),
    Indicator("PA.NUS.FCRF", "exchange_rate_official", "none", "CNY per USD", 1.0, 2000),
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a refresh finds: new rows, (old, new) pairs, rows no longer published."""

    added: tuple[Row, ...] = ()
    changed: tuple[tuple[Row, Row], ...] = ()
    removed: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def refresh(
    say: Callable[[str], object] = print,
    fetch: Fetch | None = None,
    confirm: Callable[[str], bool] | None = None,
) -> Changes | None:
    """Fetch the World Bank's series, show what changed, and write it after a yes.

    Parameters
    ----------
    say : takes each line of the report
    fetch : indicator code -> year -> value for China; the World Bank's API when None
    confirm : takes the question and answers it; asks at the terminal when None

    Returns
    -------
    what was written; None when nothing changed or the answer was no

    Raises
    ------
    RefreshError : if the series can't be had, don't pass the check, or can't be written
    """
    folder = data_dir()
    rows = _read(folder / FIGURES)
    say("Asking the World Bank …")
    try:
        fetched = {one.code: _fetched(one, fetch or from_world_bank) for one in INDICATORS}
    except FetchError as error:
        raise RefreshError(f"{error} Nothing was written.") from error
    changes = changes_between(rows, fetched)
    for line in report(changes):
        say(line)
    if not changes:
        return None
    tables = {
        folder / SOURCES: _text(_dated(_read(folder / SOURCES), date.today())).encode(),
        folder / FIGURES: _text(applied(rows, changes)).encode(),
    }
    if problems := faults_with(tables, folder):
        told = ["The new rows would not pass the check; nothing was written."]
        told += [f"  {fault.file}, row {fault.row}: {fault.problem}" for fault in problems]
        raise RefreshError("\n".join(told))
    if not (confirm or _ask)(f"Write these changes to {folder / FIGURES}?"):
        say("Nothing was written.")
        return None
    try:
        with interrupts_held():
            write_together(tables)
    except OSError as error:
        raise RefreshError(
            f"Could not write to {folder}: {error.strerror}. Is it yours to write to?"
        ) from error
    say("Written.")
    return changes


def from_world_bank(code: str) -> dict[int, float]:
    """Return year -> value of one indicator for China, from the World Bank's API."""
    import wbgapi

    wbgapi.get_options["timeout"] = SILENCE
    try:
        found = wbgapi.data.fetch(code, "CHN", skipBlanks=True, numericTimeKeys=True)
        return {int(row["time"]): float(row["value"]) for row in found}
    except Exception as error:  # wbgapi lets through whatever its transport raises
        raise FetchError(
            f"The World Bank could not be reached ({type(error).__name__}). "
            "Check the network and try again."
        ) from error


def changes_between(rows: list[Row], fetched: Mapping[str, Mapping[int, str]]) -> Changes:
    """Compare our World Bank rows with what was fetched (code -> year -> value)."""
    added: list[Row] = []
    changed: list[tuple[Row, Row]] = []
    removed: list[Row] = []
    for one in INDICATORS:
        mine = {int(row["period_end"][:4]): row for row in rows if _owned(row, one)}
        new = {year: _row(one, year, value) for year, value in fetched[one.code].items()}
        added += [new[year] for year in sorted(new.keys() - mine.keys())]
        removed += [mine[year] for year in sorted(mine.keys() - new.keys())]
        changed += [
            (mine[year], {**new[year], "id": mine[year]["id"]})
            for year in sorted(new.keys() & mine.keys())
            if float(mine[year]["value"]) != float(new[year]["value"])
        ]
    return Changes(tuple(added), tuple(changed), tuple(removed))


def report(changes: Changes) -> list[str]:
    """Say in lines what a refresh would do."""
    if not changes:
        return ["Everything is up to date; nothing to write."]
    lines = [
        f"{len(changes.added)} added, {len(changes.changed)} changed, "
        f"{len(changes.removed)} removed:"
    ]
    lines += [f"  + {_short(row)} {row['value']} {row['unit']}" for row in changes.added]
    lines += [
        f"  ~ {_short(new)} {old['value']} → {new['value']} {new['unit']}"
        for old, new in changes.changed
    ]
    lines += [f"  - {_short(row)} {row['value']} {row['unit']}" for row in changes.removed]
    return lines


def applied(rows: list[Row], changes: Changes) -> list[Row]:
    """Return the rows after the changes, in the table's order."""
    gone = {row["id"] for row in changes.removed}
    new = {row["id"]: row for _, row in changes.changed}
    kept = [new.get(row["id"], row) for row in rows if row["id"] not in gone]
    return sorted(
        [*kept, *changes.added],
        key=lambda row: (row["series"], row["place"], row["period_end"], row["bound"]),
    )


def _fetched(one: Indicator, fetch: Fetch) -> dict[int, str]:
    values = {year: value for year, value in fetch(one.code).items() if year >= one.since}
    if not values:
        raise FetchError(f"The World Bank sent no values of {one.code}.")
    return {year: f"{round(value / one.divisor, 4):.10g}" for year, value in values.items()}


def _owned(row: Row, one: Indicator) -> bool:
    return (
        row["series"] == one.series
        and row["place"] == "China"
        and row["kind"] == "stated"
        and row["source"].startswith(_OURS)
    )


def _row(one: Indicator, year: int, value: str) -> Row:
    when = {"period_start": f"{year}-01", "period_end": f"{year}-12", "period_type": "annual"}
    what = {"series": one.series, "scope": one.scope, "stage": "none", "place": "China"}
    much = {"value": value, "bound": "exact", "unit": one.unit}
    blank = {"growth_pct": "", "target_progress_pct": "", "note": ""}
    origin = {"source": SOURCE, "section": one.code, "kind": "stated", "confidence": "high"}
    return {"id": f"{one.series}_china_{year}"} | what | when | much | blank | origin


def _short(row: Row) -> str:
    return f"{row['series']} {row['period_end'][:4]}:"


def _dated(sources: list[Row], today: date) -> list[Row]:
    """Date the World Bank's source: its figures are those of the day they were fetched."""
    return [
        {**row, "published": today.isoformat()} if row["id"] == SOURCE else row for row in sources
    ]


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:  # nobody at the terminal
        return False


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(rows: list[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()

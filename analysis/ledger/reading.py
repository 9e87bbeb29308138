"""What a spreadsheet, a file or a database table gives to the ledger.

Good rows, rows in quarantine with what is wrong and what would be right, warnings, and
totals reconciled. Nothing is lost: every row that a file holds is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from analysis.ledger.cells import Money
from analysis.ledger.form import KINDS, form
from analysis.ledger.grids import Contents, Progress
from analysis.ledger.judging import judge
from analysis.ledger.limits import Limits
from analysis.ledger.numbers import tidy
from analysis.ledger.problems import Finding, LedgerFileError
from analysis.ledger.rates import Rates, read_rates
from analysis.ledger.repeats import parted
from analysis.ledger.report import IMPORTER, QUARANTINE, Reading
from analysis.ledger.shape import Table, find_table
from analysis.ledger.sources import open_source
from analysis.ledger.units import Unit, unit_of

__all__ = ["IMPORTER", "QUARANTINE", "LedgerFileError", "Reading", "read_ledger"]


def read_ledger(
    path: Path | str,
    kind: str | None = None,
    *,
    sheet: str | None = None,
    unit: str | None = None,
    rates: Rates | Path | str | None = None,
    limits: Limits | None = None,
    name: str = "",
    today: date | None = None,
    progress: Progress | bool = False,
) -> list[Reading]:
    """Read every table of a ledger that a file holds.

    Parameters
    ----------
    path : a CSV, TSV, XLSX or Parquet file, a SQLite or DuckDB file, or a URL with its table:
        `sqlite:///file?table=t`, `duckdb:///file?table=t`, `postgresql://…?table=schema.t`
    kind : projects, arrivals or foreign_capital; by the header if None
    sheet : one sheet or table alone
    unit : of the amounts, where the file doesn't say it; in conflict with the file it is refused
    rates : dated rates of currencies, or a CSV file of them
    limits : bounds; those for files from outside if None
    name : what the file is called, if not as its path
    today : no date of what has happened lies beyond it
    progress : whether to draw a bar, or what wraps a long loop

    Returns
    -------
    A reading for each sheet that holds a table

    Raises
    ------
    LedgerFileError : the file can't be taken as a whole; nothing is read
    """
    if kind is not None:
        form(kind)
    source = open_source(path, limits or Limits(), _bar(progress), sheet, name)
    given = unit_of(unit) if unit else None
    if unit and given is None:
        raise LedgerFileError("unit_unknown_file", source.file, unit=unit)
    tables, skipped = _tables(source.contents, kind, source.file)
    known = read_rates(rates)
    readings = []
    for table in tables:
        money = Money(_unit(table, given, source.file), _stored(table.kind), known)
        reading = judge(table, money, source.file, today or date.today())
        readings.append(
            replace(
                reading,
                sha256=source.sha256,
                container=source.contents.container,
                encoding=source.contents.encoding,
                warnings=(*source.contents.warnings, *skipped, *reading.warnings),
            )
        )
    return parted(readings)


def _bar(progress: Progress | bool) -> Progress:
    if callable(progress):
        return progress
    if not progress:
        return lambda rows, total, what: rows

    def bar(rows: Iterable[Any], total: int | None, what: str) -> Iterable[Any]:
        from tqdm import tqdm

        return tqdm(rows, total=total, desc=what, unit=" rows", unit_scale=True, leave=False)

    return bar


def _tables(contents: Contents, kind: str | None, file: str) -> tuple[list[Table], list[Finding]]:
    """Return the tables of a file, and which sheets were passed over.

    Raises
    ------
    LedgerFileError : no_rows, schema, header_duplicate or sheet
    """
    found, skipped, errors = [], [], []
    for grid in contents.grids:
        try:
            table = find_table(grid, kind, file)
        except LedgerFileError as error:
            if error.code != "schema":
                raise
            errors.append(error)
            table = None
        if table is None or not table.rows:
            # A sheet of explanations, or a summary, beside the tables: said, not refused.
            why = "sheet_empty" if table or not grid.rows else "sheet_skipped"
            skipped.append(Finding(why, grid.sheet, 0, "", grid.sheet))
        else:
            found.append(table)
    if found:
        return found, skipped
    if errors:
        raise errors[0]
    if all(finding.code == "sheet_empty" for finding in skipped) or any(
        finding.code == "sheet_empty" and grid.rows
        for finding, grid in zip(skipped, contents.grids, strict=True)
    ):
        raise LedgerFileError("no_rows", file)
    names = ", ".join(grid.sheet for grid in contents.grids if grid.sheet)
    if len(contents.grids) > 1:
        raise LedgerFileError("sheet_none", file, names=names)
    raise LedgerFileError("no_header", file, sheet=names, columns=_required(kind))


def _required(kind: str | None) -> dict[str, str]:
    """Say which columns a table needs, of one kind or of each."""
    return {
        lang: "; ".join(
            ", ".join(getattr(form(k)[name], f"name_{lang}") for name in form(k).required)
            for k in ([kind] if kind else KINDS)
        )
        for lang in ("zh", "en")
    }


def _stored(kind: str) -> Unit:
    amount = form(kind).amount
    factor, currency = amount.unit.split()
    return Unit(amount.unit, Decimal(factor), currency)


def _unit(table: Table, given: Unit | None, file: str) -> Unit | None:
    """Return the unit of a table from its header, its title and the caller, who must agree.

    Raises
    ------
    LedgerFileError : unit_conflict, units_several or unit_missing_file
    """
    name = form(table.kind).amount.name
    column = table.names[table.places[name]]
    place: dict[str, Any] = {
        "sheet": table.grid.sheet, "row": table.header_rows[0], "column": column,
    }  # fmt: skip
    own, titles = table.heads[name].unit, table.title_units
    if own and titles and not any(own.same(title) for title in titles):
        raise LedgerFileError(
            "unit_conflict_file", file, **place, header=own.label, title=titles[0].label
        )
    if not own and any(not titles[0].same(title) for title in titles[1:]):
        labels = ", ".join(title.label for title in titles)
        raise LedgerFileError("units_several", file, **place, units=labels)
    said = own or (titles[0] if titles else None)
    if said and given and not said.same(given):
        raise LedgerFileError(
            "unit_conflict_file", file, **place, header=said.label, title=given.label
        )
    unit = said or given
    if unit is None and not _rows_say(table, name):
        raise LedgerFileError("unit_missing_file", file, **place)
    return unit


def _rows_say(table: Table, amount: str) -> bool:
    """Whether any row names a unit, in its own column or beside its amount."""
    own, place = table.places.get("amount_unit"), table.places[amount]
    for row in table.rows:
        if own is not None and own < len(row.cells) and row.cells[own].strip():
            return True
        cell = tidy(row.cells[place]) if place < len(row.cells) else ""
        if any(not char.isascii() or char == "$" for char in cell) and any(
            word in cell for word in "元圆万萬亿億¥€$金"
        ):
            return True
    return False

"""A ledger of one's own as frames in the plan's money, and what a ledger tells of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import show
from analysis.ledger.form import ARRIVALS, FOREIGN, PROJECTS, form
from analysis.ledger.reading import Reading
from analysis.ledger.reading import read_ledger as read_tables
from analysis.plan import Plan, load_plan
from analysis.structure import Answers, Report, answers
from analysis.structure import report as report_of

#: The plan's money, whatever the stored unit of a table's amounts.
_MONEY = 1e8


@dataclass(frozen=True, eq=False)
class Ledger:
    """What files of a ledger gave.

    readings : one a table, see `analysis.ledger.report.Reading`
    """

    readings: tuple[Reading, ...]

    @property
    def projects(self) -> pd.DataFrame:
        """Projects, one a row; amounts in 1e8 CNY, dates as datetime64."""
        return self._frame(PROJECTS)

    @property
    def arrivals(self) -> pd.DataFrame:
        """Capital that came, one arrival a row; amounts in 1e8 CNY, dates as datetime64."""
        return self._frame(ARRIVALS)

    @property
    def foreign_capital(self) -> pd.DataFrame:
        """Foreign capital, one record a row; amounts in 1e8 USD, dates as datetime64."""
        return self._frame(FOREIGN)

    @property
    def quarantine(self) -> pd.DataFrame:
        """Rows that were held back, each with file, row, column, reason and hint."""
        return pd.concat([one.quarantine for one in self.readings], ignore_index=True)

    def _frame(self, kind: str) -> pd.DataFrame:
        rows = [one.rows for one in self.readings if one.kind == kind]
        columns = {column.name: column for column in form(kind).columns}
        found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[*columns])
        units = {}
        for name in found.columns.intersection(list(columns)):
            column = columns[name]
            if column.type == "date":
                found[name] = pd.to_datetime(found[name])
            elif column.type == "amount":
                factor, currency = column.unit.split()
                found[name] = pd.to_numeric(found[name]) * (float(factor) / _MONEY)
                units[name] = f"1e8 {currency}"
            elif column.type == "ratio":
                found[name] = pd.to_numeric(found[name])
        found.attrs = {"units": units, "sources": sorted({one.file for one in self.readings})}
        return found

    def __repr__(self) -> str:
        held = ", ".join(f"{len(one.rows)} {one.kind}" for one in self.readings)
        return f"<Ledger: {held}; {len(self.quarantine)} rows held back>"

    def _repr_html_(self) -> str:
        counts = [
            {
                "file": one.file,
                "sheet": one.sheet,
                "holds": one.kind,
                "unit": one.unit,
                **one.counts,
            }
            for one in self.readings
        ]
        held = self.quarantine[["file", "sheet", "row", "column", "value", "reason", "hint"]]
        shown = show.table(pd.DataFrame(counts), "What was read")
        return shown + (show.table(held, "Held back") if len(held) else "")


def read_ledger(paths: Path | str | Iterable[Path | str], **options: Any) -> Ledger:
    """Read a ledger's files: Excel, CSV, Parquet, SQLite, DuckDB, or a database's address.

    Parameters
    ----------
    options : kind, sheet, unit, rates, as `analysis.ledger.reading.read_ledger` has them

    Raises
    ------
    analysis.ledger.reading.LedgerFileError : a file that can't be taken as a whole; it says why

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "projects.csv"
    ...     _ = file.write_text(
    ...         "项目编号,项目名称,所属区,产业类别,总投资（万元）,签约日期\\n"
    ...         "1,甲,江岸区,工业,12000,2021-03-05\\n"
    ...     )
    ...     mine = read_ledger(file)
    >>> mine.projects[["district", "signed_date", "size"]].to_dict("records")
    [{'district': 'jiangan', 'signed_date': Timestamp('2021-03-05 00:00:00'), 'size': 1.2}]
    """
    files = [paths] if isinstance(paths, Path | str) else list(paths)
    return Ledger(tuple(one for file in files for one in read_tables(file, **options)))


def report(
    period: str,
    district: str | None = None,
    *,
    ledger: Answers | None = None,
    plan: Plan | None = None,
) -> Report:
    """Return what a ledger tells of a month, quarter or year.

    Parameters
    ----------
    period : "2021-09", "2021Q3" or "2021"
    district : any of a district's names; the whole city when None
    ledger : `analysis.structure.answers(place)` of a store; the user's own, or the example's,
        whose report says that it is illustrative, when None

    Examples
    --------
    >>> report("2021-09").illustrative
    True
    """
    return report_of(ledger or answers(), plan or load_plan(), period, district)

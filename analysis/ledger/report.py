"""A reading of one table: its rows, its quarantine, its warnings, its totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from analysis.ledger.problems import Finding
from analysis.ledger.rates import Rate

#: Version of this reader: another one may read the same bytes otherwise.
IMPORTER = "1"
QUARANTINE = (
    "kind", "file", "sheet", "row", "column", "value", "code", "reason", "hint",
    "reason_zh", "hint_zh", "raw",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reading:
    """What one table of a file gave.

    kind : projects, arrivals or foreign_capital
    file, sha256, importer : name of the file, digest of its bytes, version of the reader
    rows : good rows in stored columns, and `sheet`, `row`, `raw`; missing is None
    quarantine : a row a fault (kind, file, sheet, row, column, value, code, reason, hint,
        reason_zh, hint_zh, raw: the whole row as JSON, header name -> text)
    warnings : what was taken and is worth a look
    counts : read = accepted + quarantined + blank + header + total + note
    controls : a row a total that the file states, with the sum of its rows
    sums : amounts in the stored unit: read, accepted, quarantined (those that can be read)
    names : keys of `raw`: the header, each name able to stand alone, with its unit
    header_rows : where the header stands
    unit : of the whole table as the file says it, "" if its rows say it
    notes : (row, text) of titles and footnotes
    rates : that were given, if an amount was converted
    """

    kind: str
    file: str
    sha256: str
    importer: str
    rows: pd.DataFrame
    quarantine: pd.DataFrame
    warnings: tuple[Finding, ...]
    counts: Mapping[str, int]
    controls: pd.DataFrame
    sums: Mapping[str, Decimal]
    sheet: str
    names: tuple[str, ...]
    header_rows: tuple[int, ...]
    unit: str
    container: str
    encoding: str
    notes: tuple[tuple[int, str], ...] = field(default=())
    rates: tuple[Rate, ...] = field(default=())

    @property
    def mismatches(self) -> pd.DataFrame:
        """The totals that its rows don't come to; a total of some rows only is compared to none."""
        return self.controls[self.controls["agrees"].eq(False)].assign(file=self.file)

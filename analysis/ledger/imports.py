"""What did an import do: to the rows, to the sums, the quarantine and what readers see?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.ledger.form import FOREIGN, form
from analysis.ledger.merge import Tally

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading


@dataclass(frozen=True)
class Part:
    """One table of one file, as it was merged.

    counts : rows read = accepted + quarantined + blank + header + total + note
    again : number of the import that read just this before, None if it is new
    """

    file: str
    file_sha: str
    tally: Tally
    counts: Mapping[str, int]
    again: int | None = None


@dataclass(frozen=True)
class Import:
    """What came of an import.

    number : of the import; None if nothing was to be changed
    quarantined, resolved : entries of the quarantine that were added, and that are settled
    open_entries : entries of the quarantine that are open now
    mismatches : totals stated in files that the rows don't come to and nobody has accepted;
        file, sheet, row, column, label, stated, summed, difference, tolerance
    published : whether readers see what was imported
    notes : what else the researcher should know
    """

    number: int | None
    parts: tuple[Part, ...]
    quarantined: int
    resolved: int
    open_entries: int
    mismatches: pd.DataFrame = field(repr=False)
    published: bool
    notes: tuple[str, ...] = ()

    @property
    def touched(self) -> int:
        """Rows of the ledger that are not as they were."""
        return sum(part.tally.touched for part in self.parts)


def lines(done: Import) -> list[str]:
    """Return an import as lines for the command line."""
    found: list[str] = []
    for part in done.parts:
        found += _part(part)
    found += mismatch_lines(done.mismatches)
    found += done.notes
    found.append(_verdict(done))
    return found


def mismatch_lines(mismatches: pd.DataFrame, most: int = 10) -> list[str]:
    """Return the stated totals that rows don't come to as lines, the first of them at least."""
    if mismatches.empty:
        return []
    found = ["Totals that the files state and their rows don't come to:"]
    for row in mismatches.head(most).to_dict("records"):
        said = f"  {row['file']}{_place(row)}: {row['label']}"
        if row["stated"] is None:
            said += f" says no number that can be read, the rows come to {amount(row['summed'])}"
        else:
            said += (
                f" says {amount(row['stated'])}, the rows come to {amount(row['summed'])}:"
                f" {amount(row['difference'], '+')} (tolerance {amount(row['tolerance'])})"
            )
        found.append(said)
    if len(mismatches) > most:
        found.append(f"  and {len(mismatches) - most} more: workbook ledger status")
    return found


def reading_lines(reading: Reading, most: int = 5) -> list[str]:
    """Return what a file holds as lines for the command line: counts, sums, the first faults."""
    unit = summed_unit(reading.kind)
    said = ", ".join(f"{count:,} {name}" for name, count in reading.counts.items() if count)
    sheet = f", sheet {reading.sheet}" if reading.sheet else ""
    found = [f"{reading.file}{sheet}: {reading.kind}, {said or 'no rows'}"]
    sums = ", ".join(f"{name} {amount(value)}" for name, value in reading.sums.items())
    found += [f"  sums ({unit}): {sums}"] if sums else []
    for row in reading.quarantine.head(most).to_dict("records"):
        where = (
            f"row {row['row']}, column {row['column']}" if row["column"] else f"row {row['row']}"
        )
        found.append(f"  quarantine, {where}, {row['value']!r}: {row['reason']}; {row['hint']}")
    if len(reading.quarantine) > most:
        found.append(f"  and {len(reading.quarantine) - most} more faults in the quarantine file")
    found += [f"  note, {warning}" for warning in reading.warnings[:most]]
    if len(reading.warnings) > most:
        found.append(f"  and {len(reading.warnings) - most} more notes")
    return found + mismatch_lines(reading.mismatches)


def summed_unit(kind: str) -> str:
    """Return the unit of a table's sum; two scopes of foreign capital are summed to check alone."""
    unit = form(kind).amount.unit
    return f"{unit}, both scopes, to reconcile only" if kind == FOREIGN else unit


def amount(value: Decimal, sign: str = "") -> str:
    """Return an amount with thousands marks, without the zeros that its column adds."""
    return f"{value.normalize():{sign},f}"


def _place(row: Mapping[Any, Any]) -> str:
    said = [f"{name} {row[name]}" for name in ("sheet", "row", "column") if row[name]]
    return "".join(f", {each}" for each in said)


def _part(part: Part) -> list[str]:
    tally, unit = part.tally, summed_unit(part.tally.kind)
    counts = ", ".join(f"{count} {name}" for name, count in part.counts.items() if count)
    did = ", ".join(
        f"{count} {name}"
        for name in ("added", "changed", "unchanged", "outdated", "withdrawn")
        if (count := getattr(tally, name))
    )
    found = [f"{part.file} -> {tally.kind}: {counts or 'no rows'}"]
    if part.again is not None:
        return [*found, f"  read before, as import {part.again}: nothing to do"]
    found.append(f"  rows: {did or 'none'}")
    found.append(
        f"  sum before {amount(tally.sum_before)}, accepted {amount(tally.sum_accepted)},"
        f" after {amount(tally.sum_after)} ({unit}); reconciled"
    )
    for row in tally.changes.itertuples():
        found.append(f"  {row.row_key} {row.column}: {row.before} -> {row.after}")
    return found


def _verdict(done: Import) -> str:
    if done.number is None:
        return "Nothing changed."
    entries = f"{done.quarantined} new in quarantine, {done.resolved} settled, "
    entries += f"{done.open_entries} open"
    if done.published:
        return f"Import {done.number}: {done.touched} rows changed; {entries}. Readers see it."
    return (
        f"Import {done.number}: {done.touched} rows changed; {entries}. Kept, but readers still"
        " see the state before: correct the file and import it again, or say that the totals"
        " are right as they are with `workbook ledger publish --accept-mismatch`."
    )

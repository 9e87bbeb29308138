"""What an import did, and what a file holds, as values and as lines for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from analysis.ledger.form import FOREIGN, KEYS, form
from analysis.ledger.merge import Tally
from analysis.ledger.problems import place
from analysis.ledger.stored import value_columns, written
from analysis.text import Text, both

if TYPE_CHECKING:
    from analysis.ledger.reading import Reading

#: What an import does to rows, as a tally has it.
TOUCHES = ("added", "changed", "unchanged", "outdated", "withdrawn")
#: Something that a researcher is told, in both languages.
Note = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One table of one file, as it was merged.

    counts : rows read = accepted + quarantined + blank + header + total + note
    again : number of the import that read just this before, None if it is new
    """

    file: str
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
    notes: tuple[Note, ...] = ()

    @property
    def touched(self) -> int:
        """Rows of the ledger that are not as they were."""
        return sum(part.tally.touched for part in self.parts)


def history_changed(broken: Iterable[int]) -> Note:
    """Say that what some imports wrote is no longer what stands there."""
    return both("ledger.history_changed", imports=", ".join(map(str, broken)))


def lines(done: Import, text: Text) -> list[str]:
    """Return an import as lines for the command line, but for totals that don't agree."""
    found: list[str] = []
    for part in done.parts:
        found += _part(part, text)
    found += [note[text.lang] for note in done.notes]
    found.append(_verdict(done, text))
    return found


def mismatch_lines(mismatches: pd.DataFrame, text: Text, most: int = 10) -> list[str]:
    """Return the stated totals that rows don't come to as lines, the first of them at least."""
    if mismatches.empty:
        return []
    found = [text("ledger.mismatches")]
    for row in mismatches.head(most).to_dict("records"):
        where = place(row["file"], row["sheet"], row["row"], row["column"])[text.lang]
        given = {name: amount(row[name]) for name in ("summed", "stated", "tolerance")}
        difference = amount(row["difference"], "+")
        key = "ledger.mismatch.unreadable" if row["stated"] is None else "ledger.mismatch"
        values = {**given, "difference": difference, "label": row["label"], "where": where}
        found.append("  " + text(key, **values))
    if len(mismatches) > most:
        found.append("  " + text("ledger.more.totals", count=len(mismatches) - most))
    return found


def reading_lines(reading: Reading, text: Text, most: int = 5) -> list[str]:
    """Return what a file holds as lines for the command line: counts, sums, the first faults.

    Totals that don't agree are apart, said also where only what is wrong is. Of warnings each
    kind is said, with how often, so that a rare one isn't hidden by many.
    """
    lang = text.lang
    where = place(reading.file, reading.sheet)[lang]
    kind, counts = text(f"ledger.kind.{reading.kind}"), _counted(reading.counts, text)
    found = [text("ledger.read", where=where, kind=kind, counts=counts)]
    if reading.sums:
        sums = [
            text("ledger.sum", what=text(f"ledger.count.{name}"), sum=amount(value))
            for name, value in reading.sums.items()
        ]
        unit = summed_unit(reading.kind, text)
        found.append("  " + text("ledger.sums", unit=unit, sums=text("ledger.comma").join(sums)))
    end = "_zh" if lang == "zh" else ""
    for row in reading.quarantine.head(most).to_dict("records"):
        at = place("", "", row["row"], row["column"])[lang]
        given = {"where": at, "value": row["value"]}
        said = {"what": row[f"reason{end}"], "remedy": row[f"hint{end}"]}
        found.append("  " + text("ledger.fault", **given, **said))
    if len(reading.quarantine) > most:
        found.append("  " + text("ledger.more.faults", count=len(reading.quarantine) - most))
    found += ["  " + text("ledger.warning", what=said) for said in warning_lines(reading, text)]
    return found


def warning_lines(reading: Reading, text: Text) -> list[str]:
    """Return the first warning of each kind, with how many more there are."""
    counted = Counter(warning.code for warning in reading.warnings)
    first = {warning.code: warning for warning in reversed(reading.warnings)}
    return [
        first[code].say(text.lang)
        + (text("ledger.more.alike", count=count - 1) if count > 1 else "")
        for code, count in counted.items()
    ]


def summed_unit(kind: str, text: Text) -> str:
    """Return the unit of a table's sum; two scopes of foreign capital are summed to check alone."""
    unit = text(f"ledger.unit.{form(kind).currency}")
    return text("ledger.unit.both", unit=unit) if kind == FOREIGN else unit


def amount(value: Decimal | None, sign: str = "") -> str:
    """Return an amount with thousands marks, without the zeros that its column adds."""
    return "–" if value is None else f"{value.normalize():{sign},f}"


def _counted(counts: Mapping[str, int], text: Text) -> str:
    said = [
        text("ledger.count", count=count, what=text(f"ledger.count.{name}"))
        for name, count in counts.items() if count
    ]  # fmt: skip
    return text("ledger.comma").join(said) or text("ledger.count.none")


def _part(part: Part, text: Text) -> list[str]:
    tally = part.tally
    kind, counts = text(f"ledger.kind.{tally.kind}"), _counted(part.counts, text)
    found = [text("ledger.part", file=part.file, kind=kind, counts=counts)]
    if part.again is not None:
        return [*found, "  " + text("ledger.part.again", number=str(part.again))]
    did = {name: getattr(tally, name) for name in TOUCHES}
    found.append("  " + text("ledger.part.rows", did=_counted(did, text)))
    sums = {
        "before": amount(tally.sum_before), "accepted": amount(tally.sum_accepted),
        "after": amount(tally.sum_after),
    }  # fmt: skip
    found.append("  " + text("ledger.part.sums", unit=summed_unit(tally.kind, text), **sums))
    for row in tally.changes.itertuples():
        found.append(f"  {row.row_key} {row.column}: {row.before} -> {row.after}")
    return found


def _verdict(done: Import, text: Text) -> str:
    if done.number is None:
        return text("ledger.verdict.nothing")
    return text(
        f"ledger.verdict.{'published' if done.published else 'kept'}", number=str(done.number),
        touched=done.touched, new=done.quarantined, settled=done.resolved, open=done.open_entries,
    )  # fmt: skip


def version_lines(kind: str, versions: pd.DataFrame, text: Text) -> list[str]:
    """Return versions of rows as lines: what changed in each, and where it came from."""
    names = [*dict.fromkeys([KEYS[kind][0], "project_id"]), form(kind).amount.name]
    missing, found = text("ledger.history.missing"), []
    before: dict[str, dict[str, str | None]] = {}
    for row in versions.to_dict("records"):
        cells = {name: written(row[name]) for name in value_columns(kind)}
        earlier = before.get(row["row_key"], cells)
        said = [f"{name} {cells[name]}" for name in names if cells[name] is not None]
        said += [
            text("ledger.history.was", name=name, before=earlier[name] or missing,
                 after=cell or missing)
            for name, cell in cells.items() if cell != earlier[name]
        ]  # fmt: skip
        before[row["row_key"]] = cells
        until = row["superseded_by"]
        found.append(text(
            "ledger.history.version", version=str(row["version"]),
            said=text("ledger.comma").join(said), number=str(row["import_id"]),
            where=place(row["file"], row["sheet"], row["row"])[text.lang],
            ended=text("ledger.history.ended", number=str(until)) if until else "",
        ))  # fmt: skip
    return found

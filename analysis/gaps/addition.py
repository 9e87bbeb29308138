"""Rows that a filled-in form adds to the evidence, and how they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from analysis.datapackage import DataPackageError, faults_with
from analysis.evidence.figure import BOUND_SIGNS
from analysis.files import data_dir, write_together
from analysis.gaps.form import labels, place_labels
from analysis.plan import Plan
from analysis.process import interrupts_held
from analysis.text import Text

FIGURES, SOURCES = "evidence/local_figures.csv", "evidence/sources.csv"
LEFT_OUT = "evidence/left_out.csv"
Row = dict[str, str]


@dataclass(slots=True)
class Addition:
    """What a filled-in table adds.

    figures, sources : new rows of local_figures.csv and sources.csv
    cells : the filled-in cells behind each of the figures
    unchanged, empty : rows whose figure is there already, rows that were not filled in
    """

    cells: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0

    def lines(self, plan: Plan, lang: str) -> list[str]:
        """Return what is added, a line a figure, and how many rows add nothing."""
        text, names = Text(lang), place_labels(plan, lang)
        said = [
            text(
                "gaps.added",
                **{key: row[key] for key in ("year", "term", "publisher", "published", "url")},
                district=names[row["district"]], sign=BOUND_SIGNS[figure["bound"]],
                value=figure["value"],
                **{key: labels([row[key]], key, lang)[row[key]]
                   for key in ("measure", "level", "unit")},
            )
            for row, figure in zip(self.cells, self.figures, strict=True)
        ]  # fmt: skip
        counts = {"rows": len(self.figures), "sources": len(self.sources)}
        return [*said, text("gaps.counts", **counts, unchanged=self.unchanged, empty=self.empty)]

    def contents(self, folder: Path) -> dict[Path, bytes]:
        """Return the tables as they would be, other rows byte for byte.

        What is found is left out no more.
        """
        before = {name: (folder / name).read_bytes() for name in (SOURCES, FIGURES, LEFT_OUT)}
        found = {(row["series"], row["place"], row["period_end"][:4]) for row in self.figures}
        after = {
            SOURCES: _with(before[SOURCES], self.sources),
            FIGURES: _with(before[FIGURES], self.figures),
            LEFT_OUT: _without(before[LEFT_OUT], found),
        }
        return {folder / name: after[name] for name in after if after[name] != before[name]}


def write(
    found: Addition, confirm: Callable[[], object] = bool, folder: Path | None = None
) -> None:
    """Write an addition into the data: all of its tables or none.

    Parameters
    ----------
    confirm : called when all is sound; what it raises ends it before anything is written

    Raises
    ------
    DataPackageError : the tables would have faults
    OSError : they can't be written
    """
    folder = folder or data_dir()
    contents = found.contents(folder)
    if faults := faults_with(contents, folder):
        raise DataPackageError(faults)
    confirm()
    with interrupts_held():
        write_together(contents)


def _without(content: bytes, found: set[tuple[str, str, str]]) -> bytes:
    """Drop the rows of some series, places and periods."""
    lines = list(io.StringIO(content.decode(), newline=""))
    reader = csv.reader(lines)
    kept, start = "", 0
    for row in reader:
        kept += "" if tuple(row[:3]) in found else "".join(lines[start : reader.line_num])
        start = reader.line_num
    return kept.encode()


def _with(content: bytes, rows: list[Row]) -> bytes:
    if not rows:
        return content
    header = next(csv.reader(io.StringIO(content.decode())))
    stream = io.StringIO()
    csv.DictWriter(stream, header, lineterminator="\n").writerows(rows)
    end = b"" if content.endswith(b"\n") else b"\n"
    return content + end + stream.getvalue().encode()

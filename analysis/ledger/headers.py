"""Where the header of a sheet stands, and what it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from analysis.ledger.form import KINDS, form, plain
from analysis.ledger.grids import Box, Grid
from analysis.ledger.numbers import DASHES, read_number, tidy
from analysis.ledger.problems import CellFault, LedgerFileError
from analysis.ledger.units import Headed, headed, unit_of
from analysis.text import LANGUAGES, enumerated

#: Heads of a running number, which names nothing, near as they are to a project's own number's.
_RUNNING = frozenset({"序号", "no"})
#: How many rows with anything in them are searched for a header, and how deep one may be.
_SEARCHED, _DEEPEST = 30, 3


@dataclass(frozen=True, slots=True)
class Header:
    """A candidate for a header: where it stands and what it names.

    closed : the row below doesn't go on naming the amounts, as 本月 and 累计 under 到位资金 do
    """

    kind: str
    start: int
    depth: int
    names: tuple[str, ...]
    heads: tuple[Headed, ...]
    found: Mapping[str, tuple[int, ...]]
    closed: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that it doesn't name."""
        return tuple(name for name in form(self.kind).required if name not in self.found)

    @property
    def rank(self) -> tuple[bool, float, int, int, int, int, int]:
        """The better a header, the greater.

        One that isn't closed takes a cumulative column for what arrived; one that names a
        column twice is a merged cell whose parts stand below.
        """
        required = form(self.kind).required
        named = len(required) - len(self.missing)
        twice = sum(len(places) > 1 for places in self.found.values())
        return (
            self.closed, named / len(required), len(self.found), named,
            -twice, -self.depth, -self.start,
        )  # fmt: skip


def find_header(grid: Grid, kind: str | None) -> Header | None:
    """Return the likeliest header of a sheet, or None if no two names are known.

    A sheet may be of several kinds by its header; the one with most required columns wins.
    """
    rows = grid.rows[:_SEARCHED]
    best: Header | None = None
    for start in range(len(rows)):
        for depth in range(1, _DEEPEST + 1):
            if start + depth > len(rows):
                break
            parts = _parts(rows[start : start + depth], grid.boxes)
            below = rows[start + depth][1] if start + depth < len(rows) else []
            for candidate in [kind] if kind else KINDS:
                header = _header(candidate, start, depth, parts)
                header = replace(header, closed=not _goes_on(header, below))
                if len(header.found) > 1 and (best is None or header.rank > best.rank):
                    best = header
    return best


def _parts(rows: Sequence[tuple[int, list[str]]], boxes: tuple[Box, ...]) -> list[list[str]]:
    """Return the parts of each header cell from above, merged ones filled in."""
    width = max(len(cells) for _, cells in rows)
    filled = []
    for depth, (number, cells) in enumerate(rows):
        line = [cell.strip() for cell in cells] + [""] * (width - len(cells))
        across = [box for box in boxes if box.top <= number <= box.bottom]
        for box in across:
            if box.top == number and box.left <= width:
                for place in range(box.left, min(box.right, width)):
                    line[place] = line[box.left - 1]
        if not across and depth < len(rows) - 1:
            # A merged cell that went through a text file stands once, with blanks to its right.
            below = rows[depth + 1][1]
            for place in range(1, width):
                if not line[place] and place < len(below) and below[place].strip():
                    line[place] = line[place - 1]
        filled.append(line)
    return [[line[place] for line in filled if line[place]] for place in range(width)]


def _header(kind: str, start: int, depth: int, parts: list[list[str]]) -> Header:
    names, heads = [], []
    found: dict[str, list[int]] = {}
    known = form(kind).names
    for place, part in enumerate(parts):
        head = _joined(part)
        name = next((known[name] for name in head.names if name in known), None)
        if name:
            found.setdefault(name, []).append(place)
        names.append(" ".join(dict.fromkeys(part)))
        heads.append(head)
    places = {name: tuple(where) for name, where in found.items()}
    return Header(kind, start, depth, tuple(names), tuple(heads), places)


def _goes_on(header: Header, below: Sequence[str]) -> bool:
    """Whether the row below says of the amounts alone what is no amount: 累计, or （万元）."""
    amounts = header.found.get(form(header.kind).amount.name, ())
    known = {place for places in header.found.values() for place in places}
    said = {place for place in known if place < len(below) and tidy(below[place]) not in DASHES}
    return bool(said) and said <= set(amounts) and any(_worded(below[place]) for place in said)


def _worded(text: str) -> bool:
    try:
        read_number(text)
    except CellFault as fault:
        return fault.code in ("not_number", "not_exact")
    return False


def _joined(parts: list[str]) -> Headed:
    """Take a header cell of one or more parts apart; the lowest part names it best."""
    if not parts:
        return Headed((), None, False)
    whole = headed("".join(dict.fromkeys(parts)))
    each = [headed(part) for part in dict.fromkeys(parts)]
    unit = next((head.unit for head in reversed(each) if head.unit), whole.unit)
    percent = any(head.percent for head in each)
    names = list(whole.names)
    bare = "".join(head.names[-1] for head in each if head.names)
    names.append(bare)
    names += each[-1].names
    # The part above names the column only where the part below is no more than a unit.
    if len(each) > 1 and (not each[-1].names or unit_of(parts[-1])):
        names += each[-2].names
    return Headed(tuple(dict.fromkeys(filter(None, names))), unit, percent)


def incomplete(header: Header, grid: Grid, file: str, row: int) -> LedgerFileError:
    asked = form(header.kind)
    near = set()
    for missing in header.missing:
        column = asked[missing]
        own = {plain(n): n for n in header.names if n and plain(n) not in _RUNNING}
        for name in (column.name_zh, column.name_en, *column.synonyms):
            near |= {own[m] for m in get_close_matches(plain(name), own, n=2, cutoff=0.5)}
    for places in header.found.values():
        near -= {header.names[place] for place in places}
    columns = {
        lang: enumerated(
            (str(getattr(asked[name], f"name_{lang}")) for name in header.missing), lang
        )
        for lang in LANGUAGES
    }
    first = asked[header.missing[0]]
    return LedgerFileError(
        "schema", file, sheet=grid.sheet, row=row, column=first.name_zh,
        columns=columns, near=", ".join(sorted(near)) or "–",
    )  # fmt: skip


def refuse_twice(header: Header, grid: Grid, file: str, row: int) -> None:
    seen: dict[str, str] = {}
    for place, name in enumerate(header.names):
        key = plain(name)
        known = next((k for k, where in header.found.items() if place in where), None)
        key = known or key
        if key and key in seen:
            raise LedgerFileError(
                "header_duplicate", file, sheet=grid.sheet, row=row, column=name, other=seen[key]
            )
        if key:
            seen[key] = name

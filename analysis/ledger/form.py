"""The form of a ledger: its tables, their columns and their names.

The form stands in the data package (`ledger_columns`, `ledger_choices`); nothing here
names a column of its own but the few that the reading depends on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.datapackage import read_table
from analysis.files import of_plan
from analysis.plan import load_plan
from analysis.text import LANGUAGES, both

PROJECTS, ARRIVALS, FOREIGN = "projects", "arrivals", "foreign_capital"
KINDS = (PROJECTS, ARRIVALS, FOREIGN)
#: What identifies a row: the first if it is given, else the others together.
KEYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    PROJECTS: ("project_id", ()),
    ARRIVALS: ("arrival_id", ("project_id", "date", "capital_kind", "currency")),
    FOREIGN: ("record_id", ("project_id", "district", "date", "scope", "currency")),
}
#: What spreadsheets carry unseen: zero-width marks, soft hyphens, byte order marks.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]")


_MARKS = re.compile(r"[\s_\-*:.'’“”\"，,、]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form.

    type : text, id, amount, ratio, date, district, tier, chain, choice, boolean or unit
    choices : name of a list of choices, "" if free
    minimum, maximum : float or None, in `unit`
    future : "no" or "planned": may a date lie ahead
    synonyms : other names that bureaus use
    unit : of the stored value, e.g. "1e4 CNY"
    """

    name: str
    name_zh: str
    name_en: str
    type: str
    choices: str
    required: bool
    minimum: float | None
    maximum: float | None
    future: str
    synonyms: tuple[str, ...]
    note_zh: str
    note_en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Form:
    """A table of the ledger: its columns in order, and what its header may call them."""

    kind: str
    columns: tuple[Column, ...]
    names: Mapping[str, str]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that every row needs."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def amount(self) -> Column:
        """The one column of money."""
        return next(column for column in self.columns if column.type == "amount")

    @property
    def currency(self) -> str:
        """The currency that amounts are stored in."""
        return self.amount.unit.split()[-1]

    def of_type(self, *types: str) -> tuple[str, ...]:
        """Names of the columns of some types."""
        return tuple(column.name for column in self.columns if column.type in types)


def plain(name: str) -> str:
    """Return a name as it is compared: no width, case, blanks, marks or invisible signs."""
    folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return _MARKS.sub("", folded)


@of_plan
def form(kind: str) -> Form:
    """Return the form of a table of the ledger.

    kind : "projects", "arrivals" or "foreign_capital"

    Raises
    ------
    KeyError : no such table
    """
    if kind not in KINDS:
        raise KeyError(f"no table {kind!r} in a ledger; it has {', '.join(KINDS)}")
    rows = read_table("ledger_columns").query("table == @kind").to_dict("records")
    columns = tuple(_column({str(name): value for name, value in row.items()}) for row in rows)
    names: dict[str, str] = {}
    for column in columns:
        for name in (column.name, column.name_zh, column.name_en, *column.synonyms):
            names.setdefault(plain(name), column.name)
    return Form(kind, columns, names)


def _column(row: Mapping[str, Any]) -> Column:
    words = ("name_zh", "name_en", "type", "choices", "future", "note_zh", "note_en", "unit")
    return Column(
        name=row["column"],
        required=bool(row["required"]),
        minimum=None if row["minimum"] != row["minimum"] else float(row["minimum"]),
        maximum=None if row["maximum"] != row["maximum"] else float(row["maximum"]),
        synonyms=tuple(filter(None, row["synonyms"].split("|"))),
        **{word: row[word] for word in words},
    )


@of_plan
def choices(name: str) -> Mapping[str, str]:
    """Return what a cell may say, as it is compared -> the choice, of one list.

    `district` gives the plan's districts and places without floors, `chain` and `tier` the
    plan's with the other names that are in `ledger_choices`, as all else is.
    """
    if name == "district":
        return _districts()
    found: dict[str, str] = {}
    for row in read_table("ledger_choices").query("list == @name").to_dict("records"):
        for said in (row["choice"], row["name_zh"], row["name_en"], *row["synonyms"].split("|")):
            if said:
                found[plain(said)] = str(row["choice"])
    if name in ("chain", "tier"):
        table = load_plan().chains if name == "chain" else load_plan().tiers
        rows = zip(table[name], table["name_zh"], table["name_en"], strict=True)
        found |= {plain(said): str(row[0]) for row in rows for said in row}
    return found


def _districts() -> Mapping[str, str]:
    names = {plain(alias): district for alias, district in load_plan().aliases.items()}
    for row in load_plan().unfloored.to_dict("records"):
        for said in (row["name_zh"], row["name_en"], row["place"]):
            names[plain(str(said))] = str(row["place"])
    return names


def place_names(place: str | None) -> dict[str, str]:
    """Return the names of a district, or of a place without a floor; or that none is stated."""
    for rows, key in ((load_plan().floors, "district"), (load_plan().unfloored, "place")):
        for row in rows[rows[key].eq(place or "")].to_dict("records"):
            return {lang: str(row[f"name_{lang}"]) for lang in LANGUAGES}
    return both("structure.unplaced")


def choice_names(name: str, lang: str) -> list[str]:
    """Return the names of a list's choices in the order of their table, for a drop-down."""
    plan = load_plan()
    tables = {"chain": plan.chains, "tier": plan.tiers, "district": plan.floors}
    if name in tables:
        return list(tables[name][f"name_{lang}"])
    return list(read_table("ledger_choices").query("list == @name")[f"name_{lang}"])

"""What a cell of a column says: its district, choice, share, date or amount.

One function a type of column; each returns a `Cell` or raises a `CellFault`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from difflib import get_close_matches
from typing import Any

from analysis.files import of_plan
from analysis.ledger.dates import read_date
from analysis.ledger.form import INVISIBLE, PROJECTS, Column, choices, form, plain
from analysis.ledger.numbers import DASHES, WORDS, Number, check_signs, read_number, tidy
from analysis.ledger.problems import CellFault
from analysis.ledger.rates import Rates
from analysis.ledger.units import Unit, unit_of
from analysis.plan import load_plan

#: What the ledger keeps: a millionth of 1e4 CNY is a fen; twelve digits before the point.
QUANTUM, GREATEST = Decimal("0.000001"), Decimal(10) ** 12
#: Names that a fault lists at most.
MOST_NAMED = 16
_MANGLED = re.compile(r"\d(\.\d+E\+?|E\+)\d{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says.

    value : in the type of its column; None if it says nothing
    odd : codes of what is worth a warning
    precision, planned : of a date
    unit, currency : of an amount, as given
    decimals : digits after the point that an amount shows, in the stored unit
    """

    value: Any
    odd: tuple[str, ...] = ()
    precision: str = ""
    planned: bool = False
    unit: str = ""
    currency: str = ""
    decimals: int = 0


@of_plan
def _city() -> re.Pattern[str]:
    """Return how the plan's own place may stand before the name of a district."""
    about = load_plan().about
    zh, en = (re.escape(plain(name)) for name in (about.place_zh, about.place_en))
    return re.compile(f"^([^省]{{2,3}}省)?{zh.removesuffix('市')}市?|^({en})(?=.*district)")


def text_cell(text: str, column: Column) -> Cell:
    """Take a text as it is, without outer blanks and invisible signs."""
    check_signs(text)
    bare = INVISIBLE.sub("", text)
    said = bare.strip()
    return Cell(None if tidy(said) in DASHES else said, ("invisible",) * (bare != text))


def id_cell(text: str, column: Column) -> Cell:
    """Take an id letter by letter, in one width: 00123 and 1E5 stay what they are.

    Raises
    ------
    CellFault : control_char, cell_error or id_mangled
    """
    check_signs(text)
    said = tidy(text)
    if _MANGLED.fullmatch(said):
        raise CellFault("id_mangled")
    odd = ("invisible",) * bool(INVISIBLE.search(text))
    return Cell(None if said in DASHES else said, odd)


def choice_cell(text: str, column: Column) -> Cell:
    """Find a choice by any of its names.

    Raises
    ------
    CellFault : control_char, cell_error, unknown_choice, unknown_district or other_column
    """
    check_signs(text)
    said = tidy(text)
    odd = ("invisible",) * bool(INVISIBLE.search(text))
    if said in DASHES:
        return Cell(None, odd)
    name = column.choices or column.type
    known = choices(name)
    found = known.get(plain(said))
    if found is None and column.type == "district":
        found = known.get(_city().sub("", plain(said)))
    if found is None and said.lower() in WORDS:
        return Cell(None, (*odd, "missing_word"))
    if found is None:
        near = get_close_matches(plain(said), known, n=3, cutoff=0.5)
        other = form(PROJECTS).names.get(plain(said), column.name)
        if other != column.name:
            raise CellFault("other_column", name=said)
        code = "unknown_district" if column.type == "district" else "unknown_choice"
        # One name of each is enough where none is near.
        firsts = {value: name for name, value in reversed(list(known.items()))}
        raise CellFault(code, near=", ".join(near or list(firsts.values())[::-1][:MOST_NAMED]))
    return Cell({"true": True, "false": False}[found] if column.type == "boolean" else found, odd)


def date_cell(text: str, column: Column, epoch: date) -> Cell:
    """Read a date.

    Raises
    ------
    CellFault : as `read_date`
    """
    period = read_date(text, epoch)
    return Cell(period.first, period.odd, period.precision, period.planned)


def ratio_cell(text: str, column: Column, percent: bool) -> Cell:
    """Read a share of one; percent if the cell or the header says so.

    Raises
    ------
    CellFault : as `read_number`, and not_number
    """
    number = read_number(text)
    if number.value is None:
        return Cell(None, number.odd)
    scale = {"%": 2, "％": 2, "‰": 3, "": 2 if percent else 0}.get(number.unit)
    if scale is None:
        raise CellFault("not_number")
    return Cell(number.value.scaleb(-scale), number.odd)


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts of one table are read.

    unit : of the whole table, from its header, title or the caller; None if they name none
    stored : factor and currency of what the ledger keeps
    """

    unit: Unit | None
    stored: Unit
    rates: Rates

    def __call__(self, text: str, unit_text: str, currency: str | None, on: date | None) -> Cell:
        """Return an amount in the stored unit.

        text : the cell
        unit_text : the row's own unit, "" if it names none
        currency : the row's own currency, None if it names none
        on : the date whose rate counts

        Raises
        ------
        CellFault : as `read_number`, and unit_conflict, unit_size, unit_missing, unit_unknown,
            currency or range
        """
        number = read_number(text)
        if number.value is None:
            return Cell(None, number.odd)
        unit = self._unit(number, unit_text)
        given = self._currency(unit, currency)
        found = self.rates.factor(given, self.stored.currency, on)
        if found is None:
            raise CellFault("currency", currency=given, stored=self.stored.currency)
        rate, source = found
        exact = number.value * unit.factor / self.stored.factor * rate
        kept = exact.quantize(QUANTUM, ROUND_HALF_EVEN) if abs(exact) < GREATEST else None
        if kept is None:
            raise CellFault("too_great")
        odd = number.odd + ("converted",) * bool(source) + ("rounded",) * (kept != exact)
        shown = number.decimals - (unit.factor / self.stored.factor).adjusted()
        return Cell(kept, odd, unit=unit.label, currency=given, decimals=shown)

    def _unit(self, number: Number, unit_text: str) -> Unit:
        """Return the unit of a cell; what the cell, its row and its table say must agree."""
        row = unit_of(unit_text) if tidy(unit_text) not in DASHES else None
        if row is None and tidy(unit_text) not in DASHES:
            raise CellFault("unit_unknown", unit=unit_text)
        table = self.unit
        if row and table and not row.same(table):
            raise CellFault("unit_conflict", cell=row.label, header=table.label)
        outer = row or table
        if row and table and table.currency:
            outer = table
        if number.spelt:
            return _spelt_unit(number, outer)
        own = _own_unit(number.unit) if number.unit else None
        if own and outer and not own.same(outer):
            raise _other_unit(number, number.unit, own, outer)
        unit = own if own and (outer is None or own.currency) else outer
        if unit is None:
            raise CellFault("unit_missing")
        return unit

    def _currency(self, unit: Unit, currency: str | None) -> str:
        if unit.currency and currency and unit.currency != currency:
            raise CellFault("unit_conflict", cell=currency, header=unit.label)
        return unit.currency or currency or self.stored.currency


def _own_unit(text: str) -> Unit:
    if text in "%‰":
        raise CellFault("unit_conflict", cell=text, header="—")
    marked = re.fullmatch(r"([$¥€])\s*(.*)", text)
    unit = unit_of(text)
    if unit is None and marked:
        # $3.5亿 names its currency in front and its magnitude behind.
        unit = unit_of(marked.group(2) + {"$": "美元", "¥": "元", "€": "欧元"}[marked.group(1)])
    if unit is None:
        raise CellFault("not_number")
    return unit


def _other_unit(number: Number, said: str, own: Unit, outer: Unit) -> CellFault:
    """Return the fault of a unit that is not its column's; in one currency, with what to write."""
    if number.value is None or (own.currency and outer.currency not in ("", own.currency)):
        return CellFault("unit_conflict", cell=said, header=outer.label)
    amount = f"{(number.value * own.factor / outer.factor).normalize():f}"
    return CellFault("unit_size", cell=said, header=outer.label, amount=amount)


def _spelt_unit(number: Number, outer: Unit | None) -> Unit:
    """Return the unit of a number in words, which counts units of the currency.

    壹佰万元整 is in accord with a header of 万元, 壹佰元整 isn't: one of the two is wrong.
    """
    if outer is None:
        if not number.unit and not number.magnitude:
            raise CellFault("unit_missing")
        return Unit(number.unit or "元", Decimal(1), "CNY" if number.unit else "")
    power = {Decimal(10) ** 4: "万萬", Decimal(10) ** 8: "亿億"}.get(outer.factor, "")
    if not number.unit and not number.magnitude:
        return outer
    accords = outer.factor == 1 or any(word in power for word in number.magnitude)
    if not accords or (number.unit and outer.currency not in ("", "CNY")):
        said = f"{number.magnitude}{number.unit}"
        raise _other_unit(number, said, Unit(said, Decimal(1), "CNY" if number.unit else ""), outer)
    return Unit(outer.label, Decimal(1), outer.currency or ("CNY" if number.unit else ""))

"""What the rows of a table say, column by column, and what is wrong with them.

Cells repeat: each different text of a column is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from analysis.ledger.cells import (
    Cell,
    Money,
    choice_cell,
    date_cell,
    id_cell,
    ratio_cell,
    text_cell,
)
from analysis.ledger.checks import Fault, tiers
from analysis.ledger.form import PROJECTS, Column, form
from analysis.ledger.numbers import DASHES, tidy
from analysis.ledger.problems import CellFault
from analysis.ledger.shape import Table

#: Which date's rate counts for an amount.
_RATED_ON = {PROJECTS: "signed_date"}
_NOTHING = Cell(None)


@dataclass(frozen=True, slots=True)
class Columns:
    """The typed cells of a table, a label a row of data.

    rows : stored columns; missing is None
    faults, oddities : (label, column of the form, code, what its text names)
    decimals : of each amount, as shown
    """

    rows: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    oddities: list[Fault] = field(default_factory=list)
    decimals: list[int] = field(default_factory=list)


def read_columns(table: Table, money: Money, today: date) -> Columns:
    """Read all columns of a table, each by its type."""
    asked = form(table.kind)
    size = len(table.rows)
    texts = {
        name: [row.cells[place] if place < len(row.cells) else "" for row in table.rows]
        for name, place in table.places.items()
    }
    faults: list[Fault] = []
    oddities: list[Fault] = []
    cells: dict[str, list[Cell]] = {}
    for column in asked.columns:
        if column.type in ("amount", "unit"):
            continue
        if column.name not in texts:
            cells[column.name] = [_NOTHING] * size
            continue
        reader = _reader(column, table)
        cells[column.name] = _each(column.name, texts[column.name], reader, faults, oddities)
    amount = asked.amount.name
    units = texts.get("amount_unit", [""] * size)
    currencies = (
        [cell.value for cell in cells["currency"]] if "currency" in cells else [None] * size
    )
    rated = cells[_RATED_ON.get(table.kind, "date")]
    days = [cell.value if money.rates.rates else None for cell in rated]
    keys = zip(texts[amount], units, currencies, days, strict=True)
    cells[amount] = _each(amount, keys, lambda key: money(*key), faults, oddities)
    frame = _frame(table, cells, units, today)
    faults += _merged_amounts(table, amount)
    oddities += _tier_differs(frame, cells)
    return Columns(frame, faults, oddities, [cell.decimals for cell in cells[amount]])


def _reader(column: Column, table: Table) -> Callable[[Any], Cell]:
    if column.type == "id":
        return lambda text: id_cell(text, column)
    if column.type == "date":
        return lambda text: date_cell(text, column, table.grid.epoch)
    if column.type == "ratio":
        percent = table.heads[column.name].percent
        return lambda text: ratio_cell(text, column, percent)
    if column.type in ("district", "tier", "chain", "choice", "boolean"):
        return lambda text: choice_cell(text, column)
    return lambda text: text_cell(text, column)


def _each(
    name: str, keys: Iterable[Hashable], reader: Callable[[Any], Cell],
    faults: list[Fault], oddities: list[Fault],
) -> list[Cell]:  # fmt: skip
    """Read each cell of a column, the same text once."""
    known: dict[Hashable, tuple[Cell, CellFault | None]] = {}
    cells = []
    for label, key in enumerate(keys):
        found = known.get(key)
        if found is None:
            try:
                found = reader(key), None
            except CellFault as error:
                found = _NOTHING, error
            known[key] = found
        cell, wrong = found
        cells.append(cell)
        if wrong:
            faults.append((label, name, wrong.code, wrong.given))
        for code in cell.odd:
            oddities.append((label, name, code, {}))
    return cells


def _frame(
    table: Table, cells: dict[str, list[Cell]], units: Sequence[str], today: date
) -> pd.DataFrame:
    """Return stored columns in the form's order."""
    data: dict[str, list[Any]] = {}
    amount = form(table.kind).amount.name
    for column in form(table.kind).columns:
        if column.name == "amount_unit":
            given = [None if tidy(unit) in DASHES else unit.strip() for unit in units]
            data[column.name] = [
                unit or cell.unit or None for unit, cell in zip(given, cells[amount], strict=True)
            ]
            continue
        found = cells[column.name]
        data[column.name] = [cell.value for cell in found]
        if column.type == "ratio":
            data[column.name] = [
                None if cell.value is None else float(cell.value) for cell in found
            ]
        if column.name == "currency":
            data[column.name] = [
                cell.value or money.currency or None
                for cell, money in zip(found, cells[amount], strict=True)
            ]
        if column.type == "date":
            data[f"{column.name}_precision"] = [cell.precision or None for cell in found]
            if column.future == "planned":
                data[f"{column.name}_planned"] = [
                    None if cell.value is None else cell.planned or cell.value > today
                    for cell in found
                ]
    return pd.DataFrame(data, dtype=object)


def _merged_amounts(table: Table, amount: str) -> list[Fault]:
    """One amount merged over several rows is the amount of none of them."""
    place = table.places[amount]
    return [
        (label, amount, "merged_amount", {})
        for label, row in enumerate(table.rows)
        if table.merged and (row.number, place) in table.merged
    ]


def _tier_differs(frame: pd.DataFrame, cells: dict[str, list[Cell]]) -> list[Fault]:
    """Put the tier that follows from the district; return where the file says another."""
    if "tier" not in frame:
        return []
    given = frame["tier"].tolist()
    frame["tier"] = [tiers().get(district) for district in frame["district"]]
    return [
        (label, "tier", "tier_differs", {})
        for label, (said, own) in enumerate(zip(given, frame["tier"], strict=True))
        if said and own and said != own
    ]

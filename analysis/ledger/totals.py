"""Whether the totals that a table states agree with its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pandas as pd

from analysis.ledger.cells import Cell
from analysis.ledger.checks import labelled_district
from analysis.ledger.form import choices, plain
from analysis.ledger.problems import CellFault
from analysis.ledger.shape import TotalRow

COLUMNS = (
    "sheet", "row", "column", "label", "stated", "summed", "accepted",
    "difference", "tolerance", "agrees",
)  # fmt: skip


def reconcile(
    totals: Sequence[TotalRow], amounts: pd.DataFrame, read: Callable[[str], Cell],
    sheet: str, column: str,
) -> pd.DataFrame:  # fmt: skip
    """Return each total with the sum of the rows it stands for.

    Parameters
    ----------
    amounts : a row for each row of data in the order of the sheet: `amount` (Decimal in the
        stored unit, or None), `decimals` it shows, `district`, `scope`, `accepted`
    read : how a stated total is read

    Returns
    -------
    A row a total: `stated`, `summed` over all rows whose amount can be read, `accepted` over
    those that were taken, `difference` stated less summed, `tolerance` half of the last digit
    shown times the number of rows; a "of which" is kept and not compared (`agrees` None)
    """
    places = [0, *(total.position for total in totals), len(amounts)]
    lines = []
    for number, total in enumerate(totals, start=1):
        try:
            stated = read(total.stated)
        except CellFault:
            stated = Cell(None)
        above = slice(places[number - 1], places[number])
        below = slice(places[number], places[number + 1])
        line = _line(total, stated, _scopes(total, amounts, above, below))
        lines.append({"sheet": sheet, "row": total.number, "column": column, **line})
    return pd.DataFrame(lines, columns=list(COLUMNS), dtype=object)


def _scopes(
    total: TotalRow, amounts: pd.DataFrame, above: slice, below: slice
) -> list[pd.DataFrame]:
    """Return the rows that a total may stand for, the likeliest first."""
    block = [amounts.iloc[above], amounts.iloc[below]]
    block.sort(key=lambda rows: rows.empty)
    # One in the middle of a sheet may be a running total of all rows above it.
    so_far = amounts.iloc[: total.position]
    whole = [amounts, so_far] if so_far.empty else [so_far, amounts]
    found = [*block, *whole] if total.kind == "subtotal" else [*whole, *block]
    district = labelled_district(total.label)
    if district:
        found.insert(0, amounts[amounts["district"].eq(district)])
    if scope := choices("scope").get(plain(total.scope)):
        # Two scopes of foreign capital are never added.
        found = [rows[rows["scope"].eq(scope)] for rows in found]
    return [found[0], *(scope for scope in found[1:] if not scope.empty)]


def _line(total: TotalRow, stated: Cell, scopes: list[pd.DataFrame]) -> dict[str, object]:
    if total.kind == "of_which":
        blank = dict.fromkeys(("summed", "accepted", "difference", "tolerance", "agrees"))
        return {"label": total.label, "stated": stated.value, **blank}
    lines = [_compared(stated, scope) for scope in scopes]
    best = next((line for line in lines if line["agrees"]), lines[0])
    return {"label": total.label, "stated": stated.value, **best}


def _compared(stated: Cell, scope: pd.DataFrame) -> dict[str, object]:
    known = scope[scope["amount"].notna()]
    summed = sum(known["amount"], Decimal(0))
    accepted = sum(known.loc[known["accepted"].astype(bool), "amount"], Decimal(0))
    if stated.value is None:
        sums = {"summed": summed, "accepted": accepted}
        return {**sums, "difference": None, "tolerance": None, "agrees": False}
    decimals = max(known["decimals"].max() if len(known) else 0, stated.decimals)
    tolerance = Decimal("0.5").scaleb(-int(decimals)) * max(len(known), 1)
    difference = stated.value - summed
    return {
        "summed": summed,
        "accepted": accepted,
        "difference": difference,
        "tolerance": tolerance,
        "agrees": abs(difference) <= tolerance,
    }

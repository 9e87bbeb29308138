"""The rules of a ledger that its values keep, once each is of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.files import of_plan
from analysis.ledger.form import Column, form, plain
from analysis.ledger.keys import row_keys
from analysis.plan import load_plan

#: A value this many times the median of its table is odd; one at the second bound is held
#: back: 元 written for 万元 makes 10,000 times. Both are assumptions.
ODD, HELD = 1_000, 5_000
#: Values that a median needs beside the one that is judged.
ENOUGH = 5

#: What a file calls one district -> the sum of its amounts under that name.
Names = dict[str, Decimal]
#: (row label, column of the form, code, what its text names)
Fault = tuple[int, str, str, dict[str, Any]]


def broken_rules(kind: str, rows: pd.DataFrame, today: date) -> Iterator[Fault]:
    """Yield every rule that a row breaks: what it lacks, and what lies out of range.

    rows : stored columns, typed; missing is None
    """
    for column in form(kind).columns:
        values = rows[column.name]
        there = values.notna()
        broken = {"missing": ~there} if column.required else {}
        for code, keeps in _tests(column, today).items():
            kept = values[there].map(keeps).astype(bool)
            broken[code] = ~kept.reindex(values.index, fill_value=True)
        for code, where in broken.items():
            for label in values.index[where]:
                yield int(label), column.name, code, _given(column, today)


def _given(column: Column, today: date) -> dict[str, Any]:
    least, most = column.minimum, column.maximum
    return {
        "least": "−∞" if least is None else f"{least:g}",
        "most": "∞" if most is None else f"{most:g}",
        "unit": "" if column.type == "ratio" else column.unit,
        "today": today.isoformat(),
        "name": {"zh": column.name_zh, "en": column.name_en},
    }


def _tests(column: Column, today: date) -> dict[str, Callable[[Any], bool]]:
    tests: dict[str, Callable[[Any], bool]] = {}
    least, most = column.minimum, column.maximum
    if least is not None or most is not None:
        low = Decimal("-Infinity") if least is None else Decimal(str(least))
        high = Decimal("Infinity") if most is None else Decimal(str(most))
        tests["range"] = lambda value: low <= value <= high
    if column.type == "date" and column.future == "no":
        tests["date_future"] = lambda value: value <= today
    return tests


def suspects(amounts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return which amounts are odd and which are held back, for being in another unit perhaps.

    amounts : Decimal or None, a row each
    """
    sizes = pd.to_numeric(amounts, errors="coerce").abs().astype(float)
    counted = sizes[sizes > 0]
    if len(counted) <= ENOUGH:
        none = pd.Series(False, index=amounts.index)
        return none, none
    median = counted.median()
    held = sizes >= HELD * median
    return (sizes >= ODD * median) & ~held, held


def repeats(kind: str, rows: pd.DataFrame) -> Iterator[tuple[int, str, int]]:
    """Yield (row label, code, label of the other row) of rows that stand twice.

    rows : good rows in stored columns. Of equal rows the first is kept; where two rows with
    one key say different things neither is taken.
    """
    keys = row_keys(kind, rows)
    again = keys[keys.duplicated(keep=False)]
    if again.empty:
        return
    stored = [name for name in rows.columns if name not in ("sheet", "row", "raw")]
    for labels in again.groupby(again, sort=False).groups.values():
        said = rows.loc[labels, stored].astype(object)
        said = said.where(said.notna(), None)
        first = labels[0]
        texts = {label: tuple(map(str, cells)) for label, cells in zip(
            labels, said.to_numpy().tolist(), strict=True
        )}  # fmt: skip
        if len(set(texts.values())) == 1:
            for label in labels[1:]:
                yield int(label), "duplicate", int(first)
        else:
            for place, label in enumerate(labels):
                yield int(label), "key_conflict", int(labels[1] if place == 0 else first)


def names_of_one(said: pd.Series, places: pd.Series, amounts: pd.Series) -> Iterator[Names]:
    """Yield the names of each district that stands in a table under several, with their sums.

    said : what the file calls each row's district; places : which one that is

    江岸 and 武汉市江岸区 are one name, 东西湖区 and 临空港经开区 are two.
    """
    rows = pd.DataFrame({"said": said, "place": places, "amount": amounts}, dtype=object)
    for _, group in rows.dropna(subset=["place"]).groupby("place", sort=False):
        sums: Names = {}
        for name, part in group.groupby("said", sort=False):
            held = next((one for one in sums if one in str(name) or str(name) in one), str(name))
            known = part["amount"][part["amount"].notna()]
            sums[held] = sums.get(held, Decimal(0)) + sum(known, Decimal(0))
        if len(sums) > 1:
            yield sums


@of_plan
def tiers() -> dict[str, str]:
    """Return district -> tier."""
    floors = load_plan().floors
    return dict(zip(floors["district"], floors["tier"], strict=True))


def labelled_district(label: str) -> str | None:
    """Return the district whose subtotal a label names, as in 江岸区小计, or None."""
    from analysis.ledger.form import choices

    bare = plain(label)
    for end in ("小计", "合计", "总计", "subtotal", "total"):
        bare = bare.removesuffix(end)
    return choices("district").get(bare)

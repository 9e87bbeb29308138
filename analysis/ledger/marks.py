"""What a quarantine file adds to the rows of a table, and what keeps its text from running."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from analysis.ledger.form import choices, plain

#: Where a row came from.
FILE, SHEET, ROW = "原文件 File", "原工作表 Sheet", "原行 Row"
ORIGIN = (FILE, SHEET, ROW)
#: Which table of the ledger, what is wrong, and whether it is right all the same.
TABLE, CODE, VALUE = "台账 Table", "代码 Code", "原值 Value"
PROBLEM, HINT = "问题", "建议"
PROBLEM_EN, HINT_EN = "Problem", "Remedy"
CONFIRMED = "确认 Confirmed"
MARKS = (
    FILE, SHEET, ROW, TABLE, CODE, VALUE, PROBLEM, HINT, PROBLEM_EN, HINT_EN, CONFIRMED,
)  # fmt: skip
#: Between the codes and the values of one row.
BETWEEN = " | "
_BY_PLAIN = {plain(mark): mark for mark in MARKS}
_NEEDED = {FILE, ROW, TABLE, CODE, CONFIRMED}
_RUNS = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)%?")


def places(names: Sequence[str]) -> dict[str, int]:
    """Return mark -> place in the header of a quarantine file; empty for any other file."""
    found = {
        _BY_PLAIN[plain(name)]: place
        for place, name in enumerate(names)
        if plain(name) in _BY_PLAIN
    }
    return found if set(found) >= _NEEDED else {}


def neutral(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe before = + - @ tab and return.

    Numbers stay as they are. A text that begins with an apostrophe gets another one, so
    that `restored` gives every text back unchanged.
    """
    if text.startswith("'") or (_RUNS.match(text) and not _NUMBER.fullmatch(text)):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    return text.removeprefix("'")


def confirmed(text: str) -> bool:
    """Whether a person says that a row is right as it stands."""
    return choices("boolean").get(plain(text)) == "true"


def origin(raw: str) -> tuple[str, str, int] | None:
    """Return file, sheet and row that a corrected row came from; None if it is no such row.

    raw : JSON of a row, as in a reading
    """
    held = json.loads(raw)
    if not set(ORIGIN) <= set(held) or not str(held[ROW]).isdecimal():
        return None
    return held[FILE], held[SHEET], int(held[ROW])

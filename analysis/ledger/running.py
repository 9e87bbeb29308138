"""Whether a file's ids name its rows, or only count them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from analysis.ledger.errors import TakenError
from analysis.ledger.form import ARRIVALS, FOREIGN, KEYS, PROJECTS, form
from analysis.ledger.problems import place
from analysis.ledger.stored import written

if TYPE_CHECKING:
    from analysis.ledger.merge import Database

#: A number that a row may have for its place in the file.
COUNT = re.compile(r"0*\d{1,4}")
#: What tells one thing from another: where all of it differs, two things have one id.
TOLD_BY = {
    PROJECTS: ("name", "district"),
    ARRIVALS: ("project_id", "date", "amount"),
    FOREIGN: ("district", "date", "amount"),
}


def refuse_counts(database: Database, kind: str) -> None:
    """Refuse rows, judged already, whose id is a mere count that the ledger has for another thing.

    A project that was renamed, or an arrival that was corrected, keeps some of what it was told
    by; one of another file's that also begins with 1 does not, and would take its place.

    Raises
    ------
    TakenError : names file, sheet, row, column and what to do
    """
    own, told = KEYS[kind][0], TOLD_BY[kind]
    differ = " AND ".join(f'c."{name}" IS DISTINCT FROM i."{name}"' for name in told)
    said = ", ".join(f'{alias}."{name}"' for alias in "ci" for name in told)
    found = database.run(
        f'SELECT i.file, i.sheet, i."row", i."{own}", {said} FROM incoming i'
        " JOIN verdicts v ON v.row_key = i.row_key AND v.verdict = 'changed'"
        f" JOIN {kind}_versions c ON c.row_key = i.row_key AND c.superseded_by IS NULL"
        f' WHERE i."{own}" IS NOT NULL AND {differ} ORDER BY i."row"'
    )
    taken = [row for row in found if COUNT.fullmatch(row[3])]
    if not taken:
        return
    file, sheet, number, given, *values = taken[0]
    there, here = (
        ", ".join(_said(value) for value in part if value is not None)
        for part in (values[: len(told)], values[len(told) :])
    )
    raise TakenError(
        "taken", where=place(file, sheet, number), column=form(kind)[own].name_zh, given=given,
        there=there, here=here, rows=len(taken),
    )  # fmt: skip


def _said(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(written(value))

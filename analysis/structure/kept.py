"""What a ledger has answered before, so that nothing need be asked of an engine again.

A served notebook runs twice: first with an engine, whose threads a fork would lose,
then in a process that only reads what was kept. So a ledger's state is known by a
stamp, every answer is kept by that stamp and its question, and the engine is
imported only when a question is new.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import cache
from analysis.files import of_plan, spoken_of
from analysis.plan import load_plan

if TYPE_CHECKING:
    from analysis.ledger.engine import Ledger

#: Raised when an answer to the same question of the same rows would differ.
VERSION = 1
#: Names the user's own ledger; as `analysis.ledger.engine` has it, which is imported late.
LEDGER = "WORKBOOK_LEDGER"
#: Tells a process that takes over which state of the ledger its page is of: "KIND STAMP".
STATE = "WORKBOOK_LEDGER_STATE"


@dataclass(frozen=True)
class Answers:
    """A ledger as what it answers, each answer kept.

    kind : "illustrative" (the example ledger) or "reported" (a user's own)
    stamp : names the state of its rows
    opened : opens it for a question that is new
    """

    kind: str
    stamp: str
    opened: Callable[[], Ledger] = field(repr=False, compare=False)

    @classmethod
    def of(cls, ledger: Ledger | Answers) -> Answers:
        """Return the answers of an open ledger."""
        if isinstance(ledger, Answers):
            return ledger
        return cls(ledger.kind, ledger.stamp, lambda: ledger)

    @property
    def illustrative(self) -> bool:
        """Whether its rows are made up."""
        return self.kind == "illustrative"

    def ask(self, question: str, **given: Any) -> pd.DataFrame:
        """Return an aggregate as a frame: kept, or computed by the ledger's engine now.

        question : a function of `analysis.ledger.aggregates`
        given : its arguments: dates, texts, numbers, sequences, mappings
        """

        def computed() -> pd.DataFrame:
            from analysis.ledger import aggregates
            from analysis.ledger.condensed import by_month
            from analysis.ledger.frames import frame

            ledger = self._months if by_month(question, given) else self.opened()
            return frame(getattr(aggregates, question)(ledger, **given))

        return self.keep(question, given, computed)

    @cached_property
    def _months(self) -> Ledger:
        """The ledger with its arrivals summed by month, once for all questions to that."""
        from analysis.ledger.condensed import condensed

        return condensed(self.opened())

    def keep(
        self, question: str, given: Mapping[str, Any], make: Callable[[], pd.DataFrame]
    ) -> pd.DataFrame:
        """Return the frame kept for a question, or make and keep it."""
        asked = json.dumps(
            [VERSION, self.stamp, _counted_by(), question, dict(given)],
            sort_keys=True,
            default=_plain,
        )
        path = cache.cache_dir() / f"ledger-{cache.digest(asked)[:32]}.json"
        return _read(cache.kept(path, lambda: _write(make())))


@of_plan
def _counted_by() -> str:
    """Return what names the tables of the plan by which a ledger's rows are drawn and counted."""
    plan = load_plan()
    tables = (plan.floors[["district", "tier"]], plan.quotas, plan.chains, plan.chain_links)
    return cache.digest("".join(rows.to_csv() for rows in tables))


def answers(source: str | None = None) -> Answers:
    """Return the answers of a ledger, by default the user's own, else the example's.

    source : see `analysis.ledger.engine.open_ledger`; $WORKBOOK_LEDGER if None
    """
    from analysis import example_ledger
    from analysis.ledger.engine import ILLUSTRATIVE

    named = source or os.environ.get(LEDGER) or ""
    told = "" if source else os.environ.get(STATE, "")
    if told:
        kind, _, stamp = told.partition(" ")
    elif not named:
        kind, stamp = ILLUSTRATIVE, example_ledger.stamp()
    else:
        ledger = _opened(named, spoken_of())
        kind, stamp = ledger.kind, ledger.stamp
    return Answers(kind, stamp, lambda: _as_of(named, stamp))


def _as_of(named: str, stamp: str) -> Ledger:
    """Open a ledger whose state is known already.

    Raises
    ------
    LedgerError : it is in another state by now
    """
    from analysis.ledger.engine import LedgerError

    ledger = _opened(named, spoken_of())
    if ledger.stamp != stamp:
        _opened.cache_clear()
        raise LedgerError("the ledger has changed while it was read; run the page again")
    return ledger


@lru_cache(maxsize=1)
def _opened(named: str, _: object) -> Ledger:
    from analysis.example_ledger import ledger_or_example

    return ledger_or_example(named or None)


def handed_on() -> dict[str, str]:
    """Return the surroundings of a process that runs the same page and need ask no engine.

    If a ledger was opened, it is told in which state; an address that may hold a password
    is not handed on.
    """
    kept = {key: value for key, value in os.environ.items() if key != STATE}
    if "://" in kept.get(LEDGER, ""):
        kept.pop(LEDGER)
    if _opened.cache_info().currsize:
        ledger = answers()
        kept[STATE] = f"{ledger.kind} {ledger.stamp}"
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    raise TypeError(f"{value!r} can't be part of a question to a ledger")


def _write(frame: pd.DataFrame) -> str:
    """Write a frame as JSON that keeps every digit; dates are named as such."""
    dates = [str(column) for column in frame if _holds_dates(frame[column])]
    columns: dict[str, list[Any]] = {}
    for column in frame.columns:
        cells = frame[column]
        if str(column) in dates:
            found = pd.to_datetime(cells)
            columns[str(column)] = [None if pd.isna(day) else day.isoformat() for day in found]
        else:
            columns[str(column)] = [_cell(value) for value in cells.tolist()]
    return json.dumps({"columns": columns, "dates": dates}, ensure_ascii=False)


def _read(text: str) -> pd.DataFrame:
    held = json.loads(text)
    frame = pd.DataFrame(held["columns"])
    for column in held["dates"]:
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _holds_dates(cells: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(cells):
        return True
    known = cells.dropna()
    return bool(len(known)) and all(isinstance(value, (date, datetime)) for value in known)


def _cell(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value

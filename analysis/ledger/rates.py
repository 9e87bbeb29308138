"""The rate at which a foreign currency is counted, and who says so.

A rate holds from a day to a day and names its source; without one that covers the
date of a row, an amount in another currency isn't counted.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import combinations
from pathlib import Path

from analysis.ledger.form import choices, plain
from analysis.ledger.problems import LedgerFileError

COLUMNS = ("currency", "since", "until", "cny", "source")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many CNY one unit of a currency is, from one day to another, both included."""

    currency: str
    since: date
    until: date
    cny: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates that somebody stands for; none by default."""

    rates: tuple[Rate, ...] = ()

    def factor(self, given: str, wanted: str, on: date | None) -> tuple[Decimal, str] | None:
        """Return units of `wanted` in one of `given` on a day, and the source; None if unknown."""
        if given == wanted:
            return Decimal(1), ""
        one, other = self._cny(given, on), self._cny(wanted, on)
        if one is None or other is None:
            return None
        sources = dict.fromkeys(filter(None, (one[1], other[1])))
        return one[0] / other[0], ", ".join(sources)

    def _cny(self, currency: str, on: date | None) -> tuple[Decimal, str] | None:
        if currency == "CNY":
            return Decimal(1), ""
        for rate in self.rates:
            if rate.currency == currency and on and rate.since <= on <= rate.until:
                return rate.cny, rate.source
        return None


def read_rates(source: Rates | Path | str | None) -> Rates:
    """Return rates from a CSV file with the columns currency, since, until, cny, source.

    Raises
    ------
    LedgerFileError : rates (names the row and column that can't be read) or rates_differ (two
        of one currency hold on the same day and aren't equal)
    """
    if source is None:
        return Rates()
    if isinstance(source, Rates):
        return _one_a_day(source, "")
    path = Path(source)
    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerFileError("rates", path.name, columns=", ".join(COLUMNS)) from error
    found = tuple(_rate(line, n, path.name) for n, line in enumerate(lines, start=2))
    return _one_a_day(Rates(found), path.name)


def _one_a_day(rates: Rates, file: str) -> Rates:
    """Return rates of which no two contradict each other."""
    for one, other in combinations(rates.rates, 2):
        meet = one.since <= other.until and other.since <= one.until
        if one.currency == other.currency and meet and one.cny != other.cny:
            day = max(one.since, other.since)
            raise LedgerFileError(
                "rates_differ", file or "--rate", currency=one.currency, day=day.isoformat(),
                one=f"{one.cny:f}", other=f"{other.cny:f}",
            )  # fmt: skip
    return rates


def _rate(line: dict[str, str], row: int, file: str) -> Rate:
    column = COLUMNS[0]
    try:
        currency = choices("currency")[plain(line["currency"])]
        column = "since"
        since = date.fromisoformat(line["since"])
        column = "until"
        until = date.fromisoformat(line["until"])
        column = "cny"
        cny = Decimal(line["cny"])
        if not cny.is_finite() or cny <= 0:
            raise InvalidOperation
        column = "source"
        source = line["source"].strip()
        if not source:
            raise ValueError
    except (KeyError, ValueError, TypeError, AttributeError, InvalidOperation):
        columns = ", ".join(COLUMNS)
        raise LedgerFileError("rates", file, row=row, column=column, columns=columns) from None
    return Rate(currency, since, until, cny, source)

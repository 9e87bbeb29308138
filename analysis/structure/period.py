"""The days that a bulletin speaks of, and those with which it compares them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS = 12
QUARTER = 3
_FORM = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


class PeriodError(ValueError):
    """A text that names no month, quarter or year."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month 月, quarter 季 or year 年 of assessment, up to its last day.

    year, month : the month in which it ends
    length : its months: 1, 3 or 12
    """

    year: int
    month: int
    length: int

    @classmethod
    def of(cls, text: str | Period) -> Period:
        """Read "2021-09", "2021Q3" or "2021".

        Raises
        ------
        PeriodError : says what would be right
        """
        if isinstance(text, Period):
            return text
        found = _FORM.fullmatch(text.strip().upper())
        if found is None:
            raise PeriodError(f"{text!r} is no period; write 2021-09, 2021Q3 or 2021")
        year = int(found["year"])
        if found["month"]:
            return cls(year, int(found["month"]), 1)
        if found["quarter"]:
            return cls(year, QUARTER * int(found["quarter"]), QUARTER)
        return cls(year, MONTHS, MONTHS)

    @property
    def key(self) -> str:
        """Its name in files and addresses: "2021-09", "2021Q3", "2021"."""
        if self.length == 1:
            return f"{self.year}-{self.month:02d}"
        return str(self.year) + ("" if self.length == MONTHS else f"Q{self.month // QUARTER}")

    @property
    def assessment(self) -> str:
        """Which assessment it belongs to: "month" 月通报, "quarter" 季考评 or "year" 年考核."""
        return {1: "month", QUARTER: "quarter", MONTHS: "year"}[self.length]

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, self.month - self.length + 1, 1)

    @property
    def until(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def year_start(self) -> date:
        """The first day of its year: the schedule counts from there."""
        return date(self.year, 1, 1)

    @property
    def year_before(self) -> Period:
        """The same months of the year before."""
        return Period(self.year - 1, self.month, self.length)

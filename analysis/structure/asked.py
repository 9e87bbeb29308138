"""The small frames that a report needs of a ledger, cut to its days and its district.

What is asked of the engine covers a year and all places at once, so that every month and
every district of a year shares one kept answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.structure import funnel, places
from analysis.structure.kept import Answers
from analysis.structure.period import MONTHS, Period

CAPITAL_BY = ("district", "chain", "industry", "month")
WAITS = (("signed", "first_arrival"), ("signed", "started"), ("started", "production"))
MOST_LISTED = 20


@dataclass(frozen=True)
class Asked:
    """A ledger's frames for one period, of the city or of one district."""

    answers: Answers
    period: Period
    district: str | None = None

    # -- capital ---------------------------------------------------------------------------

    @cached_property
    def capital(self) -> pd.DataFrame:
        """Two years' capital: district, chain, industry, month, capital (1e8 CNY)."""
        return self._compared("capital", CAPITAL_BY)

    @cached_property
    def own_capital(self) -> pd.DataFrame:
        """The same, of the district alone if there is one."""
        return self._own(self.capital)

    @cached_property
    def led(self) -> pd.DataFrame:
        """This year's capital by district and lead district, up to the period's end."""
        by = ("district", "lead_district", "month")
        rows = self.answers.ask("capital", by=by, **self._two_years())
        return self.year(rows)

    @cached_property
    def foreign(self) -> pd.DataFrame:
        """Two years' foreign capital: district, month, scope, amount (1e8 USD)."""
        return self._compared("foreign", ("district", "month"))

    def _compared(self, question: str, by: tuple[str, ...]) -> pd.DataFrame:
        """Return two years' rows; of a year before that the ledger doesn't hold from January, none.

        What came before the ledger began isn't known: against the rest all would have grown.
        """
        rows = self.answers.ask(question, by=by, **self._two_years())
        begun = self.answers.ask(question, by=("month",), until=date(self.period.year - 1, 1, 31))
        return rows if len(begun) else self.year(rows)

    def year(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the year up to the period's end."""
        return _between(rows, self.period.year_start, self.period.until)

    def year_before(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the same months of the year before."""
        before = self.period.year_before
        return _between(rows, before.year_start, before.until)

    def in_period(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the period alone."""
        return _between(rows, self.period.since, self.period.until)

    def _two_years(self) -> dict[str, date]:
        year = self.period.year
        return {"since": date(year - 1, 1, 1), "until": date(year, MONTHS, 31)}

    # -- projects --------------------------------------------------------------------------

    @cached_property
    def quotas(self) -> pd.DataFrame:
        """Projects signed in the year that count for a quota: district, quota, projects."""
        by = ("district", "month")
        rows = self.year(self.answers.ask("quota_projects", by=by, **self._two_years()))
        each = rows.groupby(["district", "quota"], dropna=False, as_index=False)
        return each.agg(projects=("projects", "sum"))

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Projects by stage: district, chain, link, stage, projects, size."""
        by = ("district", "chain", "link")
        return self.answers.ask("pipeline", by=by, until=self.period.until)

    @cached_property
    def own_stages(self) -> pd.DataFrame:
        """The same, of the district alone if there is one."""
        return self._own(self.stages)

    @property
    def signed(self) -> pd.DataFrame:
        """The city's projects that were signed, by district, chain and link."""
        return self.stages[self.stages["stage"].eq("signed")]

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """Arrivals by quarter of signing and age: cohort, months, capital, size, projects."""
        rows = self.answers.ask("cohorts", by=("district",), until=self.period.until)
        rows = self._own(rows)
        ages = rows.groupby(["cohort", "months"], as_index=False)
        together = ages.agg(capital=("capital", "sum"))
        # A cohort's size stands in each row of its district.
        each = rows.groupby(["cohort", "district"], dropna=False)[["size", "projects"]].max()
        whole = each.groupby("cohort", as_index=False).sum()
        return together.merge(whole, on="cohort")

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Projects signed in the year by size class: district, size_class, projects, size."""
        since, until = self.period.year_start, self.period.until
        return self._own(self.answers.ask("sizes", by=("district",), since=since, until=until))

    def concentration(self, *by: str) -> pd.DataFrame:
        """Return concentration on projects within the year: *by, herfindahl, top1, top5, top10."""
        since, until = self.period.year_start, self.period.until
        return self.answers.ask("concentration", by=by, since=since, until=until)

    def waiting(self, start: str, end: str) -> funnel.Waiting | None:
        """Return how long projects wait between two stages; None if nobody is followed."""
        until = self.period.until
        waits = self._own(
            self.answers.ask("waits", start=start, end=end, by=("district",), until=until)
        )
        waits = waits.groupby(["months", "ended"], as_index=False).agg(projects=("projects", "sum"))
        given = {"start": start, "end": end, "until": until, "district": self.district}
        try:
            curve = self.answers.keep("survival", given, lambda: funnel.survival(waits))
        except funnel.FunnelError:
            return None
        return funnel.summed_up(curve, waits)

    def listing(self, what: str, **by_value: str) -> pd.DataFrame:
        """Return the largest projects, foreign firms or platforms (of the district)."""
        if self.district:
            by_value = {**by_value, "district": self.district}
        given: dict[str, Any] = {"what": what, "by_value": by_value, "most": MOST_LISTED}
        return self.answers.ask("listing", until=self.period.until, **given)

    def _own(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows if self.district is None else rows[rows["district"].eq(self.district)]


def _between(rows: pd.DataFrame, since: date, until: date) -> pd.DataFrame:
    days = pd.to_datetime(rows["month"])
    return rows[days.ge(pd.Timestamp(since)) & days.le(pd.Timestamp(until))]


def last_period(answers: Answers, year: int) -> Period:
    """Return the last month of a year in which anything arrived; December if nothing did."""
    rows = Asked(answers, Period(year, MONTHS, 1)).capital
    months = pd.to_datetime(rows["month"])
    months = months[months.dt.year.eq(year)]
    return Period(year, int(months.max().month) if len(months) else MONTHS, 1)


def by_place(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return amounts of foreign capital by place and scope: place, scope, amount."""
    keyed = rows.assign(place=rows[key].fillna(places.NONE))
    return keyed.groupby(["place", "scope"], as_index=False).agg(amount=("amount", "sum"))

"""Periods: their days, their names, and what is none."""

from datetime import date

import pytest

from analysis.structure import Period, PeriodError


@pytest.mark.parametrize(
    ("text", "since", "until", "assessment"),
    [
        ("2021-09", date(2021, 9, 1), date(2021, 9, 30), "month"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2021Q3", date(2021, 7, 1), date(2021, 9, 30), "quarter"),
        ("2021q1", date(2021, 1, 1), date(2021, 3, 31), "quarter"),
        (" 2021 ", date(2021, 1, 1), date(2021, 12, 31), "year"),
    ],
)
def test_a_period_has_its_days(text, since, until, assessment):
    period = Period.of(text)
    assert (period.since, period.until, period.assessment) == (since, until, assessment)
    assert Period.of(period.key) == period
    assert period.year_start == date(period.year, 1, 1)
    before = period.year_before
    assert (before.year, before.month, before.length) == (
        period.year - 1, period.month, period.length
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "2021-13", "2021-9", "2021Q5", "21-09", "September", "1821"])
def test_what_is_no_period_is_told_what_would_be(text):
    with pytest.raises(PeriodError, match="2021-09, 2021Q3 or 2021"):
        Period.of(text)

"""Progress against floors and schedule, and quotas, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.structure import places, progress
from analysis.structure.schedule import clauses

PROFILE = pd.DataFrame(
    {"month": range(13), "share": np.linspace(0, 100, 13) ** 0.5 * 10,
     "low": np.linspace(0, 90, 13), "high": np.linspace(0, 100, 13),
     "read": np.arange(13) >= 8}
)  # fmt: skip


def frame(**columns):
    return pd.DataFrame(columns)


def test_sums_divide_industry_projects_from_all_and_keep_what_has_no_key():
    capital = frame(
        chain=["it", "it", None, ""], industry=["yes", "no", "assumed_yes", None],
        capital=[3.0, 2.0, 5.0, 1.0],
    )  # fmt: skip
    found = progress.sums(progress.divided(capital, "chain")).set_index("place")
    columns = ["capital", "industrial", "assumed"]
    assert found.loc["it", columns].tolist() == [5.0, 3.0, 0.0]
    assert found.loc["none", columns].tolist() == [6.0, 5.0, 6.0]


def test_a_district_is_held_against_floor_schedule_and_last_year():
    named = frame(
        place=["a", "b"], tier=["central", "none"], name_zh=["甲", "乙"], name_en=["A", "B"],
        floor=[600.0, np.nan], share_floor=[22.0, np.nan],
    )  # fmt: skip
    year = frame(place=["a"], capital=[450.0], industrial=[90.0], assumed=[0.0])
    before = frame(place=["a", "b"], capital=[300.0, 8.0], industrial=[0.0, 0.0])
    period = frame(place=["a"], capital=[50.0], industrial=[0.0])
    found = progress.progress(named, year, before, period, PROFILE, 9).set_index("place")
    one = found.loc["a"]
    assert one["of_floor"] == 75.0
    assert one["due_linear"] == 450.0 and one["ahead_linear"] == 0.0
    assert (one["due_low"], one["due_high"]) == pytest.approx((600 * 0.675, 600 * 0.75))
    assert (one["end_low"], one["end_high"]) == pytest.approx((450 / 0.75, 450 / 0.675))
    early = progress.progress(named, year, before, period, PROFILE, 7).set_index("place")
    assert early.loc["a", ["due_low", "due_high"]].isna().all(), "no past reading is that early"
    assert (one["share"], one["share_gap"], one["growth"]) == (20.0, -2.0, pytest.approx(50.0))
    assert one["in_period"] == 50.0
    other = found.loc["b"]
    assert other["capital"] == 0 and np.isnan(other["growth"]), "nothing recorded is no fall"
    assert np.isnan(other["of_floor"]) and np.isnan(other["share"])


def test_the_year_is_cumulated_to_its_last_month_and_no_further():
    capital = frame(
        month=pd.to_datetime(["2020-01-01", "2020-12-01", "2021-01-01", "2021-03-01"]),
        capital=[10.0, 20.0, 5.0, 7.0],
    )  # fmt: skip
    found = progress.months(capital, 120.0, PROFILE, 2021, 3)
    assert found["value"].iloc[:4].tolist() == [0.0, 5.0, 5.0, 12.0]
    assert found["value"].iloc[4:].isna().all() and found["flow"].iloc[4:].isna().all()
    assert found["before"].iloc[12] == 30.0
    assert found["linear"].iloc[3] == 30.0
    assert found["end_low"].isna().all(), "no past reading is that early"
    late = progress.months(capital, 120.0, PROFILE, 2021, 9).iloc[9]
    assert (late["end_low"], late["end_high"]) == pytest.approx((12 / 0.75, 12 / 0.675))
    known = {"capital": 12.0, "floor": 120.0, "due_low": 81.0, "due_high": 90.0}
    ends = clauses(known | late[["end_low", "end_high"]].to_dict(), 9)["ends"]
    assert "至 18 亿元" in ends["zh"] and "CNY 1.6 billion to CNY 1.8 billion" in ends["en"]
    first = progress.months(capital, 120.0, PROFILE, 2020, 12)
    assert first["before"].isna().all()


def test_quotas_count_what_is_missing_by_tier_and_by_name(plan):
    counted = frame(
        district=["jiangan", "jiangan", "airport", "east_lake", "caidian"],
        quota=["service_30", "headquarters", "industrial_30", "outward", "outward"],
        projects=[3, 1, 1, 4, 2],
    )  # fmt: skip
    found = progress.quotas(plan, counted)
    at = found.set_index(["place", "quota"])
    assert at.loc[("jiangan", "service_30"), "missing"] == 0
    assert at.loc[("airport", "industrial_30"), ["needed", "missing"]].tolist() == [2.0, 1.0]
    assert at.loc[("east_lake", "outward"), ["needed", "missing"]].tolist() == [5.0, 1.0]
    assert ("caidian", "outward") not in at.index, "the plan names three zones only"
    assert not at.loc[("caidian", "industrial_100"), "required"]
    required = found[found["required"] & found["quota"].ne("outward")]
    assert required.groupby("quota")["needed"].sum().to_dict() == {
        "service_30": 10, "industrial_30": 10, "industrial_50": 3, "headquarters": 17
    }  # fmt: skip
    city = progress.city_quotas(plan, found, counted).set_index("quota")
    assert city.loc["outward", ["needed", "projects"]].tolist() == [24.0, 6.0]
    assert city.loc["headquarters", ["projects", "districts", "asked"]].tolist() == [1, 1, 14]
    assert city.loc["innovation", "needed"] == 10


def test_places_have_the_plans_floors_and_the_unfloored_none(plan):
    rows = places.districts(plan)
    assert rows["floor"].sum() == 8431 and len(rows) == 16
    assert rows.loc[rows["tier"].eq("none"), "floor"].isna().all()
    assert places.tiers(plan)["floor"].tolist() == [3983, 2276, 2172]
    assert places.chains(plan)["floor"].isna().all()


@pytest.mark.parametrize(
    ("capital", "month", "said"),
    [(450.0, 9, "met in December"), (449.0, 9, "not met within the year"), (500.0, 9, "November"),
     (600.0, 9, ""), (0.0, 9, ""), (599.0, 12, "")],
)  # fmt: skip
def test_what_is_left_to_bring_is_told_until_it_is_there(capital, month, said):
    unknown = dict.fromkeys(("due_low", "due_high", "end_low", "end_high"), float("nan"))
    told = clauses({"floor": 600.0, "capital": capital, **unknown}, month)["to_go"]["en"]
    assert said in told and bool(told) == bool(said)

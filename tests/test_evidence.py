"""The evidence: its traps, its refusals, its bounds, and what others rely on."""

import dataclasses
import re

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.briefing.capital_inflow import required_change
from analysis.datapackage import read_table
from analysis.evidence import (
    BoundError,
    EvidenceError,
    Figure,
    PeriodError,
    ScopeError,
    StageError,
    UnitError,
    growth,
    load_evidence,
    share,
    yearly_growth,
)
from analysis.evidence.tables import publisher_said, with_sources
from analysis.files import PLAN, data_dir
from analysis.plan import load_plan

EXACT = Figure(
    value=100.0,
    bound="exact",
    unit="1e8 CNY",
    series="capital_in_place",
    scope="campaign",
    stage="in_place",
    place="Wuhan",
    period_type="annual",
    period_start="2019-01",
    period_end="2019-12",
    source="made_up",
    kind="stated",
    confidence="high",
)


def figure(**changes):
    return dataclasses.replace(EXACT, **changes)


def of_year(year, **changes):
    return figure(period_start=f"{year}-01", period_end=f"{year}-12", **changes)


@pytest.fixture(scope="module")
def evidence():
    return load_evidence()


# What is in the tables


def test_every_value_names_a_source_that_may_be_shown(evidence):
    shown = evidence.sources.loc[evidence.sources["shown"].astype(str).str.lower() == "true", "id"]
    for table in (evidence.figures, evidence.ceremonies, evidence.size_classes):
        assert set(table["source"]) <= set(shown)
    assert set(evidence.left_out["source"]) <= set(evidence.sources["id"])


def test_panel_without_a_licence_is_not_shown(evidence):
    panel = evidence.sources.set_index("id").loc["city_panel"]
    assert str(panel["shown"]).lower() == "false"
    assert "city_panel" in set(evidence.left_out["source"])


def test_a_figure_without_a_known_source_is_refused(evidence):
    orphan = evidence.figures.head(1)[["id", "source"]].assign(source="hearsay")
    with pytest.raises(EvidenceError, match="hearsay"):
        with_sources(orphan, evidence.sources)


def test_ids_are_unique(evidence):
    for table in (evidence.figures, evidence.sources, evidence.ceremonies):
        assert table["id"].is_unique


def test_a_row_has_a_value_or_a_growth_rate(evidence):
    rows = evidence.figures
    assert (rows["value"].notna() | rows["growth_pct"].notna()).all()
    assert set(rows["bound"]) <= {"exact", "lower", "upper"}
    assert set(rows["period_type"]) <= {"annual", "ytd", "event", "stock"}


# Traps


@pytest.mark.parametrize(
    ("date", "amount"), [("2023-06-19", 2339.8), ("2024-03-27", 3283.68), ("2021-12-03", 15700)]
)
def test_headlines_that_lost_their_decimal_point_are_put_right(evidence, date, amount):
    rows = evidence.select(series="signed_amount", place="Wuhan", period_end=date).frame
    assert amount in set(rows["value"])
    assert rows["value"].max() == amount
    assert rows["note"].str.contains("decimal point").any()


def test_undated_december_ceremony_is_inferred_and_marked_so(evidence):
    rows = evidence.select(place="Wuhan", period_end="2021-12-03").frame
    assert sorted(rows["value"]) == [155, 545, 4219.28, 15700]
    assert set(rows["kind"]) == {"inferred"}
    assert rows["note"].str.contains("names no year").all()
    december = evidence.ceremonies.set_index("id").loc["signing_2021_q4"]
    assert (december["date_kind"], december["kind"]) == ("inferred", "inferred")


def test_tianjin_is_left_out(evidence):
    places = " ".join([*evidence.figures["place"], *evidence.ceremonies["name_en"]])
    assert "Xiqing" not in places and "Tianjin" not in places
    assert evidence.left_out["place"].str.contains("Xiqing").any()


def test_no_line_of_wuhan_crosses_2021_to_2022(evidence):
    rows = evidence.figures[
        evidence.figures["place"].eq("Wuhan") & evidence.figures["unit"].eq("1e8 USD")
    ]
    from_2022 = rows[rows["period_end"].astype(str) >= "2022"]
    assert set(from_2022["series"]) <= {"fdi_mofcom_scope"}
    wide = of_year(2021, unit="1e8 USD", scope="city_full", stage="utilised")
    narrow = of_year(2022, unit="1e8 USD", scope="mofcom", stage="utilised")
    with pytest.raises(ScopeError, match=r"city_full.*mofcom"):
        growth(wide, narrow)


def test_china_breaks_where_its_scope_widens(evidence):
    before, after = (evidence.value("fdi_mofcom_usd", "China", year) for year in (2021, 2022))
    with pytest.raises(ScopeError, match="break the line"):
        growth(before, after)


def test_city_and_province_count_wuhan_apart(evidence):
    city = evidence.select(series="foreign_capital_utilised", scope="city_full", place="Wuhan")
    province = evidence.select(series="foreign_capital_utilised_provincial", place="Wuhan")
    assert {one.period_end for one in province} == {"2015-12", "2017-08", "2017-09", "2018-09"}
    assert not {one.period_end for one in city} & {one.period_end for one in province}


# What the model and the pacing rely on


@pytest.mark.parametrize(
    ("period", "value", "bound", "kind"),
    [
        ("2017", 8000, "lower", "stated"),
        ("2017-10", 7003.5, "exact", "inferred"),
        ("2019-08", 6114.8, "exact", "stated"),
        ("2019-10", 7557.5, "exact", "stated"),
        ("2019", 8742.8, "exact", "derived"),
        ("2020", 9328.6, "exact", "inferred"),
        ("2021", 9330, "lower", "stated"),
    ],
)
def test_capital_in_place_of_wuhan(evidence, period, value, bound, kind):
    found = evidence.value("capital_in_place", "Wuhan", period)
    assert (found.value, found.bound, found.kind) == (value, bound, kind)
    assert (found.unit, found.scope) == ("1e8 CNY", "campaign")


def test_the_report_of_2019_agrees_with_the_derived_total(evidence):
    rows = evidence.select(series="capital_in_place", place="Wuhan", period_end="2019-12")
    values = {one.bound: one.value for one in rows}
    assert values["lower"] < values["exact"]


def test_2020_growth_leads_from_the_derived_2019(evidence):
    before, after = (evidence.value("capital_in_place", "Wuhan", year) for year in (2019, 2020))
    change = growth(before, after)
    assert change.value == pytest.approx(6.7, abs=0.01)
    assert (change.bound, change.kind) == ("exact", "inferred")


def test_exchange_rate_has_every_year_of_the_scenarios(evidence):
    rows = evidence.select(series="exchange_rate", place="China").frame
    assert set(rows["unit"]) == {"CNY per USD"}
    years = rows["period_end"].astype(str).str[:4].astype(int)
    assert set(range(2011, 2025)) <= set(years)


def test_balance_of_payments_line_is_whole(evidence):
    rows = evidence.select(series="fdi_bop_net", place="China").frame
    years = rows["period_end"].astype(str).str[:4].astype(int)
    assert set(range(1990, 2025)) <= set(years)
    assert evidence.value("fdi_bop_net", "China", 2021).value == pytest.approx(3441, abs=1)


def test_size_classes_add_up_to_the_ceremony(evidence):
    classes = evidence.size_classes
    ceremony = evidence.ceremonies.set_index("id").loc["start_2018_11"]
    mine = classes[classes["ceremony"] == "start_2018_11"]
    by_size, by_sector = mine[mine["sector"] == "all"], mine[mine["sector"] != "all"]
    for part in (by_size, by_sector):
        assert part["projects"].sum() == ceremony["projects"]
        assert part["amount"].sum() == ceremony["amount"]
    known = set(evidence.ceremonies["id"]) | set(evidence.figures["id"])
    assert set(classes["ceremony"]) <= known
    for ident in set(classes["ceremony"]) - set(evidence.ceremonies["id"]):
        whole = evidence.figures.set_index("id").loc[ident, "value"]
        assert classes.loc[classes["ceremony"] == ident, "projects"].sum() == whole


def test_census_areas_add_up_to_the_city(evidence):
    city = evidence.value("population_census", "Wuhan", 2020)
    areas = [one for one in evidence.select(series="population_census") if one.place != "Wuhan"]
    assert sum(one.value for one in areas) == pytest.approx(city.value)


def test_quarters_of_2021_leave_room_for_the_first(evidence):
    signed = evidence.select(series="signed_amount", place="Wuhan")
    ends = ("2021-05-24", "2021-08-27", "2021-12-03")
    quarters = [one for one in signed if one.period_type == "event" and one.period_end in ends]
    (year,) = [one for one in signed if one.period_type == "ytd" and one.period_end == ends[-1]]
    assert len(quarters) == 3
    assert sum(one.value for one in quarters) < year.value


# Finding


def test_a_missing_period_says_which_there_are(evidence):
    with pytest.raises(EvidenceError, match="2019-01 to 2019-08"):
        evidence.value("capital_in_place", "Wuhan", 2018)
    with pytest.raises(EvidenceError, match="none of that series"):
        evidence.value("gdp", "Xinzhou", 2018)
    with pytest.raises(EvidenceError, match="unknown place 'Atlantis'"):
        evidence.value("capital_in_place", "Atlantis", 2018)
    with pytest.raises(PeriodError, match="YYYY-MM"):
        evidence.value("capital_in_place", "Wuhan", "last year")


def test_an_unknown_column_is_named(evidence):
    with pytest.raises(EvidenceError, match=r"colour.*series"):
        evidence.select(colour="red")


def test_figures_carry_title_address_and_date_of_their_source(evidence):
    row = evidence.select(id="capital_in_place_wuhan_2019_08").frame.iloc[0]
    assert row["source_title"].startswith("武汉招商引资")
    assert row["url"].startswith("http")
    assert str(row["published"]).startswith("2019")


def test_tables_that_are_handed_out_are_the_caller_s_own(evidence):
    mine = load_evidence()
    mine.figures.loc[:, "value"] = 0
    mine.ceremonies.loc[:, "amount"] = 0
    assert load_evidence().figures["value"].equals(evidence.figures["value"])
    assert load_evidence().ceremonies["amount"].equals(evidence.ceremonies["amount"])


# Refusals


@pytest.mark.parametrize(
    ("other", "error"),
    [
        (of_year(2020, stage="signed"), StageError),
        (of_year(2020, scope="mofcom"), ScopeError),
        (of_year(2020, series="signed_amount"), ScopeError),
        (of_year(2020, unit="1e8 USD"), UnitError),
        (figure(period_type="ytd", period_start="2020-01", period_end="2020-10"), PeriodError),
    ],
)
def test_what_differs_is_not_compared(other, error):
    with pytest.raises(error) as refused:
        growth(EXACT, other)
    assert str(EXACT) in str(refused.value) and str(other) in str(refused.value)


def test_months_are_compared_with_the_same_months():
    ytd = {"period_type": "ytd", "period_start": "2019-01"}
    eight = figure(**ytd, period_end="2019-08")
    with pytest.raises(PeriodError, match="same months"):
        growth(eight, figure(period_type="ytd", period_start="2020-01", period_end="2020-10"))
    later = figure(period_type="ytd", period_start="2020-01", period_end="2020-08", value=110.0)
    assert growth(eight, later).value == pytest.approx(10)


def test_february_of_a_leap_year_is_february():
    leap = figure(period_type="ytd", period_start="2020-01", period_end="2020-02")
    plain = figure(period_type="ytd", period_start="2021-01", period_end="2021-02")
    assert growth(leap, plain).value == 0


def test_growth_is_of_one_place_and_goes_forward():
    with pytest.raises(ScopeError, match="one place"):
        growth(EXACT, of_year(2020, place="Chongqing"))
    with pytest.raises(PeriodError, match="swap"):
        growth(of_year(2020), EXACT)


def test_a_growth_rate_alone_is_no_level():
    unknown = of_year(2020, value=float("nan"))
    with pytest.raises(EvidenceError, match="growth_pct"):
        growth(EXACT, unknown)


# Bounds


@pytest.mark.parametrize(
    ("base", "later", "bound"),
    [
        ("exact", "exact", "exact"),
        ("exact", "lower", "lower"),
        ("exact", "upper", "upper"),
        ("lower", "exact", "upper"),
        ("upper", "exact", "lower"),
        ("upper", "lower", "lower"),
        ("lower", "upper", "upper"),
    ],
)
def test_bound_of_a_change(base, later, bound):
    a, b = figure(bound=base), of_year(2020, bound=later)
    assert growth(a, b).bound == bound


@pytest.mark.parametrize("bound", ["lower", "upper"])
def test_two_bounds_of_one_kind_leave_the_change_unknown(bound):
    with pytest.raises(BoundError, match="unknown"):
        growth(figure(bound=bound), of_year(2020, bound=bound))


truth = st.floats(1, 1e5)
published = st.tuples(truth, st.sampled_from(["exact", "lower", "upper"]), st.floats(0.01, 0.99))


def seen(true, bound, slack):
    """What is published of a true value: itself, less of it, or more of it."""
    return true * {"exact": 1, "lower": 1 - slack, "upper": 1 + slack}[bound]


def holds(reckoned, true):
    room = 1e-6 * max(1, abs(true), abs(reckoned.value))
    return {
        "exact": abs(reckoned.value - true) <= room,
        "lower": reckoned.value <= true + room,
        "upper": reckoned.value >= true - room,
    }[reckoned.bound]


@given(published, published)
def test_bound_of_a_change_is_true_whatever_the_truth_is(first, second):
    a = figure(value=seen(*first), bound=first[1])
    b = of_year(2020, value=seen(*second), bound=second[1])
    assume(first[1] == "exact" or first[1] != second[1])
    assert holds(growth(a, b), (second[0] / first[0] - 1) * 100)


@pytest.mark.slow
@given(st.lists(st.sampled_from(["stated", "derived", "inferred", "assumed"]), min_size=2,
                max_size=2))  # fmt: skip
def test_a_growth_is_as_sure_as_its_weaker_part(kinds):
    order = ["stated", "derived", "inferred", "assumed"]
    result = growth(*(of_year(1990 + n, kind=kind) for n, kind in enumerate(kinds)))
    assert result.kind == max([*kinds, "derived"], key=order.index)


def test_frames_are_pandas(evidence):
    assert isinstance(evidence.select(place="Wuhan").frame, pd.DataFrame)
    assert len(evidence.select(place="Wuhan")) == evidence.figures["place"].eq("Wuhan").sum()


# Lines of a series, shares, and what they refuse


def test_a_line_takes_the_surest_of_rivals_and_never_a_mean(evidence):
    line = {one.year: one for one in evidence.line("capital_in_place", "Wuhan")}
    assert (line[2019].value, line[2019].bound) == (8742.8, "exact")
    assert line[2021].bound == "lower" and list(line) == sorted(line)
    rivals = evidence.select(series="capital_in_place", place="Wuhan", period_start="2019-01")
    assert len(rivals) > 1


def test_a_line_of_two_counts_is_refused(evidence):
    with pytest.raises(ScopeError, match="scope"):
        evidence.line("fdi_unctad", "China")
    assert evidence.line("fdi_unctad", "China", scope="unctad")[0].year == 2005
    with pytest.raises(ScopeError, match="unstated"):
        evidence.line("foreign_capital_utilised", "Wuhan", period_type=["annual", "ytd"])


def test_growth_that_was_published_stands_beside_what_levels_give(evidence):
    line = evidence.line("fdi_mofcom_cny", "China", scope="mofcom")
    by_year = {one.year: one for one in line}
    assert by_year[2021].growth_pct == 14.9
    assert growth(by_year[2020], by_year[2021]).value == pytest.approx(15.0, abs=0.01)
    assert yearly_growth(by_year[2019], by_year[2021]).value == pytest.approx(10.52, abs=0.01)


def test_the_target_of_2021_against_the_last_one_is_an_upper_bound(evidence):
    found = required_change(load_plan(), evidence)
    assert found["growth_on_aim"] == pytest.approx(100 * (9330 / 8600 - 1))
    assert found["growth_expected"] == pytest.approx(100 * (9330 / 9328.6 - 1))
    assert found["growth_expected"].kind["en"] == "inferred"
    last = evidence.value("capital_in_place_target_expected", "Wuhan", 2020)
    assert last.bound == "lower" and growth(last, of_year(
        2021, stage="target", series="capital_in_place_target_expected", value=9330.0
    )).bound == "upper"  # fmt: skip


def test_a_share_is_of_its_own_whole():
    ten = figure(period_type="ytd", period_end="2019-10", value=86.0)
    assert share(ten, EXACT).value == pytest.approx(86)
    assert share(ten, figure(bound="lower")).bound == "upper"
    assert share(figure(value=25.0), figure(place="Hubei")).value == pytest.approx(25)
    for other, error in (
        (of_year(2020), PeriodError),
        (figure(place="Chongqing"), ScopeError),
        (figure(stage="signed"), StageError),
        (of_year(2020, place="Hubei"), PeriodError),
        (figure(place="Hubei", value=0.0), EvidenceError),
    ):
        with pytest.raises(error):
            share(ten if other.place == "Wuhan" else EXACT, other)
    with pytest.raises(BoundError):
        share(dataclasses.replace(ten, bound="lower"), figure(bound="lower"))


def test_the_largest_ceremony_is_none_that_counts_a_quarter(evidence):
    single = evidence.ceremonies[evidence.ceremonies["counts"].eq("ceremony")]
    assert single["amount"].max() == 4122.78
    assert "signing_2021_q4" not in set(single["id"])


def test_who_published_a_figure_is_told_in_the_reader_s_language(evidence):
    folders = [file.parent for file in data_dir().glob(f"plans/*/{PLAN}")]
    named = [evidence.sources, *(load_plan(one).table("sources") for one in folders)]
    publishers = set().union(*(frame["publisher"].dropna() for frame in named)) - {""}
    assert publishers == set(read_table("publishers")["publisher"])
    for one in publishers:
        said = publisher_said(one)
        assert not re.search(r"[一-鿿]", said["en"].replace("part 1 (二)", "")), one
        assert not re.search(r"republished|undated|press|translat|citing", said["zh"]), one
    assert publisher_said("A gazette, 2031") == {"zh": "A gazette, 2031", "en": "A gazette, 2031"}

"""What districts were asked and reported: recounted from the tables alone, and kept apart."""

import csv
import shutil
from itertools import groupby
from urllib.parse import urlsplit

import pandas as pd
import pytest

from analysis.datapackage import DataPackageError, data_dir, read_table
from analysis.districts import own_targets
from analysis.evidence import (
    EvidenceError,
    PeriodError,
    ScopeError,
    StageError,
    growth,
    load_evidence,
    share,
)
from analysis.evidence.tables import dated
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.study import places
from tests.plans import OTHERS


def rows(name):
    with next(data_dir().rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def local():
    return rows("local_figures")


@pytest.fixture(scope="module")
def evidence():
    return load_evidence()


def value(local, key):
    return float(local[key]["value"])


# Recounted


def test_known_own_targets_lie_251_over_their_floors_and_leave_648_of_899(local, evidence):
    jiangan = value(local, "capital_in_place_target_expected_jiangan_2021") - 569
    airport = value(local, "capital_in_place_target_stretch_airport_2021") - 724
    months = local["capital_in_place_wuhan_edz_2021_04"]
    zone = float(months["value"]) / float(months["target_progress_pct"]) * 100 - 724
    assert (jiangan, airport, round(zone)) == (140, 2, 109)
    own = own_targets(load_plan(), evidence)
    assert round(own.added) == round(jiangan + airport + zone) == 251
    assert own.gap == 9330 - (11 * 569 + 3 * 724) == 899
    assert (own.known, own.unknown) == (3, 11)
    assert own.even * 11 == pytest.approx(own.rest) == pytest.approx(648, abs=1)
    # The others' floors: ten districts and East Lake.
    assert own.in_proportion == pytest.approx(100 * own.rest / (10 * 569 + 724))


def test_share_of_the_airport_zone_is_its_industry_projects_over_the_whole(local):
    whole = value(local, "capital_in_place_airport_2021")
    part = value(local, "industrial_capital_in_place_airport_2021")
    assert round(100 * part / whole, 1) == value(local, "industrial_share_airport_2021") == 53.1
    floor, target = 724, value(local, "capital_in_place_target_stretch_airport_2021")
    assert floor < target < whole
    progress = float(local["capital_in_place_airport_2021"]["target_progress_pct"])
    assert round(100 * whole / target, 2) == progress
    foreign = local["foreign_capital_utilised_airport_2021"]
    asked = value(local, "foreign_capital_utilised_target_stretch_airport_2021")
    assert round(100 * float(foreign["value"]) / asked, 1) == float(foreign["target_progress_pct"])


def test_ceremonies_of_2021_add_up_to_what_was_reported_for_the_year(evidence):
    signed = evidence.ceremonies[evidence.ceremonies["id"].str.match(r"signing_2021_q\d")]
    assert len(signed) == 4
    assert signed["projects"].sum() == 546
    assert round(signed["amount"].sum(), 2) == 15642.72
    reported = one(evidence, "signed_amount_wuhan_2021_12_03").value
    assert reported == 15700
    assert abs(signed["amount"].sum() / reported - 1) < 0.005
    assert one(evidence, "signed_projects_wuhan_2021_12_03").value == 546 - 1


def test_two_ways_to_the_target_of_wuchang_agree(local):
    reached = [
        100 * float(row["value"]) / float(row["target_progress_pct"])
        for key, row in local.items()
        if key.startswith("industrial_capital_in_place_wuchang_2023")
    ]
    target = value(local, "industrial_capital_in_place_target_expected_wuchang_2023")
    assert len(reached) == 2
    assert all(abs(one - target) < 0.5 for one in reached)


@pytest.mark.parametrize("name", OTHERS)
def test_places_of_a_plan_without_such_a_target_have_no_own_one(name):
    plan = load_plan(name)
    assert places(plan)["own_target"].isna().all()


# Where it is from


@pytest.mark.parametrize("table", ["local_figures", "projects"])
@pytest.mark.parametrize("column", ["publisher", "published"])
def test_a_row_without_publisher_or_date_is_refused(table, column):
    sources = read_table("sources")
    of_table = read_table(table)
    dated(of_table, sources)
    silent = of_table["source"].iloc[0]
    sources.loc[sources["id"].eq(silent), column] = ""
    with pytest.raises(EvidenceError, match=f"{silent}.*no {column}"):
        dated(of_table, sources)


@pytest.mark.parametrize("column", ["term", "kind", "confidence", "source"])
def test_a_row_without_term_kind_confidence_or_source_is_refused(tmp_path, column):
    copy = shutil.copytree(data_dir(), tmp_path / "data")
    path = next(copy.rglob("local_figures.csv"))
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[3, column] = ""
    frame.to_csv(path, index=False)
    with pytest.raises(DataPackageError, match=rf"local_figures.csv, row 5, column {column}"):
        load_evidence(copy)


def test_what_is_shown_of_a_district_says_who_published_it_and_by_what_term(evidence):
    districts = set(load_plan().aliases.values())
    of_districts = evidence.figures["place"].map(load_plan().aliases).isin(districts)
    shown = evidence.figures[of_districts & evidence.figures["term"].ne("")]
    assert len(shown) > 200
    assert shown[["publisher", "published", "source_title"]].ne("").all(axis=None)
    figure = next(iter(evidence.select(id="capital_in_place_airport_2021")))
    assert (figure.term, figure.publisher) == ("招商引资实际到位资金", "东西湖区商务局")
    assert figure.published in figure._repr_html_()


def test_mirrors_are_named_and_not_linked(evidence):
    addresses = evidence.sources.set_index("id")["url"]
    assert addresses["dxh_commerce_2021"].startswith("https://www.dxh.gov.cn/")
    mirror = addresses["huangpi_report_2017"]
    assert mirror
    assert "://" not in mirror
    linked = addresses[addresses.str.contains("://")].map(lambda url: urlsplit(url).hostname)
    unlinked = {url.partition("/")[0] for url in addresses if url and "://" not in url}
    assert not unlinked & set(linked)
    assert not any(host.endswith(".gov.cn") for host in unlinked)


# Kept apart


def one(evidence, key):
    return next(iter(evidence.select(id=key)))


def test_notions_that_differ_in_a_word_are_never_reckoned_together(evidence):
    older = one(evidence, "campaign_total_hanyang_2014")
    in_place = one(evidence, "capital_in_place_airport_2021")
    industrial = one(evidence, "industrial_capital_in_place_airport_2021")
    signed = one(evidence, "signed_amount_airport_2021")
    target = one(evidence, "capital_in_place_target_stretch_airport_2021")
    for other, error in ((older, ScopeError), (industrial, ScopeError), (signed, StageError)):
        with pytest.raises(error):
            share(in_place, other)
    with pytest.raises(StageError):
        share(in_place, target)
    with pytest.raises(PeriodError):
        share(in_place, one(evidence, "capital_in_place_wuhan_2020"))
    with pytest.raises(ScopeError):
        growth(
            one(evidence, "foreign_capital_utilised_east_lake_2017"),
            one(evidence, "foreign_capital_utilised_airport_2021"),
        )


def test_rival_figures_stand_side_by_side_and_say_why(local):
    def count(row):
        return tuple(row[c] for c in ("series", "scope", "place", "period_start", "period_end",
                                      "period_type"))  # fmt: skip

    rivals = [
        held
        for _, group in groupby(sorted(local.values(), key=count), count)
        if len(held := list(group)) > 1
    ]
    assert any(row["id"] == "gdp_wuchang_2021" for held in rivals for row in held)
    for held in rivals:
        assert all(row["note"] for row in held), [row["id"] for row in held]


def test_what_is_left_out_says_what_is_still_missing(evidence):
    left = evidence.left_out
    lacking = left[left["series"].eq("capital_in_place") & left["period"].eq("2021")]
    districts = set(lacking["place"].map(load_plan().aliases).dropna())
    known = {"airport"}
    assert districts == set(load_plan().floors["district"]) - known
    assert not left["reason"].str.contains("no industrial share of capital in place").any()


# What is left to the others, as a lever


def test_the_others_close_the_gap_just_where_their_floors_in_proportion_do(local):
    # Of eleven at 569 and three at 724, ten and one have published none.
    model, others = load_model(), 10 * 569 + 724
    known = {"jiangan": 709, "airport": 726, "wuhan_edz": 323.1 / 0.388}
    assert set(known) == set(own_targets(load_plan(), load_evidence()).rows.dropna()["district"])
    carried = 8431 + sum(known.values()) - 569 - 2 * 724
    lever = model.levers["others_over"]
    for percent in (lever.low, 100 * (9330 - carried) / others, lever.high):
        found = model.evaluate({"others_over": percent}, ["carried", "carried_margin"])
        assert found["carried"] == pytest.approx(carried + others * percent / 100, abs=0.5)
        assert found["carried_margin"] == pytest.approx(found["carried"] - 9330)
    # What the others do is no part of the scenario's own sum.
    moved = model.evaluate({"others_over": lever.high}, ["capital_total", "industrial_share"])
    assert moved == model.evaluate({}, ["capital_total", "industrial_share"])


def test_a_plan_without_the_lever_still_tells_how_far_known_targets_carry(tmp_path, local):
    folder = shutil.copytree(load_plan().folder, tmp_path / "plan")
    table = folder / "levers.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("others_over,")]
    assert len(kept) == len(lines) - 1
    table.write_text("".join(kept), "utf-8")
    found = load_model(load_plan(folder)).evaluate({}, ["carried", "others_added"])
    assert found == load_model().evaluate({}, ["carried", "others_added"])
    assert found["others_added"] == 0

"""A whole report of a small ledger that is counted by hand, through DuckDB."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from ledger_tables import table

from analysis.ledger import aggregates
from analysis.ledger.engine import in_memory
from analysis.ledger.form import KINDS
from analysis.ledger.frames import frame
from analysis.plan import PlanError, load_plan
from analysis.structure import Period, PeriodError, report
from analysis.structure.asked import Asked
from analysis.structure.kept import Answers

PROJECTS = [
    # id, district, chain, link, sector, size, lead district, signed
    ("P1", "jiangan", None, None, "service", 400_000, "jianghan", date(2020, 1, 3)),
    ("P2", "jiangan", "it", "晶圆制造", "industrial", 100_000, None, date(2021, 2, 1)),
    ("P3", "airport", "automotive", "核心零部件", "industrial", 350_000, None, date(2021, 3, 9)),
]
ARRIVALS = [
    ("P1", date(2020, 1, 9), 100_000), ("P1", date(2021, 1, 5), 200_000),
    ("P2", date(2021, 3, 1), 50_000), ("P3", date(2021, 9, 9), 30_000),
    ("P3", date(2021, 10, 9), 70_000),
]  # fmt: skip
FOREIGN = [("airport", date(2020, 1, 1), "fdi", 1000), ("airport", date(2021, 3, 1), "fdi", 1500)]


@pytest.fixture(scope="module")
def ledger():
    names = ("project_id", "district", "chain", "link", "sector", "size", "lead_district",
             "signed_date")  # fmt: skip
    projects = [dict(zip(names, row, strict=True)) for row in PROJECTS]
    projects = [{**row, "name": row["project_id"], "size": Decimal(row["size"]),
                 "signed_date_precision": "day"} for row in projects]  # fmt: skip
    arrivals = [
        {"project_id": p, "date": d, "amount": Decimal(a), "date_precision": "day"}
        for p, d, a in ARRIVALS
    ]
    foreign = [
        {"district": p, "date": d, "scope": s, "amount": Decimal(a), "date_precision": "month"}
        for p, d, s, a in FOREIGN
    ]
    rows = dict(zip(KINDS, (projects, arrivals, foreign), strict=True))
    tables = {kind: table(kind, rows[kind]) for kind in KINDS}
    return in_memory(tables, "reported", "counted by hand")


@pytest.fixture(scope="module")
def kept(ledger, tmp_path_factory):
    """The cache of this module: what was asked once is read from it."""
    return tmp_path_factory.mktemp("module")


@pytest.fixture(autouse=True)
def its_cache(kept, cache_of_its_own, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CACHE", str(kept))


@pytest.mark.slow
def test_the_city_to_september(ledger, plan):
    found = report(ledger, plan, "2021-09")
    city = found.place
    assert (city["capital"], city["before"], city["in_period"]) == (28.0, 10.0, 3.0)
    assert city["industrial"] == 8.0 and city["share"] == pytest.approx(100 * 8 / 28)
    assert city["of_floor"] == pytest.approx(100 * 28 / 9330)
    assert city["due_linear"] == pytest.approx(9330 * 0.75)
    targets = found.targets.set_index("target")
    assert targets.loc["fdi_growth", "value"] == pytest.approx(50)
    assert targets.loc["foreign_capital_growth", "value"] != targets.loc["fdi_growth", "value"]
    assert found.contribution.set_index("place")["points"]["airport"] == pytest.approx(30)
    assert found.mix.mix + found.mix.within == pytest.approx(found.mix.total)
    assert found.months["value"].iloc[9] == 28 and found.months["value"].iloc[10:].isna().all()
    assert not found.illustrative


def test_districts_stages_links_and_sharing(ledger, plan):
    found = report(ledger, plan, "2021Q4")
    rows = found.districts.set_index("place")
    assert rows["capital"]["jiangan"] == 25 and rows["capital"]["airport"] == 10
    assert rows["capital"].sum() == found.place["capital"] == found.tiers["capital"].sum() == 35
    assert found.chains.set_index("place")["capital"].to_dict() == {
        "it": 5, "health": 0, "equipment": 0, "automotive": 10
    }  # fmt: skip
    lead = found.sharing.set_index("place")
    assert lead["led_in"]["jiangan"] == lead["led_out"]["jianghan"] == 20
    assert found.funnel.set_index("stage")["projects"][["signed", "in_place"]].tolist() == [3, 3]
    quota = found.quotas.set_index(["place", "quota"])["projects"]
    assert quota["airport", "industrial_30"] == 1 and quota["jiangan", "service_30"] == 0
    filled = found.links[found.links["projects"].gt(0)]
    assert set(filled["link"]) == {"it_1", "automotive_2"} and len(found.gaps) == 16
    assert found.waits["signed first_arrival"].projects == 3
    # P1 is signed in 2020Q1, the only quarter of which all is a year old: 10 of 40 came within it.
    assert found.conversion.rate == pytest.approx(25) and found.conversion.cohorts == 1
    assert found.lists["projects"]["project_id"].tolist() == ["P1", "P3", "P2"]
    whole = found.concentration[found.concentration["by"].eq("all")].iloc[0]
    assert whole["herfindahl"] == pytest.approx((20**2 + 5**2 + 10**2) / 35**2)


def test_a_districts_report_is_its_own(ledger, plan):
    found = report(ledger, plan, "2021", "江岸区")
    assert found.district == "jiangan" and found.place["capital"] == 25
    assert found.months["value"].iloc[12] == 25
    assert found.months["linear"].iloc[12] == 569
    assert found.chains["capital"].sum() == 5
    assert found.funnel.set_index("stage")["projects"]["signed"] == 2
    assert len(found.districts) == 16, "ranks need all of them"
    table = found.table.set_index("measure")
    assert table.loc["capital", ["value", "asked", "missing", "before"]].tolist() == [
        25, 569, 544, 10
    ]  # fmt: skip
    assert table.loc["led_in", "value"] == 20
    assert set(found.lists["projects"]["district"]) == {"jiangan"}


@pytest.mark.slow
def test_a_first_year_has_no_growth_and_nothing_to_convert(ledger, plan):
    found = report(ledger, plan, "2020")
    assert found.contribution is None and found.mix is None and found.conversion is None
    assert found.place["growth"] != found.place["growth"]


@pytest.mark.slow
def test_against_a_year_in_which_the_ledger_began_nothing_has_grown(ledger, plan):
    later = {
        "projects": ledger.projects.to_pyarrow(),
        "arrivals": ledger.arrivals.filter(ledger.arrivals.date > date(2020, 2, 1)).to_pyarrow(),
        "foreign_capital": ledger.foreign_capital.mutate(date=date(2021, 2, 1)).to_pyarrow(),
    }
    began = [{"project_id": "P1", "date": date(2020, 2, 1), "amount": Decimal(1),
              "date_precision": "day"}]  # fmt: skip
    later["arrivals"] = pa.concat_tables([table("arrivals", began), later["arrivals"]])
    found = report(in_memory(later, "reported", "begun in February 2020"), plan, "2021-09")
    assert found.place["capital"] == 28 and found.contribution is None and found.mix is None
    known = pd.concat([found.districts, found.chains, found.foreign, found.months])
    assert known[["before", "growth"]].isna().all(axis=None)


@pytest.mark.slow
def test_the_same_report_again_asks_no_engine(ledger, plan, monkeypatch):
    report(ledger, plan, "2021-09")
    for name in aggregates.__all__:
        monkeypatch.setattr(aggregates, name, lambda *_, **__: pytest.fail("asked again"))
    assert report(ledger, plan, "2021-09").place["capital"] == 28


def test_no_period_and_no_district_of_the_city_are_refused(ledger, plan):
    with pytest.raises(PeriodError):
        report(ledger, plan, "soon")
    with pytest.raises(PlanError, match="西青"):
        report(ledger, plan, "2021", "西青区")


def shares(ledger, **stated):
    """The report of a ledger whose projects say whether they are industry projects, or don't."""
    import ibis

    rows = ledger.projects.to_pandas()
    said = ibis.memtable({"_id": list(rows["project_id"]),
                          "_said": [stated.get(one) for one in rows["project_id"]]},
                         schema={"_id": "string", "_said": "boolean"})  # fmt: skip
    joined = ledger.projects.drop("industry_project").join(
        said, ledger.projects.project_id == said._id
    )
    projects = joined.rename(industry_project="_said").drop("_id").to_pyarrow()
    tables = {"projects": projects, "arrivals": ledger.arrivals.to_pyarrow(),
              "foreign_capital": ledger.foreign_capital.to_pyarrow()}  # fmt: skip
    stamp = f"industry projects {sorted(stated.items())}"
    return report(in_memory(tables, "reported", stamp), load_plan(), "2021-09")


def test_where_the_ledger_does_not_say_the_sector_decides_and_it_is_called_assumed(ledger):
    found = report(ledger, load_plan(), "2021-09")
    assert found.share_kind == "assumed" and found.assumed == 100
    # P1 is a service project: 20 of 28; P2 and P3 are manufacturing.
    assert found.place["share"] == pytest.approx(100 * 8 / 28)
    target = found.targets.set_index("target").loc["industrial_share"]
    assert target["name_zh"].endswith("（假定）") and target["name_en"].endswith("(assumed)")


@pytest.mark.slow
def test_an_industry_project_is_one_whatever_its_sector(ledger):
    found = shares(ledger, P1=True, P2=True, P3=False)
    assert found.share_kind == "derived" and found.assumed == 0
    assert found.place["share"] == pytest.approx(100 * 25 / 28)
    name = found.targets.set_index("target").loc["industrial_share", "name_zh"]
    assert "假定" not in name
    partly = shares(ledger, P1=True)
    assert partly.share_kind == "assumed"
    assert partly.assumed == pytest.approx(100 * 8 / 28)
    assert partly.place["share"] == pytest.approx(100)
    # A quota of manufacturing projects looks at the sector alone.
    quota = partly.quotas.set_index(["place", "quota"])["projects"]
    assert quota["airport", "industrial_30"] == 1 and quota["jiangan", "service_30"] == 0


@pytest.mark.parametrize("period", ["2020-01", "2021-01", "2021-02", "2021Q1", "2021"])
def test_quotas_of_months_add_up_to_those_of_the_period(ledger, period):
    asked = Asked(Answers.of(ledger), Period.of(period), None)
    since, until = asked.period.year_start, asked.period.until
    whole = frame(aggregates.quota_projects(ledger, since, until))
    pd.testing.assert_frame_equal(asked.quotas, whole, check_dtype=False)
    assert whole["projects"].sum() == (period not in ("2021-01", "2021-02"))  # P2 is too small

"""What is published of districts: recounted from the tables alone, shown whole, kept apart."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from cell_words import NOTEBOOKS, sentences
from ledger_tables import table as ledger_table
from ran import page_of

from analysis.board.records import decoded
from analysis.board.still import signals
from analysis.briefing import ledger, published, published_table
from analysis.datapackage import data_dir
from analysis.evidence import load_evidence
from analysis.ledger.engine import in_memory
from analysis.ledger.form import KINDS
from analysis.plan import load_plan
from analysis.structure import Answers
from analysis.text import LANGUAGES, said
from tests.plans import OTHERS

PLAN, EVIDENCE = load_plan(), load_evidence()
PLANS = [load_plan(name) for name in OTHERS]


def written(name: str) -> list[dict[str, str]]:
    with next(data_dir().rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# Recounted


def test_each_district_has_its_floor_and_what_is_known_of_its_target_and_result():
    panel = published.panel(PLAN, EVIDENCE).set_index("district")
    assert len(panel) == 14
    assert panel["floor"].value_counts().to_dict() == {569: 11, 724: 3}
    assert panel["floor"].sum() == 9330 - 899
    known = panel.dropna(subset=["expected", "stretch", "result"], how="all")
    assert set(known.index) == {"jiangan", "wuhan_edz", "airport"}
    assert panel.loc["jiangan", ["expected", "stretch"]].tolist() == [709, 711]
    assert panel.loc["airport", ["stretch", "result"]].tolist() == [726, 726.2]
    # Only the zone's progress is published: 323.1 in four months, 38.8 % of the year.
    assert panel.loc["wuhan_edz", "expected"] == pytest.approx(323.1 / 0.388, abs=0.1)
    assert panel.index[panel["derived"]].tolist() == ["wuhan_edz"]
    over = known[["expected", "stretch"]].min(axis=1) - known["floor"]
    assert round(over.sum()) == 251


def test_the_airport_zone_is_the_one_whole_case():
    pairs = published.outcomes(PLAN, EVIDENCE)
    assert set(pairs["district"]) == {"airport"}
    assert dict(zip(pairs["measure"], zip(pairs["result"], pairs["target"], strict=True),
                    strict=True)) == {
        "capital_in_place": (726.2, 726), "industrial_share": (53.1, 53),
        "foreign_capital_utilised": (13.7, 12.91), "fdi_mofcom_scope": (2.6, 2.47),
    }  # fmt: skip
    assert round(100 * 385.6 / 726.2, 1) == 53.1


def test_floors_a_head_are_floors_over_the_census():
    people = {
        PLAN.aliases[row["place"]]: float(row["value"]) * 1e4
        for row in written("local_figures")
        if row["series"] == "population_census" and row["place"] in PLAN.aliases
    }
    rows = published.heads(PLAN, EVIDENCE)
    assert len(rows) == 14
    for row in rows.itertuples():
        floor = 724e8 if row.tier == "zone" else 569e8
        assert row.a_head == pytest.approx(floor / people[row.district])
    heads = rows.set_index("district")["a_head"]
    assert round(heads["jianghan"]) == 87_818
    assert round(heads["huangpi"]) == 49_408
    told = published.values(PLAN, EVIDENCE)
    assert (told["head_most"]["en"], told["head_least"]["en"]) == ("Qingshan", "Hongshan")


def test_earlier_levels_are_of_the_floors_notion_alone():
    rows = published.earlier(PLAN, EVIDENCE)
    assert dict(zip(rows["district"], rows["value"], strict=True)) == {
        "east_lake": 736.58, "airport": 361, "huangpi": 494.8}  # fmt: skip
    assert rows.set_index("district")["floor"]["east_lake"] == 724


# Each with where it is from


def test_every_number_shown_says_who_published_it_when_and_by_what_term():
    rows = published_table.rows(PLAN, EVIDENCE)
    there = rows[rows["value"].notna()]
    assert len(there) > 60
    for column in ("term", "publisher", "published", "source_title", "kind", "confidence"):
        assert there[column].astype(bool).all(), column
    assert there["kind"].isin(["stated", "derived", "inferred"]).all()
    linked = there["url"].str.startswith("http")
    assert linked.sum() > 20
    cells = published_table.table(PLAN, EVIDENCE)
    at = list(published_table.COLUMNS).index
    for cell, row in zip(decoded(cells), rows.to_dict("records"), strict=True):
        assert (cell[at("value")] is None) == (row["value"] != row["value"])
        assert cell[at("state")]["en"] == "not found" or all(
            cell[at(key)] for key in ("term", "publisher", "published", "source", "confidence")
        )
        # A mirror is named, not linked.
        assert ("url" in (cell[at("source")] or {})) == str(row["url"]).startswith("http")


def test_what_was_not_found_stands_in_the_table_as_such():
    rows = published_table.rows(PLAN, EVIDENCE)
    lacking = rows[rows["value"].isna()]
    assert lacking.groupby("level").size().to_dict() == {"target": 11, "result": 13}
    rivals = rows[rows["district"].eq("wuchang") & rows["measure"].eq("gdp")]
    assert {1664.44, 1720} <= set(rivals["value"])


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.folder.name)
def test_a_plan_without_such_evidence_says_that_nothing_is_published(plan):
    assert published.absent(plan, EVIDENCE) == ["asked", "outcomes", "earlier", "heads"]
    none = "pub_own + pub_results == 0"
    (answer,) = (words for when, words in sentences(NOTEBOOKS[4]) if when == none)
    assert "Wuhan" not in answer["en"] and "武汉" not in answer["zh"]
    assert published_table.rows(plan, EVIDENCE)["value"].isna().all()


# Kept apart from a ledger


@pytest.fixture
def own_ledger(monkeypatch, tmp_path):
    """A ledger of the user's own in which the Airport zone has 1,000 in place, not 726.2."""
    rows = {
        "projects": [{"project_id": "P1", "district": "airport", "name": "P1", "size": 12_000_000,
                      "industry_project": True}],
        "arrivals": [{"project_id": "P1", "amount": 10_000_000}],
    }  # fmt: skip
    day = {"signed_date": date(2021, 2, 1), "signed_date_precision": "day"}
    rows["projects"][0] |= day | {"size": Decimal(12_000_000)}
    rows["arrivals"][0] |= {"date": date(2021, 12, 5), "date_precision": "day",
                            "amount": Decimal(10_000_000)}  # fmt: skip
    found = dict(zip(KINDS, (rows["projects"], rows["arrivals"], []), strict=True))
    answers = Answers.of(
        in_memory({kind: ledger_table(kind, found[kind]) for kind in KINDS}, "reported", "own")
    )
    cached = (ledger.current, page_of)
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path))
    monkeypatch.setattr(ledger, "ledger", lambda: answers)
    for one in cached:
        one.cache_clear()
    yield ledger.current()
    for one in cached:
        one.cache_clear()


@pytest.mark.slow
def test_an_own_ledger_overwrites_and_enters_no_published_figure(own_ledger):
    before = published.panel(PLAN, EVIDENCE), published_table.rows(PLAN, EVIDENCE)
    page = page_of("districts")
    held = own_ledger.districts.set_index("place")["capital"]
    assert held["airport"] == 1000
    asked = page.pictures["asked"]
    assert asked.data.set_index("district").loc["airport", "result"] == 726.2
    assert not asked.illustrative
    assert asked.data.equals(before[0])
    assert page._tools["published"] == published_table.table(PLAN, EVIDENCE)
    known = signals(page.board)
    for lang in LANGUAGES:
        answer = said(page.messages["answer"].to_dict(), known, lang)
        below = said(page.messages["ledger.text"].to_dict(), known, lang)
        assert "1,000" not in answer and "100" not in answer
        assert "726" not in below
        assert ("1,000" if lang == "zh" else "100 billion") in below

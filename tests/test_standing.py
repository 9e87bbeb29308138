"""The front page's headline and rows hold for each bound, each plan, and no result at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.briefing.published import result
from analysis.evidence import Evidence, load_evidence
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.publish import front, standing
from analysis.publish.pages import OF_A_LEDGER
from tests.plans import IRELAND, OTHERS, TOY


@pytest.mark.parametrize(
    ("bound", "value", "case"),
    [
        ("exact", 9330, "reached"), ("exact", 9329, "short"),
        ("lower", 9330, "reached"), ("lower", 9329, "open"),
        ("upper", 9329, "short"), ("upper", 9330, "open"), ("upper", 9331, "open"),
        (None, 9330, "floors_reach"), (None, 8431, "floors_short"),
    ],
)  # fmt: skip
def test_what_is_only_bounded_leaves_open_what_it_cannot_decide(bound, value, case):
    plan, evidence = load_plan(), load_evidence()
    figure = result(plan, evidence, plan.measures["capital_in_place"])
    given = replace(figure, bound=bound, value=value) if bound else None
    assert standing._case(given, value, 9330) == case


def test_rows_hold_what_plan_floors_and_evidence_say(monkeypatch):
    told, plan = standing.standing(), load_plan()
    rows = dict(zip(plan.targets, told["rows"], strict=True))
    assert rows["capital_in_place"]["floors"]["amount"]["zh"] == f"{11 * 569 + 3 * 724:,} 亿元"
    assert [one["en"] for one in rows["industrial_share"]["levels"]] == ["36.5%", "40%"]
    assert rows["fdi_growth"]["floors"] is None and rows["fdi_growth"]["published"] is None
    assert rows["capital_in_place"]["published"]["amount"]["en"] == "at least CNY 933 billion"
    assert "9,330" in told["headline"]["zh"] and "reached" in told["headline"]["en"]
    monkeypatch.setattr(Evidence, "line", lambda *_, **__: ())
    told = standing.standing()
    short = plan["capital_in_place"].expected - load_model().evaluate({})["capital_total"]
    assert f"少 {short:,.0f} 亿元" in told["headline"]["zh"]
    assert all(row["published"] is None for row in told["rows"])


@pytest.mark.parametrize(
    ("value", "bound", "state"),
    [(36.4, "exact", "short"), (36.5, "exact", "expected"), (40, "exact", "stretch"),
     (36.4, "lower", "unknown"), (36.5, "lower", "expected"), (36.4, "upper", "short"),
     (36.5, "upper", "unknown"), (99, "upper", "unknown")],
)  # fmt: skip
def test_a_status_claims_no_more_than_its_value_decides(value, bound, state):
    plan = load_plan()
    found = standing.status(plan, plan.measures["industrial_share"], value, bound)
    assert found["state"] == state
    if state == "short":
        assert found["said"]["en"] == "0.1 points short"


def test_the_numbers_of_briefings_stand_as_their_margins_do(monkeypatch):
    assert front.gist("capital_inflow")["state"] == "short"
    assert front.gist("fdi_growth")["state"] == ""
    monkeypatch.setenv("WORKBOOK_PLAN", "jiangan_2021")
    assert front.gist("capital_inflow") == front.gist("target_scenarios") == {}


def test_a_plan_that_asks_nothing_of_parts_has_no_floors(monkeypatch):
    monkeypatch.setenv("WORKBOOK_PLAN", "jiangan_2021")
    told = standing.standing()
    assert [row["floors"] for row in told["rows"]] == [None] * 4
    assert [level["zh"] for level in told["rows"][3]["levels"]] == ["8,000 万美元", "8,396 万美元"]
    assert [level["en"] for level in told["rows"][3]["levels"]] == [
        "US$80 million",
        "US$83.96 million",
    ]
    assert told["headline"]["en"].endswith(
        "the baseline target is CNY 70.9 billion; no result was found"
    )


#: What is published of the places of each plan: two years, one result and a stock of jobs.
OF_ITS_PLACES = {TOY: None, IRELAND: "Data: 4 published figures from 2 public sources."}


@pytest.mark.parametrize("name", OTHERS)
def test_another_plan_says_nothing_of_this_one(monkeypatch, name):
    monkeypatch.setenv("WORKBOOK_PLAN", name)
    told, plan = standing.standing(), load_plan()
    assert len(told["rows"]) == len(plan.targets) > 1
    for lang in ("zh", "en"):
        said = str([told["headline"][lang], *[row["name"][lang] for row in told["rows"]]])
        assert plan.about.place_en in said or plan.about.place_zh in said
        assert not re.search("武汉|Wuhan|9,330|None|nan|{", said)
    rests = told["rests"] and told["rests"]["en"]
    assert rests == OF_ITS_PLACES[name]
    # What owes nothing place by place has no floors, whatever its lever stands at.
    floored = [key for key, row in zip(plan.targets, told["rows"], strict=True) if row["floors"]]
    parted = [
        one for one in plan.measures.values() if one in (plan.total, plan.share) or one.groups
    ]
    assert floored == [one.key for one in parted]


def test_each_page_of_a_ledger_stands_on_its_shelf():
    assert set(OF_A_LEDGER) == set(front.OF_LEDGER)

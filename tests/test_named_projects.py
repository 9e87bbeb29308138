"""Projects named in public: counted from the table alone, shown whole, totalled nowhere."""

from __future__ import annotations

import csv
from dataclasses import replace

import pandas as pd
import pytest
from cell_words import NOTEBOOKS, sentences
from ran import page_of

from analysis.board.records import AT_ONCE, decoded, records
from analysis.briefing import named_projects
from analysis.datapackage import data_dir
from analysis.evidence import load_evidence
from analysis.plan import load_plan
from analysis.publish.first import Look, part_html
from analysis.text import LANGUAGES, Message, Text, both, said
from tests.plans import OTHERS

PLAN, EVIDENCE = load_plan(), load_evidence()


@pytest.fixture(scope="module")
def written() -> list[dict[str, str]]:
    with next(data_dir().rglob("evidence/projects.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_projects_stand_in_the_table_with_who_published_them_and_when(written):
    payload = named_projects.table(PLAN, EVIDENCE)
    at = list(named_projects.COLUMNS).index
    rows = list(decoded(payload))
    assert len(rows) == len(written) == 193
    for cells, row in zip(rows, written, strict=True):
        assert cells[at("name")] == row["name_zh"]
        for key in ("publisher", "published", "source", "confidence", "state", "sector"):
            assert cells[at(key)], (row["id"], key)
        amount = cells[at("amount")]
        assert (amount["by"] if amount else None) == (float(row["value"]) if row["value"] else None)
        assert bool(amount and amount["zh"].startswith("≥")) == (row["bound"] == "lower")
    filters = [column["en"] for column in payload["columns"] if column["filter"]]
    assert filters == ["District", "Chain", "Stage", "Year"]


def test_a_mirror_is_named_and_not_linked(written):
    addresses = EVIDENCE.sources.set_index("id")["url"]
    at = list(named_projects.COLUMNS).index("source")
    rows = decoded(named_projects.table(PLAN, EVIDENCE))
    linked = ["url" in cells[at] for cells in rows]
    assert linked == ["://" in str(addresses[row["source"]]) for row in written]
    assert 0 < sum(linked) < 193


def test_counts_in_the_sentence_are_those_of_the_table(written):
    told = named_projects.values(PLAN, EVIDENCE)
    assert told["named_amounts"] == sum(bool(row["value"]) for row in written) == 86
    assert told["named_signed"] == sum(row["signed_date"].startswith("2021") for row in written)
    assert told["named_signed"] == 17
    total = 3462 + 3838.66 + 4122.78 + 4219.28
    for lang, amount, reported in (("zh", f"{total:,.1f}", "15,700"), ("en", "1,564.27", "1,570")):
        said_of = told["signings_said"][lang]
        assert f"{112 + 141 + 138 + 155} " in said_of and "545 " in said_of
        assert amount in said_of and reported in said_of
    assert (told["lags"], round(told["lag_least"]), round(told["lag_most"])) == (9, 1, 13)
    assert "1,280" in told["ended_said"]["zh"] and "2021-02" in told["ended_said"]["zh"]


def test_the_failed_works_have_their_end_on_the_line_of_time():
    rows = named_projects.lives(PLAN, EVIDENCE)
    failed = rows[rows["name_zh"].eq("弘芯半导体制造产业园")]
    assert failed["stage"].tolist() == ["started", "ended"]
    assert (rows.groupby("name_zh").size() > 1).all()
    assert rows.loc[rows["date"].eq("2017"), "day"].tolist() == ["2017-07-02"]


@pytest.mark.slow
def test_no_sentence_or_picture_totals_projects_by_chain_or_district():
    page = page_of("chains")
    assert set(page.pictures["lives"].data) == {"name_zh", "stage", "date", "source_title"}
    assert not page.pictures["lives"].illustrative
    for lang in LANGUAGES:
        sentence = said(page.messages["projects.text"].to_dict(), page.values, lang)
        assert ("不按链、不按区合计" if lang == "zh" else "nothing is totalled") in sentence


@pytest.mark.parametrize("name", OTHERS)
def test_another_plan_has_none_of_these_projects(name):
    plan = load_plan(name)
    assert named_projects.rows(plan, EVIDENCE).empty
    assert set(named_projects.absent(plan, EVIDENCE)) == {"lives", "where"}
    (none,) = (words for when, words in sentences(NOTEBOOKS[5]) if when == "named == 0")
    assert "193" not in none["en"] and none["en"].startswith("No project")


def test_twenty_thousand_rows_write_each_word_once_and_stand_there_by_the_page():
    many = [{"name": f"project {at}", "district": both("board.all_tables")} for at in range(20_000)]
    fields = {"name": (False, False), "district": (False, True)}
    text = Message.own("many").to_dict()
    payload = records("many", "chains", fields, many) | {"title": text, "source": text}
    assert len(payload["rows"]) == 20_000
    assert len(payload["columns"][1]["words"]) == 1
    assert [row[0] for row in decoded(payload, 2)] == ["project 0", "project 1"]
    view = page_of("chains").board.part("records", **payload)
    assert part_html(view, Look("en")).count("<tr>") == 1 + AT_ONCE
    view.close()


@pytest.mark.slow
def test_what_nobody_could_tell_apart_is_not_drawn_and_the_table_stays():
    copies = [EVIDENCE.projects.assign(id=EVIDENCE.projects["id"] + f"_{at}",
                                       name_zh=EVIDENCE.projects["name_zh"] + f" {at}")
              for at in range(104)]  # fmt: skip
    many = replace(EVIDENCE, projects=pd.concat(copies, ignore_index=True))
    reasons = named_projects.absent(PLAN, many)
    assert set(reasons) == {"where", "lives"}
    for reason in reasons.values():
        sentence = Text("en")(reason, **named_projects.values(PLAN, many))
        assert sentence.startswith("The 20,072 named projects are too many")
    assert len(list(decoded(named_projects.table(PLAN, many)))) == 20_072


def test_each_project_of_a_known_district_is_one_dot_within_its_tile(written):
    dots = named_projects.on_tiles(PLAN, EVIDENCE)
    districts = set(PLAN.floors["district"])
    known = [row for row in written if PLAN.aliases.get(row["place"]) in districts]
    assert len(dots) == len(known) == 178
    assert sorted(dots["name_zh"]) == sorted(row["name_zh"] for row in known)
    tiles = PLAN.places.set_index("place").loc[dots["place"]]
    for axis, side in (("x", "across"), ("y", "down")):
        within = dots[axis].to_numpy() - tiles[side].to_numpy()
        assert within.min() > 0 and within.max() < 1
    assert not dots.duplicated(["x", "y"]).any()
    dateless = [
        row for row in known if not any(row[date] for date in named_projects.STAGES.values())
    ]
    assert dots["stage"].eq("undated").sum() == len(dateless) > 0

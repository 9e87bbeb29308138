"""The aggregates against plain Python on ledgers that hypothesis makes, and what they refuse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import cases
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.ledger import aggregates as ask
from analysis.ledger import frames
from analysis.ledger.engine import LedgerError, in_memory, last_date
from analysis.ledger.form import form
from analysis.ledger.frames import frame, framed

DAYS = [date(*day) for day in (
    (2019, 12, 31), (2020, 1, 31), (2020, 2, 29), (2020, 3, 1), (2020, 9, 30), (2021, 1, 1),
    (2021, 2, 28), (2021, 3, 31), (2021, 9, 30), (2021, 10, 1), (2022, 7, 1),
)]  # fmt: skip
day, maybe_day = some.sampled_from(DAYS), some.sampled_from([*DAYS, None])
precision = some.sampled_from([None, "day", "month", "quarter"])
place = some.sampled_from(["jiangan", "caidian", "east_lake", "east_lake_scenic"])
flag = some.sampled_from([None, True, False])
size = some.sampled_from(
    [Decimal(s) for s in ("0", "9999.999999", "10000", "100000", "300000", "499999.5", "1000000")]
)
amount = some.decimals(-1000, 100_000, places=6)
projects = some.lists(
    some.fixed_dictionaries(
        {
            "district": place, "chain": some.sampled_from([None, "it", "health"]),
            "sector": some.sampled_from(["industrial", "service"]), "size": size,
            "origin": some.sampled_from([None, "domestic", "foreign"]),
            "innovation": some.sampled_from([None, "fund"]), "headquarters": flag,
            "outward": flag, "lead_date": maybe_day, "signed_date": maybe_day,
            "signed_date_precision": precision, "start_date": maybe_day,
            "start_date_precision": precision, "start_date_planned": flag,
            "production_date": maybe_day, "production_date_planned": flag,
        }
    ),
    max_size=8,
)  # fmt: skip
arrivals = some.lists(
    some.fixed_dictionaries(
        {
            "project_id": some.sampled_from([f"P{n}" for n in (1, 2, 3, 4, 5, "X")]),
            "date": day, "amount": amount, "date_precision": precision,
            "district": some.sampled_from([None, None, "wuchang"]),
            "capital_kind": some.sampled_from([None, "equity", "loan"]),
        }
    ),
    max_size=20,
)  # fmt: skip
foreign = some.lists(
    some.fixed_dictionaries(
        {
            "project_id": some.sampled_from([None, "P1", "P2"]), "district": place,
            "date": day, "amount": amount, "scope": some.sampled_from(["utilised", "fdi"]),
        }
    ),
    max_size=5,
)  # fmt: skip


@pytest.fixture(scope="module")
def asked():
    """Every question, put into SQL once, on a ledger whose rows the test fills in."""
    opened = in_memory(cases.arrow(cases.EMPTY), "illustrative", "drawn")
    backend = opened.projects.get_backend()
    questions = {name: expression(opened) for name, (expression, _) in cases.ASKED.items()}
    return backend, {name: (backend.compile(e), e.schema()) for name, e in questions.items()}


@settings(max_examples=10, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(projects, arrivals, foreign)
def test_every_aggregate_is_what_plain_python_makes_of_the_rows(asked, projects, arrivals, foreign):
    numbered = [{"project_id": f"P{n}", "name": "", **p} for n, p in enumerate(projects, start=1)]
    ledger = {
        "projects": cases.rows("projects", *numbered),
        "arrivals": cases.rows("arrivals", *arrivals),
        "foreign_capital": cases.rows("foreign_capital", *foreign),
    }
    backend, questions = asked
    for kind, table in cases.arrow(ledger).items():
        backend.con.register("given", table)
        backend.con.execute(f"DELETE FROM {kind}; INSERT INTO {kind} FROM given")
    for name, (sql, schema) in questions.items():
        found = framed(backend.con.execute(sql).to_arrow_table(), schema)
        found = found.sort_values(list(found.columns), ignore_index=True)
        cases.assert_same(found, cases.ASKED[name][1](ledger))


@pytest.fixture(scope="module")
def ledger():
    return in_memory(cases.arrow(cases.EDGES), "reported", "edges")


def test_only_small_frames_reach_pandas(ledger, monkeypatch):
    fetched = []
    whole = pd.DataFrame

    def counted(columns):
        fetched.append(max(map(len, columns.values())))
        return whole(columns)

    monkeypatch.setattr(frames, "MOST_ROWS", 4)
    monkeypatch.setattr(frames.pd, "DataFrame", counted)
    with pytest.raises(LedgerError, match="more than 4 rows"):
        frame(ledger.arrivals)
    with pytest.raises(LedgerError, match="more than 4 rows"):
        frame(ask.capital(ledger, ("project_id",)))
    assert fetched == []
    assert len(frame(ask.capital(ledger))) == 1 and fetched == [1]


@pytest.mark.parametrize(
    "asked, said",
    [
        (lambda ledger: ask.capital(ledger, ("colour",)), "no breakdown by colour; choose from"),
        (lambda ledger: ask.capital(ledger, "tier"), r"write a sequence .* \('tier',\)"),
        (lambda ledger: ask.pipeline(ledger, ("month",)), "no breakdown by month"),
        (lambda ledger: ask.concentration(ledger, ("project_id",)), "no breakdown by project_id"),
        (lambda ledger: ask.waits(ledger, "signed", "opened"), "no stage 'opened'"),
        (lambda ledger: ask.listing(ledger, "parks"), "no list of 'parks'"),
        (lambda ledger: ask.listing(ledger, "firms", {"colour": 1}), "no breakdown by colour"),
    ],
)
def test_what_can_not_be_answered_is_refused_with_what_can_be(ledger, asked, said):
    with pytest.raises(LedgerError, match=said):
        asked(ledger)


def test_a_wait_with_no_end_given_ends_with_what_the_ledger_knows_last(ledger):
    assert last_date(ledger) == date(2022, 1, 1)
    open_end = frame(ask.waits(ledger, "signed", "production"))
    closed = frame(ask.waits(ledger, "signed", "production", (), date(2022, 1, 1)))
    pd.testing.assert_frame_equal(open_end, closed)


def test_an_arrival_counts_for_the_district_that_the_form_says():
    note = form("arrivals")["district"]
    assert note.note_en == "The district that this arrival counts for; if empty: its project's."
    assert note.note_zh.startswith("填了以此处为准；不填则按项目表")
    held = {
        **cases.EMPTY,
        "projects": cases.rows("projects", cases.project(1, district="east_lake")),
        "arrivals": cases.rows(
            "arrivals",
            cases.arrival(1, date(2021, 3, 1), "10000", district="jiangan"),
            cases.arrival(1, date(2021, 4, 1), "30000"),
        ),
    }
    found = frame(ask.capital(in_memory(cases.arrow(held), "reported", "a test"), ("district",)))
    capital = dict(zip(found["district"], found["capital"], strict=True))
    assert capital == {"jiangan": 1.0, "east_lake": 3.0}

"""Answers are kept by the ledger's state and the question; the second time no engine is asked."""

import json
import os
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest

from analysis.ledger.engine import LedgerError
from analysis.structure import kept


def asked(stamp="one", made=()):
    return kept.Answers("reported", stamp, lambda: pytest.fail("the engine was asked"))


FRAME = pd.DataFrame(
    {
        "district": ["jiangan", None],
        "month": pd.to_datetime(["2021-01-01", None]),
        "capital": [0.1 + 0.2, float("nan")],
        "projects": [3, 4],
        "ended": [True, False],
    }
)


def test_a_frame_comes_back_as_it_was_and_is_made_once():
    made = []

    def make():
        made.append(1)
        return FRAME

    for _ in range(2):
        found = asked().keep("q", {"until": date(2021, 9, 30), "by": ("a",)}, make)
    assert len(made) == 1
    assert found["capital"][0] == 0.1 + 0.2 and pd.isna(found["capital"][1])
    assert found["month"][0] == pd.Timestamp("2021-01-01") and pd.isna(found["month"][1])
    assert pd.isna(found["district"][1])
    assert found["projects"].tolist() == [3, 4] and found["ended"].tolist() == [True, False]


def test_another_question_or_state_is_another_answer():
    made = []
    for answers, given in (
        (asked("one"), {"until": date(2021, 9, 30)}),
        (asked("one"), {"until": date(2021, 10, 31)}),
        (asked("two"), {"until": date(2021, 9, 30)}),
    ):
        answers.keep("q", given, lambda: made.append(1) or FRAME)
    assert len(made) == 3


def test_what_is_no_part_of_a_question_is_refused():
    with pytest.raises(TypeError, match="can't be part of a question"):
        asked().keep("q", {"by": object()}, lambda: FRAME)


@pytest.mark.slow
def test_the_example_is_known_without_an_engine():
    script = (
        "import sys\nfrom analysis.structure import answers\nfound = answers()\n"
        "assert found.illustrative\nassert not {'duckdb', 'ibis'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ.copy())


def test_a_ledger_that_changed_meanwhile_is_not_mixed_in(monkeypatch):
    monkeypatch.setenv(kept.STATE, "illustrative an-earlier-state")
    found = kept.answers()
    assert (found.kind, found.stamp) == ("illustrative", "an-earlier-state")
    with pytest.raises(LedgerError, match="changed while it was read"):
        found.opened()


def test_a_password_is_not_handed_on(monkeypatch):
    monkeypatch.setenv(kept.LEDGER, "postgresql://reader:secret@localhost/ledger")
    kept._opened.cache_clear()
    assert "secret" not in json.dumps(kept.handed_on())
    monkeypatch.setenv(kept.LEDGER, "/data/ledger")
    assert kept.handed_on()[kept.LEDGER] == "/data/ledger"

"""Every answer can be said: each phrase has its template, with the values that it asks for."""

import csv
import string
from pathlib import Path

import pytest

import analysis

STRINGS = Path(analysis.__file__).parent / "strings.csv"
with STRINGS.open(encoding="utf-8-sig", newline="") as file:
    TEMPLATES = {row["key"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


def said(phrase) -> list[str]:
    return [
        string.Formatter().vformat(template, (), phrase.values)
        for template in TEMPLATES[phrase.key]
    ]


@pytest.mark.parametrize(
    "targets",
    [
        "expected",
        "stretch",
        {"capital_total": 8000, "industrial_share": 30, "fdi_growth": 1,
         "foreign_capital_growth": 1},
        {"capital_total": 10200, "industrial_share": 50},
        {"capital_total": 13000, "industrial_share": 67},
        {"fdi_growth": 1000},
        {"foreign_capital_growth": 1000},
    ],
)  # fmt: skip
def test_least_effort_is_said_in_both_languages(model, targets):
    answer = model.least_effort(targets)
    phrases = [*answer.say(), *(item.say for item in answer.binding)]
    for phrase in phrases:
        for sentence in said(phrase):
            assert sentence.endswith((".", "。", ":", "："))


def test_a_price_in_plain_words(model):
    answer = model.least_effort({"capital_total": 9360, "industrial_share": 40})
    capital, share = answer.prices
    assert "the last 1e8 CNY costs 0.90 units" in said(capital.say)[1]
    assert "the last point costs 93.6 units" in said(share.say)[1]


@pytest.mark.parametrize(
    ("outcome", "value", "lever"),
    [
        ("capital_total", 9330, "uplift_zone"),
        ("capital_total", 99999, "uplift_zone"),
        ("capital_total", 1, "uplift_zone"),
        ("capital_total", 9330, "fdi_growth"),
    ],
)
def test_goal_seek_is_said_in_both_languages(model, outcome, value, lever):
    answer = model.seek(outcome, value, lever)
    assert all(sentence.endswith((".", "。")) for sentence in said(answer.say))

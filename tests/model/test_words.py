"""Every answer can be said: each phrase has its template, with the values that it asks for."""

import pytest

from analysis.text import LANGUAGES


def said(phrase) -> list[str]:
    return [phrase.in_language(lang) for lang in LANGUAGES]


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
def test_least_increment_is_said_in_both_languages(model, targets):
    answer = model.least_increment(targets)
    phrases = [*answer.say(), *(item.say for item in answer.binding)]
    for phrase in phrases:
        for sentence in said(phrase):
            assert sentence.endswith((".", "。", ":", "："))


def test_a_bound_is_said_in_the_unit_of_its_lever(model):
    answer = model.least_increment({"capital_total": 13000, "industrial_share": 45})
    at_bound = {item.key: said(item.say) for item in answer.binding if item.kind == "bound"}
    assert at_bound["uplift_outer"][0].endswith("已到上限 50%。")
    assert at_bound["uplift_zone"][1].endswith(" stands at its upper bound of 70%.")
    sum_, share = (said(item.say) for item in answer.binding if item.kind == "target")
    assert "（13,000 亿元）" in sum_[0] and "(CNY 1,300 billion)" in sum_[1] and "(45%)" in share[1]


def test_a_goal_sought_is_said_in_units(model):
    reached = said(model.seek("capital_total", 9360, "capital_unfloored").say)
    assert reached[0].endswith("达到 929 亿元时，“全市到位资金”为 9,360 亿元。")
    assert "at CNY 92.9 billion, " in reached[1] and reached[1].endswith(" is CNY 936 billion.")
    short = said(model.seek("industrial_share", 40, "capital_unfloored").say)
    assert "CNY 150 billion" in short[1] and short[1].endswith(" is 35.59%.")


def test_a_price_in_plain_words(model):
    answer = model.least_increment({"capital_total": 9360, "industrial_share": 40})
    capital, share = answer.prices
    assert "再提高 1 亿元，须多 0.90 亿元" in said(capital.say)[0]
    assert "CNY 1 billion higher takes CNY 0.90 billion more" in said(capital.say)[1]
    assert "再提高 1 个百分点，须多 93.6 亿元" in said(share.say)[0]
    assert "one point higher takes CNY 9.36 billion more" in said(share.say)[1]


def test_what_it_takes_is_said_in_capital_new_and_moved(model):
    """929 and 293.04 of 1e8 CNY, see `test_9360_and_40_by_hand`; growth stands apart."""
    takes = said(model.least_increment("stretch").takes)
    assert takes[0] == (
        "至少新增 929.0 亿元，另须把 293.0 亿元转到产业项目。"
        "“实际利用外资增幅”还须增加 1.0 个百分点。"
        "“商务部口径外资 (FDI) 增幅”还须增加 3.0 个百分点。"
    )
    assert takes[1].startswith(
        "At least CNY 92.9 billion more is needed; CNY 29.3 billion has to move to industry"
    )
    nothing = said(model.least_increment({"capital_total": 8000, "industrial_share": 30}).takes)
    assert nothing == [
        "无须新增，无须转向。",
        "Nothing new is needed; none has to move.",
    ]


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

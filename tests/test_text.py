"""Texts: both languages complete, the same placeholders, the browser's own formats."""

import json
import re
from dataclasses import replace

import pytest

from analysis import text_table
from analysis.charts.engine import engine
from analysis.conditions import holds
from analysis.text import Message, Text, TextError, both, fill, marked, said, templates
from analysis.words import within


def test_every_text_is_in_both_languages():
    assert all(set(pair) == {"zh", "en"} for pair in templates().values())


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a,甲,A\na,乙,B", "stands twice"),
        ("a,甲,A is 1,000", "quote a text that holds a comma"),
        ("a,甲,", "a language is empty"),
        ("a,{x},{y}", "zh fills"),
        ("a,{x:>8},{x:>8}", "isn't d3-format's"),
        ("a,{x:d|#},{x:d}", "1 wordings, not 3"),
    ],
)
def test_faults_of_the_table_are_named(tmp_path, monkeypatch, rows, fault):
    table = tmp_path / "strings.csv"
    table.write_text(f"key,zh,en\n{rows}\n", encoding="utf-8")
    monkeypatch.setattr(text_table, "TABLE", table)
    with pytest.raises(TextError, match=fault):
        text_table.templates.__wrapped__()


@pytest.mark.parametrize(
    ("template", "value", "written"),
    [
        ("{x:,.0f}", 8431.4, "8,431"),
        ("{x:+.2f}", 0.015, "+0.01"),
        ("{x:.1f}", -2.25, "−2.3"),
        ("{x:,.0f}", 10422.5, "10,423"),
        ("{x:.1f}", -0.04, "0.0"),
        ("{x:d}", 13.0, "13"),
        ("{x:bn}", 8431.0, "843.1"),
        ("CNY {x:bn} billion", 9330.0, "CNY 933 billion"),
        ("{x:.2bn}", 9328.6, "932.86"),
        ("{x:+bn}", 100000.0, "+10,000"),
        ("{x:bn}", -899.0, "−89.9"),
        ("{x:bn}", -0.3, "0"),
        ("{x}", {"zh": "甲", "en": "A"}, "甲"),
        ("{x:.1f}", float("nan"), "–"),
        ("{{{x}}}", "a", "{a}"),
        ("{x:+.1f|fell #%|held|rose #%}", -30.0, "fell 30.0%"),
        ("{x:+.1f|fell #%|held|rose #%}", 0.04, "held"),
        ("{x:+.1f|fell #%|held|rose #%}", -0.04, "held"),
        ("{x:+.1f|fell #%|held|rose #%}", 0.06, "rose 0.1%"),
        ("{x:d|none is|one is|# are} there", 0.0, "none is there"),
        ("{x:d|none is|one is|# are} there", 1.0, "one is there"),
        ("{x:,.0f|none is|one is|# are} there", 1200, "1,200 are there"),
        ("{x:d|none is|one is|# are} there", 1500.0, "1,500 are there"),
    ],
)
def test_numbers_are_written_as_the_browser_writes_them(template, value, written):
    assert fill(template, {"x": value}, "zh") == written


def test_ties_are_rounded_as_in_the_browser():
    asked = [(form, whole + tie) for form, tie in ((",.0f", 0.5), ("+.1f", 0.25), (".2f", 0.125))
             for whole in (-8431.0, -1.0, 0.0, 1.0, 2.0, 1042.0)]  # fmt: skip
    marks = [{"type": "text", "encode": {"enter": {"text": {"signal": f"format({x}, '{form}')"}}}}
             for form, x in asked]  # fmt: skip
    svg = engine().vega_to_svg({"marks": marks})
    browser = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    assert browser == [fill(f"{{x:{form}}}", {"x": x}, "en") for form, x in asked]


def test_a_name_within_a_sentence_begins_small_unless_it_is_short_for_others():
    names = ["Growth of FDI", "FDI growth", "R&D", "Outside Dublin", "Fortune Global 500"]
    said = ["growth of FDI", "FDI growth", "R&D", "outside Dublin", "Fortune Global 500"]
    assert [*map(within, names)] == said


def test_missing_text_value_and_language_are_errors():
    with pytest.raises(TextError, match="no text"):
        both("no.such.text")
    with pytest.raises(TextError, match=r"no value for \{x\}"):
        fill("{x}", {}, "en")
    with pytest.raises(TextError, match="languages are"):
        Text("fr")


def test_first_case_that_holds_is_said():
    message = Message((("gap > 0 && !(gap > 5)", "board.undo"), ("true", "board.redo")))
    assert message.render(Text("en"), {"gap": 1}) == both("board.undo")["en"]
    assert message.render(Text("en"), {"gap": 9}) == both("board.redo")["en"]
    assert [case["when"] for case in message.to_dict()["cases"]][-1] == "true"


def test_a_condition_runs_no_code():
    for condition in ("__import__('os')", "gap.real > 0", "[gap][0] > 0"):
        with pytest.raises(TextError):
            holds(condition, {"gap": 1, "__import__": 1})


def test_a_number_less_than_derived_brings_its_mark_wherever_it_is_said():
    values = {"signed": marked(4122.78, "inferred")}
    words = {"zh": "最多 {signed:,.0f} 亿元", "en": "CNY {signed:bn} billion at most"}
    assert "4,123* 亿元" in fill(words["zh"], values, "zh")
    assert fill(words["en"], values, "en").endswith(" (* inferred)")
    assert "*" not in fill(words["zh"], {"signed": marked(4122.78, "derived")}, "zh")
    payload = Message.own(words, values).to_dict()
    assert payload["marks"] == {"signed": {"zh": "推断", "en": "inferred"}}
    sent = json.loads(json.dumps(payload))
    assert sent["values"] == {"signed": 4122.78}
    assert said(sent, {}, "zh") == fill(words["zh"], values, "zh")


def test_an_outcome_is_marked_by_its_kind_and_only_where_it_is_named():
    kinds = {"capital_base": "inferred", "capital_margin_expected": "derived"}
    message = replace(Message.own("{capital_margin_expected:amount}"), kinds=kinds)
    assert "marks" not in message.to_dict()
    past = replace(Message.own("{base_year:.0f}: {capital_base:.1amount}"), kinds=kinds)
    assert "9,328.6* 亿元" in past.render(Text("zh"), {"base_year": 2020, "capital_base": 9328.6})

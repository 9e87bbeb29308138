"""Every picture of every briefing: drawn, legible, sourced, and moved by its signals."""

import json
import re
from functools import cache
from itertools import product

import pytest
from collisions import findings
from ran import PUBLISHED, page_of, run_here

from analysis.board import drawing, still
from analysis.charts.picture import Live
from analysis.charts.theme import FONT_SIZE, PALETTES, group_colours
from analysis.publish.first import WIDTHS
from analysis.publish.pages import pages
from analysis.text import Text, TextError
from tests.plans import OTHERS

#: Pages that show the example ledger as long as the user has none.
LEDGER = ("districts", "chains", "bulletin")
#: How wide a chart is, px, where a page has 320 and 390, or 768, 1024 and 1440; a phone's first.
WIDTHS_OF_CHART = {True: (258, 328), False: (686, 734, 942)}
EACH_PAGE = pytest.mark.parametrize(
    "slug",
    [pytest.param(page.slug, marks=[] if page.slug == "fdi_growth" else pytest.mark.slow)
     for page in pages()],
)  # fmt: skip


@cache
def signals(slug):
    return still.signals(page_of(slug).board)


@EACH_PAGE
def test_is_drawn_in_both_languages_and_widths_with_no_small_text(slug):
    for key, picture in page_of(slug).pictures.items():
        for lang, narrow in product(("zh", "en"), (False, True)):
            chart = picture.chart(Text(lang), narrow)
            assert chart.to_dict()["width"] == "container", key
            width = WIDTHS["narrow" if narrow else "wide"]
            svg = drawing.svg(still.still(drawing.compiled(chart), signals(slug), width))
            sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px', svg)]
            assert sizes and min(sizes) >= FONT_SIZE, key
            assert not re.search("NaN|undefined|null", svg), key


@EACH_PAGE
def test_no_machine_word_stands_in_a_table_that_readers_see_or_take(slug):
    for key, picture in page_of(slug).pictures.items():
        table = drawing.table(picture.data, key)
        for place, column in enumerate(table["columns"]):
            if not column["head"]["zh"]:
                continue
            assert re.search("[一-鿿]|[A-Z%]", column["head"]["zh"]), (key, column["head"])
            for cell in {row[place] for row in table["rows"] if isinstance(row[place], str)}:
                said = table["words"].get(cell, {"zh": cell})["zh"]
                assert not re.fullmatch("[a-z][a-z_0-9]*", said), (key, column["head"], cell)


@EACH_PAGE
def test_only_colours_that_change_with_the_readers_scheme(slug):
    for key, picture in page_of(slug).pictures.items():
        spec = json.dumps(picture.chart(Text("en"), False).to_dict())
        assert set(re.findall(r"#[0-9a-f]{6}\b", spec)) <= set(PALETTES["light"].values()), key


@EACH_PAGE
def test_says_its_finding_reading_alternative_and_source(slug):
    for key, picture in page_of(slug).pictures.items():
        for message in (picture.title, picture.say, picture.alt, picture.source):
            for lang in ("zh", "en"):
                said = message.render(Text(lang), signals(slug))
                assert said and "nan" not in said.lower().split() and "{" not in said, key
        assert "Source" in picture.source.render(Text("en"), signals(slug)), key
        assert len(picture.data), key


@EACH_PAGE
def test_live_pictures_start_at_the_models_values(slug):
    known = signals(slug)
    for key, picture in page_of(slug).pictures.items():
        for param in picture.chart(Text("en"), False).to_dict().get("params", []):
            if param["name"] in ("pinned", "trail"):
                assert param["value"] == [], key
            elif "value" in param:
                assert param["value"] == pytest.approx(known[param["name"]]), key


@EACH_PAGE
def test_the_table_of_a_picture_that_follows_the_scenario_follows_it_too(slug):
    page = page_of(slug)
    names = {*page.model.levers, *page.model.outcomes}
    for key, picture in page.pictures.items():
        params = picture.chart(Text("en"), False).to_dict().get("params", [])
        cells = picture.data.to_numpy().ravel()
        follows = names & {param["name"] for param in params}
        # There the line is the lever itself, and the rows are the ledger's.
        assert "signal" not in picture.data, key  # a name that only a machine reads
        if follows and key != "conversion":
            assert any(isinstance(cell, Live) for cell in cells), key


def test_palettes_have_the_same_tokens_and_light_colours_are_unique():
    light, *others = PALETTES.values()
    assert len(set(light.values())) == len(light)
    assert all(set(other) == set(light) for other in others)


@pytest.mark.slow
def test_illustrative_pictures_say_so():
    shown = [p for page in pages() for p in page_of(page.slug).pictures.values()]
    marked = [picture for picture in shown if picture.illustrative]
    of_ledger = [p for slug in LEDGER for p in page_of(slug).pictures.values()]
    made_up = [picture for picture in of_ledger if picture.key not in PUBLISHED]
    assert len(of_ledger) == len(made_up) + len(PUBLISHED)
    assert marked == [page_of("project_structure").pictures["ledger_sizes"], *made_up]
    for picture in marked:
        assert "示意" in picture.source.render(Text("zh"))
        assert "illustrative" in picture.source.render(Text("en"))


@pytest.mark.slow
def test_every_message_of_every_page_is_said_in_both_languages():
    for page in pages():
        for key, message in page_of(page.slug).messages.items():
            for lang in ("zh", "en"):
                assert message.render(Text(lang), signals(page.slug)), key


def test_the_headline_figures_stand_on_the_page():
    page = page_of("capital_inflow")
    amounts = {"zh": ("8,431 亿元", "899"), "en": ("CNY 843.1 billion", "CNY 89.9 billion")}
    for lang in ("zh", "en"):
        text, at = Text(lang), signals("capital_inflow")
        told = [page.messages["answer"].render(text, at)]
        told += [picture.title.render(text, at) for picture in page.pictures.values()]
        for figure in (*amounts[lang], "35.42%", "0.02%", "0.34%"):
            assert any(figure in line for line in told), (lang, figure)


def test_unknown_picture_text_and_lever_are_named():
    page = page_of("capital_inflow")
    with pytest.raises(KeyError, match="unknown picture of this briefing 'x'"):
        page.figure("x")
    with pytest.raises(KeyError, match="did you mean 'season'"):
        page.figure("seasn")
    with pytest.raises(TextError, match="did you mean 'capital_total'"):
        page.section("x", "X", "{capital_totl:amount}")
    with pytest.raises(TextError, match="did you mean 'capital_total'"):
        page.text([("capital_totl > 0", "more"), ("true", "less")])
    with pytest.raises(TextError, match="unknown word of the plan 'plac'; did you mean 'place'"):
        page.text("Of <plac>")


def untidy(page):
    """What stands wrong in a page's pictures, by picture, language and width."""
    board, found, inputs = page.board, [], page.board.model.inputs
    levers = {key: inputs.lever_of(key) for key in board.model.levers}
    ends = {
        end: {key: getattr(one, end) for key, one in levers.items() if not one.choices}
        for end in ("low", "high")
    }
    ends |= {f"{key} {end}": {key: ends[end][key]} for key in ends["low"] for end in ends}
    presets = [preset["levers"] for preset in board.presets]
    known = [still.signals(board, moved) for moved in ({}, *ends.values(), *presets)]
    named = inputs.group_names or inputs.place_names()
    colours = {colour: key for key, colour in group_colours(named).items()}
    for key, picture in page.pictures.items():
        for lang, (narrow, widths) in product(("zh", "en"), WIDTHS_OF_CHART.items()):
            spec = drawing.compiled(picture.chart(Text(lang), narrow))
            groups = {colour: named[key][lang] for colour, key in colours.items()}
            # Many follow no lever, or few: what is the same is looked at once.
            follows = [one["name"] for one in spec.get("signals", []) if "value" in one]
            unlike = {json.dumps([one.get(name) for name in follows]): one for one in known}
            for width in widths:
                drawn = (json.dumps(still.still(spec, one, width)) for one in unlike.values())
                said = {each for one in drawn for each in findings(one, groups)}
                found += [f"{key} {lang} {width} px: {each}" for each in sorted(said)]
    return found


@EACH_PAGE
def test_no_word_leaves_its_picture_or_lies_on_another_and_no_hue_alone_tells_a_group(slug):
    """At five widths, at both ends of all levers, in each preset and as the page opens."""
    assert not untidy(page_of(slug))


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["jiangan_2021", *OTHERS])
def test_nor_does_one_in_another_plans_pictures(plan, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PLAN", plan)
    found = [each for page in pages() for each in untidy(run_here(page.slug))]
    assert not found

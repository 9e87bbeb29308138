"""Charts on slides that can be edited: their numbers are the picture's, or they stay pictures."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import altair as alt
import pandas as pd
import pytest
import vl_convert
from pptx import Presentation

from analysis.board.columns import Column, written
from analysis.board.drawing import compiled
from analysis.bulletin.compose import compose
from analysis.charts.theme import themed
from analysis.documents.document import Document, Figure, Section, Table
from analysis.documents.native import native
from analysis.documents.native_table import of_table
from analysis.documents.transcript import transcript
from analysis.documents.writers import writer
from analysis.plan import load_plan
from analysis.publish.pages import notebooks_dir
from analysis.structure import Period, answers, report


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request):
    plan = load_plan()
    return compose(report(answers(), plan, Period.of("2021-09")), plan, request.param)


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(io.BytesIO(writer("pptx")(made)))


def charts(deck):
    return {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes
            if shape.has_chart}  # fmt: skip


def test_bars_and_lines_of_a_bulletin_are_charts_with_the_tables_numbers(made, deck):
    found = charts(deck)
    assert set(found) == {"year", "floors", "flows", "contribution", "funnel", "chains"}
    tables = {figure.key: figure.table for figure in made.figures()}
    floors = tables["floors"]
    at = {column.key: i for i, column in enumerate(floors.columns)}
    plot = found["floors"].plots[0]
    assert list(plot.categories) == [row[at["name"]] for row in floors.rows]
    for series, key in zip(plot.series, ("capital", "due", "floor"), strict=True):
        assert series.name == floors.columns[at[key]].heading
        assert list(series.values) == pytest.approx([row[at[key]] for row in floors.rows])
    months = found["flows"].plots[0]
    assert list(months.categories) == [str(month) for month in range(1, 10)], "none to come"
    shown = {(str(row[0]), row[1]): row[2] for row in tables["flows"].rows}
    for series in months.series:
        for month, value in zip(months.categories, series.values, strict=True):
            assert value == pytest.approx(shown[month, series.name])


def test_a_line_ends_where_the_picture_ends_it(made, deck):
    plot = charts(deck)["year"].plots[0]
    table = next(figure.table for figure in made.figures() if figure.key == "year")
    names = {column.key: column.heading for column in table.columns}
    values = {series.name: list(series.values) for series in plot.series}
    before = values[names["before"]]
    assert len(before) == 13 and before[10:] == [None] * 3 and None not in before[:10]
    assert values[names["linear"]][12] is not None
    assert all(row[3] is not None for row in table.rows), "the table goes on to December"


def test_numbers_of_bars_are_those_that_the_picture_is_drawn_from(made):
    """The picture's own bars, measured: as long as the chart's numbers say."""
    for key in ("floors", "contribution", "chains", "funnel"):
        figure = next(one for one in made.figures() if one.key == key)
        values = next(iter(native(figure, made.lang).series.values()))
        drawn = vl_convert.vega_to_scenegraph(json.dumps(figure.spec))
        lengths = [item.get("width", 0.0) for item in _rects(drawn)][: len(values)]
        unit = max(lengths) / max(map(abs, values))
        assert lengths == pytest.approx([abs(value) * unit for value in values], abs=0.6), key


def _rects(scene):
    """Yield the bars of a picture's first layer of them."""
    stack = [scene.get("scenegraph", scene)]
    while stack:
        node = stack.pop(0)
        if node.get("marktype") == "rect" and node.get("role") == "mark":
            return node["items"]
        stack += node.get("items", [])
    return []


def test_what_a_chart_would_say_wrongly_stays_a_picture(made):
    figures = {figure.key: figure for figure in made.figures()}
    assert native(figures["ranks"], made.lang) is None, "dots with their ranges"
    floors = figures["floors"]
    table = floors.table
    for one in (
        replace(floors, table=None),
        replace(floors, table=replace(table, rows=(*table.rows, table.rows[0]))),
        replace(floors, table=replace(table, columns=(*table.columns, Column("bound", "≥")),
                                      rows=tuple((*row, "lower") for row in table.rows))),
        replace(floors, spec={**floors.spec, "marks": [*floors.spec["marks"], {"type": "group"}]}),
    ):  # fmt: skip
        assert native(one, made.lang) is None
    year = figures["year"]
    gap = replace(year.table, rows=(*year.table.rows[:4], *year.table.rows[6:]))
    assert native(year, made.lang) and native(replace(year, table=gap), made.lang) is None
    other = json.loads(json.dumps(floors.spec))
    for data in other["data"]:
        data.setdefault("transform", []).append({"type": "filter", "expr": "datum.capital > 700"})
    assert native(replace(floors, spec=other), made.lang) is None


def test_the_second_slide_concludes_and_none_is_a_heading_alone(made, deck):
    slides = list(deck.slides)
    second = [shape.text_frame.text for shape in slides[1].shapes if shape.has_text_frame]
    assert second[0] == {"zh": "结论", "en": "Conclusions"}[made.lang]
    said = "\n".join(second)
    assert all(one in said for one in made.conclusions()) and len(made.conclusions()) > 3
    for slide in slides[1:]:
        held = [s for s in slide.shapes if s.has_chart or s.has_table or s.shape_type in (1, 13)]
        words = sum(len(s.text_frame.text) for s in slide.shapes if s.has_text_frame)
        assert held or words > 120, slide.shapes.title.text
    notes = " ".join(s.notes_slide.notes_text_frame.text for s in slides if s.has_notes_slide)
    for section in made.sections[1:]:
        for block in section.blocks:
            assert not isinstance(block, str) or block in notes


def test_a_long_table_leaves_no_row_over_and_a_short_one_is_set_large():
    columns = (Column("name", "Name"), Column("x", "X", number=True))
    for count, parts in ((17, 2), (3, 1)):
        rows = tuple((f"row {i}", float(i)) for i in range(count))
        made = Document("t", "", "", "en", (Section("", (Table("t", "T", columns, rows, "S"),)),))
        deck = Presentation(io.BytesIO(writer("pptx")(made)))
        grids = [s.table for slide in deck.slides for s in slide.shapes if s.has_table]
        sizes = [len(grid.rows) - 1 for grid in grids]
        assert len(sizes) == parts and sum(sizes) == count and max(sizes) - min(sizes) <= 1
        first = grids[0].cell(1, 0).text_frame.paragraphs[0].runs[0]
        assert first.text == written("row 0", "name", "en")
        assert (first.font.size.pt > 17) == (count == 3)


def test_a_tornado_stands_on_its_scenario_and_dots_beside_what_is_asked():
    columns = (Column("lever", "Lever"), *(Column(key, key, number=True)
               for key in ("at_low", "at_high", "base")))  # fmt: skip
    table = Table("tornado", "T", columns, (("a", 5.0, 9.0, 8.0), ("b", 8.0, 8.5, 8.0)), "S")
    found = of_table(table, "en")
    assert (found.kind, found.base) == ("bar_about", 8.0)
    assert list(found.series.values()) == [(5.0, 8.0), (9.0, 8.5)]
    figure = Figure("tornado", "F", "", "", "S", {"marks": [{"type": "group"}]}, table)
    deck = writer("pptx")(Document("t", "", "", "en", (Section("", (figure,)),)))
    axis = charts(Presentation(io.BytesIO(deck)))["tornado"].value_axis
    assert axis.crosses_at == 8 and axis.minimum_scale is None
    shares = tuple(Column(key, key, number=key != "name_en")
                   for key in ("name_en", "share", "share_floor"))  # fmt: skip
    dots = of_table(Table("s", "T", shares, (("x", 3.0, 2.0), ("y", None, 2.0)), "S"), "en")
    assert dots.kind == "dots" and list(dots.series.values()) == [(3.0, None), (2.0, 2.0)]
    bounds = replace(table, columns=(*columns, Column("bound", "bound")),
                     rows=tuple((*row, "lower") for row in table.rows))  # fmt: skip
    assert of_table(bounds, "en") is None


def test_bars_begin_at_zero(deck):
    for key in ("floors", "flows", "funnel", "chains"):
        assert charts(deck)[key].value_axis.minimum_scale == 0, key
    assert charts(deck)["contribution"].value_axis.minimum_scale is None


@pytest.fixture(scope="module", params=["zh", "en"])
def projects(request):
    return transcript(notebooks_dir() / "3_project_structure.ipynb", request.param, "2021")


def test_bars_whose_table_has_other_columns_are_read_from_the_rows_that_are_drawn(projects):
    figures = {figure.key: figure for figure in projects.figures()}
    for key in ("quotas", "outward", "size_classes", "ledger_sizes"):
        found = native(figures[key], projects.lang)
        assert found.kind == "bar", key
        drawn = list(_rects(vl_convert.vega_to_scenegraph(json.dumps(figures[key].spec))))
        lengths = [item["width"] for item in drawn if item.get("width")]
        values = [n for of in found.series.values() for n in of if n]
        unit = sum(lengths) / sum(values)
        assert sorted(lengths) == pytest.approx(sorted(n * unit for n in values), abs=0.6), key
    names = load_plan().group_names(projects.lang)
    quotas = native(figures["quotas"], projects.lang)
    (whole, totals), *parts = quotas.series.items()
    assert [name for name, _ in parts] == list(names.values()) and whole not in names.values()
    assert set(quotas.colours) == set(quotas.series)
    asked = load_plan().quotas.query("required").groupby("quota", sort=False)["total"].sum()
    sums = [sum(n or 0 for n in of) for of in zip(*(of for _, of in parts), strict=True)]
    assert sums == list(totals) == list(asked)
    table = figures["quotas"].table
    at = {column.key: i for i, column in enumerate(table.columns)}
    told = [row[at["total"]] for row in table.rows if row[at["tier"]] == "whole"]
    assert sorted(told) == sorted(totals), "the bars of all groups have their rows"


def test_a_bar_that_does_not_begin_at_zero_stays_a_picture(projects):
    figure = next(one for one in projects.figures() if one.key == "outward")
    other = json.loads(json.dumps(figure.spec))
    for mark in other["marks"]:
        if mark["type"] == "rect":
            mark["encode"]["update"]["x2"] = {"scale": "x", "field": "low"}
    assert (
        native(figure, projects.lang) and native(replace(figure, spec=other), projects.lang) is None
    )


def test_parts_of_a_whole_on_a_page_of_ones_own_stay_stacked(projects):
    figure = next(one for one in projects.figures() if one.key == "outward")
    rows = pd.DataFrame({"row": list("aabb"), "part": list("xyxy"), "value": [1.0, 2.0, 3.0, 4.0]})
    chart = alt.Chart(rows).mark_bar().encode(x="value:Q", y="row:N", color="part:N")
    found = native(replace(figure, spec=compiled(themed(chart, 90))), projects.lang)
    assert found.kind == "bar_stacked" and found.categories == ("a", "b")
    assert found.series == {"x": (1.0, 3.0), "y": (2.0, 4.0)}


def test_bars_by_group_on_a_slide_hold_each_part(projects):
    found = charts(Presentation(io.BytesIO(writer("pptx")(projects))))
    assert {"quotas", "outward", "size_classes", "ledger_sizes"} <= set(found)
    figure = next(one for one in projects.figures() if one.key == "quotas")
    said = native(figure, projects.lang)
    plot = found["quotas"].plots[0]
    assert {one.name: tuple(one.values) for one in plot.series} == said.series
    assert plot.overlap == 0 and list(plot.categories) == list(said.categories)

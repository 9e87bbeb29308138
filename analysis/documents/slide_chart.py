"""A chart on a slide that can be edited, with its numbers behind it."""

from __future__ import annotations

from itertools import chain, repeat
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.util import Pt

from analysis.charts.theme import COLOUR
from analysis.documents.cells import printable
from analysis.documents.native import Native

KINDS = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "bar_about": XL_CHART_TYPE.BAR_CLUSTERED,
    "bar_stacked": XL_CHART_TYPE.BAR_STACKED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "dots": XL_CHART_TYPE.LINE_MARKERS,
    "line": XL_CHART_TYPE.LINE,
}
#: Colours of a chart's series, in their order.
SERIES = ("group_1", "band", "grey", "group_2")


def add_chart(slide: Any, found: Native, place: tuple[int, int, int, int]) -> Any:
    """Add a chart with its numbers: left, top, width and height are its place."""
    data = CategoryChartData()
    data.categories = found.categories
    for name, numbers in found.series.items():
        data.add_series(printable(name), numbers)
    frame = slide.shapes.add_chart(KINDS[found.kind], *place, data)
    chart, several = frame.chart, len(found.series) > 1
    bars = found.kind.startswith(("bar", "column"))
    chart.font.size = Pt(12)
    chart.font.color.rgb = rgb("muted")
    chart.has_title, chart.has_legend = False, several
    if several:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    else:
        chart.value_axis.has_title = True
        chart.value_axis.axis_title.text_frame.text = printable(next(iter(found.series)))
        chart.value_axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
    chart.value_axis.major_gridlines.format.line.color.rgb = rgb("line")
    numbers_as = "#,##0.0" if _part(found) else "#,##0"
    chart.value_axis.tick_labels.number_format = numbers_as
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if found.base is not None:
        chart.value_axis.crosses_at = found.base
    elif bars and min(_numbers(found)) >= 0:  # PowerPoint would begin near the shortest
        chart.value_axis.minimum_scale = 0
    if found.kind.startswith("bar"):  # the first on top, as it is read
        chart.category_axis.reverse_order = True
        chart.category_axis.crosses = XL_AXIS_CROSSES.MAXIMUM
    # The first is the one that is looked at; of series side by side, such as years, the last.
    marks = chain([XL_MARKER_STYLE.CIRCLE], repeat(XL_MARKER_STYLE.DASH))
    usual = iter(SERIES if found.colours else SERIES[: len(found.series)][::-1])
    for series in chart.plots[0].series:
        tone = next(usual, "grey")
        colour = found.colours.get(series.name) or tone
        if bars:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = rgb(colour)
            series.invert_if_negative = False
            continue
        series.smooth, line, marker = False, series.format.line, series.marker
        if found.kind == "line":
            marker.style, line.width = XL_MARKER_STYLE.NONE, Pt(2)
            line.color.rgb = rgb(colour)
            continue
        # What there is a dot, what is asked of it a stroke.
        line.fill.background()
        marker.style, marker.size = next(marks), 11
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = rgb(colour)
        marker.format.line.fill.background()
    if bars:
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 40, True
        plot.overlap = 100 if found.kind in ("bar_about", "bar_stacked") else 0
        plot.data_labels.number_format = numbers_as
        plot.data_labels.number_format_is_linked = False
        plot.data_labels.font.size = Pt(9 if several else 11)
    return frame


def _part(found: Native) -> bool:
    """Say whether numbers need a decimal to be told apart."""
    numbers = _numbers(found)
    return max(map(abs, numbers)) < 100 and any(n % 1 for n in numbers)


def _numbers(found: Native) -> list[float]:
    return [n for of in found.series.values() for n in of if n is not None]


def rgb(name: str) -> RGBColor:
    """Return a colour by its name in the theme, or as it is written."""
    return RGBColor.from_string(COLOUR.get(name, name).removeprefix("#").upper())

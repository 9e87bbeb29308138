"""Every number in a table behind a picture says what it is of."""

from __future__ import annotations

import pytest
from ran import page_of

from analysis.board.columns import (
    PLAIN,
    Column,
    described,
    in_units,
    is_number,
    shown,
    widths,
    written,
)
from analysis.board.drawing import plain
from analysis.publish.pages import pages

#: Counts, indices and scores: their headings say all. A month's number is one, too.
PURE = PLAIN | {
    "projects", "ratio", "people", "a_head", "months", "at_risk", "cohorts", "needed", "missing",
    "herfindahl", "period", "ranks.score", "ranks.low", "ranks.high", "ranks.best", "ranks.worst",
    "ranks.schedule", "ranks.quotas",
    "indices.first", "indices.first_error", "indices.total", "indices.total_error",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("slug", [page.slug for page in pages()])
def test_every_number_behind_a_picture_has_a_unit_or_needs_none(slug):
    bare = []
    for picture in page_of(slug).pictures.values():
        frame = picture.data
        columns = described(list(frame.columns), "en", picture.key)
        rows = plain(frame)
        for i in shown(columns, rows, "en"):
            column = columns[i]
            # A cell that follows the scenario is a number, too.
            numbers = any(is_number(row[i]) or isinstance(row[i], dict) for row in rows)
            if numbers and not (column.unit or column.of_row):
                bare.append((picture.key, column.key))
    assert not {f"{picture}.{key}" for picture, key in bare if key not in PURE} - PURE


@pytest.mark.parametrize("key", ["low", "value", "expected", "before", "amount"])
def test_an_amount_beside_a_unit_is_in_it(key):
    columns = described(["target", key, "projects", "unit"], "en")
    rows = [("a", 9330.0, 7, "1e8 CNY"), ("b", 36.5, 7, "%"), ("c", "–", 7, "1e8 CNY")]
    assert in_units(columns, rows, "en") == (
        ("a", 933.0, 7, "1e8 CNY"),
        ("b", 36.5, 7, "%"),
        ("c", "–", 7, "1e8 CNY"),
    )
    assert in_units(columns, rows, "zh")[0][1] == 9330.0


def test_a_key_stays_where_the_name_beside_it_does_not_tell_it():
    keys = ["place", "tier", "link", "name_zh", "name_en", "projects"]
    rows = [
        ["jiangan", "central", "it_1", "晶圆制造", "Wafers", 7],
        ["hanyang", "central", "it_1", "晶圆制造", "Wafers", 1],
        ["hanyang", "central", "it_2", "设计工具", "Design tools", 2],
    ]
    columns = described(keys, "en")
    assert [keys[i] for i in shown(columns, rows, "en")] == ["place", "name_en", "projects"]


def test_sides_are_named_in_rows_only_where_there_are_several():
    columns = described(["of", "name_en", "value"], "en")
    rows = [["a beside b", "Jobs", 1.0], ["a beside c", "Jobs", 2.0]]
    assert [shown(columns, rows[:n], "en") for n in (1, 2)] == [[1, 2], [0, 1, 2]]


@pytest.mark.parametrize(("value", "said"), [(60.00000001, "60"), (0.2, "0.20"), (-0.0, "0")])
def test_what_a_solver_leaves_of_a_whole_number_is_no_decimal(value, said):
    assert written(value, "value", "en") == said


def test_the_column_with_most_to_say_keeps_most_of_the_room():
    columns = [Column(key, key) for key in ("name", "reason", "source")]
    row = ["Border, above its target", "eleven words " * 12, "plan 2021; bounds are assumed"]
    name, reason, source = widths(columns, [row], 70.0)
    assert name + reason + source <= 70 and reason > 1.5 * max(name, source)

"""Pictures of any number of groups and levels: each with a colour and a name of its own."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from collisions import items

from analysis.board import drawing
from analysis.charts import capital, progress, structure, track_record
from analysis.charts.engine import engine
from analysis.charts.marks import LINE, target_lines
from analysis.charts.theme import COLOUR, GROUPS, group_colours
from analysis.datapackage import DataPackageError
from analysis.model import load_model
from analysis.plan import load_plan
from analysis.text import Text

TOY = Path(__file__).parents[1] / "plans" / "toy_2030"
PROVENANCE = "toy,,illustrative,low"


def with_groups(folder: Path, number: int) -> Path:
    """Copy the toy plan with some more groups, of a place each."""
    shutil.copytree(TOY, folder)
    rows: dict[str, list[str]] = {"groups": [], "places": [], "targets": []}
    for at in range(number):
        key = f"isle_{at}"
        rows["groups"].append(f"{key},岛{at},Isle {at},岛{at},Isle {at},i_{at},false,none")
        rows["places"].append(
            f"eel_{at},{key},鳗{at},Eel {at},鳗{at},Eel {at},,,鳗,Eel,{at},2,none"
        )
        rows["targets"] += [f"funds,floor,{key},2030,60,lower,1e6 EUR",
                            f"green_share,floor,{key},2030,10,lower,%"]  # fmt: skip
    for table, lines in rows.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line},{PROVENANCE}\n" for line in lines)
    return folder


@pytest.mark.parametrize("number", [1, 6])
def test_each_group_has_its_own_bar_name_and_colour(tmp_path: Path, number: int) -> None:
    plan = load_plan(with_groups(tmp_path / "plan", number))
    model = load_model(plan)
    values = model.defaults | model.evaluate({})
    chart = capital.floors_to_target(model, values, plan["funds"], Text("en"), False).to_dict()
    scale = chart["layer"][0]["encoding"]["color"]["scale"]
    keys = [*plan.group_names("en")]
    assert scale["domain"] == [*keys, "gap"] and len(keys) == 2 + number
    assert scale["range"] == [COLOUR[one] for one in GROUPS[: len(keys)]] + [COLOUR["missing"]]
    assert len(set(group_colours(keys).values())) == len(keys)
    (drawn,) = (rows for rows in chart["datasets"].values() if len(rows) == len(keys) + 1)
    assert [row["name"] for row in drawn][:-1] == list(plan.group_names("en").values())
    assert Text("en")("place.unfloored") not in str(chart)
    mosaic = capital.share_mosaic(model, values, plan["green_share"], Text("en"), False)
    assert mosaic.to_dict()["layer"][0]["encoding"]["color"]["scale"]["domain"] == keys


def test_more_groups_than_can_be_told_apart_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DataPackageError, match=r"groups\.csv.*eight"):
        load_plan(with_groups(tmp_path / "plan", 7))


def test_the_groups_of_each_row_stand_in_the_plans_order() -> None:
    groups = {"b": "Bee", "a": "Ant"}
    rows = pd.DataFrame({"row": ["x", "x", "y", "y"], "tier": ["a", "b", "b", "a"],
                         "value": [1, 2, 3, 4]})  # fmt: skip
    chart = structure.by_group(rows, "project_structure.axis.projects", groups, Text("en"), False)
    (drawn,) = chart.to_dict()["datasets"].values()
    slots = {(row["row"], row["slot"]): row["tier"] for row in drawn}
    assert [slots[row, slot] for row in "xy" for slot in range(3)] == ["whole", "b", "a"] * 2


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    ("capital_in_place", "side"), [(510.0, "right"), (590.0, "left"), (9.0, "left")]
)
def test_a_number_that_a_floor_leaves_no_room_for_stands_in_its_bar(
    capital_in_place: float, side: str, narrow: bool
) -> None:
    """Beyond the floor's tick it would be read as the floor's; in a short bar there is no room."""
    rows = pd.DataFrame({"place": ["p"], "name": ["P"], "tier": ["a"], "floor": [569.0],
                         "capital": [capital_in_place], "due": [569.0]})  # fmt: skip
    chart = progress.against_floors(rows, "p", {"a": "Ant"}, Text("zh"), narrow)
    graph = engine().vegalite_to_scenegraph(chart.to_dict())
    said = f"{capital_in_place:.0f}"
    sides = {item["align"] for mark, item, *_ in items(graph["scenegraph"], *graph["origin"])
             if mark["marktype"] == "text" and item["text"] == said}  # fmt: skip
    assert sides == {side}


def test_names_of_close_levels_stand_clear_of_each_other() -> None:
    close = replace(load_plan(TOY)["funds"], levels={"low": 500, "middle": 504, "high": 508})
    rules = alt.layer(*target_lines(close, "y", Text("en"), False)).properties(height=230)
    scale = rules.encode(y=alt.Y("at:Q").scale(domain=[0, 1000]))
    drawn = drawing.svg(drawing.compiled(scale))
    named = re.findall(r'translate\([^,]*,([^)]*)\)"[^>]*>(?:Low|Middle|High) ', drawn)
    heights = sorted(map(float, named))
    assert len(heights) == 3
    assert all(b - a >= LINE for a, b in itertools.pairwise(heights))


def test_years_without_a_figure_keep_their_place() -> None:
    rows = pd.DataFrame({"year": ["2019", "2020", "2024"], "level": "result", "bound": "exact",
                         "value": [250.0, 246.0, 234.0], "sign": "", "mark": ""})  # fmt: skip
    target = load_plan(TOY)["funds"]
    chart = track_record.past_years(rows, target, Text("en"), False).to_dict()
    assert '"domain": ["2019", "2020", "2021", "2022", "2023", "2024"]' in json.dumps(chart)

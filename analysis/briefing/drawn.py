"""The rows that pictures of a scenario draw, as a reader takes them away: they follow it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.charts.capital import PLACES, SHORT
from analysis.charts.picture import Live
from analysis.model import Model
from analysis.model.scenario_model import swing_name
from analysis.plan import Target
from analysis.text import both

MONEY = "1e8 CNY"


def _named(name: dict[str, str], **cells: Any) -> dict[str, Any]:
    return {**{f"name_{lang}": said for lang, said in name.items()}, **cells}


def _of(model: Model, outcome: str) -> dict[str, str]:
    found = model.outcomes[outcome]
    return {"zh": found.name_zh, "en": found.name_en}


def steps_to_target(model: Model, target: Target) -> pd.DataFrame:
    """Return the capital of each tier, the city's, the target, and what lies between the two."""
    places = [
        _named(both(SHORT + place), amount=Live(f"capital_{place}"), unit=MONEY) for place in PLACES
    ]
    levels = [
        _named(
            both(f"document.target.{level}", name_zh=target.name_zh, name_en=target.name_en),
            amount=getattr(target, level),
            unit=MONEY,
        )
        for level in ("expected", "stretch")
    ]
    city, *margins = (
        _named(_of(model, outcome), amount=Live(outcome), unit=MONEY)
        for outcome in ("capital_total", "capital_margin_expected", "capital_margin_stretch")
    )
    return pd.DataFrame([*places, city, *levels, *margins])


def shares(model: Model) -> pd.DataFrame:
    """Return each tier's capital and industrial share, and the city's."""
    places = [
        _named(
            both(SHORT + place),
            amount=Live(f"capital_{place}"),
            unit=MONEY,
            industrial_share=Live(f"share_{place}"),
        )
        for place in PLACES
    ]
    city = _named(
        _of(model, "capital_total"),
        amount=Live("capital_total"),
        unit=MONEY,
        industrial_share=Live("industrial_share"),
    )
    return pd.DataFrame([*places, city])


def frontier(edge: pd.DataFrame) -> pd.DataFrame:
    """Return the edge of what is within reach, and the scenario."""
    named = [
        _named(
            both("target_scenarios.frontier.edge"),
            capital_total=capital,
            least_share=least,
            most_share=most,
        )
        for capital, least, most in edge[["capital_total", "least_share", "most_share"]].to_numpy()
    ]
    here = {key: Live(key) for key in ("capital_total", "industrial_share")}
    return pd.DataFrame([_named(both("target_scenarios.frontier.here"), **here), *named])


def swings(levers: Iterable[str], outcome: str) -> pd.DataFrame:
    """Return the outcome with each lever at its bounds, and as it is."""
    return pd.DataFrame(
        {
            "lever": lever,
            "at_low": Live(swing_name(outcome, lever, "low")),
            "at_high": Live(swing_name(outcome, lever, "high")),
            "base": Live(outcome),
        }
        for lever in levers
    )


def additions(added: pd.DataFrame) -> pd.DataFrame:
    """Return what each lever has to add, with its unit."""
    return pd.DataFrame(
        {
            "lever": row.lever,
            "amount": Live(str(row.signal)),
            "unit": MONEY,
        }
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
    """Return rows whose value is the signal that they name."""
    return frame.assign(value=frame["signal"].map(Live))

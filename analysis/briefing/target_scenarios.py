"""Frames, numbers and tools of the page on scenarios: reach, goal, least increment, draws."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from analysis.board.definitions import CARDS
from analysis.board.labels import scale, unit
from analysis.briefing.answers import CORRELATION, answers, choices, flow, formulas, goal
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.model.uncertainty import sobol_indices, triangular
from analysis.plan import Plan
from analysis.scenario import presets as published
from analysis.scenario import table
from analysis.text import Message, Text

NAME = "target_scenarios"
__all__ = ["answers", "flow"]


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts that depend on the scenario."""
    met = " && ".join(f"{margin}_expected >= 0" for margin in (
        "capital_margin", "industrial_margin", "foreign_capital_margin", "fdi_margin"
    ))  # fmt: skip
    cases = {
        "answer": ((met, f"{NAME}.answer.met"), ("true", f"{NAME}.answer.short")),
        **{
            f"increment.{part}": (
                ("added_met == 0", f"{NAME}.increment.{part}.unmet"),
                ("true", f"{NAME}.increment.{part}"),
            )
            for part in ("title", "alt")
        },
    }
    return {key: Message(case, {}) for key, case in cases.items()}


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    capital, share = plan["capital_in_place"], plan["industrial_share"]
    low, high = (cases(plan, model).set_index("signal")[end] for end in ("low", "high"))
    said: dict[str, Any] = {
        "capital_low": low["capital_total"],
        "capital_high": high["capital_total"],
        "share_low": low["industrial_share"],
        "share_high": high["industrial_share"],
        "correlation": CORRELATION,
        "capital_expected": capital.expected,
        "capital_stretch": capital.stretch,
        "share_expected": share.expected,
        "share_stretch": share.stretch,
    }
    for outcome, rows in indices(model).groupby("outcome"):
        top = model.levers[rows["lever"].iloc[0]]
        short = "capital" if outcome == "capital_total" else "share"
        said |= {f"{short}_top_zh": top.name_zh, f"{short}_top_en": top.name_en}
    return said


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return what the page's tools are made of, by the part of the board that shows them."""
    return {
        "goal": goal(plan, model),
        "increment": {"choices": choices(plan)},
        "basis": formulas(model),
    }


def added(model: Model, facts: dict[str, Any]) -> pd.DataFrame:
    """Return what each lever of capital and share adds in the least increment, and how far."""
    keys = [
        key for key in model.levers if f"added_{key}" in facts and key not in model.inputs.rates
    ]
    rows = _rows(facts, "added_", keys)
    for end in ("low", "high"):
        rows[end] = [facts[f"{signal}_{end}"] for signal in rows["signal"]]
    return rows


def drawn(facts: dict[str, Any]) -> pd.DataFrame:
    """Return the shares of draws that meet each target."""
    return _rows(facts, "drawn_", [key[6:] for key in facts if key.startswith("drawn_")])


def named(frame: pd.DataFrame, model: Model, text: Text) -> pd.DataFrame:
    """Return rows of levers with their names."""
    return frame.assign(name=[text.name(model.levers[key]) for key in frame["lever"]])


def _rows(facts: dict[str, Any], prefix: str, keys: list[str]) -> pd.DataFrame:
    """Return one row a fact: what it is of, the signal that holds it, its first value."""
    signals = [f"{prefix}{key}" for key in keys]
    return pd.DataFrame(
        {"lever": keys, "signal": signals, "value": [facts[name] for name in signals]}
    )


def reach(model: Model, outcome: str) -> tuple[float, float]:
    """Return the least and the most that an outcome can be within all levers' bounds.

    In any one lever the outcome has no turning point, so both lie at corners.
    """
    keys = list(model.compiled.gradient[outcome])
    ends = [(model.levers[key].low, model.levers[key].high) for key in keys]
    corners = dict(zip(keys, np.array(list(product(*ends))).T, strict=True))
    found = model.evaluate(corners, [outcome])[outcome]
    return float(found.min()), float(found.max())


def indices(model: Model) -> pd.DataFrame:
    """Return each lever's total Sobol index for both city totals, least ones left out."""
    found = []
    for outcome in model.inputs.what_if:
        ranges = {
            key: triangular(
                model.levers[key].low, model.levers[key].default, model.levers[key].high
            )
            for key in model.compiled.gradient[outcome]
        }
        shares = sobol_indices(model, ranges, outcome)
        found.append(shares[shares["total"] >= 0.01].assign(outcome=outcome))
    return pd.concat(found, ignore_index=True)


def drawn_rows(drawn: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return shares of draws with the names of what they meet."""
    cards = {outcome: text(f"board.card.{key}") for key, outcome, *_ in CARDS}
    cards["all"] = text(f"{NAME}.all")
    named = []
    for key in drawn["lever"]:
        independent = key.removesuffix("_tied")
        target, _, level = independent.rpartition("_")
        tied = text(f"{NAME}.tied") if key != independent else ""
        named.append(f"{cards[target]} {text(f'{NAME}.level.{level}')}{tied}")
    return drawn.assign(name=named, scale=1.0)


def cases(plan: Plan, model: Model) -> pd.DataFrame:
    """Return one row a target: the outcome with all levers at their low ends, now, and high."""
    free = [key for key, lever in model.levers.items() if not lever.choices]
    low, now, high = (
        levers | model.evaluate(levers)
        for levers in (
            {key: model.levers[key].low for key in free},
            model.defaults,
            {key: model.levers[key].high for key in free},
        )
    )
    return pd.DataFrame(
        [
            {
                "target": key, "signal": outcome, "unit": plan[key].unit, "low": low[outcome],
                "value": now[outcome], "high": high[outcome],
                "expected": plan[key].expected, "stretch": plan[key].stretch,
            }
            for key, outcome, *_ in CARDS
        ]
    )  # fmt: skip


def case_names(cases: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return cases with names, and units as a picture writes them."""
    units = cases["unit"].map(lambda name: unit(name)[text.lang])
    names = [text(f"board.card.{key}") for key in cases["target"]]
    comma = {"zh": "，", "en": ", "}[text.lang]
    money = cases["unit"].ne("%")
    return cases.assign(
        name=[f"{name}{comma}{of}" for name, of in zip(names, units, strict=True)],
        factor=cases["unit"].map(lambda name: scale(name)[text.lang]),
        form=money.map({True: ",.0f" if text.lang == "zh" else ",.1f", False: ".1f"}),
    )


def compared(model: Model) -> pd.DataFrame:
    """Return the presets with their capital, 1e8 CNY."""
    return pd.DataFrame(
        [
            {
                "name_zh": preset.name_zh,
                "name_en": preset.name_en,
                "value": float(preset.scenario.outcomes(model, ["capital_total"])["capital_total"]),
            }
            for preset in published(model)
        ]
    )


def side_by_side(model: Model) -> pd.DataFrame:
    """Return levers and outcomes of the first four presets, a column each."""
    four = {preset.key: preset.scenario for preset in published(model)[:4]}
    return table(four, model).reset_index()

"""Frames, numbers and tools of the page on scenarios: reach, goal, least increment, draws."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from analysis.amounts import amount, decimals, scale, unit
from analysis.briefing.answers import CORRELATION, answers, choices, flow, formulas, goal
from analysis.briefing.capital_inflow import by_level
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.model.scenario_model import swing_name
from analysis.model.uncertainty import sobol_indices, triangular
from analysis.plan import Plan
from analysis.scenario import presets as published
from analysis.text import LANGUAGES, Message, Text
from analysis.words import number_format, within

NAME = "target_scenarios"
#: Most characters of a name and its unit in one line.
LONG = 22
#: Pictures that rank the levers of the sum, of its share, of both.
_RANKED = ("tornado_capital", "tornado_share", "indices")
__all__ = ["answers", "flow"]


def levers(model: Model) -> list[str]:
    """Return the levers that can move a target; what districts set themselves is told elsewhere."""
    return [key for key, lever in model.levers.items() if lever.group != "own"]


def met(plan: Plan) -> str:
    """Return the condition that a scenario meets the lowest level of every target."""
    lowest = {plan.measures[key].stem: next(iter(plan[key].levels)) for key in plan.targets}
    return " && ".join(f"{stem}_margin_{level} >= 0" for stem, level in lowest.items())


def stand(plan: Plan, part: str) -> dict[str, str]:
    """Return words on every target that follow the scenario.

    part : "margin", how far each is from its lowest level; "value", what sum and share come to
    """
    # Of the others a lever shows the number, and it may be nothing or less.
    told = {one.key for one in (plan.total, plan.share) if one}
    of = {key: part if key in told else "itself" for key in plan.targets}
    return {
        lang: {"zh": "；", "en": "; "}[lang].join(
            Text(lang)(f"{NAME}.stand.{form}", **_standing(plan, key, lang))
            for key, form in of.items()
            if part == "margin" or form != "itself"
        )
        for lang in LANGUAGES
    }


def _standing(plan: Plan, key: str, lang: str) -> dict[str, str]:
    """Return a target's name, and templates of what it comes to and of how far that is from it."""
    measure, level = plan.measures[key], next(iter(plan[key].levels))
    apart = "points" if measure.unit == "%" else measure.unit
    form = number_format(apart, measure.digits)[lang]
    name = within(str(getattr(measure, f"short_{lang}")))
    written = amount(apart, measure.digits)[lang].replace(f"{{value:{form}}}", "#")
    size = "#" if unit(apart)[lang] == name else written  # jobs are so many short, not so many jobs
    kind = "points" if apart == "points" else "amount"
    judging = Text(lang)(f"{NAME}.stand.{kind}", size=size)
    # What is counted is called by its name already.
    counted = measure.type == "count"
    value = f"{{value:{form}}}" if counted else amount(measure.unit, measure.digits)[lang]
    value = value.replace("{value:", f"{{{measure.outcome}:")
    called = "counted" if counted else "measured"
    return {
        "name": name,
        "told": Text(lang)(f"{NAME}.stand.{called}", name=name, value=value),
        "margin": f"{{{measure.stem}_margin_{level}:+{form}|{judging}}}",
    }


def unknown(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message | None]:
    """Return the pictures that have nothing to show, and the section that has nothing to set."""
    # This shows what the sum and its share do together.
    lacking = {"reach"} if plan.share is None else set()
    swayed = [len(model.compiled.gradient[key]) > 1 for key in model.inputs.what_if]
    ranked = dict(zip(("tornado_capital", "tornado_share"), swayed, strict=False))
    ranked["indices"] = any(swayed)
    # Where a single lever moves an outcome there is none to set beside it.
    lacking |= {key for key in _RANKED if not ranked.get(key)}
    return dict.fromkeys(lacking)


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    ends = cases(plan, model).set_index("signal")
    said: dict[str, Any] = {"correlation": CORRELATION}
    ranked = indices(model).groupby("outcome", sort=False)["lever"].first()
    summed = filter(None, (plan.total, plan.share))
    for short, measure in zip(("capital", "share"), summed, strict=False):
        target, outcome = plan[measure.key], measure.outcome
        said |= {
            f"{short}_low": ends.loc[outcome, "low"],
            f"{short}_high": ends.loc[outcome, "high"],
            **by_level(f"{short}_target", target),
        }
        if outcome in ranked:
            top = model.levers[ranked[outcome]]
            said |= {f"{short}_top_zh": top.name_zh, f"{short}_top_en": top.name_en}
    return said


def edges(model: Model) -> pd.DataFrame:
    """Return the edge of what is within reach; no row where nothing has a share."""
    return model.reach(31) if model.inputs.share else pd.DataFrame()


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return what the page's tools are made of, by the part of the board that shows them."""
    return {
        "goal": goal(plan, model),
        "increment": {"choices": choices(plan, model)},
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
    keys = [key[6:] for key in facts if key.startswith("drawn_")]
    return _rows(facts, "drawn_", keys).assign(unit="%")


def named(frame: pd.DataFrame, model: Model, text: Text) -> pd.DataFrame:
    """Return rows of levers with their names."""
    return frame.assign(name=[text.name(model.levers[key]) for key in frame["lever"]])


def _rows(facts: dict[str, Any], prefix: str, keys: list[str]) -> pd.DataFrame:
    """Return one row a fact: what it is of, the signal that holds it, its first value."""
    signals = [f"{prefix}{key}" for key in keys]
    return pd.DataFrame(
        {"lever": keys, "signal": signals, "value": [facts[name] for name in signals]}
    )


def strongest(
    model: Model, outcome: str, said: Mapping[str, str]
) -> list[tuple[str, dict[str, str]]]:
    """Return what is said of the lever that moves an outcome most, a case a lever.

    said : names `{lever}`, and the outcome at its bounds, `{low}` and `{high}`
    """
    levers = list(model.compiled.swings.get(outcome, ()))
    ends = {key: [swing_name(outcome, key, end) for end in ("low", "high")] for key in levers}
    # Squares, as a condition knows no function: which end is the higher doesn't matter.
    widths = {key: f"({high} - {low}) * ({high} - {low})" for key, (low, high) in ends.items()}
    return [
        (
            " && ".join(f"{widths[key]} > {widths[other]}" for other in levers if other != key),
            {
                lang: words.replace("{lever}", getattr(model.levers[key], f"name_{lang}"))
                .replace("{low", "{" + ends[key][0])
                .replace("{high", "{" + ends[key][1])
                for lang, words in said.items()
            },
        )
        for key in levers
    ]


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


def drawn_rows(drawn: pd.DataFrame, plan: Plan, text: Text) -> pd.DataFrame:
    """Return shares of draws with the names of what they meet, all targets together first.

    `kind` is the level, where a target has several.
    """
    cards = {plan.measures[key].outcome: _short(plan, key, text) for key in plan.targets}
    cards["all"] = text(f"{NAME}.all")
    levels: dict[str, str] = dict(
        plan.levels[["level", f"short_{text.lang}"]].itertuples(index=False)
    )
    rows = []
    for key in drawn["lever"]:
        independent = key.removesuffix("_tied")
        level = max((one for one in levels if independent.endswith(f"_{one}")), key=len)
        target = independent.removesuffix(f"_{level}")
        tied = text(f"{NAME}.tied") if key != independent else ""
        rows.append((f"{cards[target]}{tied}", levels[level], target != "all"))
    named = pd.DataFrame(rows, columns=["name", "kind", "single"], index=drawn.index)
    found = drawn.join(named).assign(scale=1.0)
    found = found.sort_values("single", kind="stable").drop(columns="single")
    return found if found["kind"].nunique() > 1 else found.drop(columns="kind")


def cases(plan: Plan, model: Model) -> pd.DataFrame:
    """Return one row a target: its levels, and the outcome with all levers low, now, and high."""
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
                **{f"asked_{level}": value for level, value in plan[key].levels.items()},
            }
            for key, outcome in model.inputs.outcome_of.items()
        ]
    )  # fmt: skip


def _short(plan: Plan, key: str, text: Text) -> str:
    return str(getattr(plan.measures[key], f"short_{text.lang}"))


def case_names(cases: pd.DataFrame, plan: Plan, text: Text) -> pd.DataFrame:
    """Return cases with names, and units as a picture writes them."""
    units = cases["unit"].map(lambda name: unit(name)[text.lang])
    names = [_short(plan, key, text) for key in cases["target"]]
    comma = {"zh": "，", "en": ", "}[text.lang]
    factors = cases["unit"].map(lambda name: scale(name)[text.lang])
    places = [
        1 if of == "%" else decimals(of, plan.measures[key].digits, text.lang)
        for key, of in zip(cases["target"], cases["unit"], strict=True)
    ]
    return cases.assign(
        name=[_in(name, of, comma) for name, of in zip(names, units, strict=True)],
        factor=factors,
        form=[f",.{place}f" for place in places],
    )


def _in(name: str, of: str, comma: str) -> str:
    """Return a name with its unit, which what is counted may be called by; "|" breaks the line."""
    if of.casefold().endswith(name.casefold()):  # 岗位, 个岗位
        return name
    long = len(name) + len(of) > LONG
    return f"{name}{comma.rstrip()}|{of}" if long else f"{name}{comma}{of}"


def compared(model: Model) -> pd.DataFrame:
    """Return the presets with what each brings: the sum as `value`, and every total by its key."""
    total, *_ = totals = model.inputs.what_if
    found = [(preset, preset.scenario.outcomes(model, totals)) for preset in published(model)]
    return pd.DataFrame(
        [
            {"name_zh": preset.name_zh, "name_en": preset.name_en,
             **{key: float(brought[key]) for key in totals}, "value": float(brought[total])}
            for preset, brought in found
        ]
    )  # fmt: skip

"""What would have to be true to reach the targets together?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pandas as pd

from analysis.board.labels import unit
from analysis.charts import scenario
from analysis.charts.picture import Picture
from analysis.evidence import Evidence
from analysis.model import Model, load_model
from analysis.model.phrase import Phrase
from analysis.model.uncertainty import simulate, tornado, triangular
from analysis.plan import Plan
from analysis.scenario import presets, table
from analysis.text import LANGUAGES, Message, Text

LEVERS = tuple(load_model().levers)
NAME = "target_scenarios"
#: Levers that the goal seek moves one at a time, for each target.
CAPITAL = ("uplift_central", "uplift_outer", "uplift_zone", "capital_unfloored")
SHARES = ("share_central", "share_outer", "share_zone")


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    met = " && ".join(f"{margin}_expected >= 0" for margin in (
        "capital_margin", "industrial_margin", "foreign_capital_margin", "fdi_margin"
    ))  # fmt: skip
    answer = Message(((met, f"{NAME}.answer.met"), ("true", f"{NAME}.answer.short")), {})
    sought = [
        model.seek(outcome, level, lever).say
        for outcome, target, levers in (
            ("capital_total", plan["capital_in_place"], CAPITAL),
            ("industrial_share", plan["industrial_share"], SHARES),
        )
        for level in (target.expected, target.stretch)
        for lever in levers
    ]
    fixed = ("title", "seek", "sure", "sure.text", "compare", "compare.text", "basis")
    return {
        **{key: Message.fixed(f"{NAME}.{key}") for key in fixed},
        "answer": answer,
        "basis.text": Message.fixed(f"{NAME}.sentences", sentences=_assumed(model)),
        "seek.text": Message.fixed(f"{NAME}.sentences", sentences=_said(sought)),
    }


def _said(phrases: Iterable[Phrase]) -> dict[str, str]:
    """Return sentences one after the other, in both languages."""
    found = list(phrases)
    return {
        lang: (" " if lang == "en" else "").join(Text(lang)(p.key, **p.values) for p in found)
        for lang in LANGUAGES
    }


def _assumed(model: Model) -> dict[str, str]:
    """Return every lever's default, bounds and the reason for them, in both languages."""
    return {
        lang: " ".join(
            Text(lang)(
                f"{NAME}.lever",
                name=Text(lang).name(lever),
                default=lever.default,
                low=lever.low,
                high=lever.high,
                unit=unit(lever.unit),
                reason=getattr(lever, f"reason_{lang}"),
            )
            for lever in model.levers.values()
        )
        for lang in LANGUAGES
    }


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order."""
    capital, share = plan["capital_in_place"], plan["industrial_share"]
    values = model.evaluate({})
    edge = model.frontier(points=31)[["capital_total", "industrial_share", "effort"]]
    effort = model.least_effort("stretch")
    moved = pd.DataFrame({"lever": list(effort.extra), "value": list(effort.extra.values())})
    moved = moved[moved["value"] > 0.05]
    chance = _chance(model)
    shown = _compared(model)
    facts: dict[str, Any] = {
        "capital_expected": capital.expected,
        "capital_stretch": capital.stretch,
        "share_expected": share.expected,
        "share_stretch": share.stretch,
        "effort": effort.effort,
        "effort_said": _said(effort.say()),
        "together": float(chance.query("key == 'all' and level == 'expected'")["value"].iloc[0]),
        "together_stretch": float(
            chance.query("key == 'all' and level == 'stretch'")["value"].iloc[0]
        ),
    }

    def picture(
        key: str, chart: Callable[..., Any], data: pd.DataFrame, formula: str | None = None
    ) -> Picture:
        texts: dict[str, Any] = {
            part: Message.fixed(f"{NAME}.{key}.{part}", **facts)
            for part in ("title", "say", "alt", "source")
        }
        return Picture(key=key, chart=chart, data=data, formula=formula, **texts)

    def swings(outcome: str, axis: str) -> tuple[Callable[..., Any], pd.DataFrame]:
        frame = tornado(model, outcome)
        target = capital if outcome == "capital_total" else share

        def chart(text: Text, narrow: bool) -> Any:
            return scenario.tornado(_named(frame, model, text), target, axis, text, narrow)

        return chart, frame

    return [
        picture("frontier", partial(scenario.frontier, edge, values, capital, share), edge,
                model.formula("industrial_share")),
        picture("effort", lambda text, narrow: scenario.bars(
            _named(moved, model, text), f"{NAME}.axis.effort", ",.0f", text, narrow), moved),
        picture("tornado_capital", *swings("capital_total", f"{NAME}.axis.capital"),
                model.formula("capital_total")),
        picture("tornado_share", *swings("industrial_share", f"{NAME}.axis.share"),
                model.formula("industrial_margin_expected")),
        picture("chance", lambda text, narrow: scenario.bars(
            _chance_rows(chance, plan, text), f"{NAME}.axis.chance", ".0f", text, narrow, 100),
            chance),
        picture("compared", lambda text, narrow: scenario.compared(
            shown.assign(name=shown[f"name_{text.lang}"])[["name", "value"]],
            capital, text, narrow), _side_by_side(model)),
    ]  # fmt: skip


def _named(frame: pd.DataFrame, model: Model, text: Text) -> pd.DataFrame:
    return frame.assign(name=[text.name(model.levers[key]) for key in frame["lever"]])


def _chance(model: Model) -> pd.DataFrame:
    """Return the probability, %, of each target if levers fall anywhere within their bounds."""
    ranges = {
        key: triangular(lever.low, lever.default, lever.high)
        for key, lever in model.levers.items()
        if not lever.choices
    }
    rows = [
        {"key": key, "level": level, "value": 100 * probability}
        for level in ("expected", "stretch")
        for key, probability in simulate(model, ranges, targets=level).probabilities().items()
    ]
    return pd.DataFrame(rows)


def _chance_rows(chance: pd.DataFrame, plan: Plan, text: Text) -> pd.DataFrame:
    names = {"capital_total": "capital_in_place"}
    said = [
        text(f"{NAME}.all") if key == "all" else text(f"board.card.{names.get(key, key)}")
        for key in chance["key"]
    ]
    levels = [text(f"{NAME}.level.{level}") for level in chance["level"]]
    named = [f"{name} {level}" for name, level in zip(said, levels, strict=True)]
    return chance.assign(name=named)[["name", "value"]]


def _compared(model: Model) -> pd.DataFrame:
    """Return the presets with their capital, 1e8 CNY."""
    return pd.DataFrame(
        [
            {
                "name_zh": preset.name_zh,
                "name_en": preset.name_en,
                "value": float(preset.scenario.outcomes(model, ["capital_total"])["capital_total"]),
            }
            for preset in presets(model)
        ]
    )


def _side_by_side(model: Model) -> pd.DataFrame:
    """Return levers and outcomes of the first four presets, a column each."""
    four = {preset.key: preset.scenario for preset in presets(model)[:4]}
    return table(four, model).reset_index()

"""A small model and picture with the interface that the board is built on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd

from analysis.charts.theme import group_colours

#: Sums of the floors of the three tiers, as in the plan: enough for numbers that are easy to check.
FLOORS = {"central": 3983.0, "outer": 2276.0, "zone": 2172.0}


@dataclass(frozen=True)
class Lever:
    key: str
    group: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    default: float
    low: float
    high: float
    step: float
    reason_zh: str = "试验用的范围"
    reason_en: str = "A range for tests"
    source: str = "plan_2021"
    section: str = "part 1 (二)"


@dataclass(frozen=True)
class Outcome:
    key: str
    name_zh: str
    name_en: str
    unit: str


@dataclass(frozen=True)
class Target:
    name_zh: str
    name_en: str
    unit: str
    expected: float
    stretch: float
    kind: str = "stated"

    @property
    def levels(self) -> dict[str, float]:
        return {"expected": self.expected, "stretch": self.stretch}


@dataclass(frozen=True)
class Measure:
    stem: str
    outcome: str
    digits: int
    short_zh: str
    short_en: str


@dataclass(frozen=True)
class Plan:
    targets: dict[str, Target]
    measures: dict[str, Measure]

    def __getitem__(self, key: str) -> Target:
        return self.targets[key]


@dataclass(frozen=True)
class Said:
    """A message with its templates written here: (condition, Chinese, English)."""

    cases: tuple[tuple[str, str, str], ...]
    values: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cases = [{"when": when, "zh": zh, "en": en} for when, zh, en in self.cases]
        return {"cases": cases, "values": self.values}


@dataclass(frozen=True)
class Picture:
    key: str
    chart: Callable[[Any, bool], alt.Chart]
    title: Said
    say: Said
    alt: Said
    source: Said
    formula: str | None
    data: pd.DataFrame
    illustrative: bool = False


PLAN = Plan(
    {
        "capital_in_place": Target("到位资金", "Capital in place", "1e8 CNY", 9330, 9360),
        "industrial_share": Target("产业项目占比", "Industrial share", "%", 36.5, 40),
        "foreign_capital_growth": Target("实际利用外资增幅", "Foreign capital growth", "%", 8, 9),
        "fdi_growth": Target("FDI 增幅（商务部口径）", "FDI growth (ministry scope)", "%", 15, 18),
    },
    {
        "capital_in_place": Measure("capital", "capital_total", 0, "到位资金", "Investment"),
        "industrial_share": Measure(
            "industrial", "industrial_share", 2, "产业项目占比", "Industry share"
        ),
        "foreign_capital_growth": Measure(
            "foreign_capital", "foreign_capital_growth", 1, "外资增幅", "Foreign capital"
        ),
        "fdi_growth": Measure("fdi", "fdi_growth", 1, "FDI 增幅", "FDI growth"),
    },
)


class Model:
    """Capital by tier, the city's share, two growth rates."""

    def __init__(self) -> None:
        tiers = (
            ("central", "中心城区", "Central districts", "c"),
            ("outer", "新城区", "Outer districts", "o"),
            ("zone", "国家级开发区", "National zones", "z"),
        )
        levers = [
            Lever(
                f"uplift_{t}",
                "capital",
                f"u_{s}",
                f"{zh}超出底线幅度",
                f"{en} above floor",
                "%",
                0,
                -30,
                50,
                0.5,
            )
            for t, zh, en, s in tiers
        ]
        levers += [
            Lever(
                "share_zone",
                "industry",
                "s_z",
                "国家级开发区产业占比",
                "Industrial share of zones",
                "%",
                50,
                0,
                100,
                0.5,
            ),
            Lever(
                "foreign_capital_growth",
                "foreign",
                "g",
                "实际利用外资增幅",
                "Foreign capital growth",
                "%",
                8,
                -20,
                30,
                0.5,
            ),
            Lever("fdi_growth", "foreign", "f", "FDI 增幅", "FDI growth", "%", 15, -20, 40, 0.5),
        ]
        self.inputs = SimpleNamespace(
            outcome_of={key: measure.outcome for key, measure in PLAN.measures.items()}
        )
        self.levers = {lever.key: lever for lever in levers}
        money = (
            "capital_central",
            "capital_outer",
            "capital_zone",
            "capital_total",
            "capital_margin_expected",
            "capital_margin_stretch",
        )
        points = (
            "industrial_share",
            "industrial_margin_expected",
            "industrial_margin_stretch",
            "foreign_capital_margin_expected",
            "foreign_capital_margin_stretch",
            "fdi_margin_expected",
            "fdi_margin_stretch",
        )
        self.outcomes = {key: Outcome(key, key, key, "1e8 CNY") for key in money}
        self.outcomes |= {key: Outcome(key, key, key, "%") for key in points}

    def to_vega(self) -> list[dict[str, Any]]:
        signals: list[dict[str, Any]] = [
            {"name": k, "value": v.default} for k, v in self.levers.items()
        ]
        updates = {f"capital_{t}": f"{floor}*(1+uplift_{t}/100)" for t, floor in FLOORS.items()}
        updates["capital_total"] = "capital_central+capital_outer+capital_zone"
        updates["industrial_share"] = (
            "(capital_central*22+capital_outer*45+capital_zone*share_zone)/capital_total"
        )
        for target, measure in PLAN.measures.items():
            for which, level in PLAN[target].levels.items():
                updates[f"{measure.stem}_margin_{which}"] = f"{measure.outcome}-{level}"
        return signals + [{"name": k, "update": v} for k, v in updates.items()]


def waterfall(text: Any, narrow: bool) -> alt.Chart:
    """Capital by tier, moved by the outcomes of the same names."""
    frame = pd.DataFrame({"tier": ["central", "outer", "zone"]})
    base = alt.Chart(frame).add_params(
        *(alt.param(name=f"capital_{t}", value=v) for t, v in FLOORS.items())
    )
    bars = base.transform_calculate(
        capital="{'central':capital_central,'outer':capital_outer,'zone':capital_zone}[datum.tier]"
    ).mark_bar()
    colour = alt.Color("tier:N", legend=None).scale(range=list(group_colours(FLOORS).values()))
    axis = (
        alt.Y("tier:N", title=None)
        if narrow
        else alt.X("tier:N", title=None, axis=alt.Axis(labelAngle=0))
    )
    title = "亿元" if text.lang == "zh" else "CNY 100m"
    value = (alt.X if narrow else alt.Y)("capital:Q", title=title).scale(domain=[0, 6000])
    return (
        bars.encode(axis, value, color=colour, tooltip=["tier:N", "capital:Q"])
        .properties(width="container", height=220)
        .configure_axis(labelFontSize=12, titleFontSize=12)
    )

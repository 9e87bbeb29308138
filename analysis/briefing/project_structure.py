"""Which projects does the plan ask for, of which tier, and how large?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from analysis.briefing import drawn, ledger
from analysis.charts import capital, structure
from analysis.charts.picture import Picture
from analysis.evidence import Evidence
from analysis.ledger.dimensions import SIZE_CLASSES
from analysis.model import Model
from analysis.plan import Plan, floor_share
from analysis.structure import Report
from analysis.text import Message, Text

LEVERS = (
    "share_central", "share_outer", "share_zone", "share_unfloored",
    "uplift_central", "uplift_outer", "uplift_zone", "capital_unfloored",
)  # fmt: skip
NAME = "project_structure"


def required(plan: Plan) -> dict[str, float]:
    """Return what the districts' quotas add up to, by quota, and what outward projects leave."""
    totals = plan.quotas[plan.quotas["required"]].groupby("quota")["total"].sum()
    outward = plan.outward.set_index("place")["projects"]
    sums = {str(quota): float(total) for quota, total in totals.items()}
    return {**sums, "outward": float(outward["city"]), "outward_left": float(outward["others"])}


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    keys = ("title", "answer", "share", "share.text", "real", "real.text", "ledger")
    facts = required(plan)
    report = ledger.current()
    return {
        **{key: Message.fixed(f"{NAME}.{key}", **facts) for key in keys},
        "ledger.text": Message.fixed(f"{NAME}.ledger.text", **ledger.basis(report)),
    }


def _signed(report: Report) -> pd.DataFrame:
    """Return the projects signed in the report's year so far: tier, size_class, projects, size."""
    period = report.period
    rows = ledger.ledger().ask("sizes", by=("tier",), since=period.year_start, until=period.until)
    return rows.dropna(subset=["tier", "size_class"])


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order."""
    share = plan["industrial_share"]
    facts: dict[str, Any] = {
        **required(plan),
        "floor_share": floor_share(plan.floors),
        "share_expected": share.expected,
        "share_stretch": share.stretch,
    }
    values = {**{key: lever.default for key, lever in model.levers.items()}, **model.evaluate({})}
    sizes = _classes(evidence)
    report = ledger.current()
    signed = _signed(report)
    large = float(plan.quotas["min_size"].min())
    facts |= {
        **ledger.basis(report),
        "signed": float(signed["projects"].sum()),
        "large": large,
        "large_signed": float(signed.loc[signed["size_class"].ge(large), "projects"].sum()),
    }

    def picture(key: str, chart: Callable[..., Any], data: pd.DataFrame, **more: Any) -> Picture:
        texts = {
            part: Message.fixed(f"{NAME}.{key}.{part}", **facts)
            for part in ("title", "say", "alt", "source")
        }
        return Picture(
            **{"key": key, "chart": chart, "data": data, "formula": None, **texts, **more}
        )

    return [
        picture("quotas", lambda text, narrow: structure.by_tier(
            _quotas(plan, text), f"{NAME}.axis.projects", text, narrow), plan.quotas),
        picture("outward", lambda text, narrow: structure.bars(
            _outward(plan, text), f"{NAME}.axis.projects", text, narrow), plan.outward),
        picture("industrial_share", partial(capital.share_mosaic, values, share),
                drawn.shares(model), formula=model.formula("industrial_share")),
        picture("size_classes", lambda text, narrow: structure.bars(
            _class_rows(sizes, text), f"{NAME}.axis.projects", text, narrow), sizes),
        picture("ledger_sizes", lambda text, narrow: structure.by_tier(
            _ledger_rows(signed, text), f"{NAME}.axis.projects", text, narrow),
            signed, illustrative=report.illustrative),
    ]  # fmt: skip


def _quotas(plan: Plan, text: Text) -> pd.DataFrame:
    rows = plan.quotas[plan.quotas["required"]]
    order = ["service_30", "industrial_30", "industrial_50", "headquarters"]
    rows = rows.sort_values("quota", key=lambda keys: keys.map(order.index), kind="stable")
    return rows.assign(row=rows[f"name_{text.lang}"], value=rows["total"])[["row", "tier", "value"]]


def _outward(plan: Plan, text: Text) -> pd.DataFrame:
    rows = plan.outward[plan.outward["place"].ne("city")]
    return pd.DataFrame(
        {
            "row": rows[f"name_{text.lang}"],
            "value": rows["projects"],
            "left": rows["place"].eq("others"),
        }
    )


def _classes(evidence: Evidence) -> pd.DataFrame:
    """Return the size classes of the city's own ceremony, all sectors together."""
    rows = evidence.size_classes
    return rows[rows["ceremony"].isin(evidence.ceremonies["id"]) & rows["sector"].eq("all")]


def _class_rows(sizes: pd.DataFrame, text: Text) -> pd.DataFrame:
    ordered = sizes.sort_values("class_low")
    names = [
        _class_name(low, high, text)
        for low, high in zip(ordered["class_low"], ordered["class_high"], strict=True)
    ]
    return pd.DataFrame({"row": names, "value": ordered["projects"].to_numpy(), "left": False})


def _class_name(low: float, high: float, text: Text) -> str:
    if high != high:
        return text(f"{NAME}.class.open", low=low)
    return text(f"{NAME}.class.closed", low=low, high=high)


def _ledger_rows(signed: pd.DataFrame, text: Text) -> pd.DataFrame:
    signed = signed.sort_values("size_class")
    lows = SIZE_CLASSES
    names = {
        low: _class_name(low, high, text)
        for low, high in zip(lows, [*lows[1:], float("nan")], strict=True)
    }
    return pd.DataFrame(
        {
            "row": signed["size_class"].map(names),
            "tier": signed["tier"],
            "value": signed["projects"],
        }
    )

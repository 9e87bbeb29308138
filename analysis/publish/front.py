"""What the front page answers: one computed sentence a briefing, in both languages."""

from __future__ import annotations

from functools import cache

from analysis.model import load_model
from analysis.plan import Plan, coverage, load_plan
from analysis.text import both


@cache
def answers() -> dict[str, dict[str, str]]:
    """Each briefing's answer, by slug; numbers come from the plan and the model."""
    plan = load_plan()
    return {
        "capital_inflow": both("publish.answer.capital_inflow", **capital(plan)),
        "fdi_growth": both("publish.answer.fdi_growth", **growth(plan)),
        "project_structure": both("publish.answer.project_structure", **structure(plan)),
        "target_scenarios": both("publish.answer.target_scenarios", **scenarios(plan)),
        **_of_ledger(),
    }


def _of_ledger() -> dict[str, dict[str, str]]:
    """What the ledger's pages answer; a made-up ledger is called so in each sentence."""
    from analysis.briefing import bulletin, chains, districts, ledger

    report, plan = ledger.current(), load_plan()
    label = both(f"publish.ledger.{report.kind}")
    behind = report.place["ahead_seasonal"] < 0
    facts = {
        "districts": districts.facts_of(report),
        "chains": chains.facts_of(plan, report),
        "bulletin": {
            **bulletin.facts_of(report),
            "flow": report.place["in_period"],
            "off": abs(report.place["ahead_seasonal"]),
            "word": both(f"publish.ledger.{'behind' if behind else 'ahead'}"),
        },
    }
    return {
        slug: both(f"publish.answer.{slug}", **ledger.known({**said, "label": label}))
        for slug, said in facts.items()
    }


def capital(plan: Plan) -> dict[str, float]:
    """Sum of floors, what it leaves to both targets, and what they ask against the year before."""
    target = plan["capital_in_place"]
    floors = coverage(plan.floors, target)
    model = load_model()

    def on_base(gap: float) -> float:
        return float(model.evaluate({"capital_unfloored": gap})["capital_growth_on_base"])

    return {
        "guaranteed": floors.guaranteed,
        "gap_expected": floors.gap_expected,
        "gap_stretch": floors.gap_stretch,
        "growth_expected": on_base(floors.gap_expected),
        "growth_stretch": on_base(floors.gap_stretch),
    }


def growth(plan: Plan) -> dict[str, float]:
    """The two growth targets, which are of different series and never meet."""
    used, fdi = plan["foreign_capital_growth"], plan["fdi_growth"]
    return {
        "used_expected": used.expected,
        "used_stretch": used.stretch,
        "fdi_expected": fdi.expected,
        "fdi_stretch": fdi.stretch,
    }


def structure(plan: Plan) -> dict[str, float]:
    """What the quotas add up to, and how many outward-oriented projects have no district."""
    totals = plan.quotas[plan.quotas["required"]].groupby("quota")["total"].sum()
    outward = plan.outward.set_index("place")["projects"]
    return {
        "service": totals["service_30"],
        "industrial": totals["industrial_30"],
        "headquarters": totals["headquarters"],
        "outward": outward["city"],
        "outward_left": outward["others"],
    }


def scenarios(plan: Plan) -> dict[str, float]:
    """By how much all districts would have to exceed their floors alike to reach the targets."""
    floors = coverage(plan.floors, plan["capital_in_place"])
    share = load_model().evaluate({})["industrial_share"]
    return {
        "uplift_expected": 100 * floors.gap_expected / floors.guaranteed,
        "uplift_stretch": 100 * floors.gap_stretch / floors.guaranteed,
        "share": float(share),
        "share_target": plan["industrial_share"].expected,
    }

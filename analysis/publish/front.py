"""What the front page answers: one computed sentence a briefing, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.evidence import load_evidence
from analysis.files import of_plan
from analysis.model import load_model
from analysis.plan import Plan, Target, coverage, load_plan
from analysis.publish import plans
from analysis.text import LANGUAGES, both, clause, templates
from analysis.text_table import placeholders

if TYPE_CHECKING:
    from analysis.structure.report import Report


def answers() -> dict[str, dict[str, str]]:
    """Each briefing's answer, by slug; numbers come from the plan, the model and the ledger."""
    lacking = plans.absent()
    return {slug: answer(slug) for slug in (*OF_PLAN, *OF_LEDGER) if slug not in lacking}


@of_plan
def answer(slug: str) -> dict[str, str]:
    """One briefing's answer, empty if it has none; a made-up ledger is called so in it."""
    kind, facts = _facts(slug)
    return both(f"publish.answer.{kind}", **facts) if kind else {}


def gist(slug: str) -> dict[str, Any]:
    """Return a briefing's answer as a number with its unit, and its state; nothing if it has none.

    Returns
    -------
    value : in both languages
    state : "short" or "expected" where the number stands against a target, else ""
    illustrative : whether it is of a made-up ledger
    """
    kind, facts = _facts(slug)
    key, margin = f"publish.value.{kind}", MARGINS.get(kind)
    words = templates().get(key, {})
    named = {name for said in words.values() for name, _ in placeholders(said)}
    if not words or not {*named, *([margin] if margin else [])} <= set(facts):
        return {}
    state = ("short" if facts[margin] < 0 else "expected") if margin else ""
    made_up = facts.get("label") == both("publish.ledger.illustrative")
    return {"value": both(key, **facts), "state": state, "illustrative": made_up}


def _facts(slug: str) -> tuple[str, Mapping[str, Any]]:
    """Return what a briefing's texts are called by, and the facts that they name."""
    if slug in OF_PLAN:
        return slug, OF_PLAN[slug](load_plan())
    if slug not in OF_LEDGER:
        return "", {}
    from analysis.briefing import ledger, page_tables

    report = ledger.current()
    told = OF_LEDGER[slug](report) if report.known else ledger.basis(report)
    label = both(f"publish.ledger.{report.kind}")
    return slug if report.known else "nothing", page_tables.known({**told, "label": label})


def _target(plan: Plan) -> Target:
    assert plan.total is not None  # or there is no such page
    return plan[plan.total.key]


def capital(plan: Plan) -> dict[str, Any]:
    """Sum of floors, what it leaves to the targets, and what they ask against the year before."""
    from analysis.briefing.capital_inflow import absent, by_level, required_change

    target, evidence = _target(plan), load_evidence()
    floors = coverage(plan, target)
    told = {} if "past" in absent(plan, evidence) else required_change(plan, evidence)
    key = "publish.answer.capital_inflow.past"
    return {
        "guaranteed": floors.guaranteed,
        **floors.gaps,
        **({} if plan.floors.empty else {"over_first": -min(floors.gaps.values())}),
        **by_level("target", target),
        "past": clause(key, **told) if told else dict.fromkeys(LANGUAGES, ""),
    }


def growth(plan: Plan) -> dict[str, float]:
    """The growth that is asked of either count of foreign capital."""
    from analysis.briefing.fdi_growth import targets

    return targets(plan)


def structure(plan: Plan) -> dict[str, Any]:
    """What the quotas add up to, and how many outward-oriented projects have no district."""
    from analysis.briefing.project_structure import required

    return required(plan)


def scenarios(plan: Plan) -> dict[str, Any]:
    """By how much all places would have to exceed their floors alike to reach the targets."""
    from analysis.briefing.capital_inflow import by_level

    floors = coverage(plan, _target(plan))
    said = (
        {}
        if plan.floors.empty
        else {
            "over_first": -min(floors.gaps.values()),
            **{
                name.replace("gap", "uplift"): 100 * gap / floors.guaranteed
                for name, gap in floors.gaps.items()
            },
        }
    )
    if plan.share is None:
        return {**said, "share_said": dict.fromkeys(LANGUAGES, "")}
    share, target = float(load_model().evaluate({})[plan.share.key]), plan[plan.share.key]
    told = {"share": share, **by_level("share_target", target)}
    told |= {f"share_margin_{level}": share - asked for level, asked in target.levels.items()}
    return {**said, "share_said": both("publish.answer.target_scenarios.share", **told)}


def side_by_side(plan: Plan) -> dict[str, Any]:
    """What is set side by side."""
    from analysis.briefing import side_by_side

    return side_by_side.values(plan, load_evidence(), load_model())


def districts(report: Report) -> dict[str, Any]:
    """As the page on districts says it."""
    from analysis.briefing import districts

    return districts.facts_of(load_plan(), report)


def chains(report: Report) -> dict[str, Any]:
    """As the page on chains says it."""
    from analysis.briefing import chains

    return chains.facts_of(load_plan(), report)


def bulletin(report: Report) -> dict[str, Any]:
    """What came in the last month, and how far the year is from the straight schedule."""
    from analysis.briefing import bulletin

    return {
        **bulletin.facts_of(report),
        "flow": report.place["in_period"],
        "ahead": float(report.place["ahead_linear"]),
    }


OF_PLAN: Mapping[str, Callable[[Plan], Mapping[str, Any]]] = {
    "capital_inflow": capital,
    "fdi_growth": growth,
    "project_structure": structure,
    "target_scenarios": scenarios,
    "side_by_side": side_by_side,
}
OF_LEDGER: Mapping[str, Callable[[Report], Mapping[str, Any]]] = {
    "districts": districts,
    "chains": chains,
    "bulletin": bulletin,
}
#: The fact of a briefing that says how far its number is above a target.
MARGINS = {"capital_inflow": "over_first", "target_scenarios": "over_first"}

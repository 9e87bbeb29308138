"""Frames and numbers of the page on a sum over places: floors, past years, season, ceremonies."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.briefing import ceremonies, history, own
from analysis.districts import LEVELS, own_targets
from analysis.evidence import BoundError, Evidence, Figure, Reckoned, growth, share
from analysis.evidence.tables import Line
from analysis.model import Model
from analysis.pacing import readings, seasonal_profile
from analysis.plan import Plan, coverage, floor_share, plan_year
from analysis.plan_package import Measure, Target
from analysis.text import MARK, Message, fill, marked

NAME = "capital_inflow"


def levers(model: Model) -> list[str]:
    """Return the levers that move what the page tells, and the year that it compares with."""
    moving = {lever for key in model.inputs.what_if for lever in model.compiled.gradient[key]}
    if f"{model.inputs.sum_stem}_base" in model.outcomes:
        moving.add("base_year")
    if model.inputs.own_added:
        moving.add("others_over")
    return [key for key in model.levers if key in moving]


def _total(plan: Plan) -> Measure:
    """Return the sum that the page is about: without one there is no such page."""
    assert plan.total is not None
    return plan.total


#: Columns of past years: a row a result or a target.
PAST = ["year", "level", "value", "bound", "unit", "sign", "mark", "note_en", "source_title",
        "kind"]  # fmt: skip


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name beside levers and outcomes."""
    target = plan[_total(plan).key]
    floors = coverage(plan, target)
    lacking = absent(plan, evidence)
    known: dict[str, Any] = {
        **by_level("target", target),
        "floors": floors.guaranteed,
        **floors.gaps,
        "covered": 100 * floors.ratio,
        **history.values(plan, evidence),
    }
    if plan.share:
        known |= by_level("asked", plan[plan.share.key])
    if plan.share and len(plan.floors):
        at_floors = floor_share(plan.floors)
        known |= {"floor_share": at_floors,
                  "share_gap": plan[plan.share.key].expected - at_floors}  # fmt: skip
    known |= {"past": float("past" not in lacking), "aim_before": float("nan")}
    if known["past"]:
        last, past = _last(plan, evidence), past_years(plan, evidence)
        known |= {"last_year": last.said,
                  "past_aims": float(past["level"].ne("result").sum()),
                  "past_bounds": float(past["bound"].eq("lower").sum()),
                  "past_marked": float(past["mark"].ne("").sum()),
                  "above_floors": marked(last.value - floors.guaranteed / len(plan.about.years),
                                         last.kind),
                  **required_change(plan, evidence)}  # fmt: skip
    if "season" not in lacking:
        known |= _season_values(season(plan, evidence)[1])
    known |= ceremonies.values(plan, evidence)
    return known | own.values(plan, evidence)


def by_level(name: str, target: Target) -> dict[str, float]:
    """Return what a target asks for at each level, as `<name>_<level>`."""
    return {f"{name}_{level}": value for level, value in target.levels.items()}


def absent(plan: Plan, evidence: Evidence) -> frozenset[str]:
    """Return which parts of the page rest on something that nobody has published."""
    line = _line(plan, evidence)
    return frozenset(
        part
        for part, there in (
            ("own", own_targets(plan, evidence).known),
            ("structure", plan.share),
            ("past", any(one.year == plan.about.base_year and one.bound == "exact"
                         for one in line)),
            ("season", len(season(plan, evidence)[1])),
            ("signed", len(ceremonies.days(plan, evidence))),
        )
        if not there
    )  # fmt: skip


#: The picture of each part that may be absent.
_PICTURES = {"own": "own_to_target", "structure": "share_mosaic", "past": "past_years",
             "signed": "ceremonies"}  # fmt: skip


def _line(plan: Plan, evidence: Evidence, **columns: Any) -> Line:
    """Return what is published of the sum for the plan's own place; nothing of it may be."""
    series, place, rows = _total(plan).series, plan.about.evidence_place, evidence.figures
    known = (rows["series"].eq(series) & rows["place"].eq(place)).any()
    return evidence.line(series, place, **columns) if known else ()


def _last(plan: Plan, evidence: Evidence) -> Figure:
    """Return what the year before the plan brought."""
    about = plan.about
    return evidence.value(_total(plan).series, about.evidence_place, about.base_year)


def unknown(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message | None]:
    """Return the sections and pictures for which nothing is known; their cells say so."""
    lacking = absent(plan, evidence)
    drawn = {_PICTURES[part] for part in lacking if part in _PICTURES}
    if plan.floors.empty:
        drawn.add("share_mosaic")
    return dict.fromkeys(lacking | drawn)


def required_change(plan: Plan, evidence: Evidence) -> dict[str, float]:
    """Return what the targets, a year, ask against the year before: what came, what was asked.

    Returns
    -------
    growth_<level> : percent
    growth_on_aim, aim_before : percent, at most so much, where that year's target was so much
        or more; and that target, in the unit of the sum; NaN where there was none such
    """
    year, target, about = plan_year(plan), yearly(plan), plan.about
    last = _last(plan, evidence)
    series, place = f"{_total(plan).series}_target_{LEVELS[0]}", about.evidence_place

    def over(base: Figure, value: float) -> Reckoned:
        asked = replace(base, value=value, bound="exact", kind=target.kind)
        return growth(base, replace(asked, period_start=f"{year}-01", period_end=f"{year}-12"))

    asked = {f"growth_{level}": over(last, value).said for level, value in target.levels.items()}
    rows = evidence.figures
    of_year = rows["period_end"].astype(str).str.startswith(str(about.base_year))
    known = (rows["series"].eq(series) & rows["place"].eq(place) & of_year).any()
    before = evidence.value(series, place, about.base_year) if known else None
    if before is None or before.bound != "lower":
        return asked | {"growth_on_aim": float("nan"), "aim_before": float("nan")}
    return asked | {
        "growth_on_aim": over(before, target.expected).said,
        "aim_before": before.said,
    }


def yearly(plan: Plan) -> Target:
    """Return the target of the sum, of several years their even part."""
    target, years = plan[_total(plan).key], len(plan.about.years)
    return replace(target, levels={key: value / years for key, value in target.levels.items()})


def past_years(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the surest annual figure of each year, and what was aimed at in those before the plan.

    A row a number: level (result, or a level of the target), bounds as such.
    """
    sign = {"exact": "", "lower": "≥ ", "upper": "≤ "}
    results = pd.DataFrame(
        {
            "year": str(one.year),
            "level": "result",
            "value": one.value,
            "bound": one.bound,
            "unit": one.unit,
            "sign": sign[one.bound],
            "mark": "" if one.kind == "stated" else MARK,
            "note_en": one.note,
            "source_title": one.source_title,
            "kind": one.kind,
        }
        for one in _line(plan, evidence)
    ).reindex(columns=PAST)
    aims = history.aims(plan, evidence).query("mark != 'result' and year != @plan.about.year")
    if aims.empty:
        return results
    aims = aims.assign(year=aims["year"].astype(str), level=aims["mark"], note_en="",
                       sign=aims["bound"].map(sign), mark="")  # fmt: skip
    rows = pd.concat([results, aims[PAST]])
    return rows.sort_values("year", kind="stable", ignore_index=True)


def season(plan: Plan, evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the season of past years, and the readings that it rests on as shares."""
    line = _line(plan, evidence, period_type=["annual", "ytd"])
    totals = {one.year: one for one in line if one.period_type == "annual"}
    shares = []
    for one in line:
        if one.period_type == "ytd" and one.year in totals:
            # A bound within a year whose total is a bound, too, says nothing of its share.
            with suppress(BoundError):
                shares.append(share(one, totals[one.year]))
    sign = {"exact": "", "lower": "≥ ", "upper": "≤ "}
    dots = pd.DataFrame(
        {
            "year": of_year.parts[0].year,
            "month": of_year.parts[0].ends.month,
            "share": of_year.value,
            "label": f"{of_year.parts[0].year}: {sign[of_year.bound]}"
            + fill("{x:.1f}%", {"x": of_year.value}, "en"),
        }
        for of_year in shares
    )
    if not len(dots):
        return pd.DataFrame(), dots
    rows = readings(evidence, _total(plan).series, plan.about.evidence_place)
    return seasonal_profile(rows), dots


def _season_values(dots: pd.DataFrame) -> dict[str, float]:
    """Return the first and the last reading of the year that has the earliest one."""
    year = float(dots.sort_values("month")["year"].to_numpy(float)[0])
    read = dots[dots["year"].eq(year)].sort_values("month")
    return {
        "season_year": year,
        **{
            f"{end}_{what}": float(read[what].to_numpy(float)[at])
            for end, at in (("first", 0), ("last", len(read) - 1))
            for what in ("month", "share")
        },
    }

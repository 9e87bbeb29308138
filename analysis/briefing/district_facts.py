"""Numbers that sentences on a ledger's districts name: counts, sums, growth, ranks, sharing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.briefing import ledger
from analysis.plan import Plan
from analysis.structure import Report
from analysis.structure.places import with_unplaced
from analysis.structure.ranking import CONCENTRATION
from analysis.structure.schedule import clauses, counts
from analysis.structure.standing import ranked_by
from analysis.text import LANGUAGES, both, clause, enumerated, fill, marked

NAME = "districts"


def facts_of(plan: Plan, report: Report) -> dict[str, Any]:
    """Return what the page's sentences name: counts of districts, sums, leaders."""
    rows = report.districts[report.districts["floor"].notna()]
    quotas = report.quotas[report.quotas["required"]]
    # What is counted in another quota, too, is not counted twice.
    counted = quotas[quotas["part_of"].eq("")]
    done = counted["projects"].clip(upper=counted["needed"]).sum()
    best = ledger.most(rows, "of_floor")
    return {
        **ledger.basis(report),
        "city": report.place["capital"],
        "target": report.place["floor"],
        "of_target": report.place["of_floor"],
        "districts": float(len(rows)),
        "city_ahead": float(report.place["ahead_linear"]),
        **clauses(report.place, report.period.month),
        **counts(report.districts),
        "met": float(rows["of_floor"].ge(100).sum()),
        "best_said": clause(
            f"{NAME}.best",
            best=ledger.short_names(best),
            of_floor=float(best["of_floor"]) if best["capital"] > 0 else np.nan,
        ),
        "share": marked(float(report.place["share"]), report.share_kind),
        "share_short": float(rows["share_gap"].lt(0).sum()),
        "quotas_needed": float(counted["needed"].sum()),
        "quotas_done": float(done),
        "quotas_short": float(quotas.loc[~quotas["met"], "place"].nunique()),
        "quotas_within": _within(plan),
        **_growth_facts(report),
        **_rank_facts(plan, report),
        **_sharing_facts(report),
    }


def _within(plan: Plan) -> dict[str, str]:
    """Return which sizes of projects are counted among which others; nothing where none are."""
    quotas = plan.quotas.drop_duplicates("quota")
    sizes = dict(zip(quotas["quota"], quotas["min_size"].astype(float), strict=True))
    said = [
        clause(f"{NAME}.within", part=sizes[one.quota], whole=sizes[one.part_of])
        for one in quotas[quotas["part_of"].ne("")].itertuples()
    ]
    return {lang: "".join(one[lang] for one in said) for lang in LANGUAGES}


def _growth_facts(report: Report) -> dict[str, Any]:
    facts: dict[str, Any] = {"growth": report.place["growth"]}
    if report.contribution is not None:
        named = with_names(report, report.contribution)
        for end, pick in (("top", ledger.most), ("bottom", ledger.least)):
            one = pick(named, "points")
            facts |= {end: ledger.short_names(one), f"{end}_points": one["points"]}
    if report.mix is not None:
        facts |= {"change": report.mix.total, "mix": report.mix.mix, "within": report.mix.within}
    return facts


def _rank_facts(plan: Plan, report: Report) -> dict[str, Any]:
    named = with_names(report, report.ranks)
    named["wide"] = named["high"] - named["low"]
    widest = ledger.most(named, "wide")
    weights = ranked_by(plan)
    said = {
        lang: enumerated(
            (
                row[f"name_{lang}"] + fill(" {x:.0f}%", {"x": row["weight"]}, lang)
                for row in weights.to_dict("records")
            ),
            lang,
        )
        for lang in LANGUAGES
    }
    return {
        "first": ledger.short_names(ledger.least(named, "rank")),
        "firsts": float(named["rank"].eq(1).sum()),
        # Those who share a rank share it under any weights: that is no firmness.
        "surely": float((named["wide"].eq(0) & ~named["rank"].duplicated(keep=False)).sum()),
        "widest_said": clause(
            f"{NAME}.widest",
            widest=ledger.short_names(widest),
            low=float(widest["low"]) if widest["wide"] > 0 else np.nan,
            high=float(widest["high"]),
        ),
        "weights": said,
        "concentration": CONCENTRATION,
    }


def _sharing_facts(report: Report) -> dict[str, Any]:
    named = with_names(report, report.sharing)
    named["net"] = named["led_out"] - named["led_in"]
    givers = named[named["net"].gt(0)]
    giver = ledger.most(givers, "net") if len(givers) else None
    return {
        "giver_said": dict.fromkeys(LANGUAGES, "")
        if giver is None
        else both(f"{NAME}.giver", giver=ledger.short_names(giver), net=float(giver["net"])),
        "led": float(named["led_out"].sum()),
    }


def with_names(report: Report, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of places with their names, those of no place included."""
    about = with_unplaced(report.districts[["place", "tier", "name_zh", "name_en"]])
    return about.merge(frame, on="place")

"""Every number published of a plan's districts, as a table that readers search; no ledger in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.amounts import unit
from analysis.board.records import amount, records
from analysis.briefing.published import LEVELS, NAME, digits, names
from analysis.districts import CAPITAL, MEASURES, published
from analysis.evidence import Evidence
from analysis.evidence.tables import publisher_said
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, both

CENSUS = "population_census"
#: What a number rests on, for a reader.
STATES = {"stated": "known", "derived": "derived", "inferred": "inferred"}
#: What a reader of the table searches, sorts and filters; the value in sight on a phone as well.
COLUMNS = {
    "district": (False, True), "what": (False, True), "value": (True, False),
    "unit": (False, False), "year": (False, True), "state": (False, True),
    "term": (False, False), "publisher": (False, False), "published": (False, False),
    "source": (False, False), "confidence": (False, False),
}  # fmt: skip


def rows(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return every number published of the plan's districts, and what is sought in vain.

    Returns
    -------
    district, measure, level (floor, expected, stretch, result), year, value, unit, and what it
    rests on as in `analysis.districts.PUBLISHED`; a row without a value is what was not found
    """
    year = plan_year(plan)
    found = published(plan, evidence, (*MEASURES, "gdp", CENSUS))
    held = set(zip(found["district"], found["measure"], found["level"], found["year"], strict=True))
    lacking = [
        {"district": district, "measure": CAPITAL, "level": level, "year": year}
        for district in plan.floors["district"]
        if CAPITAL in plan.measures
        for level, others in (("target", LEVELS), ("result", ("result",)))
        if not any((district, CAPITAL, one, year) in held for one in others)
    ]
    order = {key: at for at, key in enumerate((*MEASURES, "gdp", CENSUS))}
    places = {key: at for at, key in enumerate(plan.floors["district"])}
    levels = {key: at for at, key in enumerate(("floor", "target", *LEVELS, "result"))}
    whole = pd.concat([_floors(plan), found, pd.DataFrame(lacking)], ignore_index=True)
    at = pd.DataFrame(
        {
            "place": whole["district"].map(places),
            "measure": whole["measure"].map(order),
            "other": whole["year"].ne(year),
            "year": whole["year"],
            "level": whole["level"].map(levels),
        }
    )
    return whole.loc[at.sort_values([str(key) for key in at], kind="stable").index].reset_index(
        drop=True
    )


def _floors(plan: Plan) -> pd.DataFrame:
    """Return the plan's floors of capital in place as they are published: in the plan."""
    asked = plan.table("targets")
    asked = asked[asked["measure"].eq(CAPITAL) & asked["level"].eq("floor")]
    sources = plan.table("sources").set_index("id")
    if asked.empty or plan.floors["capital_floor"].isna().all():
        return pd.DataFrame()
    by_who = {str(row["who"]): row for row in asked.to_dict("records")}
    rows = []
    for one in plan.floors.itertuples():
        of = by_who.get(str(one.district)) or by_who[str(one.tier)]
        about = sources.loc[of["source"]]
        rows.append(
            {"district": one.district, "measure": CAPITAL, "level": "floor",
             "year": plan_year(plan), "value": one.capital_floor, "unit": of["unit"],
             "kind": of["kind"], "confidence": of["confidence"],
             "term": plan.measures[CAPITAL].name_zh, "publisher": about["publisher"],
             "published": about["published"], "source_title": about["title"],
             "url": about["url"]}
        )  # fmt: skip
    return pd.DataFrame(rows)


def table(plan: Plan, evidence: Evidence, district: str = "") -> dict[str, Any]:
    """Return the table of these numbers, each with who published it, when and by what term.

    district : the one whose numbers they are; all when empty
    """
    short, held = names(plan), rows(plan, evidence)
    held = held[held["district"].eq(district)] if district else held
    cells = [_cells(row, short) for row in held.to_dict("records")]
    return records("published", NAME, COLUMNS, cells)


def _cells(row: Mapping[Any, Any], short: dict[str, dict[str, str]]) -> dict[str, Any]:
    measure, level = (both(f"{NAME}.{part}.{row[part]}") for part in ("measure", "level"))
    told = row["measure"] not in ("gdp", CENSUS)
    what = {
        lang: f"{measure[lang]}{'：' if lang == 'zh' else ': '}{level[lang]}" if told
        else measure[lang]
        for lang in LANGUAGES
    }  # fmt: skip
    cells = {"district": short[row["district"]], "what": what, "year": f"{row['year']:.0f}"}
    if row["value"] != row["value"]:
        unknown = dict.fromkeys(COLUMNS) | cells
        return unknown | {"state": both(f"{NAME}.state.unknown")}
    people = row["measure"] == CENSUS
    value = row["value"] * (1e4 if people else 1)
    return {
        **cells,
        "value": amount(value, str(row["unit"]), digits(value)),
        "unit": both(f"{NAME}.unit.persons") if people else unit(str(row["unit"])),
        "state": both(f"{NAME}.state.{STATES.get(row['kind'], 'inferred')}"),
        "publisher": publisher_said(str(row["publisher"])),
        **{key: str(row[key]) for key in ("term", "published")},
        "source": publication(row),
        "confidence": both(f"{NAME}.confidence.{row['confidence']}"),
    }


def publication(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return a source's title; its address where a reader may be sent there."""
    said = dict.fromkeys(LANGUAGES, str(row["source_title"]))
    url = str(row["url"])
    return {**said, "url": url} if url.startswith(("http://", "https://")) else said

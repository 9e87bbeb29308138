"""What districts set themselves above their floors, and what is left to the others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import nested
from analysis.briefing.comparison import plans_beside
from analysis.briefing.difference import Row
from analysis.briefing.ledger import place_names
from analysis.charts.picture import Live
from analysis.districts import own_targets, surest
from analysis.evidence import Evidence
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, Text, both, enumerated, in_both

NAME = "capital_inflow.own"


def values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return what is said of districts' own targets, what they leave, and what came of them."""
    own = own_targets(plan, evidence)
    if not own.known:
        return {"own_known": 0.0, **beside_floors(plan)}
    results = surest(plan, evidence, own.total.series, plan_year(plan))
    came = own.rows["district"].map({key: one.value for key, one in results.items()})
    told = own.rows.assign(own=came, level="result", kind="")
    return {
        "own_known": float(own.known),
        "own_others": float(own.unknown),
        "own_added": own.added,
        "own_of_gap": 100 * own.added / own.gap,
        "own_rest": own.rest,
        "own_even": own.even,
        "own_proportion": own.in_proportion,
        "own_named": _listed(own.rows),
        "own_results": both(f"{NAME}.no_results")
        if told["own"].isna().all()
        else both(f"{NAME}.results", named=_listed(told)),
    }


def beside_floors(plan: Plan) -> dict[str, Any]:
    """Return how what a plan asks of its place stands to what the plan around asks of it.

    Returns
    -------
    beside (how many numbers can be set beside one of the plan around), around, around_least (what
    that plan calls what it asks of each place at least), beside_named
    """
    around = nested.parent(plan)
    rows = plans_beside(plan, around).rows if around else ()
    asked = [row for row in rows if row.one and (row.other is None or (row.apart == row.apart
                                                 and not row.other.whole))]  # fmt: skip
    if around is None or not any(row.other for row in asked):
        return {"beside": 0.0}
    names = {lang: str(getattr(around.about, f"place_{lang}")) for lang in LANGUAGES}
    items = [both(f"{NAME}.nested.{row.case}", around=names, **_amounts(row)) for row in asked]
    named = {lang: Text(lang)(f"{NAME}.between").join(one[lang] for one in items)
             for lang in LANGUAGES}  # fmt: skip
    least = around.levels[around.levels["floor"]].iloc[0]
    return {"beside": float(len(items)), "around": names, "beside_named": named,
            "around_least": {lang: str(least[f"short_{lang}"]) for lang in LANGUAGES}}  # fmt: skip


def _amounts(row: Row) -> dict[str, Any]:
    """Return a row's name, what the plan asks for, and the floor and their distance if known."""
    assert row.one is not None
    own, level = row.one.amount(row.one.least), row.one.levels[0][0]
    own = both(f"{NAME}.level", level=level, amount=own) if level["zh"] else own
    known = {"name": row.name, "own": own}
    if row.other is None:
        return known
    return known | {"floor": row.other.amount(row.other.least), "apart": row.distance}


def _listed(rows: pd.DataFrame) -> dict[str, str]:
    """Return the districts that have a number, with it; what is derived says so."""
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        text, names = Text(lang), place_names(lang)
        parts = [
            text(
                f"{NAME}.{'derived' if row['kind'] == 'derived' else row['level']}",
                name=names[row["district"]],
                amount=float(row["own"]),
            )
            for row in rows[rows["own"].notna()].to_dict("records")
        ]
        said[lang] = enumerated(parts, lang, "; ")
    return said


def steps(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the steps from the floors over known own targets to the city's, and who says so.

    Returns
    -------
    step (floors, own, others, rest, target), name_zh, name_en, start, end and amount (1e8 CNY;
    what the others add, and what is left, follow the scenario), then what is published of each own
    target: own, level, result, term_zh, kind, confidence, source_title, publisher, published,
    note_en
    """
    own = own_targets(plan, evidence)
    results = surest(plan, evidence, own.total.series, plan_year(plan))
    known = own.rows.dropna(subset=["own"])
    known = known.assign(
        step="own",
        amount=known["over"],
        result=known["district"].map({key: one.value for key, one in results.items()}),
        **{f"name_{lang}": known["district"].map(place_names(lang)) for lang in LANGUAGES},
    )
    about = evidence.figures.set_index("id")[
        ["term", "source_title", "publisher", "published", "note"]
    ]
    about = about.rename(columns={"note": "note_en", "term": "term_zh"})
    known = known.join(about, on="figure")
    carried = own.floors + own.added
    known = known.assign(end=own.floors + known["over"].cumsum())
    known = known.assign(start=known["end"] - known["over"])
    left = "(carried_margin < 0) * -carried_margin"
    found = pd.concat(
        [
            pd.DataFrame([_step("floors", own.floors, own.floors, own.floors)]),
            known,
            pd.DataFrame(
                [
                    _step("others", carried, Live("carried"), Live("others_added")),
                    _step("rest", Live("carried"), Live(f"carried + {left}"), Live(left)),
                    _step("target", own.target, own.target, own.target),
                ]
            ),
        ],
        ignore_index=True,
    )  # fmt: skip
    columns = ["step", "name_zh", "name_en", "start", "end", "amount", "own", "level", "result",
               "term_zh", "kind", "confidence", "source_title", "publisher", "published",
               "note_en"]  # fmt: skip
    return found.assign(unit=own.total.unit)[[*columns, "unit"]]


def _step(step: str, start: Any, end: Any, amount: Any) -> dict[str, Any]:
    said = in_both(name=both(f"{NAME}.step.{step}"))
    return {"step": step, **said, "start": start, "end": end, "amount": amount}

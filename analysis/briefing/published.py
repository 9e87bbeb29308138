"""What is published of a plan's place and districts, as frames and sentences; no ledger in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.amounts import unit
from analysis.board.records import amount
from analysis.districts import CAPITAL, LEVELS, MEASURES, floors_a_head, published
from analysis.evidence import Evidence, Figure
from analysis.plan import Plan, plan_year
from analysis.plan_package import Measure
from analysis.text import LANGUAGES, Text, enumerated, fill

NAME = "districts"


def names(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the short names of the plan's districts in both languages, by key."""
    places = plan.places.set_index("place")
    return {
        str(district): {lang: str(places[f"short_{lang}"][district]) for lang in LANGUAGES}
        for district in plan.floors["district"]
    }


def result(plan: Plan, evidence: Evidence, measure: Measure) -> Figure | None:
    """Return what was published of a measure for the plan's year, None if nothing was.

    Of a plan of several years no figure of one year says where it stands.
    """
    if not measure.series or len(plan.about.years) > 1:
        return None
    grown = measure.type == "growth"
    line = evidence.line(measure.series, plan.about.evidence_place, growth=grown)
    return next((one for one in line if one.year == plan.about.year), None)


def result_value(measure: Measure, figure: Figure) -> float:
    """Return a result in the measure's unit: of a growth the rate that was published."""
    return figure.growth_pct if measure.type == "growth" else figure.value


def panel(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return floor, own target and result of each district in the plan's year, 1e8 CNY.

    Returns
    -------
    district, tier, name_zh, name_en, floor, expected, stretch, result (NaN where none is
    published), derived (whether a target is), and of the target: term_zh, kind, confidence,
    source_title; a row a district in the plan's order
    """
    rows = published(plan, evidence, [CAPITAL], "campaign")
    rows = rows[rows["year"].eq(plan_year(plan))].drop_duplicates(["district", "level"])
    wide = rows.pivot(index="district", columns="level", values="value")
    wide = wide.reindex(columns=[*LEVELS, "result"])
    target = rows[rows["level"].isin(LEVELS)].drop_duplicates("district").set_index("district")
    about = target[["term", "kind", "confidence", "source_title"]]
    held = plan.floors[["district", "tier", "capital_floor"]].set_index("district")
    held = held.join(wide).join(about.rename(columns={"term": "term_zh"}))
    short = pd.DataFrame.from_dict(names(plan), orient="index").add_prefix("name_")
    held = held.join(short).rename(columns={"capital_floor": "floor"})
    return held.assign(derived=held["kind"].eq("derived"), unit=plan.about.money).reset_index()


def outcomes(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the targets of the plan's year of which the result is published, too.

    Returns
    -------
    district, measure, target, level, result, unit, ratio (%), name_zh, name_en, source_title
    """
    rows = published(plan, evidence, MEASURES)
    rows = rows[rows["year"].eq(plan_year(plan))]
    target = rows[rows["level"].isin(LEVELS)].sort_values("level", kind="stable")
    target = target.drop_duplicates(["district", "measure"]).rename(columns={"value": "target"})
    result = rows[rows["level"].eq("result")].drop_duplicates(["district", "measure"])
    both_known = target.merge(
        result[["district", "measure", "value"]].rename(columns={"value": "result"}),
        on=["district", "measure"],
    )
    both_known = both_known.assign(
        ratio=100 * both_known["result"] / both_known["target"],
        at=both_known["measure"].map(MEASURES.index),
    ).sort_values(["district", "at"])
    short = names(plan)
    named = {
        f"name_{lang}": [
            f"{short[str(one.district)][lang]}{'：' if lang == 'zh' else ': '}"
            f"{Text(lang)(f'{NAME}.measure.{one.measure}')}"
            for one in both_known.itertuples()
        ]
        for lang in LANGUAGES
    }
    columns = ["district", "measure", "name_zh", "name_en", "target", "level", "result", "ratio",
               "unit", "source_title"]  # fmt: skip
    return both_known.assign(**named)[columns]


def earlier(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return what districts aimed at and reported before the plan's year, with their later floor.

    Only one notion is held against the floor: capital in place as the campaign counts it.
    """
    rows = published(plan, evidence, [CAPITAL], "campaign")
    rows = rows[rows["year"].lt(plan_year(plan))]
    floors = plan.floors.set_index("district")["capital_floor"]
    short = names(plan)
    named = {f"name_{lang}": [short[d][lang] for d in rows["district"]] for lang in LANGUAGES}
    rows = rows.assign(floor=rows["district"].map(floors), derived=rows["kind"].eq("derived"))
    rows = rows.assign(**named).rename(columns={"term": "term_zh"})
    columns = ["district", "name_zh", "name_en", "year", "level", "value", "floor", "derived",
               "term_zh", "kind", "confidence", "publisher", "published", "source_title",
               "unit"]  # fmt: skip
    return rows.sort_values("year")[columns]


def heads(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return `floors_a_head` with short names, people in persons."""
    rows = floors_a_head(plan, evidence)
    short = names(plan)
    named = {f"name_{lang}": [short[d][lang] for d in rows["district"]] for lang in LANGUAGES}
    rows = rows.assign(**named, people=rows["value"] * 1e4)
    return rows[["district", "tier", "name_zh", "name_en", "floor", "people", "a_head",
                 "year", "source_title"]]  # fmt: skip


def values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return what the sentences on published figures name."""
    rows, pairs, before = panel(plan, evidence), outcomes(plan, evidence), earlier(plan, evidence)
    own = rows[list(LEVELS)].notna().any(axis=1)
    above = rows[list(LEVELS)].min(axis=1).gt(rows["floor"])
    found: dict[str, Any] = {
        "plan_year": float(plan_year(plan)),
        "pub_districts": float(len(rows)),
        "pub_own": float(own.sum()),
        "pub_above": float(above.sum()),
        "pub_results": float(rows["result"].notna().sum()),
        "pub_silent": float((~own & rows["result"].isna()).sum()),
        "pub_pairs": float(len(pairs)),
        "pub_met": float(pairs["ratio"].ge(100).sum()),
        "pub_pairs_of": _and(list(dict.fromkeys(pairs["district"])), plan),
        "pub_before": float(len(before)),
        "pub_before_above": float(before["value"].ge(before["floor"]).sum()),
    }
    return found | _heads_values(plan, evidence)


def _heads_values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return the two districts of one floor whose people differ most."""
    rows = heads(plan, evidence)
    if rows.empty:
        return {}
    one = rows[rows["floor"].eq(rows["floor"].mode()[0])]
    most, least = one.iloc[0], one.iloc[-1]
    short = names(plan)
    return {
        "head_floor": float(one["floor"].iloc[0]),
        "head_year": str(most["year"]),
        "head_most": short[most["district"]],
        "head_least": short[least["district"]],
        "head_few": _people(most["people"]),
        "head_many": _people(least["people"]),
        "head_high": float(most["a_head"]),
        "head_low": float(least["a_head"]),
        "head_times": float(most["a_head"] / least["a_head"]),
    }


def _people(number: float) -> dict[str, str]:
    """Return people in what a language counts them in: 万, or thousands."""
    return {
        "zh": fill("{x:.1f}", {"x": number / 1e4}, "zh"),
        "en": fill("{x:,.0f}", {"x": number / 1e3}, "en"),
    }


def _and(districts: list[str], plan: Plan) -> dict[str, str]:
    short = names(plan)
    return {lang: enumerated((short[one][lang] for one in districts), lang) for lang in LANGUAGES}


def absent(plan: Plan, evidence: Evidence) -> list[str]:
    """Return the pictures for which nothing is published of the plan's districts."""
    said = values(plan, evidence)
    lacking = {
        "asked": said["pub_own"] + said["pub_results"] == 0,
        "outcomes": not said["pub_pairs"],
        "earlier": not said["pub_before"],
        "heads": "head_times" not in said,
    }
    return [key for key, is_so in lacking.items() if is_so]


def digits(value: float) -> int:
    """Return how many decimals a number was published with, three at most."""
    return len(f"{value:.3f}".rstrip("0").partition(".")[2])


def points(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return the panel's numbers a row each, named, as the picture of districts draws them."""
    long = frame.melt(
        id_vars=["district", f"name_{text.lang}", "derived"],
        value_vars=["floor", *LEVELS, "result"],
        var_name="mark",
    ).dropna(subset=["value"])
    long["derived"] &= long["mark"].isin(LEVELS)
    return long.rename(columns={f"name_{text.lang}": "name", "district": "place"})


def said_beside(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return what stands beside each district: its own target and result, or that none is known."""
    own = frame[list(LEVELS)].notna().any(axis=1)
    far = frame[["floor", *LEVELS, "result"]].max(axis=1)
    return pd.DataFrame(
        {
            "place": frame["district"],
            "name": frame[f"name_{text.lang}"],
            "far": far,
            "unknown": ~own & frame["result"].isna(),
            "words": [_words(row, text) for row in frame.to_dict("records")],
        }
    )


def _words(row: Mapping[Any, Any], text: Text) -> str:
    parts = []
    for key in (*LEVELS, "result"):
        if row[key] == row[key]:
            level = "derived" if row["derived"] and key != "result" else key
            parts.append(text(f"{NAME}.beside.{level}", amount=float(row[key])))
    return (" · ").join(parts) or text(f"{NAME}.beside.unknown")


def ratio_words(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return targets with a result, named, with both numbers beside each."""
    words = []
    for row in frame.to_dict("records"):
        result, target = (
            amount(row[key], row["unit"], digits(row[key]))[text.lang]
            for key in ("result", "target")
        )
        words.append(
            text(f"{NAME}.beside.ratio", result=result, target=target,
                 unit=unit(row["unit"])[text.lang])
        )  # fmt: skip
    # The district and its measure stand on a line each.
    name = frame[f"name_{text.lang}"].str.replace("：|: ", "|", regex=True)
    return frame.assign(name=name, words=words)[["name", "ratio", "words"]]


def year_words(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return earlier levels, named with their year, with their number beside each."""
    words = [
        text(f"{NAME}.beside.{'derived' if row['derived'] else row['level']}",
             amount=float(row["value"]))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    name = frame[f"name_{text.lang}"] + " " + frame["year"].astype(str)
    frame = frame.assign(name=name, words=words, mark=frame["level"])
    return frame[["name", "value", "floor", "mark", "derived", "words"]]


def head_words(frame: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return floors a head, named, with the people beside each."""
    words = [
        text(f"{NAME}.beside.head", a_head=row["a_head"], people=_people(row["people"]))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return frame.assign(name=frame[f"name_{text.lang}"], words=words)[
        ["name", "tier", "a_head", "words"]
    ]


def levels(text: Text, frame: pd.DataFrame) -> dict[str, str]:
    """Return the marks of a picture with their names, those that the frame has none of left out."""
    there = set(frame.get("level", ())) | {
        key for key in (*LEVELS, "result") if key in frame and frame[key].notna().any()
    }
    return {
        key: text(f"{NAME}.mark.{key}")
        for key in ("floor", *LEVELS, "result")
        if key == "floor" or key in there
    }

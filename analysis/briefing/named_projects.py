"""Projects that press or government named, as a table that readers search; no sample of any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.amounts import unit
from analysis.board.records import amount, records
from analysis.briefing.published import digits, names
from analysis.briefing.published_table import publication
from analysis.evidence import Evidence
from analysis.evidence.figure import BOUND_SIGNS, first_day, last_day
from analysis.evidence.tables import publisher_said
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, Text, both, enumerated

NAME = "chains"
#: What a project comes to, in order, and the column of its date.
STAGES = {"signed": "signed_date", "started": "start_date", "producing": "production_date",
          "ended": "end_date"}  # fmt: skip
COLUMNS = {
    "name": (False, False), "district": (False, True), "chain": (False, True),
    "sector": (False, False), "stage": (False, True), "year": (False, True),
    "amount": (True, False), "unit": (False, False), "investor": (False, False),
    "signed": (False, False), "started": (False, False), "producing": (False, False),
    "ended": (False, False), "state": (False, False), "publisher": (False, False),
    "published": (False, False), "source": (False, False), "confidence": (False, False),
}  # fmt: skip
#: The stage of a project of which no date is known.
UNDATED = "undated"
#: Dots in a row of a tile.
ACROSS = 8
#: Most dots of one tile, and most lines of time, that a reader can still tell apart.
MOST_DOTS, MOST_LIVES = 400, 150
_DAYS_A_MONTH = 365.25 / 12


def rows(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the projects that lie in the plan's place, with their district's key and last stage.

    A project whose district no source names is taken to be of the place of which the others are.

    Returns
    -------
    as `Evidence.projects`, and district ("" where it is none of the plan's), stage, year (of its
    first date)
    """
    projects = evidence.projects
    district = projects["place"].map(plan.aliases).fillna("")
    if not district.ne("").any():
        return projects.iloc[:0].assign(district="", stage="", year="")
    stage = pd.Series("", index=projects.index)
    first = pd.Series("", index=projects.index)
    for key, column in STAGES.items():
        dated = projects[column].ne("")
        stage = stage.mask(dated, key)
        first = first.mask(dated & first.eq(""), projects[column].str[:4])
    of_plan = district.isin(list(names(plan)))
    return projects.assign(district=district.where(of_plan, ""), stage=stage, year=first)


def table(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return the projects as a table, each with who published it and when."""
    short = names(plan)
    chains = set(plan.chains["chain"])
    cells = [_cells(row, short, chains) for row in rows(plan, evidence).to_dict("records")]
    return records("named", NAME, COLUMNS, cells)


def _cells(
    row: Mapping[Any, Any], short: Mapping[str, dict[str, str]], chains: set[str]
) -> dict[str, Any]:
    value = float(row["value"])
    sign = f"{BOUND_SIGNS.get(row['bound'], '')} ".lstrip()
    elsewhere = str(row["place"]) or None
    return {
        "name": row["name_zh"],
        "district": short.get(row["district"], elsewhere),
        "chain": both(f"{NAME}.short.{row['chain'] if row['chain'] in chains else 'other'}"),
        "sector": row["sector_stated"],
        "stage": both(f"{NAME}.stage.{row['stage']}") if row["stage"] else None,
        "year": row["year"],
        "amount": amount(value, row["unit"], digits(value), sign),
        "unit": unit(row["unit"]) if value == value else None,
        "investor": row["investor"],
        **{key: row[column] for key, column in STAGES.items()},
        "state": both(f"districts.state.{'known' if row['kind'] == 'stated' else 'inferred'}"),
        "publisher": publisher_said(row["publisher"]),
        "published": str(row["published"]),
        "source": publication(row),
        "confidence": both(f"districts.confidence.{row['confidence']}"),
    }


def lives(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the dates of the projects of which more than one is known, by their first.

    A month or a year stands at its middle.

    Returns
    -------
    name_zh, stage, date, day (its middle, as a text), source_title; a row a date
    """
    projects = rows(plan, evidence)
    columns = list(STAGES.values())
    dates = (projects[columns] != "").sum(axis=1)
    several = projects[dates.gt(1)].sort_values("year")
    long = several.rename(columns={at: key for key, at in STAGES.items()}).melt(
        id_vars=["id", "name_zh", "source_title"],
        value_vars=list(STAGES),
        var_name="of",
        value_name="date",
    )
    long = long[long["date"].ne("")].rename(columns={"of": "stage"})
    order = {key: at for at, key in enumerate(several["id"])}
    long = long.assign(day=[_middle(date).strftime("%Y-%m-%d") for date in long["date"]])
    first = long.groupby("id")["day"].transform("min")
    at = pd.DataFrame({"first": first, "id": long["id"].map(order), "day": long["day"]})
    columns = ["name_zh", "stage", "date", "day", "source_title"]
    return long.loc[at.sort_values(["first", "id", "day"]).index, columns]


def on_tiles(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the projects whose district has a tile, each with where its dot stands in it.

    Returns
    -------
    name_zh, place, name_en, stage, year, value, unit, publisher, source_title, then across, down
        (the tile) and x, y (of the dot, tiles from the left and from above); by tile and stage
    """
    tiles = plan.places.dropna(subset=["across", "down"])[["place", "name_en", "across", "down"]]
    projects = rows(plan, evidence).drop(columns="place").rename(columns={"district": "place"})
    projects["stage"] = projects["stage"].replace("", UNDATED)
    order = {stage: at for at, stage in enumerate((*STAGES, UNDATED))}
    found = projects.merge(tiles, on="place")
    found = found.assign(at=found["stage"].map(order)).sort_values(["place", "at", "year", "id"])
    slot = found.groupby("place").cumcount()
    column, row = slot % ACROSS, slot // ACROSS
    columns = ["name_zh", "place", "name_en", "stage", "year", "value", "unit", "publisher",
               "source_title", "across", "down", "x", "y"]  # fmt: skip
    return found.assign(
        x=found["across"] + 0.1 + 0.8 * (column + 0.5) / ACROSS,
        y=found["down"] + 0.46 + 0.46 * row / max(1, row.max()),
    )[columns]


def tiles(plan: Plan, text: Text) -> pd.DataFrame:
    """Return the districts' tiles: across, down, label ("|" breaks it)."""
    there = plan.places.dropna(subset=["across", "down"])
    return there.assign(label=there[f"label_{text.lang}"])[["across", "down", "label"]]


def _middle(date: str) -> pd.Timestamp:
    first, last = pd.Timestamp(first_day(date)), pd.Timestamp(last_day(date))
    return first + (last - first) / 2


def lags(plan: Plan, evidence: Evidence) -> pd.Series:
    """Return months from signing to start where both are known to the month, by project."""
    projects = rows(plan, evidence)
    known_both = projects[
        projects["signed_date"].str.len().ge(7) & projects["start_date"].str.len().ge(7)
    ]
    months = [
        (_middle(start) - _middle(signed)).days / _DAYS_A_MONTH
        for signed, start in zip(known_both["signed_date"], known_both["start_date"], strict=True)
    ]
    return pd.Series(months, index=known_both["id"], dtype=float)


def values(plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Return what the sentences on named projects say."""
    projects, months = rows(plan, evidence), lags(plan, evidence)
    year = str(plan_year(plan))
    ended = projects[projects["stage"].eq("ended")]
    told = on_tiles(plan, evidence).groupby("place").size()
    most, called = told[told.eq(told.max())].index, names(plan)
    return {
        "named": float(len(projects)),
        "named_on_map": float(told.sum()),
        "named_most": float(told.max()),
        "named_most_in": {
            lang: enumerated((called[place][lang] for place in most), lang) for lang in LANGUAGES
        },
        "named_amounts": float(projects["value"].notna().sum()),
        "named_year": float(plan_year(plan)),
        "named_signed": float(projects["signed_date"].str.startswith(year).sum()),
        "signings_said": signings(plan, evidence),
        "lags": float(len(months)),
        "lag_least": float(months.min()),
        "lag_most": float(months.max()),
        "ended": float(len(ended)),
        "ended_said": _ended(ended),
    }


def signings(plan: Plan, evidence: Evidence) -> dict[str, str]:
    """Return what the ceremonies of the plan's year add up to, beside what was reported of it."""
    place, year = plan.about.evidence_place, plan_year(plan)
    held = evidence.ceremonies
    held = held[held["id"].str.startswith("signing_") & held["period"].str.startswith(str(year))]
    figures = evidence.figures
    figures = figures[figures["place"].eq(place) & figures["period_type"].eq("ytd")]
    figures = figures[figures["period_end"].str.startswith(str(year))]
    reported = {
        series: figures[figures["series"].eq(series)].sort_values("period_end").tail(1)
        for series in ("signed_projects", "signed_amount")
    }
    if held.empty or any(one.empty for one in reported.values()):
        return dict.fromkeys(LANGUAGES, "")
    projects, amounts = (reported[key].iloc[0] for key in ("signed_projects", "signed_amount"))
    return both(
        f"{NAME}.signings_said",
        named_year=float(year),
        named_of=float(held["projects"].sum()),
        signings_amount=float(held["amount"].sum()),
        reported_day=str(amounts["period_end"]),
        reported_projects=float(projects["value"]),
        reported_amount=float(amounts["value"]),
    )


def _ended(projects: pd.DataFrame) -> dict[str, str]:
    """Return the projects that came to an end, with what was announced and when it was over."""
    said = {}
    for lang in LANGUAGES:
        parts = [
            Text(lang)(f"{NAME}.ended", name=row["name_zh"], amount=float(row["value"]),
                       end=str(row["end_date"]))
            for row in projects.to_dict("records")
        ]  # fmt: skip
        told = enumerated(parts, lang, "; ")
        said[lang] = Text(lang)(f"{NAME}.ended_said", named=told) if parts else ""
    return said


def absent(plan: Plan, evidence: Evidence) -> dict[str, str]:
    """Return the pictures that aren't drawn: picture -> key of the reason, "" if none is known."""
    said = values(plan, evidence)
    on_one_tile = on_tiles(plan, evidence).groupby("place").size().max()
    lines = lives(plan, evidence).groupby(["name_zh", "source_title"]).ngroups
    numbers = {"where": said["named_on_map"], "lives": said["lags"]}
    lacking = {key: "" for key, number in numbers.items() if not number}
    crowded = {"where": on_one_tile > MOST_DOTS, "lives": lines > MOST_LIVES}
    return lacking | {key: f"{NAME}.crowded" for key, so in crowded.items() if so}


def stages(text: Text) -> dict[str, str]:
    """Return the stages with their names, in their order; at the end, that no date is known."""
    return {stage: text(f"{NAME}.stage.{stage}") for stage in (*STAGES, UNDATED)}

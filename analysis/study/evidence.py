"""Tidy frames of plans, places, measures and published figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.datapackage import data_dir
from analysis.districts import own_rows
from analysis.evidence import Evidence, EvidenceError, Figure, load_evidence
from analysis.evidence.reckoning import one_count
from analysis.model import load_model
from analysis.names import unknown
from analysis.plan import Plan, load_plan, plan_year

_COLUMNS = (
    "place", "district", "year", "starts", "ends", "value", "bound", "unit", "growth_pct",
    "series", "scope", "stage", "term", "period_type", "kind", "confidence", "source",
    "source_title", "publisher", "published", "url", "note",
)  # fmt: skip
#: Columns that say what all rows of a frame have in common.
_COMMON = ("unit", "scope", "stage")


def plans() -> pd.DataFrame:
    """Return the plans there are, one a row.

    Returns
    -------
    plan (its name for `load_plan`), year, targets (their keys), districts, folder

    Examples
    --------
    >>> plans()[["year", "districts"]].to_numpy().tolist()
    [[2024, 8], [2021, 0], [2021, 14]]
    """
    shipped = [load_plan(path.parent) for path in sorted(data_dir().glob("plans/*/plan.json"))]
    return pd.DataFrame(
        {
            "plan": plan.about.id,
            "year": plan_year(plan),
            "targets": ", ".join(plan.targets),
            "districts": len(plan.floors),
            "folder": str(plan.folder),
        }
        for plan in shipped
    )


def places(plan: Plan | None = None, evidence: Evidence | None = None) -> pd.DataFrame:
    """Return the plan's districts with what is asked of each, one a row.

    Returns
    -------
    district, tier, name_zh, name_en, capital_floor and own_target (1e8 CNY: the plan's floor, and
    what the district set itself for the plan's year, NaN where none is known), own_level
    (expected, or stretch where only that is known), industrial_share_floor (%), source, own_source;
    `attrs["units"]` names the units

    Examples
    --------
    Whose own target is furthest above its floor?

    >>> places().eval("over = own_target / capital_floor").nlargest(1, "over")["name_en"].item()
    "Jiang'an"
    """
    plan, evidence = plan or load_plan(), evidence or load_evidence()
    rows = plan.floors.merge(plan.tiers[["tier", "source", "section"]], on="tier")
    rows["source"] = rows.pop("source").str.replace("_", " ") + ", " + rows.pop("section")
    own = own_rows(plan, evidence).set_index("district")[["own", "level", "source"]]
    own.columns = ["own_target", "own_level", "own_source"]
    rows = rows.join(own, on="district")
    money, percent = dict.fromkeys(("capital_floor", "own_target"), "1e8 CNY"), "%"
    rows.attrs = {"units": {**money, "industrial_share_floor": percent}}
    return rows


def measures(plan: Plan | None = None, evidence: Evidence | None = None) -> pd.DataFrame:
    """Return all that has a name: targets, levers, outcomes and series of figures, one a row.

    Returns
    -------
    what (target, lever, outcome or series), key, name_zh, name_en, unit, low, default, high
    (of levers), source

    Examples
    --------
    >>> measures().query("what == 'lever' and unit == '%'").key.head(3).tolist()
    ['uplift_central', 'uplift_outer', 'uplift_zone']
    """
    model = load_model(plan, evidence)
    columns = ["key", "name_zh", "name_en", "unit", "source"]
    kinds: dict[str, Iterable[Any]] = {
        "target": (plan or load_plan()).targets.values(),
        "lever": model.levers.values(),
        "outcome": model.outcomes.values(),
    }
    found = [pd.DataFrame(list(rows)).assign(what=what) for what, rows in kinds.items()]
    counted = (evidence or load_evidence()).figures[["series", "unit"]].drop_duplicates()
    found.append(counted.rename(columns={"series": "key"}).assign(what="series"))
    whole = pd.concat(found, ignore_index=True)
    return whole[["what", *columns[:-1], "low", "default", "high", "source"]]


def figures(
    series: str | Iterable[str] | None = None,
    place: str | Iterable[str] | None = None,
    *,
    years: tuple[int, int] | int | None = None,
    evidence: Evidence | None = None,
    **columns: Any,
) -> pd.DataFrame:
    """Return published figures as they stand, rivals of one period beside each other.

    Parameters
    ----------
    years : one year, or the first and the last, by the end of a figure's period
    columns : what else to select by, e.g. `scope="mofcom"`, `period_type="annual"`

    Returns
    -------
    place, district (the plan's key, where it is one), year (int), starts and ends (dates),
    value, bound ("exact", "lower": this or more, "upper"), unit, growth_pct, series, scope, stage,
    term (the source's own word), period_type, kind, confidence, source, source_title, publisher,
    published, url, note; `attrs` has unit, scope and
    stage where all rows share them, and sources

    Raises
    ------
    EvidenceError : a name that no figure has; the nearest one is named

    Notes
    -----
    Two rows of one year may be rivals: for one row a year take `series`.

    Examples
    --------
    >>> found = figures("foreign_capital_utilised", "Wuhan", years=2016)
    >>> found[["year", "value", "bound", "unit"]].to_dict("split")["data"]
    [[2016, 85.2, 'exact', '1e8 USD'], [2016, 80.0, 'lower', '1e8 USD']]
    """
    evidence = evidence or load_evidence()
    wanted = {"series": series, "place": place, **columns}
    chosen = evidence.select(**{key: value for key, value in wanted.items() if value is not None})
    rows = [
        _row(one, str(chosen.frame.at[at, "url"]))
        for at, one in zip(chosen.frame.index, chosen, strict=True)
    ]
    return _framed(rows, years)


def series(
    series: str,
    places: str | Iterable[str],
    *,
    years: tuple[int, int] | int | None = None,
    mixed: bool = False,
    evidence: Evidence | None = None,
    **columns: Any,
) -> pd.DataFrame:
    """Return one series of one or several places: a row a place and year, its surest figure.

    Of rival figures of one year an exact one stands before a bound, then the surest; never a
    mean, which nobody published.

    Parameters
    ----------
    mixed : let places that count differently stand together, each row saying its scope
    years, columns : as in `figures`; `period_type` is annual unless named

    Returns
    -------
    as `figures`

    Raises
    ------
    EvidenceError : a name that no figure has
    StageError, ScopeError, UnitError : the figures are not one count, within a place always,
        between places unless `mixed`

    Examples
    --------
    >>> found = series("capital_in_place", "Wuhan", years=(2016, 2020))
    >>> found[["year", "value", "bound"]].head(2).to_dict("split")["data"]
    [[2017, 8000.0, 'lower'], [2019, 8742.8, 'exact']]
    """
    evidence = evidence or load_evidence()
    lines = []
    for place in [places] if isinstance(places, str) else places:
        line = evidence.line(series, place, **columns)
        if not line:
            there = evidence.select(place=place).frame
            raise EvidenceError(
                f"no figure of {series} for {place} in this selection; for {place} "
                + unknown("series", series, there["series"].unique())
            )
        lines.append(line)
    if not mixed:
        for line in lines[1:]:
            one_count(lines[0][0], line[0])
    urls = dict(zip(evidence.figures["id"], evidence.figures["url"], strict=True))
    return _framed([_row(one, urls[one.id]) for line in lines for one in line], years)


def _row(one: Figure, url: str) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _COLUMNS if hasattr(one, name)},
        "starts": pd.Timestamp(one.starts),
        "ends": pd.Timestamp(one.ends),
        "url": url,
    }


def _framed(rows: list[dict[str, Any]], years: tuple[int, int] | int | None) -> pd.DataFrame:
    """Return figures as a frame with what they share in its attrs."""
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["district"] = frame["place"].map(load_plan().aliases)
    if years is not None:
        first, last = (years, years) if isinstance(years, int) else years
        frame = frame[frame["year"].between(first, last)].reset_index(drop=True)
    common = {name: frame[name].iloc[0] for name in _COMMON if frame[name].nunique() == 1}
    titles = dict(zip(frame["source"], frame["source_title"], strict=True))
    frame.attrs = {"sources": titles, **{str(name): value for name, value in common.items()}}
    return frame

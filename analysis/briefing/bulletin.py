"""Frames and numbers of the page of bulletins: standings by period, flows, stages, waits."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any

import pandas as pd

from analysis.briefing import ledger, page_tables
from analysis.briefing.page_tables import told
from analysis.evidence import Evidence
from analysis.files import of_plan
from analysis.model import Model
from analysis.plan import Plan, load_plan
from analysis.structure import Period, Report, periods
from analysis.structure.asked import Asked
from analysis.structure.funnel import Conversion, Waiting, matrix, reached
from analysis.structure.schedule import clauses, counts, month_names
from analysis.structure.standing import CITY, Standing, growths, season_begins, standing
from analysis.text import LANGUAGES, Text, both, clause

LEVERS = ("conversion", "conversion_lag")
NAME = "bulletin"
COLUMNS = (
    ("district", False), ("rank", True), ("range", True), ("capital", True), ("of_floor", True),
    ("ahead", True), ("share", True), ("growth", True), ("quotas", True),
)  # fmt: skip
FOREIGN = (
    ("measure", False), ("value", True), ("before", True), ("growth", True), ("asked", True),
)  # fmt: skip


@of_plan
def standings() -> dict[str, Standing]:
    """Return where everyone stood at the end of each month, quarter and the year, latest first.

    Of months before the year's first arrival there is no bulletin, unless there is no other.
    """
    last = ledger.current().period
    periods = [Period(last.year, month, 1) for month in range(last.month, 0, -1)]
    periods += [Period(last.year, month, 3) for month in (12, 9, 6, 3) if month <= last.month]
    if last.month == 12:
        periods.append(Period(last.year, 12, 12))
    plan = load_plan()
    found = {period.key: standing(Asked(ledger.ledger(), period), plan) for period in periods}
    return {key: stand for key, stand in found.items() if stand.known or key == last.key}


def facts_of(report: Report) -> dict[str, Any]:
    """Return what the page's sentences name, whichever period is chosen."""
    wait = report.waits.get("signed first_arrival")
    started = report.waits.get("signed started")
    conversion = report.conversion
    # The first wait that there is tells how many are followed.
    counted = next(iter(report.waits.values()), None)
    return {
        **ledger.basis(report),
        "earliest": both("structure.month", **month_names(season_begins())),
        "target": report.place["floor"],
        "capital": report.place["capital"],
        "of_target": report.place["of_floor"],
        "reached": reached(report.funnel),
        "waited": _waited("first_arrival", wait),
        "waited_start": _waited("started", started),
        "followed": float(counted.projects) if counted else 0.0,
        "censored": float(counted.censored) if counted else 0.0,
        **_converted(conversion),
    }


def _waited(end: str, wait: Waiting | None) -> Mapping[str, str]:
    """Return the clause on a wait: its median, or that fewer than half have come; or nothing."""
    if wait is None:
        return dict.fromkeys(LANGUAGES, "")
    if not isfinite(wait.median):
        return both(f"{NAME}.waited.{end}.not_half")
    low, high = wait.median_low, wait.median_high
    bounds = clause(f"{NAME}.waited.range", low=low if low < high else inf, high=high)
    return both(f"{NAME}.waited.{end}", median=wait.median, bounds=bounds)


def _converted(found: Conversion | None) -> dict[str, Any]:
    """Return what is in place a year after signing, as facts and as a clause; or no clause."""
    if found is None:
        return {"converted": dict.fromkeys(LANGUAGES, "")}
    kind = both(f"structure.kind.{found.kind}")
    return {
        "rate": found.rate,
        "rate_low": found.low,
        "rate_high": found.high,
        "cohorts": float(found.cohorts),
        "lag": found.lag,
        "kind": kind,
        "converted": both(f"{NAME}.converted", rate=found.rate, kind=kind),
    }


def absent(report: Report) -> dict[str, str]:
    """Return the pictures for which the ledger holds nothing: picture -> key of the reason."""
    found: dict[str, str] = {}
    if not report.known:
        found |= dict.fromkeys(("year", "flows"), "structure.nothing")
    if not report.funnel["projects"].gt(0).any():
        found["funnel"] = "structure.no_projects"
    if not report.waits:
        found |= dict.fromkeys(("stages", "waits"), "structure.too_young")
    if report.conversion is None:
        found |= dict.fromkeys(("cohorts", "conversion"), "structure.too_young")
    return found


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name."""
    return page_tables.known(facts_of(ledger.current()))


def unknown(plan: Plan, evidence: Evidence, model: Model) -> ledger.Messages:
    """Return the parts that have nothing to show, with the reason where all pages share it."""
    return ledger.unknown(absent(ledger.current()), values(plan, evidence, model))


def kinds() -> dict[str, str]:
    """Return the kind of what a choice tells: of shares that may be assumed."""
    return {"p_share": ledger.current().share_kind}


illustrative, rests_on = ledger.illustrative, ledger.assumed
presets, cards = ledger.presets, ledger.cards


def facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page knows at first: the latest month."""
    first = _options()[0]
    return page_tables.known({"period": first["key"], **first["facts"]})


@of_plan
def _options() -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": periods.names(stand.period)["period"],
            "facts": {
                **ledger.card_facts(stand),
                "p_name": periods.names(stand.period)["period"],
                "p_until": periods.names(stand.period)["until"],
                "p_alone": periods.alone(stand.period, stand.place),
                "p_capital": stand.place["capital"],
                "p_of_target": stand.place["of_floor"],
                "p_ahead": stand.place["ahead_linear"],
                "p_growth": clause("structure.growth", growth=float(stand.place["growth"])),
                **{
                    f"p_{key}": said
                    for key, said in clauses(stand.place, stand.period.month).items()
                },
                "p_share": stand.place["share"],
                **{f"p_{key}": said for key, said in counts(stand.districts).items()},
                "p_leader": ledger.leader(stand),
                **_peak(stand.period.month),
                "upto": float(stand.period.month),
            },
        }
        for key, stand in standings().items()
    ]


def _peak(month: int) -> dict[str, Any]:
    """Return the month, of the year so far, in which most arrived, and how much."""
    peak = ledger.most(ledger.current().months[1 : month + 1], "flow")
    return {
        "p_peak_month": both("structure.month", **month_names(int(peak["month"]))),
        "p_peak": float(peak["flow"]),
    }


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return the choice of a period, and its tables of districts and of foreign capital."""
    report = ledger.current()
    options = _options()
    stands = standings()
    joined = {key: _joined(stand) for key, stand in stands.items()}
    return {
        "choice": page_tables.choice("period", options[0]["key"], options),
        "table": page_tables.table(
            "bulletin_districts", COLUMNS,
            {key: _rows(rows, stands[key].place) for key, rows in joined.items()},
            page_tables.together(joined).rename(columns={"of": "period"}), report.illustrative,
            by="period",
        ),
        "foreign": page_tables.table(
            "bulletin_foreign", FOREIGN,
            {key: _foreign(stand) for key, stand in stands.items()},
            pd.concat([s.foreign.assign(period=key) for key, s in stands.items()]),
            report.illustrative, by="period",
        ),
    }  # fmt: skip


def _joined(stand: Standing) -> pd.DataFrame:
    """Return the districts with their ranks and quotas, best first."""
    required = stand.quotas[stand.quotas["required"]]
    met = required.groupby("place").agg(met=("met", "sum"), asked=("met", "size"))
    rows = stand.districts.merge(stand.ranks[["place", "rank", "low", "high"]], on="place")
    return rows.merge(met, left_on="place", right_index=True).sort_values("rank")


def _rows(joined: pd.DataFrame, city: pd.Series) -> list[list[page_tables.Cell]]:
    found: list[list[page_tables.Cell]] = [
        [
            ledger.short_names(row),
            f"{row['rank']:.0f}",
            f"{row['low']:.0f}–{row['high']:.0f}",
            *_numbers(row),
            f"{row['met']:.0f}/{row['asked']:.0f}",
        ]
        for row in joined.to_dict("records")
    ]
    return [*found, [both("structure.effect.total"), None, None, *_numbers(city), None]]


def _numbers(row: Mapping[Any, Any] | pd.Series) -> list[page_tables.Cell]:
    """Return a district's or the city's capital, its standing, share and growth."""
    return [
        told(row["capital"], "1e8 CNY", 1),
        told(row["of_floor"], "%", 1),
        told(row["ahead_linear"], "1e8 CNY", 1, "+"),
        told(row["share"], "%", 1),
        told(row["growth"], "%", 1, "+"),
    ]


def _foreign(stand: Standing) -> list[list[page_tables.Cell]]:
    asked = {scope: one.expected for scope, one in growths(load_plan()).items()}
    rows = stand.foreign[stand.foreign["place"].eq(CITY)]
    return [
        [
            both(f"structure.measure.foreign.{row['scope']}"),
            told(row["amount"], "1e8 USD", 2),
            told(row["before"], "1e8 USD", 2),
            told(row["growth"], "%", 1, "+"),
            told(asked.get(row["scope"]), "%", 0, "+"),
        ]
        for row in rows.to_dict("records")
    ]


def waits(report: Report) -> pd.DataFrame:
    """Return the curves of waiting, one below the other; no row where dates allow none."""
    curves = [wait.curve.assign(wait=key) for key, wait in report.waits.items()]
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame()


def grown(report: Report) -> pd.DataFrame:
    """Return how much of each quarter's signings was in place, month by month after them."""
    if report.conversion is None:
        return pd.DataFrame()
    return matrix(Asked(ledger.ledger(), report.period).cohorts, pd.Timestamp(report.period.until))


def converted(report: Report) -> pd.DataFrame:
    """Return the share in place by months after signing, with its band."""
    return pd.DataFrame() if report.conversion is None else report.conversion.curve


def stages(report: Report, text: Text) -> pd.DataFrame:
    """Return projects by stage, named."""
    names = [text(f"structure.stage.{stage}") for stage in report.funnel["stage"]]
    return report.funnel.assign(name=names)[["name", "stage", "projects", "of_signed"]]


def flows(months: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return what came in each month, this year and the year before: month, year, flow."""
    rows = months[months["month"].gt(0)]
    before = months["before"].diff()[1:]
    both_years = pd.concat(
        [
            pd.DataFrame({"month": rows["month"], "year": str(year - 1), "flow": before}),
            pd.DataFrame({"month": rows["month"], "year": str(year), "flow": rows["flow"]}),
        ],
        ignore_index=True,
    )
    return both_years.dropna(subset=["flow"])

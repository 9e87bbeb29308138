"""What does a month's, quarter's or year's bulletin say?"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from analysis.briefing import ledger
from analysis.charts import progress, stages
from analysis.charts.picture import Picture
from analysis.evidence import Evidence
from analysis.model import Model
from analysis.plan import Plan, load_plan
from analysis.structure import Period, Report
from analysis.structure.asked import Asked
from analysis.structure.funnel import matrix
from analysis.structure.standing import CITY, Standing, standing
from analysis.text import Message, Text, both

LEVERS = ("conversion", "conversion_lag")
NAME = "bulletin"
COLUMNS = (
    ("district", False), ("rank", True), ("range", True), ("capital", True), ("of_floor", True),
    ("ahead", True), ("share", True), ("growth", True), ("quotas", True),
)  # fmt: skip
FOREIGN = (
    ("measure", False), ("value", True), ("before", True), ("growth", True), ("asked", True),
)  # fmt: skip


@cache
def standings() -> dict[str, Standing]:
    """Return where everyone stood at the end of each month, quarter and the year, latest first."""
    last = ledger.current().period
    periods = [Period(last.year, month, 1) for month in range(last.month, 0, -1)]
    periods += [Period(last.year, month, 3) for month in (12, 9, 6, 3) if month <= last.month]
    if last.month == 12:
        periods.append(Period(last.year, 12, 12))
    plan = load_plan()
    return {period.key: standing(Asked(ledger.ledger(), period), plan) for period in periods}


def facts_of(report: Report) -> dict[str, Any]:
    """Return what the page's sentences name, whichever period is chosen."""
    wait = report.waits.get("signed first_arrival")
    started = report.waits.get("signed started")
    conversion = report.conversion
    peak = ledger.most(report.months.dropna(subset=["flow"]), "flow")
    return {
        **ledger.basis(report),
        "target": report.place["floor"],
        "capital": report.place["capital"],
        "of_target": report.place["of_floor"],
        "due": report.place["due_seasonal"],
        "ahead": report.place["ahead_seasonal"],
        "peak_month": float(peak["month"]),
        "peak": float(peak["flow"]),
        "median": _months(wait.median if wait else None),
        "median_low": _months(wait.median_low if wait else None),
        "median_high": _months(wait.median_high if wait else None),
        "followed": float(wait.projects) if wait else None,
        "censored": float(wait.censored) if wait else None,
        "median_start": _months(started.median if started else None),
        "rate": conversion.rate if conversion else None,
        "rate_low": conversion.low if conversion else None,
        "rate_high": conversion.high if conversion else None,
        "cohorts": float(conversion.cohorts) if conversion else None,
        "lag": conversion.lag if conversion else None,
        "kind": both(f"structure.kind.{conversion.kind}") if conversion else both("structure.none"),
    }


def _months(value: float | None) -> Any:
    """Return whole months, or words where fewer than half have come so far."""
    if value is None or value == float("inf"):
        return both("structure.not_half")
    return f"{value:.0f}"


def messages(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Message]:
    """Return the page's texts by the keys that its notebook names."""
    report = ledger.current()
    facts = ledger.known(facts_of(report))
    keys = ("title", "stages", "stages.text", "standing", "standing.text")
    answer = Message(
        (("p_ahead >= 0", f"{NAME}.answer.ahead"), ("true", f"{NAME}.answer.behind")),
        facts,
        {"p_share": report.share_kind},
    )
    young = Message.fixed("structure.too_young", **facts)
    absent = {} if report.waits else {"waits.absent": young}
    if report.conversion is None:
        absent |= {"cohorts.absent": young, "conversion.absent": young}
    return {
        **{key: Message.fixed(f"{NAME}.{key}", **facts) for key in keys},
        **absent,
        "answer": answer,
        "rests_on": Message.fixed(f"structure.basis.{report.kind}"),
        **ledger.assumed(report),
    }


presets, cards = ledger.presets, ledger.cards


def facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page knows at first: the latest month."""
    first = _options()[0]
    return ledger.known({"period": first["key"], **first["facts"]})


@cache
def _options() -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": ledger.name_of(stand.period),
            "facts": {
                **ledger.card_facts(stand),
                "p_name": ledger.name_of(stand.period),
                "p_until": both(
                    "structure.period.until", year=stand.period.year, month=stand.period.month
                ),
                "p_flow": stand.place["in_period"],
                "p_capital": stand.place["capital"],
                "p_of_target": stand.place["of_floor"],
                "p_ahead": stand.place["ahead_seasonal"],
                "p_off": abs(stand.place["ahead_seasonal"]),
                "p_growth": stand.place["growth"],
                "p_share": stand.place["share"],
                "p_on": float(stand.districts["ahead_seasonal"].ge(0).sum()),
                "p_behind": float(stand.districts["ahead_seasonal"].lt(0).sum()),
                "p_first": _first(stand),
                "upto": float(stand.period.month),
            },
        }
        for key, stand in standings().items()
    ]


def _first(stand: Standing) -> dict[str, str]:
    named = stand.districts.set_index("place")
    best = stand.ranks["place"].iloc[0]
    return ledger.short_names({**named.loc[best].to_dict(), "place": best})


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return the choice of a period, and its tables of districts and of foreign capital."""
    report = ledger.current()
    options = _options()
    stands = standings()
    joined = {key: _joined(stand) for key, stand in stands.items()}
    facts = ledger.known(facts_of(report))

    def message(key: str) -> Message:
        return Message.fixed(f"{NAME}.{key}", **facts)

    return {
        "choice": ledger.choice("period", options[0]["key"], options),
        "table": ledger.table(
            "bulletin_districts", message("table.title"), message("table.source"), COLUMNS,
            {key: _rows(rows, stands[key].place) for key, rows in joined.items()},
            _all_periods(joined), report.illustrative, by="period",
        ),
        "foreign": ledger.table(
            "bulletin_foreign", message("foreign.title"), message("foreign.source"), FOREIGN,
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


def _rows(joined: pd.DataFrame, city: pd.Series) -> list[list[ledger.Cell]]:
    found: list[list[ledger.Cell]] = [
        [
            ledger.short_names(row),
            f"{row['rank']:.0f}",
            f"{row['low']:.0f}–{row['high']:.0f}",
            ledger.told(row["capital"], "1e8 CNY", 1),
            ledger.told(row["of_floor"], "%", 1),
            ledger.told(row["ahead_seasonal"], "1e8 CNY", 1, "+"),
            ledger.told(row["share"], "%", 1),
            ledger.told(row["growth"], "%", 1, "+"),
            f"{row['met']:.0f}/{row['asked']:.0f}",
        ]
        for row in joined.to_dict("records")
    ]
    return [
        *found,
        [
            both("structure.effect.total"), None, None,
            ledger.told(city["capital"], "1e8 CNY", 1), ledger.told(city["of_floor"], "%", 1),
            ledger.told(city["ahead_seasonal"], "1e8 CNY", 1, "+"),
            ledger.told(city["share"], "%", 1), ledger.told(city["growth"], "%", 1, "+"), None,
        ],
    ]  # fmt: skip


def _all_periods(joined: dict[str, pd.DataFrame]) -> pd.DataFrame:
    frames = [rows.assign(period=key) for key, rows in joined.items()]
    whole = pd.concat(frames, ignore_index=True)
    return whole[["period", *[column for column in whole if column != "period"]]]


def _foreign(stand: Standing) -> list[list[ledger.Cell]]:
    targets = stand.targets.set_index("target")["expected"]
    asked = {"utilised": "foreign_capital_growth", "fdi": "fdi_growth"}
    rows = stand.foreign[stand.foreign["place"].eq(CITY)]
    return [
        [
            both(f"structure.measure.foreign.{row['scope']}"),
            ledger.told(row["amount"], "1e8 USD", 2),
            ledger.told(row["before"], "1e8 USD", 2),
            ledger.told(row["growth"], "%", 1, "+"),
            ledger.told(targets[asked[row["scope"]]], "%", 0, "+"),
        ]
        for row in rows.to_dict("records")
    ]


def pictures(plan: Plan, evidence: Evidence, model: Model) -> list[Picture]:
    """Return the page's pictures in their order; waits and conversion where dates allow."""
    report = ledger.current()
    picture = ledger.pictures(NAME, facts_of(report), report.illustrative)
    last = report.period.month
    flows = _flows(report.months, report.period.year)
    made = [
        picture("year", lambda text, narrow: progress.year(
            report.months, last, text, narrow), report.months,
            cases=(("p_ahead < 0", "behind"),)),
        picture("flows", lambda text, narrow: progress.flows(flows, text, narrow), flows),
        picture("funnel", lambda text, narrow: stages.funnel(
            _stages(report, text), text, narrow), report.funnel),
    ]  # fmt: skip
    if report.waits:
        curves = pd.concat(
            [wait.curve.assign(wait=key) for key, wait in report.waits.items()], ignore_index=True
        )
        made.append(
            picture("waits", lambda text, narrow: stages.waiting(
                curves.assign(wait=[text(f"structure.wait.{key}") for key in curves["wait"]]),
                text, narrow), curves)
        )  # fmt: skip
    found = report.conversion
    if found:
        grown = matrix(
            Asked(ledger.ledger(), report.period).cohorts, pd.Timestamp(report.period.until)
        )
        made += [
            picture("cohorts", lambda text, narrow: stages.cohorts(
                grown[["cohort", "months", "share"]], text, narrow), grown),
            picture("conversion", lambda text, narrow: stages.conversion(
                found.curve[["months", "share", "low", "high"]], found.rate, found.months,
                model.defaults["conversion"], text, narrow), found.curve),
        ]  # fmt: skip
    return made


def _stages(report: Report, text: Text) -> pd.DataFrame:
    names = [text(f"structure.stage.{stage}") for stage in report.funnel["stage"]]
    return report.funnel.assign(name=names)[["name", "stage", "projects", "of_signed"]]


def _flows(months: pd.DataFrame, year: int) -> pd.DataFrame:
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

"""How much of what is signed arrives, through which stages, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.structure.progress import PERCENT
from analysis.text import clause

#: Stages in their order; `in_place` is not one of them: capital may arrive at any time.
STAGES = ("lead", "signed", "started", "production")
IN_PLACE = "in_place"
MONTHS_FOLLOWED = 24
#: Standard errors on either side of a normal mean that hold it in 95 of 100 cases.
NORMAL_95 = NormalDist().inv_cdf(0.975)


class FunnelError(ValueError):
    """Nothing was signed, or nothing is old enough to be followed."""


def funnel(pipeline: pd.DataFrame) -> pd.DataFrame:
    """Return the stages that projects have reached, each counted with all before it.

    Parameters
    ----------
    pipeline : stage, projects, size (1e8 CNY): how many have reached each stage

    Returns
    -------
    a row a stage, in_place last: stage, projects, size, of_signed (% of the projects signed)
    """
    order = [*STAGES, IN_PLACE]
    rows = pipeline.groupby("stage")[["projects", "size"]].sum().reindex(order, fill_value=0.0)
    signed = float(rows["projects"]["signed"])
    share = PERCENT * rows["projects"] / signed if signed else float("nan")
    return rows.assign(of_signed=share).rename_axis("stage").reset_index()


def reached(stages: pd.DataFrame) -> Mapping[str, str]:
    """Return the clause on how far what is signed has come; nothing where nothing is signed.

    stages : `funnel`
    """
    rows = stages.set_index("stage")
    share = rows["of_signed"].astype(float)
    return clause("structure.reached", signed=float(rows["projects"]["signed"]),
                  started=float(share["started"]), produce=float(share["production"]))  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """How long projects wait from one stage to another (Kaplan-Meier).

    curve : months, arrived, low, high (% of projects; 95% interval), at_risk
    median, median_low, median_high : months; infinite where fewer than half have arrived
    projects, censored : how many are followed, and how many still wait
    """

    curve: pd.DataFrame
    median: float
    median_low: float
    median_high: float
    projects: float
    censored: float


def survival(waits: pd.DataFrame) -> pd.DataFrame:
    """Return the curve of `Waiting`: Kaplan-Meier's, with Greenwood's intervals (log-log).

    Parameters
    ----------
    waits : months (whole), ended (bool; false where it still waits), projects (how many such)

    Raises
    ------
    FunnelError : nobody is followed
    """
    rows = waits[waits["projects"].gt(0) & waits["months"].ge(0)]
    if rows.empty:
        raise FunnelError("no project has a date of the first stage; there is no wait to measure")
    counts = rows.pivot_table(
        index="months", columns=rows["ended"].astype(bool), values="projects", aggfunc="sum"
    ).reindex(columns=[True, False])  # fmt: skip
    if counts.index[0] != 0:
        counts.loc[0] = 0
    counts = counts.sort_index().fillna(0).astype(float)
    ended, leaving = counts[True].to_numpy(), counts.sum(axis=1).to_numpy()
    at_risk = leaving[::-1].cumsum()[::-1]
    left = np.cumprod(1 - ended / at_risk)
    staying = at_risk - ended
    with np.errstate(divide="ignore", invalid="ignore"):  # no wait has ended yet, or all have
        variance = np.cumsum(np.where(staying > 0, ended / (at_risk * staying), 0.0))
        width = NORMAL_95 * np.sqrt(variance) / np.log(left)
    least, most = (np.where(left == 1, 1.0, left ** np.exp(side * width)) for side in (-1, 1))
    return pd.DataFrame(
        {
            "months": counts.index.to_numpy(float),
            "arrived": PERCENT * (1 - left),
            "low": PERCENT * (1 - most),
            "high": PERCENT * (1 - least),
            "at_risk": at_risk,
        }
    )


def summed_up(curve: pd.DataFrame, waits: pd.DataFrame) -> Waiting:
    """Read the medians off the curve of waits: the first month in which half have arrived."""

    def half(column: str) -> float:
        reached = curve.loc[curve[column] >= PERCENT / 2 - 1e-9, "months"]
        return float(reached.iloc[0]) if len(reached) else math.inf

    # What arrives soonest is the curve's upper edge.
    medians = half("arrived"), half("high"), half("low")
    projects, still = waits["projects"], ~waits["ended"].astype(bool)
    return Waiting(curve, *medians, float(projects.sum()), float(projects[still].sum()))


@dataclass(frozen=True)
class Conversion:
    """What part of a signed amount arrives, and when: from cohorts that are old enough.

    rate : % of a cohort's signed size in place `months` after signing
    low, high : % of the cohort with the least and with the most
    lag : months after signing within which half of what arrives by then has arrived
    cohorts : how many cohorts, size : their signed size, 1e8 CNY
    curve : months (0 at signing), share (% of the size of the cohorts that are that old), low,
        high, cohorts
    kind : "illustrative" from made-up rows, "derived" from a user's ledger
    """

    rate: float
    low: float
    high: float
    lag: float
    months: int
    cohorts: int
    size: float
    curve: pd.DataFrame
    kind: str

    def levers(self) -> Mapping[str, float]:
        """Return it as levers of the scenario model: whole percent, whole months waited."""
        return {
            "conversion": float(min(PERCENT, max(0.0, round(self.rate)))),
            "conversion_lag": max(0.0, self.lag - 1),
        }


def matrix(cohorts: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Return what part of each cohort has arrived within so many months of signing.

    Parameters
    ----------
    cohorts : cohort ("2021Q1"), months (whole, since signing), capital (arrived at that age),
        size (of the whole cohort, in each of its rows), projects
    until : the last day counted

    Returns
    -------
    cohort, months (0 at signing), capital, size, share (%, cumulated). What arrives within 12
    months is aged 0 to 11 whole months; only months that the cohort's youngest project has
    behind it count, for the one it is in is not over
    """
    kept = cohorts.groupby("cohort", as_index=False).agg(size=("size", "max"))
    # What arrived ahead of the signature counts for the month of signing.
    arrived = cohorts.assign(months=cohorts["months"].clip(lower=0)).pivot_table(
        index="cohort", columns="months", values="capital", aggfunc="sum", fill_value=0.0
    )
    pieces = []
    for cohort, size in zip(kept["cohort"], kept["size"], strict=True):
        last = age(str(cohort), until)
        if last < 0 or not size > 0:
            continue
        ages = np.arange(min(last, MONTHS_FOLLOWED))
        flows = arrived.loc[cohort].reindex(ages, fill_value=0.0).to_numpy(float)
        total = np.concatenate([[0.0], np.cumsum(flows)])
        pieces.append(
            pd.DataFrame(
                {"cohort": cohort, "months": np.arange(len(total)), "capital": total, "size": size,
                 "share": PERCENT * total / size}
            )
        )  # fmt: skip
    columns = ["cohort", "months", "capital", "size", "share"]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def age(cohort: str, until: pd.Timestamp) -> int:
    """Return the whole months that all of a quarter's projects have been signed for."""
    end = pd.Period(cohort, freq="Q").end_time
    return (until.year - end.year) * 12 + until.month - end.month


def conversion(
    cohorts: pd.DataFrame, until: pd.Timestamp, kind: str, months: int = 12
) -> Conversion:
    """Return what arrives within `months` of signing, over the cohorts that are that old.

    Raises
    ------
    FunnelError : no cohort is
    """
    known = matrix(cohorts, until)
    old = known[known["months"].eq(months)]
    if old.empty:
        raise FunnelError(f"no quarter's signings are {months} months old; there is no conversion")
    curve = (
        known.groupby("months")
        .agg(
            capital=("capital", "sum"), size=("size", "sum"), low=("share", "min"),
            high=("share", "max"), cohorts=("cohort", "size"),
        )
        .assign(share=lambda rows: PERCENT * rows["capital"] / rows["size"])
        .reset_index()
    )  # fmt: skip
    followed = known[known["cohort"].isin(old["cohort"]) & known["months"].le(months)]
    path = followed.groupby("months")["capital"].sum()
    half = path[path >= path.iloc[-1] / 2]
    return Conversion(
        rate=float(PERCENT * old["capital"].sum() / old["size"].sum()),
        low=float(old["share"].min()),
        high=float(old["share"].max()),
        lag=float(half.index[0]),
        months=months,
        cohorts=len(old),
        size=float(old["size"].sum()),
        curve=curve[["months", "share", "low", "high", "cohorts"]],
        kind="illustrative" if kind == "illustrative" else "derived",
    )

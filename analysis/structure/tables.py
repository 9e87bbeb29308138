"""What stands in one table a district (一区一表) and in one a chain (一链一表).

A table is a frame of measures: value, what is asked, what is missing, the year before.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = ("measure", "unit", "value", "asked", "missing", "before")


def _row(measure: str, unit: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "unit": unit, "value": value, **more}


def _assumed(one: pd.Series) -> str:
    """Return what a measure's key ends with if the ledger doesn't say which projects it counts."""
    return ".assumed" if one["assumed"] else ""


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    numbers = ["value", "asked", "missing", "before"]
    return frame.astype(dict.fromkeys(numbers, float))


def _one(rows: pd.DataFrame, kind: str, place: str) -> pd.Series:
    own = rows[rows["place"].eq(place)]
    if own.empty:
        raise KeyError(f"no {kind} {place!r}; there are {list(rows['place'])}")
    return own.iloc[0]


def district_table(
    place: str,
    districts: pd.DataFrame,
    quotas: pd.DataFrame,
    foreign: pd.DataFrame,
    ranks: pd.DataFrame,
    sharing: pd.DataFrame,
) -> pd.DataFrame:
    """Return a district's table: capital, schedule, share, quotas, foreign capital, rank.

    Parameters
    ----------
    districts : `progress`; quotas : `progress.quotas`; ranks : `ranking`; sharing : `led`
    foreign : place, scope, amount, before (1e8 USD)

    Returns
    -------
    measure (key of a text), unit, value, asked, missing (0 if met), before

    Raises
    ------
    KeyError : no such district
    """
    one = _one(districts, "district", place)
    money = "1e8 CNY"
    rows = [
        _row("capital", money, one["capital"], asked=one["floor"], before=one["before"],
             missing=_missing(one["floor"], one["capital"])),
        _row("due_linear", money, one["capital"], asked=one["due_linear"],
             missing=_missing(one["due_linear"], one["capital"])),
        _row("in_period", money, one["in_period"]),
        _row("growth", "%", one["growth"]),
        _row(f"industrial{_assumed(one)}", money, one["industrial"]),
        _row(f"share{_assumed(one)}", "%", one["share"], asked=one["share_floor"],
             missing=_missing(one["share_floor"], one["share"])),
    ]  # fmt: skip
    for quota in quotas[quotas["place"].eq(place)].itertuples():
        asked = quota.needed if quota.required else float("nan")
        missing = quota.missing if quota.required else float("nan")
        rows.append(
            _row(f"quota.{quota.quota}", "projects", quota.projects, asked=asked, missing=missing)
        )
    for scope in foreign[foreign["place"].eq(place)].itertuples():
        rows.append(_row(f"foreign.{scope.scope}", "1e8 USD", scope.amount, before=scope.before))
    lead = sharing[sharing["place"].eq(place)]
    for measure in ("led_out", "led_in"):
        rows.append(_row(measure, money, float(lead[measure].sum())))
    rank = ranks[ranks["place"].eq(place)]
    if len(rank):
        rows.append(_row("rank", "none", rank["rank"].iloc[0]))
    return _frame(rows)


def _missing(asked: float, value: float) -> float:
    """Return what is missing; NaN where nothing is asked or known."""
    gap = asked - value
    return gap if gap != gap else max(0.0, gap)


def chain_table(
    chain: str,
    chains: pd.DataFrame,
    funnels: pd.DataFrame,
    concentration: pd.DataFrame,
    links: pd.DataFrame,
) -> pd.DataFrame:
    """Return a chain's table: capital, projects by stage, concentration, links with a project.

    Parameters
    ----------
    chains : `progress`; links : `investment_map`
    funnels : chain, stage, projects, size; concentration : chain, herfindahl, top5, projects

    Raises
    ------
    KeyError : no such chain
    """
    one = _one(chains, "chain", chain)
    money = "1e8 CNY"
    rows = [
        _row("capital", money, one["capital"], before=one["before"]),
        _row("in_period", money, one["in_period"]),
        _row("growth", "%", one["growth"]),
        _row(f"industrial{_assumed(one)}", money, one["industrial"]),
    ]
    for stage in funnels[funnels["chain"].eq(chain)].itertuples():
        rows.append(_row(f"stage.{stage.stage}", "projects", stage.projects))
        if stage.stage == "signed":
            rows.append(_row("signed_size", money, stage.size))
    for told in concentration[concentration["chain"].eq(chain)].to_dict("records"):
        rows.append(_row("top5", "%", 100 * told["top5"]))
        rows.append(_row("herfindahl", "index", told["herfindahl"]))
    ours = links[links["chain"].eq(chain)].groupby("link")["projects"].sum()
    filled = float(ours.gt(0).sum())
    rows.append(
        _row("links", "none", filled, asked=float(len(ours)), missing=float(len(ours)) - filled)
    )
    return _frame(rows)

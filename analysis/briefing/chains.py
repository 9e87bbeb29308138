"""Frames and numbers of the page on industry chains: capital, links, stages, concentration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.briefing import ledger, named_projects, page_tables
from analysis.evidence import Evidence
from analysis.ledger.dimensions import SIZE_CLASSES
from analysis.model import Model
from analysis.plan import Plan, load_plan
from analysis.structure import Report, tables
from analysis.structure.funnel import reached
from analysis.structure.investment_map import unlinked
from analysis.text import Text, both, clause

LEVERS = ("conversion",)
NAME = "chains"
#: From where on projects are called large: a lower bound of size classes, 1e8 CNY.
LARGE = SIZE_CLASSES[-2]


def pending(report: Report) -> pd.DataFrame:
    """Return what was signed in each chain and what of it is in place, 1e8 CNY, all years.

    Returns
    -------
    place, name_zh, name_en, signed, arrived, rate (%)
    """
    capital = ledger.ledger().ask("capital", by=("chain",), until=report.period.until)
    signed = report.funnels[report.funnels["stage"].eq("signed")].set_index("chain")["size"]
    arrived = capital.dropna(subset=["chain"]).set_index("chain")["capital"]
    rows = report.chains[["place", "name_zh", "name_en"]]
    rows = rows.assign(
        signed=rows["place"].map(signed).fillna(0.0), arrived=rows["place"].map(arrived).fillna(0.0)
    )
    return rows.assign(rate=100 * rows["arrived"] / rows["signed"].where(rows["signed"].gt(0)))


def facts_of(plan: Plan, report: Report) -> dict[str, Any]:
    """Return what the page's sentences name."""
    rows, waiting = report.chains, pending(report)
    capital = float(rows["capital"].sum())
    best = ledger.most(rows, "capital")
    totals = report.links.groupby("link")["projects"].sum()
    everywhere = report.links[report.links["projects"].gt(0)].groupby("link")["place"].nunique()
    whole = report.concentration[report.concentration["by"].eq("all")].iloc[0]
    tops = dense(report)
    top = ledger.most(tops, "top5") if len(tops) else None
    large = report.size_classes[report.size_classes["size_class"].ge(LARGE)]
    conversion = report.conversion
    off = unlinked(plan, _signed(report))
    signed = float(waiting["signed"].sum())
    rate = 100 * float(waiting["arrived"].sum()) / signed if signed > 0 else np.nan
    return {
        **ledger.basis(report),
        "capital": capital,
        "of_city_said": clause(
            f"{NAME}.of_city",
            of_city=100 * capital / report.place["capital"] if capital > 0 else np.nan,
            best=short_name(str(best["place"])),
            best_capital=float(best["capital"]),
        ),
        "best": short_name(str(best["place"])),
        "best_capital": best["capital"],
        "links": float(len(totals)),
        "filled": float(totals.gt(0).sum()),
        "gaps": float(totals.eq(0).sum()),
        "cells": float(report.links["projects"].gt(0).sum()),
        "cells_all": float(len(report.links)),
        "thin": ledger.names(_thinnest(report, everywhere)),
        "thin_places": float(everywhere.min()) if len(everywhere) else 0.0,
        "unlinked": float(off["projects"].sum()),
        "signed": signed,
        "arrived": float(waiting["arrived"].sum()),
        "arrived_rate": rate,
        "signed_said": clause(f"{NAME}.signed", signed=signed, rate=rate),
        "herfindahl": whole["herfindahl"],
        "top10": 100 * whole["top10"],
        **(
            {"dense": short_name(str(top["key"])), "dense_top5": 100 * top["top5"]}
            if top is not None
            else {}
        ),
        "large_from": float(LARGE),
        "large_projects": float(large["of_projects"].sum()),
        "large_size": float(large["of_size"].sum()),
        "large_said": clause(
            f"{NAME}.of_size", of_size=float(large["of_size"].sum()) if len(large) else np.nan
        ),
        # Five projects hold all the capital of a chain that has no more of them.
        "few": float(tops["projects"].le(5).sum()),
        "rate": conversion.rate if conversion else None,
        "months": float(conversion.months) if conversion else None,
    }


def dense(report: Report) -> pd.DataFrame:
    """Return the chains that have capital of which a largest project has a part, densest first."""
    rows = report.concentration[report.concentration["by"].eq("chain")]
    rows = rows[rows["key"].isin(report.chains["place"])].dropna(subset=["top5", "herfindahl"])
    return rows.sort_values("top5", ascending=False)


def absent(report: Report) -> dict[str, str]:
    """Return the pictures for which the ledger holds nothing: picture -> key of the reason."""
    found: dict[str, str] = {}
    if not report.chains["capital"].gt(0).any():
        found["capital"] = f"{NAME}.nothing"
    if not len(dense(report)):
        found["tops"] = f"{NAME}.nothing"
    if not report.funnels["projects"].gt(0).any():
        found |= dict.fromkeys(("map", "funnel", "pending"), f"{NAME}.nothing_signed")
    elif not pending(report)["signed"].gt(0).any():
        found["pending"] = f"{NAME}.nothing_signed"
    if not report.size_classes["projects"].gt(0).any():
        found["classes"] = "structure.nothing_signed"
    return found


def short_name(chain: str) -> dict[str, str]:
    """Return a chain's short name."""
    return both(f"chains.short.{chain}")


def _signed(report: Report) -> pd.DataFrame:
    rows = ledger.ledger().ask(
        "pipeline", by=("district", "chain", "link"), until=report.period.until
    )
    return rows[rows["stage"].eq("signed")]


def _thinnest(report: Report, everywhere: pd.Series) -> pd.Series:
    ordered = [*everywhere.sort_values(kind="stable").index, report.links["link"].iloc[0]]
    return report.links[report.links["link"].eq(str(ordered[0]))].iloc[0]


def values(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return the numbers that the page's sentences name."""
    named = named_projects.values(plan, evidence)
    return page_tables.known(facts_of(plan, ledger.current()) | named)


def unknown(plan: Plan, evidence: Evidence, model: Model) -> ledger.Messages:
    """Return the parts that have nothing to show, with the reason where several share it."""
    lacking = absent(ledger.current()) | named_projects.absent(plan, evidence)
    return ledger.unknown(lacking, values(plan, evidence, model))


illustrative, rests_on = ledger.illustrative, ledger.rests_on
presets, cards = ledger.presets, ledger.cards


def facts(plan: Plan, evidence: Evidence, model: Model) -> dict[str, Any]:
    """Return what the page knows at first: the cards, and the first chain."""
    first = _options(ledger.current())[0]
    return page_tables.known(
        {**ledger.card_facts(ledger.current()), "chain": first["key"], **first["facts"]}
    )


def _options(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "key": row["place"],
            "name": ledger.names(row),
            "facts": {
                "c_name": short_name(row["place"]),
                "c_full": ledger.names(row),
                "c_capital": row["capital"],
                "c_reached": reached(report.funnels[report.funnels["chain"].eq(row["place"])]),
                "c_growth": clause("structure.growth", growth=float(row["growth"])),
            },
        }
        for row in report.chains.to_dict("records")
    ]


def tools(plan: Plan, evidence: Evidence, model: Model) -> dict[str, dict[str, Any]]:
    """Return the choice of a chain, its table and its lists."""
    report = ledger.current()
    options = _options(report)
    tops = report.concentration[report.concentration["by"].eq("chain")]
    tops = tops.rename(columns={"key": "chain"})
    own = {
        option["key"]: tables.chain_table(
            option["key"], report.chains, report.funnels, tops, report.links
        )
        for option in options
    }
    own_tools = ledger.of_each("chain", options, own)
    return own_tools | {"named": named_projects.table(plan, evidence)}


def named(rows: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Return rows of chains with their short names."""
    return rows.assign(name=[text(f"chains.short.{chain}") for chain in rows["place"]])


def stages(report: Report, text: Text) -> pd.DataFrame:
    """Return each chain's projects by stage, named."""
    rows = report.funnels
    names = [text(f"structure.stage.{stage}") for stage in rows["stage"]]
    return rows.assign(name=names)[["chain", "name", "stage", "projects", "of_signed"]]


def links(report: Report, text: Text, narrow: bool) -> pd.DataFrame:
    """Return a row a link and district, or on a phone a row a link and tier."""
    rows = report.links.assign(
        gap=report.links.groupby("link")["projects"].transform("sum").eq(0),
        name=[
            f"{text(f'chains.short.{chain}')} · {link}" if not narrow else link
            for chain, link in zip(
                report.links["chain"], report.links[f"label_{text.lang}"], strict=True
            )
        ],
    )
    if narrow:
        tiers = load_plan().group_names(text.lang)
        by = ["chain", "link", "name", "gap", "tier"]
        rows = rows.groupby(by, sort=False, as_index=False).agg(projects=("projects", "sum"))
        return rows.assign(column=rows["tier"].map(tiers))
    tiles = ledger.tile_labels(text.lang)
    return rows.assign(column=rows["place"].map(tiles))[
        ["chain", "link", "place", "name", "column", "projects", "gap"]
    ]


def classes(report: Report, text: Text) -> pd.DataFrame:
    """Return size classes by name, with their parts of projects and size."""
    rows = report.size_classes
    names = [
        text("structure.class.open", low=low) if high != high
        else text("structure.class.closed", low=low, high=high)
        for low, high in zip(rows["size_class"], rows["upper"], strict=True)
    ]  # fmt: skip
    return rows.assign(name=names)[["size_class", "name", "of_projects", "of_size"]]

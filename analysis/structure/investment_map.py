"""Where each link of the chains has projects, and which links have none (招商图谱)."""

from __future__ import annotations

import pandas as pd

from analysis.ledger.form import plain
from analysis.plan import Plan
from analysis.structure.places import NONE

OTHER = "other"
_NAMES = ("link", "name_zh", "name_en", "label_zh", "label_en")


def link_keys(plan: Plan, named: pd.Series, chains: pd.Series) -> pd.Series:
    """Return each name's link of the plan, by any of its names; "other" if it is none.

    named : a link as the ledger writes it; chains : the chain beside it, which must agree
    """
    known = {
        (row["chain"], plain(said)): str(row["link"])
        for row in plan.chain_links.to_dict("records")
        for said in (*(row[name] for name in _NAMES), *row["synonyms"].split("|"))
        if said
    }
    return pd.Series(
        [
            known.get((str(chain), plain(str(name))), OTHER)
            for name, chain in zip(named.fillna(""), chains.fillna(""), strict=True)
        ],
        index=named.index,
        dtype=object,
    )


def investment_map(plan: Plan, projects: pd.DataFrame) -> pd.DataFrame:
    """Return the plan's links by district with the projects there; gaps are rows of 0.

    Parameters
    ----------
    projects : chain, link (as the ledger writes it), district, projects, size (1e8 CNY)

    Returns
    -------
    a row a link and district, all pairs of the plan: chain, link, its names and labels,
    place, tier, projects, size. Projects whose link is none of the plan's: see `unlinked`
    """
    counted = _counted(plan, projects)
    links = plan.chain_links[["chain", *_NAMES]]
    grid = links.merge(
        plan.floors[["district", "tier"]].rename(columns={"district": "place"}), how="cross"
    )
    found = grid.merge(counted, on=["chain", "link", "place"], how="left")
    return found.fillna({"projects": 0.0, "size": 0.0})


def unlinked(plan: Plan, projects: pd.DataFrame) -> pd.DataFrame:
    """Return projects of a chain whose link is empty or none of the plan's: chain, projects."""
    counted = _counted(plan, projects)
    others = counted[counted["link"].eq(OTHER) & counted["chain"].isin(plan.chains["chain"])]
    return others.groupby("chain", as_index=False).agg(projects=("projects", "sum"))


def _counted(plan: Plan, projects: pd.DataFrame) -> pd.DataFrame:
    rows = projects.assign(
        chain=projects["chain"].fillna(NONE),
        link=link_keys(plan, projects["link"], projects["chain"]),
        place=projects["district"].fillna(NONE),
    )
    return rows.groupby(["chain", "link", "place"])[["projects", "size"]].sum().reset_index()


def gaps(found: pd.DataFrame) -> pd.DataFrame:
    """Return the plan's links without a project anywhere: chain, link, name_zh, name_en."""
    total = found.groupby("link", sort=False)["projects"].transform("sum")
    empty = found[total.eq(0)].drop_duplicates("link")
    return empty[["chain", "link", "name_zh", "name_en"]]

"""The firms, projects and platforms on a district's three lists (三清单).

The plan gives each district an investment map, a set of policies and three lists, in
annexed tables that are not in the copy this project has. So the lists shown are those that
a ledger yields; whoever has the annexed tables names their file in $WORKBOOK_LISTS.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from analysis.errors import WorkbookError
from analysis.ledger.form import choices, plain
from analysis.plan import Plan, PlanError
from analysis.structure.investment_map import link_keys

#: Names the file of one's own with the plan's annexed lists.
ANNEX = "WORKBOOK_LISTS"
LISTS = ("firms", "projects", "platforms")
_COLUMNS = ("list", "district", "name", "chain", "link", "note")
_REQUIRED = ("list", "district", "name")
_CHINESE = {
    "清单": "list", "区": "district", "名称": "name", "产业链": "chain", "环节": "link",
    "备注": "note", "企业": "firms", "项目": "projects", "平台": "platforms",
}  # fmt: skip


class AnnexError(WorkbookError, ValueError):
    """An annexed table that can't be read; says where and what would be right."""


def annex(plan: Plan, district: str | None = None) -> pd.DataFrame | None:
    """Return what `annexed` reads from $WORKBOOK_LISTS, of one district if named; None if unset."""
    named = os.environ.get(ANNEX)
    if not named:
        return None
    rows = annexed(Path(named).expanduser(), plan)
    return rows if district is None else rows[rows["district"].eq(district)]


def annexed(path: Path, plan: Plan) -> pd.DataFrame:
    """Read the plan's annexed lists from a table of one's own (CSV or XLSX).

    Parameters
    ----------
    path : columns list (firms, projects, platforms; 企业, 项目, 平台), district, name, and if
        wanted chain, link, note; or the same in Chinese: 清单, 区, 名称, 产业链, 环节, 备注

    Returns
    -------
    list, district (key), name, chain, link (key, "other" if none of the plan's), note

    Raises
    ------
    AnnexError : names file, row, column, what is wrong and what would be right
    """
    rows = _cells(path).rename(columns=lambda name: _CHINESE.get(str(name).strip(), str(name)))
    for column in _REQUIRED:
        if column not in rows:
            raise AnnexError(f"{path.name}, row 1: no column {column!r}; it needs {_REQUIRED}")
    rows = rows.reindex(columns=list(_COLUMNS), fill_value="").fillna("")
    rows = rows.map(lambda cell: str(cell).strip())
    for line, row in zip(range(2, len(rows) + 2), rows.to_dict("records"), strict=True):
        if not row["name"]:
            raise AnnexError(f"{path.name}, row {line}, column name: empty; write a name")
        if _CHINESE.get(row["list"], row["list"]) not in LISTS:
            raise AnnexError(
                f"{path.name}, row {line}, column list: {row['list']!r} is no list; "
                f"write one of {', '.join(LISTS)}"
            )
        try:
            plan.district(row["district"])
        except PlanError as error:
            raise AnnexError(f"{path.name}, row {line}, column district: {error}") from None
    chain = rows["chain"].map(lambda said: choices("chain").get(plain(said), ""))
    return rows.assign(
        list=rows["list"].map(lambda said: _CHINESE.get(said, said)),
        district=rows["district"].map(plan.district),
        chain=chain,
        link=link_keys(plan, rows["link"], chain),
    )


def _cells(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".xlsx":
            return pd.read_excel(path, dtype=str, engine="openpyxl")
        return pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except FileNotFoundError:
        raise AnnexError(f"{path}: no such file") from None
    except (ValueError, UnicodeDecodeError, KeyError) as error:
        raise AnnexError(f"{path.name}: {error}; save it as CSV in UTF-8, or as XLSX") from error

"""Levers as a plan's table describes them, their defaults read from the plan or the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.datapackage import DataPackageError, Fault
from analysis.model.described import Lever, LeverError
from analysis.model.published import Published
from analysis.plan import Plan


def described(plan: Plan, published: Published, base_years: tuple[float, ...]) -> dict[str, Lever]:
    """Return the plan's levers by key.

    base_years : the years of which a lever of the base year may choose

    Raises
    ------
    DataPackageError : a default that points nowhere or lies out of bounds, or no step
    """
    rows = _templates(plan.table("levers"), plan.tiers)
    return {row["key"]: _lever(line, row, plan, published, base_years) for line, row in rows}


def _templates(rows: pd.DataFrame, groups: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Write a row whose key holds `{group}` once for each group that has none of its own."""
    own = set(rows["key"])
    for line, row in rows.iterrows():
        if "{group}" not in row["key"]:
            yield int(str(line)), {str(key): cell for key, cell in row.items()}
            continue
        for group in groups.to_dict("records"):
            words = {"{group}": group["tier"], "{group_zh}": group["name_zh"],
                     "{group_en}": group["name_en"], "@": group["symbol"]}  # fmt: skip
            said = {str(key): _filled(cell, words) for key, cell in row.items()}
            if said["key"] not in own:
                yield int(str(line)), said


def _filled(cell: Any, words: Mapping[str, str]) -> Any:
    for name, said in words.items() if isinstance(cell, str) else ():
        cell = cell.replace(name, said)
    return cell


def _lever(
    line: int, row: Any, plan: Plan, published: Published, base_years: tuple[float, ...]
) -> Lever:
    low, high = float(row["low"]), float(row["high"])
    try:
        default = _default(str(row["default"]), plan, published)
    except (KeyError, LookupError, ValueError, AttributeError) as error:
        remedy = "write a number, or name a row that is there"
        problem = f"points nowhere: {error}"
        fault = Fault("levers.csv", line, "default", row["default"], problem, remedy)
        raise DataPackageError([fault]) from error
    if row["step"] <= 0:
        fault = Fault("levers.csv", line, "step", f"{row['step']:g}", "no step", "write a step")
        raise DataPackageError([fault])
    if not low <= default <= high:
        problem = f"{default:g} lies outside its own bounds, {low:g} to {high:g}"
        remedy = "widen them, or change the default or what it points at"
        fault = Fault("levers.csv", line, "default", row["default"], problem, remedy)
        raise DataPackageError([fault])
    choices: tuple[float, ...] = ()
    if row["choice"]:
        choices = tuple(year for year in base_years if low <= year <= high)
    plain = ("key", "group", "symbol", "name_zh", "name_en", "unit", "reason_zh", "reason_en")
    provenance = ("source", "section", "kind", "confidence")
    return Lever(
        **{column: row[column] for column in plain + provenance},
        default=default,
        low=low,
        high=high,
        step=float(row["step"]),
        weight=float(row["weight"]),
        choices=choices,
    )


def _default(cell: str, plan: Plan, published: Published) -> float:
    """Read a number, or follow a reference into the plan or the evidence."""
    origin, _, path = cell.partition(":")
    if not path:
        return float(cell)
    first, second, *rest = (*path.split("/"), "")
    if origin == "plan" and first == "base_year":
        return float(plan.about.base_year)
    if origin == "plan" and first == "targets":
        return plan[second].levels[rest[0]]
    if origin == "plan" and first == "floors":
        place = plan.floors.loc[plan.floors["tier"] == second, "district"].iloc[0]
        return float(plan.floor(plan.measures[rest[0]].key)[place])
    if origin == "evidence" and (first, second) == ("exchange_rate", "last"):
        return published.plan_year_rate
    raise LeverError(f"levers.csv: the default {cell!r} points nowhere")

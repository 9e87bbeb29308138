"""The assumptions of the example ledger, read from the plan's tables; none of them published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.datapackage import DataPackageError, Fault
from analysis.files import of_plan
from analysis.pacing import season_of
from analysis.plan import load_plan, plan_year

MONTHS = 12
QUARTER = 3


class _Values(dict[tuple[str, str], float]):
    """The assumptions as a table's rows; one that isn't there is a fault of the table."""

    def __missing__(self, place: tuple[str, str]) -> float:
        problem = "there is no such row, and the example ledger needs it"
        said = ", ".join(filter(None, place))
        fault = Fault(
            "example_ledger.csv", 0, "parameter, group", said, problem, "add one, or restore it"
        )
        raise DataPackageError([fault])


@dataclass(frozen=True)
class Parameters:
    """The assumptions.

    values : (parameter, group) -> number
    season : cumulative share of a year's activity by the end of month 0 to 12, 0 to 1
    digest : names them all
    """

    values: Mapping[tuple[str, str], float]
    season: tuple[float, ...]
    digest: str

    def __call__(self, parameter: str, group: str = "") -> float:
        return self.values[parameter, group]

    def shares(self, parameter: str) -> tuple[list[str], np.ndarray]:
        """Return the groups of a parameter and their shares, which add up to 1."""
        groups = {group: value for (name, group), value in self.values.items() if name == parameter}
        weights = np.array(list(groups.values()))
        return list(groups), weights / weights.sum()

    @property
    def window(self) -> tuple[int, int]:
        """First month of the ledger and the first after it, counted from year 0."""
        return (int(self("first_year")) * MONTHS, (int(self("last_year")) + 1) * MONTHS)


@of_plan
def load_parameters() -> Parameters:
    """Return the assumptions of the plan's example, and the season that publications show."""
    rows = load_plan().table("example_ledger")
    if faults := list(_beyond(rows)):
        raise DataPackageError(faults)
    places = zip(rows["parameter"].astype(str), rows["group"].astype(str), strict=True)
    values = _Values(zip(places, rows["value"].astype(float).tolist(), strict=True))
    season = _season(values["quarter_end", ""])
    told = repr((sorted(values.items()), [round(share, 9) for share in season]))
    return Parameters(values, season, hashlib.sha256(told.encode()).hexdigest())


def _beyond(rows: pd.DataFrame) -> Iterator[Fault]:
    """Yield the numbers from which no ledger of the plan's years can be drawn."""
    year = plan_year(load_plan())
    bounds = {"share": (0, 1), "months": (0, 10 * MONTHS), "year": (year - 10, year)}
    for line, row in rows[rows["unit"].isin(list(bounds))].iterrows():
        low, high = bounds[row["unit"]]
        if not low <= float(row["value"]) <= high:
            yield Fault("example_ledger.csv", int(str(line)), "value", str(row["value"]),
                        f"no number of the unit {row['unit']} for an example",
                        f"write one from {low} to {high}")  # fmt: skip


def _season(quarter_end: float) -> tuple[float, ...]:
    """Return the published season of capital in place, with the bustle of quarters' ends."""
    profile = season_of(load_plan())
    monthly = np.diff(profile["share"].to_numpy())
    last = np.arange(1, MONTHS + 1) % QUARTER == 0
    monthly = monthly * np.where(last, quarter_end, 1.0)
    return tuple(np.concatenate([[0.0], np.cumsum(monthly / monthly.sum())]))

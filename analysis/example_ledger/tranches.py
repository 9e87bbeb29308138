"""The tranches in which a project's capital arrives, split into payments.

A tranche is drawn; payments only split it within its month, to the last yuan, so that a
ledger of ten million rows has the monthly sums of the one with a few thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.example_ledger.drawing import Drawn, calendar
from analysis.example_ledger.parameters import Parameters

#: Amounts are counted in 1e-6 of 1e4 CNY, the last place that is stored.
UNIT = 1_000_000
#: Payments are whole yuan; ten thousand of them are one of the stored unit.
YUAN = 100
#: Payments that are split at once.
CHUNK = 250_000


@dataclass(frozen=True)
class Tranches:
    """Arrivals, an entry of each array an arrival.

    project : place of the project
    day : numpy dates
    amount : 1e-6 of 1e4 CNY; negative if it corrects another
    """

    project: np.ndarray
    day: np.ndarray
    amount: np.ndarray

    def __len__(self) -> int:
        return len(self.project)

    def only(self, where: np.ndarray) -> Tranches:
        """Return some of the arrivals, or all in another order."""
        return Tranches(self.project[where], self.day[where], self.amount[where])


def tranches(drawn: Drawn, p: Parameters, random: np.random.Generator) -> Tranches:
    """Draw what arrives of each project within the ledger's years, in the order of days."""
    arriving = np.flatnonzero(~np.isnan(drawn.arrives))
    number = 1 + random.poisson(p("tranches") - 1, len(arriving))
    project = np.repeat(arriving, number)
    shape = p("lag_shape", "arrival_span")
    span = random.gamma(shape, p("lag", "arrival_span") / shape, len(arriving))
    last = np.cumsum(number) - 1
    after = random.random(len(project)) * np.repeat(span, number)
    after[last - number + 1] = 0.0  # the first arrival is the first
    comes, dense = p("comes"), p("comes_concentration")
    part = random.beta(comes * dense, (1 - comes) * dense, len(arriving))
    amount = _split(
        np.round(drawn.size[arriving] * part).astype(np.int64), number, random
    )  # whole 1e4 CNY
    time = drawn.arrives[project] + after
    corrected = np.flatnonzero(random.random(len(project)) < p("corrected"))
    back = random.uniform(p("correction_low"), p("correction_high"), len(corrected))
    taken = -np.round(amount[corrected] * back).astype(np.int64)
    later = time[corrected] + random.random(len(corrected)) * p("correction_lag")
    time = np.concatenate([time, later])
    first, end = p.window
    everything = Tranches(
        np.concatenate([project, project[corrected]]),
        calendar(time, p.season),
        np.concatenate([amount, taken]) * UNIT,
    )
    inside = np.flatnonzero((time >= first) & (time < end) & (everything.amount != 0))
    return everything.only(inside[np.argsort(time[inside], kind="stable")])


def _split(totals: np.ndarray, number: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Split whole totals into so many whole parts each, exactly."""
    weights = random.standard_exponential(int(number.sum()))
    end = np.cumsum(number)
    start = end - number
    running = np.cumsum(weights)
    before = np.repeat(running[start] - weights[start], number)
    whole = np.repeat(running[end - 1], number) - before
    share = (running - before) / whole
    share[end - 1] = 1.0
    up_to = np.floor(np.repeat(totals, number) * share).astype(np.int64)
    parts = np.diff(up_to, prepend=0)
    parts[start] = up_to[start]
    return parts


def payments(
    base: Tranches, rows: int | None, precise: np.ndarray, seed: int
) -> Iterator[tuple[Tranches, np.ndarray]]:
    """Split tranches into so many payments, a chunk at a time.

    Parameters
    ----------
    rows : payments in all; the tranches as they are if None
    precise : whether a tranche's day is known; if not, its payments stay on that day

    Yields
    ------
    payments, and for each the place of its tranche

    Raises
    ------
    ValueError : fewer rows than tranches
    """
    number = np.ones(len(base), np.int64)
    if rows is not None:
        if rows < len(base):
            raise ValueError(f"{len(base):,} tranches can't be told in {rows:,} rows; ask for more")
        most, extra = divmod(rows - len(base), max(len(base), 1))
        number += most + (np.arange(len(base)) < extra)
    step = max(1, int(CHUNK // max(1, number.max(initial=1))))
    for chunk, start in enumerate(range(0, len(base), step)):
        # A stream of its own for each chunk: the same whatever was drawn before.
        random = np.random.default_rng([seed, chunk])
        end = min(start + step, len(base))
        part, copies = base.only(np.arange(start, end)), number[start:end]
        place = np.repeat(np.arange(start, start + len(part)), copies)
        if (copies == 1).all():
            yield part, place
            continue
        sign = np.sign(part.amount)
        amount = np.repeat(sign, copies) * _split(abs(part.amount) // YUAN, copies, random) * YUAN
        day = np.repeat(part.day, copies)
        month = day.astype("datetime64[M]")
        length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)
        spread = month.astype("datetime64[D]") + random.integers(0, length)
        yield (
            Tranches(
                np.repeat(part.project, copies), np.where(precise[place], spread, day), amount
            ),
            place,
        )

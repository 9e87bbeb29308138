"""Ranges that are assumed for levers, what follows from draws of them, and how levers matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import show
from analysis.model.sampling import DEFAULT_SEED, draw

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model

#: Draws computed at once; between two pieces the progress bar moves.
PIECE = 1 << 16
#: How often the bootstrap of a Sobol index draws again.
RESAMPLES = 100
#: Fewer draws take less than a second and need no progress bar.
_SHOW_PROGRESS_FROM = 1 << 19
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Range:
    """How a lever may fall, as the inverse of its cumulative distribution.

    Make one with `triangular`, `uniform`, `normal` or `empirical`.
    """

    kind: str
    parameters: tuple[float, ...]

    def quantile(self, level: np.ndarray) -> np.ndarray:
        """Return the value below which that part (0 to 1) of the range's mass lies."""
        from scipy import stats

        if self.kind == "uniform":
            low, high = self.parameters
            return low + level * (high - low)
        if self.kind == "triangular":
            low, mode, high = self.parameters
            if high == low:
                return np.full(np.shape(level), low)
            peak = (mode - low) / (high - low)
            return stats.triang.ppf(level, peak, loc=low, scale=high - low)
        if self.kind == "normal":
            mean, deviation, low, high = self.parameters
            ends = (low - mean) / deviation, (high - mean) / deviation
            return stats.truncnorm.ppf(level, *ends, loc=mean, scale=deviation)
        return np.quantile(np.array(self.parameters), level)

    @property
    def ends(self) -> tuple[float, float]:
        """The low and high end that a tornado uses: the 5th and 95th percentile if normal."""
        if self.kind == "normal":
            low, high = self.quantile(np.array([BANDS[0], BANDS[-1]]))
            return float(low), float(high)
        return min(self.parameters), max(self.parameters)


def uniform(low: float, high: float) -> Range:
    """The mass lies evenly between the ends."""
    _ordered(low, high)
    return Range("uniform", (float(low), float(high)))


def triangular(low: float, mode: float, high: float) -> Range:
    """The mass peaks at the mode and falls to nothing at the ends."""
    _ordered(low, mode, high)
    return Range("triangular", (float(low), float(mode), float(high)))


def normal(mean: float, deviation: float, low: float = -np.inf, high: float = np.inf) -> Range:
    """Around a mean; cut at the ends, if any are given."""
    if not deviation > 0:
        raise ValueError(f"a standard deviation is greater than 0, not {deviation}")
    _ordered(low, high)
    return Range("normal", (float(mean), float(deviation), float(low), float(high)))


def empirical(values: Iterable[float]) -> Range:
    """As past figures fell, linear between them; nothing beyond the least and greatest."""
    known = tuple(sorted(float(value) for value in values if np.isfinite(value)))
    if len(known) < 2:
        raise ValueError(f"past figures: at least 2 needed, {len(known)} given")
    return Range("empirical", known)


def _ordered(*values: float) -> None:
    if any(np.isnan(values)) or list(values) != sorted(values):
        raise ValueError(f"ends are in the wrong order: {', '.join(f'{v:g}' for v in values)}")


@dataclass(frozen=True, eq=False)
class Simulation:
    """Drawn scenarios and their outcomes.

    levers, outcomes : key -> array, one value a draw
    met : target -> whether each draw meets it
    """

    levers: Mapping[str, np.ndarray]
    outcomes: Mapping[str, np.ndarray]
    met: Mapping[str, np.ndarray]
    seed: int

    def __repr__(self) -> str:
        return f"<Simulation: {self.number} draws, {self.shares_met()['all']:.1%} meet all targets>"

    def _repr_html_(self) -> str:
        shares = pd.DataFrame(self.shares_met().items(), columns=["target", "share of draws"])
        return show.table(
            shares, f"Draws that meet each target ({self.number} drawn)"
        ) + show.lines(
            "Ranges are assumed, as is how far they move together: the shares forecast nothing."
        )

    @property
    def number(self) -> int:
        """How many scenarios were drawn."""
        return len(next(iter(self.outcomes.values())))

    def against(self, levels: Mapping[str, float]) -> Simulation:
        """Return the same draws, held to another level of each target."""
        return replace(self, met={key: self.outcomes[key] >= at for key, at in levels.items()})

    def shares_met(self) -> dict[str, float]:
        """Return the share of draws (0 to 1) that meet each target, and "all" together."""
        each = {target: float(np.mean(met)) for target, met in self.met.items()}
        together = np.logical_and.reduce(list(self.met.values()))
        return each | {"all": float(np.mean(together))}

    def quantiles(self, levels: Sequence[float] = BANDS) -> pd.DataFrame:
        """Return one row an outcome, one column a part (0 to 1) of the draws that lie below."""
        return pd.DataFrame(
            {key: np.quantile(values, levels) for key, values in self.outcomes.items()},
            index=pd.Index(levels, name="below"),
        ).T.rename_axis("outcome")


def range_of(span: Any) -> Range:
    """Return a range: (low, high), evenly; (low, most likely, high); past figures; or a `Range`."""
    if isinstance(span, Range):
        return span
    if not isinstance(span, Iterable):
        raise ValueError(
            f"{span!r} is no range; give (low, high), (low, most likely, high) or more"
        )
    if isinstance(span, tuple) and len(span) in (2, 3):
        return (uniform if len(span) == 2 else triangular)(*span)
    return empirical(span)


def simulate(
    model: Model,
    ranges: Mapping[str, Any],
    number: int = 1 << 13,
    targets: str | Mapping[str, float] = "",
    levers: Mapping[str, Any] | None = None,
    outcomes: Iterable[str] | None = None,
    seed: int = DEFAULT_SEED,
    method: str = "sobol",
    correlation: float = 0.0,
) -> Simulation:
    """Draw levers from their ranges and compute what follows.

    Parameters
    ----------
    ranges : lever -> what `range_of` takes; the other levers stay as in `levers` or at default
    targets : a level of the plan, its lowest if "", or outcome -> the level that counts as met
    outcomes : kept for quantiles; those of the targets when None
    correlation : see `draw`
    """
    from analysis.model.least_increment import targets_of

    wanted = targets_of(model, targets)
    asked = [key for key in wanted if key in model.inputs.outcomes]
    keys = list(dict.fromkeys([*asked, *(outcomes or ())]))
    spans = {lever: range_of(span) for lever, span in ranges.items()}
    drawn = draw(spans, number, seed, method, correlation)
    held = dict(levers or {})
    pieces: dict[str, list[np.ndarray]] = {key: [] for key in keys}
    for start in _progress(range(0, number, PIECE), number):
        piece = {lever: values[start : start + PIECE] for lever, values in drawn.items()}
        length = min(PIECE, number - start)
        for key, value in model.evaluate(held | piece, keys).items():
            pieces[key].append(np.broadcast_to(value, (length,)))
    values = {key: np.concatenate(parts) for key, parts in pieces.items()}
    # A growth target is a lever itself: it is met as drawn, or as it is held.
    for key in wanted:
        if key not in values:
            values[key] = np.broadcast_to((model.defaults | held | drawn)[key], (number,))
    return Simulation(drawn, values, {}, seed).against(wanted)


def tornado(
    model: Model,
    outcome: str,
    ranges: Mapping[str, Range | tuple[float, float]] | None = None,
    levers: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Move one lever at a time from end to end and see how far the outcome goes.

    Exact: every outcome is linear, or linear over linear, in any one lever, so
    it has no turning point and its extremes lie at the ends.

    Parameters
    ----------
    ranges : lever -> range or (low, high); all levers over their bounds when None

    Returns
    -------
    one row a lever that the outcome depends on, also where it moves nothing now, widest first:
    lever, low, high (ends of the lever), at_low, at_high, base (outcome), swing (at_high less
    at_low)
    """
    if ranges is None:
        ranges = {
            key: (lever.low, lever.high) for key, lever in model.levers.items() if not lever.choices
        }
    held = dict(levers or {})
    base = model.evaluate(held, [outcome])[outcome]
    rows = []
    for lever, span in ranges.items():
        if lever not in model.compiled.gradient[outcome]:
            continue
        low, high = span.ends if isinstance(span, Range) else span
        ends = model.evaluate(held | {lever: np.array([low, high])}, [outcome])[outcome]
        at_low, at_high = map(float, ends)
        rows.append((lever, low, high, at_low, at_high, base, at_high - at_low))
    columns = ["lever", "low", "high", "at_low", "at_high", "base", "swing"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("swing", key=abs, ascending=False, ignore_index=True)


def sobol_indices(
    model: Model, ranges: Mapping[str, Range], outcome: str, number: int = 1 << 10
) -> pd.DataFrame:
    """Share out the outcome's variance among levers.

    Returns
    -------
    one row a lever: lever, first (alone), first_error, total (with all its
    interactions), total_error; errors are 95% half-widths

    Source: Saltelli and others (2010), table 2 (b) and (f), on Sobol's sequence; the errors
    are a bootstrap's.
    """
    from scipy.stats import norm, qmc

    edge = np.finfo(float).eps
    points = qmc.Sobol(d=2 * len(ranges), seed=DEFAULT_SEED).random(number)
    one, other = np.clip(points, edge, 1 - edge).reshape(number, 2, -1).transpose(1, 0, 2)
    places = np.arange(len(ranges))
    crossed = [np.where(places == place, other, one) for place in places]
    drawn = np.concatenate([one, other, *crossed])
    levers = {lever: ranges[lever].quantile(drawn[:, place]) for place, lever in enumerate(ranges)}
    values = np.asarray(model.evaluate(levers, [outcome])[outcome])
    values = (values - values.mean()) / values.std()  # or what is far from 0 would drown the rest
    a, b, *ab = values.reshape(-1, number)

    def shares(rows: Any) -> Iterable[tuple[Any, Any]]:
        variance = np.var(np.concatenate([a[rows], b[rows]]), axis=0)
        for each in ab:
            first = np.mean(b[rows] * (each[rows] - a[rows]), axis=0)
            yield first / variance, np.mean((a[rows] - each[rows]) ** 2, axis=0) / 2 / variance

    again = np.random.default_rng(DEFAULT_SEED + 1).integers(number, size=(number, RESAMPLES))
    first, total = np.array(list(shares(slice(None)))).T
    first_error, total_error = norm.ppf(0.975) * np.std(list(shares(again)), axis=2, ddof=1).T
    return pd.DataFrame(
        {
            "lever": list(ranges),
            "first": first,
            "first_error": first_error,
            "total": total,
            "total_error": total_error,
        }
    ).sort_values("total", ascending=False, ignore_index=True)


def _progress(pieces: range, number: int) -> Iterable[int]:
    """Show a bar only where it takes more than about a second."""
    if number < _SHOW_PROGRESS_FROM:
        return pieces
    from tqdm.auto import tqdm

    bar: Callable[..., Iterable[int]] = tqdm
    return bar(pieces, desc="draws", unit="piece")

"""Points that fill levers' ranges evenly, drawn here and made again by the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from analysis.names import unknown

if TYPE_CHECKING:
    from analysis.model.uncertainty import Range

DEFAULT_SEED = 0
#: Binary places of a point of Sobol's sequence.
BITS = 30


def draw(
    ranges: Mapping[str, Range],
    number: int,
    seed: int = DEFAULT_SEED,
    method: str = "sobol",
    correlation: float = 0.0,
) -> dict[str, np.ndarray]:
    """Draw scenarios that fill the ranges evenly.

    Parameters
    ----------
    ranges : lever -> range
    number : how many; Sobol draws are balanced at powers of two
    seed : the same seed gives the same draws
    method : "sobol" (scrambled) or "latin" hypercube
    correlation : between any two levers' normal scores (a one-factor Gaussian copula), 0 to
        under 1; levers are independent at 0

    Returns
    -------
    lever -> array of length `number`
    """
    if not 0 <= correlation < 1:
        raise ValueError(f"a common correlation is from 0 to under 1, not {correlation:g}")
    if not ranges:
        return {}
    # The common factor is drawn as well.
    points = _points(len(ranges) + (correlation > 0), number, seed, method)
    # Sobol points may hold an exact 0, which an unbounded range can't turn into a number.
    points = np.clip(points, np.finfo(float).eps, 1 - np.finfo(float).eps)
    if correlation:
        from scipy.special import ndtr, ndtri

        scores = ndtri(points)
        own, common = np.sqrt(1 - correlation), np.sqrt(correlation)
        points = ndtr(own * scores[:, :-1] + common * scores[:, -1:])
    return {lever: ranges[lever].quantile(points[:, i]) for i, lever in enumerate(ranges)}


def _points(dimensions: int, number: int, seed: int, method: str) -> np.ndarray:
    from scipy.stats import qmc

    engines = {"sobol": qmc.Sobol, "latin": qmc.LatinHypercube}
    if method not in engines:
        raise ValueError(unknown("method of drawing", method, engines))
    engine = engines[method](d=dimensions, rng=np.random.default_rng(seed))
    if method == "latin":
        return engine.random(number)
    return engine.random_base2(max(0, int(np.ceil(np.log2(number)))))[:number]


def generators(dimensions: int, number: int) -> list[list[int]]:
    """Return what the browser makes the very points of `draw` from, in `BITS` binary places.

    Sobol's sequence goes on by one exclusive or (Gray code): which, depends on how often two
    divides the point's number.

    Parameters
    ----------
    number : of points, a power of two

    Returns
    -------
    one list a dimension: its first point, then what 2**0, 2**1, … in a number asks for
    """
    points = np.rint(_points(dimensions, number, DEFAULT_SEED, "sobol") * (1 << BITS)).astype(
        np.int64
    )
    ends = 1 << np.arange(number.bit_length() - 1)
    return np.vstack([points[:1], points[ends - 1] ^ points[ends]]).T.tolist()

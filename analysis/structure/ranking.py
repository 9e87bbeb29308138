"""Who ranks where by a stated composite, and how far other weights would move them.

The plan ranks districts and gives neither measures nor weights: both stand in
`ranking.csv`, as assumptions. How sure a rank is, is told by drawing weights at
random around them (Dirichlet).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.structure.progress import PERCENT

SEED = 2021
DRAWS = 4000
#: How closely drawn weights keep to the stated: as the number of draws behind them would.
CONCENTRATION = 12.0


class RankingError(ValueError):
    """Weights or measures that rank nobody."""


def scores(measures: pd.DataFrame) -> pd.DataFrame:
    """Put each measure on 0 to 100, from the least to the most of the places.

    measures : index place, a column a measure, more being better; a place without a value
        gets the least, and a measure in which all are alike decides nothing: 50 for all
    """
    low, high = measures.min(), measures.max()
    spread = (high - low).where(high.gt(low))
    scaled = PERCENT * (measures - low) / spread
    flat = spread.isna()
    scaled.loc[:, flat] = PERCENT / 2
    return scaled.fillna(0.0)


def ranking(
    measures: pd.DataFrame,
    weights: pd.Series,
    draws: int = DRAWS,
    concentration: float = CONCENTRATION,
    seed: int = SEED,
) -> pd.DataFrame:
    """Rank places by the weighted mean of their scores, with the ranks under other weights.

    Parameters
    ----------
    measures : index place, a column a measure, more being better
    weights : by measure; they are divided by their sum

    Returns
    -------
    place, score (0 to 100), rank (1 is best; alike places share the better one), low, high
    (the middle 90% of ranks), best, worst (of all draws), sorted by rank; and the places'
    score in each measure

    Raises
    ------
    RankingError : a weight below zero, none above, or of a measure that is not there
    """
    if set(weights.index) != set(measures.columns):
        raise RankingError(
            f"weights of {sorted(weights.index)} for measures {sorted(measures.columns)}"
        )
    if (weights < 0).any() or not weights.sum() > 0:
        raise RankingError("weights are zero or more, and one of them is more")
    scaled = scores(measures)[list(weights.index)]
    stated = (weights / weights.sum()).to_numpy(float)
    told = scaled.to_numpy(float) @ stated
    positive = stated > 0
    drawn = np.zeros((draws, len(stated)))
    random = np.random.default_rng(seed)
    drawn[:, positive] = random.dirichlet(concentration * stated[positive], size=draws)
    ranks = _ranks(scaled.to_numpy(float) @ drawn.T)
    low, high = np.percentile(ranks, [5, 95], axis=1, method="nearest")
    found = pd.DataFrame(
        {
            "place": measures.index.to_numpy(),
            "score": told,
            "rank": _ranks(told[:, None])[:, 0],
            "low": low,
            "high": high,
            "best": ranks.min(axis=1),
            "worst": ranks.max(axis=1),
        }
    )
    found = pd.concat([found, scaled.reset_index(drop=True)], axis=1)
    return found.sort_values(["rank", "place"], kind="stable").reset_index(drop=True)


def _ranks(totals: np.ndarray) -> np.ndarray:
    """Return ranks down each column; the largest is 1, equal ones share the better rank."""
    rounded = pd.DataFrame(np.round(totals, 9))
    return rounded.rank(ascending=False, method="min").to_numpy(int)

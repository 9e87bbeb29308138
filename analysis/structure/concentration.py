"""How many of the signed projects are large, and how much of the investment is theirs.

How concentrated capital in place is, is an aggregate: `analysis.ledger.capital.concentration`.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from analysis.ledger.dimensions import SIZE_CLASSES
from analysis.structure.progress import PERCENT

#: Size class -> where the next one begins, 1e8 CNY, whether it has projects or not.
_UPPER = dict(pairwise(SIZE_CLASSES))


def classes(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return projects and capital by size class, with their shares.

    sizes : size_class (lower bound, 1e8 CNY), projects, size (1e8 CNY)

    Returns
    -------
    size_class, upper (NaN if open), projects, size, of_projects, of_size (%)
    """
    rows = sizes.groupby("size_class", as_index=False)[["projects", "size"]].sum()
    return rows.assign(
        upper=rows["size_class"].map(_UPPER).astype(float),
        of_projects=PERCENT * rows["projects"] / rows["projects"].sum(),
        of_size=PERCENT * rows["size"] / rows["size"].sum(),
    )

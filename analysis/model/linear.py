"""Linear expressions: rows of a programme, added, taken from each other, multiplied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Row:
    """coefficients . x + constant"""

    coefficients: np.ndarray
    constant: float

    def at(self, x: np.ndarray) -> float:
        return float(self.coefficients @ x + self.constant)

    def __sub__(self, other: Row) -> Row:
        return Row(self.coefficients - other.coefficients, self.constant - other.constant)

    def times(self, factor: float) -> Row:
        return Row(self.coefficients * factor, self.constant * factor)


class NotLinearError(ValueError):
    """An outcome has no exact linear form in this programme."""


def added(rows: Iterable[Row]) -> Row:
    """Return the sum of rows."""
    every = list(rows)
    coefficients = np.sum([row.coefficients for row in every], axis=0)
    return Row(coefficients, sum(row.constant for row in every))

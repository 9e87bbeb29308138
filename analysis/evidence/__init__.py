"""What has been published, and what may be reckoned with it.

Every figure keeps its stage, scope, period, bound and source, and arithmetic
that would mix two of these is refused in words.
"""

from analysis.evidence.figure import (
    BoundError,
    EvidenceError,
    Figure,
    PeriodError,
    Reckoned,
    ScopeError,
    StageError,
    UnitError,
)
from analysis.evidence.reckoning import growth, share, yearly_growth
from analysis.evidence.tables import Evidence, Figures, Line, load_evidence

__all__ = [
    "BoundError",
    "Evidence",
    "EvidenceError",
    "Figure",
    "Figures",
    "Line",
    "PeriodError",
    "Reckoned",
    "ScopeError",
    "StageError",
    "UnitError",
    "growth",
    "load_evidence",
    "share",
    "yearly_growth",
]

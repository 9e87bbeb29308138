"""What may be asked of a ledger? All its aggregates, each written once for every engine.

Each is an Ibis expression, small when it is run; `frame` brings its answer to pandas. Money
goes out in 1e8 CNY, foreign capital in 1e8 USD. `since` and `until` are days, both included; a
date that is known to its month or quarter stands on that period's first day.
"""

from analysis.ledger.capital import capital, concentration, foreign
from analysis.ledger.frames import frame
from analysis.ledger.projects import listing, quota_projects, sizes
from analysis.ledger.stages import cohorts, pipeline, waits

__all__ = [
    "capital", "cohorts", "concentration", "foreign", "frame", "listing", "pipeline",
    "quota_projects", "sizes", "waits",
]  # fmt: skip

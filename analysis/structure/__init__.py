"""What a ledger says of structure: progress, funnel, concentration, growth, ranks, lists.

`report(ledger, plan, period)` gives all of one month, quarter or year, `answers()` the kept
answers of the user's ledger or the example's.
"""

from analysis.structure.kept import Answers, answers
from analysis.structure.period import Period, PeriodError
from analysis.structure.report import Report, report

__all__ = ["Answers", "Period", "PeriodError", "Report", "answers", "report"]

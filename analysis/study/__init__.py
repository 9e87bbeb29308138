"""What `import analysis` gives, plans to pages in short verbs, and the types that they return.

`analysis` lists the verbs; types and errors are here: `from analysis.study import LeverError`.
"""

# ruff: noqa: F401

from analysis.datapackage import DataPackageError
from analysis.evidence import Evidence, EvidenceError, Figure, load_evidence
from analysis.ledger.problems import LedgerFileError
from analysis.model import Lever, LeverError, Model, load_model
from analysis.model.scenario_model import OutcomeError
from analysis.plan import Plan, PlanError, load_plan
from analysis.scenario import Scenario, ScenarioError, presets
from analysis.study.evidence import figures, measures, places, plans, series
from analysis.study.goals import chances, frontier, least_increment, seek, tornado
from analysis.study.ledgers import Ledger, read_ledger, report
from analysis.study.package import check, reload
from analysis.study.pages import page
from analysis.study.scenarios import compare, cube, evaluate, grid

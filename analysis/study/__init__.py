"""What `import analysis` gives: plans, figures, scenarios, ledgers, pages, in short verbs."""

# ruff: noqa: F401 (handed on by `analysis`, which lists them)

from analysis.datapackage import DataPackageError
from analysis.evidence import Evidence, EvidenceError, Figure, load_evidence
from analysis.model import Lever, LeverError, Model, load_model
from analysis.plan import Plan, load_plan
from analysis.scenario import Scenario, ScenarioError, presets
from analysis.study.evidence import figures, measures, places, plans, series
from analysis.study.goals import chances, frontier, least_increment, seek, tornado
from analysis.study.ledgers import Ledger, read_ledger, report
from analysis.study.package import check, reload
from analysis.study.pages import page, theme
from analysis.study.scenarios import compare, evaluate, grid

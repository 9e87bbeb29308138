"""What is a scenario? Lever values as one frozen value, in JSON and in a link."""

from analysis.scenario.compare import diff, table
from analysis.scenario.presets import Preset, presets
from analysis.scenario.value import VERSION, Scenario, ScenarioError

__all__ = ["VERSION", "Preset", "Scenario", "ScenarioError", "diff", "presets", "table"]

"""What is a scenario? Lever values as one frozen value, in JSON and in a link."""

from analysis.scenario.compare import table
from analysis.scenario.presets import Offer, Preset, offer, presets, rounded_up
from analysis.scenario.value import VERSION, Scenario, ScenarioError

__all__ = [
    "VERSION",
    "Offer",
    "Preset",
    "Scenario",
    "ScenarioError",
    "offer",
    "presets",
    "rounded_up",
    "table",
]

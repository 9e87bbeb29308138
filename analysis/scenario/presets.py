"""The scenarios that a plan offers: recipes in its `scenarios.json`, computed for it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis import nested
from analysis.datapackage import DataPackageError, Fault
from analysis.model import Model, load_model
from analysis.plan import load_plan
from analysis.scenario.value import Scenario, ScenarioError, check_version
from analysis.text import LANGUAGES, both

#: Presets keep four decimals of a percent.
PRESET_SCALE = 10_000
FILE = "scenarios.json"
_REMEDY = "widen the lever's bounds in levers.csv, or change or drop the preset"


@dataclass(frozen=True)
class Preset:
    """A scenario that is offered, in both languages, with what it stands on."""

    key: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    source: str
    section: str
    kind: str
    scenario: Scenario


@dataclass(frozen=True)
class Offer:
    """The presets that fit the plan, and for each that doesn't, why.

    left_out : the others' names, {"zh", "en"}
    faults : what keeps each of them out, and what would let it in
    """

    presets: tuple[Preset, ...]
    left_out: list[dict[str, str]]
    faults: list[Fault]


def presets(model: Model | None = None) -> tuple[Preset, ...]:
    """Return the presets of `scenarios.json` that fit the model's plan.

    Examples
    --------
    >>> presets()[0].scenario
    <Scenario 'floors': all levers at default>
    """
    return offer(model or load_model()).presets


def offer(model: Model) -> Offer:
    """Compute each preset of the plan's `scenarios.json`.

    A preset that lies outside the levers' bounds, or points at what the plan lacks, is left
    out, and its fault says why.

    Raises
    ------
    DataPackageError : the file can't be read, or has another form
    """
    made, left_out, faults = [], [], []
    for number, preset in enumerate(_form(model), start=1):
        try:
            recipe = preset["recipe"]
            scenario = Scenario(_cook(recipe, model), name=preset["key"], model=model).check(model)
            plain = {key: value for key, value in preset.items() if key != "recipe"}
            made.append(Preset(**plain, scenario=scenario.trimmed(model)))
        except (ScenarioError, KeyError, TypeError, ValueError) as error:
            key = str(preset.get("key", ""))
            left_out.append({lang: str(preset.get(f"name_{lang}", key)) for lang in LANGUAGES})
            faults.append(Fault(FILE, number, "presets", key, str(error), _REMEDY))
    return Offer(tuple(made), left_out, faults)


def _form(model: Model) -> list[dict[str, Any]]:
    file = model.inputs.folder / FILE
    if not file.exists():  # a plan may come without: then there is what it asks, and no more
        words = {f"{part}_{lang}": said for part in ("name", "note")
                 for lang, said in both(f"scenario.asked.{part}").items()}  # fmt: skip
        source = load_plan(model.inputs.folder).about.source
        rest = {"source": source, "section": "", "kind": "derived", "recipe": {"floors": True}}
        return [{"key": "floors", **words, **rest}]
    try:
        form = json.loads(file.read_text(encoding="utf-8"))
        check_version(form["version"])
        return list(form["presets"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = 'restore the file, or write {"version": 1, "presets": [...]}'
        raise DataPackageError(
            [Fault(FILE, 0, "", "", f"cannot be read: {error}", remedy)]
        ) from error


def _cook(recipe: Mapping[str, Any], model: Model) -> dict[str, float]:
    """Turn a preset's recipe into lever values."""
    levers: dict[str, float] = {}
    if "floors" in recipe:
        floors = model.inputs.lever_floors
        levers |= {key: value for key, value in floors.items() if key in model.levers}
    if "least_increment" in recipe:
        found = model.least_increment(recipe["least_increment"])
        if not found.feasible:
            raise ScenarioError("the preset's targets can't be met within the levers' bounds")
        levers |= found.levers
    if "even" in recipe:
        wanted = {key: _look_up(path, model) for key, path in recipe["even"].items()}
        if missing := [recipe["even"][key] for key, value in wanted.items() if value is None]:
            raise ScenarioError(f"{missing[0]}: figures.csv holds nothing of the plan's years")
        levers |= _even(model, **wanted)
    for key, path in recipe.get("levers", {}).items():
        value = _look_up(path, model)
        if value is not None:
            levers[key] = value
    return {key: rounded_up(value) for key, value in levers.items()}


def rounded_up(value: float) -> float:
    """Round up to four decimals: short in a link, and a target met stays met."""
    return math.ceil(round(value * PRESET_SCALE, 6)) / PRESET_SCALE


def _even(model: Model, total: float | None = None, share: float | None = None) -> dict[str, float]:
    """Put every tier the same percentage over its capital floor and the same points over its share.

    The same percentage everywhere leaves the tiers' weights as they are, so
    the points that the city lacks are the points that each tier adds.
    """
    tiers, totals = list(model.inputs.members), model.inputs.what_if
    levers: dict[str, float] = {}
    if total is not None:
        floors = model.evaluate(None, totals[:1])[totals[0]]
        levers |= {f"uplift_{tier}": 100 * (total / floors - 1) for tier in tiers}
    if share is not None:
        points = share - model.evaluate(levers, totals[1:])[totals[1]]
        levers |= {
            f"share_{tier}": model.levers[f"share_{tier}"].default + points for tier in tiers
        }
    return levers


def _look_up(path: str, model: Model) -> float | None:
    """Follow a recipe's reference; None where the plan year reported nothing."""
    kind, _, rest = path.partition("/")
    first, _, second = rest.partition("/")
    if kind == "zero":
        return 0.0
    if kind == "target":
        return model.inputs.targets[first][second]
    if kind == "level" and second == "base":  # for as many years as the plan has
        year = int(model.levers["base_year"].default)
        if year not in model.inputs.levels[first]:
            raise ScenarioError(f"{path}: no exact level of {year} is published in figures.csv")
        return model.inputs.levels[first][year] * model.inputs.years
    if kind == "parent":
        return nested.floors(load_plan(model.inputs.folder))[first]
    if kind == "reported":
        return model.inputs.reported.get(first)
    raise ScenarioError(f"scenarios.json: {path!r} points nowhere")

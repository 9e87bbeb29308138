"""The sentences of a least increment, in the units and names of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.amounts import amount, amount_said
from analysis.files import shown
from analysis.text import Text, fill, in_both, named, templates
from analysis.words import number_format

if TYPE_CHECKING:
    from analysis.model.scenario_model import Model
    from analysis.plan_package import Measure

Bilingual = dict[str, str]
#: How one more of a target is said, where that is no amount.
_PRICED = {"share": "part", "count": "count"}


def words(model: Model) -> dict[str, Bilingual]:
    """Return what a least increment is said in, by key; numbers are left to be filled in.

    `increment.binding.bound.<lever>` tells that a lever is at its upper bound;
    `increment.price.<outcome>`, `.free.` and `.conflict.` speak of a target, `increment.takes.all`
    of what is added, `.takes.capital` of the same where nothing but a sum and its share is asked.
    """
    inputs = model.inputs
    with shown(inputs.folder):
        every = templates()
    found = {key: row for key, row in every.items() if key.startswith("increment.")}
    kind = "part" if inputs.share else "sum"
    takes = every[f"increment.takes.{kind}"]
    measures = {one.outcome: one for one in inputs.measures}
    rises = [_rise(model, measures[outcome], lever) for outcome, lever in inputs.alone.items()]
    added = {lang: said + "".join(one[lang] for one in rises) for lang, said in takes.items()}
    found |= {f"increment.takes.{asked}": added for asked in ("capital", "all")}
    for outcome in inputs.outcome_of.values():
        one = measures[outcome]
        priced = f"increment.price.{_PRICED.get(one.type, 'sum')}"
        for kind, of_any in (("price", priced), ("free", "increment.free"),
                             ("conflict", "increment.conflict")):  # fmt: skip
            found[f"increment.{kind}.{outcome}"] = _named(model, one, every[of_any])
    for key, lever in model.levers.items():
        known = in_both(name=named(lever), level=amount_said(lever.high, lever.unit, 1))
        said = every["increment.binding.bound"]
        found[f"increment.binding.bound.{key}"] = {
            lang: fill(text, known, lang) for lang, text in said.items()
        }
    return found


def _named(model: Model, measure: Measure, said: Bilingual) -> Bilingual:
    """Put a target's name, and its level and reach in its unit, into texts of any target."""
    name = model.levers.get(measure.outcome) or model.inputs.outcomes[measure.outcome]
    written = amount(measure.unit, measure.digits)
    found = {}
    for lang, text in said.items():
        known = {"name": Text(lang).name(name)}
        for place, value in (("asked", "level"), ("most", "reach")):
            known[place] = written[lang].replace("{value", f"{{{value}")
        for place, what in known.items():
            text = text.replace(f"{{{place}}}", what)
        found[lang] = text
    return found


def _rise(model: Model, measure: Measure, lever: str) -> Bilingual:
    """Say by how much what is one lever has to rise, nothing where it has not."""
    unit = "points" if measure.unit == "%" else measure.unit
    form, written = number_format(unit, measure.digits), amount(unit, measure.digits)
    said = _named(model, measure, templates()["increment.takes.rate"])
    return {
        lang: f"{{{lever}:+{form[lang]}|||{text.replace('{more}', more)}}}"
        for lang, text in said.items()
        for more in [written[lang].replace(f"{{value:{form[lang]}}}", "#")]
    }

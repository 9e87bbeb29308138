"""What is a scenario? Lever values as one frozen value, and in a link."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd

from analysis import show
from analysis.model import LeverError, Model, load_model
from analysis.numerals import number_in

VERSION = 1
#: A link longer than this was not written here.
MAX_LINK = 4000


class ScenarioError(ValueError):
    """A scenario can't be read; the message says what would be right."""


@dataclass(frozen=True, eq=False, init=False)
class Scenario:
    """Levers that are set; the others stand at their default.

    Parameters
    ----------
    levers : lever of the city or a tier -> value, in the lever's unit; by keyword, too:
        `Scenario(uplift_zone=10)`
    overrides : lever of one district, `uplift_<district>` or `share_<district>` -> percent; one
        that is given among `levers` is taken for what it is
    name : what it is called beside others
    model : whose levers they are; that of the plan that is shown if None

    Raises
    ------
    ScenarioError : no lever of the model, whose nearest is named, or no number
    """

    levers: Mapping[str, float]
    overrides: Mapping[str, float]
    name: str

    def __init__(
        self,
        levers: Mapping[str, float] = MappingProxyType({}),
        overrides: Mapping[str, float] = MappingProxyType({}),
        name: str = "",
        *,
        model: Model | None = None,
        **more: float,
    ) -> None:
        given = {**levers, **overrides, **more}
        try:
            known = (model or load_model()).inputs.lever_of if given else None
            own = {key for key in given if known and known(key).key != key}
        except LeverError as error:
            raise ScenarioError(str(error)) from None
        self._set(
            {key: given[key] for key in given.keys() - own}, {key: given[key] for key in own}, name
        )

    def _set(self, levers: Mapping[str, Any], overrides: Mapping[str, Any], name: str) -> Scenario:
        for part, given in (("levers", levers), ("overrides", overrides)):
            values = {key: _number(key, value) for key, value in given.items()}
            object.__setattr__(self, part, MappingProxyType(dict(sorted(values.items()))))
        if not isinstance(name, str):
            raise ScenarioError(f"name: {name!r} is no text")
        object.__setattr__(self, "name", name)
        return self

    def __repr__(self) -> str:
        set_ = ", ".join(f"{key}={value:g}" for key, value in self.values.items())
        return f"<Scenario {self.name!r}: {set_ or 'all levers at default'}>"

    def _repr_html_(self) -> str:
        model = load_model()
        described = {key: model.inputs.lever_of(key) for key in self.values}
        levers = pd.DataFrame(
            [
                (key, described[key].name_en, described[key].name_zh, value, described[key].default)
                for key, value in self.values.items()
            ],
            columns=["lever", "name_en", "name_zh", "value", "default"],
        ).assign(unit=[lever.unit for lever in described.values()])
        found = self.outcomes(
            model, [key for key in model.inputs.outcome_of.values() if key in model.outcomes]
        )
        outcomes = pd.DataFrame(
            [(key, value, model.outcomes[key].unit) for key, value in found.items()],
            columns=["outcome", "value", "unit"],
        )
        return show.table(levers, f"Scenario {self.name}") + show.table(outcomes, "What follows")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __reduce__(self) -> tuple:
        return _again, (dict(self.levers), dict(self.overrides), self.name)

    def _identity(self) -> tuple:
        return tuple(self.levers.items()), tuple(self.overrides.items()), self.name

    @property
    def values(self) -> dict[str, float]:
        """All that is set, as `Model.evaluate` takes it."""
        return {**self.levers, **self.overrides}

    def check(self, model: Model | None = None) -> Scenario:
        """Return the scenario if every lever is known and in bounds.

        Raises
        ------
        ScenarioError : for the first lever that isn't
        """
        model = model or load_model()
        try:
            model.check(self.values)
        except LeverError as error:
            raise ScenarioError(str(error)) from error
        return self

    def trimmed(self, model: Model | None = None) -> Scenario:
        """Return the same scenario without levers that stand at their default anyway."""
        model = model or load_model()
        levers = {k: v for k, v in self.levers.items() if v != model.levers[k].default}
        overrides = {
            key: value
            for key, value in self.overrides.items()
            if value != self._tier_value(key, model)
        }
        return _again(levers, overrides, self.name)

    def _tier_value(self, key: str, model: Model) -> float:
        lever = model.inputs.lever_of(key)
        return self.levers.get(lever.key, lever.default)

    def outcomes(
        self, model: Model | None = None, keys: Iterable[str] | None = None, *, bounds: bool = True
    ) -> dict[str, float]:
        """Return what follows from the scenario; `bounds` as in `Model.evaluate`."""
        return (model or load_model()).evaluate(self.values, keys, bounds=bounds)

    def to_link(self, model: Model | None = None) -> str:
        """Return a short text for links: `v1;share_central=30;uplift_zone=12.5`.

        Only what differs from the defaults is named.
        """
        kept = self.trimmed(model)
        parts = [f"v{VERSION}", *(f"{key}={_short(v)}" for key, v in kept.values.items())]
        if kept.name:
            parts.append(f"name={quote(kept.name, safe='')}")
        return ";".join(parts)

    @classmethod
    def from_link(cls, text: str, model: Model | None = None) -> Scenario:
        """Read the text of a link.

        Raises
        ------
        ScenarioError : a newer version, a wrong part, an unknown or out-of-range lever
        """
        if len(text) > MAX_LINK:
            raise ScenarioError(f"a link of {len(text)} characters; at most {MAX_LINK} are read")
        model = model or load_model()
        head, *parts = text.strip().split(";")
        if not re.fullmatch(r"v(0|[1-9][0-9]{0,5})", head):
            raise ScenarioError(f"a link begins with v{VERSION};, not {head[:20]!r}")
        check_version(int(head[1:]))
        levers: dict[str, float] = {}
        name = ""
        for part in filter(None, parts):
            key, equals, value = part.partition("=")
            if not equals:
                raise ScenarioError(f"{part[:40]!r}: a part of a link is lever=value")
            if key in levers or (key == "name" and name):
                raise ScenarioError(f"{key} is given twice")
            if key == "name":
                name = unquote(value)
                continue
            levers[key] = read_number(key, value)
        return cls(levers, name=name, model=model).check(model)


def _again(levers: Mapping[str, Any], overrides: Mapping[str, Any], name: str) -> Scenario:
    """Return a scenario whose names are known to be a model's, whichever it was."""
    return object.__new__(Scenario)._set(levers, overrides, name)


def read_number(key: str, text: str) -> float:
    """Return the number that a text says, by the rule that the browser's levers have too.

    Digits of any width, and thousands' commas where each group of three has its own.

    Raises
    ------
    ScenarioError : the text says none, or one that is not finite
    """
    number = number_in(text)
    if math.isnan(number):
        raise ScenarioError(f"{key}: {text[:40]!r} is no number")
    return _number(key, number)


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ScenarioError(f"{key}: {value!r:.40} is no number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ScenarioError(f"{key}: {value!r:.40} is not finite")
    return number + 0.0  # -0.0 and 0.0 are one scenario


def _short(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def check_version(version: Any) -> None:
    if isinstance(version, bool) or not isinstance(version, int):
        raise ScenarioError(
            f"version: {version!r:.40} is no whole number; this is version {VERSION}"
        )
    if version > VERSION:
        raise ScenarioError(
            f"version {version} is newer than this workbook's {VERSION}: update the workbook"
        )
    if version != VERSION:
        raise ScenarioError(f"version {version} is unknown; this is version {VERSION}")

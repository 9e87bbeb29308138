"""What a least increment takes, what its last unit costs and what binds it, or what conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import show
from analysis.amounts import amount_said
from analysis.model.phrase import Phrase, spoken
from analysis.text import in_both

#: What is this close, relatively, is the same.
CLOSE = 1e-7
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one more unit of a target costs, at the answer.

    price : of the sum, new or moved, per `unit` (of the sum, or point) of the target
    told : whether it is worth a sentence: one more point of growth takes one more point
    """

    target: str
    level: float
    price: float
    unit: str
    binding: bool
    told: bool
    name: Mapping[str, str]
    words: Words

    @property
    def say(self) -> Phrase:
        """The price in words."""
        kind = "price" if self.price > CLOSE else "free"
        key = f"increment.{kind}.{self.target}"
        return Phrase(key, {"price": self.price, "level": self.level}, self.words[key])


@dataclass(frozen=True, slots=True)
class Binding:
    """What holds the answer where it is: a target, or a lever's upper bound.

    price : what one more unit of the target costs, or what one more unit of room
        under the bound would save
    """

    kind: str
    key: str
    level: float
    price: float
    unit: str
    name: Mapping[str, str]

    @property
    def say(self) -> Phrase:
        """The constraint in words."""
        said = in_both(name=self.name, level=amount_said(self.level, self.unit, 1))
        return Phrase(f"increment.binding.{self.kind}", said)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A target that can't be met beside the others, and how far it gets.

    reach : the most it can be while the other targets of the conflict hold,
        None when they conflict without it
    """

    target: str
    level: float
    reach: float | None
    unit: str
    words: Words

    @property
    def say(self) -> Phrase:
        """The conflict in words."""
        key = f"increment.conflict.{self.target}"
        return Phrase(key, {"level": self.level, "reach": self.reach}, self.words[key])


@dataclass(frozen=True)
class LeastIncrement:
    """The answer of `least_increment`.

    increment : weighted sum of what is new and what is moved, see `analysis.model.programme`
    extra, units : lever -> what it adds, and the unit of that
    start : lever values that it is counted from
    conflict : empty when feasible, else the smallest set of targets that conflict
    """

    feasible: bool
    targets: Mapping[str, float]
    increment: float
    levers: Mapping[str, float]
    extra: Mapping[str, float]
    units: Mapping[str, str]
    start: Mapping[str, float]
    outcomes: Mapping[str, float]
    prices: tuple[ShadowPrice, ...]
    binding: tuple[Binding, ...]
    conflict: tuple[Conflict, ...]
    weights: Mapping[str, float]
    rates: tuple[str, ...]
    words: Words

    @property
    def new_capital(self) -> float:
        """What the sum gains beyond the start's, in its unit."""
        others = ("share_", *self.rates)
        return sum(amount for lever, amount in self.extra.items() if not lever.startswith(others))

    @property
    def moved_capital(self) -> float:
        """What of the sum goes to the share's part instead of others, in the sum's unit."""
        return sum(amount for lever, amount in self.extra.items() if lever.startswith("share_"))

    def __repr__(self) -> str:
        if not self.feasible:
            against = ", ".join(conflict.target for conflict in self.conflict)
            return f"<LeastIncrement: not feasible, {against} conflict>"
        unit = next((self.units[one] for one in self.units if one not in self.rates), "")
        return f"<LeastIncrement: {amount_said(self.increment, unit, 1)['en']}>"

    def _repr_html_(self) -> str:
        moved = pd.DataFrame(
            [
                (lever, self.start[lever], self.levers[lever], extra, self.units[lever])
                for lever, extra in self.extra.items()
            ],
            columns=["lever", "from", "to", "adds", "unit of what it adds"],
        )
        said = show.lines(*spoken(self.say()).values())
        return said + (show.table(moved, "What each lever adds") if self.feasible else "")

    def say(self) -> tuple[Phrase, ...]:
        """The whole answer as sentences: what it takes, what the last unit costs, what binds."""
        if not self.feasible:
            opening = Phrase("increment.infeasible", {"number": len(self.conflict)})
            return (opening, *(conflict.say for conflict in self.conflict))
        bounds = (item.say for item in self.binding if item.kind == "bound")
        return (self.takes, *(price.say for price in self.prices if price.told), *bounds)

    @property
    def takes(self) -> Phrase:
        """What it takes, in words: new capital, moved capital, and growth where it is asked."""
        growth = {key: self.extra.get(key, 0.0) for key in self.rates}
        asked = "all" if set(self.rates) & set(self.targets) else "capital"
        key = f"increment.takes.{asked}"
        values = {"new": self.new_capital, "moved": self.moved_capital, **growth}
        return Phrase(key, values, self.words[key])

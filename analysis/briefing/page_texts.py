"""Texts of a page and of its pictures, as its cells give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.charts.picture import SAID, Picture
from analysis.conditions import holds
from analysis.names import unknown
from analysis.text import Message, TextError, Words, conditioned, names_in

if TYPE_CHECKING:
    from analysis.briefing.page import Briefing
    from analysis.plan import Plan


@dataclass(frozen=True)
class PageTexts:
    """What a page says.

    page : whose values they have
    kinds : of the outcomes, whose marks a text that names them brings, too
    moving : levers, outcomes and facts that a reader's choice moves
    """

    page: Briefing
    kinds: Mapping[str, str]
    moving: Collection[str]

    def own(self, words: Words) -> Message:
        """Return a message in words of a cell.

        Raises
        ------
        TextError : a name of no value; the nearest one is named
        """
        values = self.page.values
        fixed = {k: v for k, v in values.items() if k not in self.moving}
        message = Message.own(_open(conditioned(words), fixed), values)
        cases = message.cases
        for case in cases:
            if wrong := sorted(names_in([case]) - set(values) - set(self.moving)):
                known = [*values, *self.moving]
                # Who checks a plan finds its own text by its words.
                given = {} if isinstance(case[1], str) else case[1]
                said = next((one for one in given.values() if f"{{{wrong[0]}" in one), case[0])
                raise TextError(unknown("value of this page", wrong[0], known), said)
        return replace(message, kinds={**self.kinds, **message.kinds})

    def picture(
        self, given: Mapping[str, Words], drawn: Picture | None = None
    ) -> dict[str, Message]:
        """Return a picture's texts; one that is drawn again keeps those that aren't given."""
        if wrong := sorted(set(given) - set(SAID)):
            raise TypeError(unknown("text of a picture", wrong[0], SAID))
        if drawn:
            return {one: self.own(given[one]) if one in given else getattr(drawn, one)
                    for one in SAID}  # fmt: skip
        if lacking := [part for part in ("title", "source") if not given.get(part)]:
            raise TypeError(f"a picture needs its {' and its '.join(lacking)}: {lacking[0]}=…")
        told = {"say": "", "alt": given["title"], **given}
        return {part: self.own(told[part]) for part in SAID}


def _open(
    cases: Sequence[tuple[str, Any]], values: Mapping[str, Any]
) -> tuple[tuple[str, Any], ...]:
    """Return the cases that may still hold, given what no reader moves."""
    left = []
    for when, said in cases:
        decided = when == "true" or names_in([(when, {})]) <= set(values)
        if decided and not holds(when, values):
            continue
        left.append(("true" if decided else when, said))
        if decided:
            break
    return tuple(left)


def structure(plan: Plan) -> dict[str, float]:
    """Return what a sentence may depend on.

    Returns
    -------
    levels, targets (of the whole), places (that it asks something of), unfloored (those of which
    it asks nothing), shares (1 where it asks for one), inferred_groups (1 where the document
    doesn't say which group each place is in)
    """
    asked, places = plan.levels[~plan.levels["floor"]], plan.places
    grouped = places["group"].notna() & places["group"].ne("")
    counted: dict[str, int] = {
        "levels": len(asked),
        "targets": len(plan.targets),
        "places": len(plan.floors),
        "unfloored": int((~grouped).sum()),
        "shares": plan.share is not None,
        "inferred_groups": bool(places.loc[grouped, "kind"].eq("inferred").any()),
    }
    return {key: float(number) for key, number in counted.items()}

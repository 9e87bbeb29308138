"""Texts of a page and of its pictures: its own, those of its module, those of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.charts.picture import SAID
from analysis.names import unknown
from analysis.text import Message, Words, templates

if TYPE_CHECKING:
    from analysis.briefing.page import Briefing


@dataclass(frozen=True)
class PageTexts:
    """What a page says, by key.

    page : whose name, empty for a page of one's own, and values they have
    special : the messages that its module gives; None where a picture's section says all
    kinds : of the outcomes, whose marks a text that names them brings, too
    """

    page: Briefing
    special: dict[str, Message | None]
    kinds: Mapping[str, str]

    def own(self, words: Words) -> Message:
        """Return a message in a reader's own words."""
        return self._marked(Message.own(words, self.page.values))

    def message(self, key: str, cases: Iterable[tuple[str, str]] = ()) -> Message:
        """Return a text of this page: a title by its cases, others as they are."""
        own = self.special.get(key)
        if own is None:
            there = [one for one in templates() if one.startswith(f"{self.page.name}.")]
            if f"{self.page.name}.{key}" not in there:
                raise KeyError(unknown("text", f"{self.page.name}.{key}", there))
            named = [(when, f"{self.page.name}.{key}.{case}") for when, case in cases]
            first = named if key.endswith(".title") else []
            own = Message((*first, ("true", f"{self.page.name}.{key}")), self.page.values)
        return self._marked(own)

    def picture(
        self, key: str, cases: Iterable[tuple[str, str]], own: Mapping[str, Words]
    ) -> dict[str, Message]:
        """Return a picture's texts: those given, else the page's."""
        if wrong := sorted(set(own) - set(SAID)):
            raise TypeError(unknown("text of a picture", wrong[0], SAID))
        if not self.page.name:
            if lacking := [part for part in ("title", "source") if not own.get(part)]:
                raise TypeError(f"a picture needs its {' and its '.join(lacking)}: {lacking[0]}=…")
            own = {"say": "", "alt": own["title"], **own}
        return {
            part: self.own(own[part]) if part in own else self.message(f"{key}.{part}", cases)
            for part in SAID
        }

    def _marked(self, message: Message) -> Message:
        return replace(message, kinds={**self.kinds, **message.kinds})

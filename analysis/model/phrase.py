"""A sentence of an answer: the key of its template, and the values in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.text import LANGUAGES, Text, fill


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to be said in either language: by its `template`, or the one that has its key."""

    key: str
    values: Mapping[str, Any]
    template: Mapping[str, str] | None = None

    def in_language(self, lang: str) -> str:
        """Return the sentence in "zh" or "en"."""
        if self.template:
            return fill(self.template[lang], self.values, lang)
        return Text(lang)(self.key, **self.values)

    def __str__(self) -> str:
        return self.in_language("en")


def spoken(phrases: Iterable[Phrase]) -> dict[str, str]:
    """Return sentences one after the other, in both languages."""
    said = list(phrases)
    return {
        lang: (" " if lang == "en" else "").join(one.in_language(lang) for one in said)
        for lang in LANGUAGES
    }

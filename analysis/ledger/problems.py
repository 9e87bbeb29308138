"""What can be wrong with a ledger's file or one of its cells, and how is it said?

Each kind of problem has a code; what is wrong and what would be right stand under
`reading.<code>` and `reading.<code>.hint` in the texts, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from analysis.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about one place of a file.

    row : as a spreadsheet counts, the first being 1; 0 where it is about the whole sheet
    column : as the file calls it, "" where it is about the whole row
    value : what the file says there
    given : what its text names besides
    """

    code: str
    sheet: str
    row: int
    column: str
    value: str
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What is wrong or odd, in English."""
        return say(self.code, "en", self.given)

    def __str__(self) -> str:
        where = f"row {self.row}, " if self.row else ""
        return f"{where}{self.column or 'whole row'}: {self.said} ({self.value!r})"


class CellFault(ValueError):
    """A cell that can't be taken: its code, and what its text names."""

    def __init__(self, code: str, **given: Any) -> None:
        self.code = code
        self.given = given
        super().__init__(code)


class LedgerFileError(ValueError):
    """A file that can't be taken; nothing of it is read.

    code, file, sheet, row, column : where; row 0 and "" where it is about the whole file
    said, remedy : what is wrong and what would be right, in English
    """

    def __init__(
        self, code: str, file: str, *,
        sheet: str = "", row: int = 0, column: str = "", **given: Any,
    ) -> None:  # fmt: skip
        self.code, self.file, self.sheet = code, file, sheet
        self.row, self.column, self.given = row, column, given
        self.said, self.remedy = self.say("en")
        place = [file, f"sheet {sheet}" * bool(sheet), f"row {row}" * bool(row)]
        place.append(f"column {column}" * bool(column))
        super().__init__(f"{', '.join(filter(None, place))}: {self.said}; {self.remedy}")

    def say(self, lang: str) -> tuple[str, str]:
        """Return what is wrong and what would be right, in a language."""
        return say(self.code, lang, self.given), say(f"{self.code}.hint", lang, self.given)


def say(code: str, lang: str, given: Mapping[str, Any]) -> str:
    """Return the text of a problem in a language; a value may be {"zh": ..., "en": ...}."""
    own = {
        name: value[lang] if isinstance(value, Mapping) and set(value) == set(LANGUAGES) else value
        for name, value in given.items()
    }
    return _said(code, lang, tuple((name, str(value)) for name, value in own.items()))


@lru_cache(maxsize=4096)
def _said(code: str, lang: str, given: tuple[tuple[str, str], ...]) -> str:
    # A table of a hundred thousand bad rows says the same few sentences again and again.
    return Text(lang)(f"reading.{code}", **dict(given))

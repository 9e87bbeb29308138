"""What can be wrong with a ledger's file or one of its cells, and how it is said.

Each kind of problem has a code; what is wrong and what would be right stand under
`reading.<code>` and `reading.<code>.hint` in the texts, in both languages.
"""

from __future__ import annotations

import unicodedata
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

    def say(self, lang: str) -> str:
        """Return where it is and what is odd there, in a language."""
        text = Text(lang)
        where = [text("ledger.row", row=str(self.row))] * bool(self.row)
        where += [text("ledger.column", column=self.column)] * bool(self.column)
        value = f" ({self.value})" if self.value else ""
        return text(
            "ledger.finding", where=text("ledger.comma").join(where),
            colon=text("ledger.colon") if where else "", what=say(self.code, lang, self.given),
            value=value,
        )  # fmt: skip

    def __str__(self) -> str:
        return self.say("en")


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
        super().__init__(self.line("en"))

    def say(self, lang: str) -> tuple[str, str]:
        """Return what is wrong and what would be right, in a language."""
        return say(self.code, lang, self.given), say(f"{self.code}.hint", lang, self.given)

    def line(self, lang: str) -> str:
        """Return the same in one line, with its place."""
        where = place(self.file, self.sheet, self.row, self.column)[lang]
        said, remedy = self.say(lang)
        return Text(lang)("ledger.refused", where=where, what=said, remedy=remedy)


def place(
    file: str = "", sheet: str | None = "", row: object = 0, column: str = ""
) -> dict[str, str]:
    """Return where something stands in a file, in both languages."""
    found = {}
    for lang in LANGUAGES:
        text = Text(lang)
        parts = [
            file,
            text("ledger.sheet", sheet=sheet) if sheet else "",
            text("ledger.row", row=str(row)) if row else "",
            text("ledger.column", column=column) if column else "",
        ]
        found[lang] = text("ledger.comma").join(filter(None, parts))
    return found


def printable(text: str) -> str:
    """Return a text that stays on its line and in its order wherever it is printed."""
    return "".join(
        char if char.isprintable() or unicodedata.category(char) == "Zs"
        else char.encode("unicode_escape").decode()
        for char in text
    )  # fmt: skip


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

"""What can go wrong with a ledger's store; in each case the ledger is as it was."""

from __future__ import annotations

from typing import Any

from analysis.errors import WorkbookError
from analysis.text import Text


class StoreError(WorkbookError, RuntimeError):
    """The ledger can't be written or read; said under `ledger.error.<code>` in both languages."""

    def __init__(self, code: str, **given: Any) -> None:
        # A driver's words may go over several lines.
        self.code = code
        self.given = {name: " ".join(str(value).split()) if isinstance(value, Exception) else value
                      for name, value in given.items()}  # fmt: skip
        super().__init__(self.say("en"))

    def say(self, lang: str) -> str:
        """Return what is wrong and what to do, in a language."""
        given = {
            name: value if isinstance(value, str | dict) else str(value)
            for name, value in self.given.items()
        }
        return Text(lang)(f"ledger.error.{self.code}", **given)


class BusyError(StoreError):
    """Another process writes to the ledger."""


class DamagedError(StoreError):
    """The present state of a ledger can't be read as it was written."""


class MigrationError(StoreError):
    """A database is not in the form that this version of the workbook knows."""


class ReconciliationError(StoreError):
    """The sums of a table before and after an import don't explain each other."""


class UnstorableError(StoreError):
    """A value does not fit its column."""


class TakenError(StoreError):
    """A file gives a row the id of another thing."""

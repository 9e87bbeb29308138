"""What can go wrong with a ledger's store? In each case the ledger is as it was."""

from __future__ import annotations


class StoreError(RuntimeError):
    """The ledger can't be written or read."""


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

"""What every refusal that a command tells in words has in common."""

from __future__ import annotations


class WorkbookError(Exception):
    """Data, a ledger or a notebook that can't be taken; the message says why and what to do."""

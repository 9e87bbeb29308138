"""The start of a process that is the workbook's own, which no user's code shares."""

from __future__ import annotations

import signal
import sys


def begin() -> None:
    """Leave out an import that takes seconds and that nothing here asks for.

    jsonschema builds a grammar of addresses with it; the workbook checks none by a schema.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def begin_worker() -> None:
    """Begin, and end without a word when interrupted: whoever started this process speaks."""
    begin()
    signal.signal(signal.SIGINT, signal.SIG_DFL)

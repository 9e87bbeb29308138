"""What `workbook ledger` says: lines safe to print, and failures as one line with an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import typer

from analysis.files import OverwriteError
from analysis.text import Text

#: Exit codes: a file or ledger that can't be taken; rows in quarantine or totals that don't
#: agree; another writer (what the system calls a temporary failure).
REFUSED, LOOK, BUSY = 1, 3, 75


@contextmanager
def failures_told(text: Text) -> Iterator[None]:
    """Say what went wrong in one line, and end with its exit code."""
    from analysis.ledger.errors import BusyError, StoreError
    from analysis.ledger.problems import LedgerFileError

    try:
        yield
    except StoreError as error:
        say([error.say(text.lang)], True)
        raise typer.Exit(BUSY if isinstance(error, BusyError) else REFUSED) from None
    except LedgerFileError as error:
        say([error.line(text.lang)], True)
        raise typer.Exit(REFUSED) from None
    except OverwriteError as error:
        say([text("ledger.there", path=str(error.path))], True)
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        say([str(error)], True)
        raise typer.Exit(REFUSED) from None


def confirm(question: str, text: Text) -> None:
    """Ask whether to write; end if the answer is no yes, in the language that is spoken."""
    from analysis.ledger.problems import printable

    try:
        answer = typer.prompt(
            printable(question), "", show_default=False, prompt_suffix=" [y/N] ", err=True
        )
    except typer.Abort:
        answer = ""
    if answer.strip().lower() not in ("y", "yes", "是"):
        say([text("ledger.declined")], True)
        raise typer.Exit(REFUSED)


def say(lines: Iterable[str], err: bool = False) -> None:
    """Print lines, each on one line, whatever a file's name or a cell holds."""
    from analysis.ledger.problems import printable

    for line in lines:
        typer.echo(printable(line), err=err)

"""`workbook data missing` and `workbook data add`: figures that are sought, and those found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.options import Force, Lang
from analysis.commands.output import REFUSED, confirm, failures_told, say
from analysis.files import data_dir, refuse_to_overwrite, write_whole
from analysis.text import Text

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.


def missing(
    path: Annotated[
        Path | None, typer.Argument(help="The .csv file to write, to be filled in.")
    ] = None,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """List the figures of districts that are sought, and where to look; as a table to fill in."""
    from analysis.evidence import load_evidence
    from analysis.gaps import form
    from analysis.plan import load_plan

    text, plan = Text(lang), load_plan()
    rows = form.sought(plan, load_evidence())
    if path is not None:
        with failures_told(text):
            refuse_to_overwrite([path], force)
            write_whole(path, form.table(rows, plan, lang))
            say([text("ledger.wrote", path=str(path))])
    else:
        say(form.lines(rows, plan, lang))
    say([text("gaps.sought", rows=len(rows))])


def add(
    path: Annotated[Path, typer.Argument(help="The table, filled in: .csv or .xlsx.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before writing.")] = False,
    lang: Lang = "",
) -> None:
    """Take figures that a reader has found: all rows of a table or none, shown before written."""
    from analysis.datapackage import DataPackageError
    from analysis.evidence import load_evidence
    from analysis.gaps.addition import write
    from analysis.gaps.intake import FilledError, addition
    from analysis.plan import load_plan

    text = Text(lang)

    def ask() -> None:
        if not yes:
            confirm(text("gaps.confirm", place=str(data_dir())), text)

    with failures_told(text):
        try:
            plan = load_plan()
            found = addition(path, plan, load_evidence())
            say(found.lines(plan, lang))
            if found.figures:
                write(found, ask)
                say([text("gaps.written")])
        except FilledError as error:
            say([*(fault.line(lang) for fault in error.faults), text("gaps.refused")], True)
            raise typer.Exit(REFUSED) from None
        except DataPackageError as error:
            say([*map(str, error.faults), text("gaps.refused")], True)
            raise typer.Exit(REFUSED) from None

"""The commands as a group, with what holds for all of them when one can't go on."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from analysis.errors import WorkbookError
from analysis.process import heed_interrupts


class Commands(TyperGroup):
    """Commands that write over no file untold, and end at Ctrl+C whatever they are doing."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it, data or disk refuse is a sentence, and its exit code 1."""
        heed_interrupts()
        if isinstance(sys.stdout, TextIOWrapper):  # a line is read as it is said, also in a pipe
            sys.stdout.reconfigure(line_buffering=True)
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever reads what is said has read enough
            raise
        except (OSError, WorkbookError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None


class Of(TyperGroup):
    """Commands named for what they make; what is no such name goes to the first of them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command: `new FOLDER` is `new plan FOLDER`."""
        known = args[0] in self.commands
        return super().resolve_command(ctx, args if known else [next(iter(self.commands)), *args])

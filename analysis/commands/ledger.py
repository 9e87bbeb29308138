"""`workbook ledger`: a bureau's own ledger, from the blank template to what readers see."""

from __future__ import annotations

import typer

from analysis.commands import intake, stored
from analysis.commands.example import example

app = typer.Typer(
    no_args_is_help=True,
    help="A ledger of your own: projects, arrivals of capital, foreign capital.",
)
app.command()(example)
app.command()(intake.template)
app.command()(intake.read)
app.command("import")(intake.import_)
app.command("quarantine")(intake.open_quarantine)
for _command in (
    stored.publish,
    stored.status,
    stored.history,
    stored.export,
    stored.migrate,
    stored.roles,
    stored.restore,
):
    app.command()(_command)

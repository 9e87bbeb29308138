"""`workbook ledger` on what is stored: publish, status, history, export, and its upkeep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.options import (
    Accept,
    Database,
    FileLang,
    Force,
    Lang,
    Wait,
    language,
    open_store,
)
from analysis.commands.output import LOOK, REFUSED, failures_told, say
from analysis.files import refuse_to_overwrite
from analysis.text import Text

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.


def publish(
    database: Database, accept_mismatch: Accept = False, wait: Wait = 0, lang: Lang = ""
) -> None:
    """Show readers the latest state of the ledger."""
    from analysis.ledger.imports import lines, mismatch_lines

    text = Text(lang)
    with failures_told(text):
        done = open_store(database).publish(accept_mismatch=accept_mismatch, wait=wait)
    say(lines(done, text))
    say(mismatch_lines(done.mismatches, text), True)
    if not done.published:
        raise typer.Exit(LOOK)


def status(database: Database, lang: Lang = "") -> None:
    """Say what the ledger holds, what is open, and what readers see."""
    from analysis.ledger.imports import amount, history_changed, mismatch_lines, summed_unit

    text = Text(lang)
    with failures_told(text):
        store = open_store(database)
        found = store.status()
    seen = {"published": str(found.published), "latest": str(found.latest)}
    told = [found.notice.say(lang)] if found.notice else []
    told += [history_changed(found.broken)[lang]] if found.broken else []
    told.append(text("ledger.status", place=store.shown, **seen))
    for kind, rows in found.rows.items():
        said = {"sum": amount(found.sums[kind]), "unit": summed_unit(kind, text)}
        named = text(f"ledger.kind.{kind}")
        told.append("  " + text("ledger.status.kind", kind=named, rows=rows, **said))
    if found.open_entries is None:
        told.append("  " + text("ledger.status.unseen"))
    else:
        told.append("  " + text("ledger.status.quarantine", faults=found.open_entries))
    told += mismatch_lines(found.mismatches, text, most=len(found.mismatches))
    for row in found.imports.to_dict("records"):
        done = {"at": str(row["imported_at"]), "who": row["imported_by"]}
        act = text(f"ledger.act.{row['act']}")
        told.append(
            "  " + text("ledger.status.import", number=str(row["import_id"]), act=act, **done)
        )
    say(told)
    if found.broken:
        raise typer.Exit(LOOK)


def history(
    kind: Annotated[str, typer.Argument(help="projects, arrivals or foreign_capital.")],
    number: Annotated[str, typer.Argument(help="The row's own number or its project's.")],
    database: Database,
    lang: Lang = "",
) -> None:
    """Show every version of a row: what changed in it, and the file that it came from."""
    from analysis.ledger.form import KINDS
    from analysis.ledger.imports import version_lines

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}")
    text = Text(lang)
    with failures_told(text):
        found = open_store(database).versions(kind, number)
    say(version_lines(kind, found, text))
    if found.empty:
        say([text("ledger.history.none", kind=text(f"ledger.kind.{kind}"), number=number)], True)
        raise typer.Exit(REFUSED)


def export(
    path: Annotated[Path, typer.Argument(help="An .xlsx file, or a folder for Parquet files.")],
    database: Database,
    lang: FileLang = "",
    force: Force = False,
) -> None:
    """Write what readers see, as a workbook or as Parquet for Spark and others."""
    from analysis.ledger.exporting import write_folder, write_workbook

    text = Text(language(""))
    with failures_told(text):
        store = open_store(database)
        if path.suffix.lower() == ".xlsx":
            refuse_to_overwrite([path], force)
            write_workbook(store, path, lang)
        else:
            write_folder(store, path, force)
        say([text("ledger.wrote", path=str(path))])


def migrate(database: Database, wait: Wait = 0, lang: Lang = "") -> None:
    """Bring a ledger to the form that this version of the workbook knows."""
    text = Text(lang)
    with failures_told(text):
        steps = open_store(database).migrate(wait)
    say(text("ledger.migrate.step", step=step) for step in steps)
    say([text("ledger.migrate.done")])


def roles(
    database: Database,
    writer: Annotated[str, typer.Option(help="Role that imports.")] = "workbook_writer",
    reader: Annotated[str, typer.Option(help="Role that only reads.")] = "workbook_reader",
    lang: Lang = "",
) -> None:
    """Create the roles of a shared ledger; an administrator makes users members of them."""
    from analysis.ledger.shared import SharedStore

    text = Text(lang)
    with failures_told(text):
        store = open_store(database)
        if not isinstance(store, SharedStore):
            raise typer.BadParameter("roles are for a shared ledger: postgresql://…")
        statements = store.grant(writer, reader)
    say(f"{statement};" for statement in statements)
    say([text("ledger.roles.next", reader=reader)])


def restore(database: Database, wait: Wait = 0, lang: Lang = "") -> None:
    """Go on from the last state that is whole, after the present one was damaged."""
    from analysis.ledger.embedded import EmbeddedStore

    text = Text(lang)
    with failures_told(text):
        store = open_store(database)
        if not isinstance(store, EmbeddedStore):
            raise typer.BadParameter("a shared ledger is restored by PostgreSQL's own means")
        damaged = store.restore(wait)
    say([damaged.say(lang) if damaged else text("ledger.restore.whole")])

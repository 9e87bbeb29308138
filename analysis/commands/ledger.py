"""`workbook ledger`: a bureau's own ledger, from the blank template to what readers see."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.example import example

if TYPE_CHECKING:
    from analysis.ledger.rates import Rate as RateOf
    from analysis.ledger.rates import Rates
    from analysis.ledger.reading import Reading
    from analysis.ledger.store import Store

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.

app = typer.Typer(
    no_args_is_help=True,
    help="A ledger of your own: projects, arrivals of capital, foreign capital.",
)
app.command()(example)
#: Exit codes: a file or ledger that can't be taken; rows in quarantine or totals that don't
#: agree; another writer (what the system calls a temporary failure).
REFUSED, LOOK, BUSY = 1, 3, 75

Files = Annotated[
    list[str],
    typer.Argument(help="CSV, XLSX or Parquet files, SQLite or DuckDB files, or database URLs."),
]
Database = Annotated[
    str,
    typer.Option(
        envvar="WORKBOOK_LEDGER",
        help="The ledger: a folder, or postgresql://… for a shared one.",
        show_envvar=True,
    ),
]
Kind = Annotated[
    str | None, typer.Option(help="projects, arrivals or foreign_capital; by the header if none.")
]
Sheet = Annotated[str | None, typer.Option(help="One sheet or table alone.")]
Unit = Annotated[str | None, typer.Option(help="Unit of amounts if the file doesn't say it: 万元.")]
Rate = Annotated[
    list[str] | None,
    typer.Option(
        help="Rate of a currency in CNY and when it holds: USD=6.45@2021-06; or a CSV file"
        " (currency, since, until, cny, source). Repeatable."
    ),
]
Wait = Annotated[float, typer.Option(help="Seconds to wait for another writer.")]
Accept = Annotated[
    bool, typer.Option(help="Take totals that files state and rows don't come to as they are.")
]


def _quarantine_path(path: Path | None) -> Path | None:
    from analysis.ledger.quarantine import ENDINGS

    if path is not None and path.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"{path.name}: a quarantine file ends in {' or '.join(ENDINGS)}")
    return path


Quarantine = Annotated[
    Path | None,
    typer.Option(help="File for the rows in quarantine, .xlsx or .csv.", callback=_quarantine_path),
]


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="The .xlsx file to write.")],
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Write the blank workbook that a bureau fills in."""
    from analysis.ledger.template import write

    if lang not in ("zh", "en"):
        raise typer.BadParameter(f"{lang!r} is neither zh nor en", param_hint="--lang")
    with _told():
        typer.echo(f"Wrote {write(path, lang)}.")


@app.command()
def read(
    files: Files,
    kind: Kind = None,
    sheet: Sheet = None,
    unit: Unit = None,
    rate: Rate = None,
    quarantine: Quarantine = None,
) -> None:
    """Say what an import would do with files: nothing is stored, rows in quarantine are written."""
    with _told():
        readings = _read(files, kind, sheet, unit, rate)
        _report(readings)
        _write_quarantine(readings, quarantine, files)
    if _doubtful(readings):
        raise typer.Exit(LOOK)


@app.command("import")
def import_(
    files: Files,
    database: Database,
    kind: Kind = None,
    sheet: Sheet = None,
    unit: Unit = None,
    rate: Rate = None,
    replace: Annotated[
        bool, typer.Option(help="Each file is its whole table: withdraw rows that it lacks.")
    ] = False,
    accept_mismatch: Accept = False,
    quarantine: Quarantine = None,
    wait: Wait = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before storing.")] = False,
) -> None:
    """Read files into the ledger: all of them or none."""
    from analysis.ledger.imports import lines

    with _told():
        store = _store(database)
        readings = _read(files, kind, sheet, unit, rate)
        _report(readings)
        if not yes:
            typer.confirm(f"Store this in {store.shown}?", abort=True)
        paths = [Path(file) for file in files if "://" not in file]
        done = store.import_readings(
            readings, paths, replace=replace, accept_mismatch=accept_mismatch, wait=wait
        )
        for line in lines(done):
            typer.echo(line)
        _write_quarantine(readings, quarantine, files)
    if done.open_entries or not done.published:
        raise typer.Exit(LOOK)


@app.command("quarantine")
def open_quarantine(
    path: Annotated[
        Path, typer.Argument(help="File to write, .xlsx or .csv.", callback=_quarantine_path)
    ],
    database: Database,
) -> None:
    """Write all rows that are in quarantine; corrected in place, the file is imported again."""
    from analysis.ledger.quarantine import write

    with _told():
        entries = _store(database).quarantine()
        written = write(entries, path)
    for file in written:
        typer.echo(f"Wrote {file}.")
    rows = len(entries.drop_duplicates(["file_sha", "sheet", "row"]))
    typer.echo(f"{rows} rows in quarantine, {len(entries)} faults.")


@app.command()
def publish(database: Database, accept_mismatch: Accept = False, wait: Wait = 0) -> None:
    """Show readers the latest state of the ledger."""
    from analysis.ledger.imports import lines

    with _told():
        done = _store(database).publish(accept_mismatch=accept_mismatch, wait=wait)
    for line in lines(done):
        typer.echo(line)
    if not done.published:
        raise typer.Exit(LOOK)


@app.command()
def status(database: Database) -> None:
    """Say what the ledger holds, what is open, and what readers see."""
    from analysis.ledger.imports import amount, mismatch_lines, summed_unit

    with _told():
        store = _store(database)
        found = store.status()
    if found.notice:
        typer.echo(found.notice)
    typer.echo(f"{store.shown}: readers see import {found.published} of {found.latest}.")
    for kind, rows in found.rows.items():
        said = f"sum {amount(found.sums[kind])} ({summed_unit(kind)})"
        typer.echo(f"  {kind}: {rows:,} rows, {said}")
    typer.echo(f"  in quarantine: {found.open_entries} faults")
    for line in mismatch_lines(found.mismatches, most=len(found.mismatches)):
        typer.echo(line)
    for row in found.imports.to_dict("records"):
        who = f"{row['act']} by {row['imported_by']}"
        typer.echo(f"  {row['import_id']}: {row['imported_at']} UTC, {who}")


@app.command()
def history(
    kind: Annotated[str, typer.Argument(help="projects, arrivals or foreign_capital.")],
    number: Annotated[str, typer.Argument(help="The row's own number or its project's.")],
    database: Database,
) -> None:
    """Show every version of a row: what changed in it, and the file that it came from."""
    from analysis.ledger.form import KEYS, KINDS, form
    from analysis.ledger.stored import value_columns, written

    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}")
    with _told():
        found = _store(database).versions(kind, number)
    names = [*dict.fromkeys([KEYS[kind][0], "project_id"]), form(kind).amount.name]
    before: dict[str, dict[str, str | None]] = {}
    for row in found.to_dict("records"):
        ended = f", until import {row['superseded_by']}" if row["superseded_by"] else ""
        cells = {name: written(row[name]) for name in value_columns(kind)}
        earlier = before.get(row["row_key"], cells)
        said = ", ".join(
            [f"{name} {cells[name]}" for name in names if cells[name] is not None]
            + [f"{name} was {earlier[name] or 'missing'}, is {cell or 'missing'}"
               for name, cell in cells.items() if cell != earlier[name]]
        )  # fmt: skip
        before[row["row_key"]] = cells
        place = " ".join(filter(None, [row["file"], row["sheet"], f"row {row['row']}"]))
        typer.echo(f"version {row['version']}: {said} ({place}; import {row['import_id']}{ended})")
    if found.empty:
        typer.echo(f"No row of {kind} has the number {number!r}.", err=True)
        raise typer.Exit(REFUSED)


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="An .xlsx file, or a folder for Parquet files.")],
    database: Database,
    lang: Annotated[str, typer.Option(help="Language of the headers, zh or en.")] = "zh",
) -> None:
    """Write what readers see, as a workbook or as Parquet for Spark and others."""
    from analysis.ledger.exporting import write_folder, write_workbook

    with _told():
        store = _store(database)
        if path.suffix.lower() == ".xlsx":
            write_workbook(store, path, lang)
        else:
            write_folder(store, path)
        typer.echo(f"Wrote {path}.")


@app.command()
def migrate(database: Database, wait: Wait = 0) -> None:
    """Bring a ledger to the form that this version of the workbook knows."""
    with _told():
        steps = _store(database).migrate(wait)
    for step in steps:
        typer.echo(f"Took step {step}.")
    typer.echo("The ledger has its present form.")


@app.command()
def roles(
    database: Database,
    writer: Annotated[str, typer.Option(help="Role that imports.")] = "workbook_writer",
    reader: Annotated[str, typer.Option(help="Role that only reads.")] = "workbook_reader",
) -> None:
    """Create the roles of a shared ledger; an administrator makes users members of them."""
    from analysis.ledger.shared import SharedStore

    with _told():
        store = _store(database)
        if not isinstance(store, SharedStore):
            raise typer.BadParameter("roles are for a shared ledger: postgresql://…")
        statements = store.grant(writer, reader)
    for statement in statements:
        typer.echo(f"{statement};")
    typer.echo(f"Now make users members: GRANT {reader} TO somebody;")


@app.command()
def restore(database: Database, wait: Wait = 0) -> None:
    """Go on from the last state that is whole, after the present one was damaged."""
    from analysis.ledger.embedded import EmbeddedStore

    with _told():
        store = _store(database)
        if not isinstance(store, EmbeddedStore):
            raise typer.BadParameter("a shared ledger is restored by PostgreSQL's own means")
        said = store.restore(wait)
    typer.echo(said or "The present state is whole; nothing to restore.")


@contextmanager
def _told() -> Iterator[None]:
    """Say what went wrong in one line, and end with its exit code."""
    from analysis.ledger.errors import BusyError, StoreError
    from analysis.ledger.problems import LedgerFileError

    try:
        yield
    except BusyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BUSY) from None
    except (StoreError, LedgerFileError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None


def _store(place: str) -> Store:
    from analysis.ledger.store import open_store

    return open_store(place)


def _read(
    files: Sequence[str],
    kind: str | None,
    sheet: str | None,
    unit: str | None,
    rate: Sequence[str] | None,
) -> list[Reading]:
    from analysis.ledger.form import KINDS
    from analysis.ledger.limits import OWN
    from analysis.ledger.reading import read_ledger

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    rates = _rates(rate or ())
    found: list[Reading] = []
    for file in files:
        typer.echo(f"Reading {file} …")
        found += read_ledger(
            file,
            kind,
            sheet=sheet,
            unit=unit,
            rates=rates,
            limits=OWN,
            progress=sys.stderr.isatty(),
        )
    return found


def _rates(given: Sequence[str]) -> Rates:
    from analysis.ledger.rates import Rates, read_rates

    found = [[_stated(each)] if "=" in each else list(read_rates(each).rates) for each in given]
    return Rates(tuple(rate for rates in found for rate in rates))


def _stated(said: str) -> RateOf:
    """Return a rate such as USD=6.45@2021-06, good for the day, month, quarter or year named."""
    from decimal import Decimal, InvalidOperation

    import pandas as pd

    from analysis.ledger.dates import read_date
    from analysis.ledger.form import choices, plain
    from analysis.ledger.lock import who
    from analysis.ledger.problems import CellFault
    from analysis.ledger.rates import Rate as RateOf

    try:
        currency, value = said.split("=", 1)
        cny, when = value.split("@", 1)
        period = read_date(when)
        if period.first is None or not Decimal(cny) > 0:
            raise ValueError(said)
        spans = {"day": "D", "month": "M", "quarter": "Q", "year": "Y"}
        until = pd.Period(period.first, freq=spans[period.precision]).end_time.date()
        source = f"stated by {who()} when importing"
        return RateOf(
            choices("currency")[plain(currency)], period.first, until, Decimal(cny), source
        )
    except (ValueError, KeyError, InvalidOperation, CellFault):
        raise typer.BadParameter(
            f"{said!r} is no rate: write one as USD=6.45@2021-06, or name a CSV file",
            param_hint="--rate",
        ) from None


def _report(readings: Sequence[Reading]) -> None:
    from analysis.ledger.imports import reading_lines

    for reading in readings:
        for line in reading_lines(reading):
            typer.echo(line)


def _beside(files: Sequence[str]) -> Path:
    """Return the place of a quarantine file: beside the first file, named after it."""
    first = next((Path(file) for file in files if "://" not in file), Path("database"))
    return first.with_name(f"{first.stem}-quarantine.xlsx")


def _write_quarantine(
    readings: Sequence[Reading], given: Path | None, files: Sequence[str]
) -> None:
    from analysis.ledger.quarantine import write

    # Where nobody named the file, one of that name may be in somebody's hands.
    for file in write(list(readings), given or _beside(files), keep=given is None):
        typer.echo(f"Rows in quarantine: {file}; correct them there and import that file.")


def _doubtful(readings: Sequence[Reading]) -> bool:
    return any(len(reading.quarantine) or len(reading.mismatches) for reading in readings)

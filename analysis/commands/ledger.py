"""`workbook ledger`: a bureau's own ledger, from the blank template to what readers see."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.example import example
from analysis.files import OverwriteError, refuse_to_overwrite
from analysis.text import LANGUAGES, Text

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
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
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


def _language(given: str) -> str:
    """Return the language that is asked for, else the locale's, as gettext looks for it."""
    if given and given not in LANGUAGES:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(LANGUAGES)}")
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    found = next(filter(None, names), "")
    return given or ("zh" if found.lower().startswith("zh") else "en")


Lang = Annotated[
    str, typer.Option(help="What is said in, zh or en; else the locale's.", callback=_language)
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
    force: Force = False,
) -> None:
    """Write the blank workbook that a bureau fills in."""
    from analysis.ledger.template import write

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is neither zh nor en", param_hint="--lang")
    text = Text(_language(""))
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path.name}: the template is a workbook, name it .xlsx")
    with _told(text):
        refuse_to_overwrite([path], force)
        _say([text("ledger.wrote", path=str(write(path, lang)))])


@app.command()
def read(
    files: Files,
    kind: Kind = None,
    sheet: Sheet = None,
    unit: Unit = None,
    rate: Rate = None,
    quarantine: Quarantine = None,
    lang: Lang = "",
) -> None:
    """Say what an import would do with files: nothing is stored, rows in quarantine are written."""
    text = Text(lang)
    with _told(text):
        readings = _read(files, kind, sheet, unit, rate, text)
        _report(readings, text)
        _write_quarantine(readings, quarantine, files, text)
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
    lang: Lang = "",
) -> None:
    """Read files into the ledger: all of them or none."""
    from analysis.ledger.imports import lines
    from analysis.ledger.problems import printable

    text = Text(lang)
    with _told(text):
        store = _store(database)
        readings = _read(files, kind, sheet, unit, rate, text)
        _report(readings, text)
        if not yes:
            question = printable(text("ledger.confirm", place=store.shown))
            typer.confirm(question, abort=True, err=True)
        paths = [Path(file) for file in files if "://" not in file]
        done = store.import_readings(
            readings, paths, replace=replace, accept_mismatch=accept_mismatch, wait=wait
        )
        _say(lines(done, text))
        _write_quarantine(readings, quarantine, files, text)
    if done.open_entries or not done.published:
        raise typer.Exit(LOOK)


@app.command("quarantine")
def open_quarantine(
    path: Annotated[
        Path, typer.Argument(help="File to write, .xlsx or .csv.", callback=_quarantine_path)
    ],
    database: Database,
    lang: Lang = "",
    force: Force = False,
) -> None:
    """Write all rows that are in quarantine; corrected in place, the file is imported again."""
    from analysis.ledger.quarantine import write

    text = Text(lang)
    with _told(text):
        refuse_to_overwrite([path], force)
        entries = _store(database).quarantine()
        written = write(entries, path)
    rows = len(entries.drop_duplicates(["file_sha", "sheet", "row"]))
    _say(text("ledger.wrote", path=str(file)) for file in written)
    _say([text("ledger.quarantine.rows", rows=rows, faults=len(entries))])


@app.command()
def publish(
    database: Database, accept_mismatch: Accept = False, wait: Wait = 0, lang: Lang = ""
) -> None:
    """Show readers the latest state of the ledger."""
    from analysis.ledger.imports import lines

    text = Text(lang)
    with _told(text):
        done = _store(database).publish(accept_mismatch=accept_mismatch, wait=wait)
    _say(lines(done, text))
    if not done.published:
        raise typer.Exit(LOOK)


@app.command()
def status(database: Database, lang: Lang = "") -> None:
    """Say what the ledger holds, what is open, and what readers see."""
    from analysis.ledger.imports import amount, history_changed, mismatch_lines, summed_unit

    text = Text(lang)
    with _told(text):
        store = _store(database)
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
    _say(told)
    if found.broken:
        raise typer.Exit(LOOK)


@app.command()
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
    with _told(text):
        found = _store(database).versions(kind, number)
    _say(version_lines(kind, found, text))
    if found.empty:
        _say([text("ledger.history.none", kind=text(f"ledger.kind.{kind}"), number=number)], True)
        raise typer.Exit(REFUSED)


@app.command()
def export(
    path: Annotated[Path, typer.Argument(help="An .xlsx file, or a folder for Parquet files.")],
    database: Database,
    lang: Annotated[str, typer.Option(help="Language of the headers, zh or en.")] = "zh",
    force: Force = False,
) -> None:
    """Write what readers see, as a workbook or as Parquet for Spark and others."""
    from analysis.ledger.exporting import write_folder, write_workbook

    text = Text(_language(""))
    with _told(text):
        store = _store(database)
        if path.suffix.lower() == ".xlsx":
            refuse_to_overwrite([path], force)
            write_workbook(store, path, lang)
        else:
            write_folder(store, path)
        _say([text("ledger.wrote", path=str(path))])


@app.command()
def migrate(database: Database, wait: Wait = 0, lang: Lang = "") -> None:
    """Bring a ledger to the form that this version of the workbook knows."""
    text = Text(lang)
    with _told(text):
        steps = _store(database).migrate(wait)
    _say(text("ledger.migrate.step", step=step) for step in steps)
    _say([text("ledger.migrate.done")])


@app.command()
def roles(
    database: Database,
    writer: Annotated[str, typer.Option(help="Role that imports.")] = "workbook_writer",
    reader: Annotated[str, typer.Option(help="Role that only reads.")] = "workbook_reader",
    lang: Lang = "",
) -> None:
    """Create the roles of a shared ledger; an administrator makes users members of them."""
    from analysis.ledger.shared import SharedStore

    text = Text(lang)
    with _told(text):
        store = _store(database)
        if not isinstance(store, SharedStore):
            raise typer.BadParameter("roles are for a shared ledger: postgresql://…")
        statements = store.grant(writer, reader)
    _say(f"{statement};" for statement in statements)
    _say([text("ledger.roles.next", reader=reader)])


@app.command()
def restore(database: Database, wait: Wait = 0, lang: Lang = "") -> None:
    """Go on from the last state that is whole, after the present one was damaged."""
    from analysis.ledger.embedded import EmbeddedStore

    text = Text(lang)
    with _told(text):
        store = _store(database)
        if not isinstance(store, EmbeddedStore):
            raise typer.BadParameter("a shared ledger is restored by PostgreSQL's own means")
        damaged = store.restore(wait)
    _say([damaged.say(lang) if damaged else text("ledger.restore.whole")])


@contextmanager
def _told(text: Text) -> Iterator[None]:
    """Say what went wrong in one line, and end with its exit code."""
    from analysis.ledger.errors import BusyError, StoreError
    from analysis.ledger.problems import LedgerFileError

    try:
        yield
    except StoreError as error:
        _say([error.say(text.lang)], True)
        raise typer.Exit(BUSY if isinstance(error, BusyError) else REFUSED) from None
    except LedgerFileError as error:
        _say([error.line(text.lang)], True)
        raise typer.Exit(REFUSED) from None
    except OverwriteError as error:
        _say([text("ledger.there", path=str(error.path))], True)
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        _say([str(error)], True)
        raise typer.Exit(REFUSED) from None


def _say(lines: Iterable[str], err: bool = False) -> None:
    """Print lines, each on one line, whatever a file's name or a cell holds."""
    from analysis.ledger.problems import printable

    for line in lines:
        typer.echo(printable(line), err=err)


def _store(place: str) -> Store:
    from analysis.ledger.store import open_store

    return open_store(place)


def _read(
    files: Sequence[str],
    kind: str | None,
    sheet: str | None,
    unit: str | None,
    rate: Sequence[str] | None,
    text: Text,
) -> list[Reading]:
    from analysis.ledger.form import KINDS
    from analysis.ledger.limits import OWN
    from analysis.ledger.reading import read_ledger
    from analysis.ledger.repeats import shared_keys

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    rates = _rates(rate or ())
    found: list[Reading] = []
    for file in files:
        _say([text("ledger.reading", file=file)])
        came = read_ledger(
            file,
            kind,
            sheet=sheet,
            unit=unit,
            rates=rates,
            limits=OWN,
            progress=sys.stderr.isatty(),
        )
        same = next((one.file for one in found if one.sha256 == came[0].sha256), "")
        if same:
            _say([text("ledger.read.again", file=file, other=same)])
            continue
        if shared := shared_keys(found, came):
            _say([text("ledger.read.later", file=file, count=shared)])
        found += came
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


def _report(readings: Sequence[Reading], text: Text) -> None:
    from analysis.ledger.imports import reading_lines

    for reading in readings:
        _say(reading_lines(reading, text))


def _beside(files: Sequence[str]) -> Path:
    """Return the place of a quarantine file: beside the first file, named after it."""
    first = next((Path(file) for file in files if "://" not in file), Path("database"))
    return first.with_name(f"{first.stem}-quarantine.xlsx")


def _write_quarantine(
    readings: Sequence[Reading], given: Path | None, files: Sequence[str], text: Text
) -> None:
    from analysis.ledger.quarantine import write

    # Where nobody named the file, one of that name may be in somebody's hands.
    for file in write(list(readings), given or _beside(files), keep=given is None):
        _say([text("ledger.quarantine.file", path=str(file))])


def _doubtful(readings: Sequence[Reading]) -> bool:
    return any(len(reading.quarantine) or len(reading.mismatches) for reading in readings)

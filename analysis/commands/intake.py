"""`workbook ledger` on files: the blank template, reading, importing, rows in quarantine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.options import (
    Accept,
    Database,
    FileLang,
    Files,
    Force,
    Kind,
    Lang,
    Quarantine,
    Rate,
    Sheet,
    Unit,
    Wait,
    language,
    open_store,
    quarantine_path,
)
from analysis.commands.output import LOOK, confirm, failures_told, say
from analysis.files import refuse_to_overwrite
from analysis.text import Text

if TYPE_CHECKING:
    from analysis.ledger.rates import Rate as RateOf
    from analysis.ledger.rates import Rates
    from analysis.ledger.reading import Reading

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.


def template(
    path: Annotated[Path, typer.Argument(help="The .xlsx file to write.")],
    lang: FileLang = "",
    force: Force = False,
) -> None:
    """Write the blank workbook that a bureau fills in."""
    from analysis.ledger.template import write

    text = Text(language(""))
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{path.name}: the template is a workbook, name it .xlsx")
    with failures_told(text):
        refuse_to_overwrite([path], force)
        say([text("ledger.wrote", path=str(write(path, lang)))])


def read(
    files: Files,
    kind: Kind = None,
    sheet: Sheet = None,
    unit: Unit = None,
    rate: Rate = None,
    quarantine: Quarantine = None,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """Say what an import would do with files: nothing is stored, rows in quarantine are written."""
    text = Text(lang)
    with failures_told(text):
        refuse_to_overwrite([quarantine] if quarantine else [], force)
        readings = _read(files, kind, sheet, unit, rate, text)
        _report(readings, text)
        _write_quarantine(readings, quarantine, files, force, text)
    if any(len(one.quarantine) or len(one.mismatches) for one in readings):
        raise typer.Exit(LOOK)


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
    force: Force = False,
    wait: Wait = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before storing.")] = False,
    lang: Lang = "",
) -> None:
    """Read files into the ledger: all of them or none."""
    from analysis.ledger.imports import lines, mismatch_lines

    text = Text(lang)
    with failures_told(text):
        refuse_to_overwrite([quarantine] if quarantine else [], force)
        store = open_store(database)
        readings = _read(files, kind, sheet, unit, rate, text)
        _report(readings, text)
        if not yes:
            confirm(text("ledger.confirm", place=store.shown), text)
        paths = [Path(file) for file in files if "://" not in file]
        done = store.import_readings(
            readings, paths, replace=replace, accept_mismatch=accept_mismatch, wait=wait
        )
        say(lines(done, text))
        say(mismatch_lines(done.mismatches, text), True)
        _write_quarantine(readings, quarantine, files, force, text)
    if done.open_entries or not done.published:
        raise typer.Exit(LOOK)


def open_quarantine(
    path: Annotated[
        Path, typer.Argument(help="File to write, .xlsx or .csv.", callback=quarantine_path)
    ],
    database: Database,
    lang: Lang = "",
    force: Force = False,
) -> None:
    """Write all rows that are in quarantine; corrected in place, the file is imported again."""
    from analysis.ledger.quarantine import write

    text = Text(lang)
    with failures_told(text):
        refuse_to_overwrite([path], force)
        entries = open_store(database).quarantine()
        written = write(entries, path)
    rows = len(entries.drop_duplicates(["file_sha", "sheet", "row"]))
    say(text("ledger.wrote", path=str(file)) for file in written)
    say([text("ledger.quarantine.rows", rows=rows, faults=len(entries))])


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
        say([text("ledger.reading", file=file)])
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
            say([text("ledger.read.again", file=file, other=same)])
            continue
        if shared := shared_keys(found, came):
            say([text("ledger.read.later", file=file, count=shared)])
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
    from analysis.ledger.imports import mismatch_lines, reading_lines

    for reading in readings:
        say(reading_lines(reading, text))
        say(mismatch_lines(reading.mismatches, text), True)


def _beside(files: Sequence[str]) -> Path:
    """Return the place of a quarantine file: beside the first file, named after it."""
    first = next((Path(file) for file in files if "://" not in file), Path("database"))
    return first.with_name(f"{first.stem}-quarantine.xlsx")


def _write_quarantine(
    readings: Sequence[Reading],
    given: Path | None,
    files: Sequence[str],
    force: bool,
    text: Text,
) -> None:
    from analysis.ledger.quarantine import write

    # A file of that name may be in somebody's hands: unless told otherwise, ours goes beside it.
    keep = given is None or not force
    for file in write(list(readings), given or _beside(files), keep=keep):
        say([text("ledger.quarantine.file", path=str(file))], True)

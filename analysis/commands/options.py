"""Options that several `workbook ledger` commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.text import LANGUAGES
from analysis.words import languages

if TYPE_CHECKING:
    from analysis.ledger.store import Store

Files = Annotated[
    list[str],
    typer.Argument(help="CSV, XLSX or Parquet files, SQLite or DuckDB files, or database URLs."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
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


def known(given: str) -> str:
    if given and given not in LANGUAGES:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(LANGUAGES)}")
    return given


def language(given: str) -> str:
    """Return the language that is asked for, else the locale's, as gettext looks for it."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    found = next(filter(None, names), "")
    return known(given) or ("zh" if found.lower().startswith("zh") else "en")


Lang = Annotated[
    str, typer.Option(help="What is said in, zh or en; else the locale's.", callback=language)
]
FileLang = Annotated[
    str,
    typer.Option(
        help="Language of the file, zh or en; else the plan's first.",
        callback=lambda given: known(given) or languages()[0],
    ),
]


def quarantine_path(path: Path | None) -> Path | None:
    from analysis.ledger.quarantine import ENDINGS

    if path is not None and path.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"{path.name}: a quarantine file ends in {' or '.join(ENDINGS)}")
    return path


Quarantine = Annotated[
    Path | None,
    typer.Option(help="File for the rows in quarantine, .xlsx or .csv.", callback=quarantine_path),
]


def open_store(place: str) -> Store:
    """Return the ledger that `--database` names."""
    from analysis.ledger import store

    return store.open_store(place)

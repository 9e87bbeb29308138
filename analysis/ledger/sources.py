"""Where a ledger is read from: a file of some kind, or a database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from analysis.ledger.containers import kind_of
from analysis.ledger.delimited import read_delimited
from analysis.ledger.grids import Contents, Progress, beyond
from analysis.ledger.limits import Limits
from analysis.ledger.problems import LedgerFileError
from analysis.ledger.workbooks import read_workbook


@dataclass(frozen=True, slots=True)
class Source:
    """What was opened.

    file : its name, without the folder
    sha256 : digest of its bytes; of its text, if it is no file
    """

    file: str
    sha256: str
    contents: Contents


def open_source(
    path: Path | str, limits: Limits, progress: Progress, sheet: str | None, name: str = ""
) -> Source:
    """Return what a file or a table of a database holds, as text.

    name : what the file is called, if not as its path

    Raises
    ------
    LedgerFileError : it can't be opened, or is beyond the bounds
    """
    if "://" in str(path):
        from analysis.ledger.databases import read_database

        return Source(*read_database(str(path), limits, progress, sheet))
    path = Path(path)
    file = name or path.name
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise beyond("file", limits.file_bytes, file)
        data = path.read_bytes()
    except OSError as error:
        raise LedgerFileError("unreadable", file, why=error.strerror or str(error)) from error
    sha256 = hashlib.sha256(data).hexdigest()
    kind = kind_of(data, file)
    if kind == "csv":
        contents = read_delimited(data, file, limits, progress).only(sheet or None, file)
    elif kind == "xlsx":
        contents = read_workbook(path, file, limits, progress, sheet)
    else:
        from analysis.ledger.databases import read_file

        contents = read_file(kind, path, file, limits, progress, sheet)
    return Source(file, sha256, contents)

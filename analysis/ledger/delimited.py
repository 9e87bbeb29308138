"""What a file of separated text holds, in its encoding and with its separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from analysis.ledger.form import KINDS, form
from analysis.ledger.grids import Contents, Grid, Progress, beyond, bounded
from analysis.ledger.limits import Limits
from analysis.ledger.problems import Finding, LedgerFileError, printable
from analysis.ledger.units import headed

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What other encodings look like when read as GB18030: signs without a meaning of their own,
#: or a Hanzi between the letters of a word.
_FOREIGN = re.compile("[\ue000-\uf8ff]|(?<=[A-Za-z])[\u4e00-\u9fff](?=[a-z])")
_HANZI = re.compile("[\u4e00-\u9fff]")
_SAMPLE = 50


def read_delimited(data: bytes, file: str, limits: Limits, progress: Progress) -> Contents:
    """Return the table of a CSV or TSV file.

    Raises
    ------
    LedgerFileError : encoding, csv_syntax or limits
    """
    text, encoding = decode(data, file)
    warnings = []
    if encoding not in ("utf-8", "utf-8-sig"):
        warnings.append(Finding("encoding_used", "", 0, "", "", {"encoding": encoding}))
    told = re.match("sep=([,;\t])\r?\n", text)
    delimiter = told.group(1) if told else sniff(text)
    if delimiter != ",":
        name = {"\t": "tab", ";": ";"}[delimiter]
        warnings.append(Finding("delimiter", "", 0, "", name, {"delimiter": name}))
    lines = progress(_records(text, delimiter, file, limits), None, file)
    rows = [
        (number, cells)
        for number, cells in bounded(lines, file, "", limits)
        if any(map(str.strip, cells))
    ]
    last = rows[-1][0] if rows else 0
    return Contents("csv", [Grid("", rows, last, padded=False)], encoding, (*warnings,))


def decode(data: bytes, file: str) -> tuple[str, str]:
    """Return the text of a file and its encoding: by its mark, else UTF-8, else GB18030.

    Raises
    ------
    LedgerFileError : encoding, mixed_encoding, cut_short or garbled; names the first row that
        can't be read
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                tried = encoding.upper().removesuffix("-SIG")
                raise _undecoded(error, data, file, tried) from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _ends_early(error) and len(_HANZI.findall(data[: error.start].decode("utf-8"))) > 1:
            raise _undecoded(error, data, file, "UTF-8") from None
        return _gb18030(data, file), "gb18030"
    if text.count("\0") > len(text) // 4:
        raise LedgerFileError("encoding", file, row=1, tried="UTF-8")
    return text, "utf-8"


def _gb18030(data: bytes, file: str) -> str:
    """Decode what is no UTF-8, unless some of its lines are UTF-8 and others aren't."""
    lines = [line for line in enumerate(data.split(b"\n"), start=1) if not line[1].isascii()]
    readable = {number: _is_utf8(line) for number, line in lines}
    # Two or more Hanzi: a short GBK word may be valid UTF-8 by chance, but not in Hanzi.
    certain = [number for number, hanzi in readable.items() if hanzi and hanzi > 1]
    if certain:
        foreign = [number for number, hanzi in readable.items() if hanzi is None]
        later = min(foreign) if min(certain) < min(foreign) else min(certain)
        raise LedgerFileError("mixed_encoding", file, row=later)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _undecoded(error, data, file, "UTF-8, GB18030") from None
    for found in _FOREIGN.finditer(text):
        if not _common(found.group()):
            row = text.count("\n", 0, found.start()) + 1
            word = re.split(r"[\s,;]", text[: found.start()])[-1][-8:] + found.group()
            raise LedgerFileError("garbled", file, row=row, found=printable(word))
    return text


def _undecoded(error: UnicodeDecodeError, data: bytes, file: str, tried: str) -> LedgerFileError:
    row = error.object[: error.start].count(b"\n") + 1
    if _ends_early(error):
        return LedgerFileError("cut_short", file, row=row, bytes=f"{len(data):,}")
    return LedgerFileError("encoding", file, row=row, tried=tried)


def _ends_early(error: UnicodeDecodeError) -> bool:
    """Whether the last character of a file is there in part alone."""
    return error.end == len(error.object) and error.reason in (
        "unexpected end of data", "incomplete multibyte sequence", "truncated data",
    )  # fmt: skip


def _common(hanzi: str) -> bool:
    """Whether a Hanzi is of the everyday ones, as in A座b."""
    try:
        return bool(hanzi.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _is_utf8(line: bytes) -> int | None:
    """Return how many Hanzi a line holds as UTF-8, or None if it is none."""
    try:
        return len(_HANZI.findall(line.decode("utf-8")))
    except UnicodeDecodeError:
        return None


def sniff(text: str) -> str:
    """Return the separator under which most names of the form are found: , ; or tab."""
    sample = io.StringIO(text[:200_000], newline="")
    lines = [line for _, line in zip(range(_SAMPLE), sample, strict=False)]
    names = set().union(*(form(kind).names for kind in KINDS))

    def known(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        found = [sum(not names.isdisjoint(headed(cell).names) for cell in row) for row in rows]
        return max(found, default=0), max(map(len, rows), default=0)

    # The comma wins a tie.
    return max((",", ";", "\t"), key=lambda d: (known(d)[0], known(d)[1] if d == "," else 0))


def _records(
    text: str, delimiter: str, file: str, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Return (number, cells) of each record, counted as a spreadsheet counts rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise LedgerFileError("csv_syntax", file, row=number + 1) from None
        number += 1
        if cells and max(map(len, cells)) > limits.cell_chars:
            # Nobody types a chapter into a cell: a quote was opened and never closed.
            if any("\n" in cell for cell in cells):
                raise LedgerFileError("csv_syntax", file, row=number)
            raise beyond("cell", limits.cell_chars, file, row=number)
        yield number, cells

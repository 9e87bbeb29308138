"""Files of the corpus that text can't hold: each function writes one and returns its path."""

from __future__ import annotations

import datetime
import io
import re
import sqlite3
import struct
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = ("项目编号", "到位日期", "到位资金（万元）")
ROW = ("P1", "2021-03-01", 100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SQL = 'CREATE TABLE arrivals ("项目编号" TEXT, "到位日期" TEXT, "到位资金（万元）" NUMERIC)'


def workbook(*rows) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, *rows)):
            sheet.write_row(number, 0, row)
    return held.getvalue()


def rezipped(change: dict[str, bytes | None], base: bytes | None = None) -> bytes:
    """Return a workbook with parts changed, added or (None) left out."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or workbook(ROW))) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, part in change.items():
            if part is not None:
                new.writestr(name, part)
    return held.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook(ROW))) as book:
        return book.read(name)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def epoch_1904(folder: Path) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("P1", 42794, 100))
        sheet.write(2, 0, "P2")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(2, 1, datetime.datetime(2021, 3, 1), day)
        sheet.write(2, 2, 100)
    return path


def unvalued_formula(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (HEADER, ROW, ("P2", "2021-03-01", "=100*2")):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def password(folder: Path) -> Path:
    return written(folder / "a.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))


def old_workbook(folder: Path) -> Path:
    return written(folder / "a.xlsx", OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"))


def word(folder: Path) -> Path:
    change = {"word/document.xml": b"<w/>", "xl/workbook.xml": None}
    names = dict.fromkeys(zipfile.ZipFile(io.BytesIO(workbook(ROW))).namelist())
    return written(folder / "a.xlsx", rezipped({**names, **change}))


def archive(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as new:
        new.writestr("readme.txt", "nothing here")
    return folder / "a.zip"


def cut_workbook(folder: Path) -> Path:
    whole = workbook(*(("P", "2021-03-01", n) for n in range(200)))
    return written(folder / "a.xlsx", whole[: len(whole) // 2])


def zip_bomb(folder: Path) -> Path:
    return written(folder / "a.xlsx", rezipped({"xl/media/image1.bin": b"\0" * 60_000_000}))


def zip_ratio(folder: Path) -> Path:
    return written(folder / "a.xlsx", rezipped({"xl/media/image1.bin": b"\0" * 5_000_000}))


def giant_cell(folder: Path) -> Path:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write(19_999, 2_729, 1)
    return written(folder / "a.xlsx", held.getvalue())


def giant_dimension(folder: Path) -> Path:
    lie = part(SHEET).replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    assert b"XFD" in lie
    return written(folder / "a.xlsx", rezipped({SHEET: lie}))


def entity_bomb(folder: Path) -> Path:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)
    )
    declared = f"<!DOCTYPE worksheet [{entities}]>".encode()
    markup = part(SHEET).replace(b"<worksheet", declared + b"<worksheet", 1)
    assert declared in markup
    return written(folder / "a.xlsx", rezipped({SHEET: markup}))


def entity_file(folder: Path) -> Path:
    declared = b'<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    markup = part("xl/sharedStrings.xml").replace(b"<sst", declared + b"<sst", 1)
    # In UTF-16, where a search for the bytes of a declaration would find none.
    text = markup.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return written(folder / "a.xlsx", rezipped({"xl/sharedStrings.xml": text.encode("utf-16")}))


def macros(folder: Path) -> Path:
    return written(folder / "a.xlsm", rezipped({"xl/vbaProject.bin": OLE}))


def endless_rows(folder: Path) -> Path:
    markup = part(SHEET).replace(b'<row r="2"', b'<row r="999999999999"')
    assert b"999999999999" in markup
    return written(folder / "a.xlsx", rezipped({SHEET: markup}))


def renamed(folder: Path, change) -> Path:
    """A workbook whose parts are named in another way than usual."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(ROW))) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(change(name), old.read(name))
    return written(folder / "renamed.xlsx", held.getvalue())


def backslashes(folder: Path) -> Path:
    return renamed(folder, lambda name: name.replace("/", "\\"))


def shared_capitals(folder: Path) -> Path:
    return renamed(folder, lambda name: name.replace("sharedStrings", "SharedStrings"))


def at_the_root(folder: Path) -> Path:
    """A workbook whose parts lie beside their list, not below xl/."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(ROW))) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            if name in ("[Content_Types].xml", "_rels/.rels"):
                text = text.replace(b"/xl/", b"/").replace(b'"xl/', b'"')
            new.writestr(name.removeprefix("xl/"), text)
    return written(folder / "root.xlsx", held.getvalue())


def empty_styles(folder: Path) -> Path:
    sheet = part(SHEET).replace(b"<c r=", b'<c s="" r=')
    return written(folder / "styles.xlsx", rezipped({SHEET: sheet}))


def no_styles(folder: Path) -> Path:
    """A workbook whose cells are numbered as styled, and which has no styles."""
    kinds, links = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    lost = {
        name: re.sub(rb"<(?:Override|Relationship) [^>]*styles[^>]*/>", b"", part(name))
        for name in (kinds, links)
    }
    sheet = part(SHEET).replace(b"<c r=", b'<c s="1" r=')
    return written(folder / "plain.xlsx", rezipped({"xl/styles.xml": None, SHEET: sheet, **lost}))


def blank_columns(folder: Path) -> Path:
    """Cells that are only formatted, far beyond the table."""
    path = folder / "blank.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, shade = book.add_worksheet(), book.add_format({"bg_color": "#dddddd"})
        for number, row in enumerate((HEADER, ROW)):
            sheet.write_row(number, 0, row)
            for column in range(len(row), 1_400):
                sheet.write_blank(number, column, None, shade)
    return path


def hidden_columns_and_filter(folder: Path) -> Path:
    path = folder / "filtered.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, ROW, ("P2", "2021-03-02", 50))):
            sheet.write_row(number, 0, row)
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.autofilter("A1:C3")
        sheet.filter_column("A", "x == P1")
        sheet.set_row(2, None, None, {"hidden": True})
    return path


def numbers_as_ids(folder: Path) -> Path:
    """Ids that were typed as numbers of 18 digits: a spreadsheet keeps 15 of them."""
    path = folder / "ids.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (4.2e17, "2021-03-01", 100))
        sheet.write_row(2, 0, (123456789012345678, "2021-03-01", 100))
        sheet.write_row(3, 0, (123456789012345, "2021-03-01", 100))
        sheet.write_row(4, 0, ("123456789012345678", "2021-03-01", 100))
    return path


def returns_in_cells(folder: Path) -> Path:
    path = folder / "returns.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*HEADER, "项目名称"))
        sheet.write_row(1, 0, (*ROW, "甲\r\n乙"))
        sheet.write_row(2, 0, ("P2", "2021-03-02", 50, "a_x0041_b"))
    return path


def _parquet(path: Path, **columns) -> Path:
    table = {
        "项目编号": ["00123", "P2"],
        "到位日期": [datetime.date(2021, 3, 1), datetime.date(2021, 3, 2)],
        "到位资金（万元）": [1234.5, 0.1 + 0.2],
        **columns,
    }
    pq.write_table(pa.table(table), path, write_page_checksum=True, compression="none")
    return path


def parquet(folder: Path) -> Path:
    return _parquet(folder / "a.parquet")


def parquet_cut(folder: Path) -> Path:
    whole = _parquet(folder / "a.parquet").read_bytes()
    return written(folder / "a.parquet", whole[:-20])


def parquet_flipped(folder: Path) -> Path:
    whole = bytearray(_parquet(folder / "a.parquet").read_bytes())
    place = whole.index(struct.pack("<d", 1234.5))
    whole[place] ^= 1
    return written(folder / "a.parquet", bytes(whole))


def parquet_lists(folder: Path) -> Path:
    return _parquet(folder / "a.parquet", **{"到位资金（万元）": [[1], [2]]})


def parquet_booleans(folder: Path) -> Path:
    return _parquet(folder / "a.parquet", **{"到位资金（万元）": [True, False]})


def _sqlite(folder: Path, *statements: str) -> Path:
    path = folder / "a.sqlite"
    link = sqlite3.connect(path)
    for statement in statements:
        link.execute(statement)
    link.commit()
    link.close()
    return path


_FILL = "INSERT INTO arrivals VALUES ('00123', '2021-03-01', 1234.5)"


def sqlite(folder: Path) -> Path:
    return _sqlite(folder, SQL, _FILL)


_VIEW = (
    'CREATE VIEW arrivals AS SELECT \'P1\' "项目编号", \'2021\' "到位日期", 1 "到位资金（万元）"'
)


def sqlite_view(folder: Path) -> Path:
    return _sqlite(folder, "CREATE TABLE other (a)", _VIEW)


def sqlite_view_alone(folder: Path) -> Path:
    return _sqlite(folder, _VIEW)


def sqlite_trigger(folder: Path) -> Path:
    trigger = "CREATE TRIGGER t AFTER INSERT ON arrivals BEGIN DELETE FROM arrivals; END"
    return _sqlite(folder, SQL, _FILL, trigger)


def sqlite_computed(folder: Path) -> Path:
    computed = SQL.replace("NUMERIC", "NUMERIC AS (abs(1234.5))")
    return _sqlite(folder, computed, "INSERT INTO arrivals VALUES ('P1', '2021-03-01')")


LOCKED = []


def sqlite_locked(folder: Path) -> Path:
    path = _sqlite(folder, SQL, _FILL)
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("BEGIN EXCLUSIVE")
    # Held until the process ends: the file is locked as long as the link lives.
    LOCKED.append(link)
    return path


def sqlite_without_log(folder: Path) -> Path:
    link = sqlite3.connect(folder / "first.sqlite")
    for statement in ("PRAGMA journal_mode=WAL", SQL, _FILL):
        link.execute(statement)
    link.commit()
    path = written(folder / "a.sqlite", (folder / "first.sqlite").read_bytes())
    link.close()
    return path


def sqlite_damaged(folder: Path) -> Path:
    whole = bytearray(sqlite(folder).read_bytes())
    whole[100:4000] = b"\xff" * 3900
    return written(folder / "a.sqlite", bytes(whole))


def _duckdb(folder: Path, *statements: str) -> Path:
    with duckdb.connect(str(folder / "a.duckdb")) as link:
        for statement in statements:
            link.execute(statement)
    return folder / "a.duckdb"


def duckdb_table(folder: Path) -> Path:
    return _duckdb(folder, SQL.replace("NUMERIC", "DECIMAL(18,6)"), _FILL)


def duckdb_view(folder: Path) -> Path:
    other = folder / "other.csv"
    other.write_text(",".join(HEADER) + "\nP1,2021-03-01,100\n", encoding="utf-8")
    return _duckdb(folder, f"CREATE VIEW arrivals AS SELECT * FROM read_csv('{other}')")

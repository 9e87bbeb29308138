"""Which kind of file this is, by its bytes and not by its name, and whether it may be opened."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from analysis.ledger.grids import beyond
from analysis.ledger.limits import Limits
from analysis.ledger.problems import LedgerFileError

DAMAGED = {"zh": "损坏的 Excel 文件", "en": "a damaged workbook"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: First bytes of what is often given the name of a spreadsheet -> what it is.
_OTHERS = (
    (b"%PDF", {"zh": "PDF 文件", "en": "a PDF"}),
    (b"{\\rtf", {"zh": "RTF 文档", "en": "an RTF document"}),
    (b"\x1f\x8b", {"zh": "gzip 压缩文件", "en": "a gzip archive"}),
    (b"7z\xbc\xaf", {"zh": "7z 压缩文件", "en": "a 7z archive"}),
    (b"Rar!", {"zh": "RAR 压缩文件", "en": "a RAR archive"}),
    (b"\x89PNG", {"zh": "PNG 图片", "en": "a PNG picture"}),
    (b"\xff\xd8\xff", {"zh": "JPEG 图片", "en": "a JPEG picture"}),
    (b"MZ", {"zh": "Windows 程序", "en": "a Windows program"}),
    (b"\x7fELF", {"zh": "Linux 程序", "en": "a Linux program"}),
)
_MARKUP = (
    (b"schemas-microsoft-com:office:spreadsheet",
     {"zh": "Excel 2003 XML 表格", "en": "an Excel 2003 XML spreadsheet"}),
    (b"<html", {"zh": "网页（HTML）", "en": "a web page (HTML)"}),
    (b"<table", {"zh": "网页（HTML）", "en": "a web page (HTML)"}),
    (b"<!doctype html", {"zh": "网页（HTML）", "en": "a web page (HTML)"}),
    (b"<?xml", {"zh": "XML 文件", "en": "an XML file"}),
)  # fmt: skip


def kind_of(data: bytes, file: str) -> str:
    """Return csv, xlsx, parquet, sqlite or duckdb.

    data : all bytes of the file, or its first thousands and its last

    Raises
    ------
    LedgerFileError : no_rows (an empty file) or container (something else; it is named)
    """
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise LedgerFileError("no_rows", file)
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if data[8:12] == b"DUCK":
        return "duckdb"
    found = _ole(data) if data.startswith(_OLE) else None
    found = found or next((name for mark, name in _OTHERS if data.startswith(mark)), None)
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not found and start.startswith(b"<"):
        found = next((name for mark, name in _MARKUP if mark in start), None)
    if found:
        raise LedgerFileError("container", file, found=found)
    return "csv"


def _ole(data: bytes) -> dict[str, str]:
    """Name what lies in the container that Office used before 2007."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return {"zh": "有密码保护的 Excel 文件", "en": "a workbook protected by a password"}
    if holds("WordDocument"):
        return {"zh": "旧版 Word 文档（.doc）", "en": "an old Word document (.doc)"}
    if holds("Workbook") or holds("Book"):
        return {"zh": "旧版 Excel 文件（.xls）", "en": "an old Excel workbook (.xls)"}
    return {"zh": "旧版 Office 文件", "en": "an old Office file"}


def check_zip(path: Path, file: str, limits: Limits) -> None:
    """Look at a workbook's container before anything of it is parsed.

    Raises
    ------
    LedgerFileError : container, limits, macro or entities
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, file, limits)
            names = {entry.filename.replace("\\", "/") for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise LedgerFileError("macro", file)
            if any(entry.flag_bits & 1 for entry in entries):
                found = {"zh": "加密的压缩文件", "en": "an encrypted archive"}
                raise LedgerFileError("container", file, found=found)
            if not any(name.startswith("xl/") for name in names) and not _is_workbook(archive):
                raise LedgerFileError("container", file, found=_zipped(names))
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _refuse_declarations(archive, entry, file)
    except LedgerFileError:
        raise
    except Exception as error:
        # An archive may be broken in any place; zipfile and zlib each have errors of their own.
        found = {"zh": "损坏的压缩文件", "en": "a damaged archive"}
        raise LedgerFileError("container", file, found=found) from error


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether its list of parts names a workbook, wherever it lies: most lie below xl/."""
    listed = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()}
    if _PARTS not in listed:
        return False
    return b"sheet.main+xml" in archive.read(listed[_PARTS])


#: The part of an archive that lists the others, and how it names one.
_PARTS = "[Content_Types].xml"
_PART = re.compile(rb'PartName="/([^"]+)"')


def mended(path: Path) -> bytes:
    """Return a workbook with what spreadsheets overlook put right.

    Some writers put backslashes between a part's folders, name it in other capitals than their
    list of parts does, or leave the style of a cell empty.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {
            entry.filename.replace("\\", "/"): archive.read(entry) for entry in archive.infolist()
        }
        listed = (name.decode() for name in _PART.findall(parts[_PARTS]))
        spelt = {name.lower(): name for name in listed}
        for name, part in parts.items():
            sheet = b"sheetData" in part
            new.writestr(
                spelt.get(name.lower(), name), part.replace(b' s=""', b"") if sheet else part
            )
    return held.getvalue()


def _check_sizes(entries: list[zipfile.ZipInfo], file: str, limits: Limits) -> None:
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if inflated > limits.zip_bytes:
        raise beyond("inflated", limits.zip_bytes, file)
    # Small parts pack well by nature: a ratio says something from some size on.
    if inflated > 1_000_000 and inflated > limits.zip_ratio * max(packed, 1):
        raise beyond("ratio", limits.zip_ratio, file)


def _zipped(names: set[str]) -> Any:
    if "word/document.xml" in names:
        return {"zh": "Word 文档（.docx）", "en": "a Word document (.docx)"}
    if "ppt/presentation.xml" in names:
        return {"zh": "PowerPoint 文档（.pptx）", "en": "a PowerPoint file (.pptx)"}
    if "content.xml" in names:
        return {"zh": "OpenDocument 文件（.ods）", "en": "an OpenDocument file (.ods)"}
    if any(name.startswith("Index/") for name in names):
        return {"zh": "Numbers 文件", "en": "a Numbers file"}
    return {"zh": "ZIP 压缩文件", "en": "a ZIP archive"}


def _refuse_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> None:
    """Refuse a part that declares a document type: workbooks have none, entity bombs do.

    A declaration must stand before the first element, so only that much is parsed.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    with archive.open(entry) as part:
        try:
            for _ in iterparse(part, events=("start",), forbid_dtd=True):
                return
        except DefusedXmlException as error:
            raise LedgerFileError("entities", file) from error
        except (ParseError, ValueError, LookupError) as error:
            raise LedgerFileError("container", file, found=DAMAGED) from error

"""Chinese shows on a machine with no fonts at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cell_words import NOTEBOOKS, sentences
from fontTools.ttLib import TTFont

from analysis.charts.font import FAMILY, FONTS
from analysis.documents.document import Document, Section
from analysis.documents.pdf import pdf

ROOT = Path(__file__).parents[2]
FILES = sorted(FONTS.glob("NotoSansSC-*.ttf"))
#: Draws single characters, a page of a document and its PDF; tells digests and warnings.
DRAW = r"""
import hashlib, json
import typst
from analysis.charts.font import FONTS
from analysis.documents.document import Document, Section
from analysis.documents.pdf import TEMPLATE, pages
from analysis.documents.picture import png

def spec(sign):
    at = {"text": {"value": sign}, "x": {"value": 10}, "y": {"value": 40},
          "font": {"value": "Noto Sans SC"}, "fontSize": {"value": 30}}
    return {"width": 60, "height": 60, "marks": [{"type": "text", "encode": {"update": at}}]}

def digest(content):
    return hashlib.sha256(content).hexdigest()

signs = {sign: digest(png(spec(sign))) for sign in "汉硚口✕✓\ue000\ue001"}
document = Document("武汉硚口区", "", "2021 年方案", "zh", (Section("第一节", ("到位资金。",)),))
shown = [digest(page) for page in pages(document)]
source = '#set text(font: "Noto Sans SC")\n武汉 *硚口区* 8,431 Wuhan'.encode()
_, warnings = typst.compile_with_warnings(
    source, font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf")
print(json.dumps({"signs": signs, "pages": shown, "warnings": [str(w) for w in warnings]}))
"""


def drawn(**env: str) -> dict:
    told = subprocess.run(
        [sys.executable, "-c", DRAW],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **env},
    )
    return json.loads(told.stdout)


def test_pictures_and_pages_are_the_same_where_no_font_is_installed(tmp_path):
    nothing = tmp_path / "fonts.conf"
    nothing.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{tmp_path / 'none'}</dir></fontconfig>"
    )
    bare = drawn(FONTCONFIG_FILE=str(nothing), HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))
    assert bare["warnings"] == []
    signs = bare["signs"]
    # Signs that no font has are drawn alike, as the box for what is missing; ours are not.
    assert signs["\ue000"] == signs["\ue001"]
    assert len({signs[sign] for sign in "汉硚口✕✓\ue000"}) == 6
    assert bare["pages"] == drawn()["pages"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_packaged_fonts_have_every_character_that_the_workbook_writes(path):
    font = TTFont(path)
    assert font["name"].getDebugName(1) == FAMILY
    has = set(font.getBestCmap())
    (extra,) = FONTS.glob("NotoSansSymbols2-*.ttf")
    symbols = {chr(code) for code in TTFont(extra).getBestCmap()}
    tables = (ROOT / "data").rglob("*.csv")
    shown = [one for one in tables if one.stem not in ("local_figures", "projects")]
    texts = {file.name: file.read_text(encoding="utf-8")
             for file in (ROOT / "analysis" / "strings.csv", *shown)}  # fmt: skip
    texts |= {path.name: "".join(one for _, said in sentences(path) for one in said.values())
              for path in NOTEBOOKS}  # fmt: skip
    for name, text in texts.items():
        used = set(text)
        # A foreign author's rare letter is left to the reader's own fonts.
        used = {sign for sign in used - symbols if sign.isprintable() and ord(sign) > 0x17F}
        lacking = {sign for sign in used if ord(sign) not in has}
        assert not lacking, f"{name}: run docs/subset_fonts.py again for {lacking}"
    everyday = bytes(
        byte for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFE) for byte in (high, low)
    ).decode("gb2312", errors="ignore")
    assert {ord(sign) for sign in everyday} <= has
    assert path.stat().st_size < 2_400_000


def test_the_fonts_come_with_their_licence():
    assert len(FILES) == 2
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


def test_quotation_marks_of_an_english_document_leave_no_gap():
    """The packaged font's are as wide as a Chinese character, so another font's stand there."""
    sections = (Section("Plan", ("“At the floors”, the plan’s sum.",)),)
    own, chinese = (pdf(Document("Plan", "", "", lang, sections)) for lang in ("en", "zh"))
    assert b"Libertinus" in own and b"Libertinus" not in chinese

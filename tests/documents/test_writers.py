"""Documents are opened with the libraries that read them, and looked at page by page."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document as read_word
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation

from analysis import files
from analysis.board.columns import Column
from analysis.documents.cells import neutral, printable
from analysis.documents.document import MOST_ROWS, Cards, Section, Table
from analysis.documents.excel import sheet_names
from analysis.documents.pdf import pages
from analysis.documents.writers import FORMS, writer

A4 = (210, 297)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_document_gives_the_same_bytes(document, form):
    first = writer(form)(document)
    assert first == writer(form)(document)
    assert len(first) > 2000


@pytest.mark.parametrize("form", [form for form in FORMS if form != "pdf"])
def test_cards_that_are_made_up_say_so_and_conclusions_from_them_too(document, form):
    """Once, where they stand: a page of an example ledger has no label on every page."""
    cards, about = document.sections[0].blocks[1].cards, "来源：台账"

    marked_one, plain_one = (
        replace(document, label="", sections=(
            Section("", ("到位 8,431 亿元。", Cards(cards, about, illustrative))),
        )) for illustrative in (True, False)
    )  # fmt: skip
    marked, plain = (words_of(writer(form)(one), form) for one in (marked_one, plain_one))
    assert pages(marked_one) != pages(plain_one)
    assert marked.count("示意数据") == 1 and "示意" not in plain
    assert ("亿元。（示意）" in marked) == (form == "pptx")
    assert (about in marked) == (form == "xlsx")


def words_of(made, form):
    """What a document says, whatever its form."""
    if form == "html":
        return re.sub(r"<[^>]+>", " ", made.decode())
    if form == "pptx":
        shapes = [
            shape for slide in Presentation(io.BytesIO(made)).slides for shape in slide.shapes
        ]
        return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    if form == "docx":
        return "\n".join(one.text for one in read_word(io.BytesIO(made)).paragraphs)
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(made)) for row in sheet
             for cell in row]  # fmt: skip
    return "\n".join(str(cell.value) for cell in cells if cell.value)


def test_an_unknown_form_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"'odt'.*pdf, docx, pptx, xlsx, html"):
        writer("odt")


def test_word_has_native_titles_pictures_tables_and_footnotes(document):
    made = writer("docx")(document)
    found = read_word(io.BytesIO(made))
    styles = [(p.style.name, p.text) for p in found.paragraphs if p.text]
    assert ("Title", document.title) in styles
    assert [text for style, text in styles if style == "Heading 1"][:2] == ["第一节", "第二节"]
    assert ("Heading 2", "图的结论") in styles
    assert any(style == "Caption" and "图的结论" in text for style, text in styles)
    (shape,) = found.inline_shapes
    assert shape._inline.docPr.get("descr") == "替代文字"
    cards, table, many, behind = found.tables
    assert cards.cell(1, 1).text == "8,431"
    assert [cell.text for cell in table.rows[0].cells] == ["名称", "底线（亿元）", "年"]
    assert [cell.text for cell in table.rows[2].cells] == ["+1", "−1,234.50", "2020"]
    assert len(many.rows) == MOST_ROWS + 1
    assert len(behind.rows) == 4
    section = found.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == A4
    assert document.label in section.header.paragraphs[0].text
    with ZipFile(io.BytesIO(made)) as package:
        notes = package.read("word/footnotes.xml").decode()
        body = package.read("word/document.xml").decode()
        styles_part = package.read("word/styles.xml").decode()
    assert re.findall(r"来源：.", notes) == ["来源：甲", "来源：甲", "来源：乙"]
    assert len(re.findall("w:footnoteReference ", body)) == 3
    assert "Microsoft YaHei" in styles_part


def test_slides_have_one_finding_each_with_picture_reading_and_source(document):
    deck = Presentation(io.BytesIO(writer("pptx")(document)))
    by_title: dict[str, list] = {}
    for slide in deck.slides:
        by_title.setdefault(slide.shapes.title.text, []).append(slide)
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert document.label in texts
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height
    (shown,) = by_title["图的结论"]
    (picture,) = [shape for shape in shown.shapes if shape.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr") == "替代文字"
    texts = [shape.text_frame.text for shape in shown.shapes if shape.has_text_frame]
    assert "图的读法" in texts and "来源：甲" in texts
    (slide,) = by_title["各区底线"]
    (grid,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert grid.cell(1, 1).text == "569"
    assert by_title["很多行 (1/3)"] and by_title["很多行 (3/3)"]


def test_excel_has_a_sheet_a_table_numbers_as_numbers_and_no_formula(document, hostile):
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(document)))
    assert book.sheetnames == ["目标", "各区底线", "各区底线 2", "很多行", "来源"]
    sheet = book["各区底线"]
    assert sheet.freeze_panes == "B6"
    assert [cell.value for cell in sheet[5]] == ["名称", "底线（亿元）", "年"]
    assert sheet["A2"].value == "来源：甲"
    assert (sheet["B7"].value, sheet["B7"].data_type) == (-1234.5, "n")
    assert sheet["B7"].number_format == "#,##0.00" and sheet["C7"].number_format == "0"
    assert sheet["B8"].value is None
    assert book["很多行"].max_row == 5 + 60
    for one in book:
        assert document.label in (one["A3"].value, one["A3"].value or "")
        for row in one.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value[0] in "=+-@\t\r")
    assert sheet["A6"].value == f"'{hostile}"
    told = [cell.value for cell in book["来源"]["C"][5:]]
    assert told[1:] == ["来源：甲", "来源：甲", "来源：乙"]


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_html_stands_alone_and_runs_nothing(document):
    page = writer("html")(document).decode()
    found = Tags()
    found.feed(page)
    assert "script" not in found.tags and "link" not in found.tags
    assert {"figure", "img", "table", "h1", "h2", "ol"} <= set(found.tags)
    addresses = [value for name, value in found.attributes if name in ("src", "href")]
    assert all(value.startswith(("data:image/svg+xml", "#")) for value in addresses)
    assert "&lt;script&gt;" in page and "@page" in page
    assert page.count("<tr>") == 3 + 1 + MOST_ROWS + 1, "tables have their rows"
    assert ">−1,234.50</td>" in page and ">底线（亿元）</th>" in page
    assert document.label in page


def test_pdf_is_a4_with_its_texts_as_data_not_as_markup(document):
    made = writer("pdf")(document)
    assert made.startswith(b"%PDF-")
    shown = [Image.open(io.BytesIO(page)) for page in pages(document, ppi=25.4)]
    assert len(shown) >= 2
    for page in shown:
        assert page.size == A4
        # A title that were read as markup would paint the page.
        assert page.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        assert page.convert("L").getextrema()[0] < 200


@given(st.text(max_size=20))
def test_no_text_is_a_formula_and_only_such_are_changed(text):
    made = neutral(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made in (printable(text), f"'{printable(text)}")


def test_numbers_stay_numbers():
    assert neutral(-5) == -5 and neutral(1.5) == 1.5 and neutral(None) is None


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheets_have_names_that_excel_takes(names):
    made = sheet_names(names)
    assert len({name.lower() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in made)


def test_a_file_is_old_or_new_and_never_half(document, tmp_path, monkeypatch):
    target = files.write_whole(tmp_path / "a.xlsx", writer("xlsx")(document))
    before = target.read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        files.write_whole(target, b"half")
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_wide_table_is_split_so_that_an_upright_page_holds_it() -> None:
    columns = tuple(Column(f"c{i}", f"c{i}") for i in range(13))
    rows = tuple((name, tier, *range(11)) for name, tier in (("a", "x"), ("a", "y"), ("b", "x")))
    wide = Table("wide", "Wide", columns, rows, "Source")
    parts = wide.split(8)
    assert all(len(part.columns) <= 8 for part in parts)
    # Each part says which row is which, and nothing is lost.
    assert all([row[:2] for row in part.rows] == [row[:2] for row in rows] for part in parts)
    keys = [column.key for part in parts for column in part.columns[2:]]
    assert keys == [column.key for column in columns[2:]]
    assert wide.split(13) == (wide,)

"""A bulletin as a paper to be sent: its letterhead, the house's templates and a reader's own."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from docx import Document as new_word
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook
from PIL import Image
from typer.testing import CliRunner

from analysis.bulletin.compose import compose
from analysis.cli import app
from analysis.documents.document import Figure, Table
from analysis.documents.letter import (
    GIVEN,
    MOST_COLUMNS,
    TEMPLATES,
    Letter,
    TemplateError,
    lettered,
    own_template,
)
from analysis.documents.pdf import pages
from analysis.documents.writers import writer
from analysis.plan import load_plan
from analysis.structure import Period, answers, report

FIELDS = {"issuer": "某某办公室", "number": "某办〔2021〕9号", "date": "2021年10月8日",
          "addressee": "各区、各部门", "copy": "市委办公厅"}  # fmt: skip


def word(document, letter):
    return new_word(io.BytesIO(writer("docx")(replace(document, letter=letter))))


def texts(made):
    return [one.text for one in made.paragraphs]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_houses_word_paper_has_its_fields_in_place_and_the_label_on_every_page(document, lang):
    made = word(replace(document, lang=lang), Letter(FIELDS))
    said = " ".join(texts(made))
    assert "{{" not in said and all(text in said for text in FIELDS.values())
    assert said.count(FIELDS["issuer"]) == 2 and document.title in said
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.label in section.header.paragraphs[0].text
    assert "图中数据" not in said, "the data behind pictures are no part of a paper"
    for shape in made.inline_shapes:
        assert shape.width <= made._block_width


def test_the_chinese_paper_keeps_to_the_standard_for_official_documents(document):
    made = word(document, Letter(FIELDS))
    section = made.sections[0]
    sides = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(side.mm) for side in sides] == [37, 28, 26, 35]  # 版心 156 mm × 225 mm
    assert document.label in section.even_page_header.paragraphs[0].text
    styles = {name: made.styles[name] for name in ("Body Text", "Title", "Heading 1", "Issuer")}
    fonts = {n: s.element.rPr.rFonts.get(qn("w:eastAsia")) for n, s in styles.items()}
    assert fonts == {"Body Text": "仿宋", "Title": "方正小标宋简体", "Heading 1": "黑体",
                     "Issuer": "方正小标宋简体"}  # fmt: skip
    assert (styles["Body Text"].font.size, styles["Title"].font.size) == (Pt(16), Pt(22))
    assert str(styles["Issuer"].font.color.rgb) == "E60012"
    said = texts(made)
    at = [said.index(one) for one in (
        FIELDS["issuer"], FIELDS["number"], document.title, "各区、各部门：", "一、第一节",
        FIELDS["date"], "抄送：市委办公厅。",
    )]  # fmt: skip
    assert at == sorted(at)
    assert "抄送" not in " ".join(texts(word(document, Letter({**FIELDS, "copy": ""}))))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_houses_pdf_paper_is_a4_and_begins_in_red_where_it_is_chinese(document, lang):
    made = replace(document, lang=lang, letter=Letter(FIELDS))
    shown = [Image.open(io.BytesIO(page)).convert("RGB") for page in pages(made, ppi=25.4)]
    assert {page.size for page in shown} == {(210, 297)}
    red = [y for y in range(297) if shown[0].getpixel((105, y))[0] > 180
           and max(shown[0].getpixel((105, y))[1:]) < 120 and y > 20]  # fmt: skip
    # The line below the number goes from margin to margin: 35 mm and some lines below the top.
    assert bool(red) == (lang == "zh") and all(72 < y < 130 for y in red)


def own(path, *paragraphs):
    made = new_word()
    for parts in paragraphs:
        paragraph = made.add_paragraph()
        for part in [parts] if isinstance(parts, str) else parts:
            paragraph.add_run(part).bold = True
    made.save(path)
    return path


def test_a_template_of_ones_own_is_filled_though_word_cut_a_field_in_runs(document, tmp_path):
    path = own(
        tmp_path / "mine.docx", ["No. {", "{num", "ber}} of ", "{{issuer}}"], "{{body}}", "E"
    )
    form, template = own_template(path)
    fields = {"number": "7", "issuer": "{{title}} & <b>"}
    letter = Letter(fields, {form: template})
    letter.check(["docx"], "zh")
    made = word(document, letter)
    said = texts(made)
    assert said[0] == "No. 7 of {{title}} & <b>" and said[-1] == "E", "values are no fields"
    assert made.paragraphs[0].runs[0].bold
    assert "一、第一节" in said and len(made.tables) == 3
    assert writer("docx")(replace(document, letter=letter)) == writer("docx")(
        replace(document, letter=letter)
    )


def test_a_typst_template_of_ones_own_sets_the_pdf(document, tmp_path):
    path = tmp_path / "mine.typ"
    path.write_text('#import "blocks.typ": *\n#set page("a5")\n#fields.number\n#body()')
    letter = Letter({"number": "7"}, dict([own_template(path)]))
    letter.check(["pdf"], "zh")
    page = Image.open(io.BytesIO(pages(replace(document, letter=letter), ppi=25.4)[0]))
    assert page.size == (148, 210)
    path.write_text('#import "blocks.typ": *\n#fields.number #body() #nothing')
    wrong = Letter({"number": "7"}, dict([own_template(path)]))
    with pytest.raises(TemplateError, match=r"mine\.typ can't be laid out: unknown variable"):
        writer("pdf")(replace(document, letter=wrong))


def refused(tmp_path, *words, lang="en"):
    out = tmp_path / "out"
    told = CliRunner().invoke(
        app, ["bulletin", "--month", "2021-09", "--out", str(out), *map(str, words)],
        env={"LANG": lang},
    )  # fmt: skip
    assert told.exit_code in (1, 2) and not out.exists()
    return " ".join(told.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("paragraphs", "words", "said"),
    [
        (["{{body}}", "{{fax}}"], [], ["“fax”", "“issuer”", "“body”"]),
        (["{{body}}", "{{number"], [], ["no field “{{number”"]),
        (["no place"], [], ["{{body}}", "a paragraph of its own"]),
        (["Text: {{body}}"], [], ["{{body}}", "a paragraph of its own"]),
        (["{{body}}", "{{body}}"], [], ["write {{body}} once"]),
        (["{{number}}", "{{body}}"], [], ["add --number"]),
        (["{{body}}"], ["--to", "docx", "--issuer", "A"], ["--issuer", "{{issuer}}"]),
        (["{{body}}"], ["--to", "pdf"], ["--to asks for no such file"]),
    ],
)
def test_a_template_that_does_not_fit_is_refused_before_anything_is_written(
    tmp_path, paragraphs, words, said
):
    path = own(tmp_path / "mine.docx", *paragraphs)
    found = refused(tmp_path, "--template", path, *(words or ["--to", "docx"]))
    assert "mine.docx" in found and all(part in found for part in said), found


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"no Word file", "save it as .docx"),
        ("a.docx", b"PK\x05\x06" + bytes(18), "save it as .docx"),
        ("a.odt", b"", ".docx, .typ"),
        ("a.typ", b"\xff\xfe#", "UTF-8"),
        ("a.docx", None, "can't be read"),
    ],
)
def test_a_file_that_is_no_template_is_refused(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path, "--template", tmp_path / name)


def test_a_letterhead_is_whole_of_one_paper_and_in_one_language(tmp_path):
    whole = [word for name in GIVEN for word in (f"--{name}", "2021-10-08")]
    assert "--number, --date, --addressee" in refused(tmp_path, "--issuer", "A")
    assert "请加上 --number" in refused(tmp_path, "--issuer", "A", lang="zh_CN.UTF-8")
    assert "one language" in refused(tmp_path, *whole, "--lang", "zh,en")
    assert "2021-10-08" in refused(tmp_path, "--date", "8.10.2021")
    assert "--district" in refused(tmp_path, *whole)
    assert "pdf" in refused(tmp_path, *whole, "--to", "xlsx")


def test_the_houses_templates_can_be_had_changed_and_given_back(tmp_path):
    for name in ("mine.docx", "mine.typ"):
        path = tmp_path / name
        told = CliRunner().invoke(app, ["template", str(path), "--lang", "en"])
        assert told.exit_code == 0 and path.read_bytes() == (
            TEMPLATES / f"bulletin.en{path.suffix}"
        ).read_bytes()  # fmt: skip
        Letter(FIELDS, dict([own_template(path)])).check([own_template(path)[0]], "en")
        again = CliRunner().invoke(app, ["template", str(path)])
        assert again.exit_code == 1 and "--force" in again.output
    assert CliRunner().invoke(app, ["template", str(tmp_path / "a.pdf")]).exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paper_shows_what_it_refers_to_and_names_what_the_excel_file_has(lang):
    plan = load_plan()
    made = compose(report(answers(), plan, Period.of("2021-09")), plan, lang)
    paper = lettered(made)
    blocks = [block for section in paper.sections for block in section.blocks]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert tables and all(len(one.columns) <= MOST_COLUMNS for one in tables)
    shown = {block.key for block in blocks if not isinstance(block, str)}
    every = {b.key: b for s in made.sections for b in s.blocks if isinstance(b, Figure | Table)}
    left = [one for key, one in every.items() if key not in shown]
    annex = paper.sections[-1]
    assert left and all(re.split("：|: ", one.title)[0] in annex.blocks[0] for one in left)
    workbook = load_workbook(io.BytesIO(writer("xlsx")(made)))
    told = {str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row}
    for one in left:
        assert any(one.title in text for text in told), one.key
    assert 3 <= len(pages(replace(made, letter=Letter(FIELDS)), ppi=10)) <= 5

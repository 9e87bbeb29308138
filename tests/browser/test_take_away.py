"""A reader takes the page away as a document, in the scenario that the page shows."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import openpyxl
import pytest
from docx import Document as read_word
from playwright.sync_api import Browser, Page


def answered(address: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(address, method=method)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


#: A scenario with its reader's name.
NAMED = "v1;fdi_growth=20;name=%E7%A8%B3%E5%81%A5%20A"


@pytest.mark.slow
def test_the_menu_leads_to_the_document_of_the_scenario_shown(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site}briefing/fdi_growth?lang=en#s={NAMED}")
    page.wait_for_selector("html[data-alive]")
    menu = page.locator(".wb-export")
    assert not menu.locator("ul").is_visible()
    menu.locator("summary").click()
    links = [link.get_attribute("href") for link in menu.locator("a").all()]
    assert [link.split("?")[0].rsplit(".")[-1] for link in links] == ["pdf", "docx", "pptx", "xlsx"]
    box = menu.locator("ul").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    assert not menu.locator("ul").is_visible()
    address = page.evaluate("document.querySelector('.wb-export [data-form=xlsx]').href")
    page.close()
    status, headers, content = answered(address)
    assert status == 200
    assert headers["Content-Disposition"] == (
        'attachment; filename="fdi_growth.en.xlsx"; '
        "filename*=UTF-8''fdi_growth-%E7%A8%B3%E5%81%A5_A.en.xlsx"
    )
    assert headers["X-Robots-Tag"] == "noindex"
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert NAMED in cells and any("“稳健 A” (a reader's name for it)" in str(one) for one in cells)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("export/fdi_growth.pdf?s=v1;nothing=1", 400),
        ("export/fdi_growth.pdf?s=" + "v1;" * 2000, 400),
        ("export/nothing.pdf", 404),
        ("export/fdi_growth.exe", 404),
        ("export/fdi_growth.board.pdf", 404),  # it has no districts of a ledger
        ("export/districts.paper.docx", 404),
        ("export/bulletin.board.pdf?period=2021-13", 400),
        ("export/bulletin.board.pdf?period=../../etc", 400),
        ("export/../handlers.pdf", 404),
    ],
)
def test_what_is_no_document_is_refused_in_words(site: str, path: str, status: int):
    found, headers, content = answered(site + path)
    assert found == status
    assert headers["Content-Type"].startswith("text/html") and b"Traceback" not in content


@pytest.mark.slow
def test_the_bulletin_s_menu_leads_to_papers_of_the_period_chosen(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{site}briefing/bulletin?lang=zh")
    page.wait_for_selector("html[data-alive]")
    page.locator(".tag-levers select").first.select_option("2021-06")
    page.wait_for_url("**period=2021-06*")
    page.locator(".wb-export summary").click()
    menu = page.locator(".wb-export")
    links = {
        name: menu.get_by_role("link", name=name).evaluate("(link) => link.href")
        for name in ("公文（Word", "完成情况一览（PDF")
    }
    page.close()
    status, headers, content = answered(links["公文（Word"])
    assert status == 200 and "bulletin-2021-06.zh.paper.docx" in headers["Content-Disposition"]
    said = "\n".join(one.text for one in read_word(io.BytesIO(content)).paragraphs)
    assert "2021 年 1–6 月" in said and "〔发文机关〕" in said and "〔主送机关〕" in said
    status, headers, content = answered(links["完成情况一览（PDF"])
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF")


def test_the_menu_of_districts_has_what_is_published_alone(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{site}briefing/districts?lang=en")
    page.locator(".wb-export summary").click()
    link = page.get_by_role("link", name="Published targets and results (Word")
    address = link.evaluate("(link) => link.href")
    page.close()
    status, _, content = answered(address)
    assert status == 200
    (table,) = read_word(io.BytesIO(content)).tables
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert "72.6" in cells["Airport EDZ"] and "No result published" in cells["Jianghan"]


def test_asking_what_would_come_makes_nothing(site: str):
    status, headers, content = answered(f"{site}export/capital_inflow.docx", "HEAD")
    assert (status, content) == (200, b"")
    assert "wordprocessingml" in headers["Content-Type"]


def by_link(page: Page, site: str) -> None:
    page.goto(f"{site}briefing/capital_inflow?lang=en&s=v1;uplift_central=20")


def by_old_link(page: Page, site: str) -> None:
    page.goto(f"{site}briefing/capital_inflow?lang=en#s=v1;uplift_central=20")


def by_hand(page: Page, site: str) -> None:
    page.goto(f"{site}briefing/capital_inflow?lang=en")
    page.wait_for_selector("html[data-alive]")
    page.locator(".wb-lever-uplift_central .noUi-handle").focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**uplift_central=20*")


@pytest.mark.slow
@pytest.mark.parametrize("come", [by_link, by_old_link, by_hand])
def test_a_document_and_the_rows_are_those_of_the_scenario_shown(
    browser: Browser, site: str, come: Callable[[Page, str], None], tmp_path: Path
):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    come(page, site)
    page.wait_for_selector("html[data-alive]")
    card = page.locator(".wb-card[data-key=capital_in_place] .wb-card-value")
    assert card.inner_text() == "CNY 922.8 billion"
    figure = page.locator(".wb-figure[data-key=floors_to_target]")
    assert "CNY 922.8 billion" in str(figure.locator(".wb-chart").get_attribute("aria-label"))
    with page.expect_download() as waiting:
        figure.locator(".wb-tool", has_text="Data (CSV)").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name.startswith("capital_inflow-floors_to_target-Central_districts")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [float(row["Amount"]) for row in rows[:3]] == pytest.approx([477.96, 227.6, 217.2])
    assert {row["Unit"] for row in rows} == {"CNY billion"}
    assert all("uplift_central=20" in row["Address"] and row["Source"] for row in rows)
    with page.expect_download() as waiting:
        page.locator(".wb-tables").click()
    waiting.value.save_as(tmp_path / "page.xlsx")
    book = openpyxl.load_workbook(tmp_path / "page.xlsx")
    sheet = book.worksheets[1]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Name")
    assert head[0].font.bold and sheet.freeze_panes and "uplift_central" in str(sheet["A3"].value)
    page.locator(".wb-export summary").click()
    address = page.evaluate("document.querySelector('.wb-export [data-form=docx]').href")
    page.close()
    status, _, content = answered(address)
    assert status == 200
    said = "\n".join(one.text for one in read_word(io.BytesIO(content)).paragraphs)
    assert "CNY 922.8 billion" in said and "Central districts" in said.split("Scenario: ")[1][:200]

"""A reader takes the page away as a document, in the scenario that the page shows."""

import io
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import openpyxl
import pytest
from playwright.sync_api import Browser


def answered(address: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(address, method=method)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.mark.slow
def test_the_menu_leads_to_the_document_of_the_scenario_shown(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site}briefing/fdi_growth?lang=en#s=v1;fdi_growth=20")
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
    assert headers["Content-Disposition"] == 'attachment; filename="fdi_growth.en.xlsx"'
    assert headers["X-Robots-Tag"] == "noindex"
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert "v1;fdi_growth=20" in [row[1].value for row in book["scenario"].iter_rows()]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("export/fdi_growth.pdf?s=v1;nothing=1", 400),
        ("export/fdi_growth.pdf?s=" + "v1;" * 2000, 400),
        ("export/nothing.pdf", 404),
        ("export/fdi_growth.exe", 404),
        ("export/../handlers.pdf", 404),
    ],
)
def test_what_is_no_document_is_refused_in_words(site: str, path: str, status: int):
    found, headers, content = answered(site + path)
    assert found == status
    assert headers["Content-Type"].startswith("text/html") and b"Traceback" not in content


def test_asking_what_would_come_makes_nothing(site: str):
    status, headers, content = answered(f"{site}export/capital_inflow.docx", "HEAD")
    assert (status, content) == (200, b"")
    assert "wordprocessingml" in headers["Content-Type"]

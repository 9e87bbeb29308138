"""A plan's first language is that of every address which names none, live and as files."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect
from reading import ALIVE
from serving import ready, serving

from analysis.briefing import Briefing
from analysis.datapackage import DataPackageError
from analysis.files import plan_dir, shown
from analysis.plan import load_plan
from analysis.publish.assemble import places
from analysis.publish.pages import notebooks_dir
from analysis.publish.site import build
from analysis.words import languages
from tests.plans import IRELAND

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "target_scenarios"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one briefing."""
    folder = tmp_path_factory.mktemp("notebooks")
    (notebook,) = notebooks_dir().glob(f"*_{SLUG}.ipynb")
    shutil.copy(notebook, folder)
    return folder


@pytest.fixture(scope="module")
def irish(notebooks: Path) -> Iterator[str]:
    """The address of the Irish plan, whose first language is English."""
    workbook = str(Path(sys.executable).with_name("workbook"))
    command = [workbook, "serve", str(notebooks), "--no-browser", "--port", "8940"]
    with serving(command, {"WORKBOOK_PLAN": IRELAND}) as (site, _):
        ready(site)
        yield site


def soup(address: str) -> BeautifulSoup:
    with urlopen(address) as answer:
        return BeautifulSoup(answer.read().decode(), "lxml")


def alternates(page: BeautifulSoup, address: str) -> dict[str, str]:
    return {one["hreflang"]: urljoin(address, one["href"])
            for one in page.find_all("link", rel="alternate")}  # fmt: skip


@pytest.mark.parametrize("path", ["", f"briefing/{SLUG}"])
def test_an_address_that_names_no_language_is_in_the_plans_first(irish: str, path: str) -> None:
    address = irish + path
    english, chinese = soup(address), soup(f"{address}?lang=zh")
    assert (english.html["lang"], chinese.html["lang"]) == ("en", "zh-CN")
    assert soup(f"{address}?lang=xx").html["lang"] == "en"
    assert "investment workbook" in english.title.text
    assert max(english.title.text) < "\u4e00" < max(chinese.title.text)
    for page in (english, chinese):
        found = alternates(page, address)
        assert found == {"en": address, "zh": f"{address}?lang=zh", "x-default": address}


def test_a_page_lives_in_the_plans_first_language_until_the_reader_chooses(
    browser: Browser, irish: str
) -> None:
    page = browser.new_context().new_page()
    lang = "document.documentElement.lang"
    address = f"{irish}briefing/{SLUG}"
    page.goto(address)
    page.wait_for_selector(ALIVE)
    page.locator(".wb-lever .noUi-handle").first.press("ArrowRight")
    expect(page).to_have_url(re.compile("s=v1"))
    assert page.evaluate(lang) == "en" and "lang=" not in page.url
    assert max(page.locator(".wb-prose").first.inner_text()) < "\u4e00"
    page.click("[data-site-lang=zh]")
    assert page.evaluate(lang) == "zh-CN" and "lang=zh" in page.url
    page.goto(irish)  # what was chosen goes on
    assert page.evaluate(lang) == "zh-CN"
    page.click("[data-site-lang=en]")
    assert "lang=" not in page.url
    assert page.evaluate("localStorage.getItem('workbook.lang')") is None
    page.context.close()


def test_files_of_a_plan_lie_by_its_languages(
    notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_PLAN", IRELAND)
    build(tmp_path / "site", say=lambda _: None, folder=notebooks, documents=False)
    held = {
        path.relative_to(tmp_path / "site").as_posix(): BeautifulSoup(path.read_text(), "lxml")
        for path in (tmp_path / "site").rglob("*.html")
    }
    assert {path: page.html["lang"] for path, page in held.items()} == {
        "index.html": "en", "zh/index.html": "zh-CN", "404.html": "en", "data/index.html": "en",
        f"briefing/{SLUG}/index.html": "en", f"briefing/{SLUG}/zh/index.html": "zh-CN",
    }  # fmt: skip
    for path, page in held.items():
        links = [urljoin(f"/{path}", link["href"]) for link in page.select(".wb-nav a, .wb-name a")]
        below = "zh/" if path.startswith("zh/") or "/zh/" in path else ""
        assert links == [f"/{below}", f"/briefing/{SLUG}/{below}"]
        if path not in ("404.html", "data/index.html"):  # they speak both
            folder = f"/{path}".removesuffix("index.html").removesuffix("zh/")
            assert alternates(page, f"/{path}") == {
                "en": folder, "zh": f"{folder}zh/", "x-default": folder}  # fmt: skip


def test_what_is_made_without_a_language_is_in_the_plans_first() -> None:
    assert languages() == ("zh", "en")
    with shown(plan_dir(IRELAND)):
        assert languages() == ("en", "zh")
    page = Briefing("capital_inflow", plan=IRELAND)
    assert page.board.lang == "en" and Briefing("capital_inflow").board.lang == "zh"
    assert places("/x", True, ("zh", "en")) == {"zh": "/x", "en": "/x?lang=en"}
    assert places("/x/", False, ("zh", "en")) == {"zh": "/x/", "en": "/x/en/"}


@pytest.mark.parametrize("said", [["en"], ["en", "en"], ["zh", "fr"], "en", 3])
def test_other_languages_than_the_pages_have_are_refused(tmp_path: Path, said: object) -> None:
    folder = Path(shutil.copytree(plan_dir(), tmp_path / "plan"))
    about = json.loads((folder / "plan.json").read_text("utf-8")) | {"languages": said}
    (folder / "plan.json").write_text(json.dumps(about), "utf-8")
    with pytest.raises(DataPackageError, match=r"plan\.json.*languages.*no order of zh and en"):
        load_plan(folder)
    with shown(folder):
        assert languages() == ("zh", "en")

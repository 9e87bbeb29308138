"""The static edition: alive on any host and as one file from a disk, with no server asked."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser
from ran import ran
from reading import asks, moved, read, settled, wait_for_figures

from analysis.briefing.answers import shares_of_draws
from analysis.model import load_model
from analysis.publish import site as edition
from analysis.publish.assemble import NOTICES
from analysis.publish.data import files as data_files
from analysis.publish.pages import pages
from analysis.publish.site import MOST_BYTES, build

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUGS = [page.slug for page in pages()]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def once() -> Iterator[None]:
    """Let each notebook run once for both editions, and for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        kept = cache(ran)
        patch.setattr(edition, "run_each", lambda notebooks: ((kept(one), []) for one in notebooks))
        yield


@pytest.fixture(scope="module")
def static(once: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the static site, below a folder as on a shared host."""
    folder = tmp_path_factory.mktemp("host")
    build(folder / "below" / "here", say=lambda _: None, documents=False)
    server = ThreadingHTTPServer(("localhost", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/below/here/"
    server.shutdown()


@pytest.fixture(scope="module")
def files(once: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of offline files."""
    folder = tmp_path_factory.mktemp("files") / "offline"
    build(folder, single_file=True, say=lambda _: None)
    return folder


def test_whose_work_is_used_stands_on_the_site_and_in_each_file(static: str, files: Path) -> None:
    for address in (static, f"{static}en/", f"{static}briefing/{SLUGS[0]}/"):
        link = soup(address).select_one("footer a")
        with urlopen(urljoin(address, link["href"])) as answer:
            assert answer.read() == NOTICES.read_bytes()
    for path in files.glob("*.html"):
        told = BeautifulSoup(path.read_text("utf-8"), "lxml").select_one("footer pre")
        assert told.text.strip() == NOTICES.read_text("utf-8").strip()


def test_the_tables_lie_where_each_page_leads(static: str) -> None:
    for address in (static, f"{static}en/", f"{static}briefing/{SLUGS[0]}/en/"):
        links = [urljoin(address, one["href"]) for one in soup(address).select("footer a")]
        assert f"{static}data/" in links
    published = data_files()
    for link in soup(f"{static}data/").select("main a"):
        with urlopen(urljoin(f"{static}data/", link["href"])) as answer:
            assert answer.read() == published[link["href"]]


def soup(address: str) -> BeautifulSoup:
    with urlopen(address) as answer:
        return BeautifulSoup(answer.read().decode(), "lxml")


@pytest.mark.parametrize(("lang", "below"), [("zh", ""), ("en", "en/")])
@pytest.mark.parametrize("slug", ["", *SLUGS])
def test_every_page_can_be_found_and_read_without_scripts(
    static: str, slug: str, lang: str, below: str
) -> None:
    address = f"{static}briefing/{slug}/{below}" if slug else f"{static}{below}"
    page = soup(address)
    assert page.html["lang"].startswith(lang)
    description = page.find("meta", {"name": "description"})["content"]
    assert len(description) > 20 and (max(description) > "\u4e00") == (lang == "zh")
    assert page.find("meta", property="og:title")["content"] in page.title.text
    links = {one.get("hreflang", "canonical"): urljoin(address, one["href"])
             for one in page.find_all("link", rel=["canonical", "alternate"])}  # fmt: skip
    assert links["canonical"] == links[lang] == address
    assert (
        soup(links["en" if lang == "zh" else "zh"])
        .html["lang"]
        .startswith("en" if lang == "zh" else "zh")
    )
    picture = page.find("meta", property="og:image")["content"]
    assert picture not in {soup(links[lang]).find("meta", property="og:image")["content"]
                           for lang in {"zh", "en"} - {lang}}  # fmt: skip
    with urlopen(urljoin(address, picture)) as answer:
        assert Image.open(io.BytesIO(answer.read())).size == (1200, 630)
    levels = [int(one.name[1]) for one in page.find("main").find_all(["h1", "h2", "h3", "h4"])]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for link in page.select(".wb-nav a, .wb-name a"):
        there = soup(urljoin(address, link["href"]))
        assert there.html["lang"].startswith(lang)
    assert not page.select("img[src^=http], script[src^=http], link[href^=http]")


def test_the_front_page_leads_to_every_briefing_that_is_alive_and_back(
    browser: Browser, static: str
) -> None:
    reading = read(browser, static, 1440)
    for slug in SLUGS:
        reading.page.locator(f"[data-briefing={slug}] a").click()
        wait_for_figures(reading.page)
        asks(reading.page)
        reading.page.locator(".wb-name a").click()
        reading.page.wait_for_selector(".wb-briefings")
    assert not reading.faults
    reading.page.context.close()


def test_a_static_link_opens_its_scenario_and_answers_for_it(browser: Browser, static: str) -> None:
    link = "briefing/target_scenarios/?lang=en#s=v1;uplift_zone=42.7717"
    reading = read(browser, static + link, 1440)
    page = reading.page
    wait_for_figures(page)
    levers = {"uplift_zone": 42.7717}
    total = load_model().evaluate(levers)["capital_total"]
    shown = f"{total / 10:,.1f}".removesuffix(".0")
    assert shown in page.locator(".wb-card-number").first.inner_text()
    takes = load_model().least_increment("stretch", start=levers).takes.in_language("en")
    assert takes in page.locator(".wb-increment").inner_text()
    share = shares_of_draws(load_model(), levers)["drawn_all_expected"]
    title = page.locator(".wb-figure[data-key=drawn] .wb-title").inner_text()
    assert f"{share:.1f}% of draws around this scenario" in title
    assert not reading.faults
    page.context.close()


def test_each_file_goes_by_mail(files: Path) -> None:
    found = {path.name: path.stat().st_size for path in files.glob("*.html")}
    names = ("index", *SLUGS)
    assert set(found) == {f"{name}.{lang}.html" for name in names for lang in ("zh", "en")}
    assert max(found.values()) <= MOST_BYTES


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_one_file_opens_offline(browser: Browser, files: Path, slug: str, lang: str) -> None:
    file = files / f"{slug}.{lang}.html"
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url)
            if asked.url.startswith("http") else None)  # fmt: skip
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-alive]")
    assert page.evaluate("document.documentElement.lang").startswith(lang)
    figures = page.locator(".wb-figure")
    assert figures.locator("svg").count() >= figures.count() >= 1
    if page.locator(".wb-levers").count():
        page.locator(".wb-handle").click()
    asks(page)
    assert not faults
    context.close()


def test_the_file_of_the_front_page_answers_its_lever_and_leads_on(
    browser: Browser, files: Path
) -> None:
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((files / "index.en.html").as_uri())
    page.wait_for_selector("html[data-alive]")
    before = settled(page)
    page.locator(".wb-slider input").press("End")
    moved(page, before)
    page.locator(f"[data-briefing={SLUGS[1]}] a").click()
    wait_for_figures(page)
    assert not faults
    context.close()


def test_other_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(FileExistsError, match=r"mine\.txt: there already; name another place"):
        build(tmp_path, say=lambda _: None)
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"

"""The static edition: the same pages for any host, or each as one file that opens offline."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.charts.engine import jpeg
from analysis.files import Record, refuse_to_overwrite, whole_folder, write_whole
from analysis.plan import load_plan
from analysis.process import workers
from analysis.publish.assemble import (
    APP,
    STATIC,
    environment,
    manifest,
    page_html,
    places,
    previews,
    split,
)
from analysis.publish.data import files, index_html
from analysis.publish.front_page import front_html
from analysis.publish.handlers import SHELL
from analysis.publish.pages import Page, about_text, chrome, notebooks_dir
from analysis.publish.parent import run_each
from analysis.publish.rendering import rendered
from analysis.text import LANGUAGES

#: In the folder: which files are ours.
RECORD = ".workbook-site"
#: What one offline file may take, bytes: it goes by e-mail.
MOST_BYTES = 3_000_000


def build(
    target: Path,
    single_file: bool = False,
    say: Callable[[str], None] = print,
    folder: Path | None = None,
    documents: bool = True,
    force: bool = False,
) -> list[str]:
    """Write the static edition.

    Parameters
    ----------
    target : folder to write; what was there is replaced only when all is made
    single_file : one HTML of each briefing and language instead of a site
    say : where to tell what happens
    folder : the notebooks, by default the project's own
    documents : write each briefing as PDF, Word, PowerPoint and Excel too, to be taken away
    force : replace files, too, that are not ours or were changed since

    Returns
    -------
    what could not be made, a sentence each; a page that lacks it says so, and the others are whole

    Raises
    ------
    OverwriteError : if the target holds something that an earlier edition did not write
    analysis.publish.parent.ParentError : if a notebook does not run to its end
    analysis.datapackage.DataPackageError : if there is no plan that can be read
    """
    target = target.resolve()
    refuse_to_overwrite(_foreign(target), force)
    folder = folder or notebooks_dir()
    load_plan()  # what is wrong with it is told once, not by every cell of every page
    site = {**chrome(folder), "about": about_text(), "at": "briefing/{}/",
            "embed": not single_file}  # fmt: skip
    with whole_folder(target) as made:
        pages = list(site["pages"].values())
        for line in site["left_out"]:
            say(line)
        say(f"Running {len(pages)} notebooks …")
        told, failed = {}, []
        done = run_each([folder / page.notebook for page in pages])
        for number, (page, (ran, failures)) in enumerate(zip(pages, done, strict=True), start=1):
            say(f"  {number} of {len(pages)}: {page.slug}")
            failed += failures
            told[page.slug] = ran
        offered: set[str] = set()
        if documents and not single_file:
            say("Writing the documents …")
            whole = [page for page in pages if told[page.slug]["documents"]]
            lacking = _documents(made, folder, whole, say)
            offered = {page.slug for page in whole} - lacking.keys()
            failed += lacking.values()
        for failure in failed:
            say(failure)
        for page in pages:
            if single_file:
                _single(made, page, told[page.slug], site)
            else:
                forms = page.forms if page.slug in offered else ()
                _page(made, page, told[page.slug], site, forms)
        (_single_front if single_file else _front)(made, site, told)
        record = Record(made / RECORD)
        for path in _files(made):
            record.add(path, path.read_bytes())
        record.save()
    written = sorted(target.rglob("*.html"))
    say(f"Wrote {len(written)} pages to {target}")
    return failed


def _foreign(target: Path) -> list[Path]:
    """Return what is in the place of the site and was not written there by us, as it is."""
    if not target.is_dir():
        return [target]
    record = Record(target / RECORD)
    return [path for path in _files(target) if path != record.path and not record.ours(path)]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _front(made: Path, site: dict[str, Any], told: dict[str, Any]) -> None:
    for name, path in SHELL.items():
        _write(made / "style" / name, path.read_text("utf-8"))
    names = manifest()
    # The live page's script and what it loads for Python have no use here.
    for name in (*names["site"], names["style"], names["front"]):
        _write(made / "app" / name, (APP / name).read_text("utf-8"))
    for lang, below in places("", False, site["languages"]).items():
        base = "../" if below else "./"
        addresses = places(base, False, site["languages"])
        html = front_html(told, {**site, "at": f"briefing/{{}}/{below}"}, lang, base, addresses,
                          python=False, home="./", own=lang)  # fmt: skip
        _write(made / below / "index.html", html)
    for name, content in files().items():
        write_whole(made / "data" / name, content)
    _write(made / "data" / "index.html", index_html(site, "../", python=False, home="../"))
    lost = environment().get_template("error.html")
    html = lost.render(site=site, base_url="./", status=404, words="lost", policy=STATIC)
    _write(made / "404.html", html)


def _page(
    made: Path, page: Page, ran: dict[str, Any], site: dict[str, Any], exports: tuple[str, ...]
) -> None:
    for name, text in split(ran["state"], inline=False)[1].items():
        _write(made / "app" / name, text)
    for name, picture in previews(ran).values():
        write_whole(made / "app" / name, jpeg(picture))
    for lang, below in places("", False, site["languages"]).items():
        base = "../../../" if below else "../../"
        html = page_html(
            ran, {**site, "at": f"briefing/{{}}/{below}"}, page.slug, lang, base, python=False,
            home=base + below, own=lang, exports=exports,
        )  # fmt: skip
        _write(made / "briefing" / page.slug / below / "index.html", html)


def _documents(
    made: Path, folder: Path, pages: list[Page], say: Callable[[str], None]
) -> dict[str, str]:
    """Write each page to take away, in both languages, several at a time; say why one can't be."""
    lacking = {}
    jobs = [(page, lang) for page in pages for lang in LANGUAGES]
    with workers(max(1, min(len(jobs), os.cpu_count() or 1))) as pool:
        started = [
            pool.submit(_export, folder / page.notebook, lang, page.forms,
                        made / "export" / page.slug)
            for page, lang in jobs
        ]  # fmt: skip
        for number, ((page, lang), job) in enumerate(zip(jobs, started, strict=True), start=1):
            say(f"  {number} of {len(jobs)}: {page.slug}, {lang}")
            if (error := job.exception()) is not None:
                why = f"{type(error).__name__}: {error}"
                lacking[page.slug] = f"{page.notebook}, its documents can't be made: {why}"
    for slug in lacking:
        for path in (made / "export").glob(f"{slug}.*"):
            path.unlink()
    return lacking


def _export(notebook: Path, lang: str, forms: tuple[str, ...], target: Path) -> None:
    for form in forms:
        write_whole(
            target.with_name(f"{target.name}.{lang}.{form}"), rendered(notebook, form, lang)
        )


def _single(made: Path, page: Page, ran: dict[str, Any], site: dict[str, Any]) -> None:
    for lang in site["languages"]:
        html = page_html(ran, site, page.slug, lang, "./", python=False, inline=True, own=lang)
        size = len(html.encode())
        if size > MOST_BYTES:
            raise ValueError(
                f"{page.slug} takes {size:,} bytes as one file; {MOST_BYTES:,} at most"
            )
        _write(made / f"{page.slug}.{lang}.html", html)


def _single_front(made: Path, site: dict[str, Any], told: dict[str, Any]) -> None:
    """Write the front page as one file beside those of the briefings, which it leads to."""
    addresses = {lang: f"./index.{lang}.html" for lang in site["languages"]}
    for lang, place in addresses.items():
        here = {**site, "at": f"{{}}.{lang}.html"}
        html = front_html(told, here, lang, "./", addresses, python=False, own=lang, inline=True)
        _write(made / place, html)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")

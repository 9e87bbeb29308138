"""The static edition: the same pages for any host, or each as one file that opens offline."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.publish.assemble import APP, environment, manifest, page_html, split
from analysis.publish.front import answers
from analysis.publish.handlers import STYLES
from analysis.publish.pages import Page, chrome, notebooks_dir
from analysis.publish.parents import run_once

#: What one offline file may take, bytes: it goes by e-mail.
MOST_BYTES = 2_500_000


def build(
    target: Path,
    single_file: bool = False,
    say: Callable[[str], None] = print,
    folder: Path | None = None,
) -> list[Path]:
    """Write the static edition.

    Parameters
    ----------
    target : folder to write; what was there is replaced only when all is made
    single_file : one HTML of each briefing and language instead of a site
    say : where to tell what happens
    folder : the notebooks, by default the project's own

    Returns
    -------
    the pages written

    Raises
    ------
    FileExistsError : if the target holds something that is no earlier edition
    analysis.publish.parents.ParentError : if a notebook does not run to its end
    """
    if target.exists() and any(target.iterdir()) and not (target / ".workbook-site").is_file():
        raise FileExistsError(f"{target} holds other files; name a new or empty folder")
    folder = folder or notebooks_dir()
    site = {**chrome(folder), "ends": "/"}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        made = Path(name) / "site"
        made.mkdir()
        (made / ".workbook-site").write_text("made by workbook site\n", "utf-8")
        if not single_file:
            _front(made, site)
        for page in site["pages"].values():
            say(f"Running {page.notebook} …")
            ran = run_once(folder / page.notebook)
            if single_file:
                _single(made, page, ran, site)
            else:
                _page(made, page, ran, site)
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    pages = sorted(target.rglob("*.html"))
    say(f"Wrote {len(pages)} pages to {target}")
    return pages


def _front(made: Path, site: dict[str, Any]) -> None:
    for style, path in STYLES.items():
        _write(made / "style" / style, path.read_text("utf-8"))
    names = manifest()
    wanted = {names["static"], names["style"]}
    for path in APP.iterdir():
        # The live page's script and what it loads for Python have no use here.
        if path.name in wanted or path.name.startswith("chunk-"):
            _write(made / "app" / path.name, path.read_text("utf-8"))
    front = environment().get_template("front.html")
    _write(made / "index.html",
           front.render(site=site, base_url="./", answers=answers(), page=None))  # fmt: skip
    lost = environment().get_template("error.html")
    _write(made / "404.html", lost.render(site=site, base_url="./", status=404))


def _page(made: Path, page: Page, ran: dict[str, Any], site: dict[str, Any]) -> None:
    for name, text in split(ran["state"], inline=False)[1].items():
        _write(made / "app" / name, text)
    html = page_html(ran, site, page.slug, "zh", "../../", python=False, home="../../")
    _write(made / "briefing" / page.slug / "index.html", html)


def _single(made: Path, page: Page, ran: dict[str, Any], site: dict[str, Any]) -> None:
    for lang in ("zh", "en"):
        html = page_html(ran, site, page.slug, lang, "./", python=False, inline=True)
        size = len(html.encode())
        if size > MOST_BYTES:
            raise ValueError(
                f"{page.slug} takes {size:,} bytes as one file; {MOST_BYTES:,} at most"
            )
        _write(made / f"{page.slug}.{lang}.html", html)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")

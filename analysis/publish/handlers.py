"""The site's pages as request handlers: front page, briefing, Python, scripts and styles."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tornado import web
from tornado.iostream import StreamClosedError
from voila.handler import VoilaHandler

from analysis.files import DESCRIPTOR
from analysis.publish.assemble import NOTICES, places
from analysis.publish.connection import MOST_BYTES
from analysis.publish.data import files, index_html
from analysis.publish.front_page import front_html
from analysis.publish.inputs import data_stamp
from analysis.publish.pages import Page
from analysis.publish.parent import ParentError
from analysis.publish.shared import Preview, Sent, SharedPages
from analysis.publish.site_handler import BROKEN_DISK, SiteHandler, page_of
from analysis.text import both

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
#: What every page loads or links, by name.
SHELL = {
    "workbook.css": HERE.parent / "board" / "static" / "workbook.css",
    "site.css": HERE / "static" / "site.css",
    "shell.js": HERE / "static" / "shell.js",
    "notices.txt": NOTICES,
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain", ".jpg": "image/jpeg",
         ".csv": "text/csv", ".json": "application/json"}  # fmt: skip


def computed(lacking: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Compute what the front page says of briefings whose notebooks have not told it yet."""
    # Imported here: a server whose pages are kept has no need of pandas.
    from analysis.datapackage import DataPackageError
    from analysis.publish.front import answers
    from analysis.publish.pages import about_text
    from analysis.publish.standing import standing

    found: dict[str, Any] = {"about": about_text(), "standing": None}
    said: dict[str, dict[str, str]] = {}
    with suppress(DataPackageError, OSError):
        found["standing"], said = standing(), answers()
    return {slug: {**found, "answer": said.get(slug, {})} for slug in lacking}


class FrontPageHandler(SiteHandler):
    """The front page: where the place stands, and each briefing's question with its answer."""

    @web.authenticated
    async def get(self) -> None:
        """Send the page; no kernel is started."""
        site = self.settings["workbook_chrome"]
        shared: SharedPages | None = self.settings["workbook_pages"]
        lang = self.language
        pages = site["pages"].values()
        # What the notebooks told when they last ran: one state of the data for all pages.
        told = {} if shared is None else {page.slug: shared.told(page) for page in pages}
        known = {slug: page for slug, (page, _) in told.items() if page is not None}
        if lacking := [page.slug for page in pages if page.slug not in known]:
            known |= await asyncio.to_thread(computed, lacking)
        since = min((when for _, when in told.values() if when), default=None)
        addresses = places(self.base_url, True, site["languages"])
        origin = f"{'https' if self.encrypted else 'http'}://{self.request.host}"
        write = partial(front_html, known, site, lang, self.base_url, addresses,
                        python=True, home=self.base_url, since=since, origin=origin)  # fmt: skip
        state = (since, origin, *(one.get("number") for one in known.values()))
        if shared is None or lacking:
            found = Sent(write())
        else:
            found = shared.front(lang, state, known, write)
        self.send(found, "text/html", "private, no-cache")

    head = get  # tornado sends no body with it


class BriefingHandler(SiteHandler, VoilaHandler):
    """One notebook: the page that everybody gets, or run for this reader where there is no fork."""

    @web.authenticated
    async def get(self, slug: str) -> None:
        """Send the page; with no fork, its head at once, then each cell as it is done."""
        page = page_of(self.settings["workbook_chrome"], slug)
        shared: SharedPages | None = self.settings["workbook_pages"]
        if shared is not None:
            await self.send_shared(shared, page)
            return
        # Reading the token sets its cookie; without it the tab cannot free its kernel on leaving.
        self.xsrf_token  # noqa: B018
        try:
            async for piece in self.get_generator(path=page.notebook):
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            return  # the reader has left; their kernel is culled

    async def send_shared(self, shared: SharedPages, page: Page) -> None:
        """Send the cached page, compressed if the reader's browser takes it so."""
        lang = self.language
        link = b"".join(self.request.query_arguments.get("s", [])[:1]).decode("utf-8", "replace")
        site = self.settings["workbook_chrome"]
        try:
            found = await shared.get(page, lang, site, self.base_url, link, self.reader)
        except ParentError:
            raise web.HTTPError(500) from None  # the log has said why, once
        self.xsrf_token  # noqa: B018  reading it sets the cookie that asking for Python needs
        self.send(found, "text/html", "private, no-cache")  # a cookie comes with it

    async def head(self, slug: str) -> None:
        """Say what GET would send; where the notebook would be run for it, that it is there."""
        page = page_of(self.settings["workbook_chrome"], slug)
        if (shared := self.settings["workbook_pages"]) is not None:
            await self.send_shared(shared, page)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish()


class KernelHandler(SiteHandler):
    """Python for a reader who asks: a kernel of their own, forked from the page's notebook."""

    @web.authenticated
    async def post(self, slug: str) -> None:
        """Answer {"id", "most", "long"}; or 503 with a reason.

        A message on the kernel's line may have `most` bytes; `long` says so of one that has more.

        A page that says otherwise than its notebook does now gets 409, and is to be opened anew.
        """
        page = page_of(self.settings["workbook_chrome"], slug)
        shared: SharedPages | None = self.settings["workbook_pages"]
        if shared is None:
            raise web.HTTPError(404)
        visit = self.get_signed_cookie("wb_visit")
        if visit is None:
            visit = secrets.token_hex(16).encode()
            self.set_signed_cookie("wb_visit", visit, httponly=True, samesite="Strict")
        stem = Path(page.notebook).stem
        try:
            parent = await shared.parents.of(stem, wanted=True)
            if self.get_argument("page", parent.page["number"]) != parent.page["number"]:
                self.refuse("changed", 409)  # this kernel has other widgets, of other data
                return
            try:
                key = await self.kernels.admit(parent, visit, self.reader)
            except ParentError:  # it went just now: another is raised, or stands there already
                key = await self.kernels.admit(await shared.parents.of(stem), visit, self.reader)
        except web.HTTPError:
            self.refuse("full")
            return
        except ParentError:
            self.refuse("failed")
            return
        except OSError as error:
            self.log.error("no kernel could be forked: %s", error)
            self.refuse("disk" if error.errno in BROKEN_DISK else "full")
            return
        self.finish({"id": key, "most": MOST_BYTES, "long": both("publish.long")})

    def refuse(self, why: str, status: int = 503) -> None:
        """Say why there is no kernel just now, and when to ask again."""
        self.set_status(status)
        if status == 503:
            self.set_header("Retry-After", "60")
        self.finish({"reason": both(f"publish.{why}")})


class AppHandler(SiteHandler):
    """Scripts and styles by their hashed names, which a browser keeps for ever."""

    async def get(self, name: str) -> None:
        """Send the file, or 404."""
        shared: SharedPages | None = self.settings["workbook_pages"]
        found = shared.file(name) if shared is not None else None
        if found is None:
            raise web.HTTPError(404)
        if isinstance(found, Preview):
            await asyncio.to_thread(getattr, found, "plain")  # drawn now, by the first who asks
        kind = KINDS[Path(name).suffix]
        self.send(found, kind, "public, max-age=31536000, immutable")

    head = get


@lru_cache
def shell(name: str, changed: int) -> Sent:
    """Return what every page loads as it is since it changed: compressed once."""
    return Sent(SHELL[name].read_text("utf-8"))


class ShellHandler(SiteHandler):
    """The site's style sheets and the script of every page, by name and nothing else."""

    def get(self, name: str) -> None:
        """Send the file, or 404."""
        if name not in SHELL or not SHELL[name].is_file():
            raise web.HTTPError(404)
        found = shell(name, SHELL[name].stat().st_mtime_ns)
        self.send(found, KINDS[SHELL[name].suffix], "max-age=300")

    head = get


class DataHandler(SiteHandler):
    """The tables behind the site, by the names that it gives them and nothing else."""

    @web.authenticated
    async def get(self, name: str = "") -> None:
        """Send a table, what describes them all, or the page that lists them; else 404.

        Any site's script may read them: they are published, and no cookie opens more of them.
        """
        found = (await asyncio.to_thread(self.files)).get(name)
        if found is None:
            raise web.HTTPError(404)
        self.set_header("Access-Control-Allow-Origin", "*")
        kind = KINDS[Path(name).suffix] if name else "text/html"
        if name:
            self.set_header("Link", f'<{self.base_url}data/{DESCRIPTOR}>; rel="describedby"')
        self.send(found, kind, "public, max-age=300")

    head = get

    def files(self) -> dict[str, Sent]:
        """Return them as the data are now."""
        kept, sent = self.settings.get("workbook_data", ((), {}))
        if kept != (now := data_stamp()):
            site = self.settings["workbook_chrome"]
            sent = {name: Sent(one) for name, one in files().items()}
            sent[""] = Sent(index_html(site, self.base_url, python=True, home=self.base_url))
            self.settings["workbook_data"] = now, sent
        return sent


class ForeignHostHandler(SiteHandler):
    """Whatever is asked under a name that is not the site's."""

    told = False

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse it; the first time, tell the operator what would be right."""
        if not ForeignHostHandler.told:
            ForeignHostHandler.told = True
            log.warning("%r is no name of this site: if it is to be, start it with --name",
                        self.request.host_name[:100])  # fmt: skip
        raise web.HTTPError(403)


class LostHandler(SiteHandler):
    """Whatever else is asked for."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Say that there is no such page, in words."""
        await super().prepare()  # type: ignore[misc]
        raise web.HTTPError(404)

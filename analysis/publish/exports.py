"""A briefing to take away, as a reader sees it: PDF, Word, PowerPoint, Excel.

Each is made in a process of its own, off the server's loop; no kernel is
started. Few are made at once, none for longer than the deadline, and what was
made is kept until notebook or data change.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from tornado import web

from analysis.documents.writers import TYPES
from analysis.publish.inputs import stamp
from analysis.publish.making import Making
from analysis.publish.site_handler import SiteHandler, page_of
from analysis.publish.surroundings import surroundings

log = logging.getLogger(__name__)

#: A process that makes one document.
START = (
    "import sys; from analysis.process import begin_worker; begin_worker(); "
    "from analysis.publish.rendering import main; main(*sys.argv[1:])"
)
Wanted = tuple[str, str, str, str]


class ExportsFullError(RuntimeError):
    """As many documents as may be are being made already."""


class ExportFailedError(RuntimeError):
    """A document was not made; the log says why."""


class Exports:
    """Documents that were made, and those that are being made.

    Parameters
    ----------
    at_once : most that are made at the same time
    waiting : most that wait beside them; whoever comes then is asked to come again
    of_one : most that are made or wait for one reader's address
    deadline : seconds after which the making of one is ended
    room : most bytes that are kept
    """

    def __init__(
        self, at_once: int = 2, waiting: int = 6, deadline: float = 120, room: int = 64 << 20,
        of_one: int = 4,
    ) -> None:  # fmt: skip
        self.deadline, self.room = deadline, room
        self._turn = asyncio.Semaphore(at_once)
        self._making: Making[Wanted, bytes] = Making(at_once + waiting, of_one)
        self._kept: OrderedDict[Wanted, tuple[tuple[float, ...], bytes]] = OrderedDict()

    async def get(self, notebook: Path, form: str, lang: str, link: str, reader: str = "") -> bytes:
        """Return a document, made once for all who ask at the same time.

        Raises
        ------
        ExportsFullError : at the limit
        ExportFailedError : when it failed or took too long
        """
        wanted = (str(notebook), form, lang, link)
        now = stamp(notebook)
        if wanted in self._kept and self._kept[wanted][0] == now:
            self._kept.move_to_end(wanted)
            return self._kept[wanted][1]
        task = self._making.of(wanted, lambda: self._make(wanted, now), reader)
        if task is None:
            raise ExportsFullError
        # One reader's leaving does not end what another waits for.
        return await asyncio.shield(task)

    async def _make(self, wanted: Wanted, now: tuple[float, ...]) -> bytes:
        async with self._turn:
            made = await self._run(wanted)
        self._kept[wanted] = (now, made)
        while sum(len(document) for _, document in self._kept.values()) > self.room:
            self._kept.popitem(last=False)
        return made

    async def _run(self, wanted: Wanted) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, *wanted,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2], env=surroundings(),
        )  # fmt: skip
        try:
            made, told = await asyncio.wait_for(process.communicate(), self.deadline)
        except TimeoutError:
            log.warning("an export took longer than %s s: %s", self.deadline, wanted)
            raise ExportFailedError from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not made:
            log.warning("an export failed: %s\n%s", wanted, told.decode(errors="replace")[-4000:])
            raise ExportFailedError
        return made


def own_link(text: str) -> str:
    """Return a scenario's own link, one text however it was written; "" for the default one.

    A name that the page would not show is left out here, too: see `analysis.scenario.naming`.

    Raises
    ------
    analysis.scenario.value.ScenarioError : says what would be right
    """
    from analysis.publish.rendering import scenario_of

    scenario = scenario_of(text)
    return scenario.to_link() if scenario.trimmed().values else ""


def own_period(text: str) -> str:
    """Return a period's own key; "" for the ledger's last one.

    Raises
    ------
    analysis.structure.PeriodError : says what would be right
    """
    from analysis.structure import Period

    return Period.of(text).key if text else ""


class ExportHandler(SiteHandler):
    """A briefing as a file, in the scenario or period of the page that asks.

    Its address is /export/<slug>.<form>.
    """

    @web.authenticated
    async def get(self, slug: str, form: str) -> None:
        """Send the file; 400 for a scenario that is none, 503 at the limit."""
        page, lang, link = await self.asked(slug, form)
        exports: Exports = self.settings.setdefault("workbook_exports", Exports())
        try:
            made = await exports.get(self.folder / page.notebook, form, lang, link, self.reader)
        except ExportsFullError:
            raise web.HTTPError(503) from None
        except ExportFailedError:
            raise web.HTTPError(500) from None
        self.head_lines(slug, form, lang, link)
        self.finish(made)

    @web.authenticated
    async def head(self, slug: str, form: str) -> None:
        """Say what would come; nothing is made for it."""
        _, lang, link = await self.asked(slug, form)
        self.head_lines(slug, form, lang, link)
        self.finish()

    async def asked(self, slug: str, form: str) -> tuple[Any, str, str]:
        """Return the page, the language and the scenario's or the period's own text.

        404 of a page whose notebook shows nothing that a document is made of.
        """
        from analysis.scenario.value import ScenarioError
        from analysis.structure import PeriodError

        page = page_of(self.settings["workbook_chrome"], slug)
        shared = self.settings["workbook_pages"]
        told = shared.told(page)[0] if shared else None
        if form not in page.forms or (told and not told["documents"]):
            raise web.HTTPError(404)
        name, own = ("period", own_period) if "." in form else ("s", own_link)
        try:
            # The first one loads the model, for which other readers need not wait.
            link = await asyncio.to_thread(own, self.get_argument(name, ""))
        except (ScenarioError, PeriodError):
            raise web.HTTPError(400) from None
        return page, self.language, link

    @property
    def folder(self) -> Path:
        """Where the notebooks are."""
        return Path(self.settings["workbook_folder"])

    def head_lines(self, slug: str, form: str, lang: str, link: str) -> None:
        """Set what a browser has to know: a file to save, of this kind, not to be indexed."""
        called = link if "." in form else unquote(link.partition(";name=")[2])
        name = re.sub(r"[^\w-]+", "_", called).strip("_")
        named = f"; filename*=UTF-8''{quote(f'{slug}-{name}.{lang}.{form}')}" if name else ""
        self.set_header("Content-Type", TYPES[form.rpartition(".")[2]])
        self.set_header(
            "Content-Disposition", f'attachment; filename="{slug}.{lang}.{form}"{named}'
        )
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Robots-Tag", "noindex")

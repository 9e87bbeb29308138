"""The pages that everybody gets: made once from a notebook that ran once."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from analysis.charts.engine import jpeg
from analysis.publish.assemble import APP, page_html, previews, split
from analysis.publish.link import levers_in
from analysis.publish.linked import PATIENCE, LinkedPages, Zipped
from analysis.publish.pages import Page
from analysis.publish.parent import Parent, ParentError
from analysis.publish.parents import Parents
from analysis.publish.zygote import Zygote


@dataclass(frozen=True)
class Sent:
    """A text or a file as it is sent: plain or compressed, with its tag."""

    content: str | bytes

    @cached_property
    def plain(self) -> bytes:
        """The bytes."""
        return self.content.encode() if isinstance(self.content, str) else self.content

    @cached_property
    def zipped(self) -> bytes:
        """The bytes, compressed once."""
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """What names this text and no other."""
        return f'"{hashlib.sha256(self.plain).hexdigest()[:32]}"'


class Preview(Sent):
    """The picture of a link, which is drawn when somebody first asks for it."""

    @cached_property
    def plain(self) -> bytes:
        """The picture as JPEG."""
        return jpeg(str(self.content))


class SharedPages:
    """Pages and their files, made when first asked for and again when notebook or data change.

    While a notebook does not run to its end, its last good page goes on, with its date.
    """

    def __init__(self, folder: Path, notebooks: list[str], zygote: Zygote | None = None) -> None:
        self.parents = Parents((folder / name for name in notebooks), zygote)
        self.linked = LinkedPages()
        self._pages: dict[tuple[str, str], tuple[object, Sent]] = {}
        self._files = {path.name: Sent(path.read_text("utf-8")) for path in APP.glob("*-*.*")}

    async def get(
        self,
        page: Page,
        lang: str,
        site: Mapping[str, Any],
        base_url: str,
        link: str = "",
        reader: str = "",
    ) -> Sent | Zipped:
        """Return a page in a language; in a link's scenario if that is to be had.

        Raises
        ------
        analysis.publish.parent.ParentError : if its notebook never ran to its end
        """
        stem = Path(page.notebook).stem
        told = await self.parents.page(stem, wanted=bool(reader))
        since = self.parents.stale(stem)
        here = {**site, "about": told["about"]}
        write = partial(
            page_html,
            told,
            here,
            page.slug,
            lang,
            base_url,
            True,
            home=base_url,
            since=since,
            exports=page.forms if told["documents"] else (),
        )
        levers = self._scenario(told, link)
        parent = await self._drawing(stem, told) if levers and since is None else None
        if levers and parent is not None:
            found = await self.linked.of(
                parent, lang, levers, lambda first: write(linked=True, first=first), reader
            )
            if found is not None:
                return found
        state = (told["number"], since)
        return self._kept((stem, lang), state, [told], write)

    def front(
        self, lang: str, state: object, told: Mapping[str, Mapping[str, Any]],
        write: Callable[[], str],
    ) -> Sent:  # fmt: skip
        """Return the front page in a language, written anew if its briefings' state has changed."""
        return self._kept(("", lang), state, told.values(), write)

    def _kept(
        self, key: tuple[str, str], state: object, told: Iterable[Mapping[str, Any]],
        write: Callable[[], str],
    ) -> Sent:  # fmt: skip
        """Return a page as it was written for this state, or write it, and know its assets."""
        known, sent = self._pages.get(key, (None, None))
        if sent is None or known != state:
            for page in told:
                _, assets = split(page.get("state", {}), inline=False)
                self._files |= {name: Sent(text) for name, text in assets.items()}
                self._files |= {name: Preview(one) for name, one in previews(page).values()}
            sent = Sent(write())
            self._pages[key] = (state, sent)
        return sent

    async def _drawing(self, stem: str, told: Mapping[str, Any]) -> Parent | None:
        """Return the parent that draws a page's links; None if there is none for it soon."""
        task = asyncio.ensure_future(self.parents.of(stem))
        with suppress(ParentError, TimeoutError):
            parent = await asyncio.wait_for(task, PATIENCE)
            return parent if parent.page["number"] == told["number"] else None
        return None

    def _scenario(self, told: Mapping[str, Any], link: str) -> dict[str, float] | None:
        """Return the levers that a link moves, None if it is not right."""
        if not link:
            return None
        boards = (model["state"] for model in told["state"].values())
        definitions: list[Mapping[str, Any]] = next(
            (board["lever_definitions"] for board in boards if "lever_definitions" in board), []
        )
        levers = levers_in(link, definitions)
        if levers is None:
            return None
        usual = {definition["key"]: definition["default"] for definition in definitions}
        return {key: value for key, value in levers.items() if value != usual[key]}

    def told(self, page: Page) -> tuple[Mapping[str, Any] | None, str | None]:
        """Return what a briefing's notebook told when it last ran well, and when if not of now."""
        stem = Path(page.notebook).stem
        return self.parents.kept(stem), self.parents.stale(stem)

    async def warm(self, site: Mapping[str, Any], base_url: str) -> None:
        """Make every page, then every parent.

        Pages that were kept are there at once, before the first notebook runs.
        """

        # What fails is told in the log; it is tried again when it changes.
        async def make(page: Page) -> None:
            with suppress(ParentError):
                for lang in site["languages"]:
                    sent = await self.get(page, lang, site, base_url)
                    await asyncio.to_thread(getattr, sent, "zipped")

        async def stand(stem: str) -> None:
            with suppress(ParentError):
                await self.parents.of(stem)

        pages = site["pages"]
        kept_first = sorted(pages, key=lambda stem: self.parents.current(stem) is None)
        await asyncio.gather(*(make(pages[stem]) for stem in kept_first))
        await asyncio.gather(*map(stand, pages))

    def states(self) -> dict[str, str]:
        """Return the state of each notebook."""
        return {stem: self.parents.state(stem) for stem in self.parents.notebooks}

    def file(self, name: str) -> Sent | None:
        """Return a script or style by its hashed name."""
        return self._files.get(name)

    def close(self) -> None:
        """End the parents, and with them the kernels."""
        self.linked.close()
        self.parents.close()

"""The pages that everybody gets: made once from a notebook that ran once."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.publish.assemble import APP, page_html, split
from analysis.publish.pages import Page
from analysis.publish.parents import Parents


@dataclass(frozen=True)
class Sent:
    """A text as it is sent: plain or compressed, with its tag."""

    text: str

    @cached_property
    def plain(self) -> bytes:
        """The bytes."""
        return self.text.encode()

    @cached_property
    def zipped(self) -> bytes:
        """The bytes, compressed once."""
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """What names this text and no other."""
        return f'"{hashlib.sha256(self.plain).hexdigest()[:32]}"'


class SharedPages:
    """Pages and their files, made when first asked for and again when notebook or data change."""

    def __init__(self, folder: Path, notebooks: list[str]) -> None:
        self.parents = Parents(folder / name for name in notebooks)
        self._pages: dict[tuple[str, str], tuple[int, Sent]] = {}
        self._files = {path.name: Sent(path.read_text("utf-8")) for path in APP.glob("*-*.*")}
        self._ran: set[str] = set()

    async def get(self, page: Page, lang: str, site: Mapping[str, Any], base_url: str) -> Sent:
        """Return a page in a language.

        Raises
        ------
        analysis.publish.parents.ParentError : if its notebook did not run to its end
        """
        stem = Path(page.notebook).stem
        parent = await self.parents.of(stem)
        number, sent = self._pages.get((stem, lang), (0, None))
        if sent is None or number != parent.process.pid:
            _, assets = split(parent.page["state"], inline=False)
            self._files |= {name: Sent(text) for name, text in assets.items()}
            html = page_html(parent.page, site, page.slug, lang, base_url, True, home=base_url)
            sent = Sent(html)
            self._pages[stem, lang] = (parent.process.pid, sent)
        self._ran.add(stem)
        return sent

    async def warm(self, site: Mapping[str, Any], base_url: str) -> None:
        """Make every page before the first reader asks, one after the other."""
        for page in site["pages"].values():
            for lang in ("zh", "en"):
                (await self.get(page, lang, site, base_url)).zipped  # noqa: B018

    def ready(self) -> bool:
        """Say whether every notebook has run."""
        return self._ran >= set(self.parents.notebooks)

    def file(self, name: str) -> Sent | None:
        """Return a script or style by its hashed name."""
        return self._files.get(name)

    def close(self) -> None:
        """End the parents, and with them the kernels."""
        self.parents.close()

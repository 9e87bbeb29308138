"""What every handler of the site shares: the reader's address, texts as they are sent, errors."""

from __future__ import annotations

import errno
import re
from typing import Any, cast

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from analysis.publish.access import address, log_failure
from analysis.publish.admission import LimitedKernels
from analysis.publish.linked import Zipped
from analysis.publish.pages import Page
from analysis.publish.shared import Sent

#: What a disk says that is full, failing, or can only be read.
BROKEN_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)


class SiteHandler(JupyterHandler):
    """A handler whose pages and errors come from our templates."""

    @property
    def kernels(self) -> LimitedKernels:
        """The readers' kernels."""
        return cast(LimitedKernels, self.kernel_manager)

    def get_template(self, name: str) -> Any:
        """Our template of that name."""
        return self.settings["voila_jinja2_env"].get_template(name)

    @property
    def reader(self) -> str:
        """The address under which this reader's places are counted."""
        return address(self, self.settings["workbook_behind_proxy"])

    @property
    def language(self) -> str:
        """The language that is asked for, else the plan's first."""
        languages = self.settings["workbook_chrome"]["languages"]
        asked = self.get_argument("lang", "")
        return asked if asked in languages else str(languages[0])

    @property
    def encrypted(self) -> bool:
        """Whether the reader's browser speaks HTTPS, to us or to the proxy before us."""
        told = self.request.headers.get("X-Forwarded-Proto", "")
        behind = self.settings["workbook_behind_proxy"]
        return self.request.protocol == "https" or (behind and told == "https")

    def set_cookie(self, name: str, value: str | bytes, *about: Any, **more: Any) -> None:
        """Set a cookie that goes no other way than it came."""
        super().set_cookie(name, value, *about, **({"secure": self.encrypted} | more))

    def send(self, found: Sent | Zipped, kind: str, kept: str) -> None:
        """Send it with its tag, compressed if the reader's browser takes it so.

        kept : how long a browser may keep it
        """
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.set_header("Content-Type", f"{kind}{charset}")
        self.set_header("Cache-Control", kept)
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Etag", found.etag)
        if self.check_etag_header():
            self.set_status(304)
        elif takes_gzip(self.request.headers.get("Accept-Encoding", "")):
            self.set_header("Content-Encoding", "gzip")
            self.write(found.zipped)
        else:
            self.write(found.plain)
        self.finish()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log a failure without the reader's address."""
        log_failure(self, value)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Show a short page in words; nothing of the machine's inside is told."""
        self.clear_header("Content-Length")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if status_code == 503:
            self.set_header("Retry-After", "60")
        error = kwargs.get("exc_info", (None, None))[1]
        broken = isinstance(error, OSError) and error.errno in BROKEN_DISK
        words = {404: "lost", 503: "full"}.get(status_code, "disk" if broken else "failed")
        page = self.get_template("error.html")
        site = self.settings["workbook_chrome"]
        static = self.settings["workbook_static_url"] if status_code >= 500 else ""
        self.finish(
            page.render(site=site, base_url=self.base_url, status=status_code, words=words,
                        static=static)
        )  # fmt: skip


def takes_gzip(accepted: str) -> bool:
    """Say whether an Accept-Encoding lets a text be sent compressed."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return re.fullmatch(r"\s*q=0(\.0*)?\s*", weight) is None
    return False


def page_of(site: dict[str, Any], slug: str) -> Page:
    """Return the briefing of that address, or 404."""
    page = next((page for page in site["pages"].values() if page.slug == slug), None)
    if page is None:
        raise web.HTTPError(404)
    return page

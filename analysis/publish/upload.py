"""A reader's own ledger on the served site: looked at once, shown to them alone, and forgotten.

Off unless the operator turns it on. The file is read by a process with bounds of its own,
lies on no disk, and is gone when the answer is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import httputil, web

from analysis.publish.assemble import environment
from analysis.publish.site_handler import SiteHandler
from analysis.publish.surroundings import ONE_THREAD, surroundings
from analysis.text import both

log = logging.getLogger(__name__)
#: A file, bytes; what a form wraps around it; seconds that sending and reading it may take.
MOST_BYTES, AROUND, SENDING, READING = 10 << 20, 4096, 60.0, 20.0
#: Files that are read at a time, and of one address.
AT_ONCE = 2
#: A quarantine file whose text is longer than this is not carried in the page.
MOST_CARRIED = 11 << 20
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
KEYS = (
    "title", "lead", "choose", "send", "bounds", "private", "found", "kind.projects",
    "kind.arrivals", "kind.foreign_capital", "read", "accepted", "quarantined", "blank", "header",
    "total", "note", "faults", "row", "column", "value", "reason", "hint", "more", "download",
    "warnings", "totals", "label", "stated", "summed", "difference", "agrees", "disagrees",
    "districts", "district", "capital", "floor", "left", "unknown", "sheet", "none", "again",
    "large", "no_totals", "unit",
)  # fmt: skip


class Refused(Exception):
    """A file that is not looked at: its status, and the text that says why."""

    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


class Desk:
    """How many files are being read, and whose."""

    def __init__(self) -> None:
        self.readers: set[str] = set()

    def take(self, reader: str) -> None:
        """Take a place for a reader.

        Raises
        ------
        Refused : if all are taken, or the reader has one already
        """
        if reader in self.readers or len(self.readers) >= AT_ONCE:
            raise Refused(503, "busy")
        self.readers.add(reader)

    def leave(self, reader: str) -> None:
        """Give the place back."""
        self.readers.discard(reader)


@web.stream_request_body
class LedgerHandler(SiteHandler):
    """The page on which a reader has a ledger looked at."""

    def initialize(self, desk: Desk) -> None:
        """Know how many others are being served."""
        super().initialize()
        self.desk = desk
        self.body = bytearray()
        self.late: asyncio.TimerHandle | None = None
        self.taken = ""
        self.reading = False

    async def prepare(self) -> None:  # type: ignore[override]
        """Bound what is sent before any of it is read."""
        await super().prepare()  # type: ignore[misc]
        self.set_header("Cache-Control", "no-store")
        if self.request.method != "POST":
            return
        most = MOST_BYTES + AROUND
        self.request.connection.set_max_body_size(most)  # type: ignore[union-attr]
        try:
            if int(self.request.headers.get("Content-Length") or 0) > most:
                raise Refused(413, "oversize")
            self.desk.take(self.reader)
            self.taken = self.reader
        except (Refused, ValueError) as error:
            why = error if isinstance(error, Refused) else Refused(400, "unreadable")
            self.set_header("Connection", "close")
            self.refuse(why)
            return
        hang_up = getattr(self.request.connection, "stream", None)
        if hang_up is not None:
            self.late = asyncio.get_running_loop().call_later(SENDING, hang_up.close)

    def data_received(self, chunk: bytes) -> None:
        """Take what comes, up to the bound."""
        if len(self.body) + len(chunk) > MOST_BYTES + AROUND:
            raise web.HTTPError(413)
        self.body += chunk

    @web.authenticated
    def get(self) -> None:
        """Show the form."""
        self.show()

    head = get

    @web.authenticated
    async def post(self) -> None:
        """Look at the file and show what is found."""
        if self.late is not None:
            self.late.cancel()
        self.reading = True  # the place is taken until then, whoever hangs up
        try:
            name, content = self.sent()
            found, quarantine = await looked_at(name, content)
        except Refused as why:
            self.refuse(why)
            return
        finally:
            self.body = bytearray()
            self.desk.leave(self.taken)
        self.show(found=found, name=name, quarantine=quarantine)

    def sent(self) -> tuple[str, bytes]:
        """Return the file of the form: its name, as text to be shown, and its bytes.

        Raises
        ------
        Refused : if there is no file, or none that can be a ledger
        """
        arguments: dict[str, list[bytes]] = {}
        files: dict[str, list[httputil.HTTPFile]] = {}
        kind = self.request.headers.get("Content-Type", "")
        boundary = re.search(r"boundary=\"?([^\";]{1,200})", kind)
        if not kind.startswith("multipart/form-data") or boundary is None:
            raise Refused(400, "unreadable")
        try:
            httputil.parse_multipart_form_data(
                boundary.group(1).encode(), bytes(self.body), arguments, files
            )
        except (httputil.HTTPInputError, ValueError):
            raise Refused(400, "unreadable") from None
        given = files.get("ledger", [])
        if len(given) != 1 or not given[0]["body"]:
            raise Refused(400, "unreadable")
        name = re.sub(r"[\x00-\x1f\x7f]", "", given[0]["filename"].replace("\\", "/"))
        name = name.rsplit("/", 1)[-1][-120:]
        if not name.lower().endswith(ENDINGS):
            raise Refused(400, "ending")
        return name, given[0]["body"]

    def refuse(self, why: Refused) -> None:
        """Say why the file was not looked at."""
        self.set_status(why.status)
        if why.status == 503:
            self.set_header("Retry-After", "30")
        self.show(refused=both(f"upload.{why.why}", megabytes=MOST_BYTES >> 20,
                               seconds=int(READING)))  # fmt: skip

    def show(self, **shown: Any) -> None:
        """Send the page."""
        given = {"megabytes": MOST_BYTES >> 20, "seconds": int(READING)}
        given["year"] = (shown.get("found") or {}).get("year", 0)
        text = {key: both(f"upload.{key}", **given) for key in KEYS}
        nothing = {"found": None, "refused": None, "name": "", "quarantine": ""}
        page = environment().get_template("ledger.html")
        token = self.xsrf_token
        self.finish(
            page.render(
                site=self.settings["workbook_chrome"], base_url=self.base_url, text=text,
                token=token.decode(), endings=",".join(ENDINGS), **(nothing | shown),
            )
        )  # fmt: skip

    def on_finish(self) -> None:
        """Give the place back, however it ended."""
        if self.late is not None:
            self.late.cancel()
        self.desk.leave(self.taken)
        super().on_finish()

    def on_connection_close(self) -> None:
        """The reader has gone: while sending, or while the file is read, which ends by itself."""
        if self.late is not None:
            self.late.cancel()
        if not self.reading:
            self.desk.leave(self.taken)
        JupyterHandler.on_connection_close(self)


async def looked_at(name: str, content: bytes) -> tuple[dict[str, Any], str]:
    """Return what is found in a file, and its quarantine file in base 64, "" if there is none.

    The file goes through a pipe to the process that reads it, and what is found comes back
    through another: it never lies on a disk, whoever is killed meanwhile.

    Raises
    ------
    Refused : if it takes too long or too much memory
    """
    # Its own name is shown, never used: what it is called there is ours.
    called = f"ledger{Path(name).suffix.lower()}"
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "analysis.publish.examine", called,
            env=surroundings() | ONE_THREAD, stdin=PIPE, stdout=PIPE, stderr=PIPE,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        log.error("a ledger could not be looked at: %s", error)
        raise Refused(503, "busy") from error
    try:
        told, faults = await asyncio.wait_for(process.communicate(content), READING)
    except TimeoutError:
        raise Refused(413, "slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        last = faults.decode("utf-8", "replace").strip().splitlines()[-1:]
        log.warning("a ledger was not read to its end: %s", last)
        raise Refused(413, "heavy")
    found = dict(json.loads(told))
    text = found.pop("quarantine", "")
    found["large"] = len(text) > MOST_CARRIED
    return found, "" if found["large"] else text

"""A reader's own ledger on the served site: read within bounds, shown to them alone, forgotten."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import openpyxl
import pytest
from serving import serving
from world import Visitor, notebooks, python, visitor

pytestmark = [pytest.mark.slow]
ROOT = Path(__file__).parents[2]
HEAD = "项目编号,区,到位日期,到位资金（万元）\n"
LEDGER = HEAD + "P1,江岸区,2021-03-01,50000\nP2,江汉区,2021-04-01,=1+1\n合计,,,50000\n"
#: A slow machine must not make a good file a bad one.
SERVER = """
from pathlib import Path
from analysis.publish import server, upload
upload.READING = 90
server.serve(port={port}, browser=False, folder=Path({folder!r}), upload={upload})
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The site's temporary folder, where nothing of a file may stay."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    """The address of a site that looks at ledgers."""
    env = {"TMPDIR": str(folder)}
    with notebooks() as held:
        command = python(SERVER, port=8978, upload=True, folder=held)
        with serving(command, env) as (site, _):
            yield site


def send(one: Visitor, name: str, content: bytes, token: str | None = None) -> tuple[int, str]:
    """Send a file as the page's form does."""
    from urllib.error import HTTPError
    from urllib.request import Request

    if token is None:
        one.get("ledger")
        token = one.cookie("_xsrf")
    mark = uuid4().hex
    head = (f'--{mark}\r\nContent-Disposition: form-data; name="ledger"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode()  # fmt: skip
    body = head + content + f"\r\n--{mark}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    request = Request(f"{one.site}ledger?_xsrf={token}", data=body, method="POST", headers=kind)
    try:
        with one.opener.open(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def count(page: str, key: str) -> int:
    found = re.search(rf'data-count="{key}">(\d+)<', page)
    assert found, page[-1500:]
    return int(found.group(1))


def test_a_ledger_is_read_shown_and_forgotten(desk: str, folder: Path) -> None:
    status, page = send(visitor(desk), "台账.csv", LEDGER.encode("gb18030"))
    assert status == 200
    assert (count(page, "accepted"), count(page, "quarantined"), count(page, "total")) == (1, 1, 1)
    assert "台账.csv" in page and "it is no number" in page and "不是数" in page
    assert re.search(r"江岸区</span>.*?<td>5\.00</td>", page, re.S)
    carried = re.search(r"base64,([A-Za-z0-9+/=]+)", page)
    assert carried
    import base64

    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(carried.group(1))))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert "P2" in cells
    assert not any(cell.startswith("=") for cell in cells), "a formula would run"
    assert not list(folder.rglob("ledger*"))
    assert "P2" not in visitor(desk).get("ledger")[1].decode()


def test_names_and_cells_are_text(desk: str) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    content = HEAD + f"P1,{hostile},2021-03-01,50000\n"
    status, page = send(visitor(desk), f"{hostile}.csv", content.encode())
    assert status == 200
    assert hostile not in page
    assert "&lt;img src=x" in page


def test_a_bomb_is_refused_and_the_site_goes_on(desk: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    assert len(held.getvalue()) < 1_000_000
    status, page = send(visitor(desk), "bomb.xlsx", held.getvalue())
    assert status in (200, 413)
    assert 'role="alert"' in page
    assert visitor(desk).get("healthz")[0] == 200


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("x.csv", b"x" * (11 << 20), 413), ("x.exe", b"MZ", 400), ("x.csv", b"", 400),
     ("../../etc/passwd.csv", HEAD.encode(), 200)],
)  # fmt: skip
def test_what_is_no_ledger_is_refused_in_words(
    desk: str, name: str, content: bytes, status: int
) -> None:
    try:
        found, page = send(visitor(desk), name, content)
    except OSError:
        assert status == 413  # hung up while it was still sending
        return
    assert found == status
    assert 'role="alert"' in page
    assert "etc/passwd" not in page


def test_an_endless_body_is_cut_off(desk: str) -> None:
    host = urlsplit(desk)
    one = visitor(desk)
    one.get("ledger")
    head = (f"POST /ledger?_xsrf={one.cookie('_xsrf')} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: _xsrf={one.cookie('_xsrf')}\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n")  # fmt: skip
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    sent = 0
    with socket.create_connection((host.hostname or "", host.port or 0), timeout=20) as line:
        line.sendall(head.encode())
        with pytest.raises(OSError):
            while sent < 200 << 20:
                line.sendall(chunk)
                sent += len(chunk)
    assert sent < 40 << 20
    assert visitor(desk).get("healthz")[0] == 200


def test_who_hangs_up_keeps_the_place_until_the_file_is_read(desk: str) -> None:
    """Else each file sent and left would be one more process that reads."""
    one, host = visitor(desk), urlsplit(desk)
    one.get("ledger")
    token = one.cookie("_xsrf")
    head = '--x\r\nContent-Disposition: form-data; name="ledger"; filename="a.csv"\r\n\r\n'
    body = head.encode() + LEDGER.encode() + b"\r\n--x--\r\n"
    asked = (f"POST /ledger?_xsrf={token} HTTP/1.1\r\nHost: localhost\r\nCookie: _xsrf={token}\r\n"
             f"Content-Length: {len(body)}\r\n"
             "Content-Type: multipart/form-data; boundary=x\r\n\r\n")  # fmt: skip
    with socket.create_connection((host.hostname or "", host.port or 0), timeout=20) as line:
        line.sendall(asked.encode() + body)
        time.sleep(0.3)  # long enough to arrive, too short for a process to have read it
    time.sleep(0.2)
    assert send(one, "b.csv", LEDGER.encode())[0] == 503
    end = time.monotonic() + 60
    while (status := send(one, "b.csv", LEDGER.encode())[0]) == 503 and time.monotonic() < end:
        time.sleep(0.5)
    assert status == 200


def test_another_sites_form_can_not_send(desk: str) -> None:
    one = visitor(desk)
    one.get("ledger")
    assert send(one, "x.csv", LEDGER.encode(), token="")[0] == 403


def test_it_is_off_unless_turned_on(guarded: str) -> None:
    assert visitor(guarded).get("ledger")[0] == 404


def test_the_reading_process_bounds_itself(tmp_path: Path) -> None:
    """The bound is the operating system's: code that asks for more is refused it."""
    code = ("import analysis.publish.examine as e, sys\ne.bounded()\n"
            "try:\n    bytearray(e.MOST_MEMORY)\nexcept MemoryError:\n    sys.exit(3)")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 3

"""A reader's own ledger on the served site: read within bounds, shown to them alone, forgotten.

An attack returns whether it got what it wanted: in vain at the published desk, not where what
bounds it is switched off.
"""

from __future__ import annotations

import base64
import io
import re
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import openpyxl
import psutil
import pytest
from serving import ROOT, serving
from world import Visitor, careless_env, in_turn, python, visitor, within

pytestmark = [pytest.mark.slow]
HEAD = "项目编号,区,到位日期,到位资金（万元）\n"
LEDGER = HEAD + "P1,江岸区,2021-03-01,50000\nP2,江汉区,2021-04-01,=1+1\n合计,,,50000\n"
HOSTILE = "<img src=x onerror=alert(1)>"
#: A slow machine must not make a good file a bad one. There is no notebook: none is needed.
SERVER = """
from pathlib import Path
from analysis.publish import server, upload
upload.READING = 90
{off}
server.serve(port={port}, browser=False, folder=Path({folder!r}), upload=True)
"""
Desk = tuple[str, Path]
Served = tuple[str, Path, subprocess.Popen]
Attack = Callable[[str, Path], bool]


@contextmanager
def serving_desk(port: int, careless: bool) -> Iterator[Served]:
    """Serve a site that looks at ledgers: its address, its temporary folder, its process."""
    env = careless_env() if careless else {}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as empty:
        code = SERVER.replace("{off}", "import desk" if careless else "")
        with serving(python(code, port=port, folder=empty), env | {"TMPDIR": folder}) as (
            site,
            server,
        ):
            yield site, Path(folder), server


@pytest.fixture(scope="module")
def desks() -> Iterator[Callable[[bool], Desk]]:
    """The published desk and the careless one, each served when it is first asked for."""
    with ExitStack() as stack:
        found: dict[bool, Desk] = {}

        def desk(defended: bool) -> Desk:
            if defended not in found:
                port = 8978 if defended else 8988
                found[defended] = stack.enter_context(serving_desk(port, not defended))[:2]
            return found[defended]

        yield desk


@pytest.fixture
def desk(desks: Callable[[bool], Desk]) -> str:
    """The address of the published desk."""
    return desks(True)[0]


def send(one: Visitor, name: str, content: bytes, token: str | None = None) -> tuple[int, str]:
    """Send a file as the page's form does."""
    if token is None:
        one.get("ledger")
        token = one.cookie("_xsrf")
    mark = uuid4().hex
    head = (f'--{mark}\r\nContent-Disposition: form-data; name="ledger"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode()  # fmt: skip
    body = head + content + f"\r\n--{mark}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    status, page = one.ask("POST", f"ledger?_xsrf={token}", token, body, kind)
    return status, page.decode()


def count(page: str, key: str) -> int:
    found = re.search(rf'data-count="{key}">(\d+)<', page)
    assert found, page[-1500:]
    return int(found.group(1))


def quarantine(page: str) -> list[str]:
    """Return all cells of the file that a page carries."""
    carried = re.search(r"base64,([A-Za-z0-9+/=]+)", page)
    assert carried
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(carried.group(1))))
    return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]


def begun(one: Visitor, told: str, timeout: float = 20) -> socket.socket:
    """Begin to send a form by hand; `told` is what its head says beside the usual."""
    one.get("ledger")
    token, host = one.cookie("_xsrf"), urlsplit(one.site)
    line = socket.create_connection((host.hostname or "", host.port or 0), timeout=timeout)
    line.sendall(
        f"POST /ledger?_xsrf={token} HTTP/1.1\r\nHost: localhost\r\nCookie: _xsrf={token}\r\n"
        f"{told}\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n".encode()
    )
    return line


# -- attacks -------------------------------------------------------------------------------------


def leaves_its_file_behind(site: str, folder: Path) -> bool:
    assert send(visitor(site), "台账.csv", LEDGER.encode("gb18030"))[0] == 200
    return any(folder.rglob("ledger*"))


def leaves_its_file_behind_a_killed_server(defended: bool) -> bool:
    """What the system does to a server that has no memory left, while a ledger is read."""
    with serving_desk(8292, careless=not defended) as (site, folder, server):
        rows = "".join(f"P{n},江岸区,2021-03-01,50000\n" for n in range(60_000))
        one = visitor(site)
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(send, one, "a.csv", (HEAD + rows).encode())
            process = psutil.Process(server.pid)
            assert within(30, lambda: bool(reading(process)))
            time.sleep(1)
            readers = reading(process)
            server.kill()
            assert sent.exception() is not None
        ended = within(5, lambda: not any(map(psutil.Process.is_running, readers)))
        return not ended or any(b"P59999" in path.read_bytes()
                                for path in folder.rglob("*") if path.is_file())  # fmt: skip


def reading(server: psutil.Process) -> list[psutil.Process]:
    """Return the processes that read ledgers."""
    return [one for one in server.children() if "analysis.publish.examine" in one.cmdline()]


def brings_a_formula_into_the_quarantine_file(site: str, _: Path) -> bool:
    cells = quarantine(send(visitor(site), "a.csv", LEDGER.encode())[1])
    assert "P2" in cells
    return any(cell.startswith("=") for cell in cells)


def brings_markup_by_a_name(site: str, _: Path) -> bool:
    return HOSTILE in send(visitor(site), f"{HOSTILE}.csv", LEDGER.encode())[1]


def brings_markup_by_a_cell(site: str, _: Path) -> bool:
    content = HEAD + f"P1,{HOSTILE},2021-03-01,50000\n"
    page = send(visitor(site), "a.csv", content.encode())[1]
    assert "P1" in page or count(page, "quarantined") == 1
    return HOSTILE in page


def has_a_bomb_unpacked(site: str, _: Path) -> bool:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    assert len(held.getvalue()) < 50_000
    page = send(visitor(site), "bomb.xlsx", held.getvalue())[1]
    assert 'role="alert"' in page
    assert visitor(site).get("healthz")[0] == 200
    return "ratio of packing" not in page


def has_read_what_no_ledger_is_called(site: str, _: Path) -> bool:
    status, page = send(visitor(site), "x.exe", b"MZ")
    assert 'role="alert"' in page
    return status == 200


def has_read_what_is_too_large(site: str, _: Path) -> bool:
    try:
        status, _page = send(visitor(site), "x.csv", b"x" * (11 << 20))
    except OSError:
        return False  # hung up while it was still sending
    return status != 413


def has_its_own_path_shown(site: str, _: Path) -> bool:
    return "etc/passwd" in send(visitor(site), "../../etc/passwd.csv", HEAD.encode())[1]


def sends_without_end(site: str, _: Path) -> bool:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    sent = 0
    with suppress(OSError), begun(visitor(site), "Transfer-Encoding: chunked") as line:
        while sent < 40 << 20:
            line.sendall(chunk)
            sent += len(chunk)
    assert visitor(site).get("healthz")[0] == 200
    return sent >= 40 << 20


def has_many_files_read_by_hanging_up(site: str, _: Path) -> bool:
    """Each file that was sent and left would be one more process that reads."""
    one = visitor(site)
    head = '--x\r\nContent-Disposition: form-data; name="ledger"; filename="a.csv"\r\n\r\n'
    body = head.encode() + LEDGER.encode() + b"\r\n--x--\r\n"
    with begun(one, f"Content-Length: {len(body)}") as line:
        line.sendall(body)
        one.get("healthz")  # long enough to arrive, too short for a process to have read it
    several = send(one, "b.csv", LEDGER.encode())[0] == 200
    assert within(60, lambda: send(one, "b.csv", LEDGER.encode())[0] == 200)
    return several


def sends_from_another_sites_form(site: str, _: Path) -> bool:
    one = visitor(site)
    one.get("ledger")
    return send(one, "x.csv", LEDGER.encode(), token="")[0] == 200


ATTACKS = [
    leaves_its_file_behind, brings_a_formula_into_the_quarantine_file, brings_markup_by_a_name,
    brings_markup_by_a_cell, has_a_bomb_unpacked, has_read_what_no_ledger_is_called,
    has_read_what_is_too_large, has_its_own_path_shown, sends_without_end,
    has_many_files_read_by_hanging_up, sends_from_another_sites_form,
]  # fmt: skip


@in_turn(ATTACKS)
def test_an_attack_is_in_vain_unless_the_desk_is_careless(
    desks: Callable[[bool], Desk], defended: bool, attack: Attack
) -> None:
    assert attack(*desks(defended)) != defended


def test_a_killed_server_leaves_nothing_of_a_ledger(defended: bool) -> None:
    assert leaves_its_file_behind_a_killed_server(defended) != defended


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_a_strangers_database_is_not_opened(desk: str, engine: str) -> None:
    content = {"sqlite": b"SQLite format 3\0" + bytes(4000),
               "duckdb": bytes(8) + b"DUCK" + bytes(4000)}[engine]  # fmt: skip
    page = send(visitor(desk), "a.csv", content)[1]
    assert {"sqlite": "a SQLite database", "duckdb": "a DuckDB database"}[engine] in page


# -- what the desk does --------------------------------------------------------------------------


def test_a_ledger_is_read_and_shown_to_its_reader_alone(desk: str) -> None:
    status, page = send(visitor(desk), "台账.csv", LEDGER.encode("gb18030"))
    assert status == 200
    assert (count(page, "accepted"), count(page, "quarantined"), count(page, "total")) == (1, 1, 1)
    assert "台账.csv" in page and "it is no number" in page and "不是数" in page
    row = page.split("江岸区</span>")[1].split("</tr>")[0]
    assert re.findall(r">([\d.]+)<", row) == ["5.00", "0.500", "569", "56.9", "564.00", "56.400"]
    assert "P2" in quarantine(page)
    assert "P2" not in visitor(desk).get("ledger")[1].decode()


def test_a_page_shows_its_warnings_and_the_year_of_its_floors(desk: str) -> None:
    content = LEDGER.replace("到位资金（万元）", "到位资金（万元）,经办").replace(
        "50000\nP2", "50000,李\nP2"
    )
    page = send(visitor(desk), "a.csv", content.encode("gb18030"))[1]
    warned = page.split('class="wb-warnings"')[1].split("</ul>")[0]
    assert "gb18030" in warned and "经办" in warned
    assert "各区 2021 年到位资金与全年底线" in page and "Realized investment of 2021" in page


def test_an_empty_file_is_refused_in_words(desk: str) -> None:
    status, page = send(visitor(desk), "x.csv", b"")
    assert status == 400
    assert 'role="alert"' in page


def test_the_reading_process_bounds_itself(defended: bool) -> None:
    """The bound is the operating system's: code that asks for more is refused it."""
    code = f"""
import mmap, sys
from analysis.publish import examine
if {defended}:
    examine.bounded()
try:
    mmap.mmap(-1, examine.MOST_MEMORY)
except OSError:
    sys.exit(3)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == (3 if defended else 0)

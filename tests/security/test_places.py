"""Who counts as one reader, how many fit, and what stays whose: each without a server."""

from __future__ import annotations

import asyncio
import gc
import json
import linecache
import logging
import os
import re
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import zmq
from jupyter_client.provisioning import KernelProvisionerFactory
from world import message

from analysis import cache
from analysis.publish import (
    admission,
    exports,
    kernels,
    lifeline,
    lines,
    memory,
    parents,
    server,
    site,
)
from analysis.publish.access import address
from analysis.publish.admission import LimitedKernels, kernels_that_fit
from analysis.publish.connection import parsed
from analysis.publish.exports import Exports, ExportsFullError, own_link
from analysis.publish.kernels import ForkedProcess, ForkProvisioner
from analysis.publish.logs import Failures, JsonLines
from analysis.publish.pages import chrome
from analysis.publish.parent import Parent, ParentError
from analysis.publish.parents import Parents
from analysis.publish.site_handler import takes_gzip
from analysis.publish.surroundings import surroundings
from analysis.publish.zygote import Zygote

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "2_fdi_growth.ipynb"


@pytest.mark.parametrize(
    ("peer", "told", "counted"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # who is no proxy is not believed
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "x" * 60_000, "127.0.0.1"),
        ("127.0.0.1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("fe80::1%eth0", "", "fe80::/64"),
    ],
)
def test_all_addresses_that_one_reader_has_count_as_one(peer: str, told: str, counted: str) -> None:
    request = SimpleNamespace(remote_ip=peer, headers={"X-Real-IP": told} if told else {})
    assert address(cast(Any, SimpleNamespace(request=request)), behind_proxy=True) == counted


@pytest.mark.parametrize(
    ("line", "files", "left"),
    [
        ("0::/", {"memory.max": "900", "memory.current": "300"}, 600),
        ("0::/", {"memory.max": "max", "memory.current": "300"}, 10_000),
        ("0::/a/b", {"a/memory.max": "500", "a/memory.current": "100",
                     "a/b/memory.max": "max", "a/b/memory.current": "9"}, 400),
        ("4:memory:/a", {"memory/a/memory.limit_in_bytes": "700",
                         "memory/a/memory.usage_in_bytes": "800"}, 0),
        ("4:memory:/named/outside", {"memory/memory.limit_in_bytes": "700",
                                     "memory/memory.usage_in_bytes": "100"}, 600),
        ("1:cpu:/", {}, 10_000),
    ],
)  # fmt: skip
def test_a_containers_or_a_units_bound_counts_not_the_machines_memory(
    line: str, files: dict[str, str], left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").write_text(f"{line}\n")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "OWN", tmp_path / "own")
    machine = SimpleNamespace(available=10_000)
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: machine)
    assert memory.at_hand() == left


def test_warm_parents_have_their_room_before_kernels_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission.memory, "at_hand", lambda: 2 << 30)
    assert kernels_that_fit(7) * admission.KERNEL_BYTES < (2 << 30) - 7 * admission.PARENT_BYTES
    assert kernels_that_fit(0) <= 5, "a kernel that starts anew takes as much as a parent"


def test_a_line_that_broke_does_not_end_the_kernel_of_a_reader_who_is_back(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(admission, "GONE", 0.0)
    ended, hung = [], []

    async def end(self: LimitedKernels, key: str, now: bool = False) -> None:
        ended.append(key)

    monkeypatch.setattr(LimitedKernels, "shutdown_kernel", end)

    async def story() -> None:
        manager = LimitedKernels()
        manager._kernels["k"] = object()
        lines = [SimpleNamespace(hang_up=lambda *why: hung.append(why)) for _ in range(3)]
        manager.attended("k", lines[0])
        manager.attended("k", lines[1])  # back on another, before the first is known to be gone
        manager.abandon("k", lines[0])
        await asyncio.sleep(0.05)
        assert not ended and not hung
        manager.attended("k", lines[2])
        manager.attended("k", lines[0])
        assert len(hung) == 1, "the oldest of three gives way"
        manager.abandon("k", lines[1])  # which changes nothing, nor does a stranger's leaving
        manager.abandon("k", object())
        manager.abandon("k", lines[0])
        await asyncio.sleep(0.05)
        assert not ended
        manager.abandon("k", lines[2])
        await asyncio.sleep(0.05)
        assert ended == ["k"]
        assert not manager._lines

    alone(story())


def test_a_message_nested_without_end_is_none() -> None:
    raw = message("comm_msg", {"data": "HERE"})
    deep = raw.replace(b'"HERE"', b"[" * 30_000 + b"]" * 30_000)
    assert parsed(raw) is not None
    assert parsed(deep) is None


def parent_of(line: socket.socket) -> Parent:
    line.setblocking(False)
    process = SimpleNamespace(pid=1, poll=lambda: None)
    return Parent(NOTEBOOK, (), cast(Any, process), line, {"first": {"zh": {}}})


def test_who_stops_waiting_for_a_fork_does_not_leave_its_answer_to_the_next(alone: Any) -> None:
    async def story() -> None:
        ours, theirs = socket.socketpair()
        parent = parent_of(ours)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(parent.drawer(), 0.05)
        next_one = asyncio.create_task(parent.fork("file", {}))
        await asyncio.sleep(0.05)
        theirs.send(json.dumps({"pid": 11}).encode() + b"\n")
        await asyncio.sleep(0.05)
        theirs.send(json.dumps({"pid": 22}).encode() + b"\n")
        assert await asyncio.wait_for(next_one, 1) == 22
        ours.close()
        theirs.close()

    alone(story())


def test_a_kernel_whose_parent_is_gone_is_none_rather_than_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    async def started(self: Any, cmd: list[str], **_: Any) -> dict[str, Any]:
        return {"started": "anew"}

    monkeypatch.setattr(kernels.LocalProvisioner, "launch_kernel", started)

    async def story() -> None:
        command = ["python", "-f", "file"]
        provisioner = ForkProvisioner()
        with pytest.raises(ParentError):
            await provisioner.launch_kernel(command, env={kernels.PARENT: "gone"})
        ours, theirs = socket.socketpair()
        here = kernels.parents["here"] = parent_of(ours)
        theirs.close()
        with pytest.raises(ParentError):
            await provisioner.launch_kernel(command, env={kernels.PARENT: "here"})
        assert await provisioner.launch_kernel(command, env={}) == {"started": "anew"}
        here.retire()

    alone(story())


def test_a_parent_that_was_replaced_is_not_held_for_ever_with_its_page() -> None:
    ours, theirs = socket.socketpair()
    here = kernels.parents["here"] = parent_of(ours)
    assert kernels.parents["here"] is here
    ours.close()
    theirs.close()
    del here
    gc.collect()
    assert "here" not in kernels.parents


def test_a_replaced_parent_ends_when_its_last_kernel_has(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    children = ["a kernel"]
    here = SimpleNamespace(children=lambda: children)
    monkeypatch.setattr(parents.psutil, "Process", lambda _: here)
    monkeypatch.setattr(parents, "SWEEP", 0.02)

    async def story() -> None:
        warm = Parents([])
        ours, theirs = socket.socketpair()
        old = parent_of(ours)
        old.process.poll = lambda: 0 if ours.fileno() < 0 else None  # type: ignore[method-assign]
        warm._retired.append(old)
        warm._sweep()
        await asyncio.sleep(0.1)
        assert warm._retired == [old]
        children.clear()
        await asyncio.sleep(0.1)
        assert not warm._retired
        assert warm._sweeping is None
        theirs.close()

    alone(story())


def test_a_file_that_is_written_all_the_time_keeps_no_page_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(parents, "MOST_WAITING", 0.2)
    monkeypatch.setattr(parents, "stamp", lambda _: (time.time() - 0.9, 1.0))
    monkeypatch.setattr(Zygote, "start", lambda _: (_ for _ in ()).throw(OSError("asked")))

    async def story() -> None:
        with pytest.raises(OSError, match="asked"):
            await asyncio.wait_for(Parents([tmp_path / "1_page.ipynb"])._raise("1_page"), 5)

    alone(story())


def test_one_address_can_not_take_all_places_of_those_who_make_documents(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(exports, "START", "import sys; print(sys.argv[4], end='')")

    async def story() -> None:
        made = Exports(at_once=1, waiting=5, of_one=2)

        def ask(link: str, reader: str) -> Any:
            return made.get(NOTEBOOK, "pdf", "zh", link, reader)

        greedy = [asyncio.ensure_future(ask(link, "one")) for link in ("a", "b")]
        await asyncio.sleep(0)
        with pytest.raises(ExportsFullError):
            await ask("c", "one")
        assert await ask("d", "other") == b"d"
        assert await asyncio.gather(*greedy) == [b"a", b"b"]
        assert await ask("c", "one") == b"c"
        assert not made._making.whose

    alone(story())


def test_a_documents_process_knows_no_secret_of_the_servers(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(exports, "START", "import os; print(os.environ.get('A_TOKEN', 'none'))")
    monkeypatch.setenv("A_TOKEN", "secret")

    async def story() -> None:
        assert await Exports().get(NOTEBOOK, "pdf", "zh", "") == b"none\n"

    alone(story())


def test_nobodys_words_but_ours_stand_in_a_document_of_ours() -> None:
    assert own_link("v1;uplift_zone=12;name=%3Cb%3E") == "v1;uplift_zone=12"
    assert own_link("v1;name=Mine") == ""


#: What would run markup that came in a text, in a notebook, a module or the page's own scripts.
RUNS_MARKUP = re.compile(
    r"escape=False|\bHTMLMath\b|\bHTML\(|\bMarkdown\(|\bOutput\("
    r"|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
)


def test_nothing_is_written_that_would_run_markup_from_a_text() -> None:
    root = NOTEBOOK.parents[1]
    written = [
        *root.glob("analysis/**/*.py"),
        *root.glob("js/src/*.js"),
        *NOTEBOOK.parent.glob("*"),
    ]
    found = [(path.name, hit[0]) for path in written if path.is_file()
             for hit in RUNS_MARKUP.finditer(path.read_text("utf-8"))]  # fmt: skip
    assert len(written) > 100
    assert found == [("markdown.py", "escape=False")], "whose HTML the pages clean"
    for hostile in ("frame.to_html(escape=False)", "widgets.HTML(name)", "display(Markdown(name))"):
        assert RUNS_MARKUP.search(hostile)


def test_a_full_disk_keeps_no_half_of_what_was_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "kept" / "page.json"
    cache.write(place, "earlier")
    assert place.stat().st_mode & 0o077 == 0, "nobody else reads what a ledger's page says"

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    cache.write(place, "later")
    assert cache.read(place) == "earlier"
    assert [path.name for path in place.parent.iterdir()] == ["page.json"]


def test_the_static_editions_own_pages_have_a_policy_too(tmp_path: Path) -> None:
    site._front(tmp_path, {**chrome(), "at": "briefing/{}/"}, {})
    pages = list(tmp_path.rglob("*.html"))
    assert {page.name for page in pages} == {"index.html", "404.html"}
    assert len(pages) == 4
    for page in pages:
        head = page.read_text("utf-8").split("</head>")[0]
        policy = head.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
        for part in ("default-src &#39;self&#39;", "base-uri", "form-action", "object-src"):
            assert part in policy
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_what_a_notebook_is_told_leads_to_the_same_places_from_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = {"WORKBOOK_LEDGER": "a/ledger.xlsx", "WORKBOOK_DATA": str(NOTEBOOK),
            "PYTHONPATH": f".{os.pathsep}b", "A_TOKEN": "secret"}  # fmt: skip
    for key, text in told.items():
        monkeypatch.setenv(key, text)
    found = surroundings()
    assert found["WORKBOOK_LEDGER"] == str(tmp_path / "a" / "ledger.xlsx")
    assert found["WORKBOOK_DATA"] == str(NOTEBOOK)
    assert found["PYTHONPATH"] == f"{tmp_path}{os.pathsep}{tmp_path / 'b'}"
    assert "A_TOKEN" not in found
    monkeypatch.setenv("WORKBOOK_LEDGER", "postgres://host/ledger")
    assert surroundings()["WORKBOOK_LEDGER"] == "postgres://host/ledger"


def test_a_kernel_is_watched_also_beyond_a_thousand_descriptors() -> None:
    """A crowd has the server's descriptors run far above 1,023, where select() ends."""
    lines.files()
    with ExitStack() as stack:
        for _ in range(1100):
            stack.enter_context(open(os.devnull))  # noqa: PTH123
        with subprocess.Popen(["sleep", "60"]) as child:
            process = ForkedProcess(child.pid)
            assert process._fd is not None and process._fd > 1023
            assert process.poll() is None
            process.kill()
            assert process.wait(10) == 0
            assert process._fd is None, "its descriptor is given back"


def test_the_source_that_traces_named_is_given_back() -> None:
    assert linecache.getlines(__file__)
    memory.give_back()
    assert not linecache.cache


def test_kernels_have_sockets_for_all_places() -> None:
    """ZeroMQ counts sockets of its own, and would refuse the 1,024th with descriptors left."""
    files, manager = lines.files(), LimitedKernels()
    with ExitStack() as stack:
        for _ in range(min(files - 500, 6 * 225)):
            stack.enter_context(manager.context.socket(zmq.DEALER))


def test_a_start_that_fails_gives_place_process_and_descriptors_back(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    """A kernel that was forked and then can't be taken into use is ended, and leaves no file."""
    started = []

    async def fork(self: Any, cmd: list[str], **_: Any) -> dict[str, Any]:
        assert self.parent.last_activity, "who looks for idle kernels may look now"
        child = subprocess.Popen(["sleep", "60"])
        started.append(child)
        self.process, self.pid = ForkedProcess(child.pid), child.pid
        return self.connection_info

    def fails(*_: Any) -> None:
        raise OSError(24, "Too many open files")

    KernelProvisionerFactory.clear_instance()  # one of Jupyter's own kernels may have left one
    monkeypatch.setattr(ForkProvisioner, "launch_kernel", fork)
    monkeypatch.setattr(admission.KernelManager, "_connect_control_socket", fails)

    async def story() -> None:
        manager = LimitedKernels(config=server.settings(NOTEBOOK.parent, 2))
        for _ in range(3):
            before = len(list(Path("/proc/self/fd").iterdir()))
            with pytest.raises(OSError, match="Too many"):
                await manager.start_kernel(kernel_name="python3")
            assert started[-1].wait(10) == -9
            assert not manager.full() and not list(manager.list_kernel_ids())
            assert not manager._fresh and not manager._pending_kernels
            loggers.append(len(logging.root.manager.loggerDict))
        assert len(list(Path("/proc/self/fd").iterdir())) <= before
        assert loggers[-1] == loggers[0], "logging keeps each for ever"

    loggers: list[int] = []
    alone(story())


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.0", False),
     ("gzip;q=0.01", True), ("", False), ("xgzip", False)],
)  # fmt: skip
def test_a_text_is_sent_as_a_browser_takes_it(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) == takes


def test_a_kind_of_failure_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    told = Failures()
    for number in range(1000):
        try:
            int(f"what a reader sent, {number}")
        except ValueError as error:
            told.note_error("page", error)
    lines = [cast(dict[str, Any], record.msg) for record in caplog.records]
    assert [line["times"] for line in lines] == [1, 10, 100, 1000]
    assert lines[0]["cause"] == "ValueError" and lines[0]["failed"] == "page"
    assert "Traceback" in lines[0]["trace"] and "trace" not in lines[1]
    read = json.loads(JsonLines().format(caplog.records[0]))
    assert {"at", "level", "from", "failed", "cause", "place", "trace"} <= read.keys()


def test_a_start_removes_what_a_killed_server_left_and_nothing_else(tmp_path: Path) -> None:
    for name in ("voila_dead", "voila_living", "voila_not_ours"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.json").write_text("{}")
    held = lifeline.hold(tmp_path / "voila_living")
    dead = lifeline.hold(tmp_path / "voila_dead")
    assert held is not None and dead is not None
    dead.close()  # as the system does when a process is killed
    lifeline.sweep(tmp_path, "voila_*")
    assert {path.name for path in tmp_path.iterdir()} == {"voila_living", "voila_not_ours"}
    held.close()


def test_a_folder_that_a_late_kernel_writes_to_is_swept_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "voila_ended"
    folder.mkdir()
    held = lifeline.hold(folder)
    assert held is not None
    unlink = Path.unlink

    def late(self: Path, missing_ok: bool = False) -> None:
        unlink(self, missing_ok)
        (folder / "kernel-ipc-1").touch()

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "unlink", late)
        lifeline.remove(folder)
    held.close()
    assert folder.is_dir()
    lifeline.sweep(tmp_path, "voila_*")
    assert not folder.exists()

"""A start of the site: a page at hand is sent at once, one of other inputs is not."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import nbformat
import pytest
from world import within

from analysis import cache
from analysis.files import data_dir
from analysis.publish import inputs, parents, turns
from analysis.publish.inputs import content_key, place, stamp
from analysis.publish.parent import Parent, ParentError
from analysis.publish.parents import Parents
from analysis.publish.plans import known, known_place
from analysis.publish.surroundings import ONE_THREAD
from analysis.publish.zygote import Zygote


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a notebook with data and a cache of its own."""
    shutil.copytree(data_dir(), tmp_path / "data")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("WORKBOOK_LEDGER", raising=False)
    path = tmp_path / "1_page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    return path


def keep(notebook: Path, key: str | None) -> None:
    cache.write(place(notebook), json.dumps({"key": key, "made": "then", "number": "1"}))


def test_the_server_needs_no_library_that_only_its_notebooks_need() -> None:
    code = (
        "import sys; import analysis.publish.server; analysis.publish.server.settings(notebooks);"
        "print([m for m in ('pandas', 'altair', 'ipywidgets', 'sympy') if m in sys.modules])"
    ).replace("notebooks", "analysis.publish.pages.notebooks_dir()")
    for _ in "cold", "warm":
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
    assert done.stdout == "[]\n"


def test_a_first_start_has_the_model_compiled_and_learns_what_is_said_of_plans_by_who_has_libraries(
    notebook: Path,
) -> None:
    zygote = Zygote()
    try:
        zygote.wait()
        told = cache.read(known_place())
        assert within(60, lambda: [*cache.cache_dir().glob("model-*.json")])
    finally:
        zygote.close()
    assert told is not None and json.loads(told) == known()


def test_who_forks_the_parents_has_read_no_data_and_begun_no_thread() -> None:
    """Data that have changed since would be old in every page, and broken ones end all of them."""
    code = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, told: event == 'open' and opened.append(str(told[0])))\n"
        "from analysis.publish import warm; warm.load()\n"
        "print(warm.threads(), [name for name in opened if name.startswith(sys.argv[1])])"
    )
    command = [sys.executable, "-c", code, str(data_dir())]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD
    )
    assert done.stdout == "1 []\n"


def test_a_thread_that_has_just_ended_is_no_thread_of_a_parent() -> None:
    """The system lists it for a moment after it was joined; one that goes on counts."""
    code = (
        "import threading, time; from analysis.process import threads\n"
        "threading.Thread(target=time.sleep, args=(0.3,)).start()\n"
        "print(threads(), threads(patience=30))\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "print(threads(patience=0.1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | ONE_THREAD,
    )  # fmt: skip
    assert done.stdout == "2 1\n2\n"


@pytest.mark.parametrize("changed", ["data", "notebook", "ledger", "code", "packages"])
def test_a_kept_page_is_of_the_same_content_whatever_the_times_of_its_files(
    changed: str, notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "own" / "rows.csv"
    ledger.parent.mkdir()
    ledger.write_text("a,1\n")
    monkeypatch.setenv("WORKBOOK_LEDGER", str(ledger.parent))
    before = content_key(notebook)
    assert before == content_key(notebook)
    if changed == "code":
        monkeypatch.setattr(inputs, "_code", lambda: "another")
    elif changed == "packages":
        (tmp_path / "another-1.0.dist-info").mkdir()
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setattr(inputs, "_code", inputs._code.__wrapped__)
    else:
        path = {
            "data": tmp_path / "data" / "evidence" / "sources.csv",
            "notebook": notebook,
            "ledger": ledger,
        }[changed]
        times, content = path.stat(), path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert content_key(notebook) != before


def test_a_databases_rows_are_not_known_without_asking(
    notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_LEDGER", "postgresql://reader@localhost/ledger")
    assert content_key(notebook) is None
    keep(notebook, None)
    assert Parents([notebook]).current("1_page") is None


def test_a_page_kept_of_the_same_inputs_is_sent_and_no_notebook_run(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(Zygote, "start", lambda _: pytest.fail("a notebook was run"))
    keep(notebook, content_key(notebook))
    site = Parents([notebook])
    assert alone(site.page("1_page"))["number"] == "1"
    assert site.stale("1_page") is None


def test_a_page_of_older_inputs_stands_in_with_its_date_alone_and_of_another_ledger_never(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    async def fails(self: Parents, stem: str) -> Parent:
        raise ParentError(stem)

    monkeypatch.setattr(Parents, "_raise", fails)
    keep(notebook, "of other inputs")
    site = Parents([notebook])
    assert alone(site.page("1_page"))["number"] == "1"
    assert site.stale("1_page") == "then"
    assert site.current("1_page") is None  # so the front page doesn't repeat it
    monkeypatch.setenv("WORKBOOK_LEDGER", str(tmp_path / "another"))
    with pytest.raises(ParentError):
        alone(Parents([notebook]).page("1_page"))


def test_a_site_whose_parents_can_not_be_forked_says_so(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, alone: Any
) -> None:
    async def ends(self: Zygote) -> None:
        raise ParentError("it has ended")

    monkeypatch.setattr(parents, "QUIET", 0.0)
    monkeypatch.setattr(Zygote, "ready", ends)
    site = Parents([notebook])
    with pytest.raises(ParentError):
        alone(site.page("1_page"))
    assert site.state("1_page") == "failed"
    assert "1_page.ipynb did not run to its end: it has ended" in caplog.text


def test_one_place_is_kept_at_first_for_what_a_reader_wants(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(turns, "HEAD_START", 3600.0)

    async def story() -> None:
        places, begun = turns.Turns(later=lambda _: False, places=2), []

        async def run(stem: str) -> None:
            async with places.of(stem):
                begun.append(stem)
                await asyncio.sleep(3600)

        tasks = [asyncio.create_task(run(stem)) for stem in "abc"]
        await asyncio.sleep(0.01)
        assert begun == ["a"]
        places.want("c")
        await asyncio.sleep(0.01)
        assert begun == ["a", "c"]
        tasks[2].cancel()
        places._spend()
        await asyncio.sleep(0.01)
        assert begun == ["a", "c", "b"]
        for task in tasks:
            task.cancel()

    alone(story())


def test_a_page_in_memory_does_not_wait_for_a_parent_that_is_gone(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    async def endless(self: Parents, stem: str) -> Parent:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(Parents, "_raise", endless)
    dead = SimpleNamespace(pid=1, poll=lambda: 0)

    async def story() -> None:
        site = Parents([notebook])
        page = {"number": "2"}
        site._parents["1_page"] = Parent(
            notebook, stamp(notebook), cast(Any, dead), cast(Any, None), page
        )
        assert await asyncio.wait_for(site.page("1_page"), 5) == page
        assert site.stale("1_page") is None
        assert list(site._raising) == ["1_page"], "another is raised beside it"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(site.of("1_page"), 0.1)
        site._raising["1_page"].cancel()

    alone(story())

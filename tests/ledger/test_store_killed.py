"""A ledger whose importers are killed, crowd each other or run out of disk."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from forking import ENVIRONMENT, Importers, job
from readings import arrival, bad, project, reading

from analysis.ledger import snapshots
from analysis.ledger.embedded import EmbeddedStore
from analysis.ledger.errors import BusyError, DamagedError, StoreError
from analysis.ledger.form import KINDS
from analysis.ledger.lock import LOCK, writer_lock
from analysis.ledger.store import Store, open_store

SEED, SHARED_KILLS = 2021, 12


@pytest.fixture(scope="module")
def importers() -> Iterator[Importers]:
    """The process that forks importers."""
    forking = Importers()
    yield forking
    forking.close()


def state(store: Store) -> list[object]:
    """All that a ledger says, but for times and names of states."""
    tables = [*KINDS, *(f"{kind}_versions" for kind in KINDS), "tallies", "files", "quarantine"]
    with store.reading() as database:
        found = [sorted(database.run(f"SELECT * FROM {table}"), key=str) for table in tables]
        return [*found, database.run("SELECT import_id, act FROM imports ORDER BY import_id")]


def prepared(tmp_path: Path, store: Store):
    """A ledger with a first import, and the second import: some of everything."""
    first = [arrival(f"P{n}", "2021-03-01", "1.5") for n in range(20)]
    second = [arrival(f"P{n}", "2021-03-01", "2.5") for n in range(10, 30)]
    one, path = reading(tmp_path, "arrivals", first, quarantine=[bad(99)])
    store.import_readings([one], [path])
    changed, changed_path = reading(tmp_path, "arrivals", second, quarantine=[bad(98)])
    other = [project(f"P{n}", "7") for n in range(30)]
    more, more_path = reading(tmp_path, "projects", other, file="projects.xlsx")
    return [changed, more], [changed_path, more_path]


def litter(folder: Path) -> set[str]:
    """What lies in an embedded ledger's folder that no pointer names."""
    named = {state.file for state in snapshots._pointed(folder) or []}
    found = {path.name for path in (folder / snapshots.SNAPSHOTS).iterdir()} - named
    return found | {path.name for path in folder.rglob("*.part")}


@pytest.mark.slow
def test_killed_at_any_moment_an_import_happened_or_it_did_not(tmp_path, importers, request):
    original = tmp_path / "original"
    readings, files = prepared(tmp_path, open_store(original))
    before = state(open_store(original))
    folder = tmp_path / "ledger"
    task = job(tmp_path / "job", folder, readings, files)

    def lay() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(original, folder)

    def undisturbed() -> float:
        started = time.monotonic()
        importers.start(task)
        assert importers.end() == 0
        return time.monotonic() - started

    lay()
    lasts = undisturbed()
    after = state(open_store(folder))
    assert after != before and not litter(folder)
    chance, seen = random.Random(SEED), []
    for _ in range(request.config.getoption("kills")):
        lay()
        child = importers.start(task)
        # An import is as long as the machine is busy: the last whole one tells how long just now.
        time.sleep(chance.uniform(0, lasts * 1.5))
        with_signal = _kill(child)
        code = importers.end()
        assert code in (0, -signal.SIGKILL), f"an importer failed ({with_signal})"
        found = state(open_store(folder))
        assert found in (before, after)
        seen.append(found == after)
        if code:
            lasts = undisturbed()
            assert state(open_store(folder)) == after
        assert not litter(folder)
    assert True in seen and False in seen


def _kill(child: int) -> bool:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def test_killed_imports_into_a_shared_ledger(tmp_path, importers, postgres_url):
    store = open_store(postgres_url)
    store.migrate()
    readings, files = prepared(tmp_path, store)
    before = state(store)
    task = job(tmp_path / "job", postgres_url, readings, files)
    chance = random.Random(SEED)
    for _ in range(SHARED_KILLS):
        child = importers.start(task)
        time.sleep(chance.uniform(0, 0.15))
        _kill(child)
        importers.end()
        _until_free(store)
        if state(store) != before:
            break
    importers.start(task)
    assert importers.end() == 0
    assert len(store.rows("arrivals")) == len(store.rows("projects")) == 30
    assert store.status().latest == 2, "killed imports took no number"


def _until_free(store: Store) -> None:
    """Wait until the server has noticed that the killed importer is gone."""
    store.change(lambda database: (None, False), wait=20)


def test_of_two_importers_one_is_told_who_writes(tmp_path):
    store = open_store(tmp_path / "ledger")
    readings, files = prepared(tmp_path, store)
    before = state(store)
    with (
        writer_lock(tmp_path / "ledger"),
        pytest.raises(BusyError, match=rf"process {os.getpid()}, since .* --wait"),
    ):
        store.import_readings(readings, files)
    assert state(store) == before
    assert store.import_readings(readings, files).number == 2


def test_of_two_importers_into_a_shared_ledger_one_is_told_who_writes(tmp_path, postgres_url):
    store = open_store(postgres_url)
    store.migrate()
    readings, files = prepared(tmp_path, store)

    def act(database):
        with pytest.raises(BusyError, match=r"postgres from .*process"):
            store.import_readings(readings, files)
        return None, False

    store.change(act)
    assert store.import_readings(readings, files).number == 2


@pytest.mark.parametrize("engine", ["embedded", "shared"])
def test_importers_at_once_do_not_mix(tmp_path, engine, request):
    place = tmp_path / "ledger" if engine == "embedded" else request.getfixturevalue("postgres_url")
    store = open_store(place)
    if engine == "shared":
        store.migrate()
    jobs = []
    for number in range(3):
        rows = [project(f"P{n}", f"{number + 1}") for n in range(40)]
        one, path = reading(tmp_path, "projects", rows, file=f"{number}.csv")
        jobs.append(job(tmp_path / f"job{number}", place, [one], [path]))
    # The last two are the same file.
    crowd = [
        subprocess.Popen([sys.executable, "-c", WAITING, str(task)], env=ENVIRONMENT)
        for task in [*jobs, jobs[-1]]
    ]
    assert [process.wait(120) for process in crowd] == [0] * 4
    assert store.status().latest in (3, 4), "the same file twice is one import"
    assert store.rows("projects")["size"].nunique() == 1
    versions = pd.concat([store.rows("projects"), store.history("projects")])
    assert versions.groupby("import_id")["size"].nunique().eq(1).all()
    assert versions.groupby("row_key")["version"].apply(sorted).map(tuple).nunique() == 1


WAITING = """
import pickle, sys
from pathlib import Path
from analysis.ledger.store import open_store
place, readings, files = pickle.loads(Path(sys.argv[1]).read_bytes())
open_store(place).import_readings(readings, files, wait=100)
"""


def test_the_lock_of_a_killed_writer_locks_nobody(tmp_path, importers):
    store = open_store(tmp_path / "ledger")
    readings, files = prepared(tmp_path, store)
    child = importers.start(job(tmp_path / "job", tmp_path / "ledger", readings, files))
    deadline = time.monotonic() + 10
    while not (tmp_path / "ledger" / "writer.json").exists() and time.monotonic() < deadline:
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    importers.end()
    assert (tmp_path / "ledger" / LOCK).exists()
    store.import_readings(readings, files)
    assert len(store.rows("projects")) == 30


def test_readers_see_whole_states_while_others_write(tmp_path):
    store = open_store(tmp_path / "ledger")
    one, path = reading(tmp_path, "projects", [project(f"P{n}", "0") for n in range(50)])
    store.import_readings([one], [path])
    stop, seen, faults = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            sizes = set(EmbeddedStore(tmp_path / "ledger").rows("projects")["size"])
            seen.add(tuple(sizes))
            if len(sizes) != 1:
                faults.append(sizes)

    reader = threading.Thread(target=read)
    reader.start()
    for size in range(1, 6):
        one, path = reading(tmp_path, "projects", [project(f"P{n}", f"{size}") for n in range(50)])
        store.import_readings([one], [path])
    stop.set()
    reader.join()
    assert not faults and len(seen) > 1


def damage(folder: Path) -> Path:
    """Flip a byte of the present state."""
    opened = snapshots.published(folder)
    assert opened is not None
    opened.path.chmod(0o644)
    content = bytearray(opened.path.read_bytes())
    content[len(content) // 2] ^= 1
    opened.path.write_bytes(content)
    return opened.path


def test_a_damaged_state_gives_way_to_the_last_good_one(tmp_path):
    folder = tmp_path / "ledger"
    store = EmbeddedStore(folder)
    readings, files = prepared(tmp_path, store)
    before = state(store)
    store.import_readings(readings, files)
    after = state(store)
    damage(folder)
    assert state(store) == before
    said = str(store.status().notice)
    assert "import 1 of" in said and "restore" in said
    with pytest.raises(DamagedError, match="restore"):
        store.import_readings(readings, files)
    assert "import 1 of" in str(store.restore())
    assert store.status().notice is None
    store.import_readings(readings, files)
    assert state(store) == after


def test_nothing_whole_is_said(tmp_path):
    folder = tmp_path / "ledger"
    store = EmbeddedStore(folder)
    prepared(tmp_path, store)
    damage(folder)
    with pytest.raises(DamagedError, match="backup"):
        store.rows("projects")


@pytest.mark.parametrize("content", [b"", b"{", b'{"states": [], "digest": "x"}', b"\xff\x00"])
def test_a_damaged_pointer_gives_way_to_its_copy(tmp_path, content):
    folder = tmp_path / "ledger"
    store = EmbeddedStore(folder)
    readings, files = prepared(tmp_path, store)
    before = state(store)
    (folder / snapshots.POINTER).write_bytes(content)
    assert state(store) == before
    store.import_readings(readings, files)
    (folder / snapshots.COPY).write_bytes(content)
    assert store.status().latest == 2
    (folder / snapshots.POINTER).write_bytes(content)
    with pytest.raises(DamagedError, match="copy"):
        store.status()


def test_no_ledger_is_made_among_other_files(tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    one, path = reading(tmp_path.parent, "projects", [project("A", "1")])
    with pytest.raises(StoreError, match="other things"):
        open_store(tmp_path).import_readings([one], [path])
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


FULL = """
import pickle, resource, sys
from pathlib import Path
from analysis.ledger.errors import StoreError
from analysis.ledger.store import open_store
place, readings, files = pickle.loads(Path(sys.argv[1]).read_bytes())
import duckdb, pyarrow
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    open_store(place).import_readings(readings, files)
except StoreError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize("room", [1_000, 700_000, 2_600_000])
def test_no_room_on_the_disk_leaves_the_old_state(tmp_path, room):
    store = open_store(tmp_path / "ledger")
    prepared(tmp_path, store)
    rows = [arrival(f"Q{n}", "2021-03-01", f"{n}", note=f"{n:x}" * 40) for n in range(9_000)]
    big, path = reading(tmp_path, "arrivals", rows, file="big.csv")
    before = state(store)
    task = job(tmp_path / "job", tmp_path / "ledger", [big], [path])
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(task), str(room)],
        env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert state(store) == before and not litter(tmp_path / "ledger")
    store.import_readings([big], [path])
    assert store.status().sums["arrivals"] == sum(range(9_000)) + 20 * Decimal("1.5")

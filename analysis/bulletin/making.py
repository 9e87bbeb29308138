"""Many bulletins made at once, none again that is there and still right.

The ledger is asked in this process alone, in small frames; each worker gets one report
and gives back files' bytes, which are written here, whole or not at all. Workers are
this machine's processes, or those of a Dask cluster.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from analysis.errors import WorkbookError
from analysis.files import Record, of_plan, refuse_to_overwrite, write_whole
from analysis.process import workers
from analysis.words import languages

if TYPE_CHECKING:
    from analysis.documents.letter import Letter
    from analysis.plan import Plan
    from analysis.structure import Answers, Period, Report

#: In the folder of bulletins: what is there, and of which state of the ledger.
RECORD = ".bulletins.json"
LOCK = ".bulletins.lock"
CITY = "city"
#: The place that stands for all of them: their status board.
BOARD = "board"


class BulletinError(WorkbookError, RuntimeError):
    """Bulletins can't be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """One bulletin in one language, in the forms that are still to be made.

    place : a district's key, "city", or "board"
    """

    place: str
    lang: str
    forms: tuple[str, ...]
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did: files written, and those that were there and right."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def make(
    answers: Answers,
    plan: Plan,
    period: Period,
    out: Path,
    *,
    places: Sequence[str],
    langs: Sequence[str] = (),
    forms: Sequence[str] = ("html", "pdf", "docx", "xlsx"),
    scheduler: str | None = None,
    processes: int | None = None,
    done: Callable[[Path], None] = lambda _: None,
    force: bool = False,
    letter: Letter | None = None,
) -> Made:
    """Write bulletins to `out/<period>/<place>.<lang>.<form>`.

    Parameters
    ----------
    answers : the ledger's
    places : keys of districts, "city" for the whole, "board" for all on one page
    langs : the plan's first language if none
    scheduler : address of a Dask scheduler; processes of this machine if None
    processes : how many, by default one a core
    done : told each file that is there now
    force : write over files that were changed since we wrote them, or are not ours
    letter : what makes them papers to be sent; none by default

    Raises
    ------
    OverwriteError : such a file is there
    BulletinError : if another run writes to the same folder
    """
    folder = out / period.key
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        record = Record(folder / RECORD)
        wanted, kept = [], []
        for place in places:
            for lang in langs or languages()[:1]:
                stamp = _stamp(answers, lang, letter)
                found = [_file(folder, place, lang, form) for form in forms]
                right = [path for path in found if record.holds(path, stamp)]
                kept += right
                left = tuple(f for f, path in zip(forms, found, strict=True) if path not in right)
                if left:
                    wanted.append(Job(place, lang, left, letter))
        targets = [_file(folder, job.place, job.lang, form) for job in wanted for form in job.forms]
        refuse_to_overwrite([path for path in targets if not record.ours(path)], force)
        for path in kept:
            done(path)
        written = []
        jobs = _with_reports(wanted, answers, plan, period)
        for job, files in _run(jobs, len(wanted), scheduler, processes):
            for form, content in files.items():
                path = write_whole(_file(folder, job.place, job.lang, form), content)
                record.add(path, content, _stamp(answers, job.lang, letter))
                record.save()
                written.append(path)
                done(path)
    return Made(tuple(written), tuple(kept))


def _file(folder: Path, place: str, lang: str, form: str) -> Path:
    return folder / f"{place}.{lang}.{form}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, and clear away what a run that was killed left half-written."""
    try:
        with FileLock(folder / LOCK, timeout=0):
            for path in folder.glob(".*.part"):
                path.unlink()
            yield
    except Timeout:
        raise BulletinError(
            f"another run writes to {folder}; wait for it, or name another folder with --out"
        ) from None


def _stamp(answers: Answers, lang: str, letter: Letter | None) -> str:
    """Return what a bulletin is made of: the ledger's state, the plan, our code, texts, letter."""
    made_of = f"{answers.kind} {answers.stamp} {lang} {letter} {_house()}"
    return hashlib.sha256(made_of.encode()).hexdigest()


@of_plan
def _house() -> str:
    from analysis.files import data_dir, plan_dir
    from analysis.structure.lists import ANNEX

    package = Path(__file__).parents[1]
    parts = ("bulletin", "documents", "structure", "charts", "ledger")
    sources = [path for part in parts for path in sorted((package / part).rglob("*.[pthd]*"))]
    files = [*sources, package / "strings.csv", *sorted(data_dir().glob("*/*.csv")),
             *sorted(plan_dir().glob("*.*"))]  # fmt: skip
    files += [Path(named).expanduser() for named in (os.environ.get(ANNEX),) if named]
    digest = hashlib.sha256()
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _with_reports(
    jobs: Iterable[Job], answers: Answers, plan: Plan, period: Period
) -> Iterator[tuple[Job, Report]]:
    """Return each job with its report, asked for once a place."""
    from analysis.structure import report

    found: dict[str, Report] = {}
    for job in jobs:
        if job.place not in found:
            own = None if job.place in (CITY, BOARD) else job.place
            found = {job.place: report(answers, plan, period, own)}
        yield job, found[job.place]


def _run(
    jobs: Iterator[tuple[Job, Report]], count: int, scheduler: str | None, size: int | None
) -> Iterator[tuple[Job, dict[str, bytes]]]:
    """Return what is made as it gets ready; reports go out while others are asked for."""
    if not count:
        return
    if scheduler:
        yield from _on_cluster(jobs, scheduler)
        return
    with workers(min(count, size or os.cpu_count() or 1)) as pool:
        pending = {
            pool.submit(files, report, job.lang, job.forms, job.letter, job.place == BOARD): job
            for job, report in jobs
        }
        try:
            for future in as_completed(pending):
                yield pending[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _on_cluster(
    jobs: Iterator[tuple[Job, Report]], scheduler: str
) -> Iterator[tuple[Job, dict[str, bytes]]]:
    try:
        from distributed import Client
        from distributed import as_completed as ready
    except ImportError:
        raise BulletinError(
            "a cluster needs Dask: pip install 'investment-workbook[cluster]'"
        ) from None
    try:
        client = Client(scheduler, timeout=10)
    except OSError as error:
        raise BulletinError(f"no scheduler answers at {scheduler}: {error}") from None
    with client:
        pending = {
            # Not pure: what was made before is known by the folder's record, not by the cluster.
            client.submit(
                files, report, job.lang, job.forms, job.letter, job.place == BOARD, pure=False
            ): job
            for job, report in jobs
        }
        for future in ready(pending):
            yield pending[future], future.result()


def files(
    report: Any,
    lang: str,
    forms: Sequence[str],
    letter: Letter | None = None,
    board: bool = False,
) -> dict[str, bytes]:
    """Return a bulletin in each form; all that a worker does."""
    from analysis.bulletin import board as status
    from analysis.bulletin.compose import compose
    from analysis.documents.writers import writer
    from analysis.plan import load_plan

    make = status.compose if board else compose
    document = replace(make(report, load_plan(), lang), letter=letter)
    return {form: writer(form)(document) for form in forms}

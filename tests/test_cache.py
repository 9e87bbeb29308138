"""What is kept is made once, by one process at a time."""

from __future__ import annotations

import os
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import pytest

from analysis import cache


def slowly(place: Path, made: Path) -> str:
    """Make a text that takes a while, and note who made it."""

    def make() -> str:
        with made.open("a") as note:
            note.write(f"{os.getpid()}\n")
        time.sleep(0.3)
        return "text"

    return cache.kept(place, make)


def test_of_processes_that_want_the_same_one_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    place, made = tmp_path / "kept" / "one.json", tmp_path / "made"
    with get_context("spawn").Pool(3) as pool:
        assert pool.starmap(slowly, [(place, made)] * 3, chunksize=1) == ["text"] * 3
    assert len(made.read_text().splitlines()) == 1
    assert [path.name for path in place.parent.iterdir()] == ["one.json"]


def test_who_fails_to_make_it_leaves_the_turn_to_the_next(tmp_path: Path) -> None:
    def fails() -> str:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        cache.kept(tmp_path / "one.json", fails)
    assert cache.kept(tmp_path / "one.json", lambda: "text") == "text"


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "one.json"
    assert cache.kept(place, lambda: "one") == "one"
    assert cache.kept(place, lambda: "two") == "two"


def filled(folder: Path, kind: str, numbers: range) -> list[Path]:
    """Keep a text of a kind for each number, a second younger than the one before."""
    places = [folder / f"{kind}-{cache.digest(str(number))[:32]}.json" for number in numbers]
    for number, place in zip(numbers, places, strict=True):
        cache.write(place, "x" * 1000)
        os.utime(place, (number, number))
    return places


def test_of_what_is_kept_the_longest_not_used_goes_and_no_other_file_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(cache, "_room", Counter())
    others = [tmp_path / name for name in ("ledger-mine.json", "thesis.docx", "ledger.lock")]
    for other in others:
        other.write_bytes(bytes(1 << 20))
    (page,) = filled(tmp_path, "page", range(1))
    used, unused, *first = filled(tmp_path, "ledger", range(150))
    assert cache.read(used) == "x" * 1000
    later = filled(tmp_path, "ledger", range(150, 1000))
    kept = [one for one in (used, unused, *first, *later) if one.exists()]
    assert len(kept) > 100, "not more goes than has to"
    assert sum(one.stat().st_size + cache.BLOCK for one in kept) < 1.1 * cache.MOST_BYTES
    assert used in kept and later[-1] in kept and unused not in kept
    assert page.exists(), "who asks for ever new answers pushes no page out"
    assert all(other.exists() for other in others)

"""What is kept is made once, by one process at a time."""

from __future__ import annotations

import os
import time
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

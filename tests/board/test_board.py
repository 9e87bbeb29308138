"""The board's Python half, and the bundle that stands committed beside it."""

from __future__ import annotations

import json
import re
import subprocess
import uuid
from html import unescape
from pathlib import Path
from typing import Any

import altair as alt
import ipywidgets
import pandas as pd
import pytest
from page import picture
from standin import PLAN, Model

from analysis.board import Board
from analysis.board.drawing import payload
from analysis.board.still import level
from analysis.board.view import STARTED_BY, STATIC, VIEW, VOILA
from analysis.briefing import Briefing
from analysis.publish.assemble import NOTICES
from analysis.publish.widgets import all_widgets, ids_of
from analysis.text import Text

FONTS = Path(__file__).parents[2] / "analysis/charts/fonts"


@pytest.fixture
def board() -> Board:
    return Board(Model(), presets=(), plan=PLAN)


@pytest.mark.parametrize(
    "case", json.loads(Path(__file__).with_name("card_levels.json").read_text("utf-8")), ids=str
)
def test_a_cards_level_is_what_it_is_in_the_browser(case: dict[str, Any]) -> None:
    found = level(case["value"], 9330, 9360, part=case["part"], rate=case["rate"])
    assert found == case["state"]


def settle(board: Board, serial: int = 1, **levers: float) -> None:
    board.settled = {"levers": levers, "serial": serial}


def test_the_committed_bundles_are_what_the_sources_build(packages: Path, tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=packages, check=True)
    built = [path for path in tmp_path.rglob("*") if path.is_file()]
    analysis = Path(__file__).parents[2] / "analysis"
    committed = [STATIC / "board.js", NOTICES, *(analysis / "publish/static/app").iterdir()]
    assert {path.relative_to(tmp_path) for path in built} == {
        path.relative_to(analysis) for path in committed
    }
    for path in built:
        assert path.read_bytes() == (analysis / path.relative_to(tmp_path)).read_bytes(), path.name


def test_the_notices_name_what_the_bundles_and_documents_hold(packages: Path) -> None:
    notices = NOTICES.read_text("utf-8")
    lock = json.loads((packages / "package-lock.json").read_text())["packages"]
    wanted = json.loads((packages / "package.json").read_text())
    shipped = [*wanted["dependencies"], *wanted["devDependencies"]]
    tools = {"esbuild", "happy-dom"}
    unnamed = {
        name
        for name in set(shipped) - tools
        if f"{name} {lock[f'node_modules/{name}']['version']}, " not in notices
    }
    assert unnamed == set()
    assert not [name for name in tools if f"\n{name} " in notices]
    for part in notices.split("-" * 80):
        titles, text = part.strip().split("\n\n", 1)
        assert titles.count("\n") + 1 == len(re.findall(r"(?m)^\S.+, [\w.() -]+$", titles)), titles
        assert re.search(r"(?i)copyright", text) and len(text) > 400, titles
    for font in (FONTS / "OFL.txt", FONTS / "OFL-symbols.txt"):
        assert font.read_text().splitlines()[0] in notices


@pytest.mark.slow
def test_the_browser_halfs_own_tests_pass(packages: Path) -> None:
    done = subprocess.run(
        ["npm", "test"], cwd=packages, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_bundle_is_small_and_generates_no_code() -> None:
    bundle = (STATIC / "board.js").read_text(encoding="utf-8")
    assert len(bundle) < 600_000
    assert not re.search(r"new Function|(?<![.\w$])Function\(|(?<![.\w$])eval\(", bundle)
    assert "innerHTML" not in "".join(
        p.read_text() for p in (Path(__file__).parents[2] / "js/src").iterdir()
    )


def test_the_lock_names_no_host(packages: Path) -> None:
    lock = json.loads((packages / "package-lock.json").read_text())
    found = [
        place for place in lock["packages"].values() if "version" in place and not place.get("link")
    ]
    assert not [place for place in found if "resolved" in place]
    assert not [
        name for name, place in lock["packages"].items() if name and "integrity" not in place
    ]


def test_a_readers_own_slider_can_be_linked(board: Board) -> None:
    slider = ipywidgets.FloatSlider()
    link = ipywidgets.jslink((slider, "value"), (board, "uplift_zone"))
    assert link.target[0] is board
    assert board.uplift_zone == 0.0


def test_python_hears_the_settled_scenario_and_may_answer(board: Board) -> None:
    heard = []

    def answer(levers: dict[str, float]) -> dict[str, float]:
        heard.append(levers)
        return {"uplift_outer": 3.0}

    board.observe_scenario(answer)
    settle(board, serial=7, uplift_zone=2.5)
    assert heard == [{"uplift_zone": 2.5}]
    assert board.answer == {"levers": {"uplift_outer": 3.0}, "serial": 7}
    assert board.uplift_outer == 0.0  # only the browser moves levers


def test_a_failing_callback_sends_one_short_sentence(board: Board) -> None:
    def fails(levers: dict[str, float]) -> None:
        raise RuntimeError("secret of /srv/data")

    board.observe_scenario(fails)
    settle(board, uplift_zone=1.0)
    assert set(board.notice) == {"zh", "en"}
    assert "secret" not in json.dumps(board.get_state(), ensure_ascii=False)


def test_unknown_levers_are_named(board: Board) -> None:
    with pytest.raises(KeyError, match="uplift_mars"):
        board.levers(["uplift_zone", "uplift_mars"])


def test_a_picture_has_both_languages_and_a_phones_drawing() -> None:
    drawn = payload(picture())
    assert set(drawn["specs"]) == {"zh", "en", "zh-narrow", "en-narrow"}
    assert drawn["table"]["rows"] == [["central", 3983.5], ["=1+1", -2.0]]
    assert "<math" in drawn["formula"]
    json.dumps(drawn, allow_nan=False)


def test_a_cell_s_widgets_have_the_same_ids_wherever_it_runs():
    def made(name: str) -> list[str]:
        others = all_widgets()
        with ids_of(name):
            random_id = uuid.uuid4()
            board = Board(Model(), presets=[], plan=PLAN)
            parts = [board, board.language(), board.levers(["uplift_central"])]
        told = [str(random_id), *(part.model_id for part in parts), board.board_key]
        for key in all_widgets().keys() - others.keys():  # those of kept briefings live on
            all_widgets()[key].close()
        return told

    first, again, other = made("page 3"), made("page 3"), made("page 4")
    assert first[1:] == again[1:] and first[0] != again[0], "only what a widget is called by"
    assert not set(first) & set(other) and len(set(first)) == len(first)


def test_a_saved_notebook_keeps_words_and_pictures():
    page = Briefing("capital_inflow", "en")
    under = "{base_year:.0f} brought {capital_base:,.0f} in 1e8 CNY, all districts together"
    heading, text = page.section("past", "Past years", under).children
    first, *rest = repr(page.levers()).splitlines()
    assert re.fullmatch(r".+: -?[0-9.]+", first) and not any(one.startswith("<") for one in rest)
    opened, _ = page.opening()._repr_mimebundle_()
    assert page.board.cards_shown[0]["name"]["en"] in unescape(opened["text/html"])
    assert page.messages["title"].render(Text("en")) in unescape(opened["text/html"])
    assert repr(heading) == page.messages["past"].render(Text("en")) and len(repr(text)) > 40
    chart = alt.Chart(pd.DataFrame({"year": [2020], "value": [1.0]})).mark_bar().encode(x="year:O")
    said = {"title": "At {capital_total:amount}", "source": "Source: mine"}
    shown = page.figure("past_years", chart, pd.DataFrame({"year": [2020]}), **said)
    (bundle, _), title = shown._repr_mimebundle_(), page.pictures["past_years"].title
    assert bundle["text/plain"].startswith(title.render(Text("en"), page.start))
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/html"].count("<img alt=") == 1


def test_in_jupyterlab_words_and_picture_stand_in_an_output_beside_the_widget(monkeypatch):
    head = Briefing(title="Mine").opening(cards=False)
    monkeypatch.setenv(STARTED_BY, "1")
    monkeypatch.setenv(VOILA, "/")
    with pytest.raises(NotImplementedError):  # as IPython is told that all comes in one
        head._ipython_display_()
    monkeypatch.delenv(VOILA)
    shown: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    head._ipython_display_()
    kept, widget = shown
    assert "Mine" in kept["text/html"] and VIEW not in kept
    assert set(widget) == {VIEW, "text/plain"} and not widget["text/plain"]

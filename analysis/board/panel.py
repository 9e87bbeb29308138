"""The levers on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from analysis.board.view import Stack
from analysis.text import LANGUAGES, Text, both

if TYPE_CHECKING:
    from analysis.board.board import Board


#: So many levers stand open; of more, the first group's do.
ALL_OPEN = 6


def lever_panel(board: Board, keys: list[str]) -> ipywidgets.VBox:
    """Return real sliders for `keys`, linked to the board in the browser, with their tools."""
    levers = board.model.levers
    sliders = {key: _slider(levers[key], board.lang) for key in keys}
    for key, slider in sliders.items():
        # the board is the source: a scenario opened from a link wins over a slider's default
        ipywidgets.jslink((board, key), (slider, "value"))
    groups = [levers[key].group for key in keys]
    head = board.part("leverHead", presets=board.presets, left_out=_left_out(board.left_out))
    foot = board.part(
        "leverFoot",
        keys=keys,
        folded=list(dict.fromkeys(groups))[1:] if len(keys) > ALL_OPEN else [],
        first={key: groups.index(levers[key].group) == i for i, key in enumerate(keys)},
        sliders={key: slider.model_id for key, slider in sliders.items()},
        cards=board.cards_shown,
    )
    return Stack([head, *sliders.values(), foot], "wb-levers")


def _left_out(names: list[dict[str, str]]) -> dict[str, str]:
    """Return the sentence on presets that the levers' ranges don't allow; empty if all fit."""
    if not names:
        return dict.fromkeys(LANGUAGES, "")
    listed = {
        lang: Text(lang)("board.list").join(name[lang] for name in names) for lang in LANGUAGES
    }
    return both("board.left_out", names=listed)


def _slider(lever: Any, lang: str) -> ipywidgets.FloatSlider:
    slider = ipywidgets.FloatSlider(
        value=lever.default,
        min=lever.low,
        max=lever.high,
        step=lever.step,
        description=lever.name_zh if lang == "zh" else lever.name_en,
        continuous_update=False,  # the browser turns it on while the slider is in hand
    )
    slider.add_class("wb-lever")
    slider.add_class(f"wb-lever-{lever.key}")
    return slider

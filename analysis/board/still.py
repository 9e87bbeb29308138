"""A board's texts and charts in one scenario, with no browser to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.board.board import Board
from analysis.model.scenario_model import swing_name
from analysis.model.uncertainty import tornado
from analysis.text import Text, fill


def signals(board: Board, levers: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Return the names that the board's texts and charts use.

    Parameters
    ----------
    levers : lever -> value, in its unit; those not named stand as they do on the board
    """
    model = board.model
    known = {key: getattr(board, key) for key in model.levers} | dict(levers or {})
    moved = board.answered and any(known[key] != usual for key, usual in model.defaults.items())
    answers = board.answered.facts(known) if board.answered and moved else {}
    return {**known, **model.evaluate(known), **_swings(board, known), **board.facts, **answers}


def _swings(board: Board, levers: Mapping[str, float]) -> dict[str, float]:
    """Return outcomes with one lever at a bound, on a page whose charts name them."""
    named = {signal["name"] for signal in board.dataflow}
    ends = {
        swing_name(outcome, str(row.lever), end): getattr(row, f"at_{end}")
        for outcome in board.model.inputs.what_if
        if any(name.startswith(f"swing_{outcome}") for name in named)
        for row in tornado(board.model, outcome, levers=levers).itertuples()
        for end in ("low", "high")
    }
    return {name: value for name, value in ends.items() if name in named}


@dataclass(frozen=True, slots=True)
class StillCard:
    """A target's card in words.

    value : the number, `around` it what makes it an amount: "CNY ", " billion"
    state : `level`
    share : how much of its bar is filled, 0 to 1
    """

    value: str
    around: tuple[str, str]
    status: str
    state: str
    share: float


def card(definition: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> StillCard:
    """Return what a card says in a scenario."""
    value = known[definition["outcome"]]
    before, number, after = _PLACEHOLDER.split(definition["amount"][lang])
    state = level(
        value, definition["expected"], definition["stretch"],
        part=bool(known.get(definition.get("part", ""))), rate=definition["rate"],
    )  # fmt: skip
    said = fill(number, {"value": value}, lang)
    if state == "unknown":
        return StillCard(said, (before, after), Text(lang)("board.status.unknown"), state, 0.0)
    above, over = (known[definition[f"margin_{key}"]] for key in ("expected", "stretch"))
    ahead, text = known.get(definition.get("margin_due", ""), 0.0), Text(lang)

    def gap(margin: float) -> str:
        just = abs(margin) < 1e-6  # just met: not 0 above
        return "" if just else fill(definition["gap"][lang], {"value": abs(margin)}, lang)

    if definition.get("levels") and state in ("short", "expected"):
        margins = [(one["level"], known[one["margin"]]) for one in definition["levels"]]
        status = text("board.between").join(
            text("board.status.level", level=name, over=margin, gap=gap(margin))
            for name, margin in margins
        )
    else:
        status = text(f"board.status.{state}", expected=gap(above), stretch=gap(over), above=above,
                      over=over, ahead=ahead)  # fmt: skip
    return StillCard(said, (before, after), status, state, filled(definition, value))


def cards(board: Board, definitions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what cards say as the board stands: name, amount, status."""
    known, lang = signals(board), board.lang
    at = [(each["name"][lang], card(each, known, lang)) for each in definitions]
    return [f"{name} | {one.value.join(one.around)} | {one.status}" for name, one in at]


def level(value: Any, expected: float, stretch: float, *, part: bool, rate: bool) -> str:
    """Return how a value stands against a year's target: the highest level that is met, or short.

    part : the year isn't over: what is missing of an amount is still to come (`to_come`), and a
        rate may turn, so that it is only so far above or below (`so_far`)

    A value that isn't known is `unknown`.
    """
    if not isinstance(value, (int, float)) or value != value:
        return "unknown"
    if part and rate:
        return "so_far"
    if value >= stretch - 1e-9:
        return "stretch"
    if value >= expected - 1e-9:
        return "expected"
    return "to_come" if part else "short"


#: The one placeholder of an amount's template.
_PLACEHOLDER = re.compile(r"(\{[^}]*\})")


def filled(definition: Mapping[str, Any], value: float) -> float:
    """Return how much of a card's bar lies before a value, 0 to 1."""
    low, high = definition["low"], definition["high"]
    return max(0.0, min(1.0, (value - low) / (high - low)))


def still(spec: Mapping[str, Any], known: Mapping[str, Any], width: float) -> dict[str, Any]:
    """Return a compiled chart at a width, px, with its signals set as in a scenario."""
    drawn: dict[str, Any] = json.loads(json.dumps(spec))
    for signal in drawn.get("signals", []):
        if "containerSize()[0]" in str(signal.get("init", "")):
            signal.pop("init")
            signal.pop("on", None)
            signal["value"] = width
        elif signal["name"] in known and "value" in signal:
            signal["value"] = known[signal["name"]]
    drawn["background"] = "transparent"
    return drawn

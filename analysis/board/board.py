"""A page's board: levers that move its figures and texts, with no kernel asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import anywidget
import ipywidgets
import traitlets

from analysis.board.definitions import (
    card_definitions,
    lever_definitions,
    outcome_definitions,
    preset_definition,
)
from analysis.board.drawing import payload
from analysis.board.labels import labels
from analysis.board.panel import lever_panel
from analysis.board.view import STATIC, View
from analysis.charts.theme import PALETTES
from analysis.text import Message, both
from analysis.words import LANGUAGES, languages

log = logging.getLogger(__name__)

Callback = Callable[[dict[str, float]], Mapping[str, float] | None]


@dataclass(frozen=True)
class Answers:
    """What a page answers in each scenario beyond its outcomes.

    definition : what a browser computes the answers from, see `js/src/answers.js`
    facts : the same answers computed here, from levers' values
    """

    definition: Mapping[str, Any]
    facts: Callable[[Mapping[str, float]], dict[str, Any]]


class Board(anywidget.AnyWidget):
    """One page's scenario, as a dataflow in the browser.

    Each lever is a synced float trait of its own name, so that
    `ipywidgets.jslink((slider, "value"), (board, "uplift_zone"))` works.

    Parameters
    ----------
    model : analysis.model.Model
    text_lang : the language that a page opens in, unless its address says `?lang=`; the
        plan's first if none
    presets : scenarios that a reader may choose, `analysis.scenario.Preset` or
        {"name": {zh, en}, "levers": {key: value}}; those of the data package if None
    plan : analysis.plan.Plan; the one that is loaded by default if None
    flow : further Vega signals that the page's figures need
    facts : named values that levers do not move, e.g. what a choice brings; texts and figures
        name them as they name outcomes
    answers : what is computed beside outcomes while levers move
    cards : what the page's cards show; the four city targets in the scenario if None
    """

    _esm = STATIC / "board.js"
    _css = STATIC / "workbook.css"

    board_key = traitlets.Unicode().tag(sync=True)
    dataflow: traitlets.List[Any] = traitlets.List().tag(sync=True)
    lever_definitions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    outcome_definitions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    labels = traitlets.Dict().tag(sync=True)
    palettes = traitlets.Dict().tag(sync=True)
    lang = traitlets.Enum(LANGUAGES, default_value=LANGUAGES[0]).tag(sync=True)
    settled = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    notice = traitlets.Dict().tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    observed = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        model: Any,
        text_lang: str = "",
        presets: Iterable[Any] | None = None,
        plan: Any = None,
        flow: Iterable[Mapping[str, Any]] = (),
        facts: Mapping[str, Any] | None = None,
        cards: Iterable[Mapping[str, Any]] | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.model = model
        self.answered = answers
        self.left_out: list[dict[str, str]] = []
        if presets is None:
            from analysis.scenario import offer

            offered = offer(model)
            presets, self.left_out = offered.presets, offered.left_out
        self.presets = [preset_definition(preset) for preset in presets]
        if plan is None:
            from analysis.plan import load_plan

            plan = load_plan()
        self.cards_shown = card_definitions(model, plan) if cards is None else list(cards)
        self.add_traits(
            **{
                lever.key: traitlets.Float(lever.default).tag(sync=True)
                for lever in model.levers.values()
            }
        )
        #: What a reader's browser may set: the levers, and where they have come to rest.
        self.client_traits = [*(lever for lever in model.levers), "settled"]
        super().__init__(
            dataflow=[*model.to_vega(), *flow],
            facts={**(facts or {}), **(answers.facts(model.defaults) if answers else {})},
            answers=dict(answers.definition) if answers else {},
            lever_definitions=lever_definitions(model),
            outcome_definitions=outcome_definitions(model),
            labels=labels(),
            palettes=PALETTES,
            lang=text_lang or languages()[0],
        )

    @traitlets.default("board_key")
    def _id_of_its_layout(self) -> str:
        """What no other board of a page has; a layout is made before whose it is."""
        return str(self.layout.model_id)

    @traitlets.validate("settled")
    def _asked_in_form(self, proposal: Mapping[str, Any]) -> Any:
        """Take {"levers", "serial"}, numbers all; nothing else is kept of what a browser sends."""
        asked = proposal["value"]
        if not asked:
            return asked
        levers, serial = asked.get("levers"), asked.get("serial")
        if not isinstance(levers, dict) or not levers.keys() <= self.model.levers.keys():
            raise traitlets.TraitError("a scenario is of this page's levers")
        if not all(isinstance(number, int | float) for number in (serial, *levers.values())):
            raise traitlets.TraitError("a scenario's levers and serial are numbers")
        return {"levers": levers, "serial": serial}

    def part(self, name: str, /, **content: Any) -> View:
        """Return a view of one part of the board."""
        return View(board=self, board_key=self.board_key, part=name, payload=content)

    def levers(self, keys: Iterable[str] | None = None) -> ipywidgets.VBox:
        """Return the panel of sliders for `keys`, all levers if None."""
        return lever_panel(self, list(self.model.levers) if keys is None else list(keys))

    def cards(self) -> View:
        """Return the four city targets: value, bar, status in words."""
        made_up = any(card["illustrative"] for card in self.cards_shown)
        return self.part("cards", cards=self.cards_shown, illustrative=made_up)

    def figure(self, picture: Any) -> View:
        """Return a picture (analysis.charts.picture.Picture) that follows the scenario."""
        return self.part("figure", **payload(picture))

    def language(self) -> View:
        """Return the switch between Chinese and English."""
        return self.part("language")

    def prose(self, message: Message, tag: str = "p") -> View:
        """Return a text that follows the scenario, in a `p` or a heading."""
        if tag not in ("p", "h1", "h2", "h3"):
            raise ValueError(f"a text stands in p, h1, h2 or h3, not in {tag!r}")
        return self.part("prose", tag=tag, message=message.to_dict())

    def tables(self) -> View:
        """Return the button that saves all tables of the page as one workbook."""
        return self.part("tables")

    def observe_scenario(self, callback: Callback) -> None:
        """Call `callback` with the levers once the reader has come to rest.

        If it returns levers, they are set in the browser, unless the reader has
        moved on meanwhile. On a served page each reader has a kernel of their own for
        it, from the first scenario on. A failure is logged here; the browser gets one
        short sentence.
        """

        def heard(change: Mapping[str, Any]) -> None:
            settled = change["new"]
            answer = self._ask(callback, settled["levers"])
            if answer:
                self.answer = {"levers": dict(answer), "serial": settled["serial"]}

        self.observe(heard, names="settled")
        self.observed = True

    def _ask(self, callback: Callable[..., Any], levers: Mapping[str, Any]) -> Any:
        """Call back with the levers; a failure is told in one sentence, and logged whole."""
        try:
            answer = callback({key: float(value) for key, value in levers.items()})
        except Exception:
            log.exception("a scenario's callback failed")
            self.notice = both("board.callback_failed")
            return None
        self.notice = {}
        return answer

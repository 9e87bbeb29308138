"""A page of the workbook: what a notebook's cells say and show, on one board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec, TypeVar

import ipywidgets
import pandas as pd

from analysis.board import Board
from analysis.board.view import Stack
from analysis.briefing.contents import NAV
from analysis.briefing.contents import content as module_of
from analysis.briefing.page_texts import PageTexts, structure
from analysis.charts.picture import Picture
from analysis.charts.theme import plain
from analysis.evidence import load_evidence
from analysis.files import shown
from analysis.model import load_model
from analysis.names import unknown
from analysis.plan import load_plan
from analysis.scenario import Scenario
from analysis.text import Message, Text, Words, both
from analysis.text_table import own_texts

Given = ParamSpec("Given")
Shown = TypeVar("Shown")


def _in_its_words(
    method: Callable[Concatenate[Briefing, Given], Shown],
) -> Callable[Concatenate[Briefing, Given], Shown]:
    """Let a page speak of its own plan, whichever the process is about."""

    @wraps(method)
    def said(page: Briefing, *given: Given.args, **named: Given.kwargs) -> Shown:
        with shown(page.plan.folder):
            return method(page, *given, **named)

    return said


class Briefing:
    """One page: a question, its answer, levers, figures, sections; all on one board.

    Parameters
    ----------
    name : its module in `analysis.briefing`, which gives `values`, and its levers if not all:
        LEVERS, or `levers` of a model
    lang : the language that it opens in, the plan's first if none
    title : its first line; a page of one's own has no module, no name, but a title
    levers : its levers if not all
    plan : a plan's folder, or the id of one that ships; the one that is shown if None

    Attributes
    ----------
    plan, evidence, model : what it is made of
    values : the numbers that its sentences name beside levers and outcomes; add your own
    start : lever or outcome -> its value as the page opens
    messages, pictures : what its cells have said and shown so far, by key

    Raises
    ------
    KeyError : a name that is no page's, or a lever that isn't; the nearest one is named
    LookupError : the plan has nothing for that page
    ValueError : neither name nor title
    """

    def __init__(
        self,
        name: str = "",
        lang: str = "",
        *,
        title: Words = "",
        levers: Iterable[str] | None = None,
        plan: Path | str | None = None,
    ) -> None:
        if not name and not title:
            raise ValueError("a page of your own has a title: page(title=…); others have a name")
        self.plan = load_plan(plan)
        with shown(self.plan.folder):
            self._begin(name, lang, title, levers)

    def _begin(self, name: str, lang: str, title: Words, levers: Iterable[str] | None) -> None:
        self.name, self.evidence = name, load_evidence()
        content: Any = (
            module_of(name, self.plan, self.evidence)
            if name
            else SimpleNamespace(values=lambda *_: {})
        )
        self.model = load_model()
        given = (self.plan, self.evidence, self.model)
        own = getattr(content, "LEVERS", tuple(self.model.levers))
        usual = content.levers(self.model) if hasattr(content, "levers") else own
        self._levers = tuple(usual if levers is None else levers)
        for lever in self._levers:
            _known(self.model.levers, lever, "lever")
        self.values: dict[str, Any] = structure(self.plan) | content.values(*given)
        self.start = {**self.model.defaults, **self.model.evaluate()}
        self.messages: dict[str, Message] = {}
        self.pictures: dict[str, Picture] = {}

        def extra(key: str, *asked: Any, otherwise: Any = None) -> Any:
            """Return what only a page that asks more than its sliders answer has."""
            made = getattr(content, key, None)
            return made(*asked) if made else otherwise

        self._unknown: dict[str, Message | None] = extra("unknown", *given, otherwise={})
        self._rests_on: list[Message] = extra("rests_on", otherwise=[])
        self._title = title or both(NAV + name)
        self._illustrative = bool(extra("illustrative"))
        self._tools = extra("tools", *given, otherwise={})
        self.board = Board(
            self.model,
            text_lang=lang,
            plan=self.plan,
            flow=extra("flow", self.model, otherwise=()),
            facts=extra("facts", *given, otherwise={}),
            presets=extra("presets", *given),
            cards=extra("cards", *given),
            answers=extra("answers", *given),
        )
        kinds = {key: one.kind for key, one in self.model.outcomes.items()}
        kinds |= extra("kinds", otherwise={})
        flow = (signal["name"] for signal in self.board.dataflow)
        self._texts = PageTexts(self, kinds, {*self.start, *self.board.facts, *flow})

    @property
    def scenario(self) -> Scenario:
        """The levers as the reader has set them; set it, and the page follows."""
        levers = {key: float(getattr(self.board, key)) for key in self.model.levers}
        return Scenario(levers, model=self.model).trimmed(self.model)

    @scenario.setter
    def scenario(self, levers: Scenario | Mapping[str, float]) -> None:
        chosen = levers if isinstance(levers, Scenario) else Scenario(levers, model=self.model)
        for key, value in {**self.model.defaults, **chosen.check(self.model).levers}.items():
            setattr(self.board, key, value)

    @property
    def outcomes(self) -> pd.DataFrame:
        """What follows from the scenario, a row an outcome: value, unit, name_zh, name_en."""
        rows = pd.DataFrame(list(self.model.outcomes.values())).set_index("key")
        found = rows.assign(value=pd.Series(self.scenario.outcomes(self.model)))
        return found[["value", "unit", "name_zh", "name_en"]].rename_axis("outcome")

    def observe(self, callback: Callable[[Scenario], Any]) -> None:
        """Call back with the scenario whenever a lever has moved."""
        self.board.observe(lambda _: callback(self.scenario), names=list(self.model.levers))

    @_in_its_words
    def opening(self, answer: Words = "", *, cards: bool = True) -> ipywidgets.Widget:
        """Return the question, its answer and, unless a section has them, the targets' cards."""
        return _stack(
            self.board.language(),
            self._prose("title", self._title, tag="h1"),
            *([self._prose("answer", answer)] if answer else []),
            *(self._cards() if cards else ()),
            name="wb-opening",
        )

    def _cards(self) -> list[ipywidgets.Widget]:
        """Return what they rest on if said, and the targets' cards."""
        return [*map(self.board.prose, self._rests_on), self.board.cards()]

    @_in_its_words
    def levers(self) -> ipywidgets.Widget:
        """Return what the page is asked by: a choice, if there are several, and its sliders."""
        options = self._tools.get("choice", {}).get("options", ())
        choice = [self.tool("choice")] if len(options) > 1 else []
        sliders = [self.board.levers(self._levers)] if self._levers else []
        return (
            sliders[0] if sliders and not choice else _stack(*choice, *sliders, name="wb-asked-by")
        )

    @_in_its_words
    def figure(
        self,
        picture: str | Picture,
        chart: Callable[[Text, bool], Any] | Any = None,
        data: pd.DataFrame | None = None,
        *,
        formula: str | None = None,
        illustrative: bool | None = None,
        absent: Words = "",
        **words: Words,
    ) -> ipywidgets.Widget:
        """Return a picture with its reading, its source and its data, or why there is none.

        Parameters
        ----------
        picture : its key; a key alone, or one of `pictures`, is shown again
        chart : (text, narrow) -> Altair chart, for a language and for a phone or not; or a
            chart that is the same for all
        data : its rows, for who wants to take them away
        formula : the outcome whose equation stands with it
        illustrative : whether any of it is made up; as the page's ledger is when None
        absent : what stands in its place where there is nothing to draw
        words : `title` and `source`; `say`, which reads it, and `alt`, the picture in words

        Raises
        ------
        TypeError : a picture without a title or a source
        TextError : a sentence that names no value of the page
        """
        if isinstance(picture, Picture):
            made = picture
        elif picture in self._unknown:
            return _stack(*self._instead(picture, absent), name="wb-absent")
        elif chart is None or data is None:
            made = _known(self.pictures, picture, "picture")
        else:
            made = Picture(
                key=picture,
                chart=chart if callable(chart) else lambda text, narrow: plain(chart),
                data=data,
                formula=formula and self.model.formula(formula),
                illustrative=self._illustrative if illustrative is None else illustrative,
                **self._texts.picture(words, self.pictures.get(picture)),
            )
        self.pictures[made.key] = made
        return self.board.figure(made)

    @_in_its_words
    def text(self, words: Words, tag: str = "p") -> ipywidgets.Widget:
        """Return a text of your own that follows the scenario, in a `p` or a heading (`h2`)."""
        return self.board.prose(self._texts.own(words), tag=tag)

    @_in_its_words
    def plan_text(self, key: str, otherwise: Words) -> Words:
        """Return what the plan says by a key in its `texts.csv`, or else the words of any plan."""
        own, paper = (own_texts().get(f"{self.name}.{key}{end}", {}) for end in ("", ".paper"))
        return own | {f"{lang}.paper": said for lang, said in paper.items()} or otherwise

    @_in_its_words
    def tool(self, key: str, **words: Words) -> ipywidgets.Widget:
        """Return a part that answers more than a slider: goal, least increment, basis, a table.

        words : a table's `title` and `source`
        """
        said = {part: self._texts.own(one).to_dict() for part, one in words.items()}
        content = _known(self._tools, key, "tool") | said
        return self.board.part(content.pop("part", key), **content)

    @_in_its_words
    def section(
        self, key: str, title: Words, text: Words = "", *, absent: Words = "", cards: bool = False
    ) -> ipywidgets.Widget:
        """Return a heading with what stands under it, and the targets' cards if asked for.

        key : what an address calls it
        absent : what stands under it where there is nothing to say
        """
        lacking = key in self._unknown
        under = self._instead(key, absent) if lacking else [self._prose(f"{key}.text", text)]
        return _stack(
            self._prose(key, title, tag="h2"),
            *under,
            *(self._cards() if cards else ()),
            name="wb-section",
            place=key,
        )

    def _instead(self, key: str, words: Words) -> list[ipywidgets.Widget]:
        """Return what stands where there is nothing to show: nothing if its section says so."""
        message = self._unknown[key] or (self._texts.own(words) if words else None)
        if message is None or message.silent:
            return []
        self.messages[f"{key}.absent"] = message
        return [self.board.prose(message)]

    @_in_its_words
    def sources(self) -> ipywidgets.Widget:
        """Return the page's tables to take away, with their sources and the scenario."""
        return _stack(
            self.board.prose(Message.fixed("briefing.sources"), tag="h2"),
            self.board.prose(Message.fixed("briefing.sources.text")),
            self.board.tables(),
            name="wb-section",
            place="sources",
        )

    def _prose(self, key: str, words: Words, tag: str = "p") -> ipywidgets.Widget:
        said = self.messages[key] = self._texts.own(words)
        return self.board.prose(said, tag=tag)


def _known(found: Mapping[str, Any], key: str, what: str) -> Any:
    if key not in found:
        raise KeyError(unknown(f"{what} of this briefing", key, found))
    return found[key]


def _stack(*parts: ipywidgets.Widget, name: str, place: str | None = None) -> Stack:
    # A place is what the page's contents lead to.
    return Stack(parts, name, *([f"at-{place}"] if place else []))

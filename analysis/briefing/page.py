"""How does a notebook's cell get its texts, levers and pictures?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets

from analysis.board import Board
from analysis.charts.picture import SAID, Picture
from analysis.evidence import load_evidence
from analysis.model import load_model
from analysis.names import unknown
from analysis.plan import load_plan
from analysis.text import Message

#: Modules that pages share.
_NO_PAGES = {"__init__", "page", "answers", "drawn", "ledger"}


class Briefing:
    """One page: a question, its answer, levers, figures, sections; all on one board.

    Parameters
    ----------
    name : its module in `analysis.briefing`, which gives LEVERS, `pictures` and `messages`
    lang : the language that it opens in
    """

    def __init__(self, name: str, lang: str = "zh") -> None:
        content = import_module(f"analysis.briefing.{name}")
        plan, evidence, model = load_plan(), load_evidence(), load_model()
        self._levers: tuple[str, ...] = content.LEVERS
        # What a text names of the scenario's outcomes brings their marks, too.
        kinds = {key: outcome.kind for key, outcome in model.inputs.outcomes.items()}
        self.pictures: dict[str, Picture] = {
            picture.key: replace(
                picture,
                **{part: replace(getattr(picture, part), kinds=kinds) for part in SAID},
            )
            for picture in content.pictures(plan, evidence, model)
        }
        self.messages: Mapping[str, Message] = {
            key: replace(message, kinds={**kinds, **message.kinds})
            for key, message in content.messages(plan, evidence, model).items()
        }
        # Only a page that asks more than its sliders answer has these.
        given = (plan, evidence, model)
        names = ("flow", "facts", "tools", "answer", "presets", "cards")
        extras = {key: getattr(content, key, None) for key in names}
        self._tools = extras["tools"](*given) if extras["tools"] else {}
        self.board = Board(
            model,
            text_lang=lang,
            plan=plan,
            flow=extras["flow"](model) if extras["flow"] else (),
            facts=extras["facts"](*given) if extras["facts"] else {},
            presets=extras["presets"](*given) if extras["presets"] else None,
            cards=extras["cards"](*given) if extras["cards"] else None,
        )
        if extras["answer"]:
            self.board.observe_question(partial(extras["answer"], model))

    def opening(self) -> ipywidgets.Widget:
        """Return the question, its answer, what it rests on if said, and the four city targets."""
        said = (key for key in ("rests_on", "assumed") if key in self.messages)
        basis = [self.board.prose(self.messages[key]) for key in said]
        return _stack(
            self.board.language(),
            self.board.prose(self._message("title"), tag="h1"),
            self.board.prose(self._message("answer")),
            *basis,
            self.board.cards(),
            name="wb-opening",
        )

    def levers(self) -> ipywidgets.Widget:
        """Return what the page is asked by: a choice if there is one, and its sliders."""
        sliders = self.board.levers(self._levers)
        if "choice" not in self._tools:
            return sliders
        return _stack(self.tool("choice"), sliders, name="wb-asked-by")

    def figure(self, key: str) -> ipywidgets.Widget:
        """Return a picture with its reading, its source and its data, or why there is none."""
        if key not in self.pictures and f"{key}.absent" in self.messages:
            return self.board.prose(self.messages[f"{key}.absent"])
        return self.board.figure(_known(self.pictures, key, "picture"))

    def tool(self, key: str) -> ipywidgets.Widget:
        """Return a part that answers more than a slider: goal, least effort, basis, a table."""
        content = dict(_known(self._tools, key, "tool"))
        return self.board.part(content.pop("part", key), **content)

    def section(self, key: str) -> ipywidgets.Widget:
        """Return a heading with the sentences under it."""
        return _stack(
            self.board.prose(self._message(key), tag="h2"),
            self.board.prose(self._message(f"{key}.text")),
            name="wb-section",
            place=key,
        )

    def sources(self) -> ipywidgets.Widget:
        """Return the page's tables to take away, with their sources and the scenario."""
        return _stack(
            self.board.prose(Message.fixed("briefing.sources"), tag="h2"),
            self.board.prose(Message.fixed("briefing.sources.text")),
            self.board.tables(),
            name="wb-section",
            place="sources",
        )

    def _message(self, key: str) -> Message:
        return _known(self.messages, key, "text")


def _known(found: Mapping[str, Any], key: str, what: str) -> Any:
    if key not in found:
        raise KeyError(unknown(f"{what} of this briefing", key, found))
    return found[key]


def _stack(*parts: ipywidgets.Widget, name: str, place: str | None = None) -> ipywidgets.VBox:
    box = ipywidgets.VBox(list(parts))
    box.add_class(name)
    if place:
        box.add_class(f"at-{place}")  # what the page's contents lead to
    return box


@cache
def briefing(name: str, lang: str = "zh") -> Briefing:
    """Return a page of the workbook.

    Raises
    ------
    KeyError : a name that is no page's; the nearest one is named
    """
    there = [path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NO_PAGES]
    if name not in there:
        raise KeyError(unknown("briefing", name, sorted(there)))
    return Briefing(name, lang)

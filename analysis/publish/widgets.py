"""What a page has to know of the widgets that its notebook made."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import anywidget
import comm
import ipywidgets
from traitlets.traitlets import EventHandler

from analysis.publish.bounds import CONTROL_TRAITS, MOST_MADE, MOST_UNSEEN
from analysis.publish.outputs import VIEW


@contextmanager
def ids_of(name: str) -> Iterator[None]:
    """Give the widgets that are made meanwhile the ids that they have wherever `name` runs.

    So a page fits the kernels of any machine, and those after a restart, if it says the same.
    A widget's id is that of its line to the browser, which the kernel makes: `create_comm` is
    where a kernel says how.
    """
    numbers = random.Random(name)
    usual = comm.create_comm

    def numbered(*args: Any, **given: Any) -> comm.base_comm.BaseComm:
        given.setdefault("comm_id", uuid.UUID(int=numbers.getrandbits(128), version=4).hex)
        return usual(*args, **given)

    comm.create_comm = numbered
    try:
        yield
    finally:
        comm.create_comm = usual


def all_widgets() -> dict[str, ipywidgets.Widget]:
    """Return every living widget by its model's id."""
    return dict(ipywidgets.widgets.widget._instances)


def widget_state() -> dict[str, Any]:
    """Return every widget's state as a page embeds it.

    The browser knows the defaults of ordinary controls; those of an anywidget,
    its module among them, it does not.
    """
    living = all_widgets()
    lean = ipywidgets.Widget.get_manager_state(drop_defaults=True)["state"]
    whole = ipywidgets.Widget.get_manager_state(drop_defaults=False)["state"]
    return {
        key: dict((whole if isinstance(living.get(key), anywidget.AnyWidget) else lean)[key])
        for key in lean
    }


def client_may_set() -> dict[str, list[str]]:
    """Return, by model, which traits a reader's browser may set.

    A control's are its value and index; another widget names its own in
    `client_traits`, and without it has none.
    """
    allowed = {}
    for key, widget in all_widgets().items():
        named = getattr(widget, "client_traits", None)
        if named is None and not isinstance(widget, anywidget.AnyWidget):
            named = CONTROL_TRAITS & set(widget.keys)
        if isinstance(widget, ipywidgets.Button):
            named = frozenset({"click"})  # what it says when it is pressed
        if named:
            allowed[key] = sorted(named)
    return allowed


def heard() -> dict[str, list[str]]:
    """Return, of what a reader may set, what a notebook's Python listens to: its callbacks.

    A board asks for Python by itself.
    """
    living = all_widgets()
    return {
        key: named
        for key, named in client_may_set().items()
        if not isinstance(living[key], anywidget.AnyWidget) and _has_callback(living[key])
    }


def _has_callback(widget: ipywidgets.Widget) -> bool:
    """Whether somebody else than its own class observes a widget."""
    if isinstance(widget, ipywidgets.Button):
        return bool(widget._click_handlers.callbacks)
    observers = (one for by_kind in widget._trait_notifiers.values() for some in by_kind.values()
                 for one in some)  # fmt: skip
    return any(not isinstance(one, EventHandler) for one in observers)


class MadeLater:
    """Widgets that callbacks make, once the page has its own: bounded, closed when out of sight."""

    def __init__(self) -> None:
        self.own = set(all_widgets())
        self._create = comm.create_comm
        comm.create_comm = self._bounded

    def _bounded(self, *args: Any, **given: Any) -> comm.base_comm.BaseComm:
        """Give a widget its line to the browser, while there are not too many.

        Raises
        ------
        RuntimeError : at the bound
        """
        if len(all_widgets()) - len(self.own) >= MOST_MADE:
            raise RuntimeError(f"callbacks have made {MOST_MADE} widgets beside the page's own")
        return self._create(*args, **given)

    def tidy(self) -> None:
        """Close those that the page shows no more, if they are many."""
        living = all_widgets()
        if len(living) - len(self.own) <= MOST_UNSEEN:
            return
        seen: set[str] = set()
        ahead = [living[key] for key in self.own & living.keys()]
        while ahead:
            widget = ahead.pop()
            if widget.model_id not in seen:
                seen.add(widget.model_id)
                ahead += _widgets_in(widget._trait_values.values())
                ahead += [living[key] for key in _views_in(widget) if key in living]
        for key in living.keys() - seen:
            living[key].close()


def _widgets_in(values: Iterable[Any]) -> Iterator[ipywidgets.Widget]:
    for value in values:
        if isinstance(value, ipywidgets.Widget):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _widgets_in(value)
        elif isinstance(value, dict):
            yield from _widgets_in(value.values())


def _views_in(output: ipywidgets.Widget) -> list[str]:
    """Return the widgets that an Output shows, none for any other widget."""
    shown = output.outputs if isinstance(output, ipywidgets.Output) else ()
    return [one["data"][VIEW]["model_id"] for one in shown if VIEW in one.get("data", ())]

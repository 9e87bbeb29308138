"""What a page has to know of the widgets that its notebook made."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anywidget
import comm
import ipywidgets
from traitlets.traitlets import EventHandler

#: What a reader may set on an ordinary control; everything else of it is the notebook's.
CONTROL_TRAITS = frozenset({"value", "index"})


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

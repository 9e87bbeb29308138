"""Output widgets of a page: what is shown in one is its state, kept where the notebook runs.

In JupyterLab the browser listens to all that a kernel says, and fills them. A reader's browser
hears values of widgets alone, so the kernel fills them, and sends what they show as HTML that is
cleaned, as charts to draw, and as views of other widgets.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stdout
from typing import Any
from unittest.mock import patch

import ipywidgets
from IPython import get_ipython
from IPython.core.displaypub import CapturingDisplayPublisher

from analysis.publish.outputs import VIEW, as_it_stands, chart, dead, drawn, html_of, plain
from analysis.publish.widgets import all_widgets

log = logging.getLogger(__name__)
#: Most outputs that one holds; the oldest go.
MOST = 100
#: What failed inside of one since it was last asked, for who runs the notebook.
faults: list[BaseException] = []
_open: dict[str, list[tuple[ExitStack, Shown]]] = {}


class Shown(CapturingDisplayPublisher):
    """What is shown while an Output listens; once cleared it begins anew."""

    anew = False

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:  # type: ignore[override]
        """Keep what is displayed."""
        self.outputs.append({"output_type": "display_data", "data": data, "metadata": {}})

    def clear_output(self, wait: bool = False) -> None:
        """Drop what was there."""
        self.anew = True
        self.outputs.clear()


class Printed(io.TextIOBase):
    """What is printed meanwhile, in its place among the outputs."""

    def __init__(self, outputs: list[dict[str, Any]]) -> None:
        self.outputs = outputs

    def write(self, text: str) -> int:
        """Keep a text, with the one before it if nothing was shown in between."""
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream":
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": text})
        return len(text)


def keep() -> None:
    """Let every Output of this process keep what it shows, and send it as a page can show it."""
    output: Any = ipywidgets.Output
    output.__enter__, output.__exit__ = _enter, _leave
    output.outputs.tag(to_json=sent)


def _enter(output: ipywidgets.Output) -> ipywidgets.Output:
    shown, stack = Shown(), ExitStack()
    stack.enter_context(patch.object(get_ipython(), "display_pub", shown))
    stack.enter_context(redirect_stdout(Printed(shown.outputs)))
    _open.setdefault(output.model_id, []).append((stack, shown))
    return output


def _leave(output: ipywidgets.Output, _: Any, error: BaseException | None, __: Any) -> bool:
    """Close it; what failed in it is told to the log, and the reader that it failed."""
    stack, shown = _open[output.model_id].pop()
    stack.close()
    if error is not None:
        faults.append(error)
        log.error("a cell's callback failed", exc_info=error)
        shown.outputs.append({"output_type": "error"})
    before = () if shown.anew else output.outputs
    output.outputs = (*before, *shown.outputs)[-MOST:]
    return error is not None


def sent(outputs: tuple[Mapping[str, Any], ...], _: Any = None) -> list[dict[str, Any]]:
    """Return outputs as a page shows them: {"html"}, {"chart": Vega-Lite} or {"view": model}."""
    return [_sent(one) for one in outputs]


def first_html(output: ipywidgets.Output) -> str:
    """Return what an Output shows before it lives: its charts as drawn, no other widgets."""
    parts = sent(output.outputs)
    return "".join(drawn(one["chart"]) if "chart" in one else one.get("html", "") for one in parts
                   if "view" not in one)  # fmt: skip


def _sent(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {"html": html_of({"text/plain": plain(output["text"])})}
    if output["output_type"] == "error":
        return {"failed": True}
    data = output["data"]
    if VIEW in data:
        widget = all_widgets()[data[VIEW]["model_id"]]
        # Where no Python answers, a page knows the widgets that its notebook made as it ran.
        stands = {"html": as_it_stands(widget)}
        return stands if dead(widget) else {"view": widget.model_id, **stands}
    spec = chart(data)
    return {"html": html_of(data)} if spec is None else {"chart": spec}

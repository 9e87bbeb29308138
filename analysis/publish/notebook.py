"""A notebook run in a kernel's own shell, and the page that everybody gets of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import altair
import nbformat
from IPython.core.displayhook import CapturingDisplayHook
from IPython.utils.capture import capture_output

from analysis.board.view import Kept
from analysis.documents.transcript import UNPUBLISHED, on_paper
from analysis.publish import output_area
from analysis.publish.first import Look, first_html
from analysis.publish.front import OF_PLAN, answer, gist
from analysis.publish.front_page import LIVE
from analysis.publish.images import MOST_BYTES, images
from analysis.publish.kernel import ForkedApp
from analysis.publish.outputs import VIEW, drawn, lost, plain, shown, without_dead
from analysis.publish.pages import about_text, question, slug_of
from analysis.publish.preview import briefing_svg, standing_svg
from analysis.publish.standing import standing
from analysis.publish.thumbnail import thumbnail
from analysis.publish.widgets import (
    all_widgets,
    client_may_set,
    heard,
    ids_of,
    widget_state,
)
from analysis.text import LANGUAGES, templates


def run(notebook: Path) -> tuple[ForkedApp, dict[str, Any], list[str]]:
    """Run a notebook in a kernel's own shell.

    Returns
    -------
    the kernel's application; the page; a sentence for each cell that failed, which says of why
    more than the page may
    """
    app = ForkedApp.instance()
    if app.kernel is None:
        app.prepare()
    shell: Any = app.shell
    output_area.keep()
    altair.renderers.enable("mimetype")  # a chart is told, not a script that fetches its drawer
    # A page draws its widgets itself: what a saved notebook keeps of them would be made in vain.
    shell.display_formatter.mimebundle_formatter.for_type(Kept, _place)

    cells: dict[int, dict[str, Any]] = {}
    failures: list[str] = []
    code: list[tuple[str, list[Any]]] = []

    def failed(number: int, made: dict[str, Any], error: BaseException | None) -> None:
        made["failed"] = True
        shows = (source.cells[number].source.strip().splitlines() or [""])[-1]
        told = f"{type(error).__name__}: {error}"
        failures.append(f"{notebook.name}, cell {number + 1}, {shows}: {told}")

    def tell(number: int, lacking: Iterable[str]) -> None:
        for missing in dict.fromkeys(filter(None, lacking)):
            print(f"{notebook.name}, cell {number + 1}: {missing}", file=sys.stderr)

    room = MOST_BYTES
    source = nbformat.read(notebook, as_version=4)
    for number, cell in enumerate(source.cells):
        made: dict[str, Any] = {"type": cell.cell_type, "tags": cell.metadata.get("tags", [])}
        unpublished = UNPUBLISHED in made["tags"]
        if cell.cell_type != "code":
            if cell.cell_type == "markdown" and not unpublished:
                made["images"], lacking = images(
                    cell.source, cell.get("attachments", {}), notebook.parent, room
                )
                room -= sum(map(len, made["images"].values()))
                tell(number, lacking)
            made["source"] = cell.source
            if not unpublished:
                cells[number] = made
            continue
        result, captured = _run_cell(shell, f"{notebook.name} {number}", cell.source)
        if unpublished and result.success:
            continue  # what it leaves behind is all that the page wants of it
        cells[number] = made
        made["failed"] = False
        made["text"] = plain(captured.stdout) if result.success else ""
        living = all_widgets()
        made["outputs"] = [shown(output.data, living) for output in captured.outputs]
        views = [output[VIEW]["model_id"] for output in made["outputs"] if VIEW in output]
        code.append((cell.source, [living[view] for view in views]))
        tell(number, (lost(output.data, living) for output in captured.outputs))
        if not result.success or output_area.faults:
            error = result.error_before_exec or result.error_in_exec
            failed(number, made, error or output_area.faults[0])
            output_area.faults.clear()
    shell.display_trap.hook = shell.displayhook  # a kernel's own: what is run there is told
    first: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    looks = {lang: Look(lang) for lang in LANGUAGES}
    for number, made in cells.items():
        views = [output[VIEW]["model_id"] for output in made.get("outputs", ()) if VIEW in output]
        try:
            for lang, look in looks.items():
                first[lang] |= {view: first_html(view, look) for view in views}
        except Exception as error:
            failed(number, made, error)
    said, stands = {}, None
    brief: dict[str, Any] = {}
    previews: dict[str, dict[str, str]] = {}
    try:
        slug = slug_of(notebook.name)
        said, stands = answer(slug), standing() if slug in OF_PLAN else None
        brief = gist(slug)
        brief["svg"] = thumbnail(list(first[LANGUAGES[0]]), brief.get("illustrative", False))
        if f"publish.nav.{slug}" in templates():
            asks = question(slug)
            previews["page"] = {lang: briefing_svg(asks, said, brief, lang) for lang in LANGUAGES}
        if stands and slug == LIVE:
            previews["front"] = {lang: standing_svg(stands, lang) for lang in LANGUAGES}
    except Exception as error:
        failures.append(f"{notebook.name}, its answer: {type(error).__name__}: {error}")
    page = {
        "cells": list(cells.values()),
        "state": _drawn(without_dead(widget_state())),
        "may_set": client_may_set(),
        "heard": heard(),
        "about": about_text(),
        "answer": said,
        "standing": stands,
        "brief": brief,
        "previews": previews,
        "first": first,
        "documents": not failures and on_paper(code),
    }
    return app, page, failures


def _place(widget: Kept) -> dict[str, Any]:
    """Return a widget's output as a page needs it: which widget stands there."""
    return {VIEW: {"model_id": widget.model_id}, "text/plain": ""}


def _drawn(state: dict[str, Any]) -> dict[str, Any]:
    """Return widgets' state with the charts in it drawn, for who has no Python yet."""
    for model in state.values():
        for output in model["state"].get("outputs", ()):
            if spec := output.get("chart"):
                output["html"] = drawn(spec)
    return state


def _run_cell(shell: Any, name: str, source: str) -> tuple[Any, Any]:
    """Run a cell; return how it ended, and what it showed."""
    with ids_of(name), capture_output(stdout=True, stderr=False, display=True) as captured:
        hook = CapturingDisplayHook(shell=shell, outputs=captured._outputs)
        shell.display_trap.hook = hook  # a cell's last value is shown like any other
        return shell.run_cell(source, store_history=False), captured

"""A briefing as a document, in this process or in one of its own.

A process of its own is what the server starts: it ends by itself when it takes
too long, and with it whatever the drawing of charts took.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote

from analysis.documents.document import Document
from analysis.documents.letter import Letter
from analysis.documents.transcript import transcript
from analysis.documents.writers import writer
from analysis.publish.lifeline import end_with_parent
from analysis.publish.pages import about
from analysis.publish.surroundings import surroundings
from analysis.scenario import Scenario
from analysis.scenario.naming import name_in

#: Seconds of computing that one document may take.
MOST_SECONDS = 60


def scenario_of(link: str) -> Scenario:
    """Return the scenario of a link's text, or of a page's whole address.

    A name that a page would not show is left out.

    Raises
    ------
    analysis.scenario.ScenarioError : says what would be right
    """
    for mark in ("#s=", "&s=", "?s="):
        if mark in link:
            link = unquote(link.split(mark, 1)[1].split("&", 1)[0].split("#", 1)[0])
    scenario = Scenario.from_link(link) if link else Scenario()
    return replace(scenario, name=name_in(scenario.name))


@lru_cache(maxsize=2)
def document(
    notebook: Path, lang: str, link: str = "", progress: Callable[[str], None] = lambda _: None
) -> Document:
    """Return a briefing as a document, in a scenario given by its link.

    Raises
    ------
    analysis.scenario.ScenarioError : says what would be right
    """
    told, scenario, notebook = about()[lang], scenario_of(link), notebook.resolve()
    # A notebook reads what lies beside it; what the user named by another place stays where it is.
    with patch.dict(os.environ, surroundings()), chdir(notebook.parent):
        return transcript(notebook, lang, told, scenario, progress=progress)


def rendered(notebook: Path, form: str, lang: str, link: str = "") -> bytes:
    """Return a briefing as a file's bytes, or a paper that it offers: "board.pdf".

    Its document is made once for all forms; a paper's link is its period.
    """
    kind, _, ending = form.rpartition(".")
    return paper(kind, ending, lang, link) if kind else writer(form)(document(notebook, lang, link))


def paper(kind: str, form: str, lang: str, period: str = "") -> bytes:
    """Return a bulletin with an empty letterhead, or the status board, of a period or the last.

    The status board of what is "published" is of the plan's year.
    """
    from analysis.briefing import ledger
    from analysis.bulletin.board import published_board
    from analysis.bulletin.making import files
    from analysis.evidence import load_evidence
    from analysis.plan import load_plan
    from analysis.structure import Period, report

    if kind == "published":
        return writer(form)(published_board(load_plan(), load_evidence(), lang))
    found = report(ledger.ledger(), load_plan(), Period.of(period)) if period else ledger.current()
    letter = Letter.empty(lang) if kind == "paper" else None
    return files(found, lang, (form,), letter, board=kind == "board")[form]


def main(notebook: str, form: str, lang: str, link: str = "") -> None:
    """Write the document to standard output."""
    if sys.platform == "linux":
        import resource

        # Ends with the server, and after its share of computing; readers' kernels come first.
        end_with_parent()
        os.nice(10)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a cell prints is no part of the document
    out.write(rendered(Path(notebook), form, lang, link))
    out.flush()

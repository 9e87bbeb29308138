"""What each notebook's page tells, run once for all tests of the tree as it stands.

Run as a script, it runs all notebooks, as many at a time as there are processors: charts are
drawn and kept by that, or every site that the tests serve would draw them beside the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from filelock import FileLock

from analysis.board import drawing
from analysis.briefing import Briefing
from analysis.documents.transcript import last_value
from analysis.files import write_whole
from analysis.publish.pages import notebooks_dir, pages
from analysis.publish.parent import run_each
from analysis.text import LANGUAGES

ROOT = Path(__file__).parents[1]
#: In the environment of the tests, and gone with it.
PLACE = Path(sys.prefix) / "ran"
#: What a page's content follows from.
SOURCES = ("analysis", "data", "notebooks")
#: What the pages of a ledger show of published figures, whatever the ledger.
PUBLISHED = {"asked", "outcomes", "earlier", "heads", "lives", "where"}
#: The frames that a notebook's cells show, by its page, once it ran here.
FRAMES: dict[str, list[pd.DataFrame]] = {}


@cache
def tree() -> str:
    """Return what names the state of the sources."""
    found = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(ROOT)}\n".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def ran(notebook: Path) -> dict[str, Any]:
    """Return what a notebook's page tells, as `run_each` does, and its standard error.

    What ran before is kept.
    """
    key = hashlib.sha256(tree().encode() + notebook.read_bytes()).hexdigest()[:16]
    PLACE.mkdir(exist_ok=True)
    with FileLock(PLACE / f"{notebook.stem}.lock"):
        place = PLACE / f"{notebook.stem}-{key}.json"
        if not place.is_file():
            for older in PLACE.glob(f"{notebook.stem}-*.json"):
                older.unlink()
            with tempfile.TemporaryFile() as errors:
                ((page, _),) = run_each([notebook], errors)
                errors.seek(0)
                page["stderr"] = errors.read().decode()
            write_whole(place, json.dumps(page).encode())
        return dict(json.loads(place.read_text("utf-8")))


def run_here(slug: str) -> Briefing:
    """Run a briefing's cells in this process, and return its page with all that it showed.

    Its charts are compiled by who draws one, not all of them for all languages and widths.
    """
    (notebook,) = notebooks_dir().glob(f"[0-9]*_{slug}.ipynb")
    names: dict[str, Any] = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "compile_specs", lambda picture: {key: {} for key in LANGUAGES})
        shown = [last_value(cell.source, names)
                 for cell in nbformat.read(notebook, as_version=4).cells
                 if cell.cell_type == "code"]  # fmt: skip
    FRAMES[slug] = [one for one in shown if isinstance(one, pd.DataFrame)]
    page = names["page"]
    assert isinstance(page, Briefing)
    return page


#: The page as its notebook made it, once for all tests of a process.
page_of = cache(run_here)


def main() -> None:
    """Run all notebooks."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(ran, [notebooks_dir() / page.notebook for page in pages()]))


if __name__ == "__main__":
    main()

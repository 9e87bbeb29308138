"""Which briefings there are, and what each answers in one sentence computed from the plan."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.documents.writers import OFFERED
from analysis.text import both

log = logging.getLogger(__name__)
FAVICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%231d2733'/%3E"
    "%3Cpath d='M3 13V8h2v5zm4 0V5h2v8zm4 0V3h2v10z' fill='%23fff'/%3E%3C/svg%3E"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One notebook as a briefing; texts are pairs keyed "zh" and "en".

    slug : its address below /briefing/
    notebook : file name in the notebooks' folder
    """

    slug: str
    notebook: str
    nav: dict[str, str]
    question: dict[str, str]


def notebooks_dir() -> Path:
    """The folder of notebooks: beside the package in a clone, inside it when installed.

    Raises
    ------
    FileNotFoundError : if neither exists
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "notebooks", package / "_bundled" / "notebooks"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("No notebooks folder: reinstall the package, or clone it whole.")


def pages(folder: Path | None = None) -> tuple[Page, ...]:
    """The briefings in the order of their file names (`1_capital_inflow.ipynb` comes first)."""
    found = sorted((folder or notebooks_dir()).glob("[0-9]*_*.ipynb"))
    return tuple(_page(path.name) for path in found)


def slug_of(notebook: str) -> str:
    """Return a briefing's name in addresses, from its notebook's: without number and ending."""
    return re.sub(r"^\d+_", "", Path(notebook).stem)


def _page(notebook: str) -> Page:
    slug = slug_of(notebook)
    return Page(
        slug=slug,
        notebook=notebook,
        nav=both(f"publish.nav.{slug}"),
        question=both(f"publish.question.{slug}"),
    )


def chrome(folder: Path | None = None) -> dict[str, Any]:
    """What every page of the site shows around its content, ready for the templates."""
    return {
        "name": both("publish.name"),
        "about": {"zh": "", "en": ""},  # told by whoever has read the data
        "favicon": FAVICON,
        "ends": "",  # what a briefing's address ends with: "/" on a static host
        "pages": {Path(page.notebook).stem: page for page in pages(folder)},
        "text": {
            key: both(f"publish.{key}")
            for key in (
                "home", "contents", "briefings", "on_this_page", "summary", "loading", "progress",
                "language", "skip", "noscript", "failed", "lost", "stale", "full",
                "disk", "static", "export", "export_default", "notices",
            )
        },
        "forms": {form: both(f"publish.export.{form}") for form in OFFERED},
    }  # fmt: skip


def about_text() -> dict[str, str]:
    """Say which plan and data the site speaks of; nothing if the data can't be read just now."""
    from analysis.datapackage import DataPackageError

    try:
        return both("publish.about", **about())
    except (DataPackageError, OSError, ValueError, KeyError) as error:
        log.error("the data can't be read: %s", error)
        return {"zh": "", "en": ""}


def about() -> dict[str, int]:
    """The plan's year, and the last year that a published figure in the package speaks of."""
    from analysis.evidence import load_evidence
    from analysis.plan import load_plan, plan_year

    ends = load_evidence().figures["period_end"].str.slice(0, 4).astype(int)
    return {"plan_year": plan_year(load_plan()), "data_year": int(ends.max())}

"""Which briefings there are, and what each answers in one sentence computed from the plan."""

from __future__ import annotations

import ast
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from analysis.documents.writers import OFFERED
from analysis.files import data_dir, plan_dir, usual_plan
from analysis.publish.cell_texts import title_of
from analysis.publish.plans import absent, known, other_plans
from analysis.text import Message, Text, TextError, both, templates
from analysis.words import LANGUAGES, languages

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
    own : whether it is no briefing of the workbook
    """

    slug: str
    notebook: str
    nav: dict[str, str]
    question: dict[str, str]
    own: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """What may be taken away: the page as a document, and papers of a ledger's period."""
        return *OFFERED, *PAPERS.get(self.slug, ())

    @property
    def shelf(self) -> str:
        """Where the front page has it: what the plan answers, a ledger, or one's own notebook."""
        return "own" if self.own else "ledger" if self.slug in OF_A_LEDGER else "plan"


#: Papers that a briefing offers beside itself, each with its form: of a ledger's period, or of
#: what is published.
PAPERS = {
    "bulletin": ("paper.docx", "board.pdf", "board.docx"),
    "districts": ("published.pdf", "published.docx", "board.pdf", "board.docx"),
}
#: Every form in which anything is offered.
ALL_FORMS = tuple(dict.fromkeys((*OFFERED, *chain(*PAPERS.values()))))
#: Briefings that a ledger of projects answers.
OF_A_LEDGER = ("districts", "chains", "bulletin")


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
    """The pages in the order of their file names (`1_capital_inflow.ipynb` comes first)."""
    return published(folder)[0]


def published(folder: Path | None = None) -> tuple[tuple[Page, ...], list[str]]:
    """Return the pages of a folder, and what of it is left out, each with the reason.

    The project's own folder holds its briefings alone; in any other folder each notebook is a
    page, called by its first heading. One that is no notebook, or whose code can't be read, is
    left out, and so is a copy that JupyterLab made: none takes the others down.
    """
    here = notebooks_dir()
    folder = folder or here
    found: dict[str, Page] = {}
    left_out = []
    lacking = absent() if folder.resolve() == here.resolve() else ()
    for path in sorted(folder.glob("*.ipynb")):
        slug = slug_of(path.name)
        briefing = f"publish.nav.{slug}" in templates()
        if slug in lacking:
            continue
        if not briefing and folder.resolve() == here.resolve():
            why = "no briefing of the workbook; notebooks of your own: workbook serve FOLDER"
        elif re.search(r"-Copy\d+$", path.stem):
            why = "a copy that JupyterLab made; rename it to publish it"
        elif slug in found:
            why = f"has the address of {found[slug].notebook}; rename one of them"
        else:
            heading, question, why = _read(path)
        if why:
            left_out.append(f"{path.name} is left out: {why}")
        elif briefing:
            nav = both(f"publish.nav.{slug}")
            found[slug] = Page(slug, path.name, nav, question or nav)
        else:
            title = {"zh": heading or slug, "en": heading or slug}
            found[slug] = Page(slug, path.name, title, title, own=True)
    return tuple(found.values()), left_out


def question(slug: str) -> dict[str, str]:
    """Return what a briefing asks, as its notebook has it."""
    (path,) = (one for one in notebooks_dir().glob("*.ipynb") if slug_of(one.name) == slug)
    return _read(path)[1] or both(f"publish.nav.{slug}")


def _read(path: Path) -> tuple[str, dict[str, str], str]:
    """Return a notebook's first heading, its page's title, and why it can't be run, "" if it can.

    A title that names what only a page that runs knows is none here.
    """
    import nbformat
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception as error:  # whatever else has the ending of a notebook
        return "", {}, f"it can't be read as a notebook ({str(error).splitlines()[0][:80]})"
    title: dict[str, str] = {}
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "code":
            try:
                tree = ast.parse(TransformerManager().transform_cell(cell.source))
            except SyntaxError as error:
                return "", {}, f"cell {number}, line {error.lineno}: {error.msg}"
            title = title or _title(tree)
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    heading = re.search(r"^# +(.+)$", prose, re.MULTILINE)
    return heading[1].strip() if heading else "", title, ""


def _title(code: ast.AST) -> dict[str, str]:
    """Return the words of `page(title=…)`; nothing where it isn't called or has none."""
    with suppress(TextError):
        title = Message.own(title_of(code) or "", known()["structure"])
        said = {lang: title.render(Text(lang)) for lang in LANGUAGES}
        return said if any(said.values()) else {}
    return {}


def copy_notebooks(folder: Path) -> list[Path]:
    """Copy briefings and tutorials into a folder, whatever is there left as it is.

    Of another plan than the usual only the briefings that it has something for: tutorials name
    levers of the usual one.

    Returns
    -------
    the files written
    """
    import nbformat
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelspec import get_kernel_dict

    source, written = notebooks_dir(), []
    usual = plan_dir().resolve() == usual_plan(data_dir()).resolve()
    for path in sorted(source.glob("**/*.ipynb" if usual else "*.ipynb")):
        place = folder / path.relative_to(source)
        left_out = ".ipynb_checkpoints" in path.parts or slug_of(path.name) in absent()
        if not left_out and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            notebook = nbformat.read(path, as_version=4)
            # As JupyterLab would write it here: opening and saving changes nothing.
            notebook.metadata.language_info = IPythonKernel.language_info
            notebook.metadata.kernelspec.display_name = get_kernel_dict()["display_name"]
            nbformat.write(notebook, place)
            written.append(place)
    return written


def slug_of(notebook: str) -> str:
    """Return a page's name in addresses, from its notebook's: without number and ending."""
    return re.sub(r"[^\w-]+", "_", re.sub(r"^\d+_", "", Path(notebook).stem))


def chrome(folder: Path | None = None) -> dict[str, Any]:
    """What every page of the site shows around its content, ready for the templates."""
    there, left_out = published(folder)
    return {
        "name": both("publish.name"),
        "about": {"zh": "", "en": ""},  # told by whoever has read the data
        "favicon": FAVICON,
        "origin": "",  # where its addresses begin, "https://host", if that is known
        "embed": False,  # whether other sites may frame its pages
        "at": "briefing/{}",  # a briefing's address, below where the site begins
        "pages": {Path(page.notebook).stem: page for page in there},
        "left_out": left_out,
        "languages": languages(),  # an address that names none is in the first
        "absent": [both(f"publish.absent.{slug}") for slug in absent()],
        "plans": other_plans(),
        "text": {
            key: both(f"publish.{key}")
            for key in (
                "home", "contents", "briefings", "on_this_page", "summary", "loading", "progress",
                "language", "skip", "skip_contents", "skip_levers", "noscript", "failed", "lost",
                "stale", "full", "mute", "unknown", "disk", "static", "export", "export_default",
                "export_latest", "embed", "no_figure", "notices", "absent", "plans",
                "data", "data.lead", "data.table", "data.rows", "data.file", "data.package",
                "shelf.plan", "shelf.ledger", "shelf.own", "live", "live.more",
                *(f"standing.{name}" for name in
                  ("caption", "target", "floors", "published", "no_floor", "none")),
            )
        },
        "illustrative": both("board.illustrative"),
        "forms": {form: both(f"publish.export.{form}") for form in ALL_FORMS},
    }  # fmt: skip


def about_text() -> dict[str, str]:
    """Say which plan and data the site speaks of; nothing if the data can't be read just now."""
    from analysis.datapackage import DataPackageError

    try:
        return about()
    except (DataPackageError, OSError, ValueError, KeyError) as error:
        log.error("the data can't be read: %s", error)
        return {"zh": "", "en": ""}


def about() -> dict[str, str]:
    """Return the plan's year, and the last that figures of its places speak of if they reach it."""
    from analysis.evidence import load_evidence
    from analysis.plan import load_plan

    plan, figures = load_plan(), load_evidence().figures
    own = figures["place"].isin({plan.about.evidence_place, *plan.aliases})
    ends = figures["period_end"][own].str.slice(0, 4)
    if ends.empty or int(ends.max()) < plan.about.base_year:  # they tell nothing of the plan
        return both("publish.about.plan")
    return both("publish.about", data_year=int(ends.max()))

"""How the documentation is built, and the pages of it that are made from data and notebooks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

import analysis
from analysis.board.drawing import svg, vega
from analysis.briefing import Briefing
from analysis.datapackage import descriptor
from analysis.documents.transcript import last_value
from analysis.files import DESCRIPTOR, PLAN_TABLES, data_dir
from analysis.publish.outputs import VIEW
from analysis.publish.pages import notebooks_dir, pages

HERE = Path(__file__).parent
MADE = HERE / "_made"

project = "Wuhan investment workbook"
release = installed("investment-workbook")
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb"]
exclude_patterns = ["_built", "pictures", "deploy"]
html_theme = "furo"
html_title = project
html_static_path, html_css_files = ["style"], ["outputs.css"]
html_show_copyright = False
default_role = "code"
nb_execution_mode = "off"  # the tutorials are run below, in a folder of their own
myst_heading_anchors = 3
autodoc_typehints = "none"
napoleon_use_rtype = False


def setup(app: Any) -> None:
    """Make the pages, and lead the guides' links to the copies of the tutorials."""
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(notebooks_dir() / "tutorials", MADE / "tutorials",
                    ignore=shutil.ignore_patterns(".*"))  # fmt: skip
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(run_tutorial, (MADE / "tutorials").glob("*.ipynb")))
    (MADE / "reference.md").write_text("\n".join(reference()), "utf-8")
    (MADE / "data.md").write_text("\n".join(dictionary()), "utf-8")
    (MADE / "gallery.md").write_text("\n".join(gallery(MADE / "gallery")), "utf-8")
    app.connect("source-read", lambda _, name, source: source.__setitem__(
        0, source[0].replace("../notebooks/tutorials/", "_made/tutorials/")))  # fmt: skip


def run_tutorial(path: Path) -> None:
    """Run a copy of a tutorial, and keep what it shows as it looks, its charts as drawn."""
    notebook = nbformat.read(path, as_version=4)
    before = nbformat.v4.new_code_cell(
        "import altair, logging\naltair.renderers.enable('svg')\n"
        "logging.getLogger('fontdb').setLevel('ERROR')"  # a machine may have no fonts of its own
    )
    notebook.cells.insert(0, before)
    with TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=600, kernel_name="python3",
                       extra_arguments=["--log-level=ERROR"],
                       resources={"metadata": {"path": folder}}).execute()  # fmt: skip
    del notebook.cells[0]
    notebook.metadata.pop("widgets", None)  # a living widget needs a script of another host
    for output in (one for cell in notebook.cells for one in cell.get("outputs", ())):
        output.get("data", {}).pop(VIEW, None)
    nbformat.write(notebook, path)


def reference() -> Iterator[str]:
    """Write what `import analysis` gives, and the types of it, from their docstrings."""
    yield "# What `import analysis` gives"
    found = {name: getattr(analysis, name) for name in analysis.__all__}
    verbs = {name: f"analysis.{name}" for name, one in found.items() if not isinstance(one, type)}
    types = {name: f"analysis.study.{name}" for name, one in vars(analysis.study).items()
             if isinstance(one, type)}  # fmt: skip
    for heading, kind, names in (("Functions", "function", verbs),
                                 ("Types and errors", "class", types)):  # fmt: skip
        yield f"\n## {heading}\n"
        for name in sorted(names):
            members = "   :members:\n" if kind == "class" else ""
            directive = f".. auto{kind}:: {names[name]}\n{members}"
            yield f"### {name}\n\n```{{eval-rst}}\n{directive}```\n"


def dictionary() -> Iterator[str]:
    """Write every table's columns: the shared ones, then a plan's."""
    yield "# Data dictionary"
    shared = data_dir() / DESCRIPTOR
    for heading, file in (("Shared tables", shared), ("Tables of a plan", PLAN_TABLES)):
        yield f"\n## {heading}\n"
        for table in descriptor(file)["resources"]:
            yield f"\n### {table['path']}\n\n{table['title']}\n"
            yield "| Column | Type | Meaning |\n|---|---|---|"
            for field in table["schema"]["fields"]:
                meaning = field.get("description", "").replace("|", "\\|")
                must = " (required)" if field.get("constraints", {}).get("required") else ""
                yield f"| `{field['name']}` | {field['type']} | {meaning}{must} |"


def gallery(folder: Path) -> Iterator[str]:
    """Write every picture of the briefings with the cell that draws it."""
    folder.mkdir()
    yield "# Gallery\n\nEach picture with the cell that draws it; names are those of its notebook."
    for page in pages():
        yield f"\n## {page.nav['en']}\n"
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in nbformat.read(notebooks_dir() / page.notebook, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            before = dict(_pictures(names))
            last_value(cell.source, names)
            for key, picture in _pictures(names).items():
                if key not in before:
                    spec = picture.altair("en").to_dict(validate=False)
                    drawn = svg(vega({**spec, "background": "white"}))
                    (folder / f"{key}.svg").write_text(drawn, "utf-8")
                    yield f"\n### `{key}`\n\n![{key}](gallery/{key}.svg)\n"
                    yield f"```python\n{cell.source}\n```"


def _pictures(names: dict[str, Any]) -> dict[str, Any]:
    page = names.get("page")
    return page.pictures if isinstance(page, Briefing) else {}

"""The documentation: it holds all that there is, and its links lead somewhere.

`make docs` builds it, strictly; what it is built with is not installed here.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

import analysis
from analysis.files import DESCRIPTOR, PLAN_TABLES, data_dir, descriptor
from analysis.publish.pages import pages

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = sorted(DOCS.glob("*.md"))
#: What keeps the site from all that it never does, should it be taken over.
BOUNDS = {"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
          "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateUsers=yes",
          "RestrictNamespaces=yes", "SystemCallFilter=~@privileged", "IPAddressDeny=any",
          "IPAddressAllow=localhost"}  # fmt: skip


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conf", DOCS / "conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_holds_the_whole_face_and_each_of_it_says_what_it_is(conf):
    said = "\n".join(conf.reference())
    types = [name for name, one in vars(analysis.study).items() if isinstance(one, type)]
    for name in {*analysis.__all__, *types}:
        assert f".{name}\n" in said
        assert getattr(analysis.study, name).__doc__, name
    assert {"Plan", "Scenario", "LeverError"} <= set(types)


def test_the_dictionary_tells_every_column(conf):
    said = "\n".join(conf.dictionary())
    for file in (data_dir() / DESCRIPTOR, PLAN_TABLES):
        for table in descriptor(file)["resources"]:
            assert f"### {table['path']}\n" in said
            for field in table["schema"]["fields"]:
                assert re.search(rf"^\| `{field['name']}` \| {field['type']} \| \S", said, re.M)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_stands_in_the_contents_and_its_links_lead_somewhere(guide):
    text = guide.read_text("utf-8")
    if guide.stem != "index":
        assert f"<{guide.stem}>" in (DOCS / "index.md").read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert re.match(r"https?:", link) or (DOCS / link).exists(), link
    for begins in re.findall(r':(?:start-after|end-before): "(.+)"', text):
        assert begins in (DOCS.parent / "README.md").read_text("utf-8")


def test_the_unit_of_systemd_is_little_exposed():
    unit = DOCS / "deploy" / "workbook.service"
    given = set(unit.read_text("utf-8").splitlines())
    assert not BOUNDS - given
    if shutil.which("systemd-analyze"):  # which reckons with more; no registry has it
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert float(re.search(r"exposure level.*: ([\d.]+)", told).group(1)) < 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_notebook_is_shown_in_jupyterlab(scheme):
    shown = (DOCS / "lab.md").read_text("utf-8")
    for page in pages():
        name = f"pictures/lab-{page.slug}-{scheme}.jpg"
        assert f"## {page.notebook}\n" in shown and f"({name})" in shown
        assert (DOCS / name).stat().st_size > 50_000


def test_a_tutorial_in_the_documentation_keeps_what_it_shows(conf, tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell("# Mine"),
        nbformat.v4.new_code_cell(
            "import altair as alt, pandas as pd, ipywidgets\n"
            "alt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a:Q')"
        ),
        nbformat.v4.new_code_cell("ipywidgets.IntSlider()"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "mine.ipynb")
    conf.run_tutorial(tmp_path / "mine.ipynb")
    _, chart, slider = nbformat.read(tmp_path / "mine.ipynb", as_version=4).cells
    assert chart.outputs[0].data["image/svg+xml"].startswith("<svg")
    assert set(slider.outputs[0].data) == {"text/plain"}

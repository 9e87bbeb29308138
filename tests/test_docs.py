"""The documentation: it holds all that there is, and its links lead somewhere.

`make docs` builds it, strictly; what it is built with is not installed here.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import analysis
from analysis.files import DESCRIPTOR, PLAN_TABLES, data_dir, descriptor

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = sorted(DOCS.glob("*.md"))


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conf", DOCS / "conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_holds_the_whole_face_and_each_of_it_says_what_it_is(conf):
    said = "\n".join(conf.reference())
    for name in analysis.__all__:
        assert f":: analysis.{name}\n" in said
        assert getattr(analysis, name).__doc__, name


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

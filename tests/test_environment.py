"""Hold environment.yml, pyproject.toml and the lock files together."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


#: Packages that conda-forge has under another name than PyPI.
CONDA_NAMES = {
    "python-duckdb": "duckdb",
    "ibis-duckdb": "ibis-framework",
    "typst-py": "typst",
}


def normal(requirement: str) -> tuple[str, frozenset[str]]:
    """A requirement as its name and its set of bounds, without extras."""
    name, bounds = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?\s*(.*)", requirement).groups()
    return re.sub(r"[-_.]+", "-", name).lower(), frozenset(bounds.replace(" ", "").split(","))


def conda_packages() -> dict[str, frozenset[str]]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    found = dict(normal(line) for line in re.findall(r"^  - ([^:\n]+)$", text, flags=re.M))
    return {CONDA_NAMES.get(name, name): bounds for name, bounds in found.items()}


def test_conda_and_pip_ask_for_the_same_packages():
    conda = conda_packages()
    assert conda.pop("python") == normal("python" + PROJECT["requires-python"])[1]
    conda.pop("pip")
    assert conda == dict(normal(requirement) for requirement in PROJECT["dependencies"])


def test_lock_files_hold_every_requirement_with_hashes():
    for name, requirements in {
        "requirements.lock": PROJECT["dependencies"],
        "requirements-test.lock": [
            *PROJECT["dependencies"],
            *(each for group in PROJECT["optional-dependencies"].values() for each in group),
        ],
    }.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        requirements = [each for each in requirements if not each.startswith("investment-")]
        locked = {normal(found)[0] for found in re.findall(r"^([\w.-]+)==", text, flags=re.M)}
        assert {normal(requirement)[0] for requirement in requirements} <= locked
        assert text.count("==") <= text.count("--hash=")

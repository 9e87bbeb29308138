"""Hold environment.yml, pyproject.toml and the lock files together."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]


#: Packages that conda-forge has under another name than PyPI; it takes - and _ for two letters.
CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "ibis-framework": "ibis-duckdb",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "jupyter-server": "jupyter_server",
    "prometheus-client": "prometheus_client",
    "typst": "typst-py",
}


def normal(requirement: str) -> tuple[str, frozenset[str]]:
    """A requirement as its name and its set of bounds, without extras."""
    name, bounds = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?\s*(.*)", requirement).groups()
    return re.sub(r"[-_.]+", "-", name).lower(), frozenset(bounds.replace(" ", "").split(","))


def test_conda_asks_for_what_pip_does_by_the_names_that_it_has_and_for_jupyterlab():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:  |      )- ([^:\n]+)$", text, flags=re.M)
    lines.remove("-e .")
    wanted = ["python" + PROJECT["requires-python"], "pip"]
    for requirement in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"]]:
        name, bounds = re.fullmatch(r"([\w.-]+?)(?:\[[\w,]+\])?([<>=].*)", requirement).groups()
        wanted.append(CONDA_NAMES.get(name, name) + bounds)
    assert sorted(lines) == sorted(wanted)


def test_lock_files_hold_every_requirement_with_hashes():
    for name, requirements in {
        "requirements.lock": PROJECT["dependencies"],
        "requirements-lab.lock": [
            *PROJECT["dependencies"],
            *PROJECT["optional-dependencies"]["lab"],
        ],
        "requirements-test.lock": [
            *PROJECT["dependencies"],
            *(each for group in PROJECT["optional-dependencies"].values() for each in group),
        ],
        "requirements-docs.lock": SETTINGS["dependency-groups"]["docs"],
    }.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        requirements = [each for each in requirements if not each.startswith("investment-")]
        locked = {normal(found)[0] for found in re.findall(r"^([\w.-]+)==", text, flags=re.M)}
        assert {normal(requirement)[0] for requirement in requirements} <= locked
        assert text.count("==") <= text.count("--hash=")

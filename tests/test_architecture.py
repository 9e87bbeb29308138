"""Hold the house together: layers one way, numbers in data only, no foreign hosts in the text."""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted((ROOT / "analysis").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TABLES = sorted((ROOT / "data").rglob("*.csv"))
HOSTS = re.compile(
    r"(cdn\.jsdelivr|unpkg\.com|cdnjs\.cloudflare|fonts\.googleapis|registry\.npm|pypi\.org"
    r"|files\.pythonhosted|--index-url|/(?:home|Users|root)/[a-z])"
)


def test_layers_import_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def distinctive(text: str) -> bool:
    """Whether a number has three significant digits and more, and is no year or power of ten."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    year = re.fullmatch(r"(19|20)\d\d", text) is not None
    return len(digits) >= 3 and not year


def published_numbers() -> set[float]:
    """Values of the plan and of publications that no code may repeat."""
    values = set()
    for table in TABLES:
        if table.stem in {"levers", "outcomes", "local_figures", "projects"}:
            continue
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                value = (row.get("value") or "").strip()
                if re.fullmatch(r"-?\d+(\.\d+)?", value) and distinctive(value):
                    values.add(float(value))
    return values


def constants(source: str) -> list[object]:
    """Constants standing in Python source but for docstrings."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in docs]  # fmt: skip


def strings(source: str) -> list[str]:
    """Strings standing in Python source but for docstrings."""
    return [one for one in constants(source) if isinstance(one, str)]


def literals(source: str) -> list[float]:
    """Numbers standing in Python source, also inside its string constants but for docstrings."""
    found = [float(one) for one in constants(source)
             if isinstance(one, int | float) and not isinstance(one, bool)]  # fmt: skip
    said = "\n".join(strings(source))
    return found + [float(n) for n in re.findall(r"(?<![\w.#])\d+(?:\.\d+)?(?![\w.])", said)]


def test_the_search_for_numbers_finds_one():
    assert 36.5 in literals("x = f(36.5)") and 9330.0 in literals("x = 'target 9330'")
    assert {9330.0, 36.5} <= published_numbers()


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_published_number_stands_in_code(path: Path):
    round_numbers = {float(n) for n in range(0, 10_001, 5)} - {9330.0, 9360.0}
    found = set(literals(path.read_text(encoding="utf-8"))) & published_numbers() - round_numbers
    assert not found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_published_number_stands_in_a_notebook(path: Path):
    for cell in nbformat.read(path, as_version=4).cells:
        numbers = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", cell.source)}
        assert not numbers & published_numbers()


#: Tables of a plan, with the column of their keys.
KEYED = {"measures": "measure", "groups": "group", "places": "place", "quotas": "quota",
         "chains": "chain", "chain_links": "link", "sources": "id"}  # fmt: skip


def facts_of_plans() -> set[str]:
    """What the plans that ship measure, ask for and name, as keys and by its names.

    A page may be called as what it is about, and a link of a chain by a word of any field.
    """
    found = set()
    for folder in sorted((ROOT / "data" / "plans").iterdir()):
        about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        found |= {about[key] for key in ("place_zh", "place_en", "evidence_place", "parent", "id")}
        for table, key in KEYED.items():
            for row in rows_of(folder / f"{table}.csv"):
                found |= {row[key]} if "_" in row[key] else set()
                if table in ("groups", "places", "chains", "quotas"):
                    found |= {row["name_zh"], row["name_en"]}
    found |= {row["id"] for row in rows_of(ROOT / "data" / "evidence" / "sources.csv")
              if "plan" in row["id"]}  # fmt: skip
    return found - {"", *(path.stem for path in (ROOT / "analysis" / "briefing").glob("*.py"))}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a table's rows; those of a table that a plan lacks are none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(facts: set[str], source: str) -> set[str]:
    """Which facts stand in Python's strings: as whole words, but not in docstrings."""
    said = "\n".join(strings(source))
    found = {one for one in facts if one in said}
    found = {one for one in found
             if not one.isascii() or re.search(rf"\b{re.escape(one)}\b", said)}  # fmt: skip
    return found | set(SECTION.findall(said))


#: Where a plan says something, and a number of its places or projects' size.
SECTION = re.compile(
    r"part \d \(\w\)|第[一二三四五六]部分|\d+ (?:districts|regions)|\d+ 个区|[1-9]\d* 亿元以上"
)


#: Series of published figures may be called as a plan's measure is.
TOLD_ELSEWHERE = {"districts.py"}


def test_the_search_for_facts_of_plans_finds_one() -> None:
    facts = facts_of_plans()
    assert {"Wuhan", "Hubei", "武汉", "爱尔兰", "capital_in_place", "industrial_share"} <= facts
    assert named(facts, 'x = plan["capital_in_place"], f"{y}武汉市"') == {
        "capital_in_place",
        "武汉",
    }
    assert not named(facts, 'def f():\n    """Wuhan."""\n    return "capital_in_place_target"')
    planted = ["central districts", "Central districts", "国家级开发区", "East Lake High-tech Zone",
               "industrial_30", "wuhan_edz", "plan_2021", "part 1 (二)", "14 districts",
               "50 亿元以上", "总部项目", "ida_strategy_2021"]  # fmt: skip
    caught = [one for one in planted if named(facts, f"x = {one!r}")]
    assert caught == planted[1:], "a group's name in other letters is any words"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_a_plan_names_stands_in_code(path: Path) -> None:
    if path.relative_to(ROOT / "analysis").as_posix() not in TOLD_ELSEWHERE:
        assert not named(facts_of_plans(), path.read_text(encoding="utf-8"))


def tracked_texts() -> list[Path]:
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    built = {"package-lock.json"}
    own = {Path(__file__).resolve()}
    return [
        ROOT / name
        for name in names
        if Path(name).suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".css", ".ipynb", ".json",
                                 ".lock", ".j2", ".html", ".mjs", ""}
        and Path(name).name not in built
        and (ROOT / name).is_file()
        and (ROOT / name).resolve() not in own
    ]  # fmt: skip


def test_no_text_names_a_foreign_host_or_a_machine():
    named = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked_texts()
        if (match := HOSTS.search(path.read_text(encoding="utf-8", errors="ignore")))
    }
    assert not named


#: What pages and papers say is made here.
SAYS = ("briefing", "bulletin", "charts", "structure")


@pytest.mark.parametrize("folder", SAYS)
def test_what_is_said_is_rounded_by_the_one_rule(folder: str) -> None:
    """Python rounds 12.25 to 12.2, browser and `fill` to 12.3; `.0f` writes what is whole."""
    rounds = [
        (path.name, node.lineno)
        for path in (ROOT / "analysis" / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec
        if re.search(r"\.[1-2]f|,\.0f|%", ast.unparse(node.format_spec))
    ]
    assert not rounds

"""Every page of the plans: none shows a hole, or a word of another; what judges judges right."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from cell_words import NOTEBOOKS, sentences

from analysis.documents.transcript import transcript
from analysis.files import plan_dir, shown
from analysis.publish import front
from analysis.publish.dry_run import faults_of_package
from analysis.publish.pages import chrome, notebooks_dir
from analysis.publish.pages import pages as published
from analysis.publish.plans import absent
from analysis.publish.standing import standing
from analysis.text import LANGUAGES
from analysis.words import spelled
from tests.plans import TOY

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent for path in (ROOT / "data" / "plans").glob("*/plan.json"))
#: All but the one that opens when none is named; it is held to the letter elsewhere.
PLANS = [*(one for one in SHIPPED if one != plan_dir()), Path(TOY)]
#: Those that stand beside something: a floor in the plan around, a group's floor.
BESIDE = {"jiangan_2021": ["side_by_side"], "toy_2030": ["side_by_side"]}
#: What no sentence holds.
HOLLOW = re.compile(r"\b(null|NaN|nan|undefined|None|inf)\b|–%|<[a-zA-Z.]+>|\{\w+[}:]")


def names(folder: Path, table: str, *columns: str) -> set[str]:
    path = folder / f"{table}.csv"
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file) for column in columns if row[column]}


def own_words(folder: Path) -> set[str]:
    """Names and keys of what a plan is, what it measures and of whom it asks it, and its money."""
    about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    titles = ("place", "title", "issuer")
    words = {about[f"{key}_{lang}"] for key in titles for lang in ("zh", "en")} | {about["number"]}
    for table in ("groups", "places", "measures", "levels", "quotas", "chains"):
        words |= names(folder, table, "name_zh", "name_en")
    keys = {"groups": "group", "places": "place", "measures": "measure", "quotas": "quota",
            "levers": "key", "sources": "id"}  # fmt: skip
    words |= {key for table, column in keys.items() for key in names(folder, table, column)
              if "_" in key and "{" not in key}  # fmt: skip
    money = {"1e8 CNY": {"亿元", "CNY", "人民币"}, "1e6 EUR": {"EUR", "欧元"}}[about["money"]]
    return words - {""} | money | names(folder, "place_names", "name")


#: Institutions that plans of one country have, and another's have not.
INSTITUTIONS = {
    "China": {"招商", "招商引资", "全市", "各区", "开发区", "产业项目", "到位资金", "商务部",
              "通报", "MOFCOM", "district", "districts", "District", "Districts"},
    "Ireland": {"IDA", "Dáil", "众议院", "爱尔兰投资发展局"},
}  # fmt: skip


#: Words of the workbook's own that a plan has for a name, too.
WORDS_OF_ANY = {"目标", "floor", "底线", "target"}


def names_of_parent(parent: str) -> set[str]:
    """What the place is called that a plan's own lies in, if its plan ships."""
    told = [json.loads((one / "plan.json").read_text(encoding="utf-8")) for one in SHIPPED]
    return {one[f"place_{lang}"] for one in told for lang in ("zh", "en")
            if one["evidence_place"] == parent}  # fmt: skip


def spoken_of(words: set[str], text: str) -> set[str]:
    """Which of some words a text has; of English ones, as whole words."""
    whole = {word: rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
             for word in words}  # fmt: skip
    return {word for word, pattern in whole.items() if re.search(pattern, text)}


def written(told: object, but: tuple[str, ...] = ()) -> list[str]:
    """All strings in what was told, specifications of pictures included, `but` some parts."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        told = [part for key, part in told.items() if key not in but]
    return [one for part in told for one in written(part, but)] if isinstance(told, list) else []


@pytest.fixture(scope="module", params=PLANS, ids=lambda folder: folder.name)
def told(request: pytest.FixtureRequest) -> tuple[Path, dict[str, object]]:
    with shown(request.param):
        found: dict[str, object] = {
            f"{page.slug} {lang}": transcript(notebooks_dir() / page.notebook, lang, "")
            for page in published()
            for lang in LANGUAGES
        }
        tables = [
            table.for_reading(made.lang) for made in found.values() for table in made.tables()
        ]
        heads = [[column.heading for column in table.columns] for table in tables]
        found = {key: asdict(made) for key, made in found.items()} | {"heads": heads}
        found["front"], found["standing"] = front.answers(), standing()
        found["around"] = {key: chrome()[key] for key in ("name", "absent", "text")}
        found["pages"], found["lacking"] = [page.slug for page in published()], absent()
    return request.param, json.loads(json.dumps(found, ensure_ascii=False, default=str))


@pytest.mark.slow
@pytest.mark.parametrize("folder", PLANS, ids=lambda folder: folder.name)
def test_the_check_makes_every_page_of_another_plan(folder: Path) -> None:
    assert not [str(fault) for fault in faults_of_package(folder)]


@pytest.mark.slow
def test_no_page_of_a_plan_speaks_of_another(told) -> None:
    folder, pages = told
    about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    foreign: set[str] = set().union(*(own_words(one) for one in SHIPPED if one != folder))
    foreign |= set().union(*(words for of, words in INSTITUTIONS.items() if of != about["country"]))
    # A plan's own folder may name its neighbours, and what it lies in.
    held = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))
    around = {about["parent"], *names_of_parent(about["parent"])}
    foreign -= spoken_of(foreign, held) | around | own_words(folder) | WORDS_OF_ANY
    told_of = {key: one for key, one in pages.items() if key not in ("pages", "lacking")}
    said = "\n".join(written(told_of))
    assert not spoken_of(foreign, said)


@pytest.mark.slow
def test_no_page_of_another_plan_shows_a_hole(told) -> None:
    _, pages = told
    prose = [one for page in pages.values() for one in written(page, ("spec", "formula"))]
    assert not [one for one in prose if HOLLOW.search(one)]


@pytest.mark.slow
def test_no_two_columns_of_a_table_have_one_heading(told) -> None:
    """A plan may call a level what any calls a column, and a lever what it asks for."""
    _, pages = told
    assert pages["heads"] and not [heads for heads in pages["heads"] if len({*heads}) < len(heads)]


@pytest.mark.slow
def test_a_reading_tells_of_marks_and_lines_that_are_drawn(told) -> None:
    _, pages = told
    for lang, said in (("zh", "短线"), ("en", "short line")):
        for section in pages[f"capital_inflow {lang}"]["sections"]:
            for block in section["blocks"]:
                if isinstance(block, dict) and block.get("key") == "past_years":
                    table = block["table"]
                    at = {column["key"]: i for i, column in enumerate(table["columns"])}
                    drawn = {key: {row[at[key]] for row in table["rows"]} for key in at}
                    reading = block["reading"]
                    assert ("≥" in reading) == ("lower" in drawn["bound"])
                    assert ("*" in reading) == ("*" in drawn["mark"])
                    assert (said in reading) == (drawn["level"] != {"result"})


@pytest.mark.slow
def test_a_page_that_a_plan_has_nothing_for_is_named_in_both_languages(told) -> None:
    folder, pages = told
    assert pages["pages"] == ["capital_inflow", "target_scenarios", *BESIDE.get(folder.name, [])]
    lacking = len([*notebooks_dir().glob("*.ipynb")]) - len(pages["pages"])
    assert len(pages["around"]["absent"]) == len(pages["lacking"]) == lacking
    assert all(one["zh"] and one["en"] for one in pages["around"]["absent"])
    assert not any(slug in pages["pages"] for slug in pages["lacking"])


def test_no_text_of_any_plan_names_what_is_one_plans_own() -> None:
    every = (ROOT / "analysis" / "strings.csv").read_text(encoding="utf-8")
    cells = [one for path in NOTEBOOKS for _, said in sentences(path) for one in said.values()]
    every = "\n".join([every, *cells])
    for folder in (plan_dir(), *PLANS):
        about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        own = {about["place_zh"], about["place_en"], about["title_zh"], about["title_en"]}
        for table in ("groups", "places"):
            own |= {one for one in names(folder, table, "name_zh", "name_en") if len(one) > 2}
        assert not spoken_of(own, every), folder.name
    years = re.compile(r"(?<![\d])(19|20)\d\d(?!\d)")
    dated = [line for line in every.splitlines() if years.search(line)]
    assert {line.split(".")[0] for line in dated} <= {"reading", "document"}
    # How a date is written is shown by one; a source's key is its address in the evidence.
    assert len(dated) <= 6


#: Rows that speak of what is published of places, of another plan's floors, or of any new plan.
OF_OTHERS = ("districts.mark.", "districts.level.", "districts.beside.", "capital_inflow.own.",
             "plan.new.")  # fmt: skip


def test_no_text_of_any_plan_names_a_level_a_size_or_a_number_of_one() -> None:
    with (ROOT / "analysis" / "strings.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["key"].startswith(OF_OTHERS)]
    texts = [row[lang] for row in rows for lang in LANGUAGES]
    texts += [one for path in NOTEBOOKS for _, said in sentences(path) for one in said.values()]
    assert len(texts) > 2000
    every = "\n".join(re.sub(r"\{\w*|<[\w.]+>", "", one) for one in texts)  # but what is filled in
    own = {"floor", "floors", "底线"}
    for folder in SHIPPED:
        levels = names(folder, "levels", "name_zh", "name_en", "short_zh", "short_en")
        own |= levels - {"目标", "target"}
        for row in names(folder, "quotas", "min_size"):
            own |= {f"{float(row):g} 亿元", f"CNY {float(row) / 10:g} billion"}
        chains = len(names(folder, "chains", "chain"))
        own |= {f"{spelled(chains, lang)}{of}" for lang, of in (("zh", "条"), ("en", " chains"))}
    assert not spoken_of(own, every)
    # No number of places stands written out.
    assert not re.search(r"\b\d\d ?(?:districts|regions|个区|个地区)", every)


def test_no_code_names_a_group_of_any_plan() -> None:
    groups = {name for folder in (plan_dir(), *PLANS) for name in names(folder, "groups", "group")}
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        source = path.read_text(encoding="utf-8").replace('how="outer"', "")
        assert not re.findall(rf"[\"']({'|'.join(groups)})[\"']", source), path.name

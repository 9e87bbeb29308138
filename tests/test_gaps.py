"""What is sought of districts: a table to fill in, taken back, or refused with the place."""

import csv
import io
import shutil

import openpyxl
import pytest
from typer.testing import CliRunner

from analysis import reload
from analysis.briefing import published_table
from analysis.cli import app
from analysis.datapackage import check, data_dir
from analysis.districts import own_targets
from analysis.evidence import load_evidence
from analysis.gaps import addition
from analysis.gaps.form import FILLED, GIVEN, lines, readings, sought, table
from analysis.plan import load_plan
from analysis.study import places
from tests.plans import OTHERS

pytestmark = pytest.mark.slow

PAGE = "https://www.jianghan.gov.cn/report-2021.html"
FILL = {
    "value": "612.5", "bound": "", "term": "招商引资到位资金 预期目标", "url": PAGE,
    "publisher": "江汉区商务局", "published": "2022/1/12", "title": "江汉区2021年招商引资工作总结",
    "kind": "stated", "confidence": "high", "note": "",
}  # fmt: skip
GDP = {**FILL, "value": "1,480", "bound": "lower", "term": "地区生产总值"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    copy = shutil.copytree(data_dir(), tmp_path / "data")
    monkeypatch.setenv("WORKBOOK_DATA", str(copy))
    reload()
    yield copy
    monkeypatch.undo()
    reload()


def run(*words):
    reload()
    return CliRunner().invoke(app, ["data", *map(str, words)])


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.csv")}


#: Forms as they were written, by language and data: the same data leave the same to fill in.
WRITTEN: dict[tuple[str, frozenset[bytes]], bytes] = {}


def blank(path, lang="zh"):
    state = (lang, frozenset(everything(data_dir()).values()))
    if state in WRITTEN:
        path.write_bytes(WRITTEN[state])
    else:
        assert run("missing", path, "--lang", lang).exit_code == 0
        WRITTEN[state] = path.read_bytes()
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return rows[0], rows[1:]


def keyed(header):
    """Return key -> number of the column."""
    known = readings((*GIVEN, *FILLED), "column")
    return {known[name.casefold()]: at for at, name in enumerate(header)}


def filled(path, *wanted, lang="zh"):
    """Write the form with some rows filled in: (district, measure, level) in a language, cells."""
    header, rows = blank(path, lang)
    at = keyed(header)
    for what, cells in wanted:
        row = next(row for row in rows if tuple(row[:3]) == what)
        for key, cell in cells.items():
            row[at[key]] = cell
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


TARGET = ("江汉区", "到位资金", "自定目标（预期）")
RESULT = ("江汉区", "到位资金", "结果")
LATER = {**FILL, "value": "600", "term": "招商引资到位资金"}


def test_what_is_sought_is_what_the_page_says_is_unknown():
    plan, evidence = load_plan(), load_evidence()
    rows = sought(plan, evidence)
    shown = published_table.rows(plan, evidence)
    unknown = shown[shown["value"].isna() & shown["level"].eq("result")]
    results = rows[rows["measure"].eq("capital_in_place") & rows["level"].eq("result")]
    assert list(results["district"]) == list(unknown["district"]) and len(results) == 13
    assert "population_census" not in set(rows["measure"])
    looked = rows.drop_duplicates("district").set_index("district")["look"]
    assert looked["wuchang"].startswith("http://www.wuchang.gov.cn/")
    addresses = evidence.sources["url"]
    mirrors = addresses[addresses.ne("") & ~addresses.str.contains("://")]
    assert not any(mirror in look for mirror in mirrors for look in looked)


def test_a_form_is_not_written_over(folder, tmp_path):
    path = tmp_path / "form.csv"
    blank(path)
    path.write_text("mine")
    told = run("missing", path, "--lang", "en")
    assert told.exit_code == 1 and "--force" in told.output and path.read_text() == "mine"
    assert run("missing", path, "--force").exit_code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_without_a_file_what_is_sought_is_listed(folder):
    told = run("missing", "--lang", "en")
    assert "[Jianghan] Realized investment 2021: own target (baseline)" in told.output
    assert "江汉区" in run("missing", "--lang", "zh").output


def test_figures_filled_in_stand_on_the_page_and_in_frames(folder, tmp_path):
    before = everything(folder)
    gdp = ("江汉区", "地区生产总值", "结果")
    form = filled(tmp_path / "form.csv", (TARGET, FILL), (RESULT, LATER), (gdp, GDP))
    told = run("add", form, "--yes", "--lang", "zh")
    assert told.exit_code == 0, told.output
    assert "新增 3 个数、1 个出处" in told.output
    assert "+ 江汉区，2021 年到位资金，自定目标（预期）：612.5 亿元" in told.output

    reload()
    plan, evidence = load_plan(), load_evidence()
    frame = places(plan, evidence).set_index("district")
    assert frame["own_target"]["jianghan"] == 612.5
    assert own_targets(plan, evidence).known == 4
    page = published_table.rows(plan, evidence)
    page = page[page["district"].eq("jianghan") & page["year"].eq(2021)]
    levels = page[page["measure"].eq("capital_in_place")].set_index("level")
    assert levels["value"][["expected", "result"]].tolist() == [612.5, 600]
    assert levels["url"]["result"] == PAGE and levels["published"]["result"] == "2022-01-12"
    figure = evidence.value("gdp", "Jianghan", 2021)
    assert (figure.value, figure.bound, figure.unit) == (1480, "lower", "1e8 CNY")
    assert check(folder) == []

    after = everything(folder)
    changed = {path.name for path in after if after[path] != before[path]}
    assert changed == {"local_figures.csv", "sources.csv", "left_out.csv"}
    left = folder / addition.LEFT_OUT
    assert all(after[path].startswith(before[path]) for path in after if path != left)
    dropped = set(before[left].splitlines()) - set(after[left].splitlines())
    assert [line.split(b",")[:3] for line in dropped] == [
        [b"capital_in_place", b"Jianghan", b"2021"]
    ]
    assert after[left] == before[left].replace(dropped.pop() + b"\n", b"")

    again = run("add", form, "--yes", "--lang", "zh")
    assert again.exit_code == 0 and "3 行已有相同的数" in again.output
    assert everything(folder) == after


def test_a_workbook_and_the_other_language_are_read_alike(folder, tmp_path):
    what = ("Jianghan", "Realized investment", "own target (baseline)")
    form = filled(tmp_path / "form.csv", (what, {**FILL, "kind": "Stated"}), lang="en")
    with form.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "form.xlsx")
    told = run("add", tmp_path / "form.xlsx", "--yes", "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "One figure and one source to add" in told.output
    reload()
    assert places(load_plan(), load_evidence())["own_target"].notna().sum() == 4


def test_nothing_is_written_without_a_yes(folder, tmp_path):
    before = everything(folder)
    form = filled(tmp_path / "form.csv", (TARGET, FILL))
    told = run("add", form)
    assert told.exit_code == 1 and "612.5" in told.output
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("district", "江汗区", "江汉区"),
        ("measure", "签约额", "到位资金"),
        ("level", "拼搏", "自定目标（预期）"),
        ("year", "21", "四位数"),
        ("unit", "亿美元", "换算成亿元"),
        ("unit", "万元", "可写"),
        ("value", "约600", "只写数字"),
        ("value", "", "是空的"),
        ("value", "-600", "都不为负"),
        ("bound", "大约", "以上"),
        ("term", "", "是空的"),
        ("url", "ftp://www.jianghan.gov.cn/a", "https://"),
        ("url", "https://me:word@www.jianghan.gov.cn/a", "密码"),
        ("url", "www.jianghan.gov.cn", "https://"),
        ("publisher", "", "是空的"),
        ("published", "去年", "没有这样的日期"),
        ("published", "2099-01-01", "之后"),
        ("published", "3/4/2022", "几种读法"),
        ("kind", "assumed", "原文写明"),
        ("confidence", "很高", "可写"),
        ("note", "a\x07b", "控制字符"),
    ],
)
def test_a_bad_cell_is_refused_with_row_column_and_remedy(folder, tmp_path, column, cell, said):
    before = everything(folder)
    form = filled(tmp_path / "form.csv", (RESULT, LATER), (TARGET, {**FILL, column: cell}))
    with form.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    at = keyed(header)
    number = next(
        line
        for line, row in enumerate(rows, start=2)
        if row[at["confidence"]] and row[at["value"]] != LATER["value"]
    )
    told = run("add", form, "--yes", "--lang", "zh")
    assert told.exit_code == 1, told.output
    output = told.output.replace("\n", "")
    assert f"form.csv，第 {number} 行，“{header[at[column]]}”列" in output
    assert said in output and "没有写入任何内容" in output
    assert everything(folder) == before


SHARE = ("江汉区", "产业项目占比", "结果")
GROWTH = ("江汉区", "实际利用外资增幅", "自定目标（预期）")


def test_a_share_lies_within_the_whole_and_growth_may_be_negative(folder, tmp_path):
    form = tmp_path / "form.csv"
    before = everything(folder)
    refused = run("add", filled(form, (SHARE, {**FILL, "value": "620"})), "--yes", "--lang", "en")
    assert refused.exit_code == 1 and "from 0 to 100" in refused.output
    assert "column 数值" in refused.output and everything(folder) == before
    form.unlink()
    sound = filled(form, (SHARE, {**FILL, "value": "62"}), (GROWTH, {**FILL, "value": "-7"}))
    assert run("add", sound, "--yes").exit_code == 0
    reload()
    evidence = load_evidence()
    assert evidence.value("industrial_share", "Jianghan", 2021).value == 62
    assert evidence.value("foreign_capital_growth_target_expected", "Jianghan", 2021).value == -7


def zone(**cells):
    """A row on the Economic and Technological Development Zone's GDP of 2021, which is there."""
    return {**FILL, "district": "武汉经开区（汉南区）", "measure": "地区生产总值", "level": "结果",
            "year": "2021", "term": "地区生产总值", **cells}  # fmt: skip


def test_another_value_stands_beside_the_old_one_only_from_another_source_and_with_a_reason(
    folder, tmp_path
):
    there = load_evidence().select(series="gdp", place="Wuhan Economic and Technological "
                                   "Development Zone", period_type="annual")  # fmt: skip
    known = [one for one in there if one.year == 2021]
    form = tmp_path / "form.csv"
    before = everything(folder)

    same = filled(form, (TARGET, zone(value=f"{known[0].value}")))
    assert "1 行已有相同的数" in run("add", same, "--yes", "--lang", "zh").output
    assert everything(folder) == before
    form.unlink()

    silent = run("add", filled(form, (TARGET, zone(value="1850"))), "--yes", "--lang", "zh")
    assert silent.exit_code == 1 and "备注" in silent.output and everything(folder) == before
    form.unlink()

    sources = load_evidence().sources.set_index("id")
    own = sources.loc[known[0].source]
    address = own["url"] if "://" in own["url"] else f"http://{own['url']}"
    cells = zone(value="1850", url=address, note="later", publisher=own["publisher"],
                 published=own["published"])  # fmt: skip
    refused = run("add", filled(form, (TARGET, cells)), "--yes", "--lang", "zh")
    assert refused.exit_code == 1 and "同一出处" in refused.output
    form.unlink()
    other = filled(form, (TARGET, {**cells, "publisher": "somebody"}))
    refused = run("add", other, "--yes", "--lang", "en")
    assert refused.exit_code == 1 and own["publisher"] in refused.output
    assert everything(folder) == before
    form.unlink()

    kept = run("add", filled(form, (TARGET, zone(value="1850", note="later count"))), "--yes")
    assert kept.exit_code == 0, kept.output
    reload()
    values = [
        one.value for one in load_evidence().select(series="gdp", period_type="annual")
        if one.place == known[0].place and one.year == 2021
    ]  # fmt: skip
    assert sorted(values) == sorted([*(one.value for one in known), 1850.0])


def test_a_copy_of_doubtful_repute_is_named_and_not_linked(folder, tmp_path):
    page = "http://www.cyloushi.cn/gongzuojihua/1.html"
    form = filled(tmp_path / "form.csv", (TARGET, {**FILL, "url": page}))
    assert run("add", form, "--yes").exit_code == 0
    reload()
    assert page.removeprefix("http://") in set(load_evidence().sources["url"])


def test_a_figure_that_would_bring_a_fault_is_told_and_not_written(folder, tmp_path):
    described = folder / "datapackage.json"
    text = described.read_text(encoding="utf-8")
    at = text.index('"name": "term"')
    strict = text[at:].replace('"required": true', '"required": true, "pattern": "[^预]*"', 1)
    form = filled(tmp_path / "form.csv", (TARGET, FILL))
    described.write_text(text[:at] + strict, encoding="utf-8")
    rows = (folder / addition.FIGURES).read_text(encoding="utf-8")
    if any("预" in row["term"] for row in csv.DictReader(io.StringIO(rows))):
        kept = [row for row in csv.reader(io.StringIO(rows)) if "预" not in row[13]]
        with (folder / addition.FIGURES).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(kept)
    before = everything(folder)
    told = run("add", form, "--yes", "--lang", "en")
    assert told.exit_code == 1, told.output
    assert "local_figures.csv, row" in told.output and "column term" in told.output
    assert "Nothing was written" in told.output and everything(folder) == before


def test_when_one_table_cannot_be_written_neither_is(folder, tmp_path, monkeypatch):
    from analysis import files

    form = filled(tmp_path / "form.csv", (TARGET, FILL))
    before = everything(folder)
    whole = files.write_whole

    def full(path, content):
        if path.name == "local_figures.csv":
            raise OSError(28, "No space left on device")
        return whole(path, content)

    monkeypatch.setattr(files, "write_whole", full)
    told = run("add", form, "--yes")
    assert told.exit_code == 1 and "No space" in told.output
    assert everything(folder) == before


def test_a_file_of_other_columns_is_refused(folder, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("区,数值\n江汉区,5\n", encoding="utf-8")
    told = run("add", path, "--lang", "zh")
    assert told.exit_code == 1 and "原文用词" in told.output
    assert "workbook data missing" in told.output


@pytest.mark.parametrize("name", OTHERS)
def test_of_a_plan_whose_places_nobody_publishes_on_nothing_is_sought(name):
    plan = load_plan(name)
    rows = sought(plan, load_evidence())
    assert rows.empty and lines(rows, plan, "en") == []
    header = table(rows, plan, "zh").decode("utf-8-sig")
    assert header.startswith("区,指标,目标或结果") and header.count("\n") == 1

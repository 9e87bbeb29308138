"""Bulletins: whole, labelled, in parallel, and not made again while they are right."""

import io
import json
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from docx import Document as read_word
from typer.testing import CliRunner

from analysis.amounts import amount
from analysis.bulletin import making
from analysis.bulletin.compose import compose
from analysis.bulletin.making import LOCK, RECORD, BulletinError, make
from analysis.cli import app
from analysis.documents.document import Cards, Table
from analysis.documents.writers import writer
from analysis.files import OverwriteError
from analysis.plan import load_plan
from analysis.structure import Period, answers, periods, report
from analysis.text import Text, fill
from analysis.words import number_format

MONTH = Period.of("2021-09")
FORMS = ("xlsx", "html")


@pytest.fixture(scope="module")
def plan():
    return load_plan()


@pytest.fixture(scope="module")
def asked():
    return answers()


@pytest.fixture(scope="module")
def city(asked, plan):
    return report(asked, plan, MONTH)


@pytest.fixture(scope="module")
def district(asked, plan):
    return report(asked, plan, MONTH, "hanyang")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_city_bulletin_says_what_the_report_says(city, plan, lang):
    made = compose(city, plan, lang)
    assert made.label and made.label == Text(lang)("document.bulletin.label")
    said = made.sections[0].blocks[0]
    assert fill(amount("1e8 CNY", 0)[lang], {"value": city.place["capital"]}, lang) in said
    assert f"{city.place['of_floor']:.1f}%" in said
    assert [figure.key for figure in made.figures()] == [
        "year", "floors", "ranks", "flows", "contribution", "funnel", "chains",
    ]  # fmt: skip
    tables = {table.key: table for table in made.tables()}
    standing = tables["standing"]
    unplaced = Text(lang)("structure.unplaced") in [row[0] for row in standing.rows]
    assert len(standing.rows) == len(city.districts) + 1 + unplaced
    *rows, total = [row[3] for row in standing.rows]
    assert sum(rows) == pytest.approx(total)
    other = {"zh": "en", "en": "zh"}[lang]
    links = {row[4] for table in made.tables() if table.key == "list" for row in table.rows}
    assert links & set(plan.chain_links[f"name_{lang}"])
    assert not links & (
        set(plan.chain_links[f"name_{other}"]) - set(plan.chain_links[f"name_{lang}"])
    )
    (cards,) = [b for b in made.sections[0].blocks if isinstance(b, Cards)]
    assert cards.cards[0].value == fill(
        f"{{x:{number_format('1e8 CNY', 0)[lang]}}}", {"x": city.place["capital"]}, lang
    )
    for figure in made.figures():
        assert figure.illustrative and figure.alt and figure.source in made.sources()


def test_what_lies_in_no_district_or_chain_is_shown_and_not_as_the_citys(city, plan):
    lost = replace(city, districts=city.districts[city.districts["place"].ne("hanyang")])
    tables = {table.key: table for table in compose(lost, plan, "zh").tables()}
    (row,) = [row for row in tables["standing"].rows if row[0] == "未注明所属区"]
    gone = city.districts.set_index("place")["capital"]["hanyang"]
    assert row[3] == pytest.approx(gone + city.unplaced)
    named = [row[0] for row in tables["concentration"].rows]
    assert named.count("全市合计") == 1 and named.count("不在四条产业链") == 1


def test_the_plans_annexed_lists_stand_beside_the_ledgers(city, plan):
    assert "annex" not in {table.key for table in compose(city, plan, "zh").tables()}
    row = ("firms", "east_lake", "甲公司", "it", "it_1", "")
    frame = pd.DataFrame([row], columns=["list", "district", "name", "chain", "link", "note"])
    tables = {t.key: t for t in compose(replace(city, annex=frame), plan, "zh").tables()}
    ((what, name, district, _, link, _),) = tables["annex"].rows
    assert (name, district, link) == ("甲公司", "东湖高新区", "晶圆制造") and "企业" in what
    assert not tables["annex"].illustrative, "these are no made-up rows"


def test_a_year_that_the_plan_is_not_of_is_neither_judged_nor_ranked(city, district, plan):
    for whole in (city, district):
        other = replace(whole, period=Period.of("2020-09"))
        for lang in ("zh", "en"):
            made = compose(other, plan, lang)
            tables = {table.key: table for table in made.tables()}
            keys = set(tables)
            # The year before is in the unit of the year itself, whatever the language.
            total, capital = tables["plain"].rows[-1], other.place["capital"]
            if other.district is None:
                assert total[1] / capital == pytest.approx(total[2] / other.place["before"])
            assert "plain" in keys and not keys & {"standing", "tiers", "quotas", "lacking", "gaps"}
            assert not {figure.key for figure in made.figures()} & {"year", "floors", "ranks"}
            blocks = [block for section in made.sections for block in section.blocks]
            assert not any(isinstance(block, Cards) for block in blocks)
            said = " ".join(block for block in blocks if isinstance(block, str))
            caveat = Text(lang)("document.bulletin.caveat.year", plan=2021, year=2020)
            assert caveat in said
            judged = {"zh": "时序进度|预期目标|任务数", "en": "schedule|baseline|Rank"}[lang]
            assert not re.search(judged, said.replace(caveat, "")), said


def test_a_part_of_a_year_is_told_to_be_to_come_and_not_short(city, district, plan):
    for whole in (city, district):
        for month, over in ((9, False), (12, True)):
            made = compose(replace(whole, period=Period(2021, month, 1)), plan, "zh")
            (cards,) = [b for b in made.sections[0].blocks if isinstance(b, Cards)]
            tones = {card.tone for card in cards.cards}
            assert ("missing" in tones) == over and (over or "met" not in tones)
            assert ("时序进度" in cards.cards[0].status) != over


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_came_since_january_is_told_once(city, district, plan, lang):
    """A month, quarter or year that begins with the year is the year so far itself."""
    peak, came = {"zh": ("最多", "到位 "), "en": ("peak", "CNY ")}[lang]
    for whole in (city, district):
        for key, times in (("2021-01", 1), ("2021Q1", 1), ("2021", 1), ("2021-09", 2)):
            made = compose(replace(whole, period=Period.of(key)), plan, lang)
            opening = next(block for block in made.sections[0].blocks if isinstance(block, str))
            until = periods.names(Period.of(key))["until"][lang]
            told = opening.partition(until)
            assert told[1] and (told[0].count(came) == times - 1), opening
            (title,) = [figure.title for figure in made.figures() if figure.key == "flows"]
            assert (peak in title) == (key != "2021-01")


def test_months_without_rows_are_told(city, plan):
    def said(**changes):
        blocks = compose(replace(city, **changes), plan, "en").sections[0].blocks
        return " ".join(block for block in blocks if isinstance(block, str))

    assert city.known == 9 and "none recorded" not in said()
    assert "no arrival after July 2021" in said(known=7)
    assert "no arrival in 2021" in said(known=0)


def test_a_districts_bulletin_has_its_own_table_and_only_its_projects(district, plan):
    made = compose(district, plan, "zh")
    assert made.title.startswith("汉阳区")
    tables = [b for s in made.sections for b in s.blocks if isinstance(b, Table)]
    own = next(table for table in tables if table.key == "one_table")
    assert own.rows[0][2] == pytest.approx(district.place["capital"])
    listed = next(table for table in tables if table.key == "list 2")
    assert len(listed.rows) == len(district.lists["projects"])
    assert len({table.key for table in tables}) == len(tables)


def test_amounts_of_a_districts_own_table_are_in_the_unit_beside_them(district, plan):
    for lang, tenth in (("zh", 1), ("en", 10)):
        made = compose(district, plan, lang)
        own = next(one for one in made.tables() if one.key == "one_table")
        ((_, said, value, *_), *_) = own.rows
        assert said == {"zh": "亿元", "en": "CNY billion"}[lang]
        assert value == pytest.approx(district.place["capital"] / tenth)


def test_the_label_stands_on_every_sheet_page_and_slide(district, plan):
    made = compose(district, plan, "zh")
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx")(made)))
    assert {sheet["A3"].value for sheet in book} == {made.label}
    word = read_word(io.BytesIO(writer("docx")(made)))
    assert made.label in word.sections[0].header.paragraphs[0].text
    reported = compose(replace(district, kind="reported"), plan, "zh")
    assert reported.label == "" and not any(f.illustrative for f in reported.figures())


def test_what_is_right_is_kept_and_what_is_not_is_made_again(asked, plan, tmp_path, monkeypatch):
    ran: list[str] = []

    def here(jobs, count, scheduler, workers):
        for job, found in jobs:
            ran.append(job.place)
            yield job, {form: f"{found.district} {form}".encode() for form in job.forms}

    monkeypatch.setattr(making, "_run", here)

    def again(state=asked, forms=FORMS, force=False):
        ran.clear()
        return make(state, plan, MONTH, tmp_path, places=["hanyang"], forms=forms, force=force)

    first = again()
    folder = tmp_path / "2021-09"
    assert sorted(path.name for path in first.written) == ["hanyang.zh.html", "hanyang.zh.xlsx"]
    assert again().written == () and ran == []
    # A file that is cut, one that is gone, a form that is new, a part left by a killed run.
    (folder / "hanyang.zh.html").write_bytes(b"half")
    (folder / ".hanyang.zh.html.x.part").write_bytes(b"half")
    with pytest.raises(OverwriteError, match="there already"):
        again()  # it may be somebody's work
    assert (folder / "hanyang.zh.html").read_bytes() == b"half" and ran == []
    assert [path.name for path in again(force=True).written] == ["hanyang.zh.html"]
    (folder / "hanyang.zh.xlsx").unlink()
    assert [path.name for path in again().written] == ["hanyang.zh.xlsx"]
    assert not list(folder.glob(".*.part"))
    # A ledger in another state: all of it anew.
    other = replace(asked, stamp=f"{asked.stamp} ")
    assert len(again(other).written) == len(FORMS)
    assert set(json.loads((folder / RECORD).read_text())) == {"hanyang.zh.html", "hanyang.zh.xlsx"}


def test_an_interrupted_run_goes_on_where_it_was(asked, plan, tmp_path, monkeypatch):
    def breaks(jobs, count, scheduler, workers):
        for number, (job, _) in enumerate(jobs):
            if number:
                raise KeyboardInterrupt
            yield job, dict.fromkeys(job.forms, b"made before")

    whole = making._run
    monkeypatch.setattr(making, "_run", breaks)
    places = ["hanyang", "jiangan"]
    with pytest.raises(KeyboardInterrupt):
        make(asked, plan, MONTH, tmp_path, places=places, forms=["xlsx"])
    monkeypatch.setattr(making, "_run", whole)
    made = make(asked, plan, MONTH, tmp_path, places=places, forms=["xlsx"], processes=1)
    assert [path.name for path in made.kept] == ["hanyang.zh.xlsx"]
    assert [path.name for path in made.written] == ["jiangan.zh.xlsx"]


def test_two_runs_do_not_write_to_one_folder(asked, plan, tmp_path):
    from filelock import FileLock

    (tmp_path / "2021-09").mkdir()
    with FileLock(tmp_path / "2021-09" / LOCK), pytest.raises(BulletinError, match="another run"):
        make(asked, plan, MONTH, tmp_path, places=["hanyang"])


def test_a_dask_cluster_makes_the_same(asked, plan, district, tmp_path):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        made = make(
            asked, plan, MONTH, tmp_path, places=["hanyang"], forms=["xlsx"],
            scheduler=cluster.scheduler_address,
        )  # fmt: skip
    (path,) = made.written
    assert path.read_bytes() == making.files(district, "zh", ["xlsx"])["xlsx"]


def test_the_command_names_what_is_wrong(tmp_path):
    def said(*words):
        told = CliRunner().invoke(app, ["bulletin", "--out", str(tmp_path), *words])
        assert told.exit_code == 2
        return told.output.replace("\n", " ").replace("│", "")

    assert "name one of --month" in said()
    assert "is a quarter" in said("--month", "2021Q3")
    assert "no period" in said("--month", "2021-13")
    assert "天津" in said("--month", "2021-09", "--district", "天津")
    absent = CliRunner().invoke(
        app, ["bulletin", "--month", "2021-09", "--ledger", str(tmp_path / "none")]
    )
    assert absent.exit_code == 1 and "no ledger is there" in absent.output
    assert isinstance(absent.exception, SystemExit), "said in a line, not as a traceback"
    assert not list(tmp_path.iterdir())


# From published figures alone


def test_a_published_bulletin_holds_the_airport_zones_year_and_no_ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_LEDGER", str(tmp_path / "none.csv"))  # it would say so if asked
    told = CliRunner().invoke(
        app, ["bulletin", "--published", "--lang", "zh,en", "--to", "docx,xlsx", "--out",
              str(tmp_path)],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    folder = tmp_path / "2021-published"
    names = {f"airport.{lang}.{form}" for lang in ("zh", "en") for form in ("docx", "xlsx")}
    assert {path.name for path in folder.iterdir()} == names
    word = read_word(folder / "airport.zh.docx")
    said = " ".join(
        [one.text for one in word.paragraphs]
        + [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    )
    for number in ("726.2", "53.1", "13.7", "12.91", "2.47", "2022-01-10", "东西湖区商务局"):
        assert number in said, number
    assert "4 项完成" in said and "示意" not in said
    again = CliRunner().invoke(app, ["bulletin", "--published", "--out", str(tmp_path),
                                     "--to", "docx"])  # fmt: skip
    assert again.exit_code == 1 and "--force" in again.output


@pytest.mark.parametrize("more", [["--district", "黄陂区"], ["--month", "2021-09"]])
def test_a_published_bulletin_is_refused_where_nothing_is_published(tmp_path, more):
    told = CliRunner().invoke(app, ["bulletin", "--published", *more, "--out", str(tmp_path)])
    assert told.exit_code in (1, 2) and not list(tmp_path.iterdir())
    assert "airport" in told.output or "--published" in told.output

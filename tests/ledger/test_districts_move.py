"""A project that moves to another district takes published months with it, and that is said."""

from __future__ import annotations

from readings import arrival, project, reading

from analysis.ledger.imports import lines
from analysis.ledger.store import open_store
from analysis.text import Text


def test_a_move_names_project_months_districts_and_amount(tmp_path):
    store = open_store(tmp_path / "ledger")

    names = map("{}.xlsx".format, range(9))

    def add(kind, rows):
        one, path = reading(tmp_path, kind, rows, file=next(names))
        return store.import_readings([one], [path])

    add("projects", [project("P1", "10"), project("P2", "10")])
    add("arrivals", [
        arrival("P1", "2021-02-01", "100"), arrival("P1", "2021-02-09", "20"),
        arrival("P1", "2021-03-01", "3.5"), arrival("P1", "2021-04-01", "7", district="hongshan"),
        arrival("P2", "2021-05-01", "9"),
    ])  # fmt: skip
    renamed = [project("P1", "10"), project("P2", "10", name="新名")]
    assert add("projects", renamed).notes == ()
    moved = [project("P1", "10", district="jianghan"), project("P2", "10", name="新名")]
    (note,) = add("projects", moved).notes
    for said in ("P1", "江岸区", "江汉区", "123.5 万元", "2021-02, 2021-03"):
        assert said in note["zh"]
    assert "P1 moves from Jiang'an" in note["en"] and "P2" not in note["zh"]
    back = add("projects", [project("P1", "10", district="airport")])
    assert "江汉区" in "\n".join(lines(back, Text("zh")))

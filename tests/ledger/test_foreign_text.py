"""Text that is cut short, or in an encoding that nobody can tell, is refused for what it is."""

from __future__ import annotations

import pytest

from analysis.ledger.cells import choice_cell
from analysis.ledger.delimited import decode
from analysis.ledger.form import form
from analysis.ledger.problems import CellFault, LedgerFileError

LEDGER = "项目编号,名称,到位日期,到位资金（万元）\nP1,{},2021-03-01,5\nP2,终\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_cut_inside_a_character_is_told_so(encoding):
    data = LEDGER.format("中").rstrip().encode(encoding)[:-1]
    with pytest.raises(LedgerFileError) as refused:
        decode(data, "a.csv")
    assert (refused.value.code, refused.value.row) == ("cut_short", 3)
    assert str(len(data)) in refused.value.line("zh") + refused.value.line("en")


@pytest.mark.parametrize(
    ("name", "encoding"), [("鴻海精密武漢廠", "big5"), ("Müller GmbH", "latin-1")]
)
def test_text_of_another_encoding_is_not_taken_in_as_rare_hanzi(name, encoding):
    data = b"id,name\nP0,ok\n" + f"P1,{name}\n".encode(encoding)
    with pytest.raises(LedgerFileError) as refused:
        decode(data, "a.csv")
    assert (refused.value.code, refused.value.row) == ("garbled", 3)


@pytest.mark.parametrize("name", ["A座b区", "喆淼公司", "IT鴻海", "𠮷野"])
def test_names_with_letters_or_rare_hanzi_are_taken(name):
    text = LEDGER.format(name)
    assert decode(text.encode("gb18030"), "a.csv") == (text, "gb18030")


def test_the_name_of_another_column_is_told_from_a_choice():
    with pytest.raises(CellFault) as fault:
        choice_cell("产业项目", form("projects")["sector"])
    assert (fault.value.code, fault.value.given) == ("other_column", {"name": "产业项目"})
    assert choice_cell("工业", form("projects")["sector"]).value == "industrial"

"""What a row below a header is: data, the header once more, a total, a note or an example."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from analysis.ledger.form import ARRIVALS, FOREIGN, PROJECTS, form, plain
from analysis.ledger.numbers import DASHES, tidy
from analysis.ledger.units import headed

_KEYS = {PROJECTS: "project_id", ARRIVALS: "project_id", FOREIGN: "district"}
#: A row of these tables always has an id, which no total has.
_OWN = (PROJECTS, ARRIVALS)
#: Types of the columns where the label of a total may stand.
_WORDED = ("id", "text", "district", "tier", "chain", "choice", "date")
_TOTAL = re.compile(
    r".{0,20}(合计|小计|总计|共计|总和)(数|金额)?|(全市|全区|total|subtotal|sum|grandtotal)"
    r"|其中.{0,20}|.{0,20}(total|subtotal)"
)
#: Letters that every label of a total holds, looked for before anything dearer.
_TOTAL_LETTERS = re.compile("计|和|全|其中|total|sum", re.IGNORECASE)
_OF_WHICH = re.compile(r"其中")
_SUBTOTAL = re.compile(r".*(小计|subtotal)")
_GROUP = re.compile(
    r"[（(]?[一二三四五六七八九十]+[)）]?[、.．\s].*|[（(][一二三四五六七八九十]+[)）].*"
)
_NOTE = re.compile(
    r"\s*[*※]?\s*(注|备注|说明|附注|填表人|填报人|填报单位|填报日期|审核人|制表|制表人|负责人|联系人"
    r"|联系电话|经办人|单位负责人|数据来源|资料来源|来源|统计口径|以上|note|notes|source|remarks?)"
    r"\s*\d*\s*([:：]|$|\d[.、])|\s*[*※]\s*\S|\s*以上数据",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(示例|example).*", re.IGNORECASE)
#: No name of a column begins so.
_NUMBER_LIKE = tuple("0123456789+-.,")


class Sorter:
    """Tells what a row below a header is.

    kind : table of the ledger
    places : column of the form -> place of its cell
    width : cells in the header
    """

    def __init__(self, kind: str, places: Mapping[str, int], width: int) -> None:
        self._known = form(kind).names
        self._places = dict(places)
        self._own = kind in _OWN
        self._key = places[_KEYS[kind]]
        self._amount = places[form(kind).amount.name]
        taken = set(places.values())
        worded = [places[name] for name in form(kind).of_type(*_WORDED) if name in places]
        notes = places.get("note")
        # A label of totals may stand in a running number's column, which no form knows.
        unnamed = [place for place in range(width) if place not in taken][:3]
        self._labels = [place for place in (*worded, *unnamed) if place != notes]

    def __call__(self, cells: list[str]) -> tuple[str, str]:
        """Return data, header, note, example, total, subtotal or of_which, and a total's label."""
        first = next((cell for cell in cells if cell.strip()), "").strip()
        if _EXAMPLE.fullmatch(first):
            return "example", ""
        if self._repeats(cells):
            return "header", ""
        key, amount = _said(cells, self._key), _said(cells, self._amount)
        labels = [self._key] if key and self._own else self._labels
        for place in labels:
            label = _said(cells, place)
            if _TOTAL_LETTERS.search(label) and (kind := _total(label)):
                return kind, tidy(label)
        if first.startswith(("1", "甲", "(1", "（1")) and _numbered(cells):
            return "note", ""
        if amount and amount != first:
            grouped = _GROUP.fullmatch(first) and sum(map(bool, map(str.strip, cells))) <= 2
            return ("subtotal", tidy(first)) if grouped else ("data", "")
        if _NOTE.match(first):
            return "note", ""
        alone = sum(map(bool, map(str.strip, cells))) == 1
        return ("note" if alone and _GROUP.fullmatch(first) else "data"), ""

    def _repeats(self, cells: list[str]) -> bool:
        """Whether a row names the columns once more, in these words or other ones."""
        if _said(cells, self._amount).startswith(_NUMBER_LIKE):
            return False
        named = 0
        for name, place in self._places.items():
            if said := _said(cells, place):
                if said.startswith(_NUMBER_LIKE):
                    return False
                if not any(self._known.get(one) == name for one in headed(said).names):
                    return False
                named += 1
        return named > 1


def _said(cells: list[str], place: int) -> str:
    cell = cells[place].strip() if place < len(cells) else ""
    return "" if cell in DASHES or tidy(cell) in DASHES else cell


@lru_cache(maxsize=65_536)
def _total(label: str) -> str:
    """Return which kind of total a label names, "" if none."""
    folded = plain(label)
    if not _TOTAL.fullmatch(folded):
        return ""
    if _OF_WHICH.match(folded):
        return "of_which"
    return "subtotal" if _SUBTOTAL.fullmatch(folded) else "total"


def _numbered(cells: list[str]) -> bool:
    """Whether a row only numbers the columns: 1 2 3 4, or 甲 乙 1 2."""
    bare = [cell.strip().strip("()（）") for cell in cells if cell.strip()]
    digits = [cell for cell in bare if cell.isdecimal()]
    rest = [cell for cell in bare if not cell.isdecimal()]
    ascending = [str(n) for n in range(1, len(digits) + 1)]
    return len(digits) > 3 and digits == ascending and rest == list("甲乙丙丁戊")[: len(rest)]

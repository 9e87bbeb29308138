"""The date that a cell holds, and how precise it is.

Only forms that can be read one way: 01/02/2021 is no date here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.ledger.form import INVISIBLE
from analysis.ledger.numbers import DASHES, WORDS, check_signs, chinese_number, tidy
from analysis.ledger.problems import CellFault

#: Day 0 of a spreadsheet's serial numbers, as good for every date since March 1900.
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
EARLIEST, LATEST = date(1949, 1, 1), date(2100, 12, 31)
#: No date is longer; what is would cost time to look through.
_LONGEST = 40
_CHINESE = re.compile("[一二三四五六七八九十廿卅〇零○]+(?=[年月日号季])")
_MONTHS = {
    name: month
    for month, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<name>{_NAMES})\.?"
_CLOCK = r"(?:[t ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_Y, _M, _D = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_Y}([-/.]){_M}\2{_D}{_CLOCK}",
        rf"{_Y}年{_M}月{_D}[日号]?{_CLOCK}",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"{_Y}年{_M}月(?:份)?",
        rf"{_Y}[-/.]{_M}",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)",
        rf"{_Y}年?第?(?P<q>[1-4])季度?",
        rf"{_Y}年?[-/. ]?q(?P<q>[1-4])",
        rf"q(?P<q>[1-4])[-/. ]?{_Y}",
        rf"{_Y}年?(?P<h>[上下])半年",
        rf"{_Y}年?[-/. ]?h(?P<h>[12])",
        r"(?P<y>(?:19|20|21)\d\d)年?(?:度|全年)?",
        rf"{_MONTH} {_D},? {_Y}",
        rf"{_D} {_MONTH},? {_Y}",
        rf"{_MONTH},? {_Y}",
        rf"{_Y}年{_M}月(?P<part>[上中下]旬|初|底|末|中)",
        rf"{_Y}年(?P<part>初|底|末|中)",
    )
)
_AMBIGUOUS = re.compile(
    r"\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}年.*|\d{1,2}月.*|\d{1,2}[-/.]\d{1,2}|[上下]半年"
    rf"|第?\d季度?|q[1-4]|(?:\d{{1,2}}[- ])?(?:{_NAMES})[-/ ]?(?:\d{{1,2}})?"
)
_PLANNED = re.compile(
    r"^(?:计划|预计|拟|planned|expected)\s*(?:于)?|\(?(?:计划|预计|拟|planned)\)?$"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A date with its precision.

    first : first day of the period; None if the cell says that there is none
    precision : day, month, quarter, half or year; "" if there is none
    planned : the cell says that it is a plan
    odd : codes of what is worth a warning
    """

    first: date | None
    precision: str = ""
    planned: bool = False
    odd: tuple[str, ...] = ()


def read_date(text: str, epoch: date = EPOCH_1900) -> Period:
    """Return the date that a cell holds.

    epoch : day 0 of the serial numbers of the file

    Raises
    ------
    CellFault : control_char, cell_error, date_ambiguous, date_invalid or date_range
    """
    check_signs(text)
    said = tidy(text).lower()
    odd: tuple[str, ...] = ("invisible",) * bool(INVISIBLE.search(text))
    if said in DASHES or said in WORDS:
        return Period(None, odd=odd + ("missing_word",) * (said in WORDS))
    if len(said) > _LONGEST:
        raise CellFault("date_invalid")
    bare = _PLANNED.sub("", said).strip()
    planned = bare != said
    if re.fullmatch(r"\d{5}(\.\d+)?", bare):
        return Period(_serial(bare, epoch), "day", planned, (*odd, "excel_serial"))
    worded = _CHINESE.sub(_digits, bare)
    odd += ("chinese_date",) * (worded != bare)
    worded = re.sub(r"\s+", " ", re.sub(r"\s*([年月日号季度/])\s*", r"\1", worded))
    if re.fullmatch(r"\d{4}\.1", worded):
        # Excel keeps 2021.10 as the number 2021.1.
        raise CellFault("october", year=worded[:4])
    for form in _FORMS:
        if match := form.fullmatch(worded):
            first, precision = _period(match.groupdict())
            odd += ("date_part",) * bool(match.groupdict().get("part"))
            if not EARLIEST <= first <= LATEST:
                raise CellFault("date_range", earliest=EARLIEST.year)
            return Period(first, precision, planned, odd)
    if _AMBIGUOUS.fullmatch(worded):
        raise CellFault("date_ambiguous")
    raise CellFault("date_invalid")


def _digits(match: re.Match[str]) -> str:
    """Return Chinese numerals of a date as digits: 二〇二一 digit by digit, 十二 as a number."""
    value = chinese_number(match.group())
    return match.group() if value is None else str(value)


def _serial(text: str, epoch: date) -> date:
    first = epoch + timedelta(days=int(text.partition(".")[0]))
    if not EARLIEST <= first <= LATEST:
        raise CellFault("date_range", earliest=EARLIEST.year)
    return first


def _period(part: dict[str, str | None]) -> tuple[date, str]:
    year = int(part["y"] or 0)
    month = int(part.get("m") or _MONTHS.get(part.get("name") or "", 0))
    precision = "day" if part.get("d") else "month" if month else "year"
    if part.get("q"):
        month, precision = 3 * int(part["q"] or 0) - 2, "quarter"
    if part.get("h"):
        month, precision = (1 if part["h"] in ("上", "1") else 7), "half"
    if "m" in part and not 1 <= month <= 12:
        raise CellFault("date_invalid")
    try:
        return date(year, month or 1, int(part.get("d") or 1)), precision
    except ValueError:
        raise CellFault("date_invalid") from None


def format_date(first: date, precision: str) -> str:
    """Return a date as the reader reads it back, no more precise than it is."""
    if precision == "quarter":
        return f"{first.year:04}Q{(first.month + 2) // 3}"
    if precision == "half":
        return f"{first.year:04}H{1 if first.month < 7 else 2}"
    length = {"day": 10, "month": 7, "year": 4}[precision]
    return first.isoformat()[:length]

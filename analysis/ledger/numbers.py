"""The number that a cell holds, exactly as written.

Nothing is guessed: what is about, more than or between two numbers is no number here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from analysis.ledger.form import INVISIBLE
from analysis.ledger.problems import CellFault

#: What stands for nothing.
DASHES = {
    "", "-", "--", "---", "—", "——", "———", "–", "―", "─", "──", "/", "//", "\\", "…", "……",
    "...", "......", "*", "~",
}  # fmt: skip
#: Words for nothing; in a column of text they stay words.
WORDS = {"无", "暂无", "空", "n/a", "na", "null", "none", "nil"}
#: Behind a number that a workbook shows divided, as 12,000,000 shown as 1200.0 by 0!.0,.
SCALED = "〔"
#: No number is longer; what is would cost time to look through.
_LONGEST = 80
ERRORS = re.compile(r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MINUS = str.maketrans("−﹣－‐‑‒", "------")
_NOT_EXACT = re.compile(
    r"[约近超逾余多几数]|左右|上下|以上|以下|以内|不足|不低于|不少于|不超过|大概|预计|[<>≥≤≈~～±]"
    r"|\d\s*(?:-|—|–|至|到)\s*\d|\babout\b|\bover\b|\bca\b|approx",
    re.IGNORECASE,
)
_NOT_FINITE = re.compile(r"[+-]?(inf|infinity|nan|∞)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<open>\(\s*)?(?P<before>[^\d+\-.()]*?)\s*(?P<sign>[+-]?)\s*(?P<mark>[$¥€])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+|(?=\.\d))(?P<fraction>\.\d*)?"
    r"(?P<power>[eE][+-]?\d+)?\s*(?P<after>[^\d+\-.,()]*?)(?P<close>\s*\))?"
)
#: How nearly all numbers are written: no need to look further.
_PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_DIGITS = {char: n for n, chars in enumerate(
    ("零〇○", "一壹弌", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for char in chars}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SHORT = str.maketrans({"廿": "二十", "卅": "三十"})
_WORDED = re.compile(f"[{''.join(_DIGITS)}{''.join(_SMALL)}{''.join(_GREAT)}廿卅点.\\d]+")
_SPELT = re.compile(r"(?P<number>.*?)(?P<yuan>[元圆圓])?(?:(?P<jiao>.)角)?(?:(?P<fen>.)分)?[整正]?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a cell writes it.

    value : None if the cell says that there is none
    unit : what stands beside it, as in 万元 or %
    spelt : written in words, with its magnitudes: the value is in units of the currency
    magnitude : the greatest words of a spelt number, "" if it has none
    decimals : digits that it shows after the point
    odd : codes of what is worth a warning
    """

    value: Decimal | None
    unit: str = ""
    spelt: bool = False
    magnitude: str = ""
    decimals: int = 0
    odd: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """Return a cell without width, invisible signs and outer blanks; minus signs made one."""
    if text.isascii():
        return text.strip()
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text).translate(_MINUS)).strip()


def check_signs(text: str) -> None:
    """Raise if a cell holds control characters or an error of a spreadsheet.

    Raises
    ------
    CellFault : control_char, cell_error
    """
    if CONTROL.search(text):
        raise CellFault("control_char")
    if text.startswith("#") and (match := ERRORS.fullmatch(text.strip())):
        raise CellFault("cell_error", error=match.group())


def read_number(text: str) -> Number:
    """Return the number that a cell holds.

    Raises
    ------
    CellFault : control_char, cell_error, not_finite, not_exact, exponent,
        scaled, grouping or not_number
    """
    if _PLAIN.fullmatch(text):
        return Number(Decimal(text.replace(",", "")), decimals=len(text.partition(".")[2]))
    check_signs(text)
    said = tidy(text)
    odd: tuple[str, ...] = ("invisible",) * bool(INVISIBLE.search(text))
    if said in DASHES:
        return Number(None, odd=odd)
    if said.lower() in WORDS:
        return Number(None, odd=(*odd, "missing_word"))
    if SCALED in text:
        raise CellFault("scaled")
    if len(said) > _LONGEST:
        raise CellFault("not_number")
    if _NOT_FINITE.fullmatch(said):
        raise CellFault("not_finite")
    if match := _NUMBER.fullmatch(said):
        return _written(match, text, odd)
    if spelt := _spelt(said):
        return Number(*spelt, odd=(*odd, "spelt"))
    if _NOT_EXACT.search(said):
        raise CellFault("not_exact")
    if re.fullmatch(r"[+-]?[\d,. ]+", said):
        raise CellFault("grouping")
    raise CellFault("not_number")


def _written(match: re.Match[str], text: str, odd: tuple[str, ...]) -> Number:
    part = match.groupdict()
    if _NOT_EXACT.search(part["before"]) or _NOT_EXACT.search(part["after"]):
        raise CellFault("not_exact")
    if bool(part["open"]) != bool(part["close"]):
        raise CellFault("not_number")
    if part["power"]:
        # Excel writes what it has rounded this way: 1.23457E+11.
        raise CellFault("not_finite" if abs(int(part["power"][1:])) > 30 else "exponent")
    fraction = part["fraction"] or ""
    value = Decimal(part["digits"].replace(",", "").replace(" ", "") + fraction)
    signs = "−" in text or "﹣" in text
    if part["open"]:
        if part["sign"]:
            raise CellFault("not_number")
        value, signs = -value, True
    if part["sign"] == "-":
        value = -value
    blank = " " in part["digits"]
    # One comma that is wider than its digits was typed by hand, not by a spreadsheet.
    wide = "，" in text and any(char in "0123456789" for char in text)
    odd += ("negative_form",) * signs + ("digit_groups",) * (blank or wide)
    unit = (part["before"] + (part["mark"] or "") + part["after"]).strip()
    return Number(value, unit=unit, decimals=max(len(fraction) - 1, 0), odd=odd)


def _spelt(said: str) -> tuple[Decimal, str, bool, str] | None:
    """Return value, unit, spelt and magnitude of a number in words: 壹佰万元整, 3亿5000万元."""
    said = said.replace(" ", "").removeprefix("人民币")
    match = _SPELT.fullmatch(said)
    if said.isascii() or not match or not _WORDED.fullmatch(match["number"]):
        return None
    value = chinese_number(match["number"])
    if value is None:
        return None
    for name, worth in (("jiao", "0.1"), ("fen", "0.01")):
        if match[name]:
            digit = _DIGITS.get(match[name])
            if digit is None or not match["yuan"]:
                return None
            value += digit * Decimal(worth)
    magnitude = "".join(word for word in "万萬亿億" if word in said)
    return value, "元" if match["yuan"] else "", True, magnitude


def chinese_number(words: str) -> Decimal | None:
    """Return the number of Chinese numerals, mixed with digits or not; None if it is none.

    Examples: 二〇二一, 一百二十, 廿五, 壹仟贰佰叁拾肆万伍仟, 3亿5000万, 三点五亿.
    """
    words = words.translate(_SHORT)
    for word in ("亿", "億", "万", "萬"):
        if word in words:
            before, _, after = words.rpartition(word)
            high = chinese_number(before) if before else None
            low = chinese_number(after) if after else Decimal(0)
            if high is None or low is None or low >= _GREAT[word]:
                return None
            return high * _GREAT[word] + low
    whole, point, part = words.replace("点", ".").partition(".")
    total = _below_ten_thousand(whole)
    if total is None or not point:
        return None if point and not whole else total
    digits = "".join(str(_DIGITS.get(char, char)) for char in part)
    return total + Decimal(f"0.{digits}") if digits.isdecimal() else None


def _below_ten_thousand(words: str) -> Decimal | None:
    digits = "".join(str(_DIGITS.get(char, char)) for char in words)
    if digits.isdecimal():
        return Decimal(digits)
    total, held, last = Decimal(0), None, 10**4
    for char in words:
        if char in _SMALL:
            if _SMALL[char] >= last:
                return None
            last = _SMALL[char]
            total += (1 if held is None else held) * last
            held = None
        elif held not in (None, 0):
            return None
        else:
            held = _DIGITS.get(char, int(char) if char.isdecimal() else None)
            if held is None:
                return None
    return total + (held or 0)

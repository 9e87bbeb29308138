"""The unit of an amount: what 万元, 亿美元 or "USD million" mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from analysis.ledger.form import choices, plain

#: What multiplies, as it is compared -> its power of ten.
MAGNITUDES = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7,
    "亿": 8, "億": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
    "thousand": 3, "k": 3, "10k": 4, "10000": 4, "1e4": 4, "10thousand": 4,
    "million": 6, "millions": 6, "mn": 6, "m": 6, "1e6": 6, "100million": 8, "1e8": 8,
    "billion": 9, "billions": 9, "bn": 9, "1e9": 9,
}  # fmt: skip
_ABOUT = re.compile("^(计量单位|金额单位|货币单位|单位|unit|in)")
_LABELLED = re.compile(r"^(?:计量单位|金额单位|货币单位|单位|unit)\s*[:：]\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
#: No name of a column is longer; what is would cost time to take apart.
_LONGEST = 120
_SEPARATED = re.compile(r"[/|_:,，：;；\s-]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of money.

    label : as the file says it
    factor : units of the currency in one of it
    currency : "CNY", "USD" …, or "" where the label names none, as 万 alone
    """

    label: str
    factor: Decimal
    currency: str

    def same(self, other: Unit) -> bool:
        """Whether both say the same; what names no currency agrees with any."""
        agree = self.currency == other.currency or not (self.currency and other.currency)
        return agree and self.factor == other.factor


@cache
def _currencies() -> dict[str, str]:
    return {name: code for name, code in choices("currency").items() if name}


@lru_cache(maxsize=4096)
def unit_of(text: str) -> Unit | None:
    """Return the unit of money that a text names and nothing else, or None."""
    said = plain(text)
    said = _ABOUT.sub("", said) or said
    found = _parse(said)
    return found and Unit(_LABELLED.sub("", text.strip()), *found)


def _parse(said: str) -> tuple[Decimal, str] | None:
    if not said or (said.isascii() and said in ("k", "m")):
        return None
    currencies = _currencies()
    # 人民币万元 and "rmb yuan million" name the currency twice.
    for name in ("人民币", "rmb", "cny", "折", "折合"):
        rest = said.removeprefix(name)
        if rest != said and (found := _parse(rest)) and found[1] in ("", "CNY"):
            return found[0], "CNY"
        rest = said.removesuffix(name)
        if rest != said and (found := _parse(rest)) and found[1] in ("", "CNY"):
            return found[0], "CNY"
    for magnitude, power in MAGNITUDES.items():
        for rest in {said.removeprefix(magnitude), said.removesuffix(magnitude)}:
            if rest == said and magnitude:
                continue
            if rest in currencies:
                return Decimal(10) ** power, currencies[rest]
            if not rest and magnitude and not magnitude.isdigit():
                return Decimal(10) ** power, ""
    return None


@dataclass(frozen=True, slots=True)
class Headed:
    """A header cell taken apart.

    names : what the column may be called, the fullest first
    unit : of money, if the header names one
    percent : whether it says that its numbers are percent
    """

    names: tuple[str, ...]
    unit: Unit | None
    percent: bool


@lru_cache(maxsize=4096)
def headed(text: str) -> Headed:
    """Take a header cell apart: its name, and the unit in brackets or behind it."""
    if len(text) > _LONGEST:
        return Headed((plain(text),), None, False)
    unit: Unit | None = None
    percent = False
    bare = whole = _fold(text)
    for match in _BRACKETS.finditer(whole):
        inside = match.group(1)
        found = unit_of(inside)
        if found or plain(inside).removeprefix("单位") in ("%", "百分比", "percent"):
            unit, percent = found or unit, percent or not found
            bare = bare.replace(match.group(), " ")
    names = [bare, _BRACKETS.sub(" ", bare)]
    for name in names[:]:
        shorter, found = _trailing(name)
        if found:
            names.append(shorter)
            unit = unit or found
        if plain(name).endswith("%"):
            percent = True
            names.append(plain(name).rstrip("%"))
    return Headed(tuple(dict.fromkeys(filter(None, map(plain, names)))), unit, percent)


def _fold(text: str) -> str:
    return text.translate(str.maketrans("（）［］｛｝％", "()[]{}%"))


def _trailing(name: str) -> tuple[str, Unit | None]:
    """Return a name without the unit behind it: 总投资/万元, 总投资万元, "Amount, USD m"."""
    for match in _SEPARATED.finditer(name):
        if (found := unit_of(name[match.end() :])) and name[: match.start()].strip():
            return name[: match.start()], found
    folded = plain(name)
    for start in range(1, len(folded)):
        tail = folded[start:]
        # 资金 and 万 alone end names too often: without a separator a currency must be named.
        if not tail.isascii() and (found := unit_of(tail)) and found.currency:
            return folded[:start], found
    return name, None


def units_in(text: str) -> list[Unit]:
    """Return the units that a line above a table names, as in 单位：万元 or （亿元）."""
    folded = _fold(text)
    found = []
    if match := re.search(r"(?:单位|unit)s?\s*[:：]?\s*([^()]+)", folded, re.IGNORECASE):
        parts = re.split(r"[、,，;；/和\s]+", match.group(1))
        found = [unit for part in parts if (unit := unit_of(part))]
        if not found and (unit := unit_of(match.group(1))):
            found = [unit]
    if not found:
        found = [u for match in _BRACKETS.finditer(folded) if (u := unit_of(match.group(1)))]
    distinct: list[Unit] = []
    for unit in found:
        if not any(unit.same(other) for other in distinct):
            distinct.append(unit)
    return distinct

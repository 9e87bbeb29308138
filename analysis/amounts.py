"""Units and amounts in the words and numbers that a reader has."""

from __future__ import annotations

import re

from analysis.text import LANGUAGES, fill, templates
from analysis.words import PLAIN, in_english, number_format

Bilingual = dict[str, str]


#: What a unit counts in, and what it counts: 1e4 of USD.
_COUNTED = re.compile(r"(?:(1e\d+) )?(.+)")


def ratio(one: str, other: str) -> float | None:
    """Return how many of another unit are one of a unit; None where they count different things.

    Examples
    --------
    >>> ratio("1e8 USD", "1e4 USD")
    10000.0
    """
    (count, of), (per, thing) = (_COUNTED.fullmatch(name).groups() for name in (one, other))  # type: ignore[union-attr]
    return float(count or 1) / float(per or 1) if of == thing else None


def unit(name: str) -> Bilingual:
    """Return a unit's name for a reader; a unit with no row of its own is shown as it is."""
    return dict(templates().get(f"unit.{name}") or dict.fromkeys(LANGUAGES, name))


def scale(name: str) -> dict[str, float]:
    """Return what an amount in a unit is multiplied with to be in the unit that a reader has."""
    return {"zh": 1.0, "en": 1 / in_english(name)[1]}


def in_unit(value: float | None, name: str, lang: str) -> float | None:
    """Return a value as a number in the unit that a reader of the language has."""
    factor = scale(name)[lang]
    return value if value is None or factor == 1 else round(value * factor, 9)


def decimals(name: str, digits: int, lang: str) -> int:
    """Return how many decimals an amount has in a reader's unit, of those in its own."""
    return digits + in_english(name)[2] * (lang == "en")


def worded(name: str) -> Bilingual:
    """Return a number and its unit in a reader's order: "CNY {number} billion"."""
    plain = {lang: f"{PLAIN} {said}" for lang, said in unit(name).items()}
    return dict(templates().get(f"amount.{name}", plain))


def whole(value: float, name: str, lang: str) -> str:
    """Return a value and its unit as a paper has them, with every decimal; a year without comma."""
    form = "{x:.12g}" if name == "year" else "{x:,.12g}"
    return worded(name)[lang].replace(PLAIN, fill(form, {"x": in_unit(value, name, lang)}, lang))


def amount(name: str, decimals: int) -> Bilingual:
    """Return the template of an amount, `{value}`, in a unit: "CNY {value:.1bn} billion"."""
    form, text = number_format(name, decimals), worded(name)
    return {lang: text[lang].replace(PLAIN, f"{{value:{form[lang]}}}") for lang in LANGUAGES}


def amount_said(value: float, name: str, digits: int) -> Bilingual:
    """Return an amount in words, with no more decimals than it has."""
    least = next(d for d in range(digits + 1) if round(value, d) == round(value, digits))
    written = amount(name, least)
    return {lang: fill(text, {"value": value}, lang) for lang, text in written.items()}

"""All that the workbook says, in Chinese and English.

What a page says stands in its notebook, what all pages share in one table, `strings.csv`
(key, zh, en); a plan's own `texts.csv` takes a place in the table, or one that a cell leaves it.
`<word>` is one of the plan's words (`analysis.words`). A placeholder is
`{name}` or `{name:,.1f}`; its format is the subset that Python's `format` and
d3-format share, because the browser fills in the same templates. One format is our own:
amounts are kept in 1e8 (亿), which English counts in billions, so "CNY {name:bn} billion" writes
8431 as "CNY 843.1 billion". It has one decimal, or as many as `{name:.2bn}` says, none for show.
`mn` does so with amounts of 1e4 (万) and millions.
After a format may stand three wordings, `#` in them being the number without its sign: by the
sign of what is written, `{gap:+.1f|fell #%|is unchanged|rose #%}`, or, with no `+`, by count,
`{met:d|no district|one district|# districts}`.
A text that speaks of the screen has a row `<key>.paper`, which documents say in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import isfinite
from string import Formatter
from typing import Any

from analysis.conditions import holds
from analysis.text_table import (
    TextError,
    check,
    in_plan_words,
    placeholders,
    templates,
    unknown_words,
)
from analysis.words import ENGLISH, LANGUAGES

#: Follows a number that is inferred, assumed or made up.
MARK = "*"
_LIST = {"zh": "、", "en": ", "}
#: What counts amounts of 1e8 in billions, and of 1e4 in millions: how many of them are one.
_COUNTED = {form: times for form, times, _ in ENGLISH.values()}


def _case(when: str, key: str | Mapping[str, str]) -> dict[str, Any]:
    """Return a case of a message, with its words for paper if it has such."""
    if not isinstance(key, str):
        return {"when": when, **key}
    paper = templates().get(f"{key}.paper")
    return {"when": when, **_template(key), **({"paper": paper} if paper else {})}


def _template(key: str) -> dict[str, str]:
    found = templates()
    if key not in found:
        raise TextError(f"strings.csv has no text {key!r}; add a row for it")
    return found[key]


class Marked(float):
    """A number that is less than stated or derived; said in a text, it brings its mark.

    kind : what it is instead, {"zh": 推断, "en": inferred}
    """

    kind: Mapping[str, str]


def marked(value: float, kind: str) -> float:
    """Return a number as its kind asks: with a mark if it is neither stated nor derived."""
    if kind in ("stated", "derived"):
        return float(value)
    return _with_mark(value, both(f"mark.{kind}"))


def _with_mark(value: float, kind: Mapping[str, str]) -> Marked:
    number = Marked(value)
    number.kind = kind
    return number


def fill(template: str, values: Mapping[str, Any], lang: str) -> str:
    """Fill a template in; a value may be a number, a text, or {"zh": ..., "en": ...}.

    A number with a mark is followed by `*`, and the text by what the mark means.
    """
    parts, kinds = [], []
    for before, name, form, _ in Formatter().parse(template):
        parts.append(before)
        if name is None:
            continue
        if name not in values:
            raise TextError(f"no value for {{{name}}} in {template!r}", template)
        value = values[name]
        if isinstance(value, Mapping):
            value = value[lang]
        parts.append(_written(value, form or ""))
        if isinstance(value, Marked) and value == value:
            parts.append(MARK)
            kinds.append(value.kind[lang])
    if kinds:
        said = _LIST[lang].join(dict.fromkeys(kinds))
        parts.append(fill(_template("mark.note")[lang], {"kinds": said}, lang))
    return "".join(parts)


def _written(value: Any, form: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if value != value:
        return "–"
    form, *wordings = form.split("|")
    if wordings:
        number = _written(abs(value), ",d" if form == "d" else form.removeprefix("+"))
        above = min(round(value), 2)
        if form.startswith("+"):  # as written: what rounds to zero is zero
            above = 1 + (re.search("[1-9]", number) is not None) * (1 if value > 0 else -1)
        return wordings[above].replace("#", number)
    if times := _COUNTED.get(form[-2:]):
        sign, _, decimals = form[:-2].partition(".")
        text = _written(value / times, f"{sign},.{decimals or 1}f")
        return re.sub(r"\.?0+$", "", text) if "." in text else text
    # d3 writes integers for `d` only if they are integers; floats of whole value are common here.
    # A tie goes away from zero, as in the browser and in Excel: 1042.25 is 1042.3 wherever it is.
    form = form.replace("d", ".0f")
    with localcontext(rounding=ROUND_HALF_UP):
        text = format(Decimal(float(value)) if form.endswith("f") else value, form)
    if text.startswith("-"):
        # A true minus sign, as d3 writes it, and no "-0.0".
        text = "−" + text[1:] if re.search(r"[1-9]", text) else text[1:]
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """The texts in one language: `Text("zh")("board.undo")`."""

    lang: str

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise TextError(f"no texts in {self.lang!r}; languages are {LANGUAGES}")

    def __call__(self, key: str, **values: Any) -> str:
        return fill(_template(key)[self.lang], values, self.lang)

    def name(self, thing: Any) -> str:
        """Return the name of a row or object that has `name_zh` and `name_en`."""
        return str(getattr(thing, f"name_{self.lang}"))


def enumerated(parts: Iterable[str], lang: str, between: str = ", ") -> str:
    """Return texts one after the other: with 、 in Chinese, with `between` in English."""
    return ("、" if lang == "zh" else between).join(parts)


def in_both(**words: Mapping[str, str]) -> dict[str, str]:
    """Return words in both languages as the values of templates: `name_zh` and `name_en`."""
    return {f"{key}_{lang}": said[lang] for key, said in words.items() for lang in LANGUAGES}


def both(key: str, **values: Any) -> dict[str, str]:
    """Return a text in both languages."""
    return {lang: Text(lang)(key, **values) for lang in LANGUAGES}


def named(thing: Any) -> dict[str, str]:
    """Return the two names of a lever, outcome or target."""
    return {"zh": thing.name_zh, "en": thing.name_en}


def clause(key: str, **values: Any) -> dict[str, str]:
    """Return a text in both languages; nothing where one of its numbers isn't known."""
    numbers = [value for value in values.values() if isinstance(value, float)]
    return both(key, **values) if all(map(isfinite, numbers)) else dict.fromkeys(LANGUAGES, "")


#: Words of one's own: one template, one a language, or such with the conditions they stand under.
Said = str | Mapping[str, str]
Words = Said | Sequence[Said | tuple[str, Said]]


def conditioned(words: Words) -> list[tuple[str, Said]]:
    """Return words with the conditions that they stand under, "true" where there is none."""
    given = [words] if isinstance(words, str | Mapping) else list(words)
    cases = [one if isinstance(one, tuple) else ("true", one) for one in given]
    return [(in_plan_words({"zh": when})["zh"], said) for when, said in cases]


def _own(words: str | Mapping[str, str]) -> dict[str, Any]:
    """Return words of one's own as a case has them: both languages, and for paper if so."""
    given = dict.fromkeys(LANGUAGES, words) if isinstance(words, str) else dict(words)
    paper = {lang: given.pop(f"{lang}.paper", "") for lang in LANGUAGES}
    if set(given) != set(LANGUAGES):
        raise TextError(f"a text needs {' and '.join(LANGUAGES)}, not {', '.join(given)}")
    screen, paper = in_plan_words(given), in_plan_words(paper)
    for said in (screen, paper):
        if wrong := unknown_words(said):
            raise TextError(wrong)
        check("a text", said)
    return {**screen, "paper": paper} if any(paper.values()) else {**screen}


@dataclass(frozen=True, slots=True)
class Message:
    """A text that depends on the scenario.

    cases : (condition, key) pairs, or with two templates in place of the key; a condition is a
        Vega expression over levers, outcomes and `values`, made of comparisons, arithmetic,
        `&&`, `||` and `!`. The first that holds wins; the last is "true".
    values : what the templates name beside levers and outcomes: numbers, texts, or
        {"zh": ..., "en": ...}
    kinds : of the outcomes that it may name, each with its kind: stated, derived, inferred …
    """

    cases: tuple[tuple[str, str | Mapping[str, str]], ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fixed(cls, key: str, **values: Any) -> Message:
        """Return a message that is the same in every scenario."""
        return cls(cases=(("true", key),), values=values)

    @classmethod
    def own(cls, words: Words, values: Mapping[str, Any] | None = None) -> Message:
        """Return a message in words of one's own, which stand in no table.

        words : a template for both languages, {"zh": ..., "en": ...}, or (condition, such) pairs,
            of which the first that holds wins, else one without at the end; "zh.paper" and
            "en.paper" are what documents say in the place of a text that speaks of the screen

        Raises
        ------
        TextError : a template that names or writes a number otherwise in the other language
        """
        pairs = [(when, _own(said)) for when, said in conditioned(words)]
        if pairs[-1:] and pairs[-1][0] != "true":
            pairs.append(("true", dict.fromkeys(LANGUAGES, "")))
        return cls(tuple(pairs), values or {})

    @property
    def silent(self) -> bool:
        """Whether it says nothing in any scenario."""
        return not any(isinstance(said, str) or said["zh"] for _, said in self.cases)

    def to_dict(self) -> dict[str, Any]:
        """Return what the browser needs to say it: cases with both templates, values, marks."""
        cases = [_case(when, key) for when, key in self.cases]
        words = [said for case in cases for said in (case, case.get("paper", case))]
        named = {name for said in words for name, _ in placeholders(said["zh"] + said["en"])}
        known = {name: marked(0, kind) for name, kind in self.kinds.items()} | dict(self.values)
        marks = {
            name: known[name].kind
            for name in sorted(named & set(known))
            if isinstance(known[name], Marked)
        }
        asked = names_in(self.cases) | named
        values = {name: value for name, value in self.values.items() if name in asked}
        message = {"cases": cases, "values": values}
        return {**message, "marks": marks, "note": _template("mark.note")} if marks else message

    def render(self, text: Text, signals: Mapping[str, Any] | None = None) -> str:
        """Return the text in a scenario, `signals` being its levers and outcomes."""
        return said(self.to_dict(), signals or {}, text.lang)


def names_in(cases: Iterable[tuple[str, str | Mapping[str, Any]]]) -> set[str]:
    """Return the names of values that conditions ask for, and words in place of a key write."""
    found = set()
    for when, words in cases:
        found |= set(re.findall(r"[A-Za-z_]\w*", when)) - {"true"}
        for said in () if isinstance(words, str) else (words, words.get("paper", {})):
            for lang in LANGUAGES:
                found |= {name for name, _ in placeholders(said.get(lang, ""))}
    return found


def said(
    message: Mapping[str, Any], signals: Mapping[str, Any], lang: str, paper: bool = False
) -> str:
    """Return the text of a message, as `Message.to_dict` gives it, in a scenario.

    Parameters
    ----------
    paper : whether it is for readers of paper, who have no slider
    """
    known = {**message["values"], **signals}
    marks = message.get("marks", {})
    for case in message["cases"]:
        if holds(case["when"], known):
            # A browser's payload holds plain numbers, their marks beside them.
            unsure = {
                name: _with_mark(known[name], kind)
                for name, kind in marks.items()
                if not isinstance(known[name], str)  # a dash: nothing is known
            }
            words = case.get("paper", case) if paper else case
            return fill(words[lang], known | unsure, lang)
    raise TextError(f"no case holds: {[case['when'] for case in message['cases']]}")

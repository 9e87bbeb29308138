"""The words by which a plan fills the texts that speak of any plan: its measures, levels, units."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.citations import citations, listed
from analysis.files import PLAN, of_plan, plan_dir

Bilingual = dict[str, str]
Rows = list[dict[str, str]]
LANGUAGES = ("zh", "en")
#: A plan's own texts, beside or in the place of those of any plan.
TEXTS = "texts.csv"
#: How an amount is written where no text says it.
PLAIN = "{number}"


_COUNTS = {
    "zh": list("零一二三四五六七八九十"),
    "en": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
}


def spelled(number: int, lang: str) -> str:
    """Return a count in words, from eleven on in digits.

    >>> spelled(3, "zh"), spelled(12, "en")
    ('三', '12')
    """
    return _COUNTS[lang][number] if number < len(_COUNTS[lang]) else str(number)


#: What English counts amounts in by their unit, 亿 in billions and 万 of money in millions: how it
#: is written, how many of the unit are one of it, and how many decimals that takes.
ENGLISH = {"1e8": ("bn", 10, 1), "1e4 USD": ("mn", 100, 2)}


@of_plan
def languages() -> tuple[str, ...]:
    """Return the languages of the plan's pages: an address that names none is in the first.

    Of a plan that can't be read it is our own order: whoever reads the plan names its faults.
    """
    try:
        asked = json.loads((plan_dir() / PLAN).read_text(encoding="utf-8"))["languages"]
        return tuple(sorted(LANGUAGES, key=asked.index))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return LANGUAGES


def in_english(unit: str) -> tuple[str, int, int]:
    """Return what of `ENGLISH` holds for a unit; one that both languages share has none."""
    return next((how for start, how in ENGLISH.items() if unit.startswith(start)), ("", 1, 0))


def number_format(unit: str, decimals: int) -> Bilingual:
    """Return how a number in a unit is written in either language."""
    plain = f",.{decimals}f"
    form, _, more = in_english(unit)
    return {"zh": plain, "en": f".{decimals + more}{form}" if form else plain}


def plan_words(folder: Path, texts: Mapping[str, Mapping[str, str]]) -> dict[str, Bilingual]:
    """Return what stands for `<word>` in a text, in both languages.

    Of the plan: place, year, base_year, a_year (of several years, that a number is a year's
    even part), count (of its targets, in words; targets: in digits; all: "all four", "both"; s and
    are as their number takes them), parts (how many places it
    names beside its own), chains (how many, in words); what sentences call all of its place
    (whole), the places in it (areas), one of them (area) and what counts for its share (counted);
    where its document says what
    (`analysis.citations`). Of its levels: first and last (the lowest and highest that it asks
    for), their keys and whole names, and `First`, `Last` as a sentence begins with them; lines,
    how pictures draw them; least is what it asks of each place at least. Of the sum over places,
    or of the whole where it
    names none: total (its outcome), stem, sum, unit, and what is written before (`pre`), as
    (`form`) and behind (`post`) a number; of its share: share
    (its outcome), part. Both have a `short` name, and one `said` in a sentence;
    the growth of the sum is written as `rate`. Of each growth that it asks for of what is counted
    in a scope: `growth.<scope>` (its lever), and its stem.

    A table that can't be read gives no words: whoever reads the plan names its faults.
    """
    try:
        about = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        tables = {name: _rows(folder / f"{name}.csv") for name in _TABLES}
        levels, measures, targets, places = (tables[name] for name in _TABLES[:4])
        parts = sum(row["group"] != "" for row in places)
        asked = {row["measure"] for row in targets if row["who"] == about["place"]}
        return {
            **_document(about, texts),
            **_levels(levels, texts),
            **citations(str(about["source"]), str(about["place"]), tables, texts, _period(about)),
            **_counts(len(asked)),
            "targets": _same(len(asked)),
            "parts": _same(parts),
            "chains": _counted(len(tables["chains"])),
            **_measures(measures, targets, str(about["place"]) if parts else "", texts),
            **_growths(row for row in measures if row["measure"] in asked),
        }
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def row_texts(folder: Path) -> dict[str, Bilingual]:
    """Return the names of a plan's chains and quotas as texts, where no text has a shorter one."""
    named = {"chains": ("chain", ("chains.short",)),
             "quotas": ("quota", ("structure.quota", "structure.measure.quota"))}  # fmt: skip
    return {
        f"{start}.{row[column]}": {lang: row[f"name_{lang}"] for lang in LANGUAGES}
        for table, (column, starts) in named.items()
        if (folder / f"{table}.csv").is_file()
        for row in _rows(folder / f"{table}.csv")
        for start in starts
    }


#: What words are made of; the last of them not every plan has.
_TABLES = ("levels", "measures", "targets", "places", "groups", "quotas", "chains", "levers")


def _rows(path: Path) -> Rows:
    if not path.is_file() and path.stem in _TABLES[3:]:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _same(word: Any) -> Bilingual:
    return dict.fromkeys(LANGUAGES, str(word))


def _counted(number: int) -> Bilingual:
    """Return a count in words; of a thing Chinese says 两, not the numeral."""
    said = {lang: spelled(number, lang) for lang in LANGUAGES}
    return said | {"zh": "两"} if number == 2 else said


def _counts(number: int) -> dict[str, Bilingual]:
    """Return how as many targets are said: their count, all of them, and English endings."""
    every = {1: "the", 2: "both"}.get(number, f"all {spelled(number, 'en')}")
    ends, verb = ("", "is") if number == 1 else ("s", "are")
    english = {"all": every, "All": begun(every), "s": ends, "are": verb}
    return {"count": _counted(number)} | {w: {"zh": "", "en": one} for w, one in english.items()}


def _period(about: Mapping[str, Any]) -> str:
    return str(about["period"]).replace("/", "–")


def within(name: str) -> str:
    """Return an English name as it stands within a sentence.

    FDI and R&D keep their capitals, and names of which no word is small: Fortune Global 500.
    """
    first, *others = name.split() or [""]
    short = any(letter.isupper() for letter in first[1:])
    proper = len(others) > 1 and not any(word[0].islower() for word in others)
    return name if short or proper else name[:1].lower() + name[1:]


def _document(
    about: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]]
) -> dict[str, Bilingual]:
    names = {lang: str(about[f"place_{lang}"]) for lang in LANGUAGES}
    period = _period(about)
    a_year = dict(texts["plan.a_year"]) if "–" in period else _same("")
    usual = {"whole": names} | {one: texts[f"plan.{one}"] for one in ("areas", "area", "counted")}
    nouns = {
        noun: {lang: str(about.get(f"{noun}_{lang}") or said[lang]) for lang in LANGUAGES}
        for noun, said in usual.items()
    }
    return {
        "place": names,
        "source": _same(about["source"]),
        **nouns,
        **{noun.capitalize(): begun_in_each(nouns[noun]) for noun in ("whole", "areas")},
        "year": _same(period),
        "base_year": _same(about["base_year"]),
        "a_year": a_year,
    }


def begun(name: str) -> str:
    """Return a name as a sentence begins with it."""
    return name[:1].upper() + name[1:]


def begun_in_each(said: Mapping[str, str]) -> Bilingual:
    """Return a name as a sentence begins with it, in each language."""
    return {lang: begun(one) for lang, one in said.items()}


def each_level(folder: Path) -> list[dict[str, Bilingual]]:
    """Return what stands for `<level>`, its whole name and its key, of each level asked for.

    The lowest comes first; of a table that can't be read there are none.
    """
    try:
        return [
            {
                "level": {lang: row[f"short_{lang}"] for lang in LANGUAGES},
                "level.name": {lang: row[f"name_{lang}"] for lang in LANGUAGES},
                "level.key": _same(row["level"]),
            }
            for row in _asked(_rows(folder / "levels.csv"))
        ]
    except (OSError, LookupError):
        return []


def _asked(levels: Rows) -> Rows:
    return [row for row in levels if row["floor"] != "true"]


def _levels(rows: Rows, texts: Mapping[str, Mapping[str, str]]) -> dict[str, Bilingual]:
    asked = _asked(rows)
    floor = next((row for row in rows if row["floor"] == "true"), asked[0])
    shorts = {lang: [row[f"short_{lang}"] for row in asked] for lang in LANGUAGES}
    lines = texts["plan.lines" if asked[1:] else "plan.line"]
    found = {
        "least": (least := {lang: floor[f"short_{lang}"] for lang in LANGUAGES}),
        "Least": begun_in_each(least),
        "lines": {
            lang: said.replace("{first}", shorts[lang][0]).replace(
                "{others}", listed(shorts[lang][1:], lang)
            )
            for lang, said in lines.items()
        },
    }
    for word, row in (("first", asked[0]), ("last", asked[-1])):
        short = {lang: row[f"short_{lang}"] for lang in LANGUAGES}
        found |= {
            word: short,
            word.capitalize(): begun_in_each(short),
            f"{word}.name": (name := {lang: row[f"name_{lang}"] for lang in LANGUAGES}),
            f"{word.capitalize()}.name": begun_in_each(name),
            f"{word}.key": _same(row["level"]),
        }
    return found


def _measures(
    rows: Rows, targets: Rows, place: str, texts: Mapping[str, Mapping[str, str]]
) -> dict[str, Bilingual]:
    placed = {row["measure"] for row in targets if row["who"] != place}
    sums = [row for row in rows if row["type"] in ("sum", "count") and row["measure"] in placed]
    total = next(iter(sums), None)
    if total is None:
        return {}
    share = next((r for r in rows if r["type"] == "share" and r["of"] == total["measure"]), None)
    unit, stem = total["unit"], total["stem"]
    amount = texts.get(f"amount.{unit}") or _same(f"{PLAIN} {unit}")
    sides = {lang: amount[lang].partition(PLAIN) for lang in LANGUAGES}
    found = {
        "stem": _same(stem),
        "total": _same(f"{stem}_total"),
        "sum": {lang: total[f"name_{lang}"] for lang in LANGUAGES},
        "sum.short": {lang: total[f"short_{lang}"] for lang in LANGUAGES},
        "sum.said": {"zh": total["short_zh"], "en": within(total["name_en"])},
        "unit": dict(texts.get(f"unit.{unit}") or _same(unit)),
        "form": number_format(unit, int(total["digits"])),
        # What is counted has no part of one, and its growth no hundredths.
        "rate": _same(".1f" if total["type"] == "count" else ".2f"),
        **{
            f"form.{n}": number_format(unit, int(total["digits"]) + n * (total["type"] != "count"))
            for n in range(3)
        },
        "pre": {lang: before for lang, (before, _, _) in sides.items()},
        "post": {lang: behind for lang, (_, _, behind) in sides.items()},
    }
    if share is not None:
        found |= {
            "share": _same(share["measure"]),
            "share.stem": _same(share["stem"]),
            "part": {lang: share[f"name_{lang}"] for lang in LANGUAGES},
            "part.short": {lang: share[f"short_{lang}"] for lang in LANGUAGES},
            "part.said": {"zh": share["short_zh"], "en": within(share["short_en"])},
        }
    return found


def _growths(rows: Iterable[dict[str, str]]) -> dict[str, Bilingual]:
    return {
        f"growth.{row['scope']}{end}": _same(row[column])
        for row in rows if row["type"] == "growth" and row["scope"]
        for end, column in (("", "measure"), (".stem", "stem"))
    }  # fmt: skip

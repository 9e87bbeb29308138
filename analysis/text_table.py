"""Templates of all texts in both languages, checked, with the plan's own words in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from analysis.citations import listed
from analysis.files import of_plan, plan_dir
from analysis.names import unknown
from analysis.words import LANGUAGES, TEXTS, each_level, plan_words, row_texts

TABLE = Path(__file__).with_name("strings.csv")
#: What Python and d3-format read alike.
_SHARED_FORMAT = re.compile(r"[+]?,?(\.\d)?[fd]?|[+]?(\.\d)?[bm]n")
#: Below zero, zero, above; or none, one, more.
WORDINGS = 3


class TextError(KeyError):
    """A text that isn't in the table, or whose placeholder got no value."""

    def __str__(self) -> str:
        return str(self.args[0])


@of_plan
def templates() -> dict[str, dict[str, str]]:
    """Return key -> {"zh": template, "en": template}: a plan's own text in the place of any's.

    Raises
    ------
    TextError : a key twice, a language empty, placeholders that differ between the
        languages, or a format that the browser would read otherwise
    """
    folder, words = plan_dir(), _words()
    own = _rows(folder / TEXTS)
    found = {}
    for key, (place, said) in (_rows(TABLE) | own).items():
        found[key] = in_plan_words(said)
        if "<" not in "".join(found[key].values()):
            check(place, found[key])
    found = row_texts(folder) | found
    if "cited" in words:  # where a table names its source, the plan is called as sentences call it
        found.setdefault(f"document.value.{words['source']['zh']}", words["cited"])
    of_such = [
        ending
        for ending, (word, said) in ENDINGS.items()
        if word in words and words[word] == words.get(said, {"zh": said, "en": said})
    ]
    return found | {
        base: said
        for key, said in found.items()
        for ending in of_such
        if key.endswith(ending) and (base := key.removesuffix(ending)) not in own
    }  # fmt: skip


@of_plan
def shared_texts() -> dict[str, dict[str, str]]:
    """Return what any plan has for what its own texts say in their place, by key."""
    folder, table = plan_dir(), _rows(TABLE)
    return row_texts(folder) | {key: in_plan_words(said) for key, (_, said) in table.items()}


@of_plan
def own_texts() -> dict[str, dict[str, str]]:
    """Return the texts that only the plan has, by key, with its words in them."""
    return {key: templates()[key] for key in _rows(plan_dir() / TEXTS)}


@of_plan
def _levels() -> list[dict[str, dict[str, str]]]:
    return each_level(plan_dir())


@of_plan
def _words() -> dict[str, dict[str, str]]:
    folder = plan_dir()
    rows = _rows(TABLE) | _rows(folder / TEXTS)
    return plan_words(folder, {key: said for key, (_, said) in rows.items()})


def in_plan_words(said: Mapping[str, str]) -> dict[str, str]:
    """Return a text, or a condition, with the plan's words and the form of its amounts in it.

    `{gap:amount}` is an amount of the plan's sum with what is written around it, and with as many
    decimals as its measure has; `{gap:+.1amount|# less|as much|# more}` has one more.
    `<each>…</each>` is said of each level that the plan asks for, with `<level>` (short),
    `<level.name>` and `<level.key>`; `<each ，>` parts them otherwise than by 、 in Chinese.
    """
    return {
        lang: _filled(_amounts(_each(text, lang), lang), _words(), lang)
        for lang, text in said.items()
    }


_EACH = re.compile(r"<each( ，)?>(.*?)</each>")


def _each(text: str, lang: str) -> str:
    def written(found: re.Match[str]) -> str:
        parts = [_filled(found[2], level, lang) for level in _levels()]
        return "，".join(parts) if found[1] and lang == "zh" else listed(parts, lang)

    return _EACH.sub(written, text)


def unknown_words(said: Mapping[str, str]) -> str:
    """Say which `<word>` of a text the plan doesn't have, and the nearest that it has."""
    left = [name for text in said.values() for name in _WORD.findall(text)]
    return unknown("word of the plan", left[0], sorted(_words())) if left else ""


#: An amount of the plan's sum: its name, sign, decimals beyond the measure's, and wordings.
_AMOUNT = re.compile(r"\{([\w<>.]+):(\+?)(?:\.(\d))?amount(\|[^{}]*)?\}")


def _amounts(text: str, lang: str) -> str:
    def written(found: re.Match[str]) -> str:
        name, sign, more, wordings = found.groups(default="")
        form = f"{sign}<form.{more or 0}>"
        if not wordings:
            return f"<pre>{{{name}:{form}}}<post>"
        return f"{{{name}:{form}{wordings.replace('#', '<pre>#<post>')}}}"

    return _AMOUNT.sub(written, text)


#: What a text is called that takes another's place, in a plan of which a word says the same as
#: another: it has one level; it names no place but its own; it asks for one thing.
ENDINGS = {".one_level": ("first.key", "last.key"), ".one_place": ("parts", "0"),
           ".one_target": ("targets", "1")}  # fmt: skip
#: A word that the plan fills in.
_WORD = re.compile(r"<([A-Za-z_][A-Za-z0-9_.]*)>")


def _filled(text: str, words: Mapping[str, Mapping[str, str]], lang: str) -> str:
    """Fill in the plan's words; one that it has nothing for stays as it is."""
    return _WORD.sub(lambda found: words.get(found[1], {lang: found[0]})[lang], text)


def _rows(table: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Return key -> where it stands, and its two texts as they stand there."""
    if table != TABLE and not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for number, row in enumerate(rows, start=2):
        place = f"{table.name}, row {number}, key {row['key']!r}"
        if row["key"] in found:
            raise TextError(f"{place}: the key stands twice; drop one row")
        if None in row:
            raise TextError(f"{place}: more than three cells; quote a text that holds a comma")
        if not all(row[lang] for lang in LANGUAGES):
            raise TextError(f"{place}: a language is empty; write both")
        found[row["key"]] = (place, {lang: row[lang] for lang in LANGUAGES})
    return found


def check(place: str, said: Mapping[str, str]) -> None:
    # A name given once a language (`name_zh`, `name_en`) is one placeholder.
    names = [
        {name.removesuffix(f"_{lang}") for name, _ in placeholders(said[lang])}
        for lang in LANGUAGES
    ]
    if names[0] != names[1]:
        raise TextError(f"{place}: zh fills {sorted(names[0])}, en {sorted(names[1])}")
    for name, form in placeholders(said["zh"]) + placeholders(said["en"]):
        form, *wordings = form.split("|")
        if wordings and len(wordings) != WORDINGS:
            raise TextError(f"{place}: {name} has {len(wordings)} wordings, not {WORDINGS}")
        if not _SHARED_FORMAT.fullmatch(form):
            raise TextError(f"{place}: the format {form!r} of {name} isn't d3-format's too")


def placeholders(template: str) -> list[tuple[str, str]]:
    return [(name, form or "") for _, name, form, _ in Formatter().parse(template) if name]

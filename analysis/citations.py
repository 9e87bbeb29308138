"""Where in its document a plan asks for what: the citations that sentences on its tables make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Rows = Iterable[Mapping[str, str]]
Texts = Mapping[str, Mapping[str, str]]
_SECTION = re.compile(r"part (\d)((?: ?\([一二三四五六七八九]\))+)")
_NUMERALS = "〇一二三四五六七八九"
#: Between places of one document: each but the last two, and those.
_BETWEEN = {"zh": ("、", "、"), "en": (", ", " and ")}


def place_in_plan(section: str, lang: str, texts: Texts) -> str:
    """Return how a place in the plan, such as `part 1 (二)`, is called in a language."""
    return _SECTION.sub(lambda found: _called(found[1], found[2], lang, texts), section)


def _called(part: str, sections: str, lang: str, texts: Texts) -> str:
    numerals = sorted(set(re.findall("[^ ()]", sections)), key=_NUMERALS.index)
    numbers = numerals if lang == "zh" else [str(_NUMERALS.index(one)) for one in numerals]
    said = "）（".join(numbers) if lang == "zh" else listed(numbers, lang)
    of = texts["document.section" if len(numbers) == 1 else "document.sections"][lang]
    return of.replace("{part}", _NUMERALS[int(part)] if lang == "zh" else part).replace(
        "{section}", said
    )


def listed(parts: list[str], lang: str) -> str:
    """Return texts one after the other, the last two joined as a language joins them."""
    between, last = _BETWEEN[lang]
    return last.join(filter(None, (between.join(parts[:-1]), parts[-1]))) if parts else ""


def citations(
    document: str, place: str, tables: Mapping[str, Rows], texts: Texts, year: str
) -> dict[str, dict[str, str]]:
    """Return what stands for `<cited…>` in a sentence: the plan, and where it says so.

    Of a plan with numbered sections: cited.floors (what it asks of places), cited.targets (of the
    whole), cited.both, cited.quotas, cited.split (quotas of parts of the whole), cited.groups and
    cited.places (quotas of either), cited.chains, cited.sharing (of leads).
    `<cited>` is the plan alone.

    Parameters
    ----------
    document : the plan's id among sources; what rests on another is not cited by its sections
    place : the key of the plan's own place
    """
    held = {name: list(rows) for name, rows in tables.items()}
    groups = {row["group"] for row in held["groups"]}
    targets, quotas = held["targets"], held["quotas"]
    rows = {
        "floors": [row for row in targets if row["who"] != place],
        "targets": [row for row in targets if row["who"] == place],
        "both": targets,
        "quotas": quotas,
        "split": [row for row in quotas if row["who"] != place],
        "groups": [row for row in quotas if row["who"] in groups],
        "places": [row for row in quotas if row["who"] not in {*groups, place}],
        "chains": held["chains"],
        "sharing": [row for row in held["levers"] if row["key"] == "benefit_share"],
    }
    plan = {lang: said.replace("<year>", year) for lang, said in texts["plan.cited"].items()}
    return {"cited": plan} | {
        f"cited.{of}": {
            lang: said + _at([row for row in found if row["source"] == document], lang, texts)
            for lang, said in plan.items()
        }
        for of, found in rows.items()
    }


def _at(rows: Rows, lang: str, texts: Texts) -> str:
    """Return the sections that rows stand in, nothing of a plan that numbers none."""
    sections = {row["section"] for row in rows}
    parts: dict[str, str] = {}
    for part, numbers in (found for one in sorted(sections) for found in _SECTION.findall(one)):
        parts[part] = parts.get(part, "") + numbers
    preamble = [texts["document.value.preamble"][lang]] if "preamble" in sections else []
    said = [*preamble, *(_called(part, parts[part], lang, texts) for part in sorted(parts))]
    return ("" if lang == "zh" else ", ") * bool(said) + listed(said, lang)

"""The texts that the board itself says."""

from __future__ import annotations

from typing import Any

from analysis.text import Message, templates
from analysis.words import in_english

Bilingual = dict[str, str]

#: Texts that the browser fills in; each is a row `board.<name>` of strings.csv.
NAMES = (
    "language",
    "scenario",
    "presets",
    "targets",
    "open_levers",
    "close_levers",
    "undo",
    "redo",
    "reset_all",
    "play",
    "play_one",
    "stop",
    "pin",
    "copy_link",
    "copied",
    "printed",
    "links",
    "reset_one",
    "why_one",
    "type_value",
    "typed_number",
    "typed_bounds",
    "typed_choices",
    "or",
    "bounds",
    "source_of",
    "compare",
    "now",
    "unpin",
    "go_back_to",
    "short_now",
    "none_short",
    "at_bound",
    "list_end",
    "enlarge",
    "table",
    "cite",
    "cited",
    "citation",
    "data",
    "svg",
    "png",
    "formula",
    "illustrative",
    "all_tables",
    "lever",
    "value",
    "unit",
    "default",
    "link",
    "kind",
    "kind_illustrative",
    "licence",
    "licence_of",
    "address",
    "date",
    "scenario_default",
    "scenario_own",
    "along",
    "along_left",
    "along_name",
    "along_take",
    "along_drop",
    "figure",
    "source",
    "sources",
    "link_version",
    "link_unknown",
    "link_value",
    "link_long",
    "callback_failed",
    "status.short",
    "status.expected",
    "status.stretch",
    "status.to_come",
    "status.so_far",
    "status.unknown",
    "goal.target",
    "goal.value",
    "goal.lever",
    "goal.now",
    "goal.needed",
    "goal.use",
    "goal.below_floor",
    "goal.low",
    "goal.high",
    "goal.no_effect",
    "goal.done",
    "increment.at_least",
    "increment.none",
    "increment.expected",
    "increment.stretch",
    "increment.use",
    "basis.assumptions",
    "basis.formulas",
    "basis.range",
    "basis.reason",
    "basis.outcome",
    "records.search",
    "records.all",
    "records.count",
    "records.none",
    "records.before",
    "records.next",
)


def labels() -> dict[str, Bilingual]:
    """Return the board's own texts, placeholders unfilled, by key."""
    return {f"board.{name}": _template(f"board.{name}") for name in NAMES}


def _template(key: str) -> Bilingual:
    (case,) = Message(cases=(("true", key),), values={}).to_dict()["cases"]
    return {"zh": case["zh"], "en": case["en"]}


def unit(name: str) -> Bilingual:
    """Return a unit's name for a reader; a unit with no row of its own is shown as it is."""
    return dict(templates().get(f"unit.{name}") or {"zh": name, "en": name})


def scale(name: str) -> dict[str, float]:
    """Return what an amount in a unit is multiplied with to be in the unit that a reader has."""
    return {"zh": 1.0, "en": 1 / in_english(name)[1]}


def in_unit(value: float | None, name: str, lang: str) -> float | None:
    """Return a value as a number in the unit that a reader of the language has."""
    factor = scale(name)[lang]
    return value if value is None or factor == 1 else round(value * factor, 9)


def named(thing: Any) -> Bilingual:
    """Return the two names of a lever, outcome or target."""
    return {"zh": thing.name_zh, "en": thing.name_en}

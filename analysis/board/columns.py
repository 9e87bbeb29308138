"""What a column is called, its unit, and how its numbers are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.amounts import scale, unit, worded
from analysis.citations import place_in_plan
from analysis.evidence.tables import publisher_said
from analysis.files import of_plan
from analysis.text import LANGUAGES, Text, fill, templates
from analysis.words import begun

#: Columns that only a machine reads where a name or the value itself stands beside them.
NEEDLESS = frozenset(
    {"label", "sign", "mark", "said", "signal", "row_key", "confidence", "part_of", "publisher"}
    | {"across", "down", "x", "y", "bounded", "column", "label_zh", "label_en", "state", "by"}
    | {"step"}
)
#: A key, and the column beside it that names the same to a reader.
NAMED = frozenset(
    {"district", "tier", "lever", "key", "quota", "place", "chain", "link", "id", "outcome"}
    | {"target", "ceremony", "wait", "measure", "level", "stage"}
)
#: Whole numbers that no thousands separator belongs into.
PLAIN = frozenset({"year", "month", "base_year", "rank"})


#: Numbers that no unit beside them is of: counts, and parts of a whole.
UNITLESS = PLAIN | {"projects", "ratio"}
#: Amounts that have a unit of their own only where their rows name none.
OF_ROW = frozenset({"amount", "before"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    key : as in the data
    name : as a reader calls it
    unit : the unit of its numbers, "" if each row has its own or none
    of_row : whether its numbers are in the unit that each row names, in a column `unit`
    number : whether its texts are numbers as a reader reads them
    machine : whether it holds keys, which a reader can do without where a name stands beside them
    """

    key: str
    name: str
    unit: str = ""
    of_row: bool = False
    machine: bool = False
    number: bool = False

    @property
    def heading(self) -> str:
        """The name with its unit."""
        if not self.unit:
            return self.name
        wide = any(ord(sign) > 0x2E7F for sign in self.name)
        return f"{self.name}（{self.unit}）" if wide else f"{self.name} ({self.unit})"


def described(keys: Sequence[Any], lang: str, table: str = "") -> tuple[Column, ...]:
    """Return columns by their keys, named for a reader where strings.csv has a name.

    A column that means something else in one table has a row of its own,
    `document.column.<table>.<key>`; units likewise. A column of what has a name is called by it.
    """
    found = []
    for key in map(str, keys):
        own = _row("unit", table, key, lang)
        of_row = "unit" in keys and key not in UNITLESS and (not own or key in OF_ROW)
        name = _row("column", table, key, lang) or names(lang).get(key, key)
        found.append(Column(key, name, "" if of_row else own, of_row, machine=key in NAMED))
    return tuple(found)


def _row(kind: str, table: str, key: str, lang: str) -> str:
    rows = templates()
    named = (f"{kind}.{table}.{key}", f"{kind}.{key}", f"bulletin.{kind}.{key}")
    row = next((rows[f"document.{one}"] for one in named if f"document.{one}" in rows), None)
    return row[lang] if row else ""


def in_units(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], lang: str
) -> tuple[tuple[Any, ...], ...]:
    """Return rows whose amounts are in the units that a reader has, as headings and units say."""
    keys = [column.key for column in columns]
    own = [_factor(column.unit, lang) for column in columns]
    of_row = keys.index("unit") if "unit" in keys else None
    found = []
    for row in rows:
        named = 1.0 if of_row is None else _factor(row[of_row], lang)
        factors = [
            named if column.of_row else factor for column, factor in zip(columns, own, strict=True)
        ]
        found.append(
            tuple(
                round(cell * factor, 9) if factor != 1 and is_number(cell) else cell
                for cell, factor in zip(row, factors, strict=True)
            )
        )
    return tuple(found)


def _factor(named: Any, lang: str) -> float:
    """Return what an amount is multiplied with, by its unit's key or its name for a reader."""
    return _factors(lang).get(named, scale("")[lang])


@of_plan
def _factors(lang: str) -> dict[str, float]:
    keys = [key.removeprefix("unit.") for key in templates() if key.startswith("unit.")]
    return {name: scale(key)[lang] for key in keys[::-1] for name in (unit(key)[lang], key)}


def heads(keys: Sequence[Any], rows: Sequence[Sequence[Any]], table: str) -> list[dict[str, Any]]:
    """Return what the browser needs to write a table for a reader, a column each.

    head : language -> heading, None where the language leaves the column out
    scale : language -> what its numbers are multiplied with; None where each row names its unit
    """
    found: list[dict[str, Any]] = [
        {"head": {}, "scale": {}, "plain": str(key) in PLAIN} for key in keys
    ]
    for lang in LANGUAGES:
        columns = described(keys, lang, table)
        keep = set(shown(columns, rows, lang))
        for i, (column, one) in enumerate(zip(columns, found, strict=True)):
            one["head"][lang] = column.heading if i in keep else None
            one["scale"][lang] = None if column.of_row else _factor(column.unit, lang)
    return found


def words(keys: Sequence[Any], rows: Sequence[Sequence[Any]]) -> dict[str, dict[str, Any]]:
    """Return what a reader calls each key in a table; a unit's scale and order beside it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for key, cell in zip(keys, row, strict=True):
            if not (isinstance(cell, str) and cell) or "said" in found.get(cell, {}):
                continue
            said = found.get(cell) or {lang: written(cell, str(key), lang) for lang in LANGUAGES}
            if key == "unit":
                found[cell] = {**said, "scale": scale(cell), "said": worded(cell)}
            elif any(one != cell for one in said.values()):
                found[cell] = said
    return found


def shown(columns: Sequence[Column], rows: Sequence[Sequence[Any]], lang: str) -> list[int]:
    """Return the positions of the columns that a reader of the language needs.

    Left out are keys that the name beside them tells, a place's group, names, notes and terms
    that stand there in the reader's language too, the one pair of sides that the title names, and
    columns with nothing in them.
    """
    keys = [column.key for column in columns]
    called = next((key for key in (f"name_{lang}", "name") if key in keys), None)
    others = {
        f"{of}_{other}"
        for of in ("name", "note", "term")
        for other in LANGUAGES
        if other != lang and (of != "name" or called)
    }
    keep = []
    for i, (key, column) in enumerate(zip(keys, columns, strict=True)):
        empty = bool(rows) and all(row[i] in (None, "") for row in rows)
        told = called and column.machine and (key == "tier" or _same(rows, i, keys.index(called)))
        # Of one pair the title names the sides.
        told = told or (key == "of" and all(row[i] == rows[0][i] for row in rows))
        if not (key in NEEDLESS | others or told or empty):
            keep.append(i)
    return keep


def _same(rows: Sequence[Sequence[Any]], key: int, name: int) -> bool:
    """Say whether a key and the name beside it tell the same: one has one of the other."""
    pairs = {(str(row[key]), str(row[name])) for row in rows}
    return len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})


@of_plan
def names(lang: str) -> dict[str, str]:
    """Return keys of districts, tiers, chains, levers, outcomes and presets -> their names."""
    from analysis.datapackage import read_table
    from analysis.model import load_model
    from analysis.plan import load_plan
    from analysis.scenario import presets

    plan = load_plan()
    tables = [plan.places, plan.tiers, plan.chains, read_table("ceremonies")]
    found = {
        str(row[0]): str(row[1])
        for frame in tables
        for row in frame[[frame.columns[0], f"name_{lang}"]].itertuples(index=False)
    } | dict(plan.table("sources")[["id", "title"]].itertuples(index=False))
    model = load_model()
    text = Text(lang)
    for preset in presets(model):
        found.setdefault(preset.key, text.name(preset))
    found |= {key: text.name(lever) for key, lever in model.levers.items()}
    found |= {key: text.name(outcome) for key, outcome in model.outcomes.items()}
    targets = {key: text.name(target) for key, target in plan.targets.items()}
    found |= targets
    for group in ("structure.wait.", "chains.stage."):
        found |= {key.removeprefix(group): row[lang] for key, row in templates().items()
                  if key.startswith(group)}  # fmt: skip
    found |= {
        f"asked_{level}": text("document.asked", level=begun(name))
        for level, name in plan.levels[["level", f"name_{lang}"]].itertuples(index=False)
    }
    levels: dict[str, str] = dict(plan.levels[["level", f"short_{lang}"]].itertuples(index=False))
    aims = {key: found[key] for key in (*model.outcomes, *targets)}
    aims["all"] = text("document.all_targets")
    at_level = {
        f"{key}_{level}": text("document.at_level", name=name, level=said)
        for key, name in aims.items()
        for level, said in levels.items()
    }
    tied = {
        f"{key}_tied": text("document.at_level_tied", name=name) for key, name in at_level.items()
    }
    return found | levels | at_level | tied


def written(value: Any, key: str, lang: str) -> str:
    """Return a cell as a reader reads it: thousands separated, two decimals at most."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        word = templates().get(f"document.value.{value}")
        if word:
            return word[lang]
        if key == "section":
            return place_in_plan(value, lang, templates())
        if key == "publisher":
            return publisher_said(value)[lang]
        named = key in NAMED or key == "source"
        return names(lang).get(value, value) if named else unit(value)[lang]
    if key in PLAIN:
        return f"{value:.0f}"
    # Sums of binary fractions, and a solver's answers, end in 0000001.
    whole = float(f"{value:.9g}").is_integer()
    return fill("{x:,.0f}" if whole else "{x:,.2f}", {"x": value}, lang)


def is_number(value: Any) -> bool:
    """Say whether a cell holds a number, which stands to the right."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def widths(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], room: float = 0.0
) -> list[float]:
    """Return how wide each column would be, in Latin letters: at least its longest word.

    Parameters
    ----------
    cells : rows of texts as they are shown
    room : what all may take together, if they have to share it; columns of many words give way
    """
    found, least, longest = [], [], []
    for i, column in enumerate(columns):
        texts = [column.heading, *(row[i] for row in cells)]
        word = max(letters(part) for text in texts for part in _WORD.findall(text) or [""])
        asked = max([letters(column.heading) / 2, *(letters(row[i]) for row in cells)])
        found.append(max(word, min(asked, MOST_LETTERS), 4.0) + 3)
        least.append(max(word, 4.0) + 3)
        longest.append(asked)
    while room and sum(found) > room and (
        wide := [i for i, low in enumerate(least) if found[i] > low]
    ):  # fmt: skip
        # Who then has the fewest lines, each short by half a word, gives way first.
        gives = min(wide, key=lambda i: longest[i] / (found[i] - least[i] / 2))
        found[gives] = max(least[gives], found[gives] - 1)
    return found


#: What a line is not broken within: a Latin word or number, or one Chinese character.
_WORD = re.compile(r"[^\s\u2e80-\uffff]+|[\u2e80-\uffff]")
#: A longer text is broken into lines.
MOST_LETTERS = 44.0


def letters(text: str) -> float:
    """Return how wide a text is, in Latin letters: a Chinese character takes two."""
    return sum(2.0 if ord(sign) > 0x2E7F else 1.0 for sign in text)

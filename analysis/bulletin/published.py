"""A bulletin of what is published of a district: its own targets, results, all else; no ledger."""

from __future__ import annotations

import pandas as pd

from analysis.board.columns import Column
from analysis.board.drawing import compiled
from analysis.board.records import decoded
from analysis.board.still import still
from analysis.briefing import published as evident
from analysis.briefing import published_table
from analysis.bulletin.compose import card
from analysis.bulletin.words import PREFIX
from analysis.charts import published
from analysis.documents.document import Cards, Document, Figure, Section, Table, table
from analysis.documents.transcript import WIDTH
from analysis.evidence import Evidence
from analysis.plan import Plan, plan_year
from analysis.text import Text

#: What stands in the keys of its texts.
KEY = f"{PREFIX}.published"


def districts(plan: Plan, evidence: Evidence) -> list[str]:
    """Return the districts that have published a target of the plan's year and its result."""
    return list(dict.fromkeys(evident.outcomes(plan, evidence)["district"]))


def compose(plan: Plan, evidence: Evidence, district: str, lang: str) -> Document:
    """Return what is published of a district in one language, its results against its targets.

    district : one of `districts`
    """
    text = Text(lang)
    pairs = evident.outcomes(plan, evidence)
    pairs = pairs[pairs["district"].eq(district)]
    told = {
        "place": evident.names(plan)[district][lang],
        "year": str(plan_year(plan)),
        "pairs": float(len(pairs)),
        "met": float(pairs["ratio"].ge(100).sum()),
    }
    opening = (text(f"{KEY}.answer", **told), text(f"{KEY}.basis"), _cards(pairs, text),
               _figure(pairs, told, text))  # fmt: skip
    return Document(
        title=text(f"{KEY}.title", **told),
        subtitle=text(f"{KEY}.subtitle"),
        about=text(f"{KEY}.about", **told),
        lang=lang,
        sections=(
            Section("", opening),
            Section(text(f"{KEY}.all", **told), (_numbers(plan, evidence, district, text),)),
        ),
    )


def _cards(pairs: pd.DataFrame, text: Text) -> Cards:
    made = [
        card(text(f"districts.measure.{row['measure']}"), row["result"], row["target"],
             row["target"], row["unit"], False, row["target"], text,
             max(evident.digits(row["result"]), evident.digits(row["target"])))
        for row in pairs.to_dict("records")
    ]  # fmt: skip
    return Cards(tuple(made))


def _figure(pairs: pd.DataFrame, told: dict[str, object], text: Text) -> Figure:
    chart = published.outcomes(evident.ratio_words(pairs, text), text, False)
    title, source = text(f"{KEY}.outcomes.title", **told), text(f"{KEY}.outcomes.source")
    return Figure(
        key="outcomes",
        title=title,
        reading=text(f"{KEY}.outcomes.say"),
        alt=text(f"{KEY}.outcomes.alt", **told),
        source=source,
        spec=still(compiled(chart), {}, WIDTH),
        table=table(pairs, "outcomes", title, source, text.lang, annex=True),
    )


def _numbers(plan: Plan, evidence: Evidence, district: str, text: Text) -> Table:
    """Return every number published of the district, as the page of districts lists them."""
    payload = published_table.table(plan, evidence, district)
    columns = tuple(
        Column(column["key"], column[text.lang], number=column["number"])
        for column in payload["columns"]
    )
    rows = tuple(
        tuple(cell[text.lang] if isinstance(cell, dict) else cell for cell in row)
        for row in decoded(payload)
    )
    source = text("districts.published.source")
    return Table("numbers", text(f"{KEY}.numbers"), columns, rows, source)

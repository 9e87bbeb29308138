"""A bulletin of what is published of a district: its own targets, results, all else; no ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.briefing import published as evident
from analysis.briefing import published_table
from analysis.bulletin.compose import card
from analysis.bulletin.figures import figure
from analysis.bulletin.words import PREFIX
from analysis.charts import published
from analysis.documents.document import Cards, Document, Section, Table
from analysis.documents.tools import records_table
from analysis.evidence import Evidence
from analysis.plan import Plan, plan_year
from analysis.text import Message, Text

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
    chart = published.outcomes(evident.ratio_words(pairs, text), text, False)
    opening = (text(f"{KEY}.answer", **told), text(f"{KEY}.basis"), _cards(pairs, told, text),
               figure("published.outcomes", chart, pairs, False, told, text))  # fmt: skip
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


def _cards(pairs: pd.DataFrame, told: dict[str, Any], text: Text) -> Cards:
    made = [
        card(text(f"districts.measure.{row['measure']}"), row["result"], row["target"],
             row["target"], row["unit"], False, row["target"], text,
             max(evident.digits(row["result"]), evident.digits(row["target"])))
        for row in pairs.to_dict("records")
    ]  # fmt: skip
    return Cards(tuple(made), text(f"{KEY}.outcomes.source", **told))


def _numbers(plan: Plan, evidence: Evidence, district: str, text: Text) -> Table:
    """Return every number published of the district, as the page of districts lists them."""
    said = {"title": f"{KEY}.numbers", "source": f"{KEY}.numbers.source"}
    words = {part: Message.fixed(key).to_dict() for part, key in said.items()}
    held = published_table.table(plan, evidence, district) | words
    return replace(records_table(held, {}, text.lang), key="numbers")

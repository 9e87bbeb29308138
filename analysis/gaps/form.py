"""The table of figures that are sought of a plan's districts, to be filled in and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.districts import MEASURES, published
from analysis.evidence import Evidence
from analysis.plan import Plan, plan_year
from analysis.text import LANGUAGES, Text, TextError

#: Which figure is sought, and where it may stand.
GIVEN = ("district", "measure", "level", "year", "unit", "look")
#: What a reader fills in, and what of it may stay empty.
FILLED = ("value", "bound", "term", "url", "publisher", "published", "title", "kind",
          "confidence", "note")  # fmt: skip
OPTIONAL = {"bound", "title", "note"}
#: Where the texts of a column's values stand.
TEXTS = {"measure": "districts.measure", "level": "districts.level", "unit": "gaps.unit",
         "bound": "gaps.bound", "kind": "gaps.kind", "confidence": "districts.confidence",
         "column": "gaps.column"}  # fmt: skip
#: What a cell may say, by column.
CHOICES = {
    "level": ("expected", "stretch", "result"),
    "bound": ("exact", "lower", "upper"),
    "kind": ("stated", "derived", "inferred"),
    "confidence": ("high", "medium", "low"),
}
_MEASURED = (*MEASURES, "gdp", "population_census")
#: More addresses than these nobody looks through for one figure.
_MOST = 3


@dataclass(frozen=True, slots=True)
class Notion:
    """What figures of one measure and level are, as the evidence has them.

    period_type : annual, or stock
    period_end : of the last that is published
    """

    series: str
    scope: str
    stage: str
    unit: str
    period_type: str
    period_end: str


def notions(plan: Plan, evidence: Evidence) -> dict[tuple[str, str], Notion]:
    """Return (measure, level) -> what it is, of all that is published of a plan's districts.

    Where counts differ it is that of the last year in which a source says whose count it is.
    """
    about = ["series", "scope", "stage", "period_type", "period_end"]
    rows = published(plan, evidence, _MEASURED)
    rows = rows.join(evidence.figures.set_index("id")[about], on="figure")
    rows = rows.assign(vague=rows["scope"].eq("unstated"))
    rows = rows.sort_values(["vague", "year"], ascending=[True, False], kind="stable")
    return {
        (str(row["measure"]), str(row["level"])): Notion(
            *(str(row[name]) for name in ("series", "scope", "stage", "unit", *about[3:]))
        )
        for row in rows.drop_duplicates(["measure", "level"]).to_dict("records")
    }


def sought(plan: Plan, evidence: Evidence) -> pd.DataFrame:
    """Return the figures that nobody has found yet, by district in the plan's order.

    Returns
    -------
    district, measure, level, year (the plan's; of a stock that of its last count), unit, and
    look: addresses to look at, or publishers where no address is fit to be linked
    """
    rows = published(plan, evidence, _MEASURED)
    key = ["district", "measure", "level", "year"]
    held = set(rows[key].itertuples(index=False, name=None))
    known = notions(plan, evidence)
    look = _addresses(plan, evidence)
    order = sorted(known, key=lambda one: (_MEASURED.index(one[0]), CHOICES["level"].index(one[1])))
    wanted = [
        (district, measure, level, year, notion.unit, look[district])
        for district in plan.floors["district"]
        for measure, level in order
        for notion in [known[measure, level]]
        for year in [int(notion.period_end[:4]) if notion.period_type == "stock"
                     else plan_year(plan)]
        if (district, measure, level, year) not in held
    ]  # fmt: skip
    return pd.DataFrame(wanted, columns=list(GIVEN))


def _addresses(plan: Plan, evidence: Evidence) -> dict[str, str]:
    """Return where each district has published, the nearest to the plan's year first."""
    columns = ["place", "source"]
    named = pd.concat([evidence.figures[columns], evidence.left_out[columns]]).drop_duplicates()
    named = named.assign(district=named["place"].map(plan.aliases)).dropna()
    # A page on many districts has been read for each of them.
    named = named[~named["source"].duplicated(keep=False)]
    about = evidence.sources[evidence.sources["shown"]].set_index("id")
    rows = named.join(about, on="source", how="inner")
    years = pd.to_numeric(rows["published"].str.slice(0, 4), errors="coerce")
    rows = rows.assign(away=(years - plan_year(plan)).abs()).sort_values("away", kind="stable")
    found = {}
    for district in plan.floors["district"]:
        own = rows[rows["district"].eq(district)]
        linked = own["url"][own["url"].str.contains("://")]
        best = linked if len(linked) else own["publisher"]
        found[str(district)] = "; ".join(best.drop_duplicates().head(_MOST))
    return found


def labels(keys: Iterable[str], column: str, lang: str) -> dict[str, str]:
    """Return key -> how a form writes it in a language; as it stands where no text names it."""
    text = Text(lang)
    found = {}
    for key in keys:
        try:
            found[key] = text(f"{TEXTS[column]}.{key}")
        except TextError:
            found[key] = key
    return found


def place_labels(plan: Plan, lang: str) -> dict[str, str]:
    """Return the plan's districts by key, as a form writes them."""
    return dict(zip(plan.floors["district"], plan.floors[f"name_{lang}"], strict=True))


def readings(keys: Iterable[str], column: str) -> dict[str, str]:
    """Return how a form may write each key, in any language, folded -> key."""
    keys = list(keys)
    said = {name.casefold(): key for lang in LANGUAGES
            for key, name in labels(keys, column, lang).items()}  # fmt: skip
    return {key.casefold(): key for key in keys} | said


def lines(rows: pd.DataFrame, plan: Plan, lang: str) -> list[str]:
    """Return what is sought, a line a district."""
    text, names = Text(lang), place_labels(plan, lang)
    measures, levels = (labels(rows[one].unique(), one, lang) for one in ("measure", "level"))
    found = []
    for district, own in rows.groupby("district", sort=False):
        what = [
            text("gaps.what", measure=measures[str(measure)], year=str(of["year"].iloc[0]),
                 levels=text("gaps.comma").join(levels[level] for level in of["level"]))
            for measure, of in own.groupby("measure", sort=False)
        ]  # fmt: skip
        look = own["look"].iloc[0]
        found.append(
            text("gaps.line", district=names[str(district)], what=text("gaps.semicolon").join(what))
            + (text("gaps.look", look=look) if look else "")
        )
    return found


def table(rows: pd.DataFrame, plan: Plan, lang: str) -> bytes:
    """Return the form as a CSV file that Excel opens, in a language."""
    written = rows.reindex(columns=[*GIVEN, *FILLED], fill_value="")
    for column in ("measure", "level", "unit"):
        written[column] = written[column].map(labels(rows[column].unique(), column, lang))
    written["district"] = written["district"].map(place_labels(plan, lang))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(labels(written.columns, "column", lang).values())
    writer.writerows(written.itertuples(index=False, name=None))
    return stream.getvalue().encode("utf-8-sig")

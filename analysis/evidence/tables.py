"""The published figures, and how one is found."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import show
from analysis.datapackage import own, read_table
from analysis.evidence.figure import EvidenceError, Figure, first_day, last_day, sureness
from analysis.evidence.reckoning import one_count
from analysis.files import data_dir
from analysis.names import unknown
from analysis.words import LANGUAGES

_FIELDS = tuple(field.name for field in fields(Figure))
_NUMBERS = ("value", "growth_pct")
#: Figures of one count, one a period, in the order of time.
Line = tuple[Figure, ...]


@dataclass(frozen=True, eq=False)
class Figures:
    """Some of the published figures: a frame, and its rows as `Figure`s."""

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Figure]:
        for row in self.frame[list(_FIELDS)].to_dict("records"):
            yield _figure(row)


@dataclass(frozen=True, eq=False)
class Evidence:
    """The published figures with their sources, and what is left out.

    Attributes
    ----------
    figures : one row a figure; its columns, and source_title, url, publisher, published; `term`
        is what the source itself calls it, "" where figures.csv holds it
    sources : id, title, url, publisher, published, licence, shown
    left_out : series, place and period without a figure, and the reason
    ceremonies : signing and start ceremonies of Wuhan
    size_classes : projects of a ceremony by size, 1e8 CNY
    projects : projects that were named, with what figures have of their sources; no sample
    """

    figures: pd.DataFrame
    sources: pd.DataFrame
    left_out: pd.DataFrame
    ceremonies: pd.DataFrame
    size_classes: pd.DataFrame
    projects: pd.DataFrame

    def __repr__(self) -> str:
        series, places = (self.figures[column].nunique() for column in ("series", "place"))
        return f"<Evidence: {len(self.figures)} figures, {series} series, {places} places>"

    def _repr_html_(self) -> str:
        ends = self.figures.assign(year=self.figures["period_end"].str.slice(0, 4))
        held = ends.groupby(["series", "unit"], as_index=False).agg(
            places=("place", "nunique"),
            since=("year", "min"),
            until=("year", "max"),
            figures=("id", "size"),
            sources=("source", "nunique"),
        )
        return show.table(held.sort_values("figures", ascending=False), "Published figures")

    def select(self, **columns: Any) -> Figures:
        """Pick figures by column, each equal to a value or among several.

        Raises
        ------
        EvidenceError : a column that figures have not, or a value that no figure has in it

        >>> len(load_evidence().select(series="gdp", place=["Wuhan", "Huangpi"]))
        8
        """
        rows = self.figures
        for column, wanted in columns.items():
            if column not in rows:
                raise EvidenceError(unknown("column of figures", column, rows.columns))
            single = isinstance(wanted, str) or not hasattr(wanted, "__iter__")
            among = [wanted] if single else list(wanted)
            for value in set(among) - set(self.figures[column]):
                raise EvidenceError(
                    unknown(column, value, sorted(set(self.figures[column]), key=str))
                )
            rows = rows[rows[column].isin(among)]
        return Figures(rows)

    def value(self, series: str, place: str, period: str | int) -> Figure:
        """Return the surest figure of a period; an exact one before a bound.

        Parameters
        ----------
        period : a year (its annual figure, or a stock within it), or the month or
            day in which a period ends, "2019-08"

        Raises
        ------
        EvidenceError : there is none with a value; says which periods there are
        """
        of_series = [one for one in self.select(series=series, place=place) if one.known]
        period = str(period)
        first, last = first_day(period), last_day(period)
        found = [
            figure
            for figure in of_series
            if first <= figure.ends <= last
            and (len(period) > 4 or figure.period_type in ("annual", "stock"))
        ]
        if not found:
            known = ", ".join(sorted({figure.span for figure in of_series}))
            raise EvidenceError(
                f"no figure of {series} for {place} in {period}; "
                + (f"there is: {known}" if known else "none of that series and place at all")
            )
        return min(found, key=sureness)

    def line(self, series: str, place: str, *, growth: bool = False, **columns: Any) -> Line:
        """Return the surest figure of each period, which may stand in one line, by their ends.

        Of rival figures of one period one is taken, an exact one before a bound, never a mean.

        Parameters
        ----------
        growth : take figures with a published growth rate instead of those with a value
        columns : as in `select`; the period's type is annual unless named

        Raises
        ------
        StageError, ScopeError, UnitError : the figures aren't one count
        """
        chosen = self.select(series=series, place=place, **{"period_type": "annual"} | columns)
        surest: dict[tuple[date, date], Figure] = {}
        for one in sorted(chosen, key=sureness):
            if one.growth_pct == one.growth_pct if growth else one.known:
                surest.setdefault((one.ends, one.starts), one)
        found = tuple(surest[period] for period in sorted(surest))
        for one in found[1:]:
            one_count(found[0], one)
        return found


def load_evidence(path: Path | str | None = None) -> Evidence:
    """Return the evidence of a data package, which is read once; its tables are yours.

    Parameters
    ----------
    path : its folder; the project's own when None

    Raises
    ------
    EvidenceError : a figure whose source is unknown or may not be shown

    Examples
    --------
    >>> load_evidence().value("capital_in_place", "Wuhan", 2019).value
    8742.8
    """
    return own(_load(Path(path or data_dir())))


@cache
def _load(path: Path) -> Evidence:
    names = ("figures", "local_figures", "sources", "left_out", "ceremonies", "size_classes",
             "projects")  # fmt: skip
    tables = {name: read_table(name, path) for name in names}
    sources = tables["sources"]
    local, projects = (dated(tables.pop(name), sources) for name in ("local_figures", "projects"))
    figures = with_sources(tables.pop("figures").assign(term=""), sources)
    figures = pd.concat([figures, local], ignore_index=True)
    twice = figures["id"].duplicated()
    if twice.any():
        raise EvidenceError(f"figure {figures['id'][twice].iloc[0]} stands twice; drop one row")
    numbers = dict.fromkeys(("value", "growth_pct", "target_progress_pct"), float)
    return Evidence(figures=figures.astype(numbers), projects=projects, **tables)


def publisher_said(publisher: str) -> dict[str, str]:
    """Return what readers of each language are told of who published a figure.

    One that publishers.csv doesn't hold is called as its source has it.

    Examples
    --------
    >>> publisher_said("湖北日报 (republished)")
    {'zh': '湖北日报（转载）', 'en': 'Hubei Daily (republished)'}
    """
    return _publishers(data_dir()).get(publisher) or dict.fromkeys(LANGUAGES, publisher)


@cache
def _publishers(path: Path) -> dict[str, dict[str, str]]:
    rows = read_table("publishers", path).to_dict("records")
    return {row["publisher"]: {lang: row[f"name_{lang}"] for lang in LANGUAGES} for row in rows}


def with_sources(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Join title, address, publisher and date of each row's source.

    Raises
    ------
    EvidenceError : a source is unknown or not to be shown
    """
    shown = sources[sources["shown"].astype(str).str.lower().eq("true")]
    fault = rows[~rows["source"].isin(shown["id"])]
    if len(fault):
        row = fault.iloc[0]
        raise EvidenceError(
            f"figure {row['id']}: source {row['source']!r} is unknown or may not be shown; "
            "name a row of sources with shown = true, or move the figure to left_out"
        )
    about = sources.set_index("id")[["title", "url", "publisher", "published"]]
    return rows.join(about.rename(columns={"title": "source_title"}), on="source")


def dated(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Join the same, and refuse a row of which nobody says who published it, and when.

    What is told of a district or a project rests on one page, often a copy: without its
    publisher and date nobody could find it again.
    """
    joined = with_sources(rows, sources)
    for column in ("publisher", "published"):
        fault = joined[joined[column].eq("")]
        if len(fault):
            row = fault.iloc[0]
            raise EvidenceError(
                f"{row['id']}: its source {row['source']!r} has no {column}; write it in "
                "sources.csv, or move the row to left_out"
            )
    return joined


def _figure(row: dict[Hashable, Any]) -> Figure:
    cells: dict[str, Any] = {
        str(key): float(cell) if key in _NUMBERS else "" if cell != cell else str(cell)
        for key, cell in row.items()
    }
    return Figure(**cells)

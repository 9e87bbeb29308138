"""Figures that a reader has filled in: checked, and compared with what is there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from analysis.evidence import Evidence
from analysis.gaps.addition import Addition, Row
from analysis.gaps.cells import (
    Parse,
    RowFault,
    address_cell,
    bare,
    choice,
    listed,
    number_cell,
    published_cell,
    year_cell,
)
from analysis.gaps.form import CHOICES, FILLED, GIVEN, OPTIONAL, Notion, labels, notions, readings
from analysis.ledger.limits import Limits
from analysis.ledger.numbers import check_signs
from analysis.ledger.problems import CellFault, LedgerFileError
from analysis.ledger.sources import open_source
from analysis.plan import Plan


class FilledError(ValueError):
    """Rows that can't be taken; nothing is written.

    faults : each with its place and remedy
    """

    def __init__(self, faults: Iterable[LedgerFileError]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def addition(path: Path, plan: Plan, evidence: Evidence) -> Addition:
    """Return what the rows of a filled-in table add to the evidence.

    Parameters
    ----------
    path : a form as `analysis.gaps.form.table` writes it, as CSV or XLSX

    Raises
    ------
    LedgerFileError : the file can't be read, or lacks a column
    FilledError : rows that can't be taken, all of them
    """
    judge = _Judge(plan, evidence, path.name)
    for number, row, names in _rows(path):
        if any(row[column] for column in FILLED):
            judge.take(number, row, names)
        else:
            judge.found.empty += 1
    if judge.faults:
        raise FilledError(judge.faults)
    return judge.found


def _rows(path: Path) -> Iterator[tuple[int, Row, dict[str, str]]]:
    """Return number, cells by key, and the file's own column names, of each row of a form."""
    source = open_source(path, Limits(), lambda rows, total, what: rows, None)
    grid = next((one for one in source.contents.grids if one.rows), None)
    known = readings((*GIVEN, *FILLED), "column")
    header = [cell.strip() for cell in grid.rows[0][1]] if grid else []
    keys = [known.get(name.casefold(), "") for name in header]
    lacking = [key for key in (*GIVEN[:-1], *FILLED) if key not in keys]
    if lacking or grid is None:
        both = {lang: list(labels(lacking, "column", lang).values()) for lang in ("zh", "en")}
        raise LedgerFileError(
            "gap_columns", source.file, row=1,
            columns={"zh": "、".join(both["zh"]), "en": ", ".join(both["en"])},
        )  # fmt: skip
    names: dict[str, str] = {}
    for key, name in zip(keys, header, strict=True):
        if key and key in names:
            raise LedgerFileError(
                "header_duplicate", source.file, row=1, column=name, other=names[key]
            )
        names[key] = name
    for number, cells in grid.rows[1:]:
        if not grid.padded and len(cells) != len(header):
            raise LedgerFileError(
                "row_length", source.file, row=number, cells=len(cells), names=len(header)
            )
        padded = [*cells, *[""] * (len(header) - len(cells))]
        texts = {key: " ".join(cell.split()) for key, cell in zip(keys, padded, strict=False)}
        yield number, texts, names


class _Judge:
    """Takes rows one by one, each compared with the evidence and the rows before it."""

    def __init__(self, plan: Plan, evidence: Evidence, file: str) -> None:
        self.plan, self.file = plan, file
        self.notions = notions(plan, evidence)
        self.places = {
            plan.aliases[place]: place
            for place in evidence.figures["place"]
            if place in plan.aliases
        }
        self.figures: list[Mapping[str, object]] = evidence.figures.to_dict("records")  # type: ignore[assignment]
        self.sources: list[Row] = evidence.sources.astype(str).to_dict("records")  # type: ignore[assignment]
        self.found = Addition()
        self.faults: list[LedgerFileError] = []
        units = {notion.unit for notion in self.notions.values()}
        self.parsers: dict[str, Parse] = {
            "district": self._district,
            "measure": choice(dict.fromkeys(key for key, _ in self.notions), "measure"),
            "level": choice(CHOICES["level"], "level"),
            "year": year_cell,
            "unit": choice(units, "unit"),
            "value": number_cell,
            "url": address_cell,
            "published": published_cell,
            **{key: choice(CHOICES[key], key) for key in ("bound", "kind", "confidence")},
        }

    def take(self, number: int, row: Row, names: Mapping[str, str]) -> None:
        """Add a row's figure, count it as unchanged, or note what is wrong with it."""
        read: Row = {}
        wrong: list[tuple[str, CellFault]] = []
        for key in (*GIVEN[:-1], *FILLED):
            try:
                if not row[key] and key not in OPTIONAL:
                    raise CellFault("missing", name=names[key])
                check_signs(row[key])
                read[key] = self.parsers.get(key, str)(row[key]) if row[key] else ""
            except CellFault as fault:
                wrong.append((key, fault))
        if not wrong:
            try:
                self._add(read)
            except RowFault as fault:
                wrong.append((fault.column, fault))
        self.faults += [
            LedgerFileError(fault.code, self.file, row=number, column=names[key], **fault.given)
            for key, fault in wrong
        ]

    def _district(self, name: str) -> str:
        district = self.plan.aliases.get(name, name)
        if district not in set(self.plan.floors["district"]):
            near = get_close_matches(name, self.plan.aliases, 3, 0.3) or list(self.places)[:3]
            raise CellFault("unknown_district", near=", ".join(near))
        return district

    def _add(self, read: Row) -> None:
        notion = self.notions.get((read["measure"], read["level"]))
        if notion is None:
            levels = [level for measure, level in self.notions if measure == read["measure"]]
            raise RowFault("level", "unknown_choice", near=listed(levels, "level"))
        if read["unit"] != notion.unit:
            raise RowFault("unit", "gap_unit", unit=listed([notion.unit], "unit"))
        value, bound = float(read["value"]), read["bound"] or "exact"
        measured = self.plan.measures.get(read["measure"])
        kind = measured.type if measured else "level"
        if kind != "growth" and not 0 <= value <= (100 if kind == "share" else math.inf):
            raise RowFault("value", "gap_range")
        rivals = [one for one in self.figures if self._rival(one, notion, read)]
        if any(one["bound"] == bound and math.isclose(_float(one["value"]), value)
               for one in rivals):  # fmt: skip
            self.found.unchanged += 1
            return
        source = self._source(read)
        same = next((one for one in rivals if one["source"] == source["id"]), None)
        if same:
            raise RowFault("value", "gap_same_source", there=f"{same['value']:g}")
        if rivals and not read["note"]:
            there = ", ".join(f"{one['value']:g}" for one in rivals)
            raise RowFault("note", "gap_rival", there=there)
        if source not in self.sources:
            self.sources.append(source)
            self.found.sources.append(source)
        figure = self._figure(read, notion, bound, source["id"])
        self.figures.append({**figure, "value": value})
        self.found.figures.append(figure)
        self.found.cells.append(read)

    def _rival(self, one: Mapping[str, object], notion: Notion, read: Row) -> bool:
        return (
            one["series"] == notion.series
            and self.plan.aliases.get(str(one["place"])) == read["district"]
            and one["period_type"] == notion.period_type
            and str(one["period_end"])[:4] == read["year"]
            and not math.isnan(_float(one["value"]))
        )

    def _source(self, read: Row) -> Row:
        """Return the source at an address: the one that is there, or a new one."""
        address = bare(read["url"])
        told = {key: read[key] for key in ("publisher", "published")}
        for one in self.sources:
            if one["url"] and bare(one["url"]) == address:
                if one["shown"].lower() != "true":
                    raise RowFault("url", "gap_not_shown")
                if told != {key: one[key] for key in told}:
                    given = {key: one[key] or "—" for key in told}
                    raise RowFault("publisher", "gap_source", **given)
                return one
        hosts = {one["url"].partition("/")[0] for one in self.sources if "://" not in one["url"]}
        host = address.partition("/")[0]
        official = host.endswith(".gov.cn")
        taken = {one["id"] for one in self.sources}
        return {
            "id": _new(f"{read['district']}_{read['published'].replace('-', '_')}", taken),
            "title": read["title"] or f"{read['publisher']}, {read['published']}",
            # Copies of doubtful repute are named and not linked.
            "url": address if host in hosts else read["url"],
            **told,
            "licence": "government document" if official else "facts quoted with the source",
            "shown": "true",
        }

    def _figure(self, read: Row, notion: Notion, bound: str, source: str) -> Row:
        year, district = read["year"], read["district"]
        start, end = f"{year}-01", f"{year}-12"
        if notion.period_type == "stock":
            end = notion.period_end if notion.period_end.startswith(year) else end
            start = end
        taken = {str(one["id"]) for one in self.figures}
        limit = "" if bound == "exact" else f"_{bound}"
        return {
            "id": _new(f"{notion.series}_{district}_{year}{limit}", taken),
            "series": notion.series, "scope": notion.scope, "stage": notion.stage,
            "place": self.places[district],
            "period_start": start, "period_end": end, "period_type": notion.period_type,
            "value": read["value"], "bound": bound, "unit": notion.unit,
            "growth_pct": "", "target_progress_pct": "",
            "term": read["term"], "note": read["note"], "source": source, "section": "",
            "kind": read["kind"], "confidence": read["confidence"],
        }  # fmt: skip


def _float(value: object) -> float:
    return float(str(value))


def _new(key: str, taken: set[str]) -> str:
    """Return a key that nothing has yet: itself, or numbered from 2."""
    number = 1
    while (name := key if number == 1 else f"{key}_{number}") in taken:
        number += 1
    return name

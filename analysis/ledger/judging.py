"""Which rows of a table are good, which are held back and why, and whether totals agree."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pandas as pd

from analysis.ledger.cells import Money
from analysis.ledger.checks import Fault, broken_rules, names_of_one, repeats, suspects
from analysis.ledger.columns import Columns, read_columns
from analysis.ledger.dates import EPOCH_1900, read_date
from analysis.ledger.form import KINDS, form
from analysis.ledger.marks import BETWEEN, CODE, CONFIRMED, ORIGIN, VALUE, confirmed
from analysis.ledger.numbers import tidy
from analysis.ledger.problems import CellFault, Finding, say
from analysis.ledger.report import IMPORTER, QUARANTINE, Reading
from analysis.ledger.shape import OVERFLOW, Table
from analysis.ledger.totals import reconcile
from analysis.ledger.units import Unit, headed
from analysis.text import both


def judge(table: Table, money: Money, file: str, today: date) -> Reading:
    columns = read_columns(table, money, today)
    raws = _raws(table, standing_names(table, money.unit))
    faults = columns.faults + _lengths(table)
    bad = {(label, name) for label, name, _, _ in faults}
    faults += [
        fault for fault in broken_rules(table.kind, columns.rows, today) if fault[:2] not in bad
    ]
    amount = form(table.kind).amount.name
    odd, held = suspects(columns.rows[amount])
    held |= _unconfirmed(table, amount)
    held &= ~_marked(table, CONFIRMED).map(confirmed).astype(bool)
    faults += [(int(label), amount, "unit_suspect", {}) for label in held.index[held]]
    columns.oddities.extend((int(label), amount, "size_odd", {}) for label in odd.index[odd])
    rows = columns.rows.assign(
        sheet=table.grid.sheet, row=[row.number for row in table.rows], raw=raws
    )
    good = rows.drop(index=sorted({label for label, *_ in faults}))
    faults += [_repeat(table, *found) for found in repeats(table.kind, good)]
    return _assembled(table, money, file, columns, rows, faults)


def _repeat(table: Table, label: int, code: str, other: int) -> Fault:
    """Return what is wrong with a row that stands twice: perhaps its district under two names."""
    here, there = (tidy(_value(table, one, "district")) for one in (label, other))
    if code == "key_conflict" and here not in there and there not in here:
        code = "place_conflict"
    given = {"row": table.rows[other].number, "here": here, "there": there}
    return label, "", code, given


def _names_of_one(table: Table, rows: pd.DataFrame, amount: str) -> list[Finding]:
    """Tell of districts that the table calls by two names, with the sum of each."""
    said = pd.Series(
        [tidy(_value(table, label, "district")) for label in rows.index], rows.index, dtype=object
    )
    return [
        Finding("names_of_one", table.grid.sheet, 0, _named(table, "district"),
                ", ".join(f"{name} {total.normalize():,f}" for name, total in names.items()),
                {"unit": both(f"reading.template.unit.{form(table.kind).currency}")})
        for names in names_of_one(said, rows["district"], rows[amount])
    ]  # fmt: skip


def _assembled(
    table: Table, money: Money, file: str, columns: Columns, rows: pd.DataFrame,
    faults: list[Fault],
) -> Reading:  # fmt: skip
    faulty = sorted({label for label, *_ in faults})
    accepted = pd.Series(True, index=rows.index)
    accepted[faulty] = False
    amount = form(table.kind).amount.name
    amounts = pd.DataFrame(
        {
            "amount": rows[amount], "decimals": columns.decimals,
            "district": rows["district"], "scope": rows.get("scope"), "accepted": accepted,
        },
        dtype=object,
    )  # fmt: skip
    controls = reconcile(
        table.totals, amounts, lambda text: money(text, "", None, None),
        table.grid.sheet, table.names[table.places[amount]],
    )  # fmt: skip
    known = amounts[amounts["amount"].notna()]
    taken = known["accepted"].astype(bool)
    sums = {
        "read": sum(known["amount"], Decimal(0)),
        "accepted": sum(known.loc[taken, "amount"], Decimal(0)),
        "quarantined": sum(known.loc[~taken, "amount"], Decimal(0)),
    }
    counts = {
        **table.counts, "accepted": len(rows) - len(faulty), "quarantined": len(faulty),
    }  # fmt: skip
    return Reading(
        kind=table.kind, file=file, sha256="", importer=IMPORTER,
        rows=rows[accepted].reset_index(drop=True),
        quarantine=_quarantine(table, file, faults, rows),
        warnings=(
            *table.grid.warnings, *_header_warnings(table),
            *_names_of_one(table, rows, amount),
            *(_finding(table, oddity) for oddity in columns.oddities if accepted[oddity[0]]),
            *_total_warnings(table, controls),
        ),
        counts=counts, controls=controls, sums=sums, sheet=table.grid.sheet, 
        names=standing_names(table, money.unit),
        header_rows=table.header_rows, unit=money.unit.label if money.unit else "",
        container="", encoding="", notes=table.notes,
        rates=money.rates.rates if any(o[2] == "converted" for o in columns.oddities) else (),
    )  # fmt: skip


def standing_names(table: Table, unit: Unit | None) -> tuple[str, ...]:
    """Return a header whose names can be read alone: without a title, or a row above them."""
    known = form(table.kind).names
    names = list(table.names)
    for name, place in table.places.items():
        column, head = form(table.kind)[name], headed(names[place])
        if not any(known.get(said) == name for said in head.names):
            names[place] = column.name_zh
        if column.type == "amount" and unit and not headed(names[place]).unit:
            names[place] += f"（{unit.label}）"
        if column.type == "ratio" and table.heads[name].percent and not head.percent:
            names[place] += "（%）"
    return tuple(names)


def _raws(table: Table, names: tuple[str, ...]) -> list[str]:
    """Return each row as it stands, header name -> text; what lies beyond as +1, +2."""
    width = len(names)
    left_out = {place for mark, place in table.marks.items() if mark not in ORIGIN}
    kept = [(name, place) for place, name in enumerate(names) if place not in left_out]
    # Serial numbers that count from 1904 would be other dates in any other file.
    dates = {table.places.get(name, -1) for name in form(table.kind).of_type("date")}
    shifted = dates if table.grid.epoch != EPOCH_1900 else set()
    raws = []
    for row in table.rows:
        cells = row.cells + [""] * (width - len(row.cells))
        held = {
            name: _undated(cells[place], table.grid.epoch) if place in shifted else cells[place]
            for name, place in kept
        }
        held |= {f"+{n}": cell for n, cell in enumerate(cells[width:], start=1) if cell.strip()}
        raws.append(json.dumps(held, ensure_ascii=False))
    return raws


def _undated(text: str, epoch: date) -> str:
    try:
        period = read_date(text, epoch)
    except CellFault:
        return text
    return period.first.isoformat() if period.first and "excel_serial" in period.odd else text


def _lengths(table: Table) -> list[Fault]:
    """Find rows that have more cells than the header, or less in a file that pads none."""
    width = len(table.names)
    overflow = [place for place, name in enumerate(table.names) if OVERFLOW.fullmatch(name)]
    faults: list[Fault] = []
    for label, row in enumerate(table.rows):
        extra = any(cell.strip() for cell in row.cells[width:]) or any(
            row.cells[place].strip() for place in overflow if place < len(row.cells)
        )
        short = not table.grid.padded and len(row.cells) < width
        if extra or short:
            faults.append((label, "", "row_length", {"cells": len(row.cells), "names": width}))
    return faults


def _value(table: Table, label: int, name: str) -> str:
    cells, place = table.rows[label].cells, table.places.get(name, -1)
    return cells[place] if 0 <= place < len(cells) else ""


def _named(table: Table, name: str) -> str:
    """Return what the file calls a column of the form; the form's name if it has none."""
    if name in table.places:
        return table.names[table.places[name]]
    return form(table.kind)[name].name_zh if name else ""


def _marked(table: Table, mark: str) -> pd.Series:
    """Return what a quarantine file says of each row under a mark; "" in any other file."""
    place = table.marks.get(mark)
    cells = [
        "" if place is None or place >= len(row.cells) else row.cells[place] for row in table.rows
    ]
    return pd.Series(cells, dtype=object)


def _unconfirmed(table: Table, amount: str) -> pd.Series:
    """Whether an amount was held back as odd and stands there unchanged."""
    codes, values = _marked(table, CODE), _marked(table, VALUE)
    amounts = [_value(table, label, amount) for label in range(len(table.rows))]
    return pd.Series(
        [
            "unit_suspect" in code.split(BETWEEN) and said in value.split(BETWEEN)
            for code, value, said in zip(codes, values, amounts, strict=True)
        ],
        dtype=bool,
    )  # fmt: skip


def _quarantine(table: Table, file: str, faults: list[Fault], rows: pd.DataFrame) -> pd.DataFrame:
    order = {column.name: place for place, column in enumerate(form(table.kind).columns)}
    raws = rows["raw"].tolist()
    lines = []
    for label, name, code, given in sorted(faults, key=lambda f: (f[0], order.get(f[1], -1))):
        said = [say(key, lang, given) for lang in ("en", "zh") for key in (code, f"{code}.hint")]
        place = table.rows[label].number
        column, value = _named(table, name), _value(table, label, name)
        lines.append(
            (table.kind, file, table.grid.sheet, place, column, value, code, *said, raws[label])
        )
    return pd.DataFrame(lines, columns=list(QUARANTINE), dtype=object)


def _finding(table: Table, oddity: Fault) -> Finding:
    label, name, code, given = oddity
    row = table.rows[label].number
    value = _value(table, label, name)
    return Finding(code, table.grid.sheet, row, _named(table, name), value, given)


def _header_warnings(table: Table) -> list[Finding]:
    taken, marked = set(table.places.values()), set(table.marks.values())
    row = table.header_rows[-1]
    unknown = [
        Finding("unknown_column", table.grid.sheet, row, name, name)
        for place, name in enumerate(table.names)
        if place not in taken and place not in marked and not OVERFLOW.fullmatch(name)
    ]
    merged = sorted(table.merged)
    filled = [
        Finding("merged_filled", table.grid.sheet, number, table.names[place], "")
        for number, place in merged
        if place < len(table.names)
    ]
    skipped = [
        Finding("example_skipped", table.grid.sheet, number, "", "") for number in table.examples
    ]
    return unknown + filled + skipped + _other_tables(table)


def _other_tables(table: Table) -> list[Finding]:
    """Say so where a sheet holds another table of the ledger too, as projects with arrivals."""
    found = []
    for kind in KINDS:
        known = form(kind).names
        said = [{known[n] for n in headed(name).names if n in known} for name in table.names]
        complete = set(form(kind).required) <= set().union(*said)
        own = table.places[form(table.kind).amount.name]
        if kind != table.kind and complete and form(kind).amount.name not in said[own]:
            row = table.header_rows[0]
            found.append(Finding("other_table", table.grid.sheet, row, "", kind, {"kind": kind}))
    return found


def _total_warnings(table: Table, controls: pd.DataFrame) -> list[Finding]:
    found = []
    for line, total in zip(controls.to_dict("records"), table.totals, strict=True):
        if line["agrees"] is None or line["agrees"]:
            continue
        code = "total_unreadable" if line["stated"] is None else "total_mismatch"
        given = {
            name: "–" if line[name] is None else f"{line[name].normalize():,f}"
            for name in ("stated", "summed", "difference", "tolerance")
        }
        found.append(
            Finding(code, table.grid.sheet, total.number, str(line["column"]), total.stated, given)
        )
    return found

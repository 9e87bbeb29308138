"""Drawn projects and arrivals as the three tables of a ledger, as a store holds them.

Arrow tables, made with no loop over rows: text is joined from codes and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.example_ledger.drawing import DAY, MONTH, calendar, draw
from analysis.example_ledger.parameters import Parameters
from analysis.example_ledger.tranches import UNIT, Tranches, payments, tranches
from analysis.ledger.engine import EXAMPLE_ID
from analysis.ledger.form import ARRIVALS, FOREIGN, PROJECTS, form
from analysis.ledger.stored import AMOUNT, BOOLEAN, DATE, RATIO, TEXT, WHOLE, stored_columns
from analysis.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa

#: Digits of an id's number.
DIGITS = 7
FILE = "example ledger"
CARRIED = "结转 carried over"


def schema(kind: str) -> pa.Schema:
    """Return the stored columns of a table, in Arrow's types."""
    import pyarrow as pa

    types = {
        AMOUNT: pa.decimal128(18, 6),
        RATIO: pa.float64(),
        BOOLEAN: pa.bool_(),
        DATE: pa.date32(),
        WHOLE: pa.int32(),
        TEXT: pa.string(),
    }
    return pa.schema([(name, types[said]) for name, said in stored_columns(kind).items()])


class Made:
    """The example ledger of some parameters, seed and size; its tables are made when asked for.

    rows : arrivals in all; as many as there are tranches if None
    """

    def __init__(
        self, plan: Plan, parameters: Parameters, projects: int, rows: int | None, seed: int
    ) -> None:
        random = np.random.default_rng(seed)
        self._parameters, self._seed, self._rows = parameters, seed, rows
        drawn = draw(plan, parameters, projects, random)
        base = tranches(drawn, parameters, random)
        first, _ = parameters.window
        carried = drawn.signed < first
        # A project from before is in the ledger if anything of it arrives in its years.
        kept = ~carried | np.isin(np.arange(len(drawn)), base.project)
        place = np.cumsum(kept) - 1
        self.tiers = plan.floors["tier"].to_numpy()
        self.drawn = drawn.only(kept)
        self.base = Tranches(place[base.project], base.day, base.amount)
        self._vague = random.random(len(base)) < parameters("month_precision")
        self._random = random.integers(2**32, size=3)

    def projects(self) -> pa.Table:
        """Return the table of projects."""
        drawn, p = self.drawn, self._parameters
        random = np.random.default_rng(self._random[0])
        number = np.arange(1, len(drawn) + 1)
        ids = numbered(EXAMPLE_ID, number)
        columns: dict[str, Any] = {
            "project_id": ids,
            "name": numbered("示例 Example ", number),
            "tier": _coded(drawn.district, list(self.tiers)),
            "size": decimals(drawn.size * UNIT),
            "origin": _coded(drawn.foreign.astype(int), ["domestic", "foreign"]),
            "foreign_share": _missing(drawn.foreign_share, np.isnan(drawn.foreign_share)),
            "industry_project": drawn.industry_project,
            "headquarters": drawn.headquarters,
            "outward": drawn.outward,
            "lead_district": _coded(drawn.lead_district, drawn.names["district"]),
            "note": _coded(np.where(drawn.signed < p.window[0], 0, -1), [CARRIED]),
            "row_key": ids,
        }
        for name in ("district", "chain", "link", "sector", "innovation"):
            columns[name] = _coded(getattr(drawn, name), drawn.names[name])
        for stage, column in (
            ("lead", "lead_date"), ("signed", "signed_date"), ("started", "start_date"),
            ("production", "production_date"),
        ):  # fmt: skip
            columns |= self._dates(getattr(drawn, stage), column, random)
        return _table(PROJECTS, columns, number)

    def _dates(self, times: np.ndarray, column: str, random: np.random.Generator) -> dict[str, Any]:
        """Return a date with its precision: none before the ledger, planned ones after it."""
        p = self._parameters
        first, end = p.window
        may_be_planned = form(PROJECTS)[column].future == "planned"
        latest = end + (p("planned_ahead") if may_be_planned else 0)
        days = calendar(np.where((times >= first) & (times < latest), times, np.nan), p.season)
        vague = random.random(len(days)) < p("month_precision")
        dated, precision = _vague(days, vague)
        found = {column: dated, f"{column}_precision": precision}
        if may_be_planned:
            found[f"{column}_planned"] = _missing(times >= end, np.isnat(days))
        return found

    def arrivals(self) -> Iterator[pa.Table]:
        """Yield the table of arrivals, a part at a time."""
        drawn, p = self.drawn, self._parameters
        kinds, shares = p.shares("capital_kind")
        random = np.random.default_rng(self._random[1])
        kind = np.searchsorted(np.cumsum(shares)[:-1], random.random(len(self.base)))
        draws = random.random(len(self.base))
        own = np.where(draws < p("own_district"), drawn.district[self.base.project], -1)
        away = random.integers(1, len(self.tiers), len(self.base))
        elsewhere = (drawn.district[self.base.project] + away) % len(self.tiers)
        own = np.where(draws > 1 - p("other_district"), elsewhere, own)
        done = 0
        for part, place in payments(self.base, self._rows, ~self._vague, self._seed):
            number = np.arange(done + 1, done + len(part) + 1)
            done += len(part)
            ids = numbered(f"{EXAMPLE_ID}A", number)
            day, precision = _vague(part.day, self._vague[place])
            columns = {
                "arrival_id": ids,
                "project_id": numbered(EXAMPLE_ID, part.project + 1),
                "district": _coded(own[place], drawn.names["district"]),
                "date": day,
                "date_precision": precision,
                "amount": decimals(part.amount),
                "currency": _coded(np.zeros(len(part), int), ["CNY"]),
                "capital_kind": _coded(kind[place], kinds),
                "row_key": ids,
            }
            yield _table(ARRIVALS, columns, number)

    def foreign_capital(self) -> pa.Table:
        """Return the records of foreign capital: by project, a record a tranche and scope."""
        drawn, p = self.drawn, self._parameters
        base = self.base.only(np.flatnonzero(drawn.foreign[self.base.project]))
        usd = base.amount / UNIT * drawn.foreign_share[base.project] / p("exchange_rate")
        cents = np.round(usd * YUANS_CENT).astype(np.int64)
        fdi = np.flatnonzero(drawn.fdi[base.project])
        chosen = np.concatenate([np.arange(len(base)), fdi])
        scope = np.repeat([0, 1], [len(base), len(fdi)])
        order = np.argsort(base.day[chosen], kind="stable")
        chosen, scope = chosen[order], scope[order]
        number = np.arange(1, len(chosen) + 1)
        ids = numbered(f"{EXAMPLE_ID}F", number)
        project = base.project[chosen]
        vague = self._vague[np.flatnonzero(drawn.foreign[self.base.project])][chosen]
        day, precision = _vague(base.day[chosen], vague)
        columns = {
            "record_id": ids,
            "project_id": numbered(EXAMPLE_ID, project + 1),
            "district": _coded(drawn.district[project], drawn.names["district"]),
            "date": day,
            "date_precision": precision,
            "scope": _coded(scope, ["utilised", "fdi"]),
            "amount": decimals(cents[chosen] * (UNIT // YUANS_CENT)),
            "currency": _coded(np.zeros(len(chosen), int), ["USD"]),
            "row_key": ids,
        }
        return _table(FOREIGN, columns, number)


#: Records of foreign capital are written to the hundredth of 1e4 USD.
YUANS_CENT = 100


def _table(kind: str, columns: Mapping[str, Any], number: np.ndarray) -> pa.Table:
    """Return a table with all stored columns; those not given are missing."""
    import pyarrow as pa

    wanted, rows = schema(kind), len(number)
    zeros = np.zeros(rows, np.int32)
    given = {
        **columns,
        "import_id": zeros,
        "version": zeros + 1,
        "row": number.astype(np.int32),
        "file": _coded(zeros, [FILE]),
        "file_sha": _coded(zeros, [""]),
    }
    return pa.table(
        [
            pa.array(given[f.name], type=f.type) if isinstance(given.get(f.name), np.ndarray)
            else given[f.name] if f.name in given else pa.nulls(rows, f.type)
            for f in wanted
        ],
        schema=wanted,
    )  # fmt: skip


def decimals(millionths: np.ndarray) -> pa.Array:
    """Return DECIMAL(18,6) of whole millionths, with no detour through text or floats."""
    import pyarrow as pa

    # Arrow's decimals are 128-bit integers, low half first.
    halves = np.empty((len(millionths), 2), np.int64)
    halves[:, 0] = millionths
    halves[:, 1] = millionths >> 63
    kind = pa.decimal128(18, 6)
    return pa.Array.from_buffers(kind, len(millionths), [None, pa.py_buffer(halves)])


def numbered(prefix: str, number: np.ndarray) -> pa.Array:
    """Return ids: a prefix and a number of `DIGITS` digits or more."""
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), DIGITS, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def _coded(code: np.ndarray, values: list[str]) -> pa.Array:
    """Return text from codes; -1 is missing."""
    import pyarrow as pa

    codes = pa.array(code.astype(np.int32), mask=code < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, pa.string())).cast(pa.string())


def _missing(values: np.ndarray, where: np.ndarray) -> pa.Array:
    import pyarrow as pa

    return pa.array(values, mask=where)


def _vague(days: np.ndarray, vague: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """Return dates of which some are known to the month only, and their precision."""
    months = days.astype("datetime64[M]").astype("datetime64[D]")
    code = np.where(np.isnat(days), -1, vague.astype(int))
    return np.where(vague, months, days), _coded(code, [DAY, MONTH])

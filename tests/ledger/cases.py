"""What is asked of every engine, and of which ledgers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import oracle
import pandas as pd
import pyarrow as pa

from analysis.example_ledger.tables import schema
from analysis.ledger import aggregates as ask
from analysis.ledger.form import KINDS
from analysis.ledger.stored import stored_columns

D, M = date, Decimal
Rows = list[dict[str, Any]]
Asked = Callable[[Any], Any]
LEAP, END = date(2020, 2, 29), date(2021, 9, 30)


def rows(kind: str, *given: dict[str, Any]) -> Rows:
    """Complete rows: what is not given is missing."""
    names = stored_columns(kind)
    provenance = {"import_id": 1, "file_sha": "", "file": "a test", "version": 1}
    return [
        {**dict.fromkeys(names), **provenance, "row_key": f"{kind}-{n}", "row": n, **row}
        for n, row in enumerate(given, start=1)
    ]


def arrow(ledger: dict[str, Rows]) -> dict[str, pa.Table]:
    return {kind: pa.Table.from_pylist(ledger[kind], schema=schema(kind)) for kind in KINDS}


def project(number: int, **more: Any) -> dict[str, Any]:
    base = {"project_id": f"P{number}", "name": f"项目 {number}", "district": "jiangan",
            "sector": "service", "size": M(20_000)}  # fmt: skip
    return {**base, **more}


def arrival(number: int | str, day: date, amount: str, **more: Any) -> dict[str, Any]:
    return {"project_id": f"P{number}", "date": day, "amount": M(amount), **more}


EMPTY = {kind: rows(kind) for kind in KINDS}
#: Nulls, corrections, leap days, quarters' ends, plans, vague dates, strangers.
EDGES = {
    "projects": rows(
        "projects",
        project(1, chain="it", link="晶圆制造", sector="industrial", size=M("300000"),
                lead_date=D(2020, 1, 31), signed_date=LEAP, start_date=D(2020, 3, 31),
                production_date=D(2021, 6, 30), headquarters=True, lead_district="caidian"),
        project(2, district="caidian", sector="industrial", size=M("299999.999999"),
                signed_date=D(2020, 1, 31), signed_date_precision="day", outward=True),
        project(3, district="east_lake", sector="industrial", chain="it", size=M("1000000"),
                origin="foreign", foreign_share=0.5, signed_date=D(2021, 3, 31),
                start_date=D(2021, 12, 1), start_date_planned=True,
                production_date=D(2099, 1, 1), production_date_planned=True),
        project(4, district="east_lake_scenic", innovation="rd_body", size=M("9999.999999"),
                signed_date=D(2021, 4, 1), signed_date_precision="month"),
        project(5, district="wuhan_edz", sector="industrial", size=M("500000"),
                signed_date=D(2021, 9, 30), start_date=D(2021, 10, 1), headquarters=False,
                start_date_planned=False),
        project(6, district="airport", size=M("0"), lead_date=D(2021, 5, 1)),
        project(7, district="hongshan", chain="health", size=M("100000"), note="no dates at all"),
        project(8, district="xinzhou", sector="industrial", size=M("10000"),
                signed_date=D(2019, 12, 31), production_date=D(2021, 9, 30), origin="domestic"),
        project(9, district="jianghan", size=M("300000"), signed_date=D(2021, 1, 1),
                signed_date_precision="quarter", start_date=D(2021, 1, 1),
                start_date_precision="quarter", lead_date=D(2022, 1, 1), lead_district="jiangan"),
        project(10, district="qiaokou", sector=None, size=None, signed_date=D(2021, 9, 1)),
    ),
    "arrivals": rows(
        "arrivals",
        arrival(1, D(2020, 2, 28), "10.5", capital_kind="equity"),  # before it was signed
        arrival(1, LEAP, "0.000001", capital_kind="loan"),
        arrival(1, D(2020, 3, 28), "1000"),
        arrival(1, D(2020, 3, 29), "2000", district="wuchang"),  # a month of age that day
        arrival(1, D(2021, 2, 28), "3000", date_precision="month"),
        arrival(2, D(2020, 2, 29), "500"),  # day 31 has not come round
        arrival(2, D(2020, 3, 31), "-700.25", note="more than had come"),
        arrival(3, D(2021, 9, 30), "123456789012.123456", capital_kind="equity"),
        arrival(3, D(2021, 10, 1), "5"),
        arrival(4, D(2021, 4, 1), "77", date_precision="month"),
        arrival(4, D(2021, 4, 1), "-77"),
        arrival(5, D(2021, 12, 31), "40"),
        arrival(7, D(2020, 9, 30), "900", capital_kind="reinvested"),
        arrival(8, D(2019, 12, 31), "1"),
        arrival(8, D(2020, 12, 31), "2"),
        arrival(8, D(2021, 9, 1), "4"),
        arrival(9, D(2021, 1, 1), "8", date_precision="quarter"),
        arrival("X", D(2021, 8, 31), "16"),  # of no project in the ledger
        arrival("X", D(2021, 8, 31), "32", district="jiangan"),
    ),
    "foreign_capital": rows(
        "foreign_capital",
        {"project_id": "P3", "district": "east_lake", "date": END, "scope": "utilised",
         "amount": M("1234.5")},
        {"project_id": "P3", "district": "east_lake", "date": END, "scope": "fdi",
         "amount": M("234.5")},
        {"district": "jiangan", "date": D(2020, 9, 30), "scope": "utilised", "amount": M("-1")},
        {"district": "east_lake_scenic", "date": LEAP, "scope": "fdi", "amount": M("0.01")},
    ),
}  # fmt: skip


def answers(asked: Any) -> dict[str, Any]:
    """Ask everything once: of the aggregates (`ask`) or of the `oracle`."""

    def of(name: str, *arguments: Any, **named: Any) -> Asked:
        return lambda ledger: getattr(asked, name)(ledger, *arguments, **named)

    return {
        "capital": of("capital"),
        "capital in a period": of("capital", (), D(2020, 2, 29), D(2021, 8, 31)),
        "capital by district, tier and month": of("capital", ("district", "tier", "month")),
        "capital by all that projects have": of(
            "capital",
            ("chain", "link", "sector", "origin", "innovation", "lead_district", "size_class"),
        ),
        "capital by kind": of("capital", ("capital_kind",), None, END),
        "capital by project": of("capital", ("project_id",)),
        "pipeline": of("pipeline"),
        "pipeline by tier": of("pipeline", ("tier",), END),
        "pipeline by chain on a leap day": of("pipeline", ("chain",), LEAP),
        "cohorts": of("cohorts"),
        "cohorts by sector": of("cohorts", ("sector",), END),
        "waits for the first arrival": of("waits", "signed", "first_arrival", (), END),
        "waits for production by sector": of("waits", "started", "production", ("sector",), END),
        "waits for signing": of("waits", "lead", "signed", (), D(2022, 6, 30)),
        "waits after the first arrival": of("waits", "first_arrival", "production", (), END),
        "sizes": of("sizes"),
        "sizes by tier": of("sizes", ("tier",), D(2021, 1, 1), END),
        "quotas": of("quota_projects"),
        "quotas of a year": of("quota_projects", D(2021, 1, 1), D(2021, 12, 31)),
        "concentration": of("concentration"),
        "concentration by tier": of("concentration", ("tier",), D(2020, 1, 1), END),
        "foreign": of("foreign"),
        "foreign by district and month": of("foreign", ("district", "month"), None, END),
        "foreign by tier and chain": of("foreign", ("tier", "chain")),
        "largest projects": of("listing", "projects"),
        "largest of a tier": of("listing", "projects", {"tier": "outer"}, END),
        "three largest": of("listing", "projects", {}, END, 3),
        "foreign firms": of("listing", "firms", {}, END),
        "platforms": of("listing", "platforms"),
    }


#: Name -> the expression of a ledger, and what the oracle says of its rows.
ASKED: dict[str, tuple[Asked, Asked]] = {
    name: (expression, answers(oracle)[name]) for name, expression in answers(ask).items()
}


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Hold an engine's frame against the oracle's rows, in any order; money to the last bit."""
    assert list(found.columns) == list(expected.columns)
    given = pd.DataFrame(
        {
            name: pd.to_datetime(expected[name]).astype("datetime64[s]")
            if str(found[name].dtype).startswith("datetime")
            else expected[name].astype(found[name].dtype)
            for name in found.columns
        }
    ).sort_values(list(found.columns), ignore_index=True)
    summed = [name for name in found.columns if name in ("herfindahl", "top1", "top5", "top10")]
    exact = [name for name in found.columns if name not in summed]
    pd.testing.assert_frame_equal(found[exact], given[exact], check_exact=True)
    pd.testing.assert_frame_equal(found[summed], given[summed], rtol=1e-12)

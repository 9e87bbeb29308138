"""The same questions on DuckDB, PostgreSQL and Spark, and worked out by hand: equal answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import cases
import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.ledger import aggregates
from analysis.ledger.condensed import by_month, condensed
from analysis.ledger.engine import Ledger, open_ledger
from analysis.ledger.form import KINDS
from analysis.ledger.frames import frame
from analysis.ledger.shared import SCHEMA, SharedStore
from analysis.ledger.stored import stored_columns

LEDGERS = {"edges": cases.EDGES, "empty": cases.EMPTY}
#: Of the empty ledger only what gives rows even so: each question takes its time.
ASKED = [
    *((question, "edges") for question in cases.ASKED),
    *((question, "empty") for question in ("capital", "pipeline", "concentration", "quotas")),
]


@pytest.fixture(scope="module")
def duckdb_ledgers(tmp_path_factory) -> dict[str, Ledger]:
    return {name: open_ledger(written(rows, tmp_path_factory)) for name, rows in LEDGERS.items()}


def test_a_file_of_duckdbs_answers_as_parquet_does(tmp_path, tmp_path_factory):
    folder = written(cases.EDGES, tmp_path_factory)
    file = tmp_path / "o'brien's" / "ledger.duckdb"
    file.parent.mkdir()
    with duckdb.connect(file) as made:
        for kind in KINDS:
            made.read_parquet(str(folder / f"{kind}.parquet")).create(kind)
    cases.assert_same(
        frame(aggregates.capital(open_ledger(file), ("district", "month"))),
        frame(aggregates.capital(open_ledger(folder), ("district", "month"))),
    )


def test_sums_of_months_answer_as_their_arrivals_do(duckdb_ledgers):
    """Where they are said to; what they are not said to answer is asked of the arrivals."""
    ledger = duckdb_ledgers["edges"]
    months = condensed(ledger)
    year = {"since": date(2021, 1, 1), "until": date(2021, 9, 30)}
    for question, given in (
        ("capital", {"by": ("district", "chain", "sector", "month"), **year}),
        ("capital", {"by": ("tier", "size_class")}),
        ("concentration", {"by": ("chain",), **year}),
        ("pipeline", {"by": ("district",), "until": year["until"]}),
        ("listing", {"what": "projects", "until": year["until"]}),
    ):
        assert by_month(question, given)
        ask = getattr(aggregates, question)
        pd.testing.assert_frame_equal(frame(ask(months, **given)), frame(ask(ledger, **given)))
    for question, given in (
        ("capital", {"by": ("capital_kind",)}),
        ("capital", {"since": date(2021, 1, 2)}),
        ("pipeline", {"until": date(2021, 9, 29)}),
        ("waits", {"start": "signed", "end": "first_arrival"}),
    ):
        assert not by_month(question, given)


@pytest.fixture(scope="module")
def postgres_ledgers(postgres_cluster) -> Iterator[dict[str, Ledger]]:
    """Ledgers in the store's own tables, seen through its views."""
    from contextlib import ExitStack

    import postgres
    import psycopg

    with ExitStack() as databases:
        opened = {}
        for name, rows in LEDGERS.items():
            url = databases.enter_context(postgres.new_database(postgres_cluster))
            SharedStore(url).migrate()
            within = f"-c search_path={SCHEMA}"
            with psycopg.connect(url, options=within) as connection, connection.cursor() as cursor:
                for kind in KINDS:
                    columns = ", ".join(f'"{column}"' for column in stored_columns(kind))
                    with cursor.copy(f"COPY {kind}_versions ({columns}) FROM STDIN") as copy:
                        for row in rows[kind]:
                            copy.write_row([row[column] for column in stored_columns(kind)])
                # Rows without an import: only the views that read them are tested here.
                cursor.execute("ALTER TABLE state DISABLE TRIGGER USER")
                cursor.execute("UPDATE state SET published = 1")
            opened[name] = open_ledger(url)
        yield opened
        for ledger in opened.values():
            ledger.projects.get_backend().disconnect()


@pytest.fixture(scope="module")
def spark_ledgers(java, tmp_path_factory) -> Iterator[dict[str, Ledger]]:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        # What starts fast, not what is fast in the end.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        # Small tables: compiling each query would take longer than running it.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield {
        name: open_ledger(written(rows, tmp_path_factory), spark=session)
        for name, rows in LEDGERS.items()
    }
    session.stop()


def written(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    for kind, table in cases.arrow(rows).items():
        pq.write_table(table, folder / f"{kind}.parquet")
    return folder


@pytest.mark.parametrize("question, name", ASKED)
def test_duckdb_answers_as_worked_out_by_hand(duckdb_ledgers, question, name):
    expression, by_hand = cases.ASKED[question]
    cases.assert_same(frame(expression(duckdb_ledgers[name])), by_hand(LEDGERS[name]))


@pytest.mark.parametrize("question, name", ASKED)
def test_postgresql_answers_as_worked_out_by_hand(postgres_ledgers, question, name):
    expression, by_hand = cases.ASKED[question]
    cases.assert_same(frame(expression(postgres_ledgers[name])), by_hand(LEDGERS[name]))


@pytest.mark.parametrize("question, name", ASKED)
def test_spark_answers_as_worked_out_by_hand(spark_ledgers, question, name):
    expression, by_hand = cases.ASKED[question]
    cases.assert_same(frame(expression(spark_ledgers[name])), by_hand(LEDGERS[name]))

"""A bureau's own table on a real PostgreSQL: read as it is, and never written to."""

from __future__ import annotations

import psycopg
import pytest

from analysis.ledger.reading import LedgerFileError

TABLE = """
CREATE SCHEMA bureau;
CREATE TABLE bureau.arrivals
    ("项目编号" text, "到位日期" date, "到位资金（万元）" numeric(18, 2), done boolean);
INSERT INTO bureau.arrivals VALUES ('00123', '2021-03-01', 1234.5, true), ('P2', NULL, 3, NULL);
CREATE VIEW listed AS SELECT * FROM bureau.arrivals;
CREATE FUNCTION emptied() RETURNS text LANGUAGE plpgsql VOLATILE
    AS $$ BEGIN DELETE FROM bureau.arrivals; RETURN 'x'; END $$;
CREATE VIEW emptying AS SELECT emptied() AS "项目编号", "到位日期", "到位资金（万元）"
    FROM bureau.arrivals;
"""


@pytest.fixture
def url(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as link:
        link.execute(TABLE)
    return postgres_url


@pytest.mark.parametrize("table", ["bureau.arrivals", "listed"])
def test_a_table_or_view_is_read_with_its_types(read, url, table):
    (reading,) = read(f"{url}?table={table}")
    assert reading.rows[["project_id", "row"]].to_numpy().tolist() == [["00123", 2]]
    assert [str(reading.rows["amount"].item()), str(reading.rows["date"].item())] == [
        "1234.500000",
        "2021-03-01",
    ]
    assert reading.quarantine[["row", "code"]].to_numpy().tolist() == [[3, "missing"]]
    assert reading.container == "postgresql"
    assert read(f"{url}?table={table}")[0].sha256 == reading.sha256


def test_a_view_that_would_write_is_refused_and_writes_nothing(read, url):
    with pytest.raises(LedgerFileError, match="read-only transaction"):
        read(f"{url}?table=emptying")
    with psycopg.connect(url) as link:
        assert link.execute("SELECT count(*) FROM bureau.arrivals").fetchone() == (2,)


@pytest.mark.parametrize(
    ("ending", "said"),
    [("?table=others", "name one of emptying, listed"), ("", "names no table")],
)
def test_a_table_that_is_not_there_or_not_named_says_so(read, url, ending, said):
    with pytest.raises(LedgerFileError, match=said):
        read(f"{url}{ending}")

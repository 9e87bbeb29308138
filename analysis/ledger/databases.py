"""What a Parquet file or a table of a database holds, as text, with none of its code run."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from analysis.ledger.columnar import DAMAGED, read_parquet
from analysis.ledger.containers import kind_of
from analysis.ledger.grids import Contents, Grid, Progress, beyond, bounded, numbered
from analysis.ledger.limits import Limits
from analysis.ledger.problems import LedgerFileError
from analysis.text import LANGUAGES

_BATCH = 10_000
#: How long another program may hold a SQLite file before it counts as busy.
_PATIENCE_SECONDS = 0.2
_REASONS = {
    "wal": ("缺少预写日志（-wal）", "its write-ahead log (-wal) is missing"),
    "virtual": ("{name} 是虚拟表", "{name} is a virtual table"),
    "computed": ("{name} 有计算列", "{name} has computed columns"),
    "no_table": ("只有 {name}，没有数据表", "it holds no table but {name}"),
    "view": ("{name} 是视图或触发器", "{name} is a view or a trigger"),
    "kind": ("不是这种数据库，而是 {name}", "it is no such database but {name}"),
    "scheme": ("不读 {name}://", "{name}:// isn't read"),
    "url": ("地址里没有写数据表", "the URL names no table"),
}
_REMEDIES = {
    "busy": (
        "等另一个程序写完，或读它的副本。",
        "wait until the other program has finished, or read a copy",
    ),
    "wal": (
        "连同 -wal 文件一起复制，或先执行 PRAGMA journal_mode=DELETE。",
        "copy it with its -wal file, or run PRAGMA journal_mode=DELETE on it first",
    ),
    "table": (
        "把内容存成普通数据表，不用视图或虚拟表。",
        "store its content in an ordinary table; views and virtual tables run code",
    ),
    "url": ("在地址末尾加上 ?table=表名。", "add ?table=name at its end"),
    "other": ("检查文件、地址和权限。", "look at the file, its address and the permissions"),
}


def refused(
    file: str, why: str | BaseException, remedy: str, name: str = "", **place: Any
) -> LedgerFileError:
    """Return the error of a database that isn't read.

    why : a reason of `_REASONS`, which may name something, or what a driver says
    """
    zh, en = _REMEDIES[remedy]
    lines = str(why).strip().splitlines() or [type(why).__name__]
    own = _REASONS.get(str(why), (lines[0], lines[0]))
    said = {lang: text.replace("{name}", name) for lang, text in zip(LANGUAGES, own, strict=True)}
    return LedgerFileError("database", file, why=said, remedy_zh=zh, remedy_en=en, **place)


def read_file(
    kind: str, path: Path, file: str, limits: Limits, progress: Progress, sheet: str | None
) -> Contents:
    """Return the tables of a Parquet, SQLite or DuckDB file.

    Raises
    ------
    LedgerFileError : container, schema_type, sheet, database or limits
    """
    read = {"parquet": read_parquet, "sqlite": _sqlite, "duckdb": _duckdb}[kind]
    try:
        grids = [
            _grid(name, rows, file, limits, progress)
            for name, rows in read(path, file, limits, sheet)
        ]
    except LedgerFileError:
        raise
    except Exception as error:
        # A file may be damaged in any place, and each library has its own errors for that.
        if kind == "parquet":
            raise LedgerFileError("container", file, found=DAMAGED) from error
        busy = "lock" in str(error) or "busy" in str(error)
        raise refused(file, error, "busy" if busy else "other") from error
    return Contents(kind, grids)


def _grid(
    name: str, rows: Iterable[tuple[int, list[str]]], file: str, limits: Limits, progress: Progress
) -> Grid:
    lines = progress(bounded(rows, file, name, limits), None, f"{file} {name}".strip())
    held = [(number, cells) for number, cells in lines if any(map(str.strip, cells))]
    for number, cells in held:
        if max(map(len, cells)) > limits.cell_chars:
            raise beyond("cell", limits.cell_chars, file, sheet=name, row=number)
    return Grid(name, held, held[-1][0] if held else 0)


Tables = Iterator[tuple[str, Iterable[tuple[int, list[str]]]]]


def _sqlite(path: Path, file: str, limits: Limits, sheet: str | None) -> Tables:
    with path.open("rb") as stream:
        start = stream.read(20)
    # Bytes 18 and 19 say whether a write-ahead log belongs to the file.
    if start[18:20] == b"\x02\x02" and not Path(f"{path}-wal").exists():
        raise refused(file, "wal", "wal")
    link = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_SECONDS
    )
    with closing(link):
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
            link.execute(f"PRAGMA {pragma}")
        link.text_factory = lambda raw: raw.decode("utf-8")
        known = {
            name: (what, sql or "")
            for name, what, sql in link.execute("SELECT name, type, sql FROM sqlite_master")
            if what in ("table", "view", "trigger") and not name.startswith("sqlite_")
        }
        tables = {name for name, (what, _) in known.items() if what == "table"}
        for name in _chosen(tables, known, sheet, file):
            if known[name][1].lstrip().upper().startswith("CREATE VIRTUAL"):
                raise refused(file, "virtual", "table", name, sheet=name)
            quoted = '"{}"'.format(name.replace('"', '""'))
            if any(row[-1] for row in link.execute(f"PRAGMA table_xinfo({quoted})")):
                raise refused(file, "computed", "table", name, sheet=name)
            link.set_authorizer(_only_reading(name))
            rows = link.execute(f"SELECT * FROM {quoted}")
            header = [column[0] for column in rows.description]
            yield name, numbered(header, _plain_values(rows, file, name))
            link.set_authorizer(None)


def _plain_values(rows: Iterable[Any], file: str, name: str) -> Iterator[Any]:
    for row in rows:
        if any(isinstance(value, bytes) for value in row):
            raise LedgerFileError("schema_type", file, sheet=name, type="BLOB")
        yield row


def _only_reading(table: str) -> Any:
    """Allow nothing but reading one table: a file may bring expressions that call functions."""

    def allowed(action: int, first: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and first in (table, "sqlite_master"):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return allowed


def _chosen(tables: set[str], known: Iterable[str], sheet: str | None, file: str) -> list[str]:
    """Return the tables to read: all of them, or the one that is asked for."""
    if sheet is None:
        if not tables and known:
            raise refused(file, "no_table", "table", ", ".join(known))
        return sorted(tables)
    if sheet in known and sheet not in tables:
        raise refused(file, "view", "table", sheet, sheet=sheet)
    if sheet not in tables:
        raise LedgerFileError("sheet", file, sheet=sheet, names=", ".join(sorted(tables)))
    return [sheet]


def _duckdb(path: Path, file: str, limits: Limits, sheet: str | None) -> Tables:
    import duckdb

    locked: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
    with duckdb.connect(str(path), read_only=True, config=locked) as link:
        listing = "SELECT table_name, table_type FROM information_schema.tables"
        known = dict(link.execute(listing).fetchall())
        tables = {name for name, what in known.items() if what == "BASE TABLE"}
        for name in _chosen(tables, known, sheet, file):
            rows = link.execute('SELECT * FROM "{}"'.format(name.replace('"', '""')))
            header = [column[0] for column in rows.description or ()]
            yield name, numbered(header, _fetched(rows))


def _fetched(rows: Any) -> Iterator[Any]:
    while batch := rows.fetchmany(_BATCH):
        yield from batch


def read_database(
    url: str, limits: Limits, progress: Progress, sheet: str | None
) -> tuple[str, str, Contents]:
    """Return name, digest and contents of a table that a URL names.

    url : sqlite:///file?table=t, duckdb:///file?table=t or postgresql://…?table=schema.t

    Raises
    ------
    LedgerFileError : database, sheet, container or limits
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    table = asked.pop("table", None) or sheet
    scheme = parts.scheme.partition("+")[0]
    if scheme in ("sqlite", "duckdb"):
        path = Path(parts.path.removeprefix("/") if parts.path.count("/") == 1 else parts.path)
        path = path if path.exists() else Path(parts.path.removeprefix("/"))
        try:
            data = path.read_bytes()
        except OSError as error:
            raise refused(path.name, error.strerror or str(error), "other") from error
        kind = kind_of(data, path.name)
        if kind != scheme:
            raise refused(path.name, "kind", "other", kind)
        contents = read_file(kind, path, path.name, limits, progress, table)
        return path.name, hashlib.sha256(data).hexdigest(), contents
    if scheme not in ("postgresql", "postgres"):
        raise refused(url, "scheme", "other", parts.scheme)
    name = f"{parts.hostname or 'local'}{parts.path}"
    if not table:
        raise refused(name, "url", "url")
    bare = urlunsplit(parts._replace(scheme="postgres", query=urlencode(asked)))
    rows = list(progress(_postgres(bare, name, table, limits), None, f"{name} {table}"))
    # A database gives its rows in any order.
    said = "\n".join(sorted("\x1f".join(cells) for _, cells in rows))
    grid = Grid(table, [row for row in rows if any(row[1])], len(rows))
    digest = hashlib.sha256(said.encode()).hexdigest()
    return name, digest, Contents("postgresql", [grid])


def _postgres(url: str, name: str, table: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table or view of a PostgreSQL database, its values cast to text."""
    import ibis

    schema, _, bare = table.rpartition(".")
    try:
        link = ibis.connect(url)
        try:
            link.raw_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            known = link.list_tables(database=schema or None)
            if bare not in known:
                raise LedgerFileError("sheet", name, sheet=table, names=", ".join(sorted(known)))
            rows = link.table(bare, database=schema or None)
            texts = rows.mutate(**{column: rows[column].cast("string") for column in rows.columns})
            found = texts.limit(limits.rows + 1).to_pyarrow_batches(chunk_size=_BATCH)
            values = (
                row
                for batch in found
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            )
            yield from bounded(numbered(list(rows.columns), values), name, table, limits)
        finally:
            link.disconnect()
    except LedgerFileError:
        raise
    except Exception as error:
        # The driver's errors have no common ancestor that ibis shows; all say why.
        raise refused(name, error, "other", sheet=table) from error

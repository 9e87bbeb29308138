"""What a Parquet file holds, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.ledger.form import KINDS, form
from analysis.ledger.grids import beyond, numbered
from analysis.ledger.limits import Limits
from analysis.ledger.problems import LedgerFileError
from analysis.ledger.units import headed

DAMAGED = {"zh": "损坏的 Parquet 文件", "en": "a damaged Parquet file"}
_BATCH = 10_000


def read_parquet(
    path: Path, file: str, limits: Limits, sheet: str | None
) -> Iterator[tuple[str, Iterable[tuple[int, list[str]]]]]:
    """Yield the one table of a file: its name, which is empty, and its numbered rows.

    Raises
    ------
    LedgerFileError : sheet, schema_type or limits
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if sheet:
        raise LedgerFileError("sheet", file, sheet=sheet, names="-")
    names = pq.read_schema(path)
    # As a dictionary a long text that stands a million times is held once.
    words = [field.name for field in names if pa.types.is_string(field.type)]
    source = pq.ParquetFile(path, read_dictionary=words, page_checksum_verification=True)
    if source.metadata.num_rows > limits.rows:
        raise beyond("rows", limits.rows, file)
    for field in names:
        odd = pa.types.is_nested(field.type) or pa.types.is_binary(field.type)
        if odd or (pa.types.is_boolean(field.type) and not _may_be_true(field.name)):
            raise LedgerFileError("schema_type", file, column=field.name, type=str(field.type))
    yield "", numbered(names.names, _parquet_rows(source, file, limits))


def _may_be_true(name: str) -> bool:
    """Whether a column of the form that is called so may hold true and false, or is unknown."""
    types = {
        form(kind)[form(kind).names[said]].type
        for kind in KINDS
        for said in headed(name).names
        if said in form(kind).names
    }
    return not types or "boolean" in types


def _parquet_rows(source: Any, file: str, limits: Limits) -> Iterator[Iterable[Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in source.iter_batches(batch_size=_BATCH):
        for column in batch.columns:
            words = column.dictionary if pa.types.is_dictionary(column.type) else None
            longest = pc.max(pc.binary_length(words)).as_py() if words is not None else None
            # UTF-8 takes at most four bytes a character.
            if longest and longest > 4 * limits.cell_chars:
                raise beyond("cell", limits.cell_chars, file)
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

"""The tables of a plan and its evidence, and what is wrong with them.

`datapackage.json` describes the shared tables (Frictionless Data Package v2), and
`plan_tables.json` beside this module those of any plan. Each is read as text first, so that a
fault can be named with the very cell a reader sees.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analysis.column_rules import BOOLEANS, Tables, keys, pointed_at, rules
from analysis.errors import WorkbookError
from analysis.files import DESCRIPTOR, PLAN, PLAN_TABLES, data_dir, data_of, descriptor

#: The command that shows what a plan's folder holds.
_BEGIN = "`workbook new FOLDER`"
Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place, and what would be right.

    row : line of the file, the header being 1; 0 where it is about the whole file
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """The file, with row and column where it is about one."""
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        return ", ".join(filter(None, (self.file, row, column)))

    @property
    def said(self) -> str:
        """The problem, with the value that has it."""
        return f"{self.problem} (value {self.value!r})" if self.row or self.value else self.problem

    def __str__(self) -> str:
        return f"{self.place}: {self.said}; {self.remedy}"


class DataPackageError(WorkbookError, ValueError):
    """Faults of a package, all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def read_table(name: str, path: Path | None = None) -> pd.DataFrame:
    """Return a table, checked and typed; what is missing is NaN in numbers, "" in text.

    Parameters
    ----------
    name : a table of datapackage.json, or of any plan
    path : the plan's folder; that of the shared tables, `data_dir()`, if None

    Raises
    ------
    DataPackageError : the table has faults; all of them are in it
    """
    return _typed(name, path or data_dir()).copy()


def own(held: Held) -> Held:
    """Return a frozen dataclass whose frames and dicts are the caller's to change.

    Frames share their values until one is written to, as pandas' copy-on-write has it.
    """
    parts = {field.name: getattr(held, field.name) for field in fields(held)}  # type: ignore[arg-type]
    copies = {
        name: value.copy(deep=False) if isinstance(value, pd.DataFrame) else dict(value)
        for name, value in parts.items()
        if isinstance(value, pd.DataFrame | dict)
    }
    return replace(held, **copies)  # type: ignore[type-var]


@cache
def _typed(name: str, folder: Path) -> pd.DataFrame:
    tables, faults = _read_once(folder)
    if name in tables:
        resource, frame = tables[name]
        faults = [fault for fault in _checked_once(folder) if fault.file == resource["path"]]
    elif not faults:
        faults = [Fault(DESCRIPTOR, 0, "name", name, "no such table", f"one of {list(tables)}")]
    if faults:
        raise DataPackageError(faults)
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    return frame.assign(**{column: _cast(frame[column], kind) for column, kind in fields.items()})


@cache
def _read_once(folder: Path) -> tuple[Tables, list[Fault]]:
    return _read(folder)


@cache
def _checked_once(folder: Path) -> list[Fault]:
    return _checked(*_read_once(folder))


def _cast(column: pd.Series, kind: str) -> pd.Series:
    if kind in ("number", "integer"):
        return pd.to_numeric(column.replace("", None), errors="raise").astype(float)
    if kind == "boolean":
        return column.map(BOOLEANS).astype(bool)
    return column


def check(path: Path | None = None) -> list[Fault]:
    """Return all faults at once, in the order of tables and rows.

    Parameters
    ----------
    path : a plan's folder, or that of the shared tables with all plans in it; `data_dir()` if None
    """
    folder = path or data_dir()
    found = _checked(*_read(folder))
    for plan in sorted(folder.glob(f"plans/*/{PLAN}")):
        inside = plan.parent.relative_to(folder)
        found += [replace(one, file=f"{inside / one.file}") for one in check(plan.parent)]
    return found


def faults_with(contents: Mapping[Path, bytes], folder: Path) -> list[Fault]:
    """Return the faults that a folder of data would have if files in it held something else."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(folder, Path(scratch) / "data")
        for path, content in contents.items():
            (copy / path.relative_to(folder)).write_bytes(content)
        return check(copy)


def _checked(tables: Tables, faults: list[Fault]) -> list[Fault]:
    """Return the faults of reading, then those of each table by row."""
    found = [*faults]
    for resource, frame in tables.values():
        found += sorted(_faults_of(resource, frame, tables), key=lambda fault: fault.row)
    return found


def _read(folder: Path) -> tuple[Tables, list[Fault]]:
    """Read every table as text; rows of the wrong length are faults and are left out."""
    is_plan = (folder / PLAN).is_file()
    try:
        package = descriptor(PLAN_TABLES if is_plan else folder / DESCRIPTOR)
    except FileNotFoundError:
        problem = f"{folder} holds neither this nor {PLAN}"
        remedy = f"name a plan's folder; {_BEGIN} begins one"
        return {}, [Fault(DESCRIPTOR, 0, "", "", problem, remedy)]
    except (OSError, ValueError) as error:
        remedy = "restore the file, or name a folder that holds a data package"
        return {}, [Fault(DESCRIPTOR, 0, "", "", f"cannot be read: {error}", remedy)]
    tables: Tables = {}
    faults: list[Fault] = []
    for resource in package["resources"]:
        file = resource["path"]
        wanted = [field["name"] for field in resource["schema"]["fields"]]
        if resource.get("optional") and not (folder / file).exists():
            tables[resource["name"]] = (resource, pd.DataFrame(columns=wanted, dtype=object))
            continue
        try:
            with (folder / file).open(encoding="utf-8", newline="") as stream:
                header, *rows = list(csv.reader(stream)) or [[]]
        except FileNotFoundError:
            remedy = f"write it, with the columns {', '.join(wanted)}; {_BEGIN} shows one"
            faults.append(Fault(file, 0, "", "", "the table is missing", remedy))
            continue
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(file, 0, "", "", f"cannot be read: {error}", "save it as UTF-8"))
            continue
        faults += _header_faults(file, header, wanted)
        good = {}
        for number, row in enumerate(rows, start=2):
            if len(row) == len(header):
                good[number] = row
            else:
                problem = f"{len(row)} cells under {len(header)} columns"
                remedy = "quote cells that hold commas; write one cell a column"
                faults.append(Fault(file, number, "", ",".join(row)[:60], problem, remedy))
        frame = pd.DataFrame.from_dict(good, orient="index", columns=header, dtype=object)
        tables[resource["name"]] = (resource, frame)
    if is_plan:
        _with_shared_sources(tables, data_of(folder))
    return tables, faults


def _header_faults(file: str, header: list[str], wanted: list[str]) -> Iterator[Fault]:
    for column in [c for c in wanted if c not in header]:
        yield Fault(file, 1, column, "", "the column is missing", "add it")
    for column in [c for c in header if c not in wanted]:
        remedy = f"drop it; the table has {', '.join(wanted)}"
        yield Fault(file, 1, column, column, "an unknown column", remedy)
    if header != wanted and sorted(header) == sorted(wanted):
        remedy = f"put them in this order: {', '.join(wanted)}"
        yield Fault(file, 1, "", "", "columns are out of order", remedy)


def _with_shared_sources(tables: Tables, shared: Path) -> None:
    """Let a plan's rows cite the sources of the evidence beside its own."""
    resource, own = tables["sources"]
    others = _read_once(shared)[0].get("sources", (None, own[:0]))[1]
    tables["sources"] = (resource, pd.concat([others.set_axis([0] * len(others)), own]))


def _faults_of(resource: Mapping[str, Any], frame: pd.DataFrame, tables: Tables) -> list[Fault]:
    """Check one table, and name all its faults: rule by rule, every row of a column."""
    references = keys(resource["schema"])
    faults = []
    for field in resource["schema"]["fields"]:
        column = field["name"]
        if column not in frame.columns:
            continue
        for problem, remedy, passes in rules(field, references.get(column), tables):
            faults += [
                Fault(resource["path"], int(str(row)), column, cell, problem, remedy)
                for row, cell in frame[column].items()
                if row and not passes(cell)  # what is shared is named in its own table
            ]
    return [*faults, *_twice(resource, frame), *_absent(resource, frame, tables)]


def _twice(resource: Mapping[str, Any], frame: pd.DataFrame) -> list[Fault]:
    key = resource["schema"].get("primaryKey", [])
    if not key or not set(key) <= set(frame.columns):
        return []
    again = frame[frame.duplicated(key) & (frame.index != 0)]
    return [
        Fault(
            resource["path"], int(str(row)), ", ".join(key), ", ".join(cells),
            "the key stands twice", "drop one row, or give it a key of its own",
        )
        for row, cells in zip(again.index, again[key].to_numpy().tolist(), strict=True)
    ]  # fmt: skip


def _absent(resource: Mapping[str, Any], frame: pd.DataFrame, tables: Tables) -> Iterator[Fault]:
    """Name the rows that a table lacks which says that it is complete in some columns.

    `complete` in a schema lists them: there is to be a row for each combination of the values
    that each may have by its `enum`, or by the table at which it points.
    """
    schema = resource["schema"]
    columns = schema.get("complete", [])
    if not columns or not set(columns) <= set(frame.columns):
        return
    if resource.get("optional") and frame.empty:
        return
    fields = {field["name"]: field for field in schema["fields"]}
    wanted = [
        allowed
        if (allowed := fields[column].get("constraints", {}).get("enum"))
        else pointed_at(keys(schema)[column], tables)
        for column in columns
    ]
    there = set(frame[columns].itertuples(index=False, name=None))
    for key in product(*wanted):
        if key not in there:
            yield Fault(
                resource["path"], 0, ", ".join(columns), ", ".join(key),
                "there is no such row, and the briefings need it", "add one, or restore it",
            )  # fmt: skip

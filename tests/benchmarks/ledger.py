"""How fast is a ledger of ten million arrivals? The monthly bulletin, on DuckDB and pandas.

    python tests/benchmarks/ledger.py [rows]

DuckDB answers all that `workbook bulletin` writes of a month (`structure.report`, ranks and
waiting times among it); pandas only the tables that are compared here, so the ratio favours
it. Both read the same Parquet files, each in a process of its own, whose peak memory is the
system's count; each has answered once for a small ledger before the clock starts, each round
opens the files anew, and rounds are interleaved. Reach: DuckDB at least ten times as
fast as pandas, in less than 2 GiB; all figures equal, Spark's too. Prints time against rows,
and of the last how long the command takes to write the city's bulletin in its four forms.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

HERE = Path(__file__).parent
UNTIL = date(2021, 9, 30)
PERIOD = f"{UNTIL:%Y-%m}"
ROUNDS = 5
REACH, MOST_MIB = 10.0, 2048
ROWS = 10_000_000
#: How far figures may differ: pandas adds money as floats, where the engines add decimals.
ADDED_AS_FLOATS, ADDED_IN_ANY_ORDER = 1e-9, 1e-12
#: Arrivals a project: a large ledger has more projects, and more payments of each.
ROWS_A_PROJECT = 500


def written(source: str | Path) -> dict[str, pd.DataFrame]:
    """Return the report of a month as `workbook bulletin` has it made, nothing kept before."""
    from analysis.ledger.engine import open_ledger
    from analysis.plan import load_plan
    from analysis.structure import report

    ledger = open_ledger(str(source))
    with tempfile.TemporaryDirectory(prefix="workbook-cache-") as cache:
        os.environ["WORKBOOK_CACHE"] = cache
        found = report(ledger, load_plan(), PERIOD)
        if ledger.projects.get_backend().name == "pyspark":
            ledger.projects.get_backend().disconnect()
    places = found.districts[found.districts["floor"].notna()]
    whole = found.concentration[found.concentration["by"].eq("all")]
    city = found.foreign[found.foreign["place"].eq("city")]
    return {
        "districts": places[["place", "capital", "before", "in_period"]],
        "months": found.months.loc[1 : UNTIL.month, ["month", "flow"]],
        "foreign": city[["scope", "amount", "before"]],
        "stages": found.funnel[["stage", "projects"]],
        "quotas": found.quotas[["place", "quota", "projects"]],
        "concentration": whole[["projects", "capital", "herfindahl", "top1", "top5", "top10"]],
        "projects": found.lists["projects"][["rank", "project_id", "size", "capital"]],
    }


def on_duckdb(folder: Path) -> dict[str, pd.DataFrame]:
    return written(folder)


def on_pandas(folder: Path) -> dict[str, pd.DataFrame]:
    from peers import pandas_bulletin

    return pandas_bulletin.bulletin(folder, UNTIL)


def on_spark(folder: Path) -> dict[str, pd.DataFrame]:
    return written(f"spark-local:{folder}")


WAYS: dict[str, Callable[[Path], dict[str, pd.DataFrame]]] = {
    "DuckDB": on_duckdb,
    "pandas": on_pandas,
    "Spark": on_spark,
}


def serve(way: str, folder: Path, small: Path | None, orders: Any) -> None:
    """Answer as often as ordered: seconds, peak MiB so far, and the tables of the last round."""
    sys.path.insert(0, str(HERE))
    import duckdb  # noqa: F401
    import ibis  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    from analysis.plan import load_plan

    load_plan()
    if small:
        WAYS[way](small)
    while orders.recv() == "go":
        start = time.perf_counter()
        tables = WAYS[way](folder)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        orders.send((seconds, peak, pickle.dumps(tables)))


def make(folder: Path, rows: int, done: Any) -> None:
    """Write the example ledger of so many arrivals; tell seconds and peak MiB."""
    from analysis.example_ledger import write

    start = time.perf_counter()
    write(folder, projects=max(500, rows // ROWS_A_PROJECT), rows=rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    done.send((time.perf_counter() - start, peak))


def child(target: Callable[..., None], *arguments: Any) -> tuple[Any, Any]:
    """Start a process of its own; return it and the pipe to it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def measured(
    ways: list[str], folder: Path, rounds: int, small: Path | None = None
) -> tuple[dict[str, list[float]], dict[str, float], dict[str, dict[str, pd.DataFrame]]]:
    """Return by way the seconds of each round, the peak MiB, and the tables."""
    workers = {way: child(serve, way, folder, small) for way in ways}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    peaks: dict[str, float] = {}
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for _ in range(rounds):
        for way, (_, pipe) in workers.items():
            pipe.send("go")
            took, peaks[way], pickled = pipe.recv()
            seconds[way].append(took)
            tables[way] = pickle.loads(pickled)
    for process, pipe in workers.values():
        pipe.send("stop")
        process.join()
    return seconds, peaks, tables


def commanded(folder: Path, out: Path) -> float:
    """Return the seconds in which `workbook bulletin` starts and writes the city's four files."""
    words = ["--month", PERIOD, "--district", "city", "--ledger", str(folder), "--out", str(out)]
    command = [str(Path(sys.executable).with_name("workbook")), "bulletin", *words]
    start = time.perf_counter()
    known = os.environ | {"WORKBOOK_CACHE": str(out / "cache")}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=known)
    seconds = time.perf_counter() - start
    assert len([*(out / PERIOD).glob("city.*")]) == 4
    return seconds


def assert_equal(
    ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame], within: float
) -> int:
    """Compare all figures, up to a relative difference; return how many there are.

    Money and counts are added exactly by the engines; shares are floats, added in any order.
    """
    figures = 0
    assert list(ours) == list(theirs)
    for name, table in ours.items():
        order = [c for c in table.columns if not pd.api.types.is_float_dtype(table[c])]
        other = theirs[name][list(table.columns)]
        other = other.astype(dict(table.dtypes))
        left, right = (
            frame.sort_values(order or list(frame.columns), ignore_index=True)
            for frame in (table, other)
        )
        pd.testing.assert_frame_equal(
            left, right, check_dtype=False, rtol=within, atol=within, obj=name
        )
        figures += table.select_dtypes("number").size
    return figures


def main(most: int) -> int:
    sizes = [rows for rows in (10_000, 100_000, 1_000_000) if rows < most] + [most]
    print(f"the bulletin of {UNTIL:%Y-%m}, median of {ROUNDS} rounds, {os.cpu_count()} cores")
    print(f"{'arrivals':>12}{'projects':>10}{'DuckDB s':>10}{'pandas s':>10}{'ratio':>8}"
          f"{'DuckDB MiB':>12}{'pandas MiB':>12}")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="workbook-ledger-") as place:
        small = Path(place) / str(sizes[0])
        for rows in sizes:
            folder = Path(place) / str(rows)
            process, pipe = child(make, folder, rows)
            written, making = pipe.recv()
            process.join()
            seconds, peaks, tables = measured(["DuckDB", "pandas"], folder, ROUNDS, small)
            figures = assert_equal(tables["DuckDB"], tables["pandas"], within=ADDED_AS_FLOATS)
            times = {way: median(took) for way, took in seconds.items()}
            ratio = times["pandas"] / times["DuckDB"]
            import pyarrow.parquet as pq

            projects = pq.read_metadata(folder / "projects.parquet").num_rows
            line = [f"{rows:>12,}{projects:>10,}"]
            line += [f"{times[way]:>10.2f}" for way in ("DuckDB", "pandas")]
            line += [f"{ratio:>8.1f}", *(f"{peaks[way]:>12.0f}" for way in ("DuckDB", "pandas"))]
            print("".join(line), flush=True)
        print(f"the last was made in {written:.0f} s, in {making:.0f} MiB at most")
        print(f"`workbook bulletin` of it: {commanded(folder, Path(place) / 'out'):.1f} s in all")
        spark, _, answers = measured(["Spark"], folder, 1)
        equal = assert_equal(tables["DuckDB"], answers["Spark"], within=ADDED_IN_ANY_ORDER)
        print(
            f"Spark, local: {spark['Spark'][0]:.0f} s with its start; all {equal:,} figures equal"
            f" to {ADDED_IN_ANY_ORDER}"
        )
    print(f"pandas: all {figures:,} figures equal to {ADDED_AS_FLOATS}")
    rounds = json.dumps({way: [round(s, 2) for s in took] for way, took in seconds.items()})
    print(f"rounds of the last: {rounds}")
    fast, small = ratio >= REACH, peaks["DuckDB"] < MOST_MIB
    print(f"reach: {REACH:.0f} times as fast as pandas: {'met' if fast else 'missed'};"
          f" less than {MOST_MIB} MiB: {'met' if small else 'missed'}")  # fmt: skip
    return 0 if fast and small else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))

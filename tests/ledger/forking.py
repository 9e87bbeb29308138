"""Fork processes that import a file, so that one can be killed at any moment.

Run as a script, it imports everything that an import needs, once, opens nothing, and then
forks a child for each line of its input: the path of a pickle of the readings, of the files
and of the store. It answers with the child's process id, and with its exit code at its end.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
#: Processes of tests find the code that is tested, from wherever they are started.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (HERE.parents[1], HERE)))}


class Importers:
    """The forking process, seen from the tests."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
        )  # fmt: skip
        self.answer()

    def answer(self) -> str:
        """The next line that the forking process says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self, job: Path) -> int:
        """Begin the import that a pickle describes; return the child's process id."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{job}\n")
        self.process.stdin.flush()
        return int(self.answer())

    def end(self) -> int:
        """Wait for the child's end; return its exit code, negative for a signal."""
        return int(self.answer())

    def close(self) -> None:
        """End the forking process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def job(path: Path, store: str | Path, readings: Sequence[object], files: Sequence[Path]) -> Path:
    """Describe an import."""
    path.write_bytes(pickle.dumps((str(store), list(readings), list(files))))
    return path


def work(path: str) -> None:
    """Do an import."""
    from analysis.ledger.store import open_store

    store, readings, files = pickle.loads(Path(path).read_bytes())
    open_store(store).import_readings(readings, files)


def main() -> None:
    import duckdb  # noqa: F401
    import psycopg  # noqa: F401
    import pyarrow  # noqa: F401
    import readings  # noqa: F401
    import tqdm  # noqa: F401

    from analysis.ledger import embedded, shared
    from analysis.ledger.form import KINDS, form
    from analysis.ledger.migrate import migrations

    for kind in KINDS:
        form(kind)
    for engine in (embedded.EmbeddedStore.engine, shared.SharedStore.engine):
        migrations(engine)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                work(line.strip())
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()

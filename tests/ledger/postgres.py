"""Which PostgreSQL do the tests use? A throw-away cluster on loopback, or the one that is named.

Run as a script, it starts a cluster, names it in WORKBOOK_TEST_POSTGRES, runs a command
and ends the cluster with it: `python3 tests/ledger/postgres.py make test`. Nothing but the
standard library is needed for that.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

VARIABLE = "WORKBOOK_TEST_POSTGRES"
#: Speed before safety: nothing in a cluster of tests outlives them.
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60")


def programs() -> Path | None:
    """Return the newest folder that holds PostgreSQL's own programs, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return max(
        (folder for folder in found if (folder / "pg_ctl").exists()),
        key=lambda folder: [int(part) for part in folder.parts if part.isdigit()],
        default=None,
    )


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Run a cluster below a new folder; yield its administrator's URL; leave nothing behind.

    PostgreSQL refuses to run as root, so root lends it to the user `postgres`.
    """
    found = programs()
    if found is None:
        raise FileNotFoundError("PostgreSQL's initdb and pg_ctl are not on this machine")
    owner = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
    password, port = secrets.token_urlsafe(12), free_port()
    secret, log = folder / "password", folder / "log"
    secret.write_text(password, encoding="utf-8")
    if owner:
        for path in (folder, secret):
            shutil.chown(path, owner)

    def run(program: str, *arguments: str) -> None:
        command = [str(found / program), "-D", str(folder / "data"), *arguments]
        done = subprocess.run(
            command, user=owner, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = log.read_text(encoding="utf-8") if log.exists() else ""
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}\n{said}")

    run(
        "initdb", "-U", "postgres", "--pwfile", str(secret), "-A", "scram-sha-256",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    settings = (*SETTINGS, "listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
    options = " ".join(f"-c {setting}" for setting in settings)
    # To a file, not a pipe: the server would hold a pipe open, and its reader would wait.
    run("pg_ctl", "-l", str(log), "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "-w", "stop")


@contextlib.contextmanager
def new_database(administrator: str) -> Iterator[str]:
    """Create an empty database in a cluster; yield its URL; drop it."""
    import psycopg

    name = f"workbook_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(administrator)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main(command: list[str]) -> int:
    """Run a command beside a cluster and return its exit code."""
    # Being told to end is an exception, so that the cluster ends too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (
        tempfile.TemporaryDirectory(prefix="workbook-postgres-") as folder,
        cluster(Path(folder)) as url,
    ):
        return subprocess.call(command, env={**os.environ, VARIABLE: url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

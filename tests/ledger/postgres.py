"""A throw-away PostgreSQL cluster on loopback, and new databases in it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

#: Speed before safety: nothing in a cluster of tests outlives them.
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60")


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def cluster(programs: Path, folder: Path) -> Iterator[str]:
    """Run a cluster below a new folder; yield its administrator's URL; leave nothing behind.

    PostgreSQL refuses to run as root, so root lends it, and programs of its own environment,
    to a user who may do nothing else.
    """
    owner = "nobody" if os.geteuid() == 0 else None
    if owner and programs.is_relative_to(sys.prefix):
        package = programs.parents[1]
        for part in package.parent.glob(f"{package.name}*"):  # and the libraries beside it
            shutil.copytree(part, folder / part.name)
        programs = folder / programs.relative_to(package.parent)
    password, port = secrets.token_urlsafe(12), free_port()
    secret, log = folder / "password", folder / "log"
    secret.write_text(password, encoding="utf-8")
    if owner:
        for path in (folder, secret):
            shutil.chown(path, owner)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
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

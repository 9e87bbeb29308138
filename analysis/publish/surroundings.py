"""What a process that the server starts may know of the server's own surroundings."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.files import plan_dir

#: Names the user's own ledger, whose address may hold a password.
LEDGER = "WORKBOOK_LEDGER"
#: What a parent's surroundings may hold: no token or password of the server's goes to a kernel.
_SURROUNDINGS = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH",
                 "WORKBOOK_DATA", "WORKBOOK_PLAN", "WORKBOOK_CACHE", LEDGER, "WORKBOOK_BOUNDARIES",
                 "WORKBOOK_LISTS", "XDG_CACHE_HOME")  # fmt: skip
_PATHS = {"PYTHONPATH", "TMPDIR"} | {key for key in _SURROUNDINGS if key.startswith("WORKBOOK_")}
#: Libraries that compute with threads of their own are told not to: a fork would lose them.
#: pyarrow, which pandas loads when it is there, brings an allocator that starts one by itself.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "ARROW_IO")} | {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def surroundings() -> dict[str, str]:
    """Return what of the server's surroundings a process that it starts may know.

    Paths are whole: a notebook runs in its own folder, from where others would lead elsewhere.
    """
    known = {key: os.environ[key] for key in _SURROUNDINGS if os.environ.get(key)}
    if "WORKBOOK_PLAN" in known:
        known["WORKBOOK_PLAN"] = str(plan_dir())  # it may be the id of one that ships
    for key in known.keys() & _PATHS:
        if "://" not in known[key]:
            places = [str(Path(p).expanduser().absolute()) for p in known[key].split(os.pathsep)]
            known[key] = os.pathsep.join(places)
    return known

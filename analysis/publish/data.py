"""The tables that the site publishes, each at an address of its own, with their Data Package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files import DESCRIPTOR, PLAN, data_dir, descriptor, plan_dir
from analysis.publish.assemble import STATIC, environment

#: What a descriptor of ours has for our own reading alone.
_OURS = ("plan",)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is published.

    path : its address below data/: evidence at `<table>.csv`, a plan's at `<plan>/<table>.csv`
    about : what describes it, a resource of a Data Package
    content : the file as the project has it
    """

    path: str
    about: Mapping[str, Any]
    content: bytes

    @property
    def title(self) -> dict[str, str]:
        """What is in it, in both languages."""
        return {"zh": self.about["title_zh"], "en": self.about["title"]}

    @property
    def rows(self) -> int:
        """How many rows it has below its heads."""
        return sum(1 for _ in csv.reader(io.StringIO(self.content.decode("utf-8")))) - 1


def tables() -> tuple[Table, ...]:
    """Return the shared tables, then those of the plan, each that there is."""
    shared, plan = data_dir(), plan_dir()
    place = re.sub(r"\W+", "_", descriptor(plan / PLAN)["id"])
    return (
        *_tables(shared, descriptor(shared / DESCRIPTOR), ""),
        *_tables(plan, descriptor(), f"{place}/"),
    )


def _tables(folder: Path, package: Mapping[str, Any], place: str) -> Iterator[Table]:
    for about in package["resources"]:
        if (file := folder / about["path"]).is_file():
            yield Table(f"{place}{about['name']}.csv", about, file.read_bytes())


def package(published: tuple[Table, ...]) -> dict[str, Any]:
    """Return what describes the tables as they are published: a Data Package, version 2."""
    about = descriptor(data_dir() / DESCRIPTOR)
    sources = [row for one in published if one.about["name"] == "sources"
               for row in csv.DictReader(io.StringIO(one.content.decode("utf-8")))]  # fmt: skip
    return {
        **{key: value for key, value in about.items() if key not in _OURS},
        "sources": [
            {"title": row["title"]} | ({"path": row["url"]} if row["url"] else {})
            for row in sources
            if row["shown"] == "true"
        ],
        "resources": [
            {
                **one.about,
                "name": one.path.removesuffix(".csv").replace("/", "."),
                "path": one.path,
                "bytes": len(one.content),
                "hash": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
            }
            for one in published
        ],
    }


def files() -> dict[str, bytes]:
    """Return all that lies below data/, by its address there."""
    published = tables()
    told = json.dumps(package(published), ensure_ascii=False, indent=1).encode()
    return {DESCRIPTOR: told, **{one.path: one.content for one in published}}


def index_html(site: Mapping[str, Any], base_url: str, *, python: bool, home: str) -> str:
    """Return the page that lists the tables."""
    return environment().get_template("data.html").render(
        site=site, base_url=base_url, home=home, tables=tables(), package=DESCRIPTOR,
        licence=descriptor(data_dir() / DESCRIPTOR)["licenses"][0],
        policy=None if python else STATIC,
    )  # fmt: skip

"""`workbook new plan`: a plan's folder to fill in, and what of it is still the example."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands.options import Force, known
from analysis.files import PLAN, refuse_to_overwrite, write_whole
from analysis.text import Text

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.

#: What a folder says of its tables, beside them.
GUIDE = "README.md"
#: How many steps the guide has.
STEPS = 6


def plan(
    folder: Annotated[Path, typer.Argument(help="The plan's folder, which is made.")],
    lang: Annotated[
        str, typer.Option(help="Language of the guide, zh or en.", callback=known)
    ] = "zh",
    force: Force = False,
) -> None:
    """Write a plan's folder to fill in: its tables with example rows, and what each column means.

    It builds as it is; `workbook check FOLDER` names the rows that are still the example's.
    """
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is a file; a plan needs a folder")
    files = _files(folder.absolute().name, lang)
    refuse_to_overwrite((folder / name for name in files), force)
    for name, content in files.items():
        write_whole(folder / name, content.encode())
    typer.echo(Text(lang)("plan.new.wrote", path=str(folder), guide=GUIDE))


def examples(folder: Path) -> Iterator[str]:
    """Name what of a plan is still to be replaced: illustrative rows, the example's titles."""
    from analysis.datapackage import descriptor, read_table

    form = descriptor()
    about = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    titles = [one for one in form["document"] if one["name"].startswith("title")]
    if left := [one["name"] for one in titles if about[one["name"]] == one["example"]]:
        yield f"{PLAN}, {', '.join(left)}"
    for resource in form["resources"]:
        rows = read_table(resource["name"], folder)
        if "kind" in rows:
            held = rows["kind"].eq("illustrative")
        else:
            held = rows["title"].isin([said for row in resource["example"]
                                       for said in row["title"].values()])  # fmt: skip
        if held.any():
            yield f"{resource['path']}, row{'s' if held.sum() > 1 else ''} " + ", ".join(
                map(str, rows.index[held]))  # fmt: skip


def _files(key: str, lang: str) -> dict[str, str]:
    """Return the files of a new plan: name -> content."""
    from analysis.datapackage import descriptor

    form = descriptor()
    about = {one["name"]: _in(one["example"], lang) for one in form["document"]} | {"id": key}
    tables = {one["path"]: _csv(one, lang) for one in form["resources"] if "example" in one}
    return {
        PLAN: json.dumps(about, ensure_ascii=False, indent=2) + "\n",
        **tables,
        GUIDE: "\n".join(_guide(form, lang)),
    }


def _in(cell: Any, lang: str) -> Any:
    return cell[lang] if isinstance(cell, dict) else cell


def _csv(resource: Mapping[str, Any], lang: str) -> str:
    columns = [field["name"] for field in resource["schema"]["fields"]]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _in(cell, lang) for key, cell in row.items()}
                     for row in resource["example"])  # fmt: skip
    return out.getvalue()


def _guide(form: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Write what each table and column is, from their own descriptions."""
    text = Text(lang)
    yield f"# {text('plan.new.title')}\n"
    yield from (f"{step}. {text(f'plan.new.step.{step}')}" for step in range(1, STEPS + 1))
    yield f"\n## {PLAN}\n"
    yield from _rows(form["document"], text)
    for needed in (True, False):
        for resource in form["resources"]:
            if ("example" in resource) is not needed:
                continue
            there = text("plan.new.needed" if needed else "plan.new.optional")
            yield f"\n## {resource['path']}\n\n{_said(resource, 'title', lang)}{there}\n"
            yield from _rows(resource["schema"]["fields"], text)
            if not needed:
                columns = ",".join(field["name"] for field in resource["schema"]["fields"])
                yield f"\n```\n{columns}\n```"
    yield ""


def _said(described: Mapping[str, Any], part: str, lang: str) -> str:
    return str(described[f"{part}_zh" if lang == "zh" else part])


def _rows(fields: list[dict[str, Any]], text: Text) -> Iterator[str]:
    """Write a table of columns: the name, what it means, what it may hold."""
    yield f"| {text('plan.new.column')} | {text('plan.new.meaning')} |\n| --- | --- |"
    for field in fields:
        limits = field.get("constraints", {})
        allowed = "".join(f" `{one}`" for one in limits.get("enum", ()))
        must = text("plan.new.required") if limits.get("required") else ""
        meaning = _said(field, "description", text.lang).replace("|", "\\|")
        yield f"| `{field['name']}` | {meaning}{must}{allowed and ':' + allowed} |"

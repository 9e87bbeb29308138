"""`workbook new page`: a page of one's own to begin from, which works at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.options import FileLang, Force
from analysis.files import refuse_to_overwrite, write_whole
from analysis.text import Text

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.

BEGIN = """\
import altair as alt
import pandas as pd

import analysis

page = analysis.page(title="{question}", levers=["{lever}"], lang="{lang}")"""
FRAME = """\
rows = analysis.grid({lever}=50, outcomes=["{outcome}"]).reset_index()
rows.iloc[::10]"""
FIGURE = """\
line = alt.Chart(rows).mark_line().encode(
    x=alt.X("{lever}", title="{lever_title}"),
    y=alt.Y("{outcome}", title="{outcome_title}").scale(zero=False),
)
now = alt.param(name="{lever}", value=page.start["{lever}"])
rule = alt.Chart(pd.DataFrame({{"a": [0]}})).transform_calculate(now="{lever}").mark_rule()
chart = (line + rule.encode(x="now:Q")).add_params(now)
answer = "{answer}"
page.figure("mine", chart, rows, title=answer, source="{source}")"""


def page(
    name: Annotated[str, typer.Argument(help="The notebook's name, e.g. zones_alone.")],
    folder: Annotated[Path, typer.Option(help="Folder to write it into.")] = Path(),
    lang: FileLang = "",
    force: Force = False,
) -> None:
    """Write a notebook to begin a page from: a question, its frame, figure, slider and source.

    It works as it is; `workbook serve FOLDER` publishes it beside the others of its folder.
    """
    if not name.removesuffix(".ipynb") or Path(name).name != name:
        raise typer.BadParameter(f"{name!r} is no name of a file; --folder names its folder")
    path = folder / f"{name.removesuffix('.ipynb')}.ipynb"
    refuse_to_overwrite([path], force)
    write_whole(path, _notebook(lang).encode())
    typer.echo(Text(lang)("page.new.wrote", path=str(path), folder=str(folder)))


def _notebook(lang: str) -> str:
    """Return the notebook: the plan's first lever, and its total, or what else follows it."""
    import nbformat

    from analysis.amounts import unit
    from analysis.model import load_model
    from analysis.plan import load_plan

    plan, model, text = load_plan(), load_model(), Text(lang)
    lever = next(iter(model.levers.values()))
    usual, moved = model.evaluate(), model.evaluate({lever.key: lever.high})
    follow = [one for key, one in model.outcomes.items() if moved[key] != usual[key]]
    whole = f"{plan.total.stem}_total" if plan.total else ""
    outcome = next((one for one in follow if one.key == whole), follow[0])
    said = {
        "lever_name": text.name(lever),
        "outcome_name": text.name(outcome),
        # The frame's own numbers: in English amounts of money are shown in another unit.
        "lever_unit": unit(lever.unit)["zh"] if lang == "zh" else lever.unit,
        "outcome_unit": unit(outcome.unit)["zh"] if lang == "zh" else outcome.unit,
    }
    names = {
        "lang": lang,
        "lever": lever.key,
        "outcome": outcome.key,
        "question": text("page.new.question", **said),
        "answer": text("page.new.answer", lever=lever.key, outcome=outcome.key, **said),
        "source": text("page.new.source", plan=getattr(plan.about, f"title_{lang}")),
        **{f"{kind}_title": text("page.new.axis", name=said[f"{kind}_name"],
                                 unit=said[f"{kind}_unit"]) for kind in ("lever", "outcome")},
    }  # fmt: skip
    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [
        markdown(f"# {names['question']}\n\n{text('page.new.reasons')}"),
        code(BEGIN.format(**names)),
        code("page.levers()"),
        code(FRAME.format(**names)),
        code(FIGURE.format(**names)),
        markdown(f"## {text('page.new.next')}"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return str(nbformat.writes(made)) + "\n"

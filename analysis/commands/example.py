"""`workbook ledger example`: made-up rows to try things on, labelled as such."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.options import Force
from analysis.files import refuse_to_overwrite


def example(
    path: Annotated[
        Path,
        typer.Argument(help="A new folder for Parquet; or an .xlsx file, as bureaus send them."),
    ],
    projects: Annotated[int, typer.Option(min=1, help="Projects signed each year.")] = 500,
    rows: Annotated[
        int | None, typer.Option(min=1, help="Arrivals in all, up to millions; for a folder.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same rows.")] = 2021,
    force: Force = False,
) -> None:
    """Write an example ledger: illustrative rows, no real project."""
    from tqdm import tqdm

    from analysis.example_ledger import write
    from analysis.example_ledger.sheets import write_sheets

    try:
        if path.suffix.lower() == ".xlsx":
            if rows:
                raise typer.BadParameter("--rows is for a folder of Parquet")
            refuse_to_overwrite([path], force)
            for kind, sent in write_sheets(path, projects, seed).items():
                typer.echo(
                    f"{kind}: {sent.rows:,} good rows, sum {sent.amount.normalize():,f};"
                    f" {sent.twice} stand twice, {sent.wrong} are wrong"
                )
        else:
            with tqdm(total=rows, unit=" rows", unit_scale=True, disable=None) as bar:

                def told(done: int) -> None:
                    bar.update(done - bar.n)

                write(path, projects, rows, seed, told, force)
    except OSError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Wrote {path}: illustrative, no real project.")

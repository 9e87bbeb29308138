"""The `workbook` command: serve and publish the briefings, check and refresh the data."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands import ledger
from analysis.commands.addresses import check_free, host_names, networks, origins
from analysis.commands.documents import bulletin, export
from analysis.commands.gaps import add, missing
from analysis.commands.group import Commands, Of
from analysis.commands.options import Force
from analysis.commands.page import page
from analysis.commands.papers import template
from analysis.commands.plan import plan as new_plan
from analysis.process import run_program

# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Briefings on an investment-attraction plan, from its tables to the page.",
)
data = typer.Typer(no_args_is_help=True, help="The tables behind the briefings.")
app.add_typer(data, name="data")
data.command()(missing)
data.command()(add)
app.add_typer(ledger.app, name="ledger")
new = typer.Typer(cls=Of, no_args_is_help=True, help="A plan or a page of your own, to begin from.")
app.add_typer(new, name="new", context_settings={"ignore_unknown_options": True})
new.command("plan")(new_plan)
new.command()(page)
app.command()(export)
app.command()(bulletin)
app.command()(template)


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


def _plan(named: str) -> str:
    from analysis.files import plan_dir

    if named and not plan_dir(named).is_dir():
        raise typer.BadParameter(f"{named} is no plan that ships and no folder of one")
    return named


@app.callback()
def main(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    plan: Annotated[
        str,
        typer.Option(
            envvar="WORKBOOK_PLAN",
            callback=_plan,
            help="A plan's folder, or the id of one that ships.",
        ),
    ] = "",
) -> None:
    """Begin a command: what stands before its name is for all of them."""
    if plan:
        os.environ["WORKBOOK_PLAN"] = plan
    if quiet:
        nowhere = context.with_resource(Path(os.devnull).open("w"))  # noqa: SIM115
        context.with_resource(redirect_stdout(nowhere))


@app.command()
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of notebooks to publish; the project's own by default."),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            min=1, max=65535, help="Port to use; the next free one if taken and no proxy is named."
        ),
    ] = 8866,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    browser: Annotated[bool, typer.Option(help="Open a browser once ready.")] = True,
    max_kernels: Annotated[
        int | None,
        typer.Option(min=1, help="Most readers who have Python at once; else by memory."),
    ] = None,
    max_per_address: Annotated[
        int | None, typer.Option(min=1, help="Most of them from one address.")
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="Host name of the site behind a proxy; repeatable.")
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option(help="Take readers' addresses from the proxy's X-Real-IP.")
    ] = False,
    embed_from: Annotated[
        list[str] | None, typer.Option(help="Origin that may frame the briefings; repeatable.")
    ] = None,
    base_url: Annotated[str, typer.Option(help="Path below which the site lies.")] = "/",
    static_url: Annotated[
        str, typer.Option(help="Static edition's address, offered where a page fails.")
    ] = "",
    upload: Annotated[
        bool, typer.Option(help="Let readers have a ledger of their own looked at, at /ledger.")
    ] = False,
    metrics_from: Annotated[
        list[str] | None,
        typer.Option(help="Network that may read /metrics beside this machine; repeatable."),
    ] = None,
    access_log: Annotated[
        bool, typer.Option(help="Log every request, not only those refused or failed.")
    ] = False,
) -> None:
    """Serve the briefings read-only and open them in a browser."""
    names, frames, watchers = host_names(name), origins(embed_from), networks(metrics_from)
    host = check_free(host, port, fixed=behind_proxy or bool(names))
    folder = _notebooks(folder)
    typer.echo("Starting the server …")
    from analysis.publish.zygote import begun

    zygote = begun()
    from analysis.publish.server import serve as serve_site

    serve_site(
        folder=folder,
        host=host,
        port=port,
        browser=browser,
        say=typer.echo,
        max_kernels=max_kernels,
        max_per_address=max_per_address,
        names=names,
        behind_proxy=behind_proxy,
        embed_from=frames,
        base_url=base_url,
        static_url=static_url,
        upload=upload,
        metrics_from=watchers,
        access_log=access_log,
        zygote=zygote,
    )


@app.command()
def site(
    target: Annotated[Path, typer.Argument(help="Folder to write.")] = Path("site"),
    single_file: Annotated[
        bool, typer.Option(help="One HTML file of each briefing, to open offline.")
    ] = False,
    documents: Annotated[
        bool, typer.Option(help="Each briefing as PDF, Word, PowerPoint and Excel too.")
    ] = True,
    notebooks: Annotated[
        Path | None,
        typer.Option(help="Folder of notebooks to publish; the project's own by default."),
    ] = None,
    force: Force = False,
) -> None:
    """Write the briefings for any static host, or as files that open offline."""
    from analysis.publish.site import build

    failed = build(
        target,
        single_file=single_file,
        say=typer.echo,
        documents=documents,
        folder=_notebooks(notebooks),
        force=force,
    )
    if failed:
        typer.echo(f"{len(failed)} things could not be made, and the pages say so:", err=True)
        typer.echo("\n".join(failed), err=True)
        raise typer.Exit(1)


def _notebooks(folder: Path | None) -> Path | None:
    """Return a folder that is there, with its whole path."""
    if folder is not None and not folder.is_dir():
        typer.echo(f"{folder} is no folder; name one that holds notebooks", err=True)
        raise typer.Exit(1)
    return folder and folder.resolve()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(help="Folder of yours; briefings and tutorials are copied into it.")
    ] = Path("workbook"),
) -> None:
    """Open a folder of yours in JupyterLab, with copies of the briefings and tutorials to change.

    What follows `--` goes to JupyterLab, such as `-- --port 8890 --no-browser`.
    """
    from importlib.util import find_spec

    if not find_spec("jupyterlab"):
        typer.echo("JupyterLab is not installed: pip install 'investment-workbook[lab]'", err=True)
        raise typer.Exit(1)
    from analysis.publish.pages import chrome, copy_notebooks

    for path in copy_notebooks(folder):
        typer.echo(f"Copied {path}")
    for one in chrome()["absent"]:
        typer.echo(f"Left out, as this plan has nothing for it: {one['en']}")
    typer.echo(f"Opening JupyterLab on {folder} …")
    # Its cells hold whole sentences: lines wrap, unless the user has chosen otherwise.
    config = [str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, config))
    command = [sys.executable, "-m", "jupyterlab", str(folder), *context.args]
    raise typer.Exit(run_program(command))


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="Folder of a plan, or of all data; the project's own if none."),
    ] = None,
) -> None:
    """Check every table, then load the model and every briefing; name all faults at once."""
    from analysis.commands.plan import examples
    from analysis.files import PLAN, data_dir, plan_dir
    from analysis.publish.dry_run import faults_of_package

    chosen = os.environ.get("WORKBOOK_PLAN")
    folder = path or (plan_dir(chosen) if chosen else data_dir())
    typer.echo(f"Checking {folder}: tables, model and briefings …")
    faults = faults_of_package(folder)
    for fault in faults:
        typer.echo(f"{fault.place}: {fault.said}\n    remedy: {fault.remedy}", err=True)
    if faults:
        typer.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.", err=True)
        raise typer.Exit(1)
    typer.echo("No faults.")
    if (folder / PLAN).is_file() and (held := list(examples(folder))):
        typer.echo("\n    ".join(("Illustrative, not what a plan says:", *held)))


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("investment-workbook"))


@data.command()
def refresh() -> None:
    """Fetch World Bank series anew; say what changed before anything is written."""
    from analysis.refresh import refresh as fetch

    fetch()

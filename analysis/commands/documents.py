"""`workbook export` and `workbook bulletin`: briefings and bulletins as documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.options import Force
from analysis.commands.papers import letter_of, one_paper, templates_told
from analysis.words import LANGUAGES, languages

if TYPE_CHECKING:
    from analysis.documents.letter import Letter

Langs = Annotated[str, typer.Option(help="zh, en, or both with a comma; else the plan's first.")]
FORMS = ("pdf", "docx", "pptx", "xlsx", "html")
# Heavy modules are imported inside the commands, so that `workbook --help` answers at once.


def export(
    briefing: Annotated[
        str, typer.Argument(help="A briefing's name, e.g. capital_inflow, or: all.")
    ],
    path: Annotated[
        Path, typer.Argument(help="File to write, or folder if there are several.")
    ] = Path(),
    to: Annotated[
        str | None,
        typer.Option(
            help="Forms with commas between: pdf, docx, pptx, xlsx, html; else by the file's name."
        ),
    ] = None,
    lang: Langs = "",
    scenario: Annotated[
        str, typer.Option(help="Scenario: a page's address, or what follows s= in it.")
    ] = "",
    notebooks: Annotated[
        Path | None, typer.Option(help="Folder of notebooks; the project's own by default.")
    ] = None,
    force: Force = False,
) -> None:
    """Write briefings as PDF, Word, PowerPoint, Excel or HTML."""
    ending = path.suffix.lower().removeprefix(".")
    forms, langs = _list(to or (ending if ending in FORMS else "pdf")), _langs(lang)
    _known("--to", forms, FORMS)
    typer.echo("Reading the plan and its evidence …")
    from tqdm import tqdm

    from analysis.files import refuse_to_overwrite, write_whole
    from analysis.publish.pages import notebooks_dir, pages
    from analysis.publish.rendering import rendered, scenario_of
    from analysis.scenario.value import ScenarioError

    folder = (notebooks or notebooks_dir()).resolve()
    if not folder.is_dir():
        raise typer.BadParameter(f"--notebooks: {folder} is no folder")
    found = {page.slug: page for page in pages(folder)}
    if briefing != "all":
        _known("BRIEFING", [briefing], (*found, "all"))
    wanted = list(found) if briefing == "all" else [briefing]
    one = len(wanted) == len(forms) == len(langs) == 1 and ending == forms[0]
    if ending.isalpha() and ending not in FORMS and not path.is_dir():
        raise typer.BadParameter(
            f"{path.name}: a document ends in {', '.join(FORMS)}; make a folder of that name first"
        )
    if not one and ending in FORMS and not path.is_dir():
        raise typer.BadParameter(
            f"{path.name} names one {ending} file; --to, --lang and BRIEFING ask for another"
            " form or for several documents, which need a folder"
        )
    if path.is_file() and not one:
        raise typer.BadParameter(f"{path} is a file; several documents need a folder")
    try:
        link = scenario_of(scenario).to_link() if scenario else ""
    except ScenarioError as error:
        raise typer.BadParameter(f"--scenario: {error}") from None
    jobs = [(slug, each, form) for slug in wanted for each in langs for form in forms]
    targets = {job: path if one else path / ".".join(job) for job in jobs}
    written = []
    refuse_to_overwrite(targets.values(), force)
    with tqdm(jobs, unit="file", disable=None) as bar:
        for slug, each, form in bar:
            bar.set_description(f"{slug} {each} {form}")
            made = rendered(folder / found[slug].notebook, form, each, link)
            written.append(write_whole(targets[slug, each, form], made))
    for target in written:
        typer.echo(f"Wrote {target}")


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _langs(text: str) -> list[str]:
    """Return the languages that are asked for, else the plan's first."""
    langs = _list(text or languages()[0])
    _known("--lang", langs, LANGUAGES)
    return langs


def count_of(number: int, noun: str) -> str:
    """Return a number and its noun, one or several."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _known(name: str, given: list[str], allowed: tuple[str, ...]) -> None:
    """Raise if a value is not one of those allowed."""
    for value in given:
        if value not in allowed:
            raise typer.BadParameter(f"{name}: {value!r} is none of {', '.join(allowed)}")
    if not given:
        raise typer.BadParameter(f"{name} is empty; one of {', '.join(allowed)}")


def bulletin(
    month: Annotated[str, typer.Option(help="A month, e.g. 2021-09.")] = "",
    quarter: Annotated[str, typer.Option(help="A quarter, e.g. 2021Q3.")] = "",
    year: Annotated[str, typer.Option(help="A year, e.g. 2021.")] = "",
    district: Annotated[
        list[str] | None,
        typer.Option(help="A district by any of its names, or city; repeatable. Else all of them."),
    ] = None,
    to: Annotated[
        str, typer.Option(help="Forms with commas between: html, pdf, docx, xlsx, pptx.")
    ] = "html,pdf,docx,xlsx",
    lang: Langs = "",
    board: Annotated[
        bool, typer.Option("--board", help="All districts and targets, on one page of A4, alone.")
    ] = False,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help="Of the plan's year, from published figures alone, where targets and results are.",
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("bulletins"),
    ledger: Annotated[
        str | None,
        typer.Option(help="Ledger: file, folder or URL; else $WORKBOOK_LEDGER, else the example."),
    ] = None,
    issuer: Annotated[str, typer.Option(help="Who issues it: makes a paper to be sent.")] = "",
    number: Annotated[str, typer.Option(help="Its number, e.g. 武招商办〔2021〕9号.")] = "",
    date: Annotated[str, typer.Option(help="Its date, e.g. 2021-10-08.")] = "",
    addressee: Annotated[
        list[str] | None, typer.Option(help="Whom it is addressed to; repeatable.")
    ] = None,
    copy: Annotated[list[str] | None, typer.Option(help="Who gets a copy; repeatable.")] = None,
    template: Annotated[
        list[Path] | None,
        typer.Option(help="A .docx or .typ of your own, as `workbook template` writes one."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler, e.g. tcp://host:8786, to make them there.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine; one a core if not named.")
    ] = None,
    force: Force = False,
) -> None:
    """Write bulletins of a month, quarter or year, for the city and each district.

    What is there already and still right is not made again: after an interruption, run
    the same command once more. A file that was changed since is not written over untold.
    """
    given = [(kind, text) for kind, text in
             (("month", month), ("quarter", quarter), ("year", year)) if text]  # fmt: skip
    if len(given) + published != 1:
        raise typer.BadParameter("name one of --month, --quarter, --year and --published")
    forms, langs = _list(to), _langs(lang)
    _known("--to", forms, ("html", "pdf", "docx", "xlsx", "pptx"))
    given_fields = {"issuer": [issuer], "number": [number], "date": [date],
                    "addressee": addressee or [], "copy": copy or []}  # fmt: skip
    letter = letter_of(given_fields, template or [], langs, forms)
    if board and (letter or district):
        raise typer.BadParameter("--board is of all districts, and has no letterhead")
    if published:
        _from_published(district or [], forms, langs, out, force, letter, board)
        return
    typer.echo("Reading the plan and the ledger …")
    from tqdm import tqdm

    from analysis.bulletin.making import BOARD, CITY, make
    from analysis.plan import PlanError, load_plan
    from analysis.structure import Period, PeriodError, answers

    plan = load_plan()
    try:
        period = Period.of(given[0][1])
        places = (
            [
                CITY if name == CITY else plan.district(name)
                for name in district or [CITY, *plan.floors["district"]]
            ]
            if not board
            else [BOARD]
        )
    except (PeriodError, PlanError) as error:
        raise typer.BadParameter(str(error)) from None
    if period.assessment != given[0][0]:
        raise typer.BadParameter(f"--{given[0][0]}: {given[0][1]!r} is a {period.assessment}")
    places = list(dict.fromkeys(places))
    one_paper(letter, places)
    count = len(places) * len(langs) * len(forms)
    asked = answers(ledger)
    if asked.illustrative:
        typer.echo("The ledger holds the example's rows: everything is labelled illustrative.")
    with templates_told(), tqdm(total=count, unit="file", disable=None) as bar:
        made = make(
            asked, plan, period, out, places=places, langs=langs, forms=forms,
            scheduler=scheduler, processes=workers, force=force,
            letter=letter, done=lambda _: bar.update() and None,
        )  # fmt: skip
    typer.echo(
        f"Wrote {count_of(len(made.written), 'file')} to {out / period.key}; "
        f"{len(made.kept)} were there and still right."
    )


def _from_published(
    named: list[str], forms: list[str], langs: list[str], out: Path, force: bool,
    letter: Letter | None, board: bool,
) -> None:  # fmt: skip
    """Write the bulletins of districts that published targets and results."""
    typer.echo("Reading the plan and its evidence …")
    from analysis.bulletin.board import published_board
    from analysis.bulletin.making import BOARD
    from analysis.bulletin.published import compose, districts
    from analysis.documents.writers import writer
    from analysis.evidence import load_evidence
    from analysis.files import refuse_to_overwrite, write_whole
    from analysis.plan import PlanError, load_plan, plan_year

    plan, evidence = load_plan(), load_evidence()
    there = [BOARD] if board else districts(plan, evidence)
    try:
        wanted = list(dict.fromkeys(map(plan.district, named))) or there
    except PlanError as error:
        raise typer.BadParameter(str(error)) from None
    if lacking := [key for key in wanted if key not in there] or (
        [] if there else ["any district"]
    ):
        typer.echo(
            f"Of {', '.join(lacking)} no target of {plan_year(plan)} is published with its result;"
            f" of these districts one is: {', '.join(there) or 'none'}.",
            err=True,
        )
        raise typer.Exit(1)
    one_paper(letter, wanted)
    folder = out / f"{plan_year(plan)}-published"
    jobs = {
        (key, lang): {form: folder / f"{key}.{lang}.{form}" for form in forms}
        for key in wanted for lang in langs
    }  # fmt: skip
    paths = [path for of in jobs.values() for path in of.values()]
    refuse_to_overwrite(paths, force)
    for (key, lang), files in jobs.items():
        document = (
            published_board(plan, evidence, lang)
            if board
            else (replace(compose(plan, evidence, key, lang), letter=letter))
        )
        with templates_told():
            made = {path: writer(form)(document) for form, path in files.items()}
        for path, content in made.items():
            write_whole(path, content)
    typer.echo(f"Wrote {count_of(len(paths), 'file')} to {folder}.")

"""Papers to be sent: their letterhead, from a command's options, and `workbook template`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.options import FileLang, Force, language
from analysis.commands.output import REFUSED, failures_told, say
from analysis.text import Text

if TYPE_CHECKING:
    from analysis.documents.letter import Letter


@contextmanager
def templates_told() -> Iterator[None]:
    """Say what is wrong with a template in the locale's language, and end."""
    from analysis.documents.letter import TemplateError

    try:
        yield
    except TemplateError as error:
        say([error.say(language(""))], True)
        raise typer.Exit(REFUSED) from None


def letter_of(
    given: Mapping[str, Sequence[str]], templates: Sequence[Path], langs: Sequence[str],
    forms: Sequence[str],
) -> Letter | None:  # fmt: skip
    """Return the letterhead that options name, checked against its templates; None if none do."""
    given = {name: texts for name, texts in given.items() if any(texts)}
    if not given and not templates:
        return None
    from analysis.documents.letter import Letter, own_template, said_list

    if len(langs) > 1:
        raise typer.BadParameter("a paper to be sent is in one language: name one with --lang")
    lang = langs[0]
    fields = {name: said_list(texts, lang) for name, texts in given.items()}
    if "date" in fields:
        fields["date"] = _written(fields["date"], lang)
    with templates_told():
        letter = Letter(fields, dict(map(own_template, templates)))
        letter.check(forms, lang)
    return letter


def _written(text: str, lang: str) -> str:
    """Return a date as a letter has it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--date: {text!r} is no date; write 2021-10-08") from None
    return Text(lang)("document.letter.date", year=str(day.year), day=str(day.day),
                      month_zh=str(day.month), month_en=f"{day:%B}")  # fmt: skip


def one_paper(letter: Letter | None, places: Sequence[str]) -> None:
    """Refuse to give several papers one number."""
    if letter and "number" in letter.fields and len(places) > 1:
        raise typer.BadParameter(
            f"--number is one paper's and {len(places)} are asked for: name one with --district"
        )


def template(
    path: Annotated[Path, typer.Argument(help="File to write: .docx for Word, .typ for PDF.")],
    lang: FileLang = "",
    force: Force = False,
) -> None:
    """Write the template of a bulletin's paper, to change and give back with --template."""
    from analysis.documents.letter import ENDINGS, TEMPLATES
    from analysis.files import refuse_to_overwrite, write_whole

    text = Text(language(""))
    ending = path.suffix.lower()
    if ending not in ENDINGS.values():
        raise typer.BadParameter(f"{path.name}: name it {' or '.join(ENDINGS.values())}")
    with failures_told(text):
        refuse_to_overwrite([path], force)
        content = (TEMPLATES / f"bulletin.{lang}{ending}").read_bytes()
        say([text("ledger.wrote", path=str(write_whole(path, content)))])

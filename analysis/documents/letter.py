"""What makes a bulletin a paper to be sent: its letterhead, and the template that it is set in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.documents.cells import printable
from analysis.text import Text, enumerated
from analysis.words import spelled

if TYPE_CHECKING:
    from analysis.documents.document import Document, Section

TEMPLATES = Path(__file__).parent / "templates"
#: What a reader gives, and what a document has by itself.
GIVEN = ("issuer", "number", "date", "addressee", "copy")
OWN = ("title", "subtitle", "about", "label")
BODY = "body"
#: What a paper can do without: its place in a template stays empty.
OPTIONAL = frozenset({"copy"})
#: Form of a document -> ending of the template that it is set in.
ENDINGS = {"docx": ".docx", "pdf": ".typ"}
IN_TYPST = re.compile(r"\bfields\.(?!at\b)(\w+)|\b(body)\(\)")


class TemplateError(ValueError):
    """A template can't be used; said under `document.template.<code>` in both languages."""

    def __init__(self, code: str, given: Mapping[str, str]) -> None:
        super().__init__(code, given)
        self.code, self.given = code, given

    def __str__(self) -> str:
        return self.say("en")

    def say(self, lang: str) -> str:
        """Return what is wrong and what to do, in a language."""
        return Text(lang)(f"document.template.{self.code}", **self.given)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letterhead's fields, and templates of the reader's own.

    fields : name of `GIVEN` -> its text
    own : form -> name and content of a template
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @classmethod
    def empty(cls, lang: str) -> Letter:
        """Return a letterhead whose fields say what is to be written there."""
        return cls({name: Text(lang)(f"document.letter.empty.{name}") for name in GIVEN})

    def template(self, form: str, lang: str) -> tuple[str, bytes] | None:
        """Return the template of a form: one's own, else the house's if there is a letterhead."""
        if form in self.own or not self.fields or form not in ENDINGS:
            return self.own.get(form)
        name = f"bulletin.{lang}{ENDINGS[form]}"
        return name, (TEMPLATES / name).read_bytes()

    def values(self, document: Document) -> dict[str, str]:
        """Return the text of each field; nothing for one that is not given."""
        own = {name: getattr(document, name) for name in OWN}
        return {name: printable(text) for name, text in
                {**dict.fromkeys(GIVEN, ""), **own, **self.fields}.items()}  # fmt: skip

    def check(self, forms: Sequence[str], lang: str) -> None:
        """Raise `TemplateError` if the templates of some forms don't fit what is given."""
        if idle := [name for form, (name, _) in self.own.items() if form not in forms]:
            raise TemplateError("idle", {"file": idle[0], "forms": ", ".join(ENDINGS)})
        used = [found for form in forms if (found := self.template(form, lang))]
        if not used:
            raise TemplateError("no_form", {"forms": ", ".join(ENDINGS)})
        for name, content in used:
            self._check(name, named(name, content))

    def _check(self, file: str, names: Sequence[str]) -> None:
        there = set(names)
        known = (*GIVEN, *OWN, BODY)
        if unknown := [name for name in dict.fromkeys(names) if name not in known]:
            raise TemplateError("unknown", {"file": file, "names": _list(unknown),
                                            "fields": _list(known)})  # fmt: skip
        if names.count(BODY) != 1:
            raise TemplateError("body", {"file": file, "place": _place(file, BODY)})
        if missing := [n for n in GIVEN if n in there - OPTIONAL and not self.fields.get(n)]:
            raise TemplateError("missing", {"file": file, "options": _options(missing)})
        if lost := [name for name in self.fields if name not in there]:
            raise TemplateError("unplaced", {"file": file, "options": _options(lost),
                                             "place": _place(file, lost[0])})  # fmt: skip


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _options(names: Iterable[str]) -> str:
    return ", ".join(f"--{name}" for name in names)


def _place(file: str, name: str) -> str:
    """Return how a template of a kind names a field."""
    if file.endswith(ENDINGS["docx"]):
        return "{{" + name + "}}"
    return f"#{BODY}()" if name == BODY else f"#fields.{name}"


def own_template(path: Path) -> tuple[str, tuple[str, bytes]]:
    """Return a reader's template: the form that is set in it, its name and content.

    Raises
    ------
    TemplateError : if it can't be read, or is neither a Word file nor a typst file
    """
    form = next((form for form, end in ENDINGS.items() if path.suffix.lower() == end), "")
    if not form:
        raise TemplateError("ending", {"file": path.name, "endings": ", ".join(ENDINGS.values())})
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TemplateError("unread", {"file": str(path), "why": error.strerror or ""}) from None
    named(path.name, content)
    return form, (path.name, content)


def named(file: str, content: bytes) -> list[str]:
    """Return the fields that a template names, in their order.

    Raises
    ------
    TemplateError : if it is no such file, whatever its name
    """
    if file.endswith(ENDINGS["docx"]):
        from analysis.documents.word_template import opened, placeholders

        return placeholders(opened(file, content))
    try:
        source = re.sub(r"(?m)^\s*//.*$", "", content.decode())
    except UnicodeDecodeError:
        raise TemplateError("not_typst", {"file": file}) from None
    return [one or body for one, body in IN_TYPST.findall(source)]


#: What a paper's text does not refer to: it is in the Excel file, and named at the paper's end.
ANNEXED = frozenset({"floors", "flows", "tiers", "ranks", "contribution", "funnel", "size_classes",
                     "concentration", "gaps", "sharing", "list", "annex"})  # fmt: skip
#: Columns that stand on an upright page; a table's first say most.
MOST_COLUMNS = 7


def lettered(document: Document) -> Document:
    """Return a document as a paper has it: what it refers to, its sections numbered, no data.

    What is left out is named in its last section, with where it is found.
    """
    from analysis.documents.document import Cards, Figure, Section, Table

    left: list[str] = []

    def block(one: Any) -> Any:
        if isinstance(one, Cards):
            return replace(one.table(document.lang), title="", source="")  # the text names them
        if isinstance(one, Figure | Table) and one.key.partition(" ")[0] in ANNEXED:
            left.append(re.split("：|: ", one.title)[0])  # what it is, not what it finds
            return None
        if isinstance(one, Table):
            return one.for_reading(document.lang).first(MOST_COLUMNS)
        return replace(one, table=None) if isinstance(one, Figure) else one

    made = [replace(one, blocks=tuple(filter(None, map(block, one.blocks))))
            for one in document.sections]  # fmt: skip
    made = [one for one in made if one.blocks]
    if left:
        text = Text(document.lang)
        words = text(
            "document.letter.left", named={"zh": "；", "en": "; "}[document.lang].join(left)
        )
        made.append(Section(text("document.letter.annex"), (words,)))
    first = sum(not one.heading for one in made)

    def numbered(one: Section, number: int) -> Section:
        mark = f"{spelled(number, 'zh')}、" if document.lang == "zh" else f"{number}. "
        return replace(one, heading=f"{mark}{one.heading}" if one.heading else "")

    sections = tuple(numbered(one, i - first + 1) for i, one in enumerate(made))
    return replace(document, annexes=(), sections=sections)


def said_list(parts: Sequence[str], lang: str) -> str:
    """Return addressees one after the other, as a letterhead has them."""
    return enumerated(parts, lang, "; ")

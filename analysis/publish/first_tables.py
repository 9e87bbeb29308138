"""What stands where a page has tables, before any script has run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from analysis.board.records import AT_ONCE, decoded, length
from analysis.text import Text, said


def say(message: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    """Return a message's text as HTML-safe text."""
    return escape(said(message, known, lang))


def made_up(lang: str) -> str:
    """Return what a part that shows made-up rows is marked with."""
    return f'<p class="wb-illustrative">{escape(Text(lang)("board.illustrative"))}</p>'


def table(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    """Draw a table as it stands for what the page has chosen first."""
    rows = payload["rows"].get(known[payload["by"]] if payload["by"] else "", [])
    return _rows(payload, rows, known, lang)


def records(payload: Mapping[str, Any], known: Mapping[str, Any], lang: str) -> str:
    """Draw the rows that stand on the page at once, with room for what asks for others."""
    text, count = Text(lang), len(payload["rows"])
    fields = [(text("board.records.search"), '<input type="search" disabled>')] + [
        (column[lang], f"<select disabled><option>{escape(text('board.records.all'))}</option>"
         "</select>")
        for column in payload["columns"] if column["filter"]
    ]  # fmt: skip
    asked = "".join(f"<label><span>{escape(name)}</span>{field}</label>" for name, field in fields)
    last = min(AT_ONCE, count)
    range_ = {"first": min(1, count), "last": last, "found": count, "all": count}
    told = text(f"board.records.{'count' if count else 'none'}", **range_)
    turns = "".join(
        f'<button class="wb-tool" disabled>{escape(text(f"board.records.{key}"))}</button>'
        for key in ("before", "next") if count > AT_ONCE
    )  # fmt: skip
    return _rows(
        payload, decoded(payload, AT_ONCE), known, lang, " wb-records",
        above=f'<div class="wb-asked">{asked}</div>',
        below=f'<div class="wb-turn"><span>{escape(told)}</span>{turns}</div>',
    )  # fmt: skip


def _rows(
    payload: Mapping[str, Any],
    rows: Iterable[list[Any]],
    known: Mapping[str, Any],
    lang: str,
    kind: str = "",
    above: str = "",
    below: str = "",
) -> str:
    title = say(payload["title"], known, lang)
    badge = made_up(lang) if payload["illustrative"] else ""
    take = escape(Text(lang)("board.data"))
    numbers = ["wb-number" if column["number"] else "" for column in payload["columns"]]
    sort = '<button class="wb-sort" disabled>{}</button>' if above else "{}"
    heads = "".join(
        f'<th scope="col" class="{number}">{sort.format(escape(column[lang]))}</th>'
        for column, number in zip(payload["columns"], numbers, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, numbers, lang)}</tr>" for row in rows)
    return (
        f'<figure class="wb-panel wb-table{kind}"><h2 class="wb-title">{title}</h2>{badge}{above}'
        f'<div class="wb-scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        f'</table></div>{below}<figcaption class="wb-caption"><span class="wb-source">'
        f"{say(payload['source'], known, lang)}</span>"
        f'<span class="wb-tools" aria-hidden="true">'
        f'<button class="wb-tool" disabled>{take}</button></span></figcaption></figure>'
    )


def _cells(row: list[Any], numbers: list[str], lang: str) -> str:
    said = ["–" if c is None else c[lang] if isinstance(c, Mapping) else str(c) for c in row]
    kinds = [number or length(cell) for cell, number in zip(said, numbers, strict=True)]
    first, *others = map(escape, said)
    return f'<th scope="row" class="{kinds[0]}">{first}</th>' + "".join(
        f'<td class="{kind}">{cell}</td>' for cell, kind in zip(others, kinds[1:], strict=True)
    )

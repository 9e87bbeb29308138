"""The words that stand in a notebook's cells, by their keys, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PARTS = ("title", "say", "alt", "source", "absent")


def cell_texts(path: Path) -> dict[str, Any]:
    """Return each key that a page speaks by, without its name, and the words if they are plain.

    Raises
    ------
    SyntaxError : a cell that is no Python
    """
    import nbformat

    cells = nbformat.read(path, as_version=4).cells
    code = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    return {key: words for tree in code for key, words in texts_of(tree)}


def texts_of(code: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a cell with their words, None where they are worked out."""
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        given = {one.arg: one.value for one in node.keywords if one.arg in _PARTS}
        if called == "page":
            yield from ((key, _plain(value)) for key, value in given.items() if key == "title")
        elif called == "opening" and node.args:
            yield "answer", _plain(node.args[0])
        elif called in ("figure", "tool", "section") and node.args:
            first, *more = node.args
            if called == "section":
                given |= dict(zip(("", "text"), more, strict=False))
            for key in _keys(first):
                for part, value in given.items():
                    yield f"{key}.{part}" if part else key, _plain(value)


def _keys(node: ast.AST) -> list[str]:
    """Return the keys that an argument may be: one, or one of two."""
    ends = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return [str(one.value) for one in ends if isinstance(one, ast.Constant)]


def _plain(node: ast.AST) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None

"""The words that stand in a notebook's cells, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def plan_texts(path: Path) -> dict[str, Any]:
    """Return the keys by which a plan may speak in a notebook, with the words of any plan.

    Raises
    ------
    SyntaxError : a cell that is no Python
    """
    import nbformat

    cells = nbformat.read(path, as_version=4).cells
    code = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    asked = (one.args for tree in code for one in _calls(tree, "plan_text"))
    return {_plain(key): _plain(otherwise) for key, otherwise in asked}


def title_of(code: ast.AST) -> Any:
    """Return the words of `page(title=...)`, None where it isn't called or they are worked out."""
    given = (one for call in _calls(code, "page") for one in call.keywords if one.arg == "title")
    return next((words for one in given if (words := _plain(one.value))), None)


def _calls(code: ast.AST, name: str) -> Iterator[ast.Call]:
    """Yield the calls of a function, or of a method, by its name."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
            yield node


def _plain(node: ast.AST) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None

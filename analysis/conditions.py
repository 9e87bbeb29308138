"""Conditions that sentences stand under: Vega's expressions, read as Python's."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from analysis.text_table import TextError

#: What a condition is made of.
_READ = (
    ast.Expression, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Name, ast.Load,
    ast.Constant, ast.cmpop, ast.boolop, ast.unaryop, ast.operator,
)  # fmt: skip


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Say whether a message's condition holds; it is Vega's expression, read as Python's.

    Raises
    ------
    TextError : a name without a value, or more than comparisons, arithmetic and logic
    """
    return condition == "true" or bool(reckoned(condition, values))


def reckoned(expression: str, values: Mapping[str, Any]) -> Any:
    """Return the value of comparisons, arithmetic and logic over named values.

    Raises
    ------
    TextError : a name without a value, or anything more
    """
    code = _read(expression)
    for name in code.co_names:
        if name not in values:
            raise TextError(f"no value for {name} in the condition {expression!r}")
    return eval(code, {"__builtins__": {}}, values)


@lru_cache(maxsize=4096)  # a page's are asked anew for each scenario
def _read(expression: str) -> CodeType:
    """Return an expression as Python's, of no call, no attribute and no subscript."""
    python = expression.replace("&&", " and ").replace("||", " or ")
    python = re.sub(r"!(?!=)", " not ", python).replace("===", "==").strip()
    tree = ast.parse(python, mode="eval")
    if not all(isinstance(node, _READ) for node in ast.walk(tree)):
        raise TextError(f"{expression!r} holds more than comparisons, arithmetic and logic")
    return compile(tree, "<condition>", "eval")

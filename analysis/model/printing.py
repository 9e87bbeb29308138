"""An expression of the model, written for NumPy and for Vega.

Both are printed by one function, operation by operation, so that the two
compute in the same order. Only what exists in Vega's expression language and
its CSP-safe interpreter is known here; any other node is an error at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True, slots=True)
class Dialect:
    """The few words in which two expression languages differ."""

    nan: str
    power: str
    choose: str
    equal: str
    either: str
    least: str
    greatest: str


VEGA = Dialect("NaN", "pow({0}, {1})", "({0} ? {1} : {2})", "{0} === {1}", " || ", "min", "max")
NUMPY = Dialect(
    "nan", "power({0}, {1})", "where({0}, {1}, {2})", "({0} == {1})", " | ", "minimum", "maximum"
)


class UnprintableError(TypeError):
    """An expression holds something that the dialect has no word for."""


def write(expression: sp.Expr, dialect: Dialect) -> str:
    """Return `expression` in `dialect`.

    Raises
    ------
    UnprintableError : for a node without a counterpart in Vega's language
    """
    if expression.is_Symbol:
        return expression.name
    if expression is sp.S.NaN:
        return dialect.nan
    if expression.is_Number:
        return _number(expression)
    if expression.is_Add:
        return _sum(expression, dialect)
    if expression.is_Mul:
        return _product(expression, dialect)
    if expression.is_Pow:
        return _power(expression, dialect)
    if isinstance(expression, sp.Piecewise):
        return _choice(expression, dialect)
    if isinstance(expression, sp.Eq):
        sides = (write(side, dialect) for side in expression.args)
        return dialect.equal.format(*sides)
    if isinstance(expression, sp.Or):
        # sympy joins neighbouring cases of one value into a single one.
        return f"({dialect.either.join(write(part, dialect) for part in expression.args)})"
    if isinstance(expression, (sp.Min, sp.Max)):
        name = dialect.least if isinstance(expression, sp.Min) else dialect.greatest
        return _nested(name, [write(argument, dialect) for argument in expression.args])
    raise UnprintableError(f"{type(expression).__name__} has no counterpart: {expression}")


def _number(number: sp.Expr) -> str:
    if number.is_Integer:
        return str(int(number))
    if number.is_Rational:
        return f"({number.p}/{number.q})"
    return repr(float(number))


def _sum(total: sp.Expr, dialect: Dialect) -> str:
    text = ""
    # Positive terms first: a sum never opens with a bare minus sign.
    for term in sorted(total.as_ordered_terms(), key=lambda t: t.could_extract_minus_sign()):
        negative = bool(text) and term.could_extract_minus_sign()
        part = write(-term if negative else term, dialect)
        text += f" - {part}" if negative else f" + {part}" if text else part
    return f"({text})"


def _product(product: sp.Expr, dialect: Dialect) -> str:
    above, below = sp.fraction(product)
    if below == 1:
        return "*".join(write(factor, dialect) for factor in sp.Mul.make_args(above))
    # Numerator and denominator are single operands: a/(b*c), never a/b*c.
    over = "*".join(write(factor, dialect) for factor in sp.Mul.make_args(below))
    return f"{write(above, dialect)}/({over})"


def _power(power: sp.Expr, dialect: Dialect) -> str:
    base, exponent = power.as_base_exp()
    if exponent == -1:
        return f"1/({write(base, dialect)})"
    if exponent.is_Number and exponent < 0:
        return f"1/({write(base ** (-exponent), dialect)})"
    return dialect.power.format(write(base, dialect), write(exponent, dialect))


def _choice(piecewise: sp.Piecewise, dialect: Dialect) -> str:
    *cases, (otherwise, last) = piecewise.args
    if last != sp.true:
        raise UnprintableError(f"a choice needs a last case that always holds: {piecewise}")
    text = write(otherwise, dialect)
    for value, condition in reversed(cases):
        text = dialect.choose.format(write(condition, dialect), write(value, dialect), text)
    return text


def _nested(name: str, arguments: list[str]) -> str:
    text = arguments[-1]
    for argument in reversed(arguments[:-1]):
        text = f"{name}({argument}, {text})"
    return text

"""Figures that follow from the tables of a report: `sum(T1!C1:C6) / T1!B7 * 100`.

A cell is named by the number of its table, the letter of its column and the number of its row, the first row of figures
being 1. Nothing but the four operations, brackets and a few functions is understood.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from app.core.errors import N_
from question_bank.tasks.planning import Table

_REF = re.compile(r"T([1-9])!([A-Z])([1-9][0-9]?)(?::([A-Z])([1-9][0-9]?))?")
_FIGURE = re.compile(r"[-+]?[0-9][0-9, ]*(?:\.[0-9]+)?(?=\s*(?:[%％‰]|$))")
Value = Decimal | list[Decimal]


class FormulaWrong(Exception):
    """`message` is a msgid with params."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message)
        self.message, self.params = message, params


def figure_in(cell: str) -> Decimal | None:
    """The number a cell shows; of a percentage the number before the sign."""
    found = _FIGURE.match(cell.strip())
    return Decimal(found[0].replace(",", "").replace(" ", "")) if found else None


def computed(formula: str, tables: Sequence[Table]) -> Decimal:
    named: dict[str, Value] = {}

    def name(match: re.Match[str]) -> str:
        key = f"cell{len(named)}"
        named[key] = _cells(match, tables)
        return key

    try:
        tree = ast.parse(_REF.sub(name, formula), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaWrong(N_("The formula cannot be read.")) from None
    try:
        with localcontext() as context:
            context.prec = 28
            return _one(_value(tree.body, named))
    except (InvalidOperation, DivisionByZero, ZeroDivisionError, RecursionError):
        raise FormulaWrong(N_("The formula has no result: it divides by nothing or gets too large.")) from None


def _cells(match: re.Match[str], tables: Sequence[Table]) -> Value:
    table, left, top, right, bottom = match.groups()
    if int(table) > len(tables):
        raise FormulaWrong(N_("The formula names a cell that is not there: %(cell)s."), cell=match[0])
    found = []
    for row in range(int(top), int(bottom or top) + 1):
        for column in range(ord(left), ord(right or left) + 1):
            rows = tables[int(table) - 1].rows
            place = column - ord("A")
            cell = rows[row - 1][place] if row <= len(rows) and place < len(rows[row - 1]) else ""
            value = figure_in(cell)
            if value is None:
                raise FormulaWrong(N_("The formula names a cell that holds no figure: %(cell)s."), cell=match[0])
            found.append(value)
    return found if right else found[0]


def _one(value: Value) -> Decimal:
    if isinstance(value, list):
        raise FormulaWrong(N_("The formula counts with a whole range; sum it or take its mean first."))
    return value


def _list(value: Value) -> list[Decimal]:
    return value if isinstance(value, list) else [value]


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


_FUNCTIONS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "sum": lambda values: sum(values, Decimal(0)), "mean": _mean, "min": min, "max": max,
    "count": lambda values: Decimal(len(values)), "abs": lambda values: abs(values[0]),
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda one, other: one + other, ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other, ast.Div: lambda one, other: one / other,
}  # fmt: skip


def _value(node: ast.expr, named: dict[str, Value]) -> Value:
    match node:
        case ast.Name(id=name) if name in named:
            return named[name]
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Decimal(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_one(_value(inner, named))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATIONS:
            return _OPERATIONS[type(sign)](_one(_value(left, named)), _one(_value(right, named)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS and args:
            return _FUNCTIONS[name]([one for each in args for one in _list(_value(each, named))])
    known = ", ".join(_FUNCTIONS)
    raise FormulaWrong(N_("The formula may use + - * / ( ), cells such as T1!B2 and %(known)s."), known=known)

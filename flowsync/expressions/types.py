"""The types of values in a flow, and which type an expression gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

from flowsync.expressions.tree import (
    Binary,
    Concatenation,
    Expression,
    Literal,
    Lookup,
    Problem,
    Reference,
    Unary,
)


class Kind(Enum):
    """What a value is; the words are those of data models.

    `UNKNOWN` is the type of what is not described well enough to say; it goes with everything.
    `NONE` is what the platform's checker gives to a remainder (%); it goes with nothing.
    """

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"
    NULL = "null"
    UNKNOWN = "unknown"
    NONE = "none"


class Type(NamedTuple):
    """The type of a value.

    `properties` of an object and `items` of an array are None where they are not described.
    """

    kind: Kind
    properties: Mapping[str, Type] | None = None
    items: Type | None = None

    @property
    def name(self) -> str:
        """Give the type in the words of messages, with its article."""
        return _NAMES[self.kind]


_NAMES = {
    Kind.STRING: "a text",
    Kind.NUMBER: "a number",
    Kind.INTEGER: "an integer",
    Kind.BOOLEAN: "a boolean",
    Kind.OBJECT: "an object",
    Kind.ARRAY: "an array",
    Kind.NULL: "null",
    Kind.UNKNOWN: "a value of unknown type",
    Kind.NONE: "a remainder (%), which the platform gives no type",
}
STRING, NUMBER, INTEGER, BOOLEAN, UNKNOWN = (
    Type(kind) for kind in (Kind.STRING, Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.UNKNOWN)
)
_NUMERIC = (Kind.NUMBER, Kind.INTEGER)

Resolve = Callable[[Reference], "Type | Problem"]


def infer(expression: Expression, resolve: Resolve) -> Type | Problem:
    """Give the type of an expression, or the first place where types do not go together.

    `resolve` gives the type of what a binding refers to, or says why it refers to nothing.
    """
    match expression:
        case Literal(value=value):
            return _of_literal(value)
        case Lookup(reference=reference, position=position):
            found = resolve(reference)
            if isinstance(found, Problem):
                return Problem(found.message, found.fix, position)
            return found
        case Concatenation(parts=parts):
            types = [infer(part, resolve) for part in parts]
            problems = [found for found in types if isinstance(found, Problem)]
            return problems[0] if problems else STRING
        case Unary():
            return _of_unary(expression, resolve)
        case Binary():
            return _of_binary(expression, resolve)


def _of_literal(value: str | float | bool) -> Type:
    if isinstance(value, bool):
        return BOOLEAN
    return STRING if isinstance(value, str) else NUMBER


def _of_unary(expression: Unary, resolve: Resolve) -> Type | Problem:
    operand = infer(expression.operand, resolve)
    if isinstance(operand, Problem):
        return operand
    wanted = BOOLEAN if expression.operator == "!" else NUMBER
    if operand.kind not in (wanted.kind, Kind.UNKNOWN):
        return Problem(
            f"applies {expression.operator} to {operand.name}",
            f"It needs {wanted.name}.",
            expression.position,
        )
    return wanted


def _of_binary(expression: Binary, resolve: Resolve) -> Type | Problem:
    left, right = infer(expression.left, resolve), infer(expression.right, resolve)
    if isinstance(left, Problem):
        return left
    if isinstance(right, Problem):
        return right
    operator = expression.operator
    if operator in ("==", "!="):
        return _of_equality(expression, left, right)
    if operator in ("&&", "||"):
        return _demand(expression, left, right, (Kind.BOOLEAN,), "booleans", BOOLEAN)
    result = BOOLEAN
    if operator in ("+", "-", "*", "/", "%"):
        result = Type(Kind.NONE) if operator == "%" else NUMBER
    return _demand(expression, left, right, _NUMERIC, "numbers", result)


def _demand(
    expression: Binary,
    left: Type,
    right: Type,
    wanted: tuple[Kind, ...],
    wanted_name: str,
    result: Type,
) -> Type | Problem:
    for side in (left, right):
        if side.kind not in (*wanted, Kind.UNKNOWN):
            fix = f"Both sides of {expression.operator} must be {wanted_name}."
            if expression.operator == "+" and side.kind is Kind.STRING:
                fix = "To join texts, write them side by side, as in 'Hello ' ${data.name}."
            return Problem(
                f"applies {expression.operator} to {side.name}", fix, expression.position
            )
    return result


def _of_equality(expression: Binary, left: Type, right: Type) -> Type | Problem:
    if left.kind is right.kind or Kind.UNKNOWN in (left.kind, right.kind):
        return BOOLEAN
    fix = "Compare values of one type."
    if {left.kind, right.kind} == set(_NUMERIC):
        fix = "Declare the field as number; integers do not equal numbers here."
    return Problem(f"compares {left.name} with {right.name}", fix, expression.position)

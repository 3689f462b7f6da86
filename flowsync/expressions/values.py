"""What bindings, expressions and conditions give at run time: tree → value.

Absent values are None. They count as an empty text when compared or joined, and as 0 in sums, so
that an expression over what nobody has filled in yet gives something to show.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson; how absent and mixed
values behave was observed in the platform's published client.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import TypeAlias

from flowsync.expressions.bindings import is_binding, reference
from flowsync.expressions.conditions import parse_condition
from flowsync.expressions.parser import parse_expression
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
from flowsync.model import JsonValue

LookUp: TypeAlias = "Callable[[Reference], JsonValue]"
"""Gives what a binding refers to, None where nothing is there."""
_DECIMALS = 2  # to which the phone rounds what it calculates
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*")


def value_of(text: str, look_up: LookUp, *, has_expressions: bool = True) -> JsonValue | Problem:
    """Give what a text of a property stands for: the value of a binding or an expression.

    Any other text stands for itself, also one with a binding among other characters.
    `has_expressions` is false before version 6.0, where backticks are plain characters. A
    `Problem` says why an expression cannot be read.
    """
    found = reference(text)
    if found is not None:
        return look_up(found) if is_binding(text) else None
    if not has_expressions or len(text) <= 2 or not text[0] == text[-1] == "`":
        return text
    tree = parse_expression(text)
    return tree if isinstance(tree, Problem) else evaluate(tree, look_up)


def holds(condition: JsonValue, look_up: LookUp, *, has_expressions: bool = True) -> bool | Problem:
    """Tell whether the condition of an If holds, or why it cannot be read."""
    if not isinstance(condition, str):
        return condition is True
    is_expression = has_expressions and len(condition) > 2 and condition[0] == condition[-1] == "`"
    if condition and not condition.strip(" "):
        return False
    tree = parse_expression(condition) if is_expression else parse_condition(condition)
    return tree if isinstance(tree, Problem) else is_true(evaluate(tree, look_up))


def evaluate(expression: Expression, look_up: LookUp) -> JsonValue:
    """Give the value of an expression; numbers without a fraction are whole numbers."""
    match expression:
        case Literal(value=value):
            return _shortest(value) if isinstance(value, float) else value
        case Lookup(reference=found):
            return look_up(found)
        case Concatenation(parts=parts):
            return "".join(text_of(evaluate(part, look_up)) for part in parts)
        case Unary(operator="!", operand=operand):
            return not is_true(evaluate(operand, look_up))
        case Unary(operator=operator, operand=operand):
            number = _to_number(evaluate(operand, look_up))
            return _rounded(-number if operator == "-" else number)
        case Binary(operator="&&", left=left, right=right):
            return is_true(evaluate(left, look_up)) and is_true(evaluate(right, look_up))
        case Binary(operator="||", left=left, right=right):
            return is_true(evaluate(left, look_up)) or is_true(evaluate(right, look_up))
        case Binary(operator=operator, left=left, right=right):
            return _combine(operator, evaluate(left, look_up), evaluate(right, look_up))


def is_true(value: JsonValue) -> bool:
    """Tell whether a value counts as true; what is absent, empty or 0 does not."""
    return bool(value) or isinstance(value, list | dict)


def text_of(value: JsonValue) -> str:
    """Give a value as it shows in a text; what is absent is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(text_of(entry) for entry in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else str(_shortest(value))


def as_number(value: JsonValue) -> JsonValue:
    """Give a text that is a number as one, and anything else as it is."""
    number = _as_number(value) if isinstance(value, str) else None
    return value if number is None else _shortest(number)


def are_equal(left: JsonValue, right: JsonValue) -> bool:
    """Tell whether two values are the same; a number equals a text that is that number."""
    left, right = ("" if side is None else side for side in (left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if _is_number(left) or _is_number(right):
        one, other = _as_number(left), _as_number(right)
        return one is not None and one == other
    return left == right


def _combine(operator: str, left: JsonValue, right: JsonValue) -> JsonValue:
    if operator == "==":
        return are_equal(left, right)
    if operator == "!=":
        return not are_equal(left, right)
    if operator in ("<", "<=", ">", ">="):
        return _compare(operator, left, right)
    return _rounded(_calculate(operator, _to_number(left), _to_number(right)))


def _compare(operator: str, left: JsonValue, right: JsonValue) -> bool:
    if not (_is_number(left) or _is_number(right)):
        return False
    one, other = _as_number(left), _as_number(right)
    if one is None or other is None:
        return False
    if operator in ("<=", ">=") and one == other:
        return True
    return one < other if operator[0] == "<" else one > other


def _calculate(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        return 0.0
    return left / right if operator == "/" else math.fmod(left, right)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_number(value: JsonValue) -> float | None:
    """Give a number, or a text that is one, as a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value) is None:
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _to_number(value: JsonValue) -> float:
    return _as_number(value) or 0.0


def _rounded(number: float) -> int | float:
    """Round as the phone does; what no double can hold counts as 0."""
    return _shortest(round(number, _DECIMALS)) if math.isfinite(number) else 0


def _shortest(number: int | float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() else number

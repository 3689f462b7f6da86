"""The condition of an If without backticks: a smaller language than that of expressions.

It knows bindings to top-level fields, whole numbers, quoted texts, true and false, comparisons,
`&&`, `||`, `!` and parentheses. Two comparisons side by side need parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowsync.expressions.parser import read_tokens
from flowsync.expressions.tokens import Kind, Token, tokens
from flowsync.expressions.tree import (
    Binary,
    Concatenation,
    Expression,
    Literal,
    Problem,
    Reference,
    Unary,
)
from flowsync.expressions.types import BOOLEAN, Resolve, Type, infer
from flowsync.expressions.types import Kind as TypeKind

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_NEGATIVE = re.compile(r"-[1-9][0-9]*")
_COMPARED = (TypeKind.STRING, TypeKind.NUMBER, TypeKind.BOOLEAN, TypeKind.UNKNOWN)


def check_condition(text: str, resolve: Resolve) -> Problem | None:
    """Give what the platform refuses in a condition, None where nothing is wrong.

    A text of spaces alone passes, as it does there.
    """
    if text and not text.strip(" "):
        return None
    tree = parse_condition(text)
    return tree if isinstance(tree, Problem) else _check_types(tree, resolve)


def parse_condition(text: str) -> Expression | Problem:
    """Read a condition into a tree, or say what is wrong with it."""
    found = tokens(text)
    if isinstance(found, Problem):
        return found
    signed = tuple(_with_signs(found))
    problem = _check_white_space(text, signed) or _check_tokens(signed)
    if problem is not None:
        return problem
    tree = read_tokens(signed)
    if isinstance(tree, Concatenation):
        if not tree.parts:
            return Problem("is empty", "Write a comparison, such as ${data.kind} == 'new'.")
        message = "has two values side by side without an operator"
        return Problem(message, "Put && or || between them.", tree.parts[1].position)
    return tree


def _with_signs(found: list[Token]) -> Iterator[Token]:
    """Give the tokens with a minus right before a number made part of it."""
    at = 0
    while at < len(found):
        token, following = found[at], found[min(at + 1, len(found) - 1)]
        is_sign = token.text == "-" and following.kind is Kind.NUMBER
        if is_sign and following.position == token.position + 1:
            yield Token(Kind.NUMBER, f"-{following.text}", token.position)
            at += 2
        else:
            yield token
            at += 1


def _check_white_space(text: str, found: tuple[Token, ...]) -> Problem | None:
    covered = 0
    for token in found:
        gap = text[covered : token.position]
        if gap.strip(" "):
            return Problem("has white space other than a space", "Use spaces only.", covered)
        covered = token.position + len(token.text)
    return None


def _check_tokens(found: tuple[Token, ...]) -> Problem | None:
    compared = [False]  # for each open parenthesis, whether a comparison was met in it
    for index, token in enumerate(found):
        problem = _check_token(token, found[index + 1 : index + 2])
        if problem is not None:
            return problem
        if token.kind is Kind.OPEN:
            compared.append(False)
        elif token.kind is Kind.CLOSE and len(compared) > 1:
            compared.pop()
        elif token.text in COMPARISONS and token.kind is Kind.OPERATOR:
            if compared[-1]:
                fix = "Put each comparison in parentheses, as in (a == b) && (c == d)."
                return Problem("has two comparisons side by side", fix, token.position)
            compared[-1] = True
    return None


def _check_token(token: Token, following: tuple[Token, ...]) -> Problem | None:
    if token.kind is Kind.NUMBER and not (
        _WHOLE.fullmatch(token.text) or _NEGATIVE.fullmatch(token.text)
    ):
        message = f"has the number {token.text[:40]}, which is not a plain whole number"
        return Problem(
            message, "Use a whole number, or an expression in backticks.", token.position
        )
    if token.kind is Kind.OPERATOR and token.text in "+-*/%":
        fix = "Put the whole condition in backticks to calculate (from version 6.0)."
        return Problem(f"calculates with {token.text}", fix, token.position)
    if token.kind is Kind.SEPARATOR:
        return Problem(f"has the character {token.text}", "Remove it.", token.position)
    if token.text == "!" and following and following[0].kind not in (Kind.BINDING, Kind.OPEN):
        fix = "Put it before a boolean binding or a parenthesis."
        return Problem("has ! before something that is no boolean", fix, token.position)
    return None


def _check_types(tree: Expression, resolve: Resolve) -> Problem | None:
    if isinstance(tree, Literal):
        return Problem("is always the same", "Compare a binding with something.", tree.position)
    found = infer(tree, lambda reference: _operand(reference, resolve))
    if isinstance(found, Problem):
        return found
    fixed = _fixed_on_both_sides(tree)
    if fixed is not None:
        fix = "Bind one of the two, as in ${data.kind} == 'new'."
        return Problem("compares two fixed values", fix, fixed.position)
    if found.kind not in (BOOLEAN.kind, TypeKind.UNKNOWN):
        fix = "Compare it with something, as in ${data.kind} == 'new'."
        return Problem(f"gives {found.name}, not true or false", fix, tree.position)
    return None


def _operand(reference: Reference, resolve: Resolve) -> Type | Problem:
    if reference.source == "data" and len(reference.path) > 1:
        message = f"looks inside a field with {reference}"
        return Problem(message, "Give the value a field of its own.")
    found = resolve(reference)
    if isinstance(found, Type) and found.kind not in _COMPARED:
        fix = "Declare the field as number." if found.kind is TypeKind.INTEGER else ""
        return Problem(
            f"uses {reference}, which is {found.name}",
            fix or "Use a field that is a text, a number or a boolean.",
        )
    return found


def _fixed_on_both_sides(tree: Expression) -> Binary | None:
    if isinstance(tree, Unary):
        return _fixed_on_both_sides(tree.operand)
    if not isinstance(tree, Binary):
        return None
    if isinstance(tree.left, Literal) and isinstance(tree.right, Literal):
        return tree
    return _fixed_on_both_sides(tree.left) or _fixed_on_both_sides(tree.right)

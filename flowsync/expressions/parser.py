"""Reads expressions in backticks, and conditions, into trees.

Operators bind, from tight to loose: `!` and signs; `* / %`; `+ -`; `< <= > >=`; `== !=`; `&&`;
`||`; operands side by side are joined to a text last of all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flowsync.expressions.bindings import is_binding, reference
from flowsync.expressions.tokens import Kind, Token, tokens
from flowsync.expressions.tree import (
    Binary,
    Concatenation,
    Expression,
    Literal,
    Lookup,
    Problem,
    Unary,
)

MAX_NESTING = 100  # of operators and parentheses in one another; the reader is recursive
MAX_OPERATIONS = 200
_BINDS: Mapping[str, int] = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_SIGNS = ("!", "-", "+")
_ESCAPE = re.compile(r"\\([\s\S])")
_OPERANDS = (Kind.BINDING, Kind.NUMBER, Kind.TEXT, Kind.WORD, Kind.OPEN)


def parse_expression(text: str) -> Expression | Problem:
    """Read an expression with its backticks into a tree, or say what is wrong with it.

    Positions count from the first backtick.
    """
    found = tokens(text[1:-1], offset=1)
    return found if isinstance(found, Problem) else read_tokens(found)


def read_tokens(found: Sequence[Token]) -> Expression | Problem:
    """Read tokens, the last of kind `END`, into a tree, or say what is wrong with them."""
    try:
        return _Reader(found).whole()
    except _Unreadable as exc:
        return exc.problem


class _Unreadable(Exception):
    def __init__(self, message: str, fix: str, position: int) -> None:
        super().__init__(message)
        self.problem = Problem(message, fix, position)


class _Reader:
    """Reads one list of tokens, by precedence climbing."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._nesting = 0
        self._operations = 0

    def whole(self) -> Expression:
        if self._next.kind is Kind.END:
            return Concatenation((), self._next.position)
        expression = self._joined()
        if self._next.kind is Kind.CLOSE:
            message = "has a closing parenthesis too many"
            raise _Unreadable(message, "Remove it, or open one before.", self._next.position)
        return expression

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _joined(self) -> Expression:
        """Read operands side by side; the platform takes , and ; between them too."""
        start = self._next.position
        parts = [self._binary(1)]
        while self._next.kind in (*_OPERANDS, Kind.SEPARATOR):
            if self._next.kind is Kind.SEPARATOR:
                self._take()
                continue
            self._count(self._next)
            parts.append(self._binary(1))
        return parts[0] if len(parts) == 1 else Concatenation(tuple(parts), start)

    def _binary(self, lowest: int) -> Expression:
        left = self._operand()
        while self._next.kind is Kind.OPERATOR and _BINDS.get(self._next.text, 0) >= lowest:
            operator = self._take()
            self._count(operator)
            right = self._binary(_BINDS[operator.text] + 1)
            left = Binary(operator.text, left, right, operator.position)
        return left

    def _count(self, token: Token) -> None:
        self._operations += 1
        if self._operations > MAX_OPERATIONS:
            message = f"has more than {MAX_OPERATIONS} operations"
            raise _Unreadable(message, "Compute it at the endpoint.", token.position)

    def _operand(self) -> Expression:
        token = self._take()
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise _Unreadable("is nested too deeply", "Simplify it.", token.position)
        try:
            return self._read_operand(token)
        finally:
            self._nesting -= 1

    def _read_operand(self, token: Token) -> Expression:
        match token.kind:
            case Kind.OPERATOR if token.text in _SIGNS:
                return Unary(token.text, self._operand(), token.position)
            case Kind.OPEN:
                return self._group(token)
            case Kind.BINDING:
                return _lookup(token)
            case Kind.NUMBER:
                return Literal(float(token.text), token.position)
            case Kind.TEXT:
                return Literal(_unescaped(token.text[1:-1]), token.position)
            case Kind.WORD:
                return self._word(token)
            case _:
                raise _missing_operand(token)

    def _group(self, opening: Token) -> Expression:
        inner = self._joined()
        if self._next.kind is not Kind.CLOSE:
            message = "has a parenthesis that is not closed"
            raise _Unreadable(message, "Close it with ).", opening.position)
        self._take()
        return inner

    def _word(self, token: Token) -> Expression:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.position)
        if self._next.kind is Kind.OPEN:
            message = f"calls {token.text}(), but there are no functions"
            raise _Unreadable(message, "Compute it at the endpoint.", token.position)
        if token.text == "null":
            message = "has null, which cannot be compared with"
            raise _Unreadable(message, "Compare with '' instead.", token.position)
        message = f"has the bare word {token.text[:40]}"
        raise _Unreadable(
            message, "Put it in single quotes, or bind it as in ${data.field}.", token.position
        )


def _lookup(token: Token) -> Lookup:
    found = reference(token.text) if is_binding(token.text) else None
    if found is None:
        raise _Unreadable(
            f"has the binding {token.text[:60]}, which cannot be read",
            "Write ${data.field}, ${form.component} or ${screen.ID.data.field}.",
            token.position,
        )
    return Lookup(found, token.position)


def _missing_operand(token: Token) -> _Unreadable:
    if token.kind is Kind.END:
        message, fix = "ends where a value should stand", "Complete or remove what stands before."
    else:
        message = f"has {token.text} where a value should stand"
        fix = "Put a value before it, or remove it."
    return _Unreadable(message, fix, token.position)


def _unescaped(text: str) -> str:
    """Give a quoted text with its escapes resolved."""
    return _ESCAPE.sub(r"\1", text)

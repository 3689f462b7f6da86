"""The words of an expression: operands, operators, parentheses."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from flowsync.expressions.tree import Problem


class Kind(Enum):
    """What a token is."""

    BINDING = auto()
    NUMBER = auto()
    TEXT = auto()
    WORD = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()
    SEPARATOR = auto()
    END = auto()


class Token(NamedTuple):
    """A piece of an expression, as written, at a character counted from 0."""

    kind: Kind
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<white>[ \t\r\n\f\v\u00a0]+)"
    r"|(?P<binding>\$\{[^{}]*\})"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<text>'(?:[^'\\]|\\[\s\S])*')"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>==(?!=)|!=(?!=)|>=|<=|&&|\|\||[<>!+\-*/%])"
    r"|(?P<open>\()|(?P<close>\))|(?P<separator>[,;])"
)
_KINDS = {kind.name.lower(): kind for kind in Kind}


def tokens(text: str, offset: int = 0) -> list[Token] | Problem:
    """Give the tokens of a text, ending with one of kind `END`, or what cannot be read.

    Positions count from the start of the text, plus `offset`.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return _unreadable(text, at, offset)
        kind = match.lastgroup or ""
        if kind != "white":
            found.append(Token(_KINDS[kind], match.group(), at + offset))
        at = match.end()
    found.append(Token(Kind.END, "", len(text) + offset))
    return found


def _unreadable(text: str, at: int, offset: int) -> Problem:
    """Say what an author most likely meant by characters that start no token."""
    rest, position = text[at:], at + offset
    if rest[0] == "'":
        return Problem("has a text without its closing quote", "Close it with '.", position)
    if rest[0] == '"':
        message = "has a text in double quotes"
        return Problem(message, "Put it in single quotes, as in 'yes'.", position)
    if rest[0] == "?":
        message = "has a choice with ? and :, which expressions do not know"
        return Problem(message, "Use an If component, or a field that holds the result.", position)
    if rest.startswith(("===", "!==")):
        message = f"has the operator {rest[:3]}"
        return Problem(message, f"Write {rest[:2]} instead.", position)
    if rest[0] == "=":
        return Problem("has a single =", "Write == to compare two values.", position)
    if rest.startswith("${"):
        return Problem("has a binding without its closing brace", "Close it with }.", position)
    if rest[0] == "`":
        message = "has a backtick inside"
        return Problem(message, "Put two backslashes before it, inside a quoted text.", position)
    if rest[0] == "[":
        message = "asks for an entry of a list, which expressions cannot do"
        return Problem(message, "Give the entry a data field of its own.", position)
    if rest[0] in "&|":
        return Problem(f"has a single {rest[0]}", f"Write {rest[0] * 2}.", position)
    message = f"has the character {rest[0] if rest[0].isprintable() else ascii(rest[0])!s}"
    return Problem(message, "Remove it; texts stand in single quotes.", position)

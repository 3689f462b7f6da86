"""What an expression is made of, as the parser gives it.

Plain tuples with names, because every start of the program makes these classes anew.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Problem(NamedTuple):
    """What is wrong with an expression, at which character (counted from 0), and how to mend it.

    `message` goes on after a subject, as in «… compares a text with a number», without a full stop;
    `fix` is a sentence.
    """

    message: str
    fix: str
    position: int = 0


class Reference(NamedTuple):
    """What a binding refers to; `screen` is None for the own screen.

    `source` is `data` or `form`, and empty where a binding names neither.
    """

    screen: str | None
    source: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        """Give the binding as it is written."""
        start = f"screen.{self.screen}." if self.screen is not None else ""
        return f"${{{start}{'.'.join((self.source, *self.path))}}}"


class Literal(NamedTuple):
    """A text, a number, true or false."""

    value: str | float | bool
    position: int


class Lookup(NamedTuple):
    """A binding as an operand."""

    reference: Reference
    position: int


class Unary(NamedTuple):
    """An operator before one operand: `!`, `-` or `+`."""

    operator: str
    operand: Expression
    position: int


class Binary(NamedTuple):
    """An operator between two operands; `position` is that of the operator."""

    operator: str
    left: Expression
    right: Expression
    position: int


class Concatenation(NamedTuple):
    """Operands that stand side by side, whose texts are joined."""

    parts: tuple[Expression, ...]
    position: int


Expression: TypeAlias = "Literal | Lookup | Unary | Binary | Concatenation"

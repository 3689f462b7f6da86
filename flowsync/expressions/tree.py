"""What an expression is made of, as the parser gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an expression, at which character (counted from 0), and how to mend it.

    `message` goes on after a subject, as in «… compares a text with a number», without a full stop;
    `fix` is a sentence.
    """

    message: str
    fix: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
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


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true or false."""

    value: str | float | bool
    position: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """A binding as an operand."""

    reference: Reference
    position: int


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator before one operand: `!`, `-` or `+`."""

    operator: str
    operand: Expression
    position: int


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands; `position` is that of the operator."""

    operator: str
    left: Expression
    right: Expression
    position: int


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Operands that stand side by side, whose texts are joined."""

    parts: tuple[Expression, ...]
    position: int


Expression: TypeAlias = "Literal | Lookup | Unary | Binary | Concatenation"

"""The expressions of GitHub Actions that our workflows use; anything else is an error.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<op>\|\||&&|==|!=|!|\(|\))"
    r"|(?P<word>[A-Za-z_][\w-]*(?:\.[\w-]+)*))"
)
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_LITERALS = {"true": True, "false": False, "null": None}

Functions = Mapping[str, Callable[[], bool]]


def filled(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """Give a text with its expressions replaced by their values."""
    return _HOLE.sub(lambda hole: _written(evaluated(hole[1], contexts, functions)), text)


def evaluated(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """Give the value of one expression."""
    return _Reader(text, contexts, functions).value()


def is_true(value: Any) -> bool:
    """Tell what counts as true: '0' does, an empty text does not."""
    return bool(value)


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Reader:
    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._contexts, self._functions, self._text = contexts, functions, text
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            assert found, f"no token at {text[at:]!r}"
            kind = found.lastgroup
            assert kind is not None
            self._tokens.append((kind, found[kind]))
            at = found.end()

    def value(self) -> Any:
        value = self._either()
        assert not self._tokens, f"left over in {self._text!r}: {self._tokens}"
        return value

    def _next(self, *operators: str) -> str | None:
        if self._tokens and self._tokens[0][0] == "op" and self._tokens[0][1] in operators:
            return self._tokens.pop(0)[1]
        return None

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            other = self._both()
            value = value if is_true(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._next("&&"):
            other = self._compared()
            value = other if is_true(value) else value
        return value

    def _compared(self) -> Any:
        value = self._single()
        while operator := self._next("==", "!="):
            value = (_folded(value) == _folded(self._single())) is (operator == "==")
        return value

    def _single(self) -> Any:
        if self._next("!"):
            return not is_true(self._single())
        if self._next("("):
            value = self._either()
            assert self._next(")"), f"no closing bracket in {self._text!r}"
            return value
        kind, word = self._tokens.pop(0)
        if kind == "text":
            return word[1:-1].replace("''", "'")
        assert kind == "word", f"{word!r} in {self._text!r}"
        if word in _LITERALS:
            return _LITERALS[word]
        if self._next("("):
            assert self._next(")"), f"{word} has arguments"
            return self._functions[word]()
        return self._looked_up(word)

    def _looked_up(self, word: str) -> Any:
        found: Any = self._contexts
        is_of_event = word.startswith("github.event.")  # each kind of event has its own fields
        for name in word.split("."):
            if is_of_event and (not isinstance(found, Mapping) or name not in found):
                return None
            assert isinstance(found, Mapping), f"{word}: nothing below {name}"
            assert name in found, f"{word}: {name} is not known here"
            found = found[name]
        return found


def _folded(value: Any) -> Any:
    if value is None:
        return ""
    return value.lower() if isinstance(value, str) else value

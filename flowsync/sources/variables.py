"""`${env:X}` and `${var:x}` inside string values; `${data.…}` and the like are the platform's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from flowsync.diagnostics import Diagnostic
from flowsync.sources.documents import Document, Offsets

VARIABLE = re.compile(r"\$\{(env|var):([^{}\"\\\n]*)\}")
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"(?P<is_key>\s*:)?', re.DOTALL)


class Variables(NamedTuple):
    """The values that `${env:X}` and `${var:x}` may take; `secret` names are never given."""

    env: Mapping[str, str]
    var: Mapping[str, str]
    secret: frozenset[str] = frozenset()

    def find(self, kind: str, name: str) -> str | None:
        """Give the value of a variable, or None where there is none that is valid text."""
        if kind == "env" and name in self.secret:
            return None
        value = (self.env if kind == "env" else self.var).get(name)
        return value if value is None or _is_text(value) else None

    def explain_missing(self, kind: str, name: str) -> tuple[str, str]:
        """Say that a variable is unknown, and how to define it."""
        if kind == "env" and name in self.secret:
            message = f'the environment variable "{name}" holds a credential.'
            return message, "Remove its use; what is written here is sent and shown."
        if kind == "env" and name in self.env:
            message = f'the environment variable "{name}" does not hold valid UTF-8.'
            return message, "Set it to text."
        if kind == "env":
            message = f'the environment variable "{name}" is not set.'
            return message, f"Set it, for example with `export {name}=…`, or remove its use."
        message = f'the variable "{name}" is not defined for this target.'
        known = ", ".join(sorted(self.var)) or "none"
        return message, f"Define it under `vars` of the target in flowsync.yaml (known: {known})."


def _is_text(value: str) -> bool:
    """Tell whether a value can be written as UTF-8; undecodable bytes of the system cannot."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def replace_in_text(text: str, variables: Variables) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Replace variables inside a single string value.

    Gives the new text and, for each unknown variable, what is wrong and how to fix it.
    """
    missing: list[tuple[str, str]] = []

    def value(match: re.Match[str]) -> str:
        found = variables.find(match[1], match[2])
        if found is None:
            missing.append(variables.explain_missing(match[1], match[2]))
            return match[0]
        return found

    return VARIABLE.sub(value, text), tuple(missing)


def has_variable(text: str) -> bool:
    """Tell whether a text holds a variable of ours that nobody has replaced."""
    return VARIABLE.search(text) is not None


def replace_in_json_text(
    document: Document, variables: Variables, problems: list[Diagnostic]
) -> str:
    """Replace variables inside the string values of valid JSON text; keys stay as they are.

    Every line keeps its number, so that what a remote says of the result points to the file. An
    unknown variable stays, and is a problem.
    """
    if not has_variable(document.text):
        return document.text
    offsets = Offsets(document.text)

    def in_text(found: re.Match[str]) -> str:
        if found["is_key"]:
            return found[0]
        return VARIABLE.sub(lambda match: value(match, found.start()), found[0])

    def value(match: re.Match[str], start: int) -> str:
        replacement = variables.find(match[1], match[2])
        if replacement is not None:
            return json.dumps(replacement, ensure_ascii=False)[1:-1]
        message, fix = variables.explain_missing(match[1], match[2])
        span = offsets.span(start + match.start(), start + match.end())
        problems.append(
            Diagnostic(path=document.path, span=span, rule="FS004", message=message, fix=fix)
        )
        return match[0]

    return _JSON_TEXT.sub(in_text, document.text)

"""Bindings: `${data.…}`, `${form.…}`, and both behind `${screen.ID.…}`."""

from __future__ import annotations

import re

from flowsync.expressions.tree import Reference

BINDING = re.compile(
    r"\$\{(?:screen\.[A-Za-z_,]+\.)?(?:data|form)\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\}"
)
_ANY_BINDING = re.compile(r"\$\{(?:data|form|screen)\.[^{}]*\}")
_STARTS = ("${data.", "${form.", "${screen.")


def is_binding(text: str) -> bool:
    """Tell whether a text is one well-formed binding and nothing else."""
    return BINDING.fullmatch(text) is not None


def starts_with_binding(text: str) -> bool:
    """Tell whether a text starts with a binding, which is all that the platform's shapes ask."""
    return BINDING.match(text) is not None


def has_binding_inside(text: str) -> bool:
    """Tell whether a text holds a binding among other characters."""
    if "${" not in text:
        return False
    found = _ANY_BINDING.search(text)
    return found is not None and found.group() != text


def looks_bound(text: str) -> bool:
    """Tell whether the platform takes a text for a binding, which it knows by its two ends."""
    return text.startswith(_STARTS) and text.endswith("}")


def reference(text: str) -> Reference | None:
    """Give what a text that is one binding refers to, or None for any other text."""
    if not looks_bound(text):
        return None
    parts = text[2:-1].split(".")
    screen = None
    if parts[0] == "screen":
        screen, parts = parts[1], parts[2:]
    if not parts or parts[0] not in {"data", "form"}:
        return Reference(screen, "", ())
    return Reference(screen, parts[0], tuple(parts[1:]))


def references_in(text: str) -> tuple[Reference, ...]:
    """Give what all bindings in a text refer to, wherever in it they stand."""
    if "${" not in text:
        return ()
    found = (reference(match.group()) for match in _ANY_BINDING.finditer(text))
    return tuple(one for one in found if one is not None)

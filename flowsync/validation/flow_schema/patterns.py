"""The forms of texts as ECMAScript patterns, which is what JSON Schemas hold.

They say the same as `flowsync.validation.texts` does with Python's patterns; a test compares both.
"""

from __future__ import annotations

from flowsync.validation.versions import V6_0, V7_0, Version

NOT_BLANK = r"^(?![\r\n]*[\u2028\u2029])[\s\S]*\S"
COLOUR = "^#[0-9A-Fa-f]{6}$"
CASE_KEY = "^[A-Za-z][A-Za-z0-9_-]*$"
# An entry of a RichText: no line break at its start, and not made of the letter s alone.
RICH_ENTRY = r"^(?!s+$)[^\n\r\u2028\u2029]"
_BINDING = r"\$\{(screen\.[A-Za-z_,]+\.)?(data|form)\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\}"
_EXPRESSION = r"`[\s\S]+`$"
_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*:\S*$"
BINDING = f"^{_BINDING}"
NO_EXPRESSION = f"^(?!{_EXPRESSION})"


def dynamic(version: Version) -> str:
    """Give the form of a binding or, from 6.0, of an expression in backticks."""
    return f"{BINDING}|^{_EXPRESSION}" if version >= V6_0 else BINDING


def name(version: Version) -> str:
    """Give the form of a component's name: not blank, and from 6.0 neither bound nor computed."""
    if version < V6_0:
        return NOT_BLANK
    return f"^(?!{_BINDING}$)(?!{_EXPRESSION}){NOT_BLANK[1:]}"


def screen_id(version: Version) -> str:
    """Give the form of a screen id."""
    return "^(?!_+$)[A-Za-z_]+$" if version >= V7_0 else "^[A-Za-z_,]+$"


def destination(version: Version) -> str:
    """Give the form of where a navigation leads: a screen id, or a text known at run time."""
    return f"{screen_id(version)}|{dynamic(version)}"


def address() -> str:
    """Give the form of the address that open_url opens; any scheme, or known at run time."""
    return f"{BINDING}|^{_EXPRESSION}|^{_ADDRESS}"

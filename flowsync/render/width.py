"""How many columns of a terminal a text takes, and making lines fit into them.

This is the only use of rich outside the command line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

LEAST_COLUMNS = 40  # a narrower terminal wraps by itself
_SHORTEST_VALUE = 12
_COLOUR = re.compile(r"\x1b\[\d*m")
_PARTS = re.compile(r"((?:\x1b\[\d*m)*)( *)(.*)")
_HANGING = "  "


def display_width(text: str) -> int:
    """Give the columns that a cleaned text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, columns: int) -> str:
    """Give the beginning of a cleaned text that takes no more columns than these."""
    columns = max(columns, 0)
    text = text[:columns]
    while display_width(text) > columns:
        text = text[:-1]
    return text


def with_longest_values(render: Callable[[int], str], columns: int) -> str:
    """Give a line whose values are as long as fits; `render` takes how long each may be."""
    low, high = _SHORTEST_VALUE, max(columns, _SHORTEST_VALUE)
    while low < high:
        middle = (low + high + 1) // 2
        if display_width(render(middle)) <= columns:
            low = middle
        else:
            high = middle - 1
    return render(low)


def wrapped(line: str, columns: int) -> Iterator[str]:
    """Give a line, which may hold colours, as lines that fit, broken between words.

    Later lines stand two further in than the first. A word that is too long stays whole.
    """
    if _columns_of(line) <= columns:
        yield line
        return
    colours, indent, text = _PARTS.findall(line)[0]
    first, *words = text.split(" ")
    current = colours + indent + first
    for word in words:
        if _columns_of(current) + 1 + _columns_of(word) <= columns:
            current += f" {word}"
        else:
            yield current.rstrip(" ")
            current = indent + _HANGING + word
    yield current


def _columns_of(text: str) -> int:
    return display_width(_COLOUR.sub("", text))

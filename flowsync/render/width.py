"""How many columns of a terminal a text takes (the only use of rich outside the command line)."""

from __future__ import annotations


def display_width(text: str) -> int:
    """Give the columns that a cleaned text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)

"""How long a comment may be, and finding how much of something fits into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

R = TypeVar("R")

# Comments and issues on GitHub: https://github.com/orgs/community/discussions/27190
COMMENT_LIMIT = 65_536
# Whoever posts a report puts a mark of its own before it, by which it finds the comment again.
REPORT_LIMIT = COMMENT_LIMIT - 1_000


def size(text: str) -> int:
    """Give the length of a text by the greatest of the measures in use.

    GitHub says characters; whether it means bytes of UTF-8, and counts a line end as two, is not
    written anywhere.
    """
    return len(text.encode("utf-8")) + text.count("\n")


def most_that_fits(most: int, render: Callable[[int], str], limit: int) -> int:
    """Give the greatest number up to `most` whose text is within the limit; 0 where none is.

    A greater number must give a longer text.
    """
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if size(render(middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def fitted(
    render: Callable[[R], str],
    rooms: Iterable[R],
    narrowed: Iterable[tuple[int, Callable[[int], R]]],
    limit: int,
) -> str:
    """Give the text of the first room that fits, or of the greatest of those that are `narrowed`.

    A room is how much is shown. Of the narrowed ones each has the greatest number that it could be
    made with; the first that fits with any is taken, or else the least of the last.
    """
    text = ""
    for room in rooms:
        text = render(room)
        if size(text) <= limit:
            return text
    for most, room_of in narrowed:
        number = most_that_fits(most, partial(_rendered, render, room_of), limit)
        text = render(room_of(number))
        if size(text) <= limit:
            return text
    return text


def _rendered(render: Callable[[R], str], room_of: Callable[[int], R], number: int) -> str:
    return render(room_of(number))


def left_out_line(what: Iterable[str], where: str) -> str:
    """Give the line of Markdown that says what was left out, and where it is; empty for nothing."""
    said = [text for text in what if text]
    if not said:
        return ""
    return f"_Left out, so that this fits into a comment: {'; '.join(said)}. {where}_"

"""How wide a text is in a picture, about, and lines that are no wider than they may be.

A picture does not know the font it is shown in: widths are those of a wide sans-serif one.
"""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/ \"`·…")
_WIDE = frozenset("mwMWQOGD@%&—→")
_NARROW_EM, _USUAL_EM, _WIDE_EM, _FULL_EM = 0.36, 0.58, 0.86, 1.05
_MONO_EM = 0.62


def text_width(text: str, size: float, *, is_mono: bool = False) -> float:
    """Give the width of a line in pixels, rather too large than too small."""
    return size * sum(_em(sign, is_mono=is_mono) for sign in text)


def _em(sign: str, *, is_mono: bool) -> float:
    if unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return _FULL_EM
    if is_mono:
        return _MONO_EM
    if sign in _NARROW:
        return _NARROW_EM
    return _WIDE_EM if sign in _WIDE else _USUAL_EM + 0.12 * sign.isupper()


def wrapped(
    text: str, size: float, width: float, most: int, *, is_mono: bool = False
) -> tuple[str, ...]:
    """Give a text in at most `most` lines of a width, broken between words where that is possible.

    What has no room ends in `…`.
    """
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        line = _first_line(rest, size, width, is_mono=is_mono)
        rest = rest[len(line) :].lstrip()
        lines.append(line.rstrip())
    if rest and lines:
        lines[-1] = _cut(f"{lines[-1]} {rest}", size, width, is_mono=is_mono)
    return tuple(lines)


def _first_line(text: str, size: float, width: float, *, is_mono: bool) -> str:
    used = 0.0
    last_space = 0
    for place, sign in enumerate(text):
        used += _em(sign, is_mono=is_mono) * size
        if used > width and place:
            return text[: last_space or place]
        if sign in " _-/":  # ids have no spaces
            last_space = place + 1
    return text


def _cut(text: str, size: float, width: float, *, is_mono: bool) -> str:
    room = width - text_width("…", size, is_mono=is_mono)
    used = 0.0
    for place, sign in enumerate(text):
        used += _em(sign, is_mono=is_mono) * size
        if used > room:
            return f"{text[:place].rstrip()}…"
    return text

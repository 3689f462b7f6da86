"""Pictures of flows, checked before a browser gets them: base64 of PNG, JPEG or WebP."""

from __future__ import annotations

import base64
import binascii

from flowsync.model import JsonValue, text_in

_MOST_BYTES = 2 * 1024 * 1024  # what is larger is said to be so; no phone shows it
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_WEBP_AT = 8


def picture_address(value: JsonValue) -> str | None:
    """Give a data address of ours for base64 of a PNG, JPEG or WebP picture, None for all else.

    Line breaks may stand between; what begins with `data:` is no base64, and no phone shows it.
    """
    text = "".join((text_in(value) or "").split())
    if not text or len(text) > _MOST_BYTES * 4 // 3:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    kind = next((kind for start, kind in _SIGNATURES.items() if data.startswith(start)), None)
    if kind is None and data[:4] == b"RIFF" and data[_WEBP_AT : _WEBP_AT + 4] == b"WEBP":
        kind = "image/webp"
    return None if kind is None else f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"

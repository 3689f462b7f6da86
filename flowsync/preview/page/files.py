"""What a PhotoPicker and a DocumentPicker hold, and what they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.page.properties import plain, size_of
from flowsync.preview.views import ElementView

_PHOTOS = "image/jpeg,image/png"
_NOUNS = {"PhotoPicker": "photo", "DocumentPicker": "document"}
_MOST_FILES, _MOST_KB = 30, 25600.0  # of a picker that says neither


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that was chosen: its name, and as JSON all that is known of it."""

    name: str
    told: str


def files_of(value: JsonValue) -> Iterator[File]:
    """Give the files among the values of an input."""
    for one in value if isinstance(value, list) else ():
        name = one if isinstance(one, str) else text_in(mapping_in(one).get("file_name"))
        if name:
            yield File(name=name, told=json.dumps(one))


def most_files(view: ElementView) -> int:
    """Give how many files a picker takes, 0 for what is none."""
    noun = _NOUNS.get(view.type)
    if noun is None:
        return 0
    most = plain(view.properties.get(f"max-uploaded-{noun}s"))
    return int(most) if most.isdecimal() else _MOST_FILES


def files_hint(view: ElementView) -> str:
    """Say how many files a picker takes, and how large."""
    noun = _NOUNS.get(view.type)
    if noun is None:
        return ""
    least, most = (view.properties.get(f"{end}-uploaded-{noun}s") for end in ("min", "max"))
    low, high = plain(least) or "0", plain(most) or str(_MOST_FILES)
    number = f"{low} to {high}" if low not in {"0", high} else high
    size = size_of(view.properties.get("max-file-size-kb")) or _MOST_KB
    large = f"{size / 1024:.3g} MB" if size >= 1024 else f"{size:g} KB"
    start = "Up to " if low == "0" else ""
    if number == "1":
        return f"{start}1 {noun}, up to {large}"
    return f"{start}{number} {noun}s, each up to {large}"


def accepted_by(view: ElementView) -> str:
    """Give the kinds of files that a picker takes, as a browser has them."""
    if view.type == "PhotoPicker":
        return _PHOTOS
    return ",".join(texts_in(view.properties.get("allowed-mime-types")))

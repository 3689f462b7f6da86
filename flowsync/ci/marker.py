"""The hidden lines by which a comment or an issue is found again, and what they remember.

A text of ours begins with two HTML comments: what it is about, which never changes, and the state
that it shows. Values are percent-encoded, so that no name can end the HTML comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_STATE = re.compile(r"<!-- flowsync:state digest=(\S*) head=(\S*) -->")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a text is about: `kind` is plan, apply or drift, of a target and a working directory."""

    kind: str
    target: str
    folder: str

    @property
    def line(self) -> str:
        """Give the line that a text about this begins with."""
        return (
            f"<!-- flowsync:{_written(self.kind)} target={_written(self.target)} "
            f"dir={_written(self.folder)} -->"
        )

    def is_on(self, text: str) -> bool:
        """Tell whether a text begins with this marker; GitHub may change the ends of lines."""
        return text.split("\n", 1)[0].rstrip("\r") == self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a text shows: the digest of the plan, empty where there is none, and of which commit."""

    digest: str
    head: str

    @property
    def line(self) -> str:
        """Give the line that stands below the marker."""
        return f"<!-- flowsync:state digest={_written(self.digest)} head={_written(self.head)} -->"


def state_in(text: str) -> State | None:
    """Give the state in the second line of a text, None where it has none."""
    lines = text.split("\n", 2)
    found = _STATE.fullmatch(lines[1].rstrip("\r")) if len(lines) > 1 else None
    return None if found is None else State(digest=unquote(found[1]), head=unquote(found[2]))


def _written(value: str) -> str:
    return quote(value, safe=":/.").replace("--", "%2D%2D")

"""What a YAML text holds besides its values: comments, anchors, lines that belong to a scalar."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from flowsync.sources.documents import Offsets
from flowsync.sources.yaml_text import LOADER

_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>]([-+0-9]*)(?:[ \t]+(#[^\n]*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlLayout:
    """Where comments and scalars stand in a valid YAML text; lines count from 1.

    `comments` are all comments in order, `comment_lines` the lines that hold nothing else.
    `inner_lines` are the lines that begin inside a scalar, so that their white space may be
    content. `has_anchors` tells whether any value is repeated by an anchor.
    """

    comments: tuple[str, ...]
    comment_lines: frozenset[int]
    inner_lines: frozenset[int]
    has_anchors: bool


def read_layout(text: str) -> YamlLayout:
    """Give the layout of a text that is known to be valid YAML with LF as line ends."""
    offsets = Offsets(text)
    comments: list[str] = []
    comment_lines: set[int] = set()
    inner_lines: set[int] = set()
    has_anchors = False
    end = 0
    for token in yaml.scan(text, Loader=LOADER):
        start, stop = token.start_mark.index, token.end_mark.index
        for match in _COMMENT.finditer(text, end, max(start, end)):
            comments.append(match.group())
            line = offsets.span(match.start(), match.start())
            if not text[match.start() - line.column + 1 : match.start()].strip():
                comment_lines.add(line.line)
        end = max(end, stop)
        has_anchors = has_anchors or isinstance(token, (yaml.AnchorToken, yaml.AliasToken))
        if isinstance(token, yaml.ScalarToken) and "\n" in text[start:stop]:
            if token.style in {"|", ">"}:
                header = _HEADER.match(text, start, stop)
                comments += [header[2]] if header and header[2] else []
                is_kept = header is not None and "+" in header[1]
                # Blank lines behind such a text are content only with the sign `+`.
                stop = stop if is_kept else start + len(text[start:stop].rstrip())
            span = offsets.span(start, stop)
            inner_lines |= set(range(span.line + 1, span.end_line + (span.end_column > 1)))
    return YamlLayout(
        comments=tuple(comments),
        comment_lines=frozenset(comment_lines),
        inner_lines=frozenset(inner_lines),
        has_anchors=has_anchors,
    )

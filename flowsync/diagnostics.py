"""What is said to people about their files: where, what is wrong, how to fix it.

Findings are values, collected over all files and shown together, sorted by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters: an error stops plan and apply, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


# Lines end where an editor ends them: at LF, CRLF or a lone CR, and at no other character.
# https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments
LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a text file; lines and columns (characters) count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START_OF_FILE = Span(line=1, column=1, end_line=1, end_column=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding about a file.

    `path` is the file as shown to the person (relative, with `/`), `rule` our stable id (`FS…`),
    `message` a sentence saying what is wrong, `fix` one saying how to mend it, and `code` the
    platform's own error code where it has one. `pointer` leads from the root of the file to the
    value concerned, None where the finding is about the file or its text.
    """

    path: str
    span: Span
    rule: str
    message: str
    fix: str = ""
    severity: Severity = Severity.ERROR
    code: str | None = None
    pointer: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """What a report says of a rule besides its id: what it asks for, how much, its source."""

    summary: str
    severity: Severity
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that was checked: a flow by its key, or a file by its path.

    `files` are the names by which findings about it call its files.
    """

    name: str
    files: tuple[str, ...]
    is_flow: bool = True


def about_file(path: str, rule: str, message: str, fix: str) -> Diagnostic:
    """Give a finding about a file or folder as a whole."""
    return Diagnostic(path=path, span=START_OF_FILE, rule=rule, message=message, fix=fix)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in diagnostics)


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Give the findings sorted by file and place, each once."""
    return tuple(sorted(set(diagnostics), key=reading_place))


def reading_place(finding: Diagnostic) -> tuple[str, int, int, str, str, str]:
    """Give what findings are sorted by: their place first."""
    span = finding.span
    return finding.path, span.line, span.column, finding.rule, finding.message, finding.fix


def pointer_text(pointer: tuple[str | int, ...]) -> str:
    """Give a pointer as JSON Pointer text (RFC 6901), which is empty for the root."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
    return "".join(f"/{part}" for part in parts)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that `word` was most likely meant to be, or None."""
    import difflib  # takes milliseconds, and most files are in order

    found = difflib.get_close_matches(word, sorted(set(candidates)), n=1, cutoff=0.6)
    return found[0] if found else None

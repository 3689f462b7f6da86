"""README and docs as what they ask a reader to do: blocks that are run, compared or checked.

A page is run from top to bottom in one scratch folder, as a reader would. What a page needs
beside what it shows stands in comments that nobody sees, right before a block:

    <!-- with: NAME … -->           set up the folder: see `SETUPS`
    <!-- new folder -->             begin anew in an empty folder
    <!-- file: PATH -->             the next block is this file; it is written
    <!-- in PATH: OLD => NEW -->    edit a file, as the text around tells the reader to
    <!-- run: COMMAND -->           run something that the page does not show
    <!-- output of: COMMAND -->     the next block is a part of what this prints
    <!-- not run: REASON -->        the next block is only shown

A `sh` block is run as it stands; `# 2: …` behind a command says that it ends with 2, otherwise it
ends with 0. A `console` block has commands behind `$ ` and below each what it prints: stdout, or
stderr where that is empty, or both where it fails. A line `…` stands for any lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
GENERATED = {"commands.md", "retries.md", "rules.md"}  # these have tests of their own
PAGES = {
    "README.md": ROOT / "README.md",
    **{f"docs/{file.name}": file for file in sorted((ROOT / "docs").glob("*.md"))},
}
WRITTEN = {name: file for name, file in PAGES.items() if file.name not in GENERATED}

_PART = re.compile(
    r"^<!-- (?P<mark>[^\n]*?) -->$|^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"(with|file|in|run|output of|not run|new folder)(?: ([^:]+))?(?:: (.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An invisible comment: its kind, what it is about, and its text."""

    kind: str
    about: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language and text, its line in the page, and the marks before it."""

    language: str
    text: str
    line: int
    marks: tuple[Mark, ...]

    def marked(self, kind: str) -> Mark | None:
        """Give the mark of this kind, None where there is none."""
        return next((mark for mark in self.marks if mark.kind == kind), None)


def blocks_of(page: str) -> tuple[Block, ...]:
    """Give the blocks of a page in order; a comment that is no mark is an error."""
    return tuple(_blocks(page))


def _blocks(page: str) -> Iterator[Block]:
    marks: list[Mark] = []
    for found in _PART.finditer(page):
        if found["mark"] is not None:
            marks.append(_mark(found["mark"]))
            continue
        yield Block(
            language=found["language"],
            text=found["text"],
            line=page.count("\n", 0, found.start()) + 1,
            marks=tuple(marks),
        )
        marks = []
    assert not marks, f"marks without a block: {marks}"


def _mark(text: str) -> Mark:
    found = _MARK.fullmatch(text)
    assert found is not None, f"no mark: {text}"
    return Mark(kind=found[1], about=found[2] or "", text=found[3] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A command of a `console` block and the lines below it."""

    command: str
    expected: str


def typed_in(block: Block) -> tuple[Typed, ...]:
    """Give the commands of a `console` block."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert parts[0] == "", f"line {block.line}: output before the first command"
    return tuple(
        Typed(command=command, expected=expected)
        for command, _, expected in (part.partition("\n") for part in parts[1:])
    )


def without_changing_parts(text: str) -> str:
    """Give a text with `ID`, `RUN` and `DIGEST` for what is another in each run."""
    text = re.sub(r"\b117\d{13}\b", "ID", text)
    text = re.sub(r"\b\d{8}T\d{6}Z-[\w.-]+-[0-9a-f]{6}\b", "RUN", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "TIME", text)
    text = re.sub(r"\b\d{8}T\d{6}\.\d+Z-[\w.-]+-ID", "BACKUP", text)
    text = re.sub(r"\bsha256:([0-9a-f]{64}|…)", "DIGEST", text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:PORT", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def shows(expected: str, actual: str, *, in_part: bool = False) -> bool:
    """Tell whether a text is what is shown, where `…` alone on a line stands for any lines.

    With `in_part` it may stand anywhere in the text, as whole lines.
    """
    expected, actual = without_changing_parts(expected), without_changing_parts(actual)
    gap = r"(?:[^\n]*\n)*?"
    lines = [
        gap if line.strip() == "…" else re.escape(line) + "\n" for line in expected.split("\n")
    ]
    around = r"(?:[^\n]*\n)*" if in_part else ""
    return re.fullmatch(around + "".join(lines) + around, actual + "\n") is not None

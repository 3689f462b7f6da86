"""What an import would write, flow by flow; nothing is written by making these values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowId, FlowKey


class Verdict(Enum):
    """What an import makes of a flow."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


class Fate(Enum):
    """What became of a flow's files."""

    WRITTEN = "written"
    WOULD_WRITE = "would_write"
    KEPT = "kept"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file as it is, None where there is none, and as the import wants it."""

    path: Path
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowImport:
    """What is to be written for one flow.

    `key` is that of its definition, None where it gets none; `reason` says why a flow is skipped,
    with the way out. `remarks` are sentences about what a person should look at. `findings` are
    those of ours in its Flow JSON. The Flow JSON comes first in `files`.
    """

    flow_id: FlowId
    name: str
    status: str
    verdict: Verdict
    key: FlowKey | None = None
    files: tuple[FileChange, ...] = ()
    reason: str = ""
    remarks: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()

    @property
    def replaces_files(self) -> bool:
        """Tell whether files that exist would change."""
        return any(file.before is not None for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """All flows that an import concerns, in order of name.

    `left_out` is how many deprecated flows were not asked for; `without_flow` are the keys of
    definitions whose flow the account does not list.
    """

    flows: tuple[FlowImport, ...]
    left_out: int = 0
    without_flow: tuple[FlowKey, ...] = ()

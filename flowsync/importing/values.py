"""What an import would write, as values: flows with the files that change, or why none does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowId, FlowKey


class Result(Enum):
    """What became of a flow.

    `KEPT`: its files differ and were left as they are. `SKIPPED`: it cannot be imported.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    SKIPPED = "skipped"
    FAILED = "failed"
    WOULD_CREATE = "would_create"
    WOULD_UPDATE = "would_update"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that changes; `before` is None for one that is not there yet."""

    path: Path
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFlow:
    """A remote flow and what its import changes.

    `key` is None where the flow has no definition and gets none. `files` are those that change;
    `problem` is a sentence that says why the flow cannot be imported, and then none does.
    `remarks` are sentences, `findings` what is wrong with the Flow JSON as it would be.
    """

    id: FlowId | None
    name: str
    status: str | None
    key: FlowKey | None = None
    is_new: bool = False
    files: tuple[FileChange, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Everything that an import would do.

    `left_out` are the names of deprecated flows that were not asked for. `gone` are the keys of
    definitions whose flow the account does not have. `doubts` say why the listing may not be whole.
    """

    flows: tuple[ImportedFlow, ...]
    left_out: tuple[str, ...] = ()
    gone: tuple[FlowKey, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What became of one flow; `failure` is a sentence where its files could not be written."""

    flow: ImportedFlow
    result: Result
    failure: str = ""

"""Options that choose flows by what changed and by what is asked for, beside keys and globs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

from flowsync.cli.console import Console
from flowsync.cli.options import environment
from flowsync.model import DesiredState, FlowKey
from flowsync.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What flows must fulfil to be chosen; each narrows what the others leave."""

    changed_since: str | None = None
    states: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """Tell whether anything narrows the choice."""
        return self.changed_since is not None or bool(self.states)


def selection_options(command: F) -> F:
    """Give a command --changed-since and --state; it receives them as `selection`."""

    @click.option(
        "--changed-since",
        metavar="REV",
        help="Only flows that the repository asks for otherwise than at this git revision.",
    )
    @click.option(
        "--state",
        "states",
        type=click.Choice([state.value for state in DesiredState]),
        multiple=True,
        help="Only flows whose definition asks for this state (repeatable).",
    )
    @functools.wraps(command)
    def wrapped(*args: Any, changed_since: str | None, states: tuple[str, ...], **more: Any) -> Any:
        return command(
            *args, selection=Selection(changed_since=changed_since, states=states), **more
        )

    return wrapped  # type: ignore[return-value]  # functools.wraps keeps the signature for click


def narrowed(workspace: Workspace, selection: Selection, console: Console) -> Workspace:
    """Give the workspace with only those flows chosen that the options leave.

    Raises `UsageFailure` for what is no revision.
    """
    if not selection.is_given:
        return workspace
    chosen = frozenset(workspace.files) if workspace.selected is None else workspace.selected
    if selection.changed_since is not None:
        chosen &= _changed(workspace, selection.changed_since, console)
    if selection.states and chosen:
        flows = workspace.definitions
        chosen = frozenset(key for key in chosen if flows[key].state.value in selection.states)
        if not chosen:
            console.progress(f"no chosen flow asks for the state {' or '.join(selection.states)}")
    return replace(workspace, selected=chosen)


def _changed(workspace: Workspace, word: str, console: Console) -> frozenset[FlowKey]:
    from flowsync.changed_since import changed_since
    from flowsync.revisions import read_earlier

    env = environment()
    earlier = read_earlier(workspace.project, word, env)
    found = changed_since(workspace, earlier, env)
    for remark in found.remarks(earlier.revision, workspace.selected):
        console.progress(remark)
    return found.changed

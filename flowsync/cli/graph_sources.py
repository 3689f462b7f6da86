"""What `flowsync graph` draws: the Flow JSON of a flow, of a file or from stdin, and a remote's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from flowsync.chosen_files import FileKind, bare_file, names_file, read_chosen
from flowsync.cli.opening import OpenRemote, opened_remote, opened_target, opened_workspace
from flowsync.cli.options import Common, environment, refuse_files, stdin_bytes
from flowsync.diagnostics import Diagnostic, has_errors, in_reading_order
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import FilesInvalid, FlowsyncError, RemoteUnavailable, UsageFailure
from flowsync.flow_json_file import Content, read_flow_json
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.model import ContentState, DesiredState, FlowKey, JsonValue
from flowsync.plan.contents import Contents
from flowsync.plan.identity import match_flows
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.sources import SHOWN_STDIN, STDIN, Variables, decode_text
from flowsync.workspace import Workspace, load_flow

if TYPE_CHECKING:
    from flowsync.remotes.interface import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A Flow JSON to draw; `key` is that of its flow, None for a file that was named by its path.

    `content` is None for a flow whose definition needs none. `findings` were made on the way to it.
    """

    name: str
    key: FlowKey | None
    content: Content | None
    findings: tuple[Diagnostic, ...] = ()


def read_drawn(common: Common, word: str) -> Drawn:
    """Give the Flow JSON that a word means, whatever else is wrong with it.

    Raises `UsageFailure` for a word that means none or several, and `FilesInvalid` after showing
    why it cannot be read.
    """
    if word == STDIN or names_file(word):
        return _read_file(common, word)
    project, target = opened_target(common, read_only=True)
    problems: list[Diagnostic] = []
    files = find_definitions(project.flows, problems)
    if not files and problems:
        refuse(common, problems)
    keys = sorted(select_keys((word,), files) or ())
    if len(keys) > 1:
        some = ", ".join(keys[:3]) + (" …" if len(keys) > 3 else "")
        raise UsageFailure(f'one flow is drawn at a time, and "{word}" means {some}. Choose one.')
    key = keys[0]
    variables = Variables(environment(), target.vars, target.secret_variables)
    read = load_flow(project, target, variables, key, files[key])
    if read.content is None and has_errors(read.problems):
        refuse(common, read.problems)
    return Drawn(name=key, key=key, content=read.content, findings=tuple(read.problems))


def _read_file(common: Common, word: str) -> Drawn:
    problems: list[Diagnostic] = []
    if word == STDIN:
        shown = SHOWN_STDIN
        text = decode_text(stdin_bytes(), shown, problems)
    else:
        chosen = bare_file(word)
        if chosen.kind is not FileKind.FLOW_JSON:
            raise UsageFailure(f"{word} is a definition. Give the key of its flow, or its JSON.")
        shown = chosen.path.as_posix()
        text = read_chosen(chosen, problems)
    content = None
    if text is not None:
        content = read_flow_json(text, shown, _variables(common), problems, leave_unknown=True)
    if content is None:
        refuse(common, problems)
    return Drawn(name=shown, key=None, content=content, findings=tuple(problems))


def _variables(common: Common) -> Variables:
    """Give the variables for a file: those of a target only where one was named for it."""
    source = click.get_current_context().get_parameter_source("target")
    if common.config is None and source is not ParameterSource.COMMANDLINE:
        return Variables(environment(), {}, SECRET_VARIABLES)
    _, target = opened_target(common, read_only=True)
    return Variables(environment(), target.vars, target.secret_variables)


def refuse(common: Common, findings: Iterable[Diagnostic]) -> NoReturn:
    """Show what is wrong with the files. Raises `FilesInvalid`."""
    found = in_reading_order(findings)
    raise refuse_files(common.console, render_diagnostics(found, common.console.error_style), found)


def read_both_sides(
    common: Common, drawn: Drawn, key: FlowKey, *, allow_empty_remote: bool
) -> tuple[str, Contents]:
    """Give the target, and what its remote has of a flow beside what the repository wants.

    The flow is found as plan finds it, and nothing is written. None stands for no Flow JSON.

    Raises `RemoteUnavailable` where it cannot be known what the remote has, `FilesInvalid` where
    the definition is wrong or it is not clear which flow it means.
    """
    workspace = opened_workspace(common, (key,), read_only=True, in_order=False)
    if key not in workspace.flows:
        refuse(common, drawn.findings)
    definition = workspace.definitions[key]
    if definition.flow_json is None and definition.state is not DesiredState.ABSENT:
        raise FlowsyncError(f'"{key}" names no Flow JSON, so no screen of it changes.')
    with opened_remote(common, workspace.target, read_only=True) as opened:
        before = _on_remote(workspace, opened, key, allow_empty_remote=allow_empty_remote)
    after = None if definition.flow_json is None else definition.flow_json.value
    return workspace.target.name, Contents(before=before, after=after)


def _on_remote(
    workspace: Workspace, opened: OpenRemote, key: FlowKey, *, allow_empty_remote: bool
) -> JsonValue:
    from flowsync.workflow import make_plan

    remote = opened.remote
    plan = make_plan(
        workspace, remote, account=opened.account, allow_empty_remote=allow_empty_remote
    ).plan
    (change,) = plan.changes
    if change.flow_id is None:
        if plan.listing_doubts:
            raise RemoteUnavailable(
                f'whether "{key}" is there cannot be told, because {plan.listing_doubts[0]}.'
            )
        if change.conflict and _is_ambiguous(workspace, remote, key):
            raise FilesInvalid(f"{change.conflict} {change.way_out or ''}".rstrip())
        return None
    content = remote.get_flow(change.flow_id).content
    if content.state is ContentState.UNKNOWN:
        raise RemoteUnavailable(
            f'what "{key}" holds on "{workspace.target.name}" cannot be told: {content.note}.'
        )
    return content.value


def _is_ambiguous(workspace: Workspace, remote: Remote, key: FlowKey) -> bool:
    """Tell whether a conflict is about which flow is meant, not about making one."""
    match = match_flows(workspace.definitions.values(), remote.list_flows())[key]
    return match.problem is not None or match.flow is not None

"""Which files the words of a command line mean: flows by key or glob, or files by their path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from flowsync.diagnostics import Diagnostic, about_file
from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.account_project import project_of
from flowsync.fleet.accounts import account_named, is_fleet, read_accounts
from flowsync.flows_folder import companion_kind, find_definitions, select_keys
from flowsync.model import mapping_in, text_in
from flowsync.project import CONFIG_NAME, Project
from flowsync.sources import (
    Document,
    Pointer,
    Variables,
    file_like,
    is_file,
    leads_outside,
    parse_yaml,
    read_text,
    replace_in_text,
)
from flowsync.targets import resolve_target


class FileKind(Enum):
    """What a file is, by its suffix."""

    DEFINITION = "definition"
    FLOW_JSON = "Flow JSON"


_KINDS = {
    ".json": FileKind.FLOW_JSON,
    ".yaml": FileKind.DEFINITION,
    ".yml": FileKind.DEFINITION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFile:
    """A file to work on; links may not lead out of the folder `within`."""

    path: Path
    kind: FileKind
    within: Path


def names_file(word: str) -> bool:
    """Tell whether a word of the command line is the path of a file, not the key of a flow."""
    return Path(word).suffix.lower() in _KINDS


def bare_file(word: str) -> ChosenFile:
    """Give the file that a word names. Raises `UsageFailure` where there is none to work on."""
    file = Path(word)
    if not os.path.lexists(file):
        near = file_like(file)
        hint = f'Did you mean "{near}"?' if near else "A flow's key is written without a suffix."
        raise UsageFailure(f"there is no file {word}. {hint}")
    if file.name == CONFIG_NAME:
        raise UsageFailure(f"{word} is no definition and no Flow JSON; it is left as it is.")
    kind = companion_kind(file)
    if kind is not None:
        raise UsageFailure(f"{word} holds {kind} of a flow, no definition; it is left as it is.")
    return ChosenFile(path=file, kind=_KINDS[file.suffix.lower()], within=_folder_meant(file))


def _folder_meant(file: Path) -> Path:
    """Give the folder that a file named by its path must really be in, links followed.

    It is the folder that the path begins with, as seen from the current one, so that a link further
    down cannot lead out of it. A path to elsewhere was meant so, and only the file may be no link.
    """
    try:
        here = Path.cwd()
        below = Path(os.path.normpath(here / file)).relative_to(here)
    except (FileNotFoundError, ValueError):  # this folder is gone, or another one
        return file.parent
    first = here / below.parts[0]
    return first if first.is_dir() and not leads_outside(first, here) else here


def files_of_flows(
    project: Project,
    patterns: Iterable[str],
    targets: Iterable[str],
    env: Mapping[str, str],
    problems: list[Diagnostic],
    account: str | None = None,
) -> Iterator[ChosenFile]:
    """Give the definitions of the chosen flows, each followed by the Flow JSON that it names.

    A name with variables is taken as it is for each of these targets, where they are known there;
    of a target of many for each account, or for the one that `account` names.

    Raises `UsageFailure` for a pattern that chooses nothing.
    """
    definitions = find_definitions(project.flows, problems)
    selected = select_keys(patterns, definitions) if definitions or not problems else None
    variables = tuple(_variables(project, targets, env, account))
    seen: set[Path] = set()
    for key, file in definitions.items():
        if selected is not None and key not in selected:
            continue
        chosen = ChosenFile(path=file, kind=FileKind.DEFINITION, within=project.flows)
        for each in (chosen, *_flow_json_files(chosen, variables, problems)):
            if each.path not in seen:
                seen.add(each.path)
                yield each


def _variables(
    project: Project, targets: Iterable[str], env: Mapping[str, str], account: str | None
) -> Iterator[Variables]:
    for each, name, member in _each_account(project, targets, account):
        target = resolve_target(each, name, env, [], read_only=True, account=member)
        if target is not None:
            yield Variables(env, target.vars, target.secret_variables)


def _each_account(
    project: Project, targets: Iterable[str], account: str | None
) -> Iterator[tuple[Project, str, FleetAccount | None]]:
    """Give every target with the project as it is for it, those of many once for each account."""
    for name in targets:
        if not is_fleet(project, name):
            yield project, name, None
            continue
        accounts = read_accounts(project, name, [])
        for member in accounts if account is None else [account_named(accounts, name, account)]:
            yield project_of(project, name, member), name, member


def _flow_json_files(
    definition: ChosenFile, variables: Iterable[Variables], problems: list[Diagnostic]
) -> Iterator[ChosenFile]:
    """Give the Flow JSON files of a definition; why it cannot be read is not said here."""
    if leads_outside(definition.path, definition.within):
        return
    shown = definition.path.as_posix()
    text = read_text(definition.path, shown, [])
    document = None if text is None else parse_yaml(text, shown, [])
    if document is None:
        return
    for pointer, name in _names_of_flow_json(document):
        names = {text for each in variables for text in _replaced(name, each)}
        if "${" not in name:
            names = {name}
        for each in sorted(names):
            file = Path(os.path.normpath(definition.path.parent / each))
            if is_file(file) or os.path.lexists(file):
                yield ChosenFile(path=file, kind=FileKind.FLOW_JSON, within=definition.within)
            elif each == name:
                problems.append(_missing(document, pointer, name))


def _names_of_flow_json(document: Document) -> Iterator[tuple[Pointer, str]]:
    fields = mapping_in(document.value)
    places: list[Pointer] = [()]
    places += [("targets", target) for target in mapping_in(fields.get("targets"))]
    for place in places:
        holder = fields if not place else mapping_in(fields["targets"]).get(str(place[1]))
        name = text_in(mapping_in(holder).get("flow_json"))
        if name:
            yield (*place, "flow_json"), name


def _replaced(name: str, variables: Variables) -> Iterator[str]:
    """Give a name with its variables replaced, where all of them are known."""
    text, missing = replace_in_text(name, variables)
    if not missing:
        yield text


def _missing(document: Document, pointer: Pointer, name: str) -> Diagnostic:
    fix = "Create it, or correct the name."
    return document.finding(pointer, "FS020", f'flow_json "{name}" does not exist.', fix)


def refused_link(file: Path) -> Diagnostic | None:
    """Tell why a file that was named by its path is not read: a link leads out of where it is."""
    within = _folder_meant(file)
    return _outside(file.as_posix(), within) if leads_outside(file, within) else None


def _outside(shown: str, folder: Path) -> Diagnostic:
    name = folder.name or folder.as_posix()
    message = f'the file lies outside the folder "{name}", or is a link that leads there.'
    return about_file(shown, "FS020", message, "Put the file itself here.")


def read_chosen(chosen: ChosenFile, problems: list[Diagnostic]) -> str | None:
    """Give the text of a file, or None after adding why it cannot be read."""
    shown = chosen.path.as_posix()
    if leads_outside(chosen.path, chosen.within):
        problems.append(_outside(shown, chosen.within))
        return None
    return read_text(chosen.path, shown, problems)

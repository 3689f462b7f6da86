"""`flowsync fmt`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import click

from flowsync.chosen_files import (
    ChosenFile,
    FileKind,
    bare_file,
    files_of_flows,
    names_file,
    read_chosen,
)
from flowsync.cli.completing import complete_keys_or_files
from flowsync.cli.options import (
    Common,
    common_options,
    environment,
    format_option,
    refuse_files,
    stdin_bytes,
)
from flowsync.diagnostics import Diagnostic, in_reading_order
from flowsync.errors import ExitCode, FlowsyncError
from flowsync.formatting.definition import format_definition
from flowsync.formatting.flow_json import format_flow_json
from flowsync.formatting.formatted import Formatted
from flowsync.formatting.writing import replace_file
from flowsync.model import JsonValue
from flowsync.project import Project, choose_target, load_project
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.diff_text import render_diff
from flowsync.render.style import Style, clean, count
from flowsync.sources import SHOWN_STDIN, STDIN, decode_text
from flowsync.workspace import check_account_fits

_FORMATTERS = {FileKind.DEFINITION: format_definition, FileKind.FLOW_JSON: format_flow_json}


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file as it is and as it should be; None where it could not be read."""

    path: str
    before: str
    formatted: Formatted | None
    chosen: ChosenFile | None = None

    @property
    def after(self) -> str:
        return self.before if self.formatted is None else self.formatted.text

    @property
    def is_changed(self) -> bool:
        return self.after != self.before


@click.command(
    epilog="""\b
Examples:
  flowsync fmt                       all flows
  flowsync fmt --check               for CI: 2 when something would change
  flowsync fmt --diff booking        show what would change, write nothing
  flowsync fmt flows/booking.json    one file
  flowsync fmt - < a.json > b.json   for editors"""
)
@click.argument("words", nargs=-1, metavar="[KEY|FILE|-]...", shell_complete=complete_keys_or_files)
@click.option("--check", is_flag=True, help="Write nothing; exit code 2 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@format_option
@common_options
def command(common: Common, words: tuple[str, ...], check: bool, diff: bool, output: str) -> None:
    """Write definitions and Flow JSON in their one canonical form.

    Keys stand in order, two spaces deep; comments stay, and what a file means never changes. KEYs
    choose flows by key or glob, FILEs are .json or .yaml files, and - is a Flow JSON on stdin that
    goes to stdout. Exit code 3 when a file cannot be read; the other files still go on.
    """
    if STDIN in words and (len(words) > 1 or output == "json"):
        raise click.UsageError("- stands alone: no other KEY or FILE, and no --format json.")
    problems: list[Diagnostic] = []
    is_reading = check or diff
    files = [_stdin(problems)] if words == (STDIN,) else list(_files(common, words, problems))
    failures = {} if is_reading or words == (STDIN,) else _write(files)
    findings = in_reading_order(problems)
    _show_notes(common, files, findings)
    if words == (STDIN,) and not is_reading:
        click.echo(b"" if findings else files[0].after.encode("utf-8"), nl=False)
    elif output == "json":
        common.console.show_json(_to_json(files, findings, failures, is_reading=is_reading))
    else:
        written = [file for file in files if file.is_changed and file.path not in failures]
        style = common.console.style
        if diff:
            each = (render_diff(file.path, file.before, file.after, style) for file in written)
            common.console.show("".join(each))
        else:
            common.console.show(_render(written, len(files), style, is_reading=is_reading))
    if findings:
        raise SystemExit(ExitCode.FILES_INVALID)
    if failures:
        raise FlowsyncError("\n".join(failures.values()))
    if check and any(file.is_changed for file in files):
        raise SystemExit(ExitCode.CHANGES_PENDING)


def _stdin(problems: list[Diagnostic]) -> _File:
    text = decode_text(stdin_bytes(), SHOWN_STDIN, problems)
    formatted = None if text is None else format_flow_json(text, SHOWN_STDIN, problems)
    return _File(path=SHOWN_STDIN, before=text or "", formatted=formatted)


def _files(common: Common, words: tuple[str, ...], problems: list[Diagnostic]) -> Iterator[_File]:
    """Give all chosen files, each formatted; what is wrong is added to the problems."""
    for chosen in dict.fromkeys(_chosen(common, words, problems)):
        text = read_chosen(chosen, problems)
        if text is not None:
            shown = chosen.path.as_posix()
            formatted = _FORMATTERS[chosen.kind](text, shown, problems)
            yield _File(path=shown, before=text, formatted=formatted, chosen=chosen)


def _chosen(
    common: Common, words: tuple[str, ...], problems: list[Diagnostic]
) -> Iterator[ChosenFile]:
    patterns = [word for word in words if not names_file(word)]
    yield from (bare_file(word) for word in words if names_file(word))
    if patterns or not words:
        project = _project(common)
        wanted = common.target and choose_target(project, common.target)
        if common.account is not None:
            check_account_fits(project, wanted := choose_target(project, common.target))
        targets = [wanted] if wanted else list(project.targets)
        yield from files_of_flows(
            project, patterns, targets, environment(), problems, common.account
        )


def _project(common: Common) -> Project:
    problems: list[Diagnostic] = []
    project = load_project(common.config, environment(), problems)
    if project is None:
        text = render_diagnostics(in_reading_order(problems), common.console.error_style)
        raise refuse_files(common.console, text, problems)
    return project


def _write(files: list[_File]) -> dict[str, str]:
    """Write what changed and give, by path, why some of it could not be written."""
    failures = {}
    for file in files:
        if file.is_changed and file.chosen is not None:
            try:
                replace_file(file.chosen.path, file.before, file.after)
            except FlowsyncError as exc:
                failures[file.path] = str(exc)
    return failures


def _show_notes(common: Common, files: list[_File], findings: tuple[Diagnostic, ...]) -> None:
    console = common.console
    console.note(render_diagnostics(findings, console.error_style))
    for file in files:
        if file.formatted is not None and file.formatted.note:
            console.progress(f"{file.path}: {file.formatted.note}")


def _render(changed: list[_File], read: int, style: Style, *, is_reading: bool) -> str:
    """Give a line for each file that changes, and a summary."""
    word = style.changed("would format") if is_reading else style.good("formatted")
    lines = [f"{word} {clean(file.path)}" for file in changed]
    said = f"{count(len(changed), 'file')} {'to format' if is_reading else 'formatted'}"
    lines.append(f"{count(read, 'file')} read, {said}.")
    return "\n".join((*lines, ""))


def _to_json(
    files: list[_File],
    findings: tuple[Diagnostic, ...],
    failures: Mapping[str, str],
    *,
    is_reading: bool,
) -> JsonValue:
    changed = "would_format" if is_reading else "formatted"
    return {
        "files": [
            {
                "path": file.path,
                "result": "failed" if file.path in failures else _result(file, changed),
                "note": "" if file.formatted is None else file.formatted.note,
            }
            for file in files
        ],
        "findings": diagnostics_to_json(findings),
    }


def _result(file: _File, changed: str) -> str:
    if file.formatted is None:
        return "invalid"
    return changed if file.is_changed else "unchanged"

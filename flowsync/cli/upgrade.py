"""`flowsync upgrade`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from flowsync.chosen_files import FileKind, bare_file, names_file, read_chosen
from flowsync.cli.completing import complete_keys_or_files
from flowsync.cli.opening import opened_target
from flowsync.cli.options import Common, common_options, environment, format_option
from flowsync.diagnostics import Diagnostic, in_reading_order
from flowsync.errors import ExitCode, FlowsyncError, UsageFailure
from flowsync.flows_folder import find_definitions, select_keys
from flowsync.formatting.writing import replace_file
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.diff_text import render_diff
from flowsync.render.upgrade_text import render_upgrades, upgrades_to_json
from flowsync.sources import STDIN, Document, Variables, parse_json
from flowsync.upgrading.upgrade import Upgrade, read_known_version, upgrade_flow_json
from flowsync.upgrading.versions import KNOWN
from flowsync.validation.versions import ACCEPTED
from flowsync.workspace import load_flow


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A Flow JSON to upgrade; `variables` are replaced before the result is checked."""

    document: Document
    variables: Variables | None


@click.command(
    epilog="""\b
Examples:
  flowsync upgrade --to 7.3                     all flows
  flowsync upgrade booking --to 7.3 --dry-run   show what would change, write nothing
  flowsync upgrade old/flow.json --to 7.3       a file without a definition"""
)
@click.argument("words", nargs=-1, metavar="[KEY|FILE]...", shell_complete=complete_keys_or_files)
@click.option("--to", "to", required=True, metavar="VERSION", help="The Flow JSON version wanted.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@format_option
@common_options
def command(common: Common, words: tuple[str, ...], to: str, dry_run: bool, output: str) -> None:
    """Bring Flow JSON to a newer version: what is mechanical is done, the rest is reported.

    KEYs choose flows by key or glob, FILEs are Flow JSON files. A result that does not validate is
    not written; then the exit code is 3. Changes and open decisions are shown with their places in
    the file as it was.
    """
    if to not in ACCEPTED:
        raise UsageFailure(f'the platform takes no version "{to}". Use {", ".join(ACCEPTED)}.')
    problems: list[Diagnostic] = []
    known = _with_known_versions(_sources(common, words, problems), problems)
    _refuse_downgrades(known, to)
    upgrades = [
        upgrade_flow_json(source.document, since, ACCEPTED[to], source.variables)
        for source, since in known
    ]
    failures: list[str] = []
    results = [(each, _carry_out(each, failures, dry_run=dry_run)) for each in upgrades]
    findings = in_reading_order(problems)
    console = common.console
    if output == "json":
        files = upgrades_to_json(results, to)
        console.show_json({"files": files, "findings": diagnostics_to_json(findings)})
    else:
        console.note(render_diagnostics(findings, console.error_style))
        console.show("".join(render_upgrades(results, to, console.style)))
        for each, result in results:
            if result == "would_write":
                document, style = each.document, console.style
                console.show(render_diff(document.path, document.text, each.text, style))
    if findings or any(each.errors for each in upgrades):
        raise SystemExit(ExitCode.FILES_INVALID)
    if failures:
        raise FlowsyncError("\n".join(failures))


def _with_known_versions(
    sources: Iterator[_Source], problems: list[Diagnostic]
) -> list[tuple[_Source, str]]:
    """Give each Flow JSON with its version; one that is not known is a problem."""
    found = [(source, read_known_version(source.document, problems)) for source in sources]
    return [(source, version) for source, version in found if version is not None]


def _refuse_downgrades(known: list[tuple[_Source, str]], to: str) -> None:
    newer = [
        f"{source.document.path} ({since})" for source, since in known if KNOWN[since] > KNOWN[to]
    ]
    if newer:
        more = f" and {len(newer) - 3} more" if len(newer) > 3 else ""
        raise UsageFailure(
            f"nothing was written, because {', '.join(newer[:3])}{more} would go back to {to}. "
            "A flow can only be upgraded; choose others, or a newer version."
        )


def _carry_out(upgrade: Upgrade, failures: list[str], *, dry_run: bool) -> str:
    """Write the result of an upgrade where it may be written, and say what came of it."""
    if not upgrade.is_changed:
        return "unchanged"
    if upgrade.errors:
        return "invalid"
    if dry_run:
        return "would_write"
    try:
        replace_file(Path(upgrade.document.path), upgrade.document.text, upgrade.text)
    except FlowsyncError as exc:
        failures.append(str(exc))
        return "failed"
    return "written"


def _sources(
    common: Common, words: tuple[str, ...], problems: list[Diagnostic]
) -> Iterator[_Source]:
    """Give every chosen Flow JSON once."""
    if STDIN in words:
        raise click.UsageError(
            "upgrade writes files, and takes no stdin. Name a file instead of -."
        )
    patterns = tuple(word for word in words if not names_file(word))
    seen: set[str] = set()
    files = (_bare(word, problems) for word in words if names_file(word))
    flows = _of_flows(common, patterns, problems) if patterns or not words else iter(())
    for source in (*files, *flows):
        if source is not None and source.document.path not in seen:
            seen.add(source.document.path)
            yield source


def _bare(word: str, problems: list[Diagnostic]) -> _Source | None:
    chosen = bare_file(word)
    if chosen.kind is not FileKind.FLOW_JSON:
        raise UsageFailure(f"{word} is a definition. Name its Flow JSON, or the key of the flow.")
    text = read_chosen(chosen, problems)
    document = None if text is None else parse_json(text, chosen.path.as_posix(), problems)
    return None if document is None else _Source(document=document, variables=None)


def _of_flows(
    common: Common, patterns: tuple[str, ...], problems: list[Diagnostic]
) -> Iterator[_Source]:
    """Give the Flow JSON of the chosen flows, as they are for the target."""
    project, target = opened_target(common, read_only=True)
    files = find_definitions(project.flows, problems)
    selected = select_keys(patterns, files) if files or not problems else None
    variables = Variables(environment(), target.vars, target.secret_variables)
    for key, file in files.items():
        if selected is not None and key not in selected:
            continue
        read = load_flow(project, target, variables, key, file)
        problems += read.problems
        flow = read.flow
        if flow is not None and flow.flow_json is not None:
            yield _Source(document=flow.flow_json, variables=variables)

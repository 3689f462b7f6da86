"""`flowsync test`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.console import json_text
from flowsync.cli.opening import opened_workspace
from flowsync.cli.options import Common, common_options, format_option_of, refuse_files
from flowsync.cli.redacted import redacted
from flowsync.cli.report_files import ReportFile, report_option
from flowsync.cli.reported import reported
from flowsync.companions import Companions, read_companions
from flowsync.diagnostics import Diagnostic, has_errors
from flowsync.errors import ExitCode
from flowsync.model import FlowKey, JsonValue
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.scenarios.reach import Reach
from flowsync.preview.scenarios.running import run_scenario
from flowsync.preview.scenarios.values import Tested
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.scenarios_json import tested_to_json
from flowsync.render.scenarios_junit import render_tested_junit
from flowsync.render.scenarios_text import render_tested
from flowsync.render.style import Style
from flowsync.workspace import Workspace

FORMATS: dict[str, Callable[[tuple[Tested, ...]], str]] = {
    "text": lambda tested: render_tested(tested, Style()),
    "json": lambda tested: json_text(tested_to_json(tested)),
    "junit": render_tested_junit,
}


@click.command(
    epilog="""\b
Examples:
  flowsync test                          all scenarios
  flowsync test booking 'promo-*'        those of some flows
  flowsync test --fail-unreached         fail where no scenario reaches a screen, branch or option
  flowsync test --report junit=test.xml  also as JUnit, for CI"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option(
    "--fail-unreached",
    is_flag=True,
    help="Fail also where a screen, branch or option is reached by no scenario.",
)
@report_option(FORMATS)
@format_option_of(*FORMATS)
@common_options
def command(
    common: Common,
    keys: tuple[str, ...],
    fail_unreached: bool,
    reports: tuple[ReportFile, ...],
    output: str,
) -> None:
    """Run the scenarios of flows, without a browser, a network or an account.

    Scenarios stand beside the definition, in KEY.scenarios.yaml, and what an endpoint would answer
    in KEY.fixtures.yaml; docs/preview.md has both. A scenario fills in, taps and goes back as a
    person does, on the engine of the preview, and says what must come of it. Exit code 3 when one
    fails.
    """
    console = common.console
    with reported(console, "test", reports, FORMATS) as run:
        workspace = opened_workspace(common, keys, read_only=True)
        ran = tuple(_tested(common, workspace, must_reach=fail_unreached))
        tested = redacted(ran, console.redact)
        run.subject = tested
        if output == "text":
            console.show(render_tested(tested, console.style, verbose=console.verbose))
        else:
            console.show_ready(FORMATS[output](tested), output)
        is_passed = all(one.is_passed for one in tested)
        run.exit_code = ExitCode.DONE if is_passed else ExitCode.FILES_INVALID
    raise SystemExit(run.exit_code)


def _tested(common: Common, workspace: Workspace, *, must_reach: bool) -> Iterator[Tested]:
    """Run the scenarios of each chosen flow; one without Flow JSON has none.

    Raises `FilesInvalid` after showing what is wrong in the files beside the definitions.
    """
    chosen = workspace.flows if workspace.selected is None else workspace.selected
    problems: list[Diagnostic] = []
    beside = {
        key: read_companions(workspace.files[key], workspace.project.flows, problems)
        for key in sorted(chosen)
    }
    if has_errors(problems):
        raise refuse_files(
            common.console, render_diagnostics(problems, common.console.error_style), problems
        )
    for key, companions in beside.items():
        flow_json = workspace.definitions[key].flow_json
        if flow_json is not None:
            tested = _run(key, flow_json.value, companions)
            yield replace(tested, must_reach=must_reach)


def _run(key: FlowKey, flow_json: JsonValue, beside: Companions) -> Tested:
    """Run the scenarios of one flow; what its fixtures count begins anew with each."""
    reach = Reach()
    if beside.scenarios is None:
        return Tested(key=key, path=None, unreached=reach.unreached(flow_json))
    ran = tuple(
        run_scenario(
            scenario,
            flow_json,
            today=date.today(),
            endpoint=fixtures_endpoint(beside.fixtures, sleep=_no_wait)
            if beside.fixtures
            else None,
            watch=reach.watch,
        )
        for scenario in beside.scenarios
    )
    return Tested(
        key=key,
        path=beside.scenarios_file.as_posix(),
        ran=ran,
        unreached=reach.unreached(flow_json),
    )


def _no_wait(seconds: float) -> None:
    """Let the delay of a fixture pass at once."""

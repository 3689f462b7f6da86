"""The work on one account of a fleet: what `plan` and `apply` do for a target with one account.

It runs in a thread of the command or in a worker on another machine. Nothing is printed: all that
is to be said is in the result. Credentials are read from the environment here, by name.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flowsync import __version__
from flowsync.apply.outcome import Outcome
from flowsync.cli import clock
from flowsync.cli.applying import apply_shown
from flowsync.cli.console import Console
from flowsync.cli.locking import locked
from flowsync.cli.opening import OpenRemote, opened_remote, workspace_of
from flowsync.cli.options import Common, FilesRefused, environment
from flowsync.cli.plan import exit_code_of
from flowsync.cli.redacted import redacted
from flowsync.cli.rehearsing import account_copies
from flowsync.cli.reported import failure_of
from flowsync.cli.selecting import Selection, narrowed
from flowsync.cli.tracing import TracingWanted
from flowsync.diagnostics import Diagnostic, Severity, has_errors, in_reading_order
from flowsync.errors import ExitCode, FlowsyncError, RefusedForSafety
from flowsync.fleet.account import FleetAccount
from flowsync.fleet.accounts import read_accounts
from flowsync.fleet.values import (
    MOST_FAILURES,
    AccountJob,
    AccountResult,
    Ending,
    FlowFailure,
    ending_of,
)
from flowsync.plan.document import plan_digest
from flowsync.plan.values import Plan
from flowsync.policy_rules import by_subject
from flowsync.project import Project, load_project
from flowsync.render.diagnostics_text import plain_line
from flowsync.targets import Target
from flowsync.workflow import Consent, make_plan
from flowsync.workspace import FilesWrong, Workspace, open_account

_ENV_VARIABLE = re.compile(r"\$\{env:([^}]*)\}")


class _Unheard(Console):
    """The console of work that nobody watches; it still knows what is secret."""

    def __init__(self) -> None:
        super().__init__(no_color=True, quiet=True, is_current=False)

    def note(self, text: str) -> None:
        """Say nothing."""

    def status(self, text: str) -> None:
        """Show nothing."""


def work_on_account(job: AccountJob, stop: threading.Event) -> AccountResult:
    """Plan for or apply to one account, and give what became of it, whatever happens.

    An expected failure is told in its sentence, a bug with its traceback; neither is raised. `stop`
    ends the work after the step in flight.
    """
    console, began = _Unheard(), time.monotonic()
    result = AccountResult(name=job.name, account=job.account, ending=Ending.FAILED)
    try:
        result = _worked(job, console, stop, result)
    except Exception as exc:
        failure = failure_of(job.command, exc)
        is_bug = not isinstance(exc, FlowsyncError)
        result = replace(
            result,
            ending=Ending.FILES_WRONG if failure.findings else ending_of(failure.exit_code),
            exit_code=int(failure.exit_code),
            message=_first_findings(failure.findings) or failure.message,
            traceback=traceback.format_exc() if is_bug else "",
        )
    return replace(redacted(result, console.redact), seconds=time.monotonic() - began)


def _first_findings(findings: tuple[Diagnostic, ...]) -> str:
    """Give what is wrong with files: the first error, and how many there are beside it."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if not errors:
        return ""
    more = f" ({len(errors) - 1} more: `flowsync validate`)" if len(errors) > 1 else ""
    return plain_line(errors[0]) + more


def _worked(
    job: AccountJob, console: Console, stop: threading.Event, blank: AccountResult
) -> AccountResult:
    """Do the job; an expected failure is raised."""
    shared, accounts, all_secret = fleet_of(job.run, job.config, job.target)
    if job.files:
        _check_same_files(job, shared)
    if job.name not in accounts:
        raise RefusedForSafety(
            f'nothing was written: the worker\'s {job.config} has no account "{job.name}". Bring '
            "its files up to date."
        )
    is_apply = job.command == "apply"
    problems: list[Diagnostic] = []
    opened = open_account(
        shared, job.target, accounts[job.name], environment(), problems, read_only=not is_apply
    )
    if isinstance(opened, FilesWrong):
        raise FilesRefused(opened.diagnostics)
    project, target = opened
    # no flow of one account may hold the credential of another
    target = replace(target, secret_variables=target.secret_variables | all_secret)
    for secret in target.secrets:
        console.hide(secret)
    common = Common(target=job.target, config=None, console=console, account=job.name)
    workspace = _workspace(job, console, project, target)
    selection = Selection(changed_since=job.changed_since, states=job.states)
    workspace = narrowed(workspace, selection, console)
    with ExitStack() as closing:
        remote = closing.enter_context(
            opened_remote(common, target, read_only=not is_apply, stop=stop)
        )
        if not is_apply:
            return _planned(blank, _plan(job, workspace, remote))
        closing.enter_context(
            locked(console, target, remote.account, shared.state_folder, timeout=job.lock_timeout)
        )
        outcome = apply_shown(
            common,
            workspace,
            remote,
            _plan(job, workspace, remote),
            Consent(allow=job.allow, accepted_gates=job.accepted_gates),
            yes=True,
            output="none",
            stop=stop,
            rolls_back=job.rolls_back,
        )
        return _applied(blank, outcome)


def _plan(job: AccountJob, workspace: Workspace, opened: OpenRemote) -> Plan:
    wanted = TracingWanted(base=job.base, prefer=job.prefer, only_drift=job.only_drift)
    return make_plan(
        workspace,
        opened.remote,
        account=opened.account,
        allow_empty_remote=job.allow_empty_remote,
        stop_before_publish=job.stop_before is not None,
        copied=None if job.no_rehearse else account_copies(workspace, opened.remote),
        moment=clock.now(),
        tracing=wanted.tracing(workspace),
        with_preflight=not job.no_preflight,
    ).plan


def _planned(blank: AccountResult, plan: Plan) -> AccountResult:
    """Give the result that a plan stands for, with what would stop its apply."""
    code = exit_code_of(plan, detailed=True)
    ending = Ending.PENDING if code is ExitCode.CHANGES_PENDING else ending_of(code)
    denied = by_subject(plan.denials)
    rehearsed = plan.rehearsal.problems if plan.rehearsal else ()
    failures = [
        *((one.label, f"{one.conflict} {one.way_out}") for one in plan.conflicts),
        *((one.label, f"does not come to rest: {one.message}") for one in rehearsed),
        *((subject, f"the policy denies it: {one.message}") for subject, one in denied),
    ]
    said = [*plan.listing_doubts[:1], *(block.message for block in plan.blocks)]
    return replace(
        blank,
        ending=Ending.UNCHANGED if code is ExitCode.DONE else ending,
        exit_code=int(ExitCode.DONE if ending.is_fine else code),
        counts={action.value: number for action, number in plan.counts.items() if number},
        message=" ".join(said),
        failures=_failures(failures),
        digest=plan_digest(plan),
    )


def _applied(blank: AccountResult, outcome: Outcome) -> AccountResult:
    counts = {result.value: number for result, number in outcome.counts.items() if number}
    code = outcome.exit_code
    fine = Ending.APPLIED if "applied" in counts else Ending.UNCHANGED
    return replace(
        blank,
        ending=fine if code is ExitCode.DONE else ending_of(code),
        exit_code=int(code),
        counts=counts,
        message=outcome.unrecorded,
        failures=_failures(
            [(flow.label, flow.message) for flow in outcome.flows if not flow.result.is_fine]
        ),
        digest=outcome.plan_digest,
        journal=outcome.run,
    )


def _failures(found: list[tuple[str, str]]) -> tuple[FlowFailure, ...]:
    return tuple(FlowFailure(flow=flow, message=message) for flow, message in found[:MOST_FAILURES])


# --- what all accounts of a run share, read once in a process ---


class Fleet(NamedTuple):
    """A target of many: the project, its accounts by name, and all variables with credentials."""

    project: Project
    accounts: Mapping[str, FleetAccount]
    secret_variables: frozenset[str]


@lru_cache(maxsize=1)
def fleet_of(run: str, config: str, target: str) -> Fleet:
    """Read the accounts of a target once for a run. Raises `FilesRefused`."""
    problems: list[Diagnostic] = []
    project = load_project(Path(config), environment(), problems)
    accounts = () if project is None else read_accounts(project, target, problems)
    if project is None or has_errors(problems):
        raise FilesRefused(in_reading_order(problems))
    tokens = (str(account.fields.get("token", "")) for account in accounts)
    secret = frozenset(name for token in tokens for name in _ENV_VARIABLE.findall(token))
    return Fleet(project, {account.name: account for account in accounts}, secret)


_loading = threading.Lock()
_loaded: OrderedDict[object, Workspace] = OrderedDict()
_MOST_LOADED = 2  # so that contents are not all held at once where each account has its own


def _workspace(job: AccountJob, console: Console, project: Project, target: Target) -> Workspace:
    """Give the flows for an account; those with the same variables share what is read of files."""
    key = (job.run, job.keys, date.today(), tuple(sorted(target.vars.items())))
    with _loading:
        workspace = _loaded.pop(key, None) or workspace_of(console, project, target, job.keys)
        _loaded[key] = workspace
        while len(_loaded) > _MOST_LOADED:
            _loaded.popitem(last=False)
    return replace(workspace, project=project, target=target)


def _check_same_files(job: AccountJob, project: Project) -> None:
    """Refuse to work with other files than those that the run was begun with."""
    if files_digest(job.run, project, job.target) != job.files:
        raise RefusedForSafety(
            "nothing was written: the worker has other files or another flowsync than this "
            "repository. Bring both to the same revision and version."
        )


def files_digest(run: str, project: Project, target: str) -> str:
    """Give a digest of flowsync's version, flowsync.yaml, the accounts and the flows folder."""
    assert project.document is not None, "only flowsync.yaml can name accounts"
    listed = project.targets[target]["accounts"]
    named = (project.root / listed,) if isinstance(listed, str) else ()
    return _digest_of(run, project.root, (Path(project.document.path), *named), project.flows)


@lru_cache(maxsize=1)
def _digest_of(run: str, root: Path, files: tuple[Path, ...], folder: Path) -> str:
    digest = hashlib.sha256(__version__.encode())
    for file in (*files, *sorted(file for file in folder.rglob("*") if file.is_file())):
        name = file.relative_to(root).as_posix()
        digest.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()

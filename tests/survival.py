"""Switches off each survival measure once, to see some test fail: `python -m tests.survival`.

A measure is a place in the package and what it is replaced by, on a copy. Each must be noticed by
the tests that are named with it; the run fails for one that nobody misses, and for a place that is
not there any more.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTEST = ("-q", "-x", "-n", "2", "-m", "not benchmark", "-p", "no:cacheprovider")
COPIED = ("flowsync", "tests", "schemas", "flows", "docs", "pyproject.toml", "README.md")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what it guards, where it stands, what it becomes, and the tests that miss it."""

    name: str
    file: str
    there: str
    instead: str
    tests: str


STEPS, PROOF = "apply/step_run.py", "apply/proof.py"
LOOKS, PROOFS = "apply/looking.py", "apply/proving.py"
APPLY, TRAPS = "tests/apply/test_apply.py", "tests/remotes/gateway/test_traps.py"
ORIGINS = "tests/cli/test_origin.py"
MEASURES = (
    # --- nothing of somebody else's written over unseen ---
    Measure(
        "a flow that changed on both sides is not written",
        "plan/origin.py",
        "    if change.origin is not Origin.BOTH:",
        "    if True:",
        ORIGINS,
    ),
    Measure(
        "what is about to be written is noted, so that half of it is nobody else's edit",
        "workflow.py",
        "    note_intended(folder, plan.target, plan.account, intended)\n",
        "",
        ORIGINS,
    ),
    Measure(
        "what another machine applied from the same repository is nobody else's edit",
        "workflow.py",
        "    asked = tracing.asked_before(_changed_by(origins, request, workspace, observed))",
        "    asked = {}",
        ORIGINS,
    ),
    # --- nothing doubled ---
    Measure(
        "a create whose answer was lost is looked for by its name",
        PROOF,
        "if flow.name == name:\n            return CreationProof(flow=flow, has_answered_id=False)",
        "if False:\n            return CreationProof(flow=flow, has_answered_id=False)",
        APPLY,
    ),
    Measure(
        "a flow with the name is looked for before a create",
        LOOKS,
        "if any(flow.name == step.name for flow in listing.flows):",
        "if False:",
        APPLY,
    ),
    Measure(
        "nothing is created from a listing in doubt",
        LOOKS,
        "        if not listing.is_whole:\n            raise Stopped(",
        "        if False:\n            raise Stopped(",
        APPLY,
    ),
    Measure(
        "a write is repeated only after a read has shown that it did not happen",
        STEPS,
        "        if proved and not (is_asked_again and again):",
        "        if proved and error is None:",
        APPLY,
    ),
    Measure(
        "a listing that was begun before a write proves nothing",
        "apply/listings.py",
        "            if flight.number > moment:",
        "            if True:",
        "tests/apply/test_listings.py",
    ),
    Measure(
        "a listing that ended late does not stand for one that was begun after it",
        "apply/listings.py",
        "                if self._latest is None or self._latest.number < flight.number:",
        "                if True:",
        "tests/apply/test_listings.py",
    ),
    Measure(
        "an outcome that no read can tell is not repeated",
        STEPS,
        '                Result.UNKNOWN,\n                f"{said} Whether',
        '                Result.FAILED,\n                f"{said} Whether',
        APPLY,
    ),
    Measure(
        "two applies on one machine are kept apart",
        "apply/lock.py",
        "        _acquire(lock, owner_file, timeout, tell, now)",
        "        pass",
        "tests/cli/test_lock.py",
    ),
    Measure(
        "the lock of a dead owner is noticed",
        "apply/lock.py",
        "    if dead is not None:",
        "    if False:",
        "tests/cli/test_lock.py",
    ),
    # --- nothing believed that was not read ---
    Measure(
        "an upload is read back",
        PROOF,
        "                flow_json is not None\n                and flow.content.state",
        "                True or flow.content.state",
        APPLY,
    ),
    Measure(
        "an update is read back (G-10)",
        PROOF,
        "                (step.name is None or flow.name == step.name)",
        "                True or (step.name is None or flow.name == step.name)",
        f"{APPLY} {TRAPS}",
    ),
    Measure(
        "a publish is read back",
        PROOF,
        "return known_status(flow.status) in LIVE",
        "return True",
        f"{APPLY} {TRAPS}",
    ),
    Measure(
        "a deprecation is read back (G-16)",
        PROOF,
        "return flow.status == FlowStatus.DEPRECATED.value",
        "return True",
        f"{APPLY} {TRAPS}",
    ),
    Measure(
        "a deletion is proved by a listing and a read",
        PROOFS,
        "            return self._is_gone(step.flow_id, moment, error)",
        "            return True",
        f"{APPLY} {TRAPS}",
    ),
    Measure(
        "only an answer with findings means that a file was stored (G-01, G-02)",
        "remotes/gateway/client.py",
        "        if findings is None:",
        "        if findings is None and False:",
        TRAPS,
    ),
    Measure(
        "an upload that Meta calls failed is sent again (4016012)",
        STEPS,
        "trouble_of(error) is Trouble.STORED_BUT_FAILED",
        "False",
        APPLY,
    ),
    Measure(
        "HTTP 500 for several flows is no sign of an empty draft (G-06)",
        "observing.py",
        "    if any(isinstance(error, RemoteUnavailable) for error in failed):\n",
        "    if False:\n",
        f"{TRAPS} tests/cli/test_plan.py",
    ),
    Measure(
        "content that could not be read is never written over (G-07)",
        "plan/decide.py",
        "    if remote.content.state is ContentState.UNKNOWN:",
        "    if False:",
        "tests/plan",
    ),
    Measure(
        "errors that the platform finds stop the publish (G-04)",
        "apply/flow_run.py",
        "        if any(step.kind is StepKind.PUBLISH for step in self._change.steps):",
        "        if False:",
        APPLY,
    ),
    # --- nothing that was not shown ---
    Measure(
        "each flow is read again right before it is written to (G-25)",
        LOOKS,
        "        if what:\n            raise moved",
        "        if False:\n            raise moved",
        APPLY,
    ),
    Measure(
        "what somebody else wrote in between is not written over",
        PROOFS,
        "not is_proved and was_touched(step, before, flow)",
        "False",
        APPLY,
    ),
    Measure(
        "what somebody else uploaded is not published as ours",
        PROOFS,
        "            was_overtaken(step, before, flow) or ",
        "            False or ",
        "tests/apply tests/remotes/emulator/test_fault_effects.py tests/cli/test_two_machines.py",
    ),
    Measure(
        "a flow is looked at again after a pause",
        STEPS,
        "            if again.trouble is Trouble.THROTTLED:",
        "            if False:",
        "tests/apply/test_pauses.py",
    ),
    Measure(
        "a flow is looked at again when a write is held back",
        LOOKS,
        "            if self._context.remote.seconds_to_wait() <= _FRESH_S:",
        "            if True:",
        "tests/apply/test_pauses.py",
    ),
    Measure(
        "nothing is put back over what somebody has written since",
        STEPS,
        "            self._looks.once_more(step)\n            return self._write_until_proved",
        "            return self._write_until_proved",
        "tests/apply/test_rollback.py tests/apply/test_pauses.py",
    ),
    Measure(
        "only flows of this account's listing are written to (G-27)",
        "remotes/gateway/client.py",
        "        if flow_id not in self._listed:",
        "        if False:",
        TRAPS,
    ),
    Measure(
        "commands that read cannot write",
        "remotes/http.py",
        '        if not any(rule.allows(request.method or "", path) for rule in self._reads):',
        "        if False:",
        "tests/remotes/test_http.py tests/cli/test_reading_commands_never_write.py",
    ),
    Measure(
        "a saved plan is compared with the remote and the repository",
        "workflow.py",
        "    if moved:\n",
        "    if False:\n",
        "tests/cli/test_apply.py",
    ),
    Measure(
        "a saved plan that was edited is refused",
        "plan/document.py",
        '    if fields["content_digest"] != _sha256(content):',
        "    if False:",
        "tests/plan/test_document.py",
    ),
    Measure(
        "a plan is rehearsed, and refused when it does not come to rest",
        "rehearsal.py",
        "    return Rehearsal(problems=tuple(problems))",
        "    return Rehearsal()",
        "tests/test_rehearsal.py",
    ),
    Measure(
        "one-way steps need consent",
        "workflow.py",
        "if not consent.covers(block)",
        "if False",
        "tests/cli/test_apply.py",
    ),
    Measure(
        "another digest than the reviewed one is refused",
        "cli/apply.py",
        "expect_digest is not None and expect_digest != digest",
        "False",
        "tests/cli/test_apply.py",
    ),
    # --- absence ---
    Measure(
        "absence is believed of two listings that agree",
        "observing.py",
        "sorted(first.keys() ^ second.keys())",
        "[]",
        "tests/test_short_listings.py",
    ),
    Measure(
        "flows that were seen before are asked for",
        "observing.py",
        "    lost = [flow_id for flow_id in missing if flow_id not in gone]",
        "    lost: list[FlowId] = []",
        "tests/test_short_listings.py",
    ),
    Measure(
        "an account that lists nothing all at once is not believed",
        "workflow.py",
        "    if listing.is_whole and before and not listing.flows and not allow_empty_remote:",
        "    if False:",
        "tests/cli/test_plan.py tests/cli/test_exit_codes.py tests/test_short_listings.py",
    ),
    Measure(
        "a listing with a flow twice is in doubt",
        "remotes/meta_flows.py",
        '            doubts.append(f"flow {flow.id} is listed twice")',
        "            pass",
        f"{TRAPS} tests/test_short_listings.py tests/remotes/gateway/test_client.py",
    ),
    # --- nothing lost ---
    Measure(
        "what an upload replaces is kept",
        LOOKS,
        "            name = self._context.backups.save(flow, self._seen.key, step.kind)",
        "            name = ''",
        "tests/apply/test_backups.py",
    ),
    Measure(
        "nothing is written over what could not be kept",
        LOOKS,
        "        except FlowsyncError as exc:\n            raise Stopped(",
        "        except FlowsyncError as exc:\n            return\n            raise Stopped(",
        "tests/apply/test_backups.py",
    ),
    Measure(
        "a publish that may have happened is not rolled back",
        "apply/flow_run.py",
        "result is Result.FAILED and self._roll_back(remaining)",
        "self._roll_back(remaining)",
        "tests/apply/test_rollback.py",
    ),
    Measure(
        "the intent is in the journal before the write",
        STEPS,
        "        self._context.journal.intend(**about)",
        "        pass",
        APPLY,
    ),
    Measure(
        "a line of the journal is on disk before it counts",
        "apply/journal.py",
        "            os.fsync(self._descriptor)",
        "            pass",
        "tests/apply/test_journal.py",
    ),
    Measure(
        "a line that was written during a sync waits for the next",
        "apply/journal.py",
        "            self._on_disk = written",
        "            self._on_disk = self._written",
        "tests/apply/test_journal.py",
    ),
    Measure(
        "after a sync that failed no write goes out",
        "apply/journal.py",
        "            self._sync_failed = exc",
        "            pass",
        "tests/apply/test_journal.py",
    ),
    Measure(
        "a line that was torn does not spoil the next",
        "apply/journal.py",
        "            if self._is_torn:",
        "            if False:",
        "tests/apply/test_journal.py",
    ),
    Measure(
        "a full disk does not hide what was done",
        "apply/journal.py",
        "            self.lost = str(exc)",
        "            raise",
        "tests/apply/test_journal.py",
    ),
    Measure(
        "signals let the steps in flight end",
        "cli/applying.py",
        "        stop.set()\n",
        "        raise KeyboardInterrupt\n",
        "tests/apply/test_interrupt.py",
    ),
    # --- retries and pace ---
    Measure(
        "throttling stops the whole account",
        "remotes/retry.py",
        "return rule.pauses_account or (",
        "return False and (",
        "tests/remotes/test_retry.py",
    ),
    Measure(
        "attempts are bounded",
        "retry_policy.py",
        "        attempt < rule.attempts(kind)\n        and ",
        "        True\n        and ",
        "tests/test_retry_policy.py tests/remotes/test_retry.py",
    ),
    Measure(
        "the time of all attempts is bounded",
        "retry_policy.py",
        "elapsed + seconds <= rule.longest_total",
        "True",
        "tests/test_retry_policy.py tests/remotes/test_retry.py",
    ),
    Measure(
        "the requests of an hour are bounded",
        "remotes/pace.py",
        "len(self._sent) >= self._limit",
        "False",
        "tests/remotes/test_pace.py",
    ),
    # --- nothing leaked ---
    Measure(
        "secrets are taken out of all output",
        "cli/console.py",
        '            text = text.replace(secret, "***")',
        "            pass",
        "tests/cli/test_secrets.py",
    ),
    Measure(
        "secrets are taken out of what a remote repeats",
        "remotes/http.py",
        '            text = text.replace(secret, "***")',
        "            pass",
        "tests/remotes tests/cli/test_secrets.py",
    ),
    Measure(
        "redirects are not followed",
        "remotes/http.py",
        "allow_redirects=False",
        "allow_redirects=True",
        "tests/security/test_credentials.py",
    ),
    Measure(
        "the credential is not sent over http to other machines",
        "base_url.py",
        'parts.scheme == "http"',
        "False",
        "tests/security/test_credentials.py tests/test_project.py",
    ),
    Measure(
        "what a terminal would obey is shown as an escape",
        "render/style.py",
        "unicodedata.category(character) not in _HIDDEN",
        "True",
        "tests/render/test_style.py",
    ),
    Measure(
        "commands to a CI service are made harmless",
        "cli/console.py",
        "without_commands(text) if self.in_ci else text",
        "text",
        "tests/security/test_ci_commands.py",
    ),
    Measure(
        "files that hold account data are for their owner",
        "private_files.py",
        "FILE_MODE = 0o600",
        "FILE_MODE = 0o644",
        "tests/security/test_private_files.py",
    ),
    Measure(
        "an answer may not be larger than a limit",
        "remotes/http.py",
        "            if len(content) > most:",
        "            if False:",
        "tests/remotes/test_http.py tests/remotes/emulator/test_fault_effects.py",
    ),
)


def problem_of(measure: Measure, copy: Path) -> str:
    """Switch a measure off in the copy, run its tests, and give what is wrong; empty if noticed."""
    file = copy / "flowsync" / measure.file
    text = file.read_text("utf-8")
    if text.count(measure.there) != 1:
        return f"its place is in {measure.file} {text.count(measure.there)} times"
    file.write_text(text.replace(measure.there, measure.instead), "utf-8")
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *PYTEST, *measure.tests.split()],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            timeout=600,
        )
    finally:
        file.write_text(text, "utf-8")
    if ran.returncode == 0:
        return "no test fails without it"
    has_failed = re.search(r"^\d+ failed", ran.stdout, re.MULTILINE)
    return "" if has_failed else f"the tests did not run:\n{ran.stdout[-2000:]}"


def main() -> None:
    """Try all measures, or those whose names hold a word."""
    parser = argparse.ArgumentParser(description="Switch each survival measure off once.")
    parser.add_argument("word", nargs="?", default="")
    word = parser.parse_args().word
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            copying = shutil.copytree if source.is_dir() else shutil.copy
            copying(source, copy / name)
        for measure in MEASURES:
            if word in measure.name or word in measure.file:
                problem = problem_of(measure, copy)
                wrong += bool(problem)
                print(f"{'noticed' if not problem else 'MISSED '}  {measure.name}", flush=True)
                if problem:
                    print(f"         {problem}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

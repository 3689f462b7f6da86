"""Every command, output format and outcome in one table: exit code, stdout and stderr."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from platformdirs import user_state_path

from flowsync.apply.lock import held_lock
from flowsync.cli.outcome_formats import OUTCOME_FORMATS
from flowsync.cli.plan_formats import PLAN_FORMATS
from flowsync.cli.reporting import REPORT_FORMATS
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.operations import Operation
from flowsync.validation.schema import fits
from tests.cli.serving import DATABASE, Served, embedded, flow_id, run
from tests.git_repository import commit
from tests.support import Repository, flow_json
from tests.troubleshooting import entry_of, errors_in

Prepare = Callable[[Repository, Served], None]


class Row(NamedTuple):
    """A command, what is prepared, and what it must do.

    `stdout` and `stderr` are parts of what must be there in text form; empty means nothing at all
    may be there, None that anything may. `json` tells whether the command has --format json and
    then prints JSON (True), prints nothing (False), or has no such format (None).
    """

    args: str
    prepare: Prepare
    code: int
    stdout: str | None
    stderr: str | None
    json: bool | None = None
    token: str = "test-token-not-secret"


def nothing(repository: Repository, served: Served) -> None:
    """Prepare an empty folder."""


def one_new(repository: Repository, served: Served) -> None:
    """Prepare a flow that is not on the remote yet."""
    repository.flow("a")


def in_step(repository: Repository, served: Served) -> None:
    """Prepare a flow that is on the remote as its definition says."""
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0


def with_ids(repository: Repository, served: Served) -> None:
    """Prepare a flow in step and a file with its id."""
    in_step(repository, served)
    assert run(repository, "ids", "--out", "ids.py").exit_code == 0


def with_old_ids(repository: Repository, served: Served) -> None:
    """Prepare a file with the id of a flow whose status is another by now."""
    drafted(repository, served)
    assert run(repository, "ids", "--out", "ids.py").exit_code == 0
    in_step(repository, served)


def drafted(repository: Repository, served: Served) -> None:
    """Prepare a draft in step."""
    repository.flow("a", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0


def wrong_definition(repository: Repository, served: Served) -> None:
    """Prepare a definition with an error."""
    repository.flow("a", state="liv")


def wrong_content(repository: Repository, served: Served) -> None:
    """Prepare Flow JSON with an error."""
    repository.flow("a", content={"version": "7.3"})


def wrong_config(repository: Repository, served: Served) -> None:
    """Prepare a flowsync.yaml with an error."""
    repository.flow("a")
    (repository.root / "flowsync.yaml").write_text("version: 1\ntarget: {}\n")


def warning_only(repository: Repository, served: Served) -> None:
    """Prepare a flow that validates with a warning."""
    repository.flow("a", content=flow_json("A label that is longer than a telephone shows"))


def messy(repository: Repository, served: Served) -> None:
    """Prepare a Flow JSON that is not in canonical form."""
    file = repository.flow("a").with_suffix(".json")
    file.write_text(json.dumps(flow_json()))


def unparsable(repository: Repository, served: Served) -> None:
    """Prepare a Flow JSON that is no JSON."""
    repository.flow("a").with_suffix(".json").write_text("{")


def old_version(repository: Repository, served: Served) -> None:
    """Prepare a flow of a version that the platform no longer takes."""
    repository.flow("a", content={**flow_json(), "version": "5.0"})


def rewritten(repository: Repository, served: Served) -> None:
    """Prepare a flow that was applied as committed at v1 and then another way."""
    repository.flow("a")
    commit("v1")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0


def wrong_then(repository: Repository, served: Served) -> None:
    """Prepare a flow whose definition was wrong at v1."""
    wrong_definition(repository, served)
    commit("v1")
    repository.flow("a")


def several_targets(repository: Repository, served: Served) -> None:
    """Prepare two targets and no default."""
    repository.flow("a")
    repository.config(x={"remote": "emulator"}, y={"remote": "emulator"})


def conflict(repository: Repository, served: Served) -> None:
    """Prepare a flow that conflicts beside one that can be created."""
    drafted(repository, served)
    repository.flow("a", state="deprecated")
    repository.flow("b")


def conflict_only(repository: Repository, served: Served) -> None:
    """Prepare a flow that conflicts and nothing else."""
    drafted(repository, served)
    repository.flow("a", state="deprecated")


def emptied(repository: Repository, served: Served) -> None:
    """Prepare an account that has lost all its flows."""
    in_step(repository, served)
    DATABASE.unlink()


def no_consent(repository: Repository, served: Served) -> None:
    """Prepare a target that does not allow publishing."""
    repository.flow("a")
    repository.config(local={"remote": "emulator", "allow": []})


def gated(repository: Repository, served: Served) -> None:
    """Prepare a target whose gate lets nothing be published."""
    repository.flow("a")
    repository.config(local={"remote": "emulator", "gates": {"max_publish": 0}})


def protected(repository: Repository, served: Served) -> None:
    """Prepare the deprecation of a flow that the target protects."""
    in_step(repository, served)
    repository.flow("a", state="deprecated")
    repository.config(local={"remote": "emulator", "protect": ["a"]})


def denied(repository: Repository, served: Served) -> None:
    """Prepare a rule that denies publishing."""
    repository.flow("a")
    (repository.root / "flowsync.yaml").write_text("version: 1\npolicy: [{deny: publish}]\n")


def wrong_rule(repository: Repository, served: Served) -> None:
    """Prepare a rule that could never be met."""
    repository.flow("a")
    (repository.root / "flowsync.yaml").write_text(
        "version: 1\npolicy: [{deny: publish, when: {days: fry}}]\n"
    )


def stale(repository: Repository, served: Served) -> None:
    """Prepare a saved plan of another state."""
    repository.flow("a")
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0
    repository.flow("a", name="Other")


def saved(repository: Repository, served: Served) -> None:
    """Prepare a saved plan that fits."""
    repository.flow("a")
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0


def gateway(repository: Repository, served: Served) -> None:
    """Prepare a new flow on a gateway target."""
    repository.flow("a")
    repository.config(staging=served.target())


def refusing(repository: Repository, served: Served) -> None:
    """Prepare a gateway that refuses to publish, beside a flow that needs no publishing."""
    gateway(repository, served)
    repository.flow("b", state="draft")
    served.emulated.faults.add("publish:forbidden")


def unreachable(repository: Repository, served: Served) -> None:
    """Prepare a gateway that gives something else than an API."""
    gateway(repository, served)
    served.emulated.faults.add("any:forbidden")


def no_token(repository: Repository, served: Served) -> None:
    """Prepare a target whose token comes from a variable that is not set."""
    repository.flow("a")
    repository.config(staging=served.target(token="${env:GONE_TOKEN}"))


def interrupted(repository: Repository, served: Served) -> None:
    """Prepare a gateway whose first create is met by Ctrl-C."""
    signalled(repository, served, signal.SIGINT)


def terminated(repository: Repository, served: Served) -> None:
    """Prepare a gateway whose first create is met by SIGTERM."""
    signalled(repository, served, signal.SIGTERM)


def hung_up(repository: Repository, served: Served) -> None:
    """Prepare a gateway whose first create is met by the loss of the terminal."""
    signalled(repository, served, signal.SIGHUP)


def edited(repository: Repository, served: Served) -> None:
    """Prepare a flow whose earlier content was written over."""
    in_step(repository, served)
    repository.flow("a", content=flow_json("Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0


def locked_out(repository: Repository, served: Served) -> None:
    """Prepare another apply that is at work on the same account."""
    repository.flow("a")
    database = repository.root / DATABASE
    served.closing.enter_context(
        held_lock(
            user_state_path("flowsync", appauthor=False) / "locks",
            f"emulator\n{database.resolve()}\n{DOCUMENTED_ACCOUNT}",
            target="local",
            timeout=0,
            tell=print,
        )
    )


def signalled(repository: Repository, served: Served, number: signal.Signals) -> None:
    """Prepare a signal to this very process while the first create is on its way."""
    gateway(repository, served)
    repository.flow("b")

    def send_signal(operation: Operation) -> None:
        if operation is Operation.CREATE:
            os.kill(os.getpid(), number)

    served.on_request = send_signal


def unreadable_flow(repository: Repository, served: Served) -> None:
    """Prepare a draft without Flow JSON."""
    repository.flow("a")
    with embedded() as platform:
        platform.create_flow("100000000000001", name="A", categories=["OTHER"])


def emulated(repository: Repository, served: Served) -> None:
    """Prepare an account with a flow that has no definition."""
    with embedded() as platform:
        made = platform.create_flow("100000000000001", name="B", categories=["OTHER"])
        platform.upload(made, json.dumps(flow_json()).encode())


def unfinished(repository: Repository, served: Served) -> None:
    """Prepare an account with a draft whose Flow JSON has errors."""
    with embedded() as platform:
        made = platform.create_flow("100000000000001", name="B", categories=["OTHER"])
        platform.upload(made, b'{"version": "7.3", "screens": []}')


def drifted(repository: Repository, served: Served) -> None:
    """Prepare a flow that was changed in the console."""
    in_step(repository, served)
    with embedded() as platform:
        platform.update_flow(flow_id("A"), categories=["SURVEY"])


def doubtful(repository: Repository, served: Served) -> None:
    """Prepare a gateway whose listing cannot be believed."""
    gateway(repository, served)
    served.emulated.faults.add("list:no-data")


def doubtful_later(repository: Repository, served: Served) -> None:
    """Prepare a saved plan, and a listing that cannot be believed afterwards."""
    gateway(repository, served)
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0
    served.emulated.faults.add("list:no-data")


def one_unreadable(repository: Repository, served: Served) -> None:
    """Prepare two flows of which the gateway shows only one."""
    gateway(repository, served)
    repository.flow("b")
    assert run(repository, "apply", "--yes").exit_code == 0
    served.emulated.faults.add("get:forbidden*1")


def one_vanishing(repository: Repository, served: Served) -> None:
    """Prepare two flows of which one is deleted between the listing and its read."""
    gateway(repository, served)
    for key in "ab":
        repository.flow(key, state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0

    def delete(operation: Operation) -> None:
        flows = served.platform.list_flows(DOCUMENTED_ACCOUNT)
        if operation is Operation.GET and len(flows) > 1:
            served.platform.delete(flows[0].id)

    served.on_request = delete


def no_variable(repository: Repository, served: Served) -> None:
    """Prepare a target whose variable rests on the environment."""
    repository.flow("a")
    repository.config(local={"remote": "emulator", "vars": {"x": "${env:GONE}"}})


def without_content(repository: Repository, served: Served) -> None:
    """Prepare a definition that needs no Flow JSON."""
    repository.flow("a").write_text("name: A\nstate: absent\n")


def with_scenarios(repository: Repository, served: Served) -> None:
    """Prepare a flow with a scenario that goes well, and one that does not."""
    for key, screen in (("good", "CONTACT"), ("bad", "OTHER")):
        beside = repository.flow(key).with_name(f"{key}.scenarios.yaml")
        beside.write_text(f"scenarios: [{{name: a, steps: [{{expect: {{screen: {screen}}}}}]}}]\n")


def like_another(repository: Repository, served: Served) -> None:
    """Prepare an account with a flow whose name differs in letter case."""
    repository.flow("a")
    with embedded() as platform:
        platform.create_flow("100000000000001", name="a", categories=["OTHER"])


def several(repository: Repository, served: Served) -> None:
    """Prepare two flows."""
    repository.flow("a")
    repository.flow("b")


def a_file(repository: Repository, served: Served) -> None:
    """Prepare a file where a folder is wanted."""
    (repository.root / "file").write_text("")


# What an apply or a commit has made: it stands in the folder alone, and is made once and copied.
LASTING = {
    *(in_step, with_ids, with_old_ids, drafted, rewritten, conflict, conflict_only, emptied),
    *(protected, saved, edited, drifted),
}
MADE: dict[Prepare, Path] = {}


def prepare(row: Row, repository: Repository, served: Served, kept: pytest.TempPathFactory) -> None:
    """Bring the folder, the gateway or this process to where a row begins."""
    if made := MADE.get(row.prepare):
        shutil.copytree(made, repository.root, dirs_exist_ok=True)
        return
    row.prepare(repository, served)
    if row.prepare in LASTING:
        MADE[row.prepare] = kept.mktemp("made") / "folder"
        shutil.copytree(repository.root, MADE[row.prepare])


SEND = "send a --to +491701234567 --body Hello --button Open"

TABLE = {
    "no command": Row("", nothing, 0, "First steps", ""),
    "version": Row("--version", nothing, 0, "flowsync, version", ""),
    "help": Row("--help", nothing, 0, "Exit codes: 0 done", ""),
    "unknown command": Row("aply", nothing, 64, "", 'Did you mean "apply"?'),
    "unknown option of the group": Row("--verison", nothing, 64, "", "--version"),
    "init": Row("init", nothing, 0, "created flows/contact.yaml", ""),
    "init again": Row("init", one_new, 0, "Next: flowsync validate", ""),
    "init in a file": Row("init file", a_file, 64, "", "is a file"),
    "init below a file": Row("init file/sub", a_file, 1, "", "cannot be written"),
    "validate": Row("validate", one_new, 0, "1 flow checked, nothing wrong.", "", True),
    "validate one": Row("validate a", one_new, 0, "1 flow checked", "", True),
    "validate definition": Row("validate", wrong_definition, 3, "flows/a.yaml:5:8:", "", True),
    "validate wrong content": Row("validate", wrong_content, 3, "flows/a.json:", "", True),
    "validate wrong config": Row("validate", wrong_config, 3, "flowsync.yaml:2:1:", "", True),
    "validate a warning": Row("validate", warning_only, 0, "warning", "", True),
    "validate strictly": Row("validate --strict", warning_only, 3, "warning", "", True),
    "validate without flows": Row("validate", nothing, 3, "no folder flows", "", True),
    "validate unknown key": Row("validate aa", one_new, 64, "", 'no flow has the key "aa"', False),
    "validate without a token": Row("validate", no_token, 0, "nothing wrong", "", True),
    "fmt": Row("fmt", messy, 0, "formatted flows/a.json", "", True),
    "fmt check": Row("fmt --check", messy, 2, "would format flows/a.json", "", True),
    "fmt diff": Row("fmt --diff", messy, 0, "+++ flows/a.json", "", True),
    "fmt in form": Row("fmt --check flows/a.json", one_new, 0, "0 files to format", "", True),
    "fmt unparsable": Row("fmt", unparsable, 3, None, "flows/a.json:1:2:", None),
    "fmt wrong config": Row("fmt", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "fmt without flows": Row("fmt", nothing, 3, None, "no folder flows", None),
    "fmt unknown key": Row("fmt aa", one_new, 64, "", 'no flow has the key "aa"', False),
    "fmt unknown file": Row("fmt aa.json", one_new, 64, "", "no file aa.json", False),
    "fmt config": Row("fmt flowsync.yaml", several_targets, 64, "", "left as it is", False),
    "fmt stdin and more": Row("fmt - a", one_new, 64, "", "stands alone", False),
    "fmt unknown target": Row("fmt -t lcal", one_new, 64, "", 'Did you mean "local"?', False),
    "graph": Row("graph a", one_new, 0, "flowchart TD", ""),
    "graph before and after": Row("graph a --before-after", in_step, 0, "flowchart TD", ""),
    "graph wrong content": Row("graph a", wrong_content, 3, "", "no screen with an id"),
    "graph unparsable": Row("graph a", unparsable, 3, "", "flows/a.json:1:2:"),
    "graph wrong config": Row("graph a", wrong_config, 3, "", "flowsync.yaml:2:1:"),
    "graph without flows": Row("graph a", nothing, 3, "", "no folder flows"),
    "graph without Flow JSON": Row("graph a", without_content, 1, "", "names no Flow JSON"),
    "graph unknown key": Row("graph aa", one_new, 64, "", 'Did you mean "a"?'),
    "graph several": Row("graph *", several, 64, "", 'and "*" means a, b. Choose one.'),
    "graph nothing": Row("graph", one_new, 64, "", "Missing argument"),
    "graph unknown file": Row("graph aa.json", one_new, 64, "", "no file aa.json"),
    "graph definition": Row("graph flows/a.yaml", one_new, 64, "", "is a definition"),
    "graph unknown format": Row("graph a --format png", one_new, 64, "", "'png' is not one of"),
    "graph to nowhere": Row("graph a --out no/a.svg", one_new, 1, "", "cannot be saved as no/a"),
    "graph to a folder": Row("graph a --out flows", one_new, 64, "", "is a directory"),
    "graph to no name": Row("graph a --out=", one_new, 64, "", "needs the name of a file"),
    "graph of a file before": Row(
        "graph flows/a.json --before-after", one_new, 64, "", "needs the key of a flow"
    ),
    "graph useless option": Row(
        "graph a --allow-empty-remote", one_new, 64, "", "with --before-after only"
    ),
    "graph emptied": Row("graph a --before-after", emptied, 6, "", "lists no flows"),
    "graph unreachable": Row("graph a --before-after", unreachable, 5, "", "403"),
    "graph in doubt": Row("graph a --before-after", doubtful, 5, "", "cannot be told"),
    "graph alike": Row("graph a --before-after", like_another, 3, "", "letter case"),
    "test": Row("test good", with_scenarios, 0, "all went as expected", "", True),
    "test failing": Row("test", with_scenarios, 3, "bad.scenarios.yaml:1:32:", "", True),
    "test reaching": Row("test g* --fail-unreached", with_scenarios, 0, "1 scenario", "", True),
    "test unreached": Row("test --fail-unreached", one_new, 3, "a: no scenarios", "", True),
    "test without scenarios": Row("test", one_new, 0, "No scenarios.", "", True),
    "test wrong content": Row("test", wrong_content, 3, "", "flows/a.json:", False),
    "test wrong config": Row("test", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "test without flows": Row("test", nothing, 3, "", "no folder flows", False),
    "test unknown key": Row("test aa", one_new, 64, "", 'no flow has the key "aa"', False),
    "upgrade": Row("upgrade --to 7.3", old_version, 0, "5.0 → 7.3, written", "", True),
    "upgrade dry": Row("upgrade --to 7.3 --dry-run", old_version, 0, "would be", "", True),
    "upgrade nothing": Row("upgrade --to 7.3", one_new, 0, "1 up to date", "", True),
    "upgrade invalid": Row("upgrade --to 7.3", unparsable, 3, None, "flows/a.json:1:2:", None),
    "upgrade down": Row("upgrade --to 6.0", one_new, 64, "", "would go back to 6.0", False),
    "upgrade unknown": Row("upgrade --to 5.0", one_new, 64, "", "takes no version", False),
    "upgrade to nothing": Row("upgrade", one_new, 64, "", "--to", False),
    "upgrade wrong config": Row("upgrade --to 7.3", wrong_config, 3, "", "flowsync.yaml", False),
    "plan": Row("plan", one_new, 0, "Plan: 1 to create.", "", True),
    "plan in step": Row("plan", in_step, 0, "Nothing to do: 1 flow in step.", "", True),
    "plan detailed": Row("plan --detailed-exitcode", one_new, 2, "1 to create", "", True),
    "plan detailed in step": Row("plan --detailed-exitcode", in_step, 0, "Nothing", "", True),
    "plan wrong files": Row("plan", wrong_definition, 3, "", "flows/a.yaml:5:8:", False),
    "plan wrong config": Row("plan", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "plan conflict": Row("plan", conflict, 3, "1 conflict", "", True),
    "plan conflict detailed": Row("plan --detailed-exitcode", conflict, 3, "conflict", "", True),
    "plan denied": Row("plan", gateway, 5, "", "refuses the credential", False, token="wrong-one"),
    "plan without a token": Row("plan", no_token, 3, "", '"GONE_TOKEN" is not set', False),
    "plan emptied remote": Row("plan", emptied, 6, "", "--allow-empty-remote", False),
    "plan emptied and meant": Row("plan --allow-empty-remote", emptied, 0, "1 to create", "", True),
    "plan unknown target": Row("plan -t lcal", one_new, 64, "", 'Did you mean "local"?', False),
    "plan no target": Row("plan", several_targets, 64, "", "several targets (x, y)", False),
    "plan unknown key": Row("plan zz", one_new, 64, "", 'no flow has the key "zz"', False),
    "plan no config": Row("plan -c gone.yaml", one_new, 64, "", "no file gone.yaml", False),
    "plan verbose and quiet": Row("plan -v -q", one_new, 64, "", "contradict", False),
    "plan blocked": Row("plan", gated, 0, "Apply will refuse", "", True),
    "plan denied by a rule": Row("plan", denied, 6, "The policy denies publish of a", "", True),
    "plan denied in detail": Row("plan --detailed-exitcode", denied, 6, "1 to create", "", True),
    "plan wrong rule": Row("plan", wrong_rule, 3, "", "flowsync.yaml:2:39:", False),
    "plan out": Row("plan --out p.json", one_new, 0, "1 to create", None, True),
    "plan out nowhere": Row("plan --out no/p.json", one_new, 1, "", "cannot be saved", False),
    "plan in doubt": Row("plan", doubtful, 5, "may not be whole", "", True),
    "plan one unreadable": Row("plan", one_unreadable, 5, "", "no right", False),
    "plan no variable": Row("plan", no_variable, 3, "", '"GONE" is not set', False),
    "plan without content": Row("plan", without_content, 0, "Nothing to do", "", True),
    "plan like another": Row("plan", like_another, 3, "only in letter case", "", True),
    "plan why": Row("plan --why a", one_new, 0, "published ↓ missing → create", "", True),
    "plan why in step": Row("plan --why a", in_step, 0, "nothing is written", "", True),
    "plan why a conflict": Row("plan --why a", conflict, 3, "way out:", "", True),
    "plan why in doubt": Row("plan --why a", doubtful, 5, "may not be whole", "", True),
    "plan why unknown key": Row("plan --why aa", one_new, 64, "", 'Did you mean "a"?', False),
    "plan why wrong files": Row("plan --why a", wrong_definition, 3, "", "flows/a.yaml", False),
    "plan why in Markdown": Row("plan --why a --format jsonl", one_new, 64, None, "text or json"),
    "apply in doubt": Row("apply --yes", doubtful, 5, None, "may not be whole", False),
    "apply saved in doubt": Row(
        "apply plan.json --yes", doubtful_later, 5, "", "may not be whole", False
    ),
    "list in doubt": Row("list", doubtful, 5, "may not be whole", "", True),
    "show like another": Row("show a", like_another, 64, "", "only in letter case", False),
    "apply": Row("apply --yes", one_new, 0, "Apply complete: 1 applied.", None, True),
    "apply in step": Row("apply", in_step, 0, "Nothing to do", "", True),
    "apply wrong files": Row("apply --yes", wrong_content, 3, "", "flows/a.json:", False),
    "apply wrong config": Row("apply --yes", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "apply conflict": Row("apply --yes", conflict, 4, "1 applied, 1 conflict", None, True),
    "apply conflict only": Row("apply --yes", conflict_only, 4, "1 conflict", "", True),
    "apply failure": Row("apply --yes", refusing, 4, "1 applied, 1 failed", None, True),
    "apply denied": Row("apply --yes", gateway, 5, "", "credential", False, token="wrong-one"),
    "apply forbidden": Row("apply --yes", unreachable, 5, "", "no right", False),
    "apply without a token": Row("apply --yes", no_token, 3, "", '"GONE_TOKEN"', False),
    "apply unasked": Row("apply", one_new, 6, "1 to create", "Pass --yes", False),
    "apply no consent": Row("apply --yes", no_consent, 6, "1 to create", "--allow publish", False),
    "apply consent": Row("apply --yes --allow publish", no_consent, 0, "1 applied", None, True),
    "apply gated": Row("apply --yes", gated, 6, None, "--accept-gate max_publish=1", False),
    "apply protected": Row("apply --yes", protected, 6, None, "a is protected", False),
    "apply denied by a rule": Row("apply --yes", denied, 6, None, "denies publish of a", False),
    "apply emptied": Row("apply --yes", emptied, 6, "", "--allow-empty-remote", False),
    "apply other digest": Row("apply --yes --expect-digest x", one_new, 6, None, "not x", False),
    "apply saved": Row("apply plan.json --yes", saved, 0, "1 applied", None, True),
    "apply stale": Row("apply plan.json --yes", stale, 6, "", "another state", False),
    "apply no saved plan": Row("apply no.json --yes", one_new, 64, "", "cannot be read", False),
    "apply saved and key": Row("apply plan.json a", saved, 64, "", "either one saved plan", False),
    "apply unknown key": Row("apply zz --yes", one_new, 64, "", "no flow has the key", False),
    "apply unknown step": Row("apply --allow publsh", one_new, 64, "", '"publish"', False),
    "apply Ctrl-C": Row("apply --yes", interrupted, 130, "not started", "stopping", True),
    "apply SIGTERM": Row("apply --yes", terminated, 143, None, "stopping", None),
    "apply SIGHUP": Row("apply --yes", hung_up, 129, None, "stopping", None),
    "apply locked": Row("apply --yes", locked_out, 6, "", "another apply is at work", False),
    "apply locked, waiting": Row("apply --lock-timeout 0.1", locked_out, 6, "", "waited", False),
    "apply odd lock time": Row("apply --lock-timeout x", one_new, 64, "", "--lock-timeout", False),
    "apply saved, not rehearsed": Row(
        "apply plan.json --no-rehearse", saved, 64, "", "to `flowsync plan`", False
    ),
    "plan changed": Row("plan --changed-since v1", rewritten, 0, "Nothing to do: 1 flow", "", True),
    "plan since no revision": Row("plan --changed-since vv", rewritten, 64, "", "no commit", False),
    "plan no git": Row("plan --changed-since v1", one_new, 64, "", "not in a git", False),
    "plan no such state": Row("plan --state lve", one_new, 64, "", "--state", False),
    "apply of no state": Row("apply --state absent", one_new, 0, "no flow was", "no chosen", True),
    "apply saved and state": Row("apply plan.json --state draft", saved, 64, "", "as it is", False),
    "rollback": Row("rollback --to v1 --yes", rewritten, 0, "1 applied", "git revert", True),
    "rollback dry": Row("rollback --to v1 --dry-run", rewritten, 0, "1 to up", "git revert", True),
    "rollback unasked": Row("rollback --to v1", rewritten, 6, "1 to update", "--yes", False),
    "rollback to nothing": Row("rollback --to v2", rewritten, 64, "", 'no commit "v2"', False),
    "rollback unknown key": Row("rollback zz --to v1", rewritten, 64, "", "no flow has", False),
    "rollback without --to": Row("rollback", one_new, 64, "", "--to", False),
    "rollback no git": Row("rollback --to v1", one_new, 64, "", "not in a git", False),
    "rollback wrong then": Row("rollback --to v1", wrong_then, 3, "", "as of v1", False),
    "rollback wrong config": Row("rollback --to v1", wrong_config, 3, "", "yaml:2:1:", False),
    "restore": Row("restore", edited, 0, "PUBLISHED, before upload", "", True),
    "restore nothing": Row("restore", in_step, 0, "Nothing was written over", "", True),
    "restore a flow": Row("restore a --yes", edited, 0, "1 applied", "the next apply", True),
    "restore unasked": Row("restore a", edited, 6, "1 to update", "Pass --yes", False),
    "restore no such": Row("restore zz", edited, 64, "", 'nothing is kept of "zz"', False),
    "restore to a file": Row("restore a --out b.json", edited, 0, "", "written to b.json", False),
    "restore wrong config": Row("restore a", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "import": Row("import", emulated, 0, "1 flow: 1 new.", "flowsync plan", True),
    "import nothing": Row("import", nothing, 0, "The account has no flows", "", True),
    "import in step": Row("import", in_step, 0, "1 flow: 1 unchanged.", "", True),
    "import kept": Row("import", drifted, 6, "left as it is", "--force", True),
    "import forced": Row("import --force", drifted, 0, "1 updated", "flowsync plan", True),
    "import dry": Row("import --dry-run", drifted, 0, "left as it is", "--force", True),
    "import wrong content": Row("import", unfinished, 3, "1 new", "stop a plan", True),
    "import unreadable": Row("import", unreadable_flow, 4, "no Flow JSON yet", "", True),
    "import like another": Row("import", like_another, 4, "only in letter case", "", True),
    "import unknown": Row("import zz", in_step, 64, "", 'the name, id or key "zz"', False),
    "import not there yet": Row("import a", one_new, 64, "", "is not on the remote", False),
    "import wrong files": Row("import", wrong_definition, 3, "", "flows/a.yaml:5:8:", False),
    "import wrong config": Row("import", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "import denied": Row("import", gateway, 5, "", "credential", False, token="wrong-one"),
    "import in doubt": Row("import", doubtful, 5, "may not be whole", "", True),
    "import one unreadable": Row("import", one_unreadable, 5, "", "no right", False),
    "import unknown target": Row("import -t lcal", one_new, 64, "", "Did you mean", False),
    "list": Row("list", in_step, 0, "PUBLISHED  a    A", "", True),
    "list nothing": Row("list", one_new, 0, "The account has no flows.", "", True),
    "list with wrong files": Row("list", wrong_definition, 0, "no flows", "some definitions", True),
    "list wrong config": Row("list", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "list denied": Row("list", gateway, 5, "", "credential", False, token="wrong-one"),
    "list unknown target": Row("list -t lcal", one_new, 64, "", "Did you mean", False),
    "show": Row("show a", in_step, 0, "PUBLISHED", "", True),
    "show by name": Row("show A", in_step, 0, "key           a", "", True),
    "show Flow JSON": Row("show a --flow-json", in_step, 0, '"version": "7.3"', "", True),
    "show no Flow JSON": Row(
        "show a --flow-json", unreadable_flow, 5, "", "shows no Flow JSON", False
    ),
    "show not there yet": Row("show a", one_new, 64, "", "is not on the remote yet", False),
    "show unknown": Row("show zz", in_step, 64, "", "no flow has the key, id or name", False),
    "show denied": Row("show a", gateway, 5, "", "credential", False, token="wrong-one"),
    "ids": Row("ids", in_step, 0, "PUBLISHED", "", True),
    "ids not there yet": Row("ids", one_new, 0, "not on the remote yet", "", True),
    "ids of a key": Row("ids a", in_step, 0, "PUBLISHED", "", True),
    "ids of a key not there": Row("ids a", one_new, 1, "not on the", '"a" has no id', True),
    "ids unknown key": Row("ids zz", in_step, 64, "", 'no flow has the key "zz"', False),
    "ids with wrong files": Row("ids", wrong_definition, 0, "cannot be used", "some def", True),
    "ids in doubt": Row("ids", doubtful, 5, "not whole", "may not be whole", True),
    "ids wrong config": Row("ids", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "ids denied": Row("ids", gateway, 5, "", "credential", False, token="wrong-one"),
    "ids without flows": Row("ids", nothing, 3, "", "no definitions in flows", False),
    "ids Python": Row("ids --format python", in_step, 0, "FLOW_A: Final = ", ""),
    "ids to a file": Row("ids --out a.ts", in_step, 0, "", "saved as a.ts"),
    "ids to a definition": Row(
        "ids --out flows/a.yaml --format python", in_step, 64, "", "not made by `flowsync ids`"
    ),
    "ids of an odd name": Row("ids --check a.txt", in_step, 64, "", "Pass --format"),
    "ids to a file and checked": Row("ids --out a --check b", in_step, 64, "", "exclude", False),
    "ids checked": Row("ids --check ids.py", with_ids, 0, "up to date", ""),
    "ids old": Row("ids --check ids.py", with_old_ids, 2, "PUBLISHED", "ids.py is out of date"),
    "ids checked in doubt": Row("ids --check ids.py", doubtful, 5, "", "may not be whole", None),
    "status": Row("status", in_step, 0, "Flow JSON 7.3: accepted", "", True),
    "status not there yet": Row("status a", one_new, 0, "not on the remote yet", "", True),
    "status met": Row("status --fail-on missing", one_new, 4, "not on", "a fails on missing", True),
    "status not met": Row("status --fail-on frozen<9d", in_step, 0, "accepted", "", True),
    "status odd word": Row("status --fail-on blokked", in_step, 64, "", '"blocked"?', False),
    "status unknown key": Row("status zz", in_step, 64, "", 'no flow has the key "zz"', False),
    "status with wrong files": Row("status", wrong_definition, 0, "cannot be used", "def", True),
    "status wrong config": Row("status", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
    "status in doubt": Row("status", doubtful, 5, "not whole", "may not be whole", True),
    "status denied": Row("status", gateway, 5, "", "credential", False, token="wrong-one"),
    "status without flows": Row("status", nothing, 3, "", "no definitions in flows", False),
    "status unread": Row("status --fail-on frozen", one_vanishing, 5, "could not be", "", True),
    "send": Row(f"{SEND} --yes", in_step, 0, 'Sent "A" to +491701234567', "", True),
    "send unasked": Row(SEND, in_step, 6, "", "Pass --yes", False),
    "send a draft": Row(f"{SEND} --yes", drafted, 6, "", '"A" is DRAFT', False),
    "send to nobody": Row("send a --to x --body b --button c", in_step, 64, "", "--to", False),
    "send no body": Row("send a --to +49 --button c", in_step, 64, "", "--body", False),
    "send denied": Row(f"{SEND} --yes", gateway, 5, "", "credential", False, token="wrong-one"),
    "serve faults": Row("serve --list-faults", nothing, 0, "drop-after", "OPERATION is"),
    "serve to others": Row("serve --host 0.0.0.0", nothing, 6, "", "--allow-remote"),
    "serve unknown fault": Row("serve --fault create:x", nothing, 64, "", "unknown kind"),
    "serve odd port": Row("serve --port 70000", nothing, 64, "", "70000"),
    "schema": Row("schema flow", nothing, 0, '"Flow definition"', ""),
    "schema unknown": Row("schema flw", nothing, 64, "", "flw"),
    "schema none": Row("schema", nothing, 64, "", "Missing argument"),
    "journal": Row("journal", in_step, 0, "finished, 3 writes", "", True),
    "journal of nothing": Row("journal", nothing, 0, "No runs.", "", True),
    "journal last": Row("journal --last", in_step, 0, "publish", "", True),
    "journal last of nothing": Row("journal --last", nothing, 64, "", "no run yet", False),
    "journal unknown": Row("journal zz", in_step, 64, "", 'no run "zz"', False),
    "journal both": Row("journal zz --last", in_step, 64, "", "either a RUN, or --last", False),
    "journal wrong config": Row("journal", wrong_config, 3, "", "flowsync.yaml:2:1:", False),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_each_outcome_has_its_exit_code_and_its_words_on_the_right_stream(
    repository: Repository, served: Served, tmp_path_factory: pytest.TempPathFactory, row: Row
) -> None:
    prepare(row, repository, served, tmp_path_factory)
    ran = run(repository, *row.args.split(), token=row.token)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (row.code, ran.stdout, ran.stderr)
    for stream, part in ((ran.stdout, row.stdout), (ran.stderr, row.stderr)):
        assert part is None or (part in stream if part else stream == "")
    assert "Traceback" not in ran.stderr
    unexplained = [said for said in errors_in(ran.stderr) if entry_of(said) is None]
    assert unexplained == [], "docs/troubleshooting.md has no entry"


JSON_ROWS = {name: row for name, row in TABLE.items() if row.json is not None}


@pytest.mark.parametrize("row", JSON_ROWS.values(), ids=JSON_ROWS.keys())
def test_json_changes_neither_the_exit_code_nor_what_is_said_on_stderr(
    repository: Repository, served: Served, tmp_path_factory: pytest.TempPathFactory, row: Row
) -> None:
    prepare(row, repository, served, tmp_path_factory)
    ran = run(repository, *row.args.split(), "--format", "json", token=row.token)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (row.code, ran.stdout, ran.stderr)
    if row.json:
        assert json.loads(ran.stdout) is not None
    else:
        assert ran.stdout == ""
    if row.stderr:
        assert row.stderr in ran.stderr
    if row.stderr == "":
        assert ran.stderr == ""


REPORTS: dict[str, Iterable[str]] = {
    "plan": PLAN_FORMATS,
    "apply": OUTCOME_FORMATS,
    "rollback": OUTCOME_FORMATS,
    "validate": REPORT_FORMATS,
}
UNREADABLE = [  # options that are refused before the command begins
    TABLE[name]
    for name in (
        "plan verbose and quiet",
        "plan no such state",
        "apply unknown step",
        "apply odd lock time",
        "rollback without --to",
    )
]
REPORT_ROWS = {
    name: row
    for name, row in JSON_ROWS.items()
    if row.args.split()[0] in REPORTS and "--why" not in row.args
}


@pytest.mark.parametrize("row", REPORT_ROWS.values(), ids=REPORT_ROWS.keys())
def test_reports_and_markdown_change_neither_the_exit_code_nor_what_is_said_on_stderr(
    repository: Repository, served: Served, tmp_path_factory: pytest.TempPathFactory, row: Row
) -> None:
    prepare(row, repository, served, tmp_path_factory)
    formats = REPORTS[row.args.split()[0]]
    asked = [word for name in formats for word in ("--report", f"{name}=report.{name}")]
    ran = run(repository, *row.args.split(), "--format", "markdown", *asked, token=row.token)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (row.code, ran.stdout, ran.stderr)
    assert ran.stdout.startswith("**") if row.json else ran.stdout == ""
    assert row.stderr is None or (row.stderr in ran.stderr if row.stderr else ran.stderr == "")
    files = [Path(f"report.{name}") for name in formats]
    if row in UNREADABLE:
        assert not any(file.exists() for file in files)
        return
    for file in files:  # annotations are none where there is nothing to remark
        text = file.read_text("utf-8")
        assert text.strip() or (file.suffix == ".github" and row.json)
        assert "did not finish" not in text
    document = json.loads(Path("report.json").read_text("utf-8"))
    assert document.get("errored", False) is not row.json
    if not row.json:
        assert document["error"]["exit_code"] == row.code
        assert fits(document, "failure") is None


@pytest.mark.parametrize(
    "row",
    [row for row in REPORT_ROWS.values() if "validate" not in row.args],
    ids=[name for name, row in REPORT_ROWS.items() if "validate" not in row.args],
)
def test_events_change_neither_the_exit_code_nor_what_is_said_on_stderr(
    repository: Repository, served: Served, tmp_path_factory: pytest.TempPathFactory, row: Row
) -> None:
    prepare(row, repository, served, tmp_path_factory)
    ran = run(repository, *row.args.split(), "--format", "jsonl", token=row.token)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (row.code, ran.stdout, ran.stderr)
    assert row.stderr is None or (row.stderr in ran.stderr if row.stderr else ran.stderr == "")
    if row in UNREADABLE:
        assert ran.stdout == ""
        return
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [fits(event, "events") for event in events] == [None] * len(events)
    assert [event["event"] for event in events].count("summary") == 1
    assert events[-1]["event"] == "summary"
    assert events[-1]["exit_code"] == row.code
    assert (events[-1]["error"] is None) is row.json


def test_serve_on_a_port_that_is_taken_fails_with_its_sentence(repository: Repository) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run(repository, "serve", "--port", str(taken.getsockname()[1]))
    assert ran.exit_code == 1
    assert ran.stdout == ""
    assert "Choose another --port" in ran.stderr


def test_show_finds_a_flow_by_its_id(repository: Repository, served: Served) -> None:
    in_step(repository, served)
    assert run(repository, "show", flow_id("A")).exit_code == 0


def test_a_bug_shows_its_traceback(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("flowsync.cli.plan.make_plan", broken)
    repository.flow("a")
    ran = repository.run("plan")
    assert ran.exit_code == 1
    assert isinstance(ran.exception, ZeroDivisionError)


def test_ctrl_c_before_anything_was_started_ends_with_130(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flowsync.cli.plan.make_plan", stopped)
    repository.flow("a")
    ran = repository.run("plan")
    assert ran.exit_code == 130
    assert ran.stdout == ""
    assert ran.stderr.strip() == "error: stopped."

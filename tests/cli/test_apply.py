from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.operations import Operation
from tests.cli.serving import DATABASE, WRITES, Served, embedded, flow_id, parsed, run, statuses
from tests.support import Repository, flow_json

PLAN = "plan.json"


def saved_plan() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(PLAN).read_text())
    return document


def save(repository: Repository, *args: str) -> None:
    assert run(repository, "plan", "--out", PLAN, *args).exit_code == 0


def refused(repository: Repository, *args: str) -> str:
    """Apply, see it refused for safety with nothing written, and give what was said."""
    with embedded() as platform:
        before = platform.list_flows(DOCUMENTED_ACCOUNT)
    ran = run(repository, "apply", "--yes", *args)
    assert ran.exit_code == 6, ran.output
    with embedded() as platform:
        assert platform.list_flows(DOCUMENTED_ACCOUNT) == before
    return ran.stderr


def now() -> dict[str, str]:
    with embedded() as platform:
        return statuses(platform)


# --- saved plans ---


def test_a_saved_plan_is_applied_exactly(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", state="draft")
    save(repository, "a")
    ran = run(repository, "apply", PLAN, "--yes", "--format", "json")
    assert ran.exit_code == 0
    assert parsed(ran)["plan_digest"] == saved_plan()["digest"]
    assert now() == {"A": "PUBLISHED"}


def test_a_saved_plan_can_be_applied_only_once(repository: Repository) -> None:
    repository.flow("a")
    save(repository)
    run(repository, "apply", PLAN, "--yes")
    assert 'a flow named "A" has appeared' in refused(repository, PLAN)


def test_a_saved_plan_without_changes_is_done_at_once(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    save(repository)
    assert run(repository, "apply", PLAN).exit_code == 0


RemoteMove = Callable[[Platform, str], object]

REMOTE_MOVES: dict[str, tuple[RemoteMove, str]] = {
    "renamed": (lambda p, i: p.update_flow(i, name="Hers"), 'name "A" → "Hers"'),
    "published": (lambda p, i: p.publish(i), "status DRAFT → PUBLISHED"),
    "categories": (
        lambda p, i: p.update_flow(i, categories=["SURVEY"]),
        "categories OTHER → SURVEY",
    ),
    "endpoint": (
        lambda p, i: p.update_flow(i, endpoint_uri="https://hers"),
        "endpoint_uri None → https://hers",
    ),
    "content": (
        lambda p, i: p.upload(i, json.dumps(flow_json("Hers")).encode()),
        "Flow JSON",
    ),
    "deleted": (lambda p, i: p.delete(i), "is gone"),
}


@pytest.mark.parametrize("kind", REMOTE_MOVES)
def test_a_plan_is_stale_after_each_kind_of_move_on_the_remote(
    repository: Repository, kind: str
) -> None:
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Mine"), state="draft")
    save(repository)
    move, said = REMOTE_MOVES[kind]
    identifier = flow_id("A")
    with embedded() as platform:
        move(platform, identifier)
    message = refused(repository, PLAN)
    assert f"- a: {said}" in message or f"- a: flow {identifier} {said}" in message
    assert "Run `flowsync plan --out FILE` again." in message


def test_a_plan_is_stale_when_a_flow_that_it_only_listed_has_moved(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", state="deprecated")
    save(repository)
    identifier = flow_id("A")
    with embedded() as platform:
        platform.force_status(identifier, "BLOCKED")
    assert "- a: status PUBLISHED → BLOCKED" in refused(repository, PLAN)


def test_a_plan_is_stale_after_each_kind_of_move_in_the_repository_all_listed(
    repository: Repository,
) -> None:
    for key in "abc":
        repository.flow(key)
    save(repository)
    repository.flow("a", content=flow_json("Other"))
    repository.flow("b", categories=["SURVEY"])
    (repository.root / "flows/c.yaml").unlink()
    repository.flow("d")
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
    message = refused(repository, PLAN)
    for line in (
        "- a: its definition or Flow JSON has changed",
        "- b: its definition or Flow JSON has changed",
        "- c: its definition is gone",
        "- d: its definition is new",
        '- a: a flow named "A" has appeared',
    ):
        assert line in message


def test_a_partial_plan_does_not_mind_new_definitions(repository: Repository) -> None:
    repository.flow("a")
    save(repository, "a")
    repository.flow("b")
    assert run(repository, "apply", PLAN, "--yes").exit_code == 0


def test_a_plan_for_another_target_is_refused(repository: Repository) -> None:
    repository.flow("a")
    repository.config(x={"remote": "emulator"}, local={"remote": "emulator"})
    save(repository, "--target", "local")
    message = refused(repository, PLAN, "--target", "x")
    assert 'the plan was made for target "local"' in message


def test_a_plan_from_a_target_whose_account_was_changed_is_refused(repository: Repository) -> None:
    repository.flow("a")
    save(repository)
    repository.config(local={"remote": "emulator", "account": "200000000000002"})
    assert "not for" in refused(repository, PLAN)


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a step removed": lambda plan: plan["changes"][0]["steps"].pop(),
    "a name": lambda plan: plan["changes"][0].update(name="Other"),
    "another target": lambda plan: plan.update(target="other"),
    "the digest": lambda plan: plan.update(digest="sha256:" + "0" * 64),
    "whole, not partial": lambda plan: plan.update(is_partial=not plan["is_partial"]),
    "an unknown field": lambda plan: plan.update(extra=1),
    "another format": lambda plan: plan.update(format_version="2.0"),
    "a field missing": lambda plan: plan.pop("blocks"),
}


@pytest.mark.parametrize("kind", EDITS)
def test_a_plan_that_was_edited_is_refused(repository: Repository, kind: str) -> None:
    repository.flow("a")
    save(repository)
    document = saved_plan()
    EDITS[kind](document)
    Path(PLAN).write_text(json.dumps(document))
    refused(repository, PLAN)


def test_the_blocks_of_a_saved_plan_cannot_be_edited_away(repository: Repository) -> None:
    repository.config(local={"remote": "emulator", "allow": []})
    repository.flow("a")
    save(repository)
    document = saved_plan()
    assert document["blocks"]
    Path(PLAN).write_text(json.dumps({**document, "blocks": []}))
    refused(repository, PLAN)


@pytest.mark.parametrize(
    "policy",
    [{"allow": []}, {"gates": {"max_deprecate": 0}}, {"protect": ["a"]}],
    ids=["allow", "gate", "protect"],
)
def test_a_policy_that_became_stricter_after_the_plan_counts(
    repository: Repository, policy: dict[str, JsonValue]
) -> None:
    repository.config(local={"remote": "emulator"})
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", state="deprecated")
    save(repository)
    repository.config(local={"remote": "emulator", **policy})
    refused(repository, PLAN)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "[" * 10_000, "\udcff", '{"format_version": "1.0"}']
)
def test_what_is_no_plan_is_refused(repository: Repository, text: str) -> None:
    repository.flow("a")
    Path(PLAN).write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(repository, PLAN)


def test_a_plan_in_a_file_of_another_name_is_taken(repository: Repository) -> None:
    repository.flow("a")
    save(repository)
    Path(PLAN).rename("saved")
    assert run(repository, "apply", "saved", "--yes").exit_code == 0


@pytest.mark.parametrize("option", ["--allow-empty-remote", "--stop-before=publish"])
def test_options_of_plan_do_not_change_a_saved_plan(repository: Repository, option: str) -> None:
    repository.flow("a")
    save(repository)
    ran = run(repository, "apply", PLAN, option, "--yes")
    assert ran.exit_code == 64
    assert "a saved plan is applied as it is" in ran.stderr


def test_the_digest_that_was_reviewed_is_the_one_that_is_applied(repository: Repository) -> None:
    repository.flow("a")
    digest = parsed(run(repository, "plan", "--format", "json"))["digest"]
    repository.flow("a", content=flow_json("Slipped in"))
    assert "is no longer what was reviewed" in refused(repository, "--expect-digest", digest)
    assert "was not given whole" in refused(repository, "--expect-digest", digest[:20])
    repository.flow("a")
    assert run(repository, "apply", "--yes", "--expect-digest", digest).exit_code == 0


# --- consent, gates, protection ---


def test_each_one_way_step_needs_its_own_consent(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", state="draft")
    run(repository, "apply", "--yes")
    repository.config(local={"remote": "emulator", "allow": []})
    repository.flow("a", state="deprecated")
    repository.flow("b", state="absent")
    repository.flow("c")
    message = refused(repository)
    for step in ("publish", "deprecate", "delete"):
        assert f"--allow {step}" in message
    message = refused(repository, "--allow", "publish, deprecate")
    assert "--allow delete" in message
    assert "--allow publish" not in message
    allowed = run(repository, "apply", "--yes", "--allow", "publish,deprecate,delete")
    assert "Apply will refuse" not in allowed.stdout
    assert allowed.exit_code == 0
    assert now() == {"A": "DEPRECATED", "C": "PUBLISHED"}


def test_a_gate_is_passed_by_name_and_number_only(repository: Repository) -> None:
    repository.config(local={"remote": "emulator", "gates": {"max_publish": 1}})
    for key in "abc":
        repository.flow(key)
    assert "--accept-gate max_publish=3" in refused(repository)
    refused(repository, "--accept-gate", "max_publish=2")
    refused(repository, "--accept-gate", "max_delete=3")
    refused(repository, "--allow", "publish")
    assert run(repository, "apply", "--yes", "--accept-gate", "max_publish=3").exit_code == 0


def test_the_share_of_removed_flows_is_a_gate_from_ten_flows_up(repository: Repository) -> None:
    keys = [f"f{number}" for number in range(10)]
    for key in keys:
        repository.flow(key)
    assert run(repository, "apply", "--yes").exit_code == 0
    for key in keys[:4]:
        repository.flow(key, state="deprecated")
    message = refused(repository)
    assert "4 flows of 10 (40 %)" in message
    assert "--accept-gate max_changed_percent=40" in message
    ran = run(repository, "apply", "--yes", "--accept-gate", "max_changed_percent=40")
    assert ran.exit_code == 0


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("max_publsh=1", 'Did you mean "max_publish"?'),
        ("x=1", "Use one of max_publish"),
        ("max_publish", "write it as max_publish=NUMBER"),
        ("max_publish=many", "write it as max_publish=NUMBER"),
        ("max_publish=inf", "write it as max_publish=NUMBER"),
        ("max_publish=nan", "write it as max_publish=NUMBER"),
    ],
)
def test_a_gate_that_is_no_gate_or_number_is_wrong_usage(
    repository: Repository, gate: str, said: str
) -> None:
    repository.flow("a")
    ran = run(repository, "apply", "--yes", "--accept-gate", gate)
    assert ran.exit_code == 64
    assert said in " ".join(ran.stderr.split())
    assert not DATABASE.exists()


@pytest.mark.parametrize("step", ["depricate", "everything"])
def test_an_unknown_one_way_step_is_wrong_usage(repository: Repository, step: str) -> None:
    repository.flow("a")
    ran = run(repository, "apply", "--yes", "--allow", step)
    assert ran.exit_code == 64
    assert "deprecate" in ran.stderr


@pytest.mark.parametrize(
    "extra", [(), ("--allow", "deprecate,delete"), ("--accept-gate", "max_deprecate=9")]
)
def test_nothing_on_the_command_line_overrides_a_protection(
    repository: Repository, extra: tuple[str, ...]
) -> None:
    repository.flow("checkout-a")
    run(repository, "apply", "--yes")
    repository.config(local={"remote": "emulator", "protect": ["checkout-*"]})
    repository.flow("checkout-a", state="deprecated")
    assert "checkout-a is protected by the target's `protect` list" in refused(repository, *extra)


# --- asking ---


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person at a terminal, as far as stdin goes."""
    monkeypatch.setattr(
        "click.testing._NamedTextIOWrapper.isatty",
        lambda stream: stream.name == "<stdin>",
        raising=False,
    )


def test_without_a_terminal_and_yes_nothing_is_written(repository: Repository) -> None:
    repository.flow("a")
    ran = repository.run("apply", input="yes\n")
    assert ran.exit_code == 6
    assert "there is no terminal to ask on" in ran.stderr
    assert now() == {}


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("answer", ["no\n", "y\n", "YES\n", "\n"])
def test_only_yes_is_taken_for_yes(repository: Repository, answer: str) -> None:
    repository.flow("a")
    ran = repository.run("apply", input=answer)
    assert ran.exit_code == 6
    assert "the plan was declined" in ran.stderr
    assert now() == {}


@pytest.mark.usefixtures("terminal")
def test_yes_applies_and_json_shows_the_plan_on_stderr(repository: Repository) -> None:
    repository.flow("a")
    ran = repository.run("apply", "--format", "json", input="yes\n")
    assert ran.exit_code == 0
    assert parsed(ran)["summary"]["applied"] == 1
    assert "1 to create" in ran.stderr
    assert "Apply this plan to" in ran.stderr


@pytest.mark.usefixtures("terminal")
def test_the_end_of_input_at_the_question_ends_with_130(repository: Repository) -> None:
    repository.flow("a")
    ran = repository.run("apply", input="")
    assert ran.exit_code == 130
    assert "nothing was written: stopped at the question." in ran.stderr
    assert now() == {}


def test_progress_redraws_itself_where_a_person_watches(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "click.testing._NamedTextIOWrapper.isatty",
        lambda stream: stream.name == "<stderr>",
        raising=False,
    )
    monkeypatch.setenv("TERM", "xterm")
    repository.flow("a")
    repository.flow("b")
    ran = repository.run("apply", "--yes")
    assert ran.exit_code == 0
    assert "2 applied" in ran.stdout
    assert repository.run("apply", "--yes", env={"CI": "1"}).exit_code == 0


# --- carrying out ---


def test_stop_before_publish_uploads_only(repository: Repository) -> None:
    repository.flow("a")
    assert run(repository, "apply", "--yes", "--stop-before", "publish").exit_code == 0
    assert now() == {"A": "DRAFT"}
    assert run(repository, "apply", "--yes", "--stop-before", "publish").exit_code == 0
    assert run(repository, "apply", "--yes").exit_code == 0
    assert now() == {"A": "PUBLISHED"}


def test_a_conflict_lets_the_other_flows_go_on(repository: Repository) -> None:
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    repository.flow("a", state="deprecated")
    repository.flow("b")
    repository.flow("c", clone_from="nobody")
    ran = run(repository, "apply", "--yes", "--format", "json")
    assert ran.exit_code == 4
    outcome = parsed(ran)
    assert {flow["key"]: flow["result"] for flow in outcome["flows"]} == {
        "a": "conflict",
        "b": "applied",
        "c": "conflict",
    }
    assert outcome["exit_code"] == 4
    assert all(flow["message"] for flow in outcome["flows"] if flow["result"] == "conflict")
    assert now() == {"A": "DRAFT", "B": "PUBLISHED"}


def test_an_empty_remote_is_filled_again_only_when_that_is_meant(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    run(repository, "plan")
    DATABASE.unlink()
    assert "--allow-empty-remote" in refused(repository)
    assert run(repository, "apply", "--yes", "--allow-empty-remote").exit_code == 0
    assert now() == {"A": "PUBLISHED"}


def test_keys_choose_what_is_applied(repository: Repository) -> None:
    for key in ("a", "b", "b2"):
        repository.flow(key)
    assert run(repository, "apply", "b*", "--yes").exit_code == 0
    assert sorted(now()) == ["B", "B2"]


def test_a_doubtful_listing_applies_nothing(repository: Repository, served: Served) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    served.emulated.faults.add("list:no-data")
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 5
    assert not [operation for operation in served.operations if operation in WRITES]


def test_a_journal_that_cannot_be_written_stops_apply_before_the_first_write(
    repository: Repository,
) -> None:
    repository.flow("a")
    Path(".flowsync").mkdir()
    Path(".flowsync/journal").write_text("a file where the folder should be")
    assert "cannot be written" in refused(repository)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_lets_the_step_in_flight_end_and_a_second_run_finishes(
    repository: Repository, served: Served, number: signal.Signals, code: int
) -> None:
    repository.config(staging=served.target())
    for key in "abc":
        repository.flow(key)
    before = signal.getsignal(number)

    def send_signal(operation: Operation) -> None:
        if operation is Operation.CREATE:
            os.kill(os.getpid(), number)

    served.on_request = send_signal
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == code
    assert "steps in flight are finished" in ran.stderr
    assert signal.getsignal(number) is before
    assert statuses(served.platform) == {"A": "DRAFT"}
    (journal,) = parsed(run(repository, "journal", "--format", "json"))
    assert journal["is_finished"] is True
    assert journal["unfinished_writes"] == []
    served.on_request = lambda operation: None
    assert run(repository, "apply", "--yes").exit_code == 0
    assert set(statuses(served.platform).values()) == {"PUBLISHED"}
    assert len(statuses(served.platform)) == 3


def test_json_after_sigterm_is_still_the_outcome(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target())
    for key in "ab":
        repository.flow(key)

    def send_signal(operation: Operation) -> None:
        if operation is Operation.CREATE:
            os.kill(os.getpid(), signal.SIGTERM)

    served.on_request = send_signal
    ran = run(repository, "apply", "--yes", "--format", "json")
    assert ran.exit_code == 143
    assert parsed(ran)["exit_code"] == 143
    assert parsed(ran)["stopped_early"] is True


def test_ctrl_c_ends_the_wait_for_the_hourly_limit(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target(limits={"parallelism": 1, "requests_per_hour": 4}))
    repository.flow("a")

    def send_signal(operation: Operation) -> None:
        if operation is Operation.CREATE:
            os.kill(os.getpid(), signal.SIGINT)

    served.on_request = send_signal
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 130
    assert "the account is called too often" in ran.stderr
    repository.config(staging=served.target())
    served.on_request = lambda operation: None
    assert run(repository, "apply", "--yes").exit_code == 0
    assert statuses(served.platform) == {"A": "PUBLISHED"}

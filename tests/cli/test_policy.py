"""Rules of flowsync.yaml in plan, apply and restore, on the built-in emulator."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from flowsync.model import JsonValue
from tests.cli.serving import DATABASE, embedded, parsed, run, statuses
from tests.support import Repository, flow_json

WORKING = datetime(2026, 2, 5, 10, 0, tzinfo=timezone.utc)  # a Thursday
EVENING = datetime(2026, 2, 5, 19, 14, tzinfo=timezone.utc)
HOURS: dict[str, JsonValue] = {"hours": "outside 08-18", "timezone": "Europe/Berlin"}

Clock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set what time it is; a working hour at first."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr("flowsync.cli.clock.now", lambda: moment)

    put(WORKING)
    return put


def rules(*entries: JsonValue, **targets: JsonValue) -> None:
    """Write flowsync.yaml with these rules, and the emulator as target `local`."""
    config = {
        "version": 1,
        "default_target": "local",
        "targets": {"local": {"remote": "emulator"}, **targets},
        "policy": list(entries),
    }
    Path("flowsync.yaml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")


def there() -> dict[str, str]:
    with embedded() as platform:
        return statuses(platform)


def test_what_a_rule_denies_is_shown_whole_and_not_applied(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", state="draft")
    rules(
        {"id": "freeze", "deny": "publish", "message": "We are away"},
        {"deny": "create", "when": {"key": "b"}},
    )
    ran = run(repository, "plan")
    assert ran.exit_code == 6
    assert 'The policy denies publish of a (rule 1 "freeze"): We are away.\n' in ran.stdout
    assert "The policy denies create of b (rule 2): flowsync.yaml denies create when key is b." in (
        ran.stdout
    )
    assert "No option lets it pass" in ran.stdout
    assert "Plan: 2 to create." in ran.stdout
    ran = run(repository, "apply", "--yes", "--allow", "publish")
    assert ran.exit_code == 6
    assert "nothing was written" in ran.stderr
    assert 'the policy denies publish of a (rule 1 "freeze"): We are away.' in ran.stderr
    assert "the policy denies create of b (rule 2)" in ran.stderr
    assert there() == {}


def test_a_rule_does_not_touch_other_flows_steps_and_targets(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", state="draft")
    rules(
        {"deny": "any", "when": {"target": "other"}},
        {"deny": "publish", "when": {"key": "b"}},
        {"deny": "delete"},
        other={"remote": "emulator", "database": ".flowsync/other.db"},
    )
    assert run(repository, "plan").exit_code == 0
    assert run(repository, "plan", "--target", "other").exit_code == 6
    assert run(repository, "apply", "--yes").exit_code == 0
    assert there() == {"A": "PUBLISHED", "B": "DRAFT"}


def test_leaving_the_denied_flow_out_lets_the_others_pass(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", categories=["SURVEY"])
    rules({"deny": "publish", "when": {"category": "SURVEY"}})
    assert run(repository, "plan").exit_code == 6
    assert run(repository, "plan", "a").exit_code == 0
    assert run(repository, "plan", "--stop-before", "publish").exit_code == 0
    assert run(repository, "apply", "a", "--yes").exit_code == 0
    assert there() == {"A": "PUBLISHED"}


def test_a_conflict_and_a_doubtful_listing_come_before_a_denial(repository: Repository) -> None:
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    repository.flow("a", state="deprecated")
    repository.flow("b")
    rules({"deny": "any"})
    assert run(repository, "plan").exit_code == 3
    assert run(repository, "plan", "b", "--detailed-exitcode").exit_code == 6


def test_a_warning_is_shown_and_changes_nothing(repository: Repository) -> None:
    repository.flow("a")
    rules({"warn": "one-way", "when": {"category": "OTHER"}, "message": "Look twice."})
    ran = run(repository, "plan", "--detailed-exitcode")
    assert ran.exit_code == 2
    assert "The policy warns of one-way steps of a (rule 1): Look twice." in ran.stdout
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0
    assert "Look twice." in ran.stdout


def test_a_rule_about_the_time_fails_no_plan_and_stops_an_apply(
    repository: Repository, clock: Clock
) -> None:
    repository.flow("a")
    rules({"deny": "publish", "when": HOURS})
    clock(EVENING)
    ran = run(repository, "plan")
    assert ran.exit_code == 0
    assert "The policy would deny now publish of a (rule 1)" in ran.stdout
    assert "It is Thu 20:14 (Europe/Berlin)." in ran.stdout
    assert "It passes from Fri 2026-02-06 08:00 (Europe/Berlin) on." in ran.stdout
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 6
    assert "It is Thu 20:14 (Europe/Berlin)." in ran.stderr
    assert there() == {}
    clock(WORKING)
    assert run(repository, "apply", "--yes").exit_code == 0
    assert there() == {"A": "PUBLISHED"}


def test_a_saved_plan_is_judged_by_the_rules_and_the_time_of_the_apply(
    repository: Repository, clock: Clock
) -> None:
    repository.flow("a")
    rules({"deny": "publish", "when": HOURS})
    clock(EVENING)
    assert run(repository, "plan", "--out", "evening.json").exit_code == 0
    clock(WORKING)
    assert run(repository, "plan", "--out", "day.json").exit_code == 0
    digests = {
        json.loads(Path(f"{name}.json").read_text())["digest"] for name in ("evening", "day")
    }
    assert len(digests) == 1
    clock(EVENING)
    ran = run(repository, "apply", "day.json", "--yes")
    assert ran.exit_code == 6
    assert "would deny now" in ran.stdout
    assert there() == {}
    clock(WORKING)
    ran = run(repository, "apply", "evening.json", "--yes")
    assert ran.exit_code == 0
    assert "deny" not in ran.stdout
    assert there() == {"A": "PUBLISHED"}


def test_a_rule_that_came_after_a_saved_plan_stops_it(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "plan", "--out", "plan.json")
    rules({"deny": "publish", "id": "later"})
    ran = run(repository, "apply", "plan.json", "--yes")
    assert ran.exit_code == 6
    assert "later" in ran.stderr
    assert there() == {}


def test_an_answer_that_comes_when_the_hour_has_struck_is_too_late(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    repository.flow("a")
    rules({"deny": "publish", "when": HOURS})

    def answer(*args: object, **kwargs: object) -> str:
        clock(WORKING + timedelta(hours=12))
        return "yes"

    monkeypatch.setattr("flowsync.cli.applying.is_interactive", lambda: True)
    monkeypatch.setattr("click.prompt", answer)
    ran = run(repository, "apply")
    assert ran.exit_code == 6
    assert "the policy denies publish of a" in ran.stderr
    assert there() == {}


def test_a_restore_is_judged_too(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Other"))
    run(repository, "apply", "--yes")
    rules({"deny": "upload"})
    ran = run(repository, "restore", "a", "--yes")
    assert ran.exit_code == 6
    assert "the policy denies upload of a" in ran.stderr


def test_json_holds_what_the_policy_says(repository: Repository, clock: Clock) -> None:
    repository.flow("a")
    rules({"deny": "publish", "when": HOURS, "id": "hours"}, {"warn": "any"})
    clock(EVENING)
    ran = run(repository, "plan", "--format", "json")
    assert ran.exit_code == 0
    timed, warning = parsed(ran)["policy"]
    assert (timed["effect"], timed["id"], timed["key"]) == ("deny", "hours", "a")
    assert (timed["words"], timed["is_timed"]) == (["publish"], True)
    assert (warning["effect"], warning["number"], warning["way_out"]) == ("warn", 2, "")


def test_a_wrong_rule_stops_every_command_at_its_place(repository: Repository) -> None:
    repository.flow("a")
    rules({"deny": "publish", "when": {"hours": "8am"}})
    for command in (["validate"], ["plan"], ["apply", "--yes"]):
        ran = run(repository, *command)
        assert ran.exit_code == 3
        assert 'flowsync.yaml:9:12: "8am" are no hours.' in ran.output
    assert not DATABASE.exists()

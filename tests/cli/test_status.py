from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest

from flowsync.assets import schema_text
from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.render.ci_commands import MARKS_OF_CI
from tests.cli.serving import embedded, flow_id, parsed, run
from tests.support import Repository


def test_status_health_version_and_what_is_missing_are_shown(repository: Repository) -> None:
    for key in ("a", "b"):
        repository.flow(key)
    run(repository, "apply", "--yes")
    repository.flow("new")
    with embedded() as platform:
        platform.force_status(flow_id("A"), "THROTTLED")
    ran = run(repository, "status")
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert lines[0].split() == ["a", "THROTTLED", "Flow", "JSON", "7.3:", "accepted"]
    assert lines[1].strip() == "FLOW is LIMITED"
    assert "The flow is throttled" in lines[2]
    assert lines[3].startswith("b    PUBLISHED")
    assert "not on the remote yet" in lines[4]
    assert lines[5] == "3 flows, 1 with something wrong."

    document = parsed(run(repository, "status", "--format", "json", "--fail-on", "throttled"))
    jsonschema.validate(document, json.loads(schema_text("status")))
    first, second, new = document["flows"]
    assert (first["status"], first["fails_on"], second["fails_on"]) == (
        "THROTTLED",
        ["throttled"],
        [],
    )
    assert first["health"][0]["can_send"] == "LIMITED"
    assert (second["has_same_content"], new["id"], new["version"]) == (True, None, None)


def test_fail_on_names_each_flow_and_condition_and_changes_no_output(
    repository: Repository,
) -> None:
    for key in ("a", "b"):
        repository.flow(key)
    run(repository, "apply", "--yes")
    with embedded() as platform:
        platform.force_status(flow_id("A"), "BLOCKED")
    shown = run(repository, "status")
    ran = run(repository, "status", "--fail-on", "throttled,blocked", "--fail-on", "unhealthy")
    assert (ran.exit_code, ran.stdout) == (4, shown.stdout)
    assert ran.stderr == "a fails on blocked\na fails on unhealthy\n"
    assert run(repository, "status", "b", "--fail-on", "blocked").exit_code == 0


def test_errors_of_the_platform_stand_at_their_place_in_the_file(repository: Repository) -> None:
    content: JsonValue = {"version": "7.3", "screens": []}
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    repository.flow("a", state="draft", content=content)
    with embedded() as platform:
        platform.upload(flow_id("A"), json.dumps(content).encode())
    ran = run(repository, "status", "--fail-on", "errors")
    assert ran.exit_code == 4
    assert "in this Flow JSON, which is the repository's" in ran.stdout
    assert "flows/a.json:" in ran.stdout
    assert DOCUMENTED_ACCOUNT not in ran.stdout


# --- preview links ---


def test_preview_links_come_with_their_last_day_and_only_on_request(
    repository: Repository,
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("new")
    plain = run(repository, "status")
    assert "preview" not in plain.stdout + plain.stderr
    assert all("preview" not in flow for flow in document(repository)["flows"])
    ran = run(repository, "status", "--preview-links")
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert re.match(r"    preview until 20\d\d-\d\d-\d\d: https://preview\.emulated", lines[1])
    assert lines[2].startswith("new")
    assert "Whoever has a preview link can see the flow" in ran.stderr

    shown = document(repository, "--preview-links")
    jsonschema.validate(shown, json.loads(schema_text("status")))
    first, new = shown["flows"]
    expires = datetime.fromisoformat(first["preview"]["expires_at"])
    assert timedelta(0) < expires - datetime.now(timezone.utc) <= timedelta(days=30)
    assert first["preview"]["url"].startswith("https://preview.emulated.example/")
    assert new["preview"] == {"url": None, "expires_at": None, "reason": ""}


def document(repository: Repository, *args: str) -> Any:
    return parsed(run(repository, "status", "--format", "json", *args))


@pytest.mark.parametrize("mark", MARKS_OF_CI)
def test_preview_links_are_refused_in_ci(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    repository.flow("a")
    monkeypatch.setenv(mark, "true")
    ran = run(repository, "status", "--preview-links")
    assert (ran.exit_code, ran.stdout) == (64, "")
    assert "a job's log may be public" in ran.stderr


def test_a_preview_link_that_works_no_more_is_said_and_not_shown(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    later = datetime.now(timezone.utc) + timedelta(days=31)
    monkeypatch.setattr("flowsync.cli.clock.now", lambda: later)
    ran = run(repository, "status", "--preview-links")
    assert re.search(r"no preview link: the one .* expired on 20\d\d-\d\d-\d\d\.", ran.stdout)
    assert "https://" not in ran.stdout
    assert "Whoever has" not in ran.stderr
    (flow,) = document(repository, "--preview-links")["flows"]
    assert flow["preview"]["url"] is None
    assert "expired on" in flow["preview"]["reason"]


def test_why_there_is_no_preview_link_is_said(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    # the details are read for the report first, and then the link
    repository.config(local={"remote": "emulator", "faults": ["get@2:forbidden"]})
    ran = run(repository, "status", "--preview-links")
    assert "    no preview link: " in ran.stdout
    assert "https://" not in ran.stdout
    assert "Whoever has" not in ran.stderr

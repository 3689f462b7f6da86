"""Whence a change comes: the repository, the remote or both, in plans and applies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import DATABASE, embedded, parsed, run
from tests.git_repository import commit
from tests.support import Repository, flow_json

NOTED = Path(".flowsync/applied/local.json")


@pytest.fixture
def applied(repository: Repository) -> Repository:
    """A repository of a published flow and a draft, applied, and committed as v1."""
    repository.flow("a")
    repository.flow("b", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    commit("v1")
    return repository


def in_the_console(
    name: str,
    *,
    content: JsonValue = None,
    categories: tuple[str, ...] = (),
    is_deleted: bool = False,
) -> None:
    """Edit a flow as somebody does in WhatsApp Manager, beside flowsync."""
    with embedded() as platform:
        flow = next(one for one in platform.list_flows(DOCUMENTED_ACCOUNT) if one.name == name)
        if content is not None:
            platform.upload(flow.id, json.dumps(content).encode())
        if categories:
            platform.update_flow(flow.id, categories=categories)
        if is_deleted:
            platform.delete(flow.id)


def change(repository: Repository, key: str, *args: str, exit_code: int = 0) -> dict[str, Any]:
    ran = run(repository, "plan", "--no-rehearse", "--format", "json", *args)
    assert ran.exit_code == exit_code, ran.output
    return next(one for one in parsed(ran)["changes"] if one["key"] == key)


# --- as noted here ---


def test_an_edit_of_the_files_comes_from_the_repository(applied: Repository) -> None:
    applied.flow("a", content=flow_json("Mail"))
    found = change(applied, "a")
    assert found["origin"] == "repository"
    assert {field["name"]: field["origin"] for field in found["fields"]} == {
        "flow_json": "repository"
    }


def test_an_edit_in_the_console_comes_from_the_remote(applied: Repository) -> None:
    in_the_console("A", content=flow_json("Console"))
    assert change(applied, "a")["origin"] == "remote"
    shown = run(applied, "plan")
    assert (
        "from the remote: changed there since both sides last agreed, and not here" in shown.stdout
    )
    assert "1 flow changed on the remote since both sides last agreed." in shown.stdout


def test_an_edit_on_both_sides_is_a_conflict_that_writes_nothing(applied: Repository) -> None:
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("A", content=flow_json("Console"))
    found = change(applied, "a", exit_code=3)
    assert (found["action"], found["origin"], found["steps"]) == ("conflict", "both", [])
    assert "flow_json in the repository, flow_json on the remote" in found["conflict"]
    assert "flowsync import a --force" in found["way_out"]
    before = DATABASE.read_bytes()
    assert run(applied, "apply", "--yes").exit_code == 4
    assert DATABASE.read_bytes() == before


def test_the_rest_is_applied_beside_a_conflict(applied: Repository) -> None:
    for key, state in (("a", "published"), ("b", "draft")):
        applied.flow(key, state=state, content=flow_json("Mail"))
    in_the_console("A", content=flow_json("Console"))
    ran = run(applied, "apply", "--yes", "--format", "json")
    assert ran.exit_code == 4
    assert {one["key"]: one["result"] for one in parsed(ran)["flows"]} == {
        "a": "conflict",
        "b": "applied",
    }


def test_different_fields_on_each_side_are_a_conflict_too(applied: Repository) -> None:
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("A", categories=("SURVEY",))
    found = change(applied, "a", exit_code=3)
    assert "flow_json in the repository, categories on the remote" in found["conflict"]


def test_the_same_edit_on_both_sides_is_none(applied: Repository) -> None:
    applied.flow("b", state="draft", content=flow_json("Mail"))
    in_the_console("B", content=flow_json("Mail"))
    assert change(applied, "b")["action"] == "none"
    applied.flow("b", state="draft", content=flow_json("Other"))
    assert change(applied, "b")["origin"] == "repository"


def test_the_repository_is_written_over_the_remote_where_it_is_preferred(
    applied: Repository,
) -> None:
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("A", content=flow_json("Console"))
    found = change(applied, "a", "--prefer", "repository")
    assert (found["action"], found["origin"]) == ("update", "both")
    assert "the repository is preferred, as asked" in found["warnings"][-1]
    assert run(applied, "apply", "--yes", "--prefer", "repository").exit_code == 0
    assert change(applied, "a")["action"] == "none"


def test_an_import_settles_a_conflict(applied: Repository) -> None:
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("A", content=flow_json("Console"))
    assert run(applied, "import", "a").exit_code == 6  # only shown
    change(applied, "a", exit_code=3)
    assert run(applied, "import", "a", "--force").exit_code == 0
    applied.flow("a", content=flow_json("Mail"))
    assert change(applied, "a")["origin"] == "repository"


def test_a_draft_that_was_edited_on_the_remote_is_not_deleted_unasked(applied: Repository) -> None:
    applied.flow("b", state="absent")
    assert change(applied, "b")["origin"] == "repository"
    in_the_console("B", content=flow_json("Console"))
    found = change(applied, "b", exit_code=3)
    assert "its state in the repository, its content on the remote" in found["conflict"]
    assert change(applied, "b", "--prefer", "repository")["action"] == "delete"


def test_a_flow_that_somebody_deleted_comes_from_the_remote(applied: Repository) -> None:
    in_the_console("B", is_deleted=True)
    assert change(applied, "b")["origin"] == "remote"
    applied.flow("b", state="draft", content=flow_json("Mail"))
    found = change(applied, "b")  # nothing of anybody would be written over
    assert (found["action"], found["origin"]) == ("create", "repository")


def test_a_publish_that_is_asked_for_comes_from_the_repository(applied: Repository) -> None:
    applied.flow("b")
    found = change(applied, "b")
    assert (found["action"], found["origin"]) == ("publish", "repository")


def test_where_nothing_is_noted_nothing_is_claimed(applied: Repository) -> None:
    NOTED.unlink()
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("A", content=flow_json("Console"))
    found = change(applied, "a")
    assert (found["action"], found["origin"]) == ("update", None)
    assert "where it comes from is not known" in run(applied, "plan", "--why", "a").stdout


@pytest.mark.parametrize("text", ["", "[]", '{"account": "1"}', '{"flows": 3}', "\0", "[" * 9999])
def test_a_broken_note_is_no_note(applied: Repository, text: str) -> None:
    NOTED.write_text(text)
    applied.flow("a", content=flow_json("Mail"))
    assert change(applied, "a")["origin"] is None


def test_notes_hold_digests_only(applied: Repository) -> None:
    text = NOTED.read_text()
    for told in ('"A"', "OTHER", "E-mail", "CONTACT"):
        assert told not in text
    assert NOTED.stat().st_mode & 0o077 == 0


def test_a_plan_notes_what_it_finds_in_step(applied: Repository) -> None:
    NOTED.unlink()
    assert run(applied, "plan").exit_code == 0
    in_the_console("A", content=flow_json("Console"))
    assert change(applied, "a")["origin"] == "remote"


def test_only_drift_chooses_what_was_changed_on_the_remote(applied: Repository) -> None:
    applied.flow("a", content=flow_json("Mail"))
    in_the_console("B", content=flow_json("Console"))
    ran = run(applied, "plan", "--only-drift", "--format", "json")
    assert [one["key"] for one in parsed(ran)["changes"]] == ["b"]
    assert run(applied, "apply", "--yes", "--only-drift").exit_code == 0
    none = run(applied, "plan", "--only-drift")
    assert "no flow was changed on the remote since both sides last agreed" in none.stderr
    assert change(applied, "a")["action"] == "update"
    assert change(applied, "b")["action"] == "none"


def test_only_drift_needs_to_know_what_is_drift(applied: Repository) -> None:
    NOTED.unlink()
    ran = run(applied, "plan", "--only-drift")
    assert ran.exit_code == 64
    assert "--base REV" in ran.stderr


def test_what_another_machine_applied_from_the_same_repository_is_no_conflict(
    applied: Repository,
) -> None:
    applied.flow("a", content=flow_json("Theirs"))
    commit("v2")
    in_the_console("A", content=flow_json("Theirs"))  # applied there, so nothing is noted here
    applied.flow("a", content=flow_json("Ours"))
    assert change(applied, "a")["origin"] == "repository"


def test_what_an_apply_left_half_done_is_nobody_elses_edit(applied: Repository) -> None:
    applied.config(local={"remote": "emulator", "faults": ["publish:forbidden"]})
    applied.flow("a", content=flow_json("Second"))
    assert run(applied, "apply", "--yes").exit_code == 4
    applied.config(local={"remote": "emulator"})
    assert change(applied, "a")["origin"] == "repository"  # uploaded, and not yet published
    applied.flow("a", content=flow_json("Third"))
    assert change(applied, "a")["origin"] == "repository"
    in_the_console("A", content=flow_json("Console"))
    assert change(applied, "a", exit_code=3)["origin"] == "both"


# --- as of a revision ---


@pytest.fixture
def in_ci(applied: Repository) -> Repository:
    """The same, where nothing is kept of earlier runs."""
    NOTED.unlink()
    return applied


@pytest.mark.parametrize("side", ["repository", "remote", "both"])
def test_a_revision_tells_the_sides_apart(in_ci: Repository, side: str) -> None:
    if side != "remote":
        in_ci.flow("a", content=flow_json("Mail"))
        commit("v2")
    if side != "repository":
        in_the_console("A", content=flow_json("Console"))
    found = change(in_ci, "a", "--base", "v1", exit_code=3 if side == "both" else 0)
    assert found["origin"] == side
    shown = run(in_ci, "plan", "--base", "v1")
    assert ("since v1 (" in shown.stdout) is (side != "repository")


def test_what_a_failed_apply_left_behind_is_no_drift(in_ci: Repository) -> None:
    """v2 was never applied, so the remote still has what v1 asked for."""
    in_ci.flow("a", content=flow_json("Second"))
    commit("v2")
    assert change(in_ci, "a", "--base", "v2")["origin"] == "repository"
    in_ci.flow("a", content=flow_json("Third"))
    assert change(in_ci, "a", "--base", "v2")["origin"] == "repository"


def test_a_definition_that_moved_is_found_by_its_name(in_ci: Repository) -> None:
    for ending in ("yaml", "json"):
        Path(f"flows/a.{ending}").rename(f"flows/moved.{ending}")
    file = Path("flows/moved.yaml")
    file.write_text(file.read_text().replace("a.json", "moved.json"))
    in_the_console("A", content=flow_json("Console"))
    assert change(in_ci, "moved", "--base", "v1")["origin"] == "remote"


def test_a_new_definition_that_adopts_a_flow_is_the_repositorys(in_ci: Repository) -> None:
    commit("v2")
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="New", categories=["SURVEY"])
    in_ci.flow("new", state="draft")
    assert change(in_ci, "new", "--base", "v2")["origin"] == "repository"


def test_an_unknown_revision_is_said(in_ci: Repository) -> None:
    ran = run(in_ci, "plan", "--base", "v11")
    assert ran.exit_code == 64
    assert 'git knows no commit "v11". Did you mean "v1"?' in ran.stderr


def test_a_saved_plan_takes_no_other_base(in_ci: Repository) -> None:
    assert run(in_ci, "plan", "--out", "plan.json").exit_code == 0
    ran = run(in_ci, "apply", "plan.json", "--yes", "--prefer", "repository")
    assert ran.exit_code == 64
    assert "--prefer" in ran.stderr


# --- in every output ---


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("text", "from the remote: changed there"),
        ("markdown", "**the remote**"),
        ("github", "from the remote"),
        ("jsonl", '"origin": "remote"'),
        ("html", "from the remote"),
        ("sarif", "plan-drift"),
        ("junit", "from the remote"),
    ],
)
def test_every_output_says_where_a_change_comes_from(
    applied: Repository, shown: str, said: str
) -> None:
    in_the_console("A", content=flow_json("Console"))
    if shown in {"html", "sarif", "junit"}:
        run(applied, "plan", "--report", f"{shown}=report")
        text = Path("report").read_text()
    else:
        text = run(applied, "plan", "--format", shown).stdout
    assert said in text


def test_the_digest_of_a_plan_does_not_depend_on_where_its_changes_come_from(
    in_ci: Repository,
) -> None:
    in_the_console("A", content=flow_json("Console"))
    without, with_base = (
        parsed(run(in_ci, "plan", "--format", "json", *args))["digest"]
        for args in ((), ("--base", "v1"))
    )
    assert without == with_base

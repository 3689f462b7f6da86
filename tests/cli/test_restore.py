"""`flowsync restore`: what was written over comes back through a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.serving import Served, embedded, flow_id, parsed, run
from tests.support import TOKEN, Repository, flow_json


@pytest.fixture
def edited(repository: Repository) -> Repository:
    """A repository whose one flow was published, then edited and published again."""
    repository.flow("booking")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("booking", content=flow_json("Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


def content(name: str = "Booking") -> object:
    with embedded() as platform:
        return platform.get_flow(flow_id(name)).content


def test_backups_are_listed_with_what_they_are_of(edited: Repository) -> None:
    ran = run(edited, "restore")
    assert ran.exit_code == 0
    assert f'booking: "Booking" (id {flow_id("Booking")}), PUBLISHED, before upload' in ran.stdout
    (entry,) = parsed(run(edited, "restore", "--format", "json"))
    assert entry["flow"]["name"] == "Booking"
    assert "flow_json" not in entry


def test_nothing_kept_is_said(repository: Repository) -> None:
    assert run(repository, "restore").stdout == "Nothing was written over yet.\n"


@pytest.mark.parametrize("word", ["booking", "Booking", "id", "name"])
def test_a_flow_is_put_back_through_a_plan(edited: Repository, word: str) -> None:
    (entry,) = parsed(run(edited, "restore", "--format", "json"))
    what = {"id": entry["flow"]["id"], "name": entry["name"]}.get(word, word)
    ran = run(edited, "restore", what, "--yes")
    assert ran.exit_code == 0
    assert 'label "Mail" → "E-mail"' in ran.stdout
    assert "steps: upload → publish (one-way)" in ran.stdout
    assert "no definition" not in ran.stdout
    assert content() == flow_json()
    assert "the next apply makes the flow what they ask for" in ran.stderr
    assert len(parsed(run(edited, "restore", "--format", "json"))) == 2


def test_nothing_is_said_to_be_put_back_where_nothing_was(edited: Repository) -> None:
    edited.flow("booking", state="deprecated")
    assert run(edited, "apply", "--yes", "--allow", "deprecate").exit_code == 0
    ran = run(edited, "restore", "booking", "--yes")
    assert ran.exit_code == 4
    assert "the next apply" not in ran.stderr
    assert "--out FILE` writes the Flow JSON that was kept into a file" in ran.stderr


def test_without_a_yes_nothing_is_restored(edited: Repository) -> None:
    assert run(edited, "restore", "booking").exit_code == 6
    assert content() == flow_json("Mail")


def test_a_deleted_draft_is_made_anew(repository: Repository) -> None:
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    repository.flow("a", state="absent")
    assert run(repository, "apply", "--yes", "--allow", "delete").exit_code == 0
    ran = run(repository, "restore", "a", "--yes")
    assert ran.exit_code == 0
    assert content("A") == flow_json()


def test_a_flow_that_was_renamed_since_gets_its_name_back(edited: Repository) -> None:
    edited.flow("booking", name="Other", renamed_from=["Booking"], content=flow_json("Mail"))
    assert run(edited, "apply", "--yes").exit_code == 0
    before = flow_id("Other")
    assert run(edited, "restore", "booking", "--yes").exit_code == 0
    assert flow_id("Booking") == before


def test_a_flow_whose_name_another_has_now_is_not_restored_into_that_one(
    edited: Repository,
) -> None:
    first = flow_id("Booking")
    edited.flow("booking", name="Renamed", renamed_from=["Booking"], content=flow_json("Mail"))
    assert run(edited, "apply", "--yes").exit_code == 0
    edited.flow("booking", name="Renamed", content=flow_json("Mail"))
    edited.flow("other", name="Booking", content=flow_json("Other"))
    assert run(edited, "apply", "--yes").exit_code == 0
    ran = run(edited, "restore", first, "--yes")
    assert ran.exit_code == 6
    assert 'is called "Renamed" now, and its name of then, "Booking", is that of' in ran.stderr
    assert content() == flow_json("Other")
    assert content("Renamed") == flow_json("Mail")


def test_a_name_that_repeated_the_token_is_not_put_back_in_its_redacted_form(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    name, account = f"Flow {TOKEN}", served.emulated.account
    new = served.platform.create_flow(
        account, name=name, categories=["OTHER"], endpoint_uri=f"https://x.example/{TOKEN}"
    )
    served.platform.upload(new, json.dumps(flow_json()).encode())
    repository.flow("a", name="New", renamed_from=[name], state="draft", content=flow_json("Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0
    assert run(repository, "restore", "a", "--yes").exit_code == 0
    (flow,) = served.platform.list_flows(account)
    assert (flow.name, flow.endpoint_uri) == ("New", f"https://x.example/{TOKEN}")
    assert flow.content == flow_json()


def test_stop_before_publish_restores_the_draft_only(edited: Repository) -> None:
    assert run(edited, "restore", "booking", "--yes", "--stop-before", "publish").exit_code == 0
    with embedded() as platform:
        flow = platform.get_flow(flow_id("Booking"))
    assert (flow.status, flow.content) == ("DRAFT", flow_json())


def test_flow_json_is_written_to_a_new_file_only(edited: Repository) -> None:
    ran = run(edited, "restore", "booking", "--out", "old.json")
    assert ran.exit_code == 0
    assert json.loads(Path("old.json").read_text()) == flow_json()
    assert content() == flow_json("Mail")
    again = run(edited, "restore", "booking", "--out", "old.json")
    assert again.exit_code == 1
    assert "exists already" in again.stderr


def test_an_unknown_word_is_a_usage_failure_with_the_nearest(edited: Repository) -> None:
    ran = run(edited, "restore", "boking")
    assert ran.exit_code == 64
    assert 'Did you mean "booking"?' in ran.stderr


def test_out_without_a_word_is_a_usage_failure(edited: Repository) -> None:
    assert run(edited, "restore", "--out", "x.json").exit_code == 64


def test_a_backup_of_another_target_is_not_restored_here(edited: Repository) -> None:
    (entry,) = parsed(run(edited, "restore", "--format", "json"))
    edited.config(local={"remote": "emulator"}, other={"remote": "emulator", "account": "5"})
    ran = run(edited, "restore", entry["name"], "--target", "other", "--yes")
    assert ran.exit_code == 64
    assert 'is of the target "local"' in ran.stderr


def test_a_flow_kept_for_another_target_only_is_said_to_be(edited: Repository) -> None:
    edited.config(local={"remote": "emulator"}, other={"remote": "emulator", "account": "5"})
    ran = run(edited, "restore", "booking", "--target", "other", "--yes")
    assert ran.exit_code == 64
    assert 'for the target "other", but there is for local. Name it with --target.' in ran.stderr


@pytest.mark.parametrize("text", ["{}", "no json", ""])
def test_a_file_that_is_no_backup_is_not_said_to_be_missing(edited: Repository, text: str) -> None:
    Path(".flowsync/backups/spoilt.json").write_text(text)
    ran = run(edited, "restore", "spoilt", "--yes")
    assert ran.exit_code == 64
    assert ".flowsync/backups/spoilt.json is not a backup that can be restored." in ran.stderr


def test_a_backup_of_another_account_is_not_restored_here(edited: Repository) -> None:
    edited.config(local={"remote": "emulator", "account": "5"})
    ran = run(edited, "restore", "booking", "--yes")
    assert ran.exit_code == 64
    assert "is account 5 now" in ran.stderr


@pytest.mark.parametrize("field", ["flow_json", "account", "before", "format_version"])
def test_a_backup_that_was_spoilt_is_refused_with_a_sentence(
    edited: Repository, field: str
) -> None:
    (entry,) = parsed(run(edited, "restore", "--format", "json"))
    file = Path(entry["file"])
    document = json.loads(file.read_text())
    document[field] = 7
    file.write_text(json.dumps(document))
    ran = run(edited, "restore", entry["name"], "--yes")
    assert ran.exit_code == 64
    assert "is not a backup that can be restored" in ran.stderr
    assert content() == flow_json("Mail")

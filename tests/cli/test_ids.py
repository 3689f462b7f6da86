from __future__ import annotations

import json

import jsonschema

from flowsync.assets import schema_text
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import embedded, flow_id, parsed, run
from tests.support import Repository


def test_ids_are_the_same_in_every_format(repository: Repository) -> None:
    for key in ("a", "sub/b"):
        repository.flow(key)
    run(repository, "apply", "--yes")
    repository.flow("new")
    first, second = flow_id("A"), flow_id("Sub/B")
    document = parsed(run(repository, "ids", "--format", "json"))
    jsonschema.validate(document, json.loads(schema_text("ids")))
    assert document["account"] == DOCUMENTED_ACCOUNT
    assert document["ids"] == {"a": first, "new": None, "sub/b": second}
    dotenv = run(repository, "ids", "--format", "dotenv").stdout
    assert dotenv.splitlines()[::2] == [f"FLOWSYNC_ID_A={first}", f"FLOWSYNC_ID_SUB_B={second}"]
    text = run(repository, "ids").stdout
    assert first in text
    assert second in text


def test_a_key_that_was_asked_for_by_name_must_have_an_id_and_the_others_are_still_shown(
    repository: Repository,
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("new")
    ran = run(repository, "ids", "a", "new", "--format", "json")
    assert ran.exit_code == 1
    assert json.loads(ran.stdout)["ids"] == {"a": flow_id("A"), "new": None}
    assert '"new" has no id: it is not on the remote yet.' in ran.stderr
    assert run(repository, "ids", "n*", "--format", "json").exit_code == 0


def test_keys_with_one_variable_are_refused_before_anything_is_shown(
    repository: Repository,
) -> None:
    for key in ("a-b", "a_b"):
        repository.flow(key)
    ran = run(repository, "ids", "--format", "dotenv")
    assert ran.exit_code == 1
    assert ran.stdout == ""
    assert "would both be FLOWSYNC_ID_A_B" in ran.stderr
    assert run(repository, "ids", "a-?", "--format", "dotenv").exit_code == 0


def test_a_flow_that_is_there_twice_has_no_id(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", renamed_from=["A"])
    run(repository, "apply", "a", "--yes")
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="b", categories=["OTHER"])
    ran = run(repository, "ids")
    assert ran.exit_code == 0
    assert "only in letter case" in ran.stdout or "another definition" in ran.stdout

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

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
    assert document["flows"] == {
        "a": {"id": first, "name": "A", "status": "PUBLISHED"},
        "new": None,
        "sub/b": {"id": second, "name": "Sub/B", "status": "PUBLISHED"},
    }
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


FILES = ["ids.json", "flows.env", ".env", "flow_ids.py", "flow-ids.ts"]


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_written_in_the_format_of_its_name_and_checked(
    repository: Repository, file: str
) -> None:
    repository.flow("a", state="draft")
    run(repository, "apply", "--yes")
    assert run(repository, "ids", "--check", file).exit_code == 64
    ran = run(repository, "ids", "--out", file)
    assert (ran.exit_code, ran.stdout) == (0, "")
    text = Path(file).read_text("utf-8")
    Path(file).write_bytes(text.replace("\n", "\r\n").encode())
    ran = run(repository, "ids", "--check", file)
    assert (ran.exit_code, ran.stdout) == (0, f"{file} is up to date.\n")

    Path(".flowsync/emulator.db").unlink()
    for name in ("Other", "A"):
        with embedded() as platform:
            platform.create_flow(DOCUMENTED_ACCOUNT, name=name, categories=["OTHER"])
    before = Path(file).read_bytes()
    ran = run(repository, "ids", "--check", file)
    assert ran.exit_code == 2
    assert any(line[:1] == "+" and flow_id("A") in line for line in ran.stdout.splitlines())
    command = ran.stderr.strip().partition("Write it with: ")[2].split()
    assert Path(file).read_bytes() == before
    assert run(repository, *command[1:]).exit_code == 0
    assert run(repository, "ids", "--check", file).exit_code == 0


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_somebody_wrote_is_never_replaced(repository: Repository, file: str) -> None:
    repository.flow("a")
    Path(file).write_text("PASSWORD=x # {}\n")
    ran = run(repository, "ids", "--out", file)
    assert ran.exit_code == 64
    assert "was not made by `flowsync ids`" in ran.stderr
    assert Path(file).read_text() == "PASSWORD=x # {}\n"


def test_no_file_is_written_from_less_than_everything(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("b", state="liv")
    for option in ("--out", "--check"):
        ran = run(repository, "ids", option, "ids.py")
        assert ran.exit_code == 3
        assert "the definition of b cannot be used" in ran.stderr
    assert not Path("ids.py").exists()
    assert run(repository, "ids", "a", "--out", "ids.py").exit_code == 0


def test_a_json_counts_as_up_to_date_however_it_is_laid_out(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "ids", "--out", "ids.json")
    Path("ids.json").write_text(json.dumps(json.loads(Path("ids.json").read_text("utf-8"))))
    assert run(repository, "ids", "--check", "ids.json").exit_code == 0

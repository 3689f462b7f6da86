"""`--changed-since` and `--state`: which flows they choose, and what they say of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.serving import parsed, run
from tests.git_repository import commit, git
from tests.support import Repository, flow_json


@pytest.fixture
def committed(repository: Repository) -> Repository:
    """A repository of two flows, committed as v1, with nothing on the remote."""
    repository.flow("a")
    repository.flow("b", state="draft")
    commit("v1")
    return repository


def planned(repository: Repository, *args: str) -> list[str]:
    ran = run(repository, "plan", "--no-rehearse", "--format", "json", *args)
    assert ran.exit_code == 0, ran.stderr
    assert parsed(ran)["is_partial"] is True
    return [change["key"] for change in parsed(ran)["changes"]]


def test_nothing_changed_is_said_and_no_flow_is_planned(committed: Repository) -> None:
    ran = run(committed, "plan", "--changed-since", "v1")
    assert ran.exit_code == 0
    assert "Nothing changed since v1 (" in ran.stderr
    assert "Nothing to do: no flow was chosen." in ran.stdout


def test_changes_that_are_not_committed_count(committed: Repository) -> None:
    committed.flow("b", state="published")
    assert planned(committed, "--changed-since", "v1") == ["b"]


def test_changed_flow_json_and_new_flows_are_chosen(committed: Repository) -> None:
    committed.flow("a", content=flow_json("Mail"))
    committed.flow("c")
    assert planned(committed, "--changed-since", "v1") == ["a", "c"]


def test_keys_and_states_narrow_the_choice(committed: Repository) -> None:
    committed.flow("a", content=flow_json("Mail"))
    committed.flow("b", state="draft", content=flow_json("Mail"))
    assert planned(committed, "b", "--changed-since", "v1") == ["b"]
    assert planned(committed, "--state", "published", "--changed-since", "v1") == ["a"]
    assert planned(committed, "--state", "published", "--state", "draft") == ["a", "b"]
    assert planned(committed, "--state", "absent") == []


def test_comments_and_the_layout_of_a_definition_change_nothing(committed: Repository) -> None:
    file = Path("flows/a.yaml")
    file.write_text("# for the shop\n" + file.read_text("utf-8"), "utf-8")
    assert planned(committed, "--changed-since", "v1") == []


def test_a_deleted_definition_is_told_and_not_chosen(committed: Repository) -> None:
    Path("flows/a.yaml").unlink()
    ran = run(committed, "plan", "--changed-since", "v1")
    assert ran.exit_code == 0
    assert "deleted since v1 (" in ran.stderr
    assert "and so not chosen: a" in ran.stderr


def test_only_flows_that_use_a_changed_variable_of_the_target_are_chosen(
    repository: Repository,
) -> None:
    repository.flow("a", content=flow_json("${var:label}"))
    repository.flow("b")
    repository.config(local={"remote": "emulator", "vars": {"label": "E-mail", "other": "x"}})
    commit("v1")
    repository.config(local={"remote": "emulator", "vars": {"label": "E-mail", "other": "y"}})
    assert planned(repository, "--changed-since", "v1") == []
    repository.config(local={"remote": "emulator", "vars": {"label": "Mail", "other": "x"}})
    assert planned(repository, "--changed-since", "v1") == ["a"]


def test_that_environment_variables_of_then_are_not_known_is_said(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL", "E-mail")
    repository.flow("a", content=flow_json("${env:LABEL}"))
    repository.flow("b", content=flow_json("${var:label}"))
    repository.flow("c")
    repository.config(local={"remote": "emulator", "vars": {"label": "${env:LABEL}"}})
    commit("v1")
    ran = run(repository, "plan", "--changed-since", "v1")
    assert "2 unchanged flows with ${env:…}" in ran.stderr
    assert "is not known (a, b)" in ran.stderr


def test_a_flows_folder_that_was_another_then_is_found(repository: Repository) -> None:
    repository.flow("a")
    Path("flows").rename("old")
    Path("flowsync.yaml").write_text("version: 1\nflows: old\n", "utf-8")
    commit("v1")
    Path("old").rename("flows")
    Path("flowsync.yaml").write_text("version: 1\n", "utf-8")
    assert planned(repository, "--changed-since", "v1") == []


def test_a_project_below_the_root_of_the_git_repository_is_found(
    committed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = committed.root / "shop"
    below.mkdir()
    inner = Repository(below)
    inner.flow("x")
    commit("v2")
    inner.flow("x", content=flow_json("Mail"))
    monkeypatch.chdir(below)
    assert planned(inner, "--changed-since", "v2") == ["x"]
    monkeypatch.chdir(committed.root)
    Path("shop/flowsync.yaml").write_text("version: 1\n", "utf-8")
    assert planned(inner, "-c", "shop/flowsync.yaml", "--changed-since", "v2") == ["x"]


def test_chosen_flows_never_prune(committed: Repository) -> None:
    assert run(committed, "apply", "--yes").exit_code == 0
    Path("flows/b.yaml").unlink()
    committed.config(local={"remote": "emulator", "prune": {"match": "*", "draft": "delete"}})
    assert "1 to delete" in run(committed, "plan").stdout
    ran = run(committed, "apply", "--yes", "--changed-since", "v1")
    assert ran.exit_code == 0
    assert "no flow was chosen" in ran.stdout


def test_a_saved_plan_takes_no_selection(committed: Repository) -> None:
    assert run(committed, "plan", "--out", "plan.json").exit_code == 0
    for selection in (("--state", "draft"), ("--changed-since", "v1")):
        ran = run(committed, "apply", "plan.json", *selection)
        assert ran.exit_code == 64
        assert "applied as it is" in ran.stderr


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("v2", 'git knows no commit "v2". `git log --oneline` lists commits.'),
        ("mian", 'Did you mean "main"?'),
        ("0" * 40, "git knows no commit"),
        ("v1:flows", "git knows no commit"),
        ("v1^{tree}", "git knows no commit"),
        ("--output=x", "is no name of a revision"),
        ("--", "is no name of a revision"),
        ("", "is no name of a revision"),
        ("a\nb", "is no name of a revision"),
        ("v1 v1", "git knows no commit"),
    ],
)
def test_what_is_no_revision_is_wrong_usage(committed: Repository, word: str, said: str) -> None:
    ran = run(committed, "plan", f"--changed-since={word}")
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert said in ran.stderr
    assert not Path("x").exists()


def test_a_folder_without_git_is_wrong_usage(repository: Repository) -> None:
    repository.flow("a")
    ran = run(repository, "plan", "--changed-since", "HEAD")
    assert ran.exit_code == 64
    assert "is not in a git repository" in ran.stderr


def test_a_machine_without_git_fails_with_a_sentence(
    committed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(committed.root))
    ran = run(committed, "plan", "--changed-since", "v1")
    assert ran.exit_code == 1
    assert "there is no program `git` here" in ran.stderr


def test_a_shallow_clone_is_told_how_to_get_the_rest(
    committed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = git("rev-parse", "HEAD")
    commit("v2")
    git("clone", "-q", "--depth", "1", committed.root.as_uri(), "clone")
    monkeypatch.chdir("clone")
    ran = run(committed, "plan", "--changed-since", first)
    assert ran.exit_code == 64
    assert "`fetch-depth: 0`" in ran.stderr


def test_reading_a_revision_touches_neither_index_nor_work_tree_and_runs_nothing(
    committed: Repository,
) -> None:
    hostile = Path("hostile.sh")
    hostile.write_text("#!/bin/sh\ntouch ran\ncat\n", "utf-8")
    hostile.chmod(0o755)
    for setting in ("core.fsmonitor", "filter.x.smudge", "filter.x.clean", "diff.external"):
        git("config", setting, str(hostile.resolve()))
    Path(".gitattributes").write_text("* filter=x export-subst\n", "utf-8")
    index = Path(".git/index").read_bytes()
    committed.flow("a", content=flow_json("Mail"))
    before = {file: file.read_bytes() for file in Path("flows").iterdir()}
    assert planned(committed, "--changed-since", "v1") == ["a"]
    assert Path(".git/index").read_bytes() == index
    assert {file: file.read_bytes() for file in Path("flows").iterdir()} == before
    assert not Path("ran").exists()


def test_variables_of_a_hook_do_not_lead_git_elsewhere(
    committed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent")
    assert planned(committed, "--changed-since", "v1") == []


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_of_then_are_followed_inside_the_flows_folder_only(repository: Repository) -> None:
    repository.flow("a")
    Path("flows/shared.json").write_bytes(Path("flows/a.json").read_bytes())
    Path("flows/a.json").unlink()
    Path("flows/a.json").symlink_to("shared.json")
    commit("inside")
    assert planned(repository, "--changed-since", "inside") == []
    outside = repository.root / "outside.json"
    Path("flows/shared.json").rename(outside)
    Path("flows/a.json").unlink()
    Path("flows/a.json").symlink_to(outside)
    commit("outside")
    Path("flows/a.json").unlink()
    outside.rename("flows/a.json")
    assert planned(repository, "--changed-since", "inside") == []
    assert planned(repository, "--changed-since", "outside") == ["a"]


# --- validate ---


def validated(repository: Repository, *args: str, code: int = 0) -> tuple[list[str], str]:
    """Give what `validate --changed-since v1` checked, and what it said on stderr."""
    ran = run(repository, "validate", "--changed-since", "v1", "--format", "json", *args)
    assert ran.exit_code == code, ran.stderr
    return parsed(ran)["checked"], ran.stderr


def test_validate_checks_changed_and_new_flows_only(committed: Repository) -> None:
    assert validated(committed)[0] == []
    committed.flow("b", state="draft", content=flow_json("Mail"))
    committed.flow("c")
    assert validated(committed)[0] == ["b", "c"]
    assert validated(committed, "b")[0] == ["b"]
    assert validated(committed, "[ac]")[0] == ["c"]


def test_validate_says_that_nothing_changed_and_what_is_deleted(committed: Repository) -> None:
    Path("flows/a.yaml").unlink()
    ran = run(committed, "validate", "--changed-since", "v1")
    assert (ran.exit_code, ran.stdout) == (0, "0 flows checked, nothing wrong.\n")
    assert "deleted since v1 (" in ran.stderr
    assert "and so not chosen: a" in ran.stderr
    assert "Nothing changed since v1 (" in ran.stderr


def test_validate_leaves_out_what_was_as_wrong_then(repository: Repository) -> None:
    repository.flow("a", state="liv")
    repository.flow("b", content=flow_json("A label that is longer than a telephone shows"))
    repository.flow("c")
    commit("v1")
    assert validated(repository)[0] == []
    file = Path("flows/a.yaml")
    file.write_text("# for the shop\n" + file.read_text("utf-8"), "utf-8")
    ran = run(repository, "validate", "--changed-since", "v1")
    assert ran.exit_code == 3
    assert "flows/a.yaml:" in ran.stdout
    assert "flows/b.json" not in ran.stdout
    assert "1 flow checked: 1 error." in ran.stdout


@pytest.mark.parametrize("output", ["text", "json", "markdown", "github", "sarif", "junit"])
def test_every_format_has_the_findings_of_changed_flows_only(
    repository: Repository, output: str
) -> None:
    repository.flow("old", state="liv")
    commit("v1")
    repository.flow("new", state="liv")
    ran = run(repository, "validate", "--changed-since", "v1", "--format", output)
    assert ran.exit_code == 3
    assert "flows/new.yaml" in ran.stdout
    assert "flows/old.yaml" not in ran.stdout


def test_validate_takes_a_used_variable_into_account(repository: Repository) -> None:
    repository.flow("a", content=flow_json("${var:label}"))
    repository.flow("b")
    repository.config(local={"remote": "emulator", "vars": {"label": "E-mail"}})
    commit("v1")
    repository.config(local={"remote": "emulator", "vars": {"label": "Mail"}})
    assert validated(repository)[0] == ["a"]
    repository.config(local={"remote": "emulator", "vars": {}})
    assert validated(repository, code=3)[0] == ["a"]


@pytest.mark.parametrize("kind", ["fixtures", "scenarios"])
@pytest.mark.parametrize("end", ["yaml", "yml"])
def test_fixtures_and_scenarios_beside_a_definition_count_as_its_own(
    committed: Repository, kind: str, end: str
) -> None:
    beside = Path(f"flows/a.{kind}.{end}")
    beside.write_text("nonsense: 1\n", "utf-8")
    assert validated(committed, code=3)[0] == ["a"]
    git("add", "-A")
    git("commit", "-q", "-m", "beside")
    git("tag", "-f", "v1")
    assert validated(committed)[0] == []
    assert planned(committed, "--changed-since", "v1") == []
    beside.unlink()
    assert validated(committed)[0] == ["a"]


def test_a_finding_about_two_flows_is_told_whichever_changed(committed: Repository) -> None:
    committed.flow("a", name="B")
    ran = run(committed, "validate", "--changed-since", "v1")
    assert ran.exit_code == 3
    assert "flows/b.yaml:" in ran.stdout
    assert "flows/a.yaml has the same name" in ran.stdout


def test_what_flowsync_yaml_says_about_checking_concerns_all_flows(committed: Repository) -> None:
    Path("flowsync.yaml").write_text("version: 1\n", "utf-8")
    assert validated(committed)[0] == []
    ignore = "ignore: [{rule: FS301, reason: as it is}]"
    Path("flowsync.yaml").write_text(f"version: 1\n{ignore}\n", "utf-8")
    assert validated(committed)[0] == ["a", "b"]


def test_a_file_stands_for_its_flow_and_one_of_no_flow_is_refused(committed: Repository) -> None:
    assert validated(committed, "flows/a.json")[0] == []
    committed.flow("a", content=flow_json("Mail"))
    committed.flow("b", content=flow_json("Mail"))
    assert validated(committed, "flows/a.json")[0] == ["a"]
    assert validated(committed, "flows/b.yaml")[0] == ["b"]
    Path("own.json").write_bytes(Path("flows/a.json").read_bytes())
    for word, said in (("own.json", "own.json is the Flow JSON of no definition"), ("-", "stdin")):
        ran = run(committed, "validate", word, "--changed-since", "v1")
        assert ran.exit_code == 64
        assert ran.stdout == ""
        assert said in ran.stderr


def test_validate_refuses_what_is_no_revision(committed: Repository) -> None:
    ran = run(committed, "validate", "--changed-since", "v2")
    assert ran.exit_code == 64
    assert 'git knows no commit "v2"' in ran.stderr

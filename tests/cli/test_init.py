from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.assets import CI_SERVICES, ci_files, template_files
from tests.cli.serving import run
from tests.support import Repository


def test_the_first_steps_work_one_after_the_other(repository: Repository) -> None:
    assert run(repository, "init").exit_code == 0
    assert run(repository, "validate", "--strict").exit_code == 0
    assert "1 to create" in run(repository, "plan").stdout
    assert run(repository, "apply", "--yes").exit_code == 0
    assert "Nothing to do" in run(repository, "plan").stdout


def test_every_template_is_written_and_named(repository: Repository) -> None:
    ran = run(repository, "init")
    for name, text in template_files():
        assert Path(name).read_text("utf-8") == text
        assert f"created {name}\n" in ran.stdout
    assert ran.stdout.endswith(
        "Next: flowsync validate, flowsync test, flowsync plan, flowsync apply.\n"
    )
    assert ran.stderr == ""


def test_files_that_exist_are_kept_as_they_are(repository: Repository) -> None:
    Path("flowsync.yaml").write_text("mine")
    ran = run(repository, "init")
    assert ran.exit_code == 0
    assert "kept    flowsync.yaml\n" in ran.stdout
    assert Path("flowsync.yaml").read_text() == "mine"
    again = run(repository, "init")
    assert again.exit_code == 0
    assert "created" not in again.stdout


def test_a_folder_that_is_not_there_is_made(repository: Repository) -> None:
    ran = run(repository, "init", "my/repository")
    assert ran.exit_code == 0
    assert Path("my/repository/flows/contact.yaml").exists()
    assert "Next: cd my/repository, then flowsync validate" in ran.stdout
    assert not Path("flowsync.yaml").exists()


def test_what_flowsync_keeps_for_itself_is_ignored_by_git(repository: Repository) -> None:
    run(repository, "init")
    assert ".flowsync/" in Path(".gitignore").read_text().splitlines()


@pytest.mark.parametrize("kept", ["node_modules\n", "", "*.flowsync\n"])
def test_a_gitignore_that_lacks_the_line_is_said_to_need_it(
    repository: Repository, kept: str
) -> None:
    Path(".gitignore").write_text(kept)
    ran = run(repository, "init")
    assert "Add the line .flowsync/ to .gitignore" in ran.stdout
    assert Path(".gitignore").read_text() == kept


@pytest.mark.parametrize("kept", [".flowsync\n", "a\n/.flowsync/\n", ".flowsync/ \n"])
def test_a_gitignore_that_has_the_line_is_left_alone(repository: Repository, kept: str) -> None:
    Path(".gitignore").write_text(kept)
    assert "Add the line" not in run(repository, "init").stdout


def test_the_folder_to_go_to_is_named_as_a_shell_takes_it(repository: Repository) -> None:
    assert "Next: cd 'a b', then" in run(repository, "init", "a b").stdout


def test_init_colours_only_where_they_are_wanted(repository: Repository) -> None:
    forced = {"CLICOLOR_FORCE": "1"}
    assert "\x1b[" in repository.run("init", "a", env=forced).stdout
    assert "\x1b[" not in repository.run("init", "b", "--no-color", env=forced).stdout


@pytest.mark.parametrize("service", CI_SERVICES)
def test_a_repository_that_has_flows_gets_the_files_for_ci_alone(
    repository: Repository, service: str
) -> None:
    repository.flow("mine")
    written = dict(ci_files(service))
    kept = next(iter(written))
    Path(kept).parent.mkdir(parents=True, exist_ok=True)
    Path(kept).write_text("mine")
    ran = run(repository, "init", "--ci", service)
    assert ran.exit_code == 0
    assert f"kept    {kept}\n" in ran.stdout
    assert Path(kept).read_text() == "mine"
    for name in written.keys() - {kept}:
        assert Path(name).read_text("utf-8") == written[name]
        assert f"created {name}\n" in ran.stdout
    assert not Path("flows/contact.yaml").exists()
    assert "FLOWSYNC_READ_TOKEN, " in ran.stdout


def test_a_new_repository_gets_a_first_flow_beside_the_files_for_ci(
    repository: Repository,
) -> None:
    run(repository, "init", "--ci", "github")
    assert Path("flows/contact.yaml").exists()
    assert Path(".github/workflows/flowsync-plan.yml").exists()


def test_an_unknown_ci_service_is_wrong_usage(repository: Repository) -> None:
    ran = run(repository, "init", "--ci", "gitea")
    assert ran.exit_code == 64
    assert "github" in ran.stderr
    assert list(repository.root.iterdir()) == []


@pytest.mark.parametrize("ci", CI_SERVICES)
def test_files_that_a_service_would_not_find_in_a_part_of_a_repository_are_told_of(
    repository: Repository, ci: str
) -> None:
    assert "top of the repository" not in run(repository, "init", "flow s", "--ci", ci).stdout
    Path(".git").mkdir()
    assert "top of the repository" not in run(repository, "init", "--ci", ci).stdout
    ran = run(repository, "init", "part/b", "--ci", ci)
    assert ran.exit_code == 0
    assert f"top of the repository, which is {Path.cwd()}" in ran.stdout.replace(" only,", ",")
    assert "part/b" in ran.stdout.partition("top of the repository")[2]


def test_the_first_flow_has_a_scenario_that_reaches_all_of_it(repository: Repository) -> None:
    assert "flowsync test" in run(repository, "init").stdout
    ran = run(repository, "test", "--fail-unreached")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "1 scenario of 1 flow: all went as expected." in ran.stdout

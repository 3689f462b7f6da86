from __future__ import annotations

import json
import os
import shlex
import stat
from pathlib import Path

import pytest

from flowsync.cli.plan import exit_code_of
from flowsync.errors import ExitCode
from flowsync.plan.values import Plan
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import DATABASE, embedded, parsed, run
from tests.cli.terminal import COLUMNS, on_terminal
from tests.support import Repository, flow_json


def test_a_saved_plan_is_the_json_that_was_shown_readable_for_its_owner_only(
    repository: Repository,
) -> None:
    repository.flow("a")
    ran = run(repository, "plan", "--out", "plan.json", "--format", "json")
    file = Path("plan.json")
    assert json.loads(file.read_text()) == parsed(ran)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in Path().iterdir() if path.name.startswith(".plan")] == []


def test_saving_says_how_to_apply_it_and_replaces_an_older_plan(repository: Repository) -> None:
    repository.flow("a")
    Path("plan.json").write_text("old")
    ran = run(repository, "plan", "--out", "plan.json")
    assert "flowsync apply plan.json" in ran.stderr
    assert json.loads(Path("plan.json").read_text())["has_changes"]


def test_saving_says_the_command_that_applies_it_with_the_options_it_needs(
    repository: Repository,
) -> None:
    repository.flow("a")
    repository.config(x={"remote": "emulator"}, y={"remote": "emulator"})
    words = ("--target", "y", "--config", "flowsync.yaml")
    ran = run(repository, "plan", "--out", "my plan.json", *words)
    command = "flowsync apply 'my plan.json' --target y --config flowsync.yaml"
    assert ran.stderr.endswith(f"saved as my plan.json; apply it with: {command}\n")
    assert run(repository, *shlex.split(command)[1:], "--yes").exit_code == 0


def test_a_plan_that_cannot_be_saved_leaves_the_old_one(repository: Repository) -> None:
    repository.flow("a")
    Path("plan.json").mkdir()
    assert run(repository, "plan", "--out", "plan.json").exit_code == 64
    ran = run(repository, "plan", "--out", "gone/plan.json")
    assert ran.exit_code == 1
    assert "the plan cannot be saved as gone/plan.json: no such file or directory." in ran.stderr


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_plan_takes_the_place_of_no_pipe_device_or_link(
    repository: Repository, kind: str
) -> None:
    repository.flow("a")
    if kind == "pipe":
        os.mkfifo("there")
    else:
        Path("there").symlink_to("/dev/null")
    before = os.lstat("there")
    ran = run(repository, "plan", "--out", "there")
    assert ran.exit_code == 64
    assert "the plan cannot be saved as there: it is not a plain file." in ran.stderr
    assert os.lstat("there") == before


@pytest.mark.parametrize("option", ["--out={}", "--report=json={}"])
@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("flows/a.json", "it holds a Flow JSON, which would be lost"),
        ("flows/a.yaml", "it has the ending of a definition"),
    ],
)
def test_what_is_saved_takes_the_place_of_no_file_of_a_flow(
    repository: Repository, option: str, file: str, why: str
) -> None:
    repository.flow("a")
    before = Path(file).read_bytes()
    ran = run(repository, "plan", option.format(file))
    assert ran.exit_code == 64
    assert why in ran.stderr
    assert Path(file).read_bytes() == before


def test_a_plan_and_its_report_take_the_place_of_earlier_ones(repository: Repository) -> None:
    repository.flow("a")
    for _ in range(2):
        words = ("plan", "--diff=raw", "--out=plan.json", "--report=json=p.json")
        assert run(repository, *words).exit_code == 0


@pytest.mark.parametrize("words", [["plan"], ["restore", "a"]])
def test_an_empty_name_of_a_file_is_wrong_usage(repository: Repository, words: list[str]) -> None:
    ran = run(repository, *words, "--out", "")
    assert ran.exit_code == 64
    assert "--out needs the name of a file." in ran.stderr


def test_the_same_repository_and_remote_give_the_same_bytes(repository: Repository) -> None:
    for key in "cab":
        repository.flow(key)
    first = run(repository, "plan", "--format", "json").stdout
    assert run(repository, "plan", "--format", "json").stdout == first
    assert [change["key"] for change in json.loads(first)["changes"]] == ["a", "b", "c"]


def test_keys_and_globs_choose_flows_and_make_the_plan_partial(repository: Repository) -> None:
    for key in ("promo-a", "promo-b", "other", "sub/promo"):
        repository.flow(key)
    whole = parsed(run(repository, "plan", "--format", "json"))
    assert whole["is_partial"] is False
    chosen = parsed(run(repository, "plan", "promo-*", "other", "--format", "json"))
    assert chosen["is_partial"] is True
    assert [change["key"] for change in chosen["changes"]] == ["other", "promo-a", "promo-b"]
    assert "chosen flows only" in run(repository, "plan", "sub/*").stdout


def test_a_partial_plan_never_prunes(repository: Repository) -> None:
    repository.config(local={"remote": "emulator", "prune": {"match": "*", "draft": "delete"}})
    repository.flow("a", state="draft")
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="left", categories=["OTHER"])
    whole = parsed(run(repository, "plan", "--format", "json"))
    assert [change["name"] for change in whole["changes"]] == ["A", "left"]
    chosen = parsed(run(repository, "plan", "a", "--format", "json"))
    assert [change["name"] for change in chosen["changes"]] == ["A"]


def test_unmanaged_flows_are_counted_and_named_only_when_asked(repository: Repository) -> None:
    repository.flow("a")
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="Hers", categories=["OTHER"])
    ran = run(repository, "plan")
    assert "1 flow of the account has no definition here" in ran.stdout
    assert "Hers" not in ran.stdout
    assert '"Hers"' in run(repository, "plan", "--verbose").stdout


def test_stop_before_publish_leaves_publishing_out(repository: Repository) -> None:
    repository.flow("a")
    document = parsed(run(repository, "plan", "--stop-before", "publish", "--format", "json"))
    (change,) = document["changes"]
    assert [step["kind"] for step in change["steps"]] == ["create", "upload"]
    assert "--stop-before publish" in change["warnings"][0]
    assert run(repository, "plan", "--stop-before", "upload").exit_code == 64


def test_an_account_that_is_suddenly_empty_stops_the_plan_until_it_is_meant(
    repository: Repository,
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    run(repository, "plan")
    DATABASE.unlink()
    for _ in range(2):
        ran = run(repository, "plan")
        assert ran.exit_code == 6
        assert ran.stdout == ""
        assert "lists no flows, but the last run here saw 1" in ran.stderr
    ran = run(repository, "plan", "--allow-empty-remote")
    assert ran.exit_code == 0
    assert "1 to create" in ran.stdout


def test_an_account_emptied_right_after_the_first_apply_stops_the_plan(
    repository: Repository,
) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    DATABASE.unlink()
    assert run(repository, "plan").exit_code == 6


def test_quiet_prints_the_plan_and_no_progress(repository: Repository) -> None:
    repository.flow("a")
    ran = run(repository, "plan", "--quiet", "--out", "plan.json")
    assert "1 to create" in ran.stdout
    assert ran.stderr == ""


def test_the_target_may_come_from_the_environment(repository: Repository) -> None:
    repository.flow("a", targets={"y": {"name": "There"}})
    repository.config(x={"remote": "emulator"}, y={"remote": "emulator"})
    env = {"FLOWSYNC_TARGET": "y"}
    assert '"There"' in repository.run("plan", env=env).stdout
    assert '"A"' in repository.run("plan", "--target", "x", env=env).stdout


def test_another_config_file_has_its_own_flows_and_state(repository: Repository) -> None:
    repository.flow("a")
    sub = repository.root / "sub"
    Repository(sub).flow("b")
    Repository(sub).config(local={"remote": "emulator"})
    ran = run(repository, "plan", "--config", "sub/flowsync.yaml")
    assert '"B"' in ran.stdout
    assert (sub / ".flowsync/emulator.db").exists()
    assert not Path(".flowsync").exists()


def test_a_label_edit_is_shown_as_one_difference(repository: Repository) -> None:
    repository.flow("a")
    run(repository, "apply", "--yes")
    repository.flow("a", content=flow_json("Other label"))
    ran = run(repository, "plan")
    assert '"E-mail" → "Other label"' in ran.stdout
    assert "publish (one-way)" in ran.stdout


@pytest.mark.parametrize(
    ("doubts", "code"), [((), ExitCode.DONE), (("a page is missing",), ExitCode.REMOTE_UNREADABLE)]
)
def test_a_doubtful_listing_is_a_remote_that_could_not_be_read(
    doubts: tuple[str, ...], code: ExitCode
) -> None:
    plan = Plan(
        target="t",
        remote="gateway",
        account="1",
        flowsync_version="1",
        changes=(),
        listing_doubts=doubts,
    )
    assert exit_code_of(plan, detailed=True) is code


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_colours_appear_only_where_they_are_wanted(repository: Repository, command: str) -> None:
    repository.flow("a")
    forced = {"CLICOLOR_FORCE": "1"}
    assert "\x1b[" not in repository.run(command).output
    assert "\x1b[" in repository.run(command, env=forced).output
    assert "\x1b[" not in repository.run(command, "--no-color", env=forced).output
    assert "\x1b[" not in repository.run(command, env={**forced, "NO_COLOR": "1"}).output
    assert "\x1b[" not in repository.run(command, env={"CLICOLOR_FORCE": "0"}).output


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")])
def test_findings_come_with_the_lines_they_concern_where_a_person_reads_them(
    repository: Repository, command: tuple[str, ...]
) -> None:
    broken = '{\n  "version": "7.3",\n  "screens": 1\n}'
    repository.flow("a").with_suffix(".json").write_text(broken, "utf-8")
    assert "^" in repository.run(*command, env={"CLICOLOR_FORCE": "1"}).stderr
    plain = repository.run(*command).stderr
    assert "a.json:3:" in plain
    assert "^" not in plain


def test_a_plan_fits_the_terminal_and_elsewhere_does_not_depend_on_one(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.flow("a", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", content=flow_json("Where can we reach you? " * 9))
    repository.flow("b", name="A " * 60 + "B")
    shown = on_terminal("plan", "--no-color", "--quiet")
    assert max(map(len, shown.text.splitlines())) <= COLUMNS
    assert '"Where can we' in shown.text
    plain = run(repository, "plan").stdout
    monkeypatch.setenv("COLUMNS", "50")
    assert run(repository, "plan").stdout == plain
    assert '"' + "A " * 60 + 'B"' in plain

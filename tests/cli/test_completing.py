"""What a shell completes, asked through click's own interface."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from flowsync.cli.main import main
from flowsync.model import JsonValue
from tests.support import Repository


def completed(line: str, incomplete: str = "") -> list[str]:
    """Give the words that a shell offers behind a line; `*` stands for its files."""
    shell = ShellComplete(main, {}, "flowsync", "_FLOWSYNC_COMPLETE")
    found = shell.get_completions(line.split(), incomplete)
    return ["*" if item.type == "file" else item.value for item in found]


@pytest.fixture
def flows(repository: Repository) -> Repository:
    for key in ("booking", "bonus", "support/contact"):
        repository.flow(key)
    return repository


GATEWAY: JsonValue = {
    "remote": "gateway",
    "base_url": "https://x.invalid",
    "account": "7",
    "token": "${env:NOT_SET}",
}
WITH_KEYS = ["plan", "rollback", "ids", "status", "show", "send", "import", "restore", "plan --why"]
WITH_FILES = ["apply", "validate", "fmt", "upgrade", "graph"]


@pytest.mark.parametrize("command", WITH_KEYS)
def test_keys_are_completed(flows: Repository, command: str) -> None:
    assert completed(command, "bo") == ["bonus", "booking"]
    assert completed(command, "support/") == ["support/contact"]
    assert completed(command, "x") == []


@pytest.mark.parametrize("command", WITH_FILES)
def test_keys_are_completed_beside_files(flows: Repository, command: str) -> None:
    assert completed(command, "bon") == ["*", "bonus"]


def test_a_key_that_was_given_is_not_offered_again(flows: Repository) -> None:
    assert completed("plan booking", "bo") == ["bonus"]


@pytest.mark.parametrize("command", ["plan", "apply", "status", "validate", "journal"])
def test_targets_are_completed(flows: Repository, command: str) -> None:
    assert completed(f"{command} --target") == ["local"]
    flows.config(staging={"remote": "emulator"}, production={"remote": "emulator"})
    assert completed(f"{command} --target") == ["production", "staging"]
    assert completed(f"{command} -t", "st") == ["staging"]


def test_the_file_that_config_names_is_read(flows: Repository) -> None:
    flows.config(other={"remote": "emulator"}).rename("other.yaml")
    assert completed("plan --config other.yaml --target") == ["other"]


@pytest.mark.parametrize(
    "config", ["version: 1\ntargets: [", "targets: 7", "version: 1\nflows: nowhere", "\x00"]
)
def test_what_is_wrong_gives_nothing_and_says_nothing(
    flows: Repository, config: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("flowsync.yaml").write_text(config)
    assert completed("plan", "b") == []
    assert completed("plan --config gone.yaml", "b") == []
    assert completed("plan --config gone.yaml --target") == []
    completed("plan --target")
    assert capfd.readouterr() == ("", "")


def test_nothing_is_written_and_no_network_is_asked(
    flows: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a request")

    monkeypatch.setattr("socket.socket.connect", refuse)
    flows.config(staging=GATEWAY)
    before = sorted(flows.root.rglob("*"))
    assert completed("plan --target staging", "bo") == ["bonus", "booking"]
    assert sorted(flows.root.rglob("*")) == before


def test_a_shell_gets_its_words(flows: Repository) -> None:
    env = {
        "_FLOWSYNC_COMPLETE": "bash_complete",
        "COMP_WORDS": "flowsync plan boo",
        "COMP_CWORD": "2",
    }
    from click.testing import CliRunner

    ran = CliRunner().invoke(main, [], env=env, prog_name="flowsync")
    assert (ran.exit_code, ran.stdout) == (0, "plain,booking\n")

"""The credential goes to the gateway that was named, in one header, and nowhere else."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

from flowsync.base_url import is_loopback
from flowsync.cli.main import COMMANDS
from flowsync.remotes import retry
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.retry_policy import POLICY
from tests.cli.serving import Served, run
from tests.security.loopback import Loopback, Reply, answering, gateway_target
from tests.support import TOKEN, Repository, flow_json
from tests.test_hostile_files import run_apart

COMMANDS_THAT_ASK = [("plan",), ("list",), ("show", "a"), ("apply", "--yes")]


@pytest.fixture(autouse=True)
def _no_second_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a read that failed be reported at once, not after waiting and trying again."""
    once = {trouble: replace(rule, read_attempts=1) for trouble, rule in POLICY.items()}
    monkeypatch.setattr(retry, "POLICY", once)


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """Another server, where no request has any business."""
    with answering(lambda method, path: Reply(200, b'{"success": true, "data": []}')) as loopback:
        yield loopback


# --- to another host ---


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("args", COMMANDS_THAT_ASK, ids=" ".join)
def test_a_redirect_is_not_followed_and_takes_no_credential_along(
    repository: Repository, elsewhere: Loopback, status: int, args: tuple[str, ...]
) -> None:
    repository.flow("a")

    def redirect(method: str, path: str) -> Reply:
        return Reply(status, b"", {"Location": elsewhere.url + path})

    with answering(redirect) as gateway:
        repository.config(staging=gateway_target(gateway.url))
        ran = run(repository, *args)
        assert gateway.received[0]["authorization"] == f"Bearer {TOKEN}"
    assert ran.exit_code == 5
    assert "redirect" in ran.stderr
    assert elsewhere.received == []


@pytest.mark.parametrize("args", COMMANDS_THAT_ASK, ids=" ".join)
def test_an_address_in_an_answer_is_never_fetched(
    repository: Repository, elsewhere: Loopback, args: tuple[str, ...]
) -> None:
    """Neither the next page nor an asset, a preview or a picture that the remote names."""
    repository.flow("a", name="A", state="draft")
    there = elsewhere.url
    asset = f'{{"name": "flow.json", "download_url": "{there}/asset"}}'
    flow = (
        f'{{"id": "1", "name": "A", "status": "DRAFT", "categories": ["OTHER"], '
        f'"assets": {{"data": [{asset}]}}, "download_url": "{there}/d", '
        f'"preview": {{"preview_url": "{there}/preview"}}}}'
    )
    paging = f'{{"next": "{there}/next", "cursors": {{"after": "{there}/after"}}}}'

    def reply(method: str, path: str) -> Reply:
        is_one = path.partition("?")[0].endswith("/1")
        data = flow if is_one else f'{{"data": [{flow}], "paging": {paging}}}'
        body = f'{{"success": true, "message": "", "data": {data}}}'
        refresh = f"0; url={there}/refresh"
        headers = {
            "Content-Type": "application/json",
            "Link": f"<{there}>; rel=next",
            "Refresh": refresh,
        }
        return Reply(200, body.encode(), headers)

    with answering(reply) as gateway:
        repository.config(staging=gateway_target(gateway.url))
        run(repository, *args)
        assert gateway.received
    assert elsewhere.received == []


def test_a_proxy_or_a_netrc_of_the_machine_gets_no_request_and_gives_no_credential(
    repository: Repository, served: Served, elsewhere: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, elsewhere.url)
    Path("netrc").write_text("machine 127.0.0.1 login me password other-secret\n")
    monkeypatch.setenv("NETRC", str(Path("netrc").resolve()))
    repository.flow("a")
    repository.config(staging=served.target())
    assert run(repository, "plan").exit_code == 0
    assert elsewhere.received == []


# --- addresses ---


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://evil.localhost.example",
        "http://0x7f.1",
        "http://0x7f000001",
        "http://2130706433",
        "http://127.1",
        "http://127.999.0.1",
        "http://127.0.0.1.",
        "http://0.0.0.0",
        "http://[::]",
        "http://[2001:db8::1]",
        "http://localhost.",
        "http://gateway.example.com",
    ],
)
def test_http_to_what_only_looks_like_this_machine_is_refused_unless_insecure(
    repository: Repository, base_url: str
) -> None:
    repository.flow("a")
    repository.config(staging=gateway_target(base_url))
    ran = run(repository, "plan")
    assert ran.exit_code == 3
    assert "sends the token over http" in ran.stderr
    repository.config(staging=gateway_target(base_url, insecure=True))
    assert run(repository, "validate").exit_code == 0


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80@evil.example",
        "http://127.0.0.1\\@evil.example",
        "http://127.0.0.1\\.evil.example",
        "http://[::1]evil.example",
        "http://[::1].evil.example",
        "http://[::1]@evil.example",
        "http://127.0.0.1\t.evil.example",
        "http://127.0.0.1\n.evil.example",
        "http://127.0.0.1%2eevil.example",
        "http://127.0.0.1;evil.example",
        "http://127.0.0.1,evil.example",
        "http://127。0。0。1",
        "http://١٢٧.0.0.1",
        "http:127.0.0.1",
        "https://gateway.example.com\r\nX-Other: 1",
        "https://gateway.example.com/\r\nX-Other: 1",
        "https://gateway.example.com/%0d%0aX-Other:1",
        " https://gateway.example.com",
        "https://gateway.example.com:0",
        "https://gateway.example.com:99999",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("is_insecure", [False, True])
def test_an_address_that_programs_read_differently_is_refused(
    repository: Repository, base_url: str, is_insecure: bool
) -> None:
    repository.flow("a")
    repository.config(staging=gateway_target(base_url, insecure=is_insecure))
    ran = run(repository, "plan")
    assert ran.exit_code == 3
    assert "base_url" in ran.stderr


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_known_by_its_own_names(host: str) -> None:
    assert is_loopback(host)


# --- headers ---


@pytest.mark.parametrize(
    "token", ["good-token\r\nX-Other: 1", "good-token\nX-Other: 1", "good\0token", "good\x85token"]
)
@pytest.mark.parametrize("way", ["environment", "file", "read token", "read token file"])
def test_a_token_that_would_add_a_header_is_refused_and_not_shown(
    repository: Repository, served: Served, token: str, way: str
) -> None:
    if "\0" in token and "file" not in way:
        pytest.skip("no environment variable holds this")
    repository.flow("a")
    Path("token").write_bytes(token.encode())
    field = {"token_file": "token"} if way == "file" else {"token": "${env:STAGING_KEY}"}
    target = {name: value for name, value in served.target().items() if name != "token"}
    repository.config(staging={**target, **field})
    env = {
        "environment": {"STAGING_KEY": token},
        "file": {},
        "read token": {"FLOWSYNC_READ_TOKEN": token},
        "read token file": {"FLOWSYNC_READ_TOKEN_FILE": "token"},
    }[way]
    ran = repository.run("plan", env=env)
    assert ran.exit_code == 3
    assert "holds what no header can carry" in ran.stderr
    assert "good" not in ran.output
    assert served.operations == []


@pytest.mark.parametrize("value", ["1\r\nX-Other: 1", "1?a=b", "1/../2", "1#x", "1%0d%0a"])
@pytest.mark.parametrize("name", ["FLOWSYNC_ACCOUNT", "FLOWSYNC_AUTH_SCHEME", "FLOWSYNC_DIALECT"])
def test_no_other_part_of_a_request_adds_a_header(
    repository: Repository, served: Served, name: str, value: str
) -> None:
    repository.flow("a")
    env = {
        "FLOWSYNC_BASE_URL": served.url,
        "FLOWSYNC_ACCOUNT": DOCUMENTED_ACCOUNT,
        "FLOWSYNC_TOKEN": TOKEN,
        name: value,
    }
    assert repository.run("plan", env=env).exit_code == 3
    assert served.operations == []


# --- on the command line ---

# Options whose name sounds like a credential, and why they hold none.
HARMLESS = {
    ("serve", "--token-file"): "the path of a file",
    ("validate", "keys"): "keys of flows",
    ("preview", "--app-secret-env"): "the name of a variable",
}
SUSPICIOUS = ("token", "secret", "password", "credential", "auth", "bearer")


def test_no_option_of_any_command_takes_a_credential() -> None:
    """What stands on a command line is in `ps`, in the shell's history and in CI logs."""
    found = set()
    for name, (module, _) in COMMANDS.items():
        command: click.Command = importlib.import_module(module).command
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if any(word in option.lower() for word in SUSPICIOUS):
                    found.add((name, option))
                    is_named = option.endswith("-env")  # the variable that holds it
                    assert is_named or isinstance(parameter.type, click.Path), option
    assert found <= HARMLESS.keys()


def test_the_credential_of_serve_is_no_option(repository: Repository) -> None:
    ran = run(repository, "serve", "--token", "a-credential")
    assert ran.exit_code == 64
    assert "a-credential" not in ran.output


# --- in files ---


@pytest.fixture
def filed(repository: Repository, served: Served) -> Repository:
    """A repository whose target takes its token from a file."""
    repository.flow("a")
    target = {name: value for name, value in served.target().items() if name != "token"}
    repository.config(staging={**target, "token_file": "secrets/token"})
    Path("secrets").mkdir()
    Path("secrets/token").write_text(f"\n  {TOKEN}\n\n")
    Path("secrets/token").chmod(0o600)
    return repository


def test_a_token_comes_from_a_file_without_the_white_space_around_it(
    filed: Repository, served: Served
) -> None:
    ran = filed.run("apply", "--yes")
    assert ran.exit_code == 0, ran.output
    assert "FS014" not in ran.output
    assert served.operations


def test_a_token_file_is_relative_to_flowsync_yaml(
    filed: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(Path("secrets"))
    assert filed.run("list", "--config", "../flowsync.yaml").exit_code == 0


@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_a_token_file_without_a_token_is_refused(filed: Repository, content: str) -> None:
    Path("secrets/token").write_text(content)
    ran = filed.run("plan")
    assert ran.exit_code == 3
    assert "flowsync.yaml:" in ran.stderr
    assert "is empty" in ran.stderr or "no header can carry" in ran.stderr


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "cannot be read: no such file or directory"),
        ("folder", "is a folder"),
        ("large", "has more than 65,536 bytes"),
        ("binary", "no header can carry"),
        ("loop", "cannot be read: "),
    ],
)
def test_what_is_no_token_file_is_refused_in_a_sentence(
    filed: Repository, kind: str, said: str
) -> None:
    file = Path("secrets/token")
    file.unlink()
    match kind:
        case "folder":
            file.mkdir()
        case "large":
            file.write_text("x" * 65_537)
        case "binary":
            file.write_bytes(b"\x00\xff" * 20)
        case "loop":
            file.symlink_to("token")
    for args in (("plan",), ("apply", "--yes"), ("list",)):
        ran = filed.run(*args)
        assert ran.exit_code == 3
        assert said in ran.stderr
        assert "[FS012]" in ran.stderr
    assert filed.run("validate").exit_code == 0  # needs no token


def test_a_pipe_in_place_of_a_token_file_is_refused_without_waiting_for_a_writer(
    filed: Repository,
) -> None:
    Path("secrets/token").unlink()
    os.mkfifo("secrets/token")
    ran = run_apart("plan")
    assert ran.returncode == 3
    assert "is no file" in ran.stderr


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_a_token_file_that_others_may_read_is_warned_of(filed: Repository, mode: int) -> None:
    Path("secrets/token").chmod(mode)
    ran = filed.run("plan")
    assert ran.exit_code == 0
    assert "may be read by others on this machine" in ran.stderr
    assert "chmod 600 secrets/token [FS014]" in ran.stderr
    assert filed.run("validate", "--strict").exit_code == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may change every file")
def test_a_token_file_that_cannot_be_changed_is_not_warned_of(filed: Repository) -> None:
    Path("secrets/token").chmod(0o444)
    assert "FS014" not in filed.run("plan").stderr


@pytest.mark.parametrize("way", ["file", "FLOWSYNC_TOKEN", "FLOWSYNC_READ_TOKEN"])
def test_a_token_that_is_given_twice_is_refused(
    filed: Repository, served: Served, way: str
) -> None:
    env = {}
    if way == "file":
        filed.config(staging=served.target(token_file="secrets/token"))
        env = {"FLOWSYNC_TOKEN": TOKEN}
    else:
        env = {way: TOKEN, f"{way}_FILE": "secrets/token"}
        env |= {"FLOWSYNC_BASE_URL": served.url, "FLOWSYNC_ACCOUNT": DOCUMENTED_ACCOUNT}
    ran = filed.run("plan", "--target", "staging" if way == "file" else "env", env=env)
    assert ran.exit_code == 3
    assert "only one of the two" in ran.stderr or "is given twice" in ran.stderr
    assert served.operations == []


@pytest.mark.parametrize("variable", ["FLOWSYNC_TOKEN_FILE", "FLOWSYNC_READ_TOKEN_FILE"])
def test_environment_variables_name_a_token_file(
    filed: Repository, served: Served, variable: str
) -> None:
    env = {
        "FLOWSYNC_BASE_URL": served.url,
        "FLOWSYNC_ACCOUNT": DOCUMENTED_ACCOUNT,
        variable: "secrets/token",
    }
    assert filed.run("plan", "--target", "env", env=env).exit_code == 0
    code = 0 if variable == "FLOWSYNC_TOKEN_FILE" else 3
    assert filed.run("apply", "--yes", "--target", "env", env=env).exit_code == code


@pytest.mark.parametrize("how", ["token_file", "FLOWSYNC_TOKEN_FILE", "FLOWSYNC_READ_TOKEN_FILE"])
@pytest.mark.parametrize(
    "args",
    [("validate",), ("plan",), ("plan", "--format", "json"), ("apply", "--yes"), ("list",)],
    ids=" ".join,
)
def test_a_token_from_a_file_is_never_shown(
    filed: Repository, served: Served, how: str, args: tuple[str, ...]
) -> None:
    content = flow_json()
    content["version"] = f"9 {TOKEN}"  # what validate repeats in a message
    filed.flow("b" if args == ("validate",) else "a", name=f"Flow {TOKEN}")
    served.platform.create_flow(DOCUMENTED_ACCOUNT, name=f"Their {TOKEN}", categories=["OTHER"])
    if args == ("validate",):
        filed.flow("c", content=content)
    env = {}
    if how != "token_file":
        env = {how: "secrets/token", "FLOWSYNC_TARGET": "env", "FLOWSYNC_BASE_URL": served.url}
        env["FLOWSYNC_ACCOUNT"] = DOCUMENTED_ACCOUNT
    ran = filed.run(*args, env=env)
    assert "***" in ran.output or how == "FLOWSYNC_READ_TOKEN_FILE"
    assert TOKEN not in ran.output


def test_a_token_in_flowsync_yaml_is_warned_of_at_its_place_and_its_line_is_not_shown(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    Path("flowsync.yaml").write_text(
        "version: 1\ndefault_target: a\ntargets:\n  a: {remote: emulator}\n  b:\n"
        "    remote: gateway\n    base_url: https://gateway.example.com\n    account: '1'\n"
        f"    token: {TOKEN}\n"
    )
    for args in (("validate", "--excerpt"), ("plan",)):
        ran = repository.run(*args, env={"CLICOLOR_FORCE": "1"})
        assert ran.exit_code == 0
        assert "flowsync.yaml:9:5" in ran.output
        assert 'the token of "b" is written here' in ran.output
        assert TOKEN not in ran.output
    assert repository.run("validate", "--strict").exit_code == 3


def test_a_variable_that_is_not_set_is_no_secret(repository: Repository, served: Served) -> None:
    repository.flow("a", name="Flow ${env:FLOWSYNC_TOKEN}")
    repository.config(staging=served.target(), other=gateway_target("https://h", token="written"))
    ran = repository.run("validate", "--target", "staging")
    assert "`token: ${env:FLOWSYNC_TOKEN}`" in ran.output


def test_the_token_of_an_emulator_on_this_machine_may_stand_in_the_file(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target(token="emulator-token"))
    assert "FS013" not in repository.run("validate").output

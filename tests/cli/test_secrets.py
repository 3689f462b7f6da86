"""No token and no signed address appears in anything that flowsync prints or keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest
from click.testing import Result
from werkzeug.wrappers import Request, Response

from flowsync.remotes import http
from flowsync.remotes.in_process import WsgiAdapter
from tests.cli.serving import Served
from tests.support import TOKEN, Repository, flow_json

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WRONG = "wrong-token-also-secret"
SIGNED = ("emulated-secret", "signature=", "assets.emulated.example", "preview.emulated.example")
SEND = ("send", "a", "--to", "+491701234567", "--body", "b", "--button", "c", "--yes")
COMMANDS = [
    ("validate",),
    ("plan", "--verbose"),
    ("plan", "--out", "plan.json", "--format", "json"),
    ("apply", "--yes", "--verbose"),
    ("apply", "--yes", "--format", "json"),
    ("import", "--force", "--verbose"),
    ("import", "--format", "json"),
    ("compare", "staging", "staging", "--verbose"),
    ("list", "--verbose"),
    ("list", "--format", "json"),
    ("status", "--verbose"),
    ("status", "--format", "json"),
    ("ids", "--format", "dotenv"),
    ("show", "a", "--verbose"),
    ("show", "a", "--format", "json"),
    ("show", "a", "--flow-json"),
    SEND,
    ("journal",),
    ("journal", "--last"),
    ("journal", "--last", "--format", "json"),
]


def everything(ran: Result) -> Iterator[tuple[str, str]]:
    """Give all text that a command left: its output, its exceptions, and every file it wrote."""
    yield "stdout", ran.stdout
    yield "stderr", ran.stderr
    error: BaseException | None = ran.exception
    while error is not None:
        yield "exception", f"{error!s} {error!r}"
        error = error.__cause__ or error.__context__
    for file in Path().rglob("*"):
        if file.is_file() and ({".flowsync", "flows"} & {*file.parts} or file.name == "plan.json"):
            yield str(file), file.read_bytes().decode("utf-8", "replace")


def assert_secret(ran: Result, *secrets: str) -> None:
    for where, text in everything(ran):
        for secret in secrets:
            assert secret not in text, where


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("token", [TOKEN, WRONG], ids=["right", "wrong"])
@pytest.mark.parametrize("variable", ["FLOWSYNC_TOKEN", "STAGING_KEY"])
def test_no_command_shows_or_keeps_a_token_or_a_signed_address(
    repository: Repository, served: Served, args: tuple[str, ...], token: str, variable: str
) -> None:
    repository.flow("a")
    repository.config(staging=served.target(token=f"${{env:{variable}}}"))
    if token == TOKEN:
        assert repository.run("apply", "--yes", env={variable: TOKEN}).exit_code == 0
        repository.flow("a", content=flow_json("Other"))
    ran = repository.run(*args, env={variable: token})
    assert_secret(ran, TOKEN, WRONG, *SIGNED)


@pytest.mark.parametrize("more", [(), ("--verbose",), ("--format", "json")], ids=" ".join)
def test_preview_links_are_on_stdout_alone(
    repository: Repository, served: Served, more: tuple[str, ...]
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    env = {"FLOWSYNC_TOKEN": TOKEN}
    assert repository.run("apply", "--yes", env=env).exit_code == 0
    ran = repository.run("status", "--preview-links", *more, env=env)
    assert ran.exit_code == 0
    assert "https://preview.emulated.example/" in ran.stdout
    assert "do not post it publicly" in ran.stderr
    assert TOKEN not in ran.stdout
    for where, text in everything(ran):
        for secret in SIGNED:
            assert where == "stdout" or secret not in text, where
    assert "assets.emulated.example" not in ran.stdout


@pytest.mark.parametrize("args", [("plan",), ("apply", "--yes"), ("list",)], ids=" ".join)
def test_a_read_token_is_kept_secret_too(
    repository: Repository, served: Served, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    env = {"FLOWSYNC_TOKEN": WRONG, "FLOWSYNC_READ_TOKEN": TOKEN}
    assert_secret(repository.run(*args, env=env), TOKEN, WRONG)


@pytest.mark.parametrize("args", [("plan",), ("apply", "--yes"), ("list",)], ids=" ".join)
@pytest.mark.parametrize("variable", ["FLOWSYNC_TOKEN", "STAGING_KEY"])
@pytest.mark.parametrize("kind", ["plain-", 'with"quote\\and-'], ids=["plain", "quote"])
def test_a_remote_that_repeats_the_credential_does_not_make_flowsync_show_it(
    repository: Repository,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    variable: str,
    kind: str,
) -> None:
    token = kind + token_hex(8)  # one that no other test has made known to this process

    def repeats(environ: WSGIEnvironment, start_response: object) -> object:
        credential = Request(environ).headers["Authorization"]
        body = json.dumps({"error": f"Invalid: {credential}"})
        response = Response(body, 401, mimetype="application/json")
        return response(environ, start_response)  # type: ignore[arg-type]

    monkeypatch.setattr(http, "HTTPAdapter", lambda **kw: WsgiAdapter(repeats))  # type: ignore[arg-type]
    repository.flow("a")
    repository.config(staging=served.target(token=f"${{env:{variable}}}"))
    ran = repository.run(*args, env={variable: token})
    assert ran.exit_code == 5
    assert "HTTP 401" in ran.stderr
    assert_secret(ran, token, json.dumps(token)[1:-1])


def test_a_token_written_into_the_file_is_not_shown_by_what_is_said_about_the_file(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target(token=f" {WRONG}"))
    ran = repository.run("plan")
    assert ran.exit_code == 3
    assert_secret(ran, WRONG)
    repository.config(staging=served.target(token={"secret": WRONG}))
    ran = repository.run("plan")
    assert ran.exit_code == 3
    assert_secret(ran, WRONG)


def test_a_base_url_with_a_password_is_refused_without_showing_it(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target(base_url="https://user:pass-word-secret@h"))
    ran = repository.run("plan", env={"FLOWSYNC_TOKEN": TOKEN})
    assert ran.exit_code == 3
    assert_secret(ran, "pass-word-secret", TOKEN)


def test_a_name_that_holds_the_token_is_shown_without_it(
    repository: Repository, served: Served
) -> None:
    """As when a variable was pasted into the wrong place; text and JSON are cleaned alike."""
    repository.flow("a", name=f"Flow {TOKEN}")
    repository.config(staging=served.target())
    for args in (("plan",), ("plan", "--format", "json"), ("validate",)):
        ran = repository.run(*args, env={"FLOWSYNC_TOKEN": TOKEN})
        assert TOKEN not in ran.output

"""A remote that means harm: each answer ends soon, in a sentence without token and without ESC."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import Result
from werkzeug.wrappers import Response

from flowsync.apply.context import Progress
from flowsync.cli.progress import _live_lines
from flowsync.model import JsonValue
from flowsync.remotes import http, retry
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT, GatewayApp, GatewayOptions
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.retry_policy import POLICY
from tests.support import Repository, flow_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN_TOKEN = "token-that-the-gateway-repeats"
QUOTED_TOKEN = 'token"with\\quote'
PIECE_OF_JSON = '": "Flow'  # stands in most documents that hold the name of a flow
OBEYED = {"CSI": "\x9b", "RLO": "\u202e", "LRI": "\u2066", "ESC": "\x1b"}
HOSTILE = "".join(f"{sign}31m" for sign in OBEYED.values())


@pytest.fixture(autouse=True)
def _no_second_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a read that failed be reported at once, not after waiting and trying again."""
    once = {trouble: replace(rule, read_attempts=1) for trouble, rule in POLICY.items()}
    monkeypatch.setattr(retry, "POLICY", once)


@pytest.fixture
def platform() -> Iterator[Platform]:
    """The flows of a remote whose findings hold what a terminal would obey."""
    store = Store(":memory:")
    entry: JsonValue = {"error": "INVALID", "message": f"Wrong{HOSTILE}", "line_start": 1}
    yield Platform(store, lambda content: [entry] if b"hostile" in content else [])
    store.close()


def run(repository: Repository, *args: str, token: str = PLAIN_TOKEN) -> Result:
    """Run a command; a bug shows as its own exception."""
    ran = repository.run(*args, env={"FLOWSYNC_TOKEN": token})
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def target(**fields: JsonValue) -> dict[str, JsonValue]:
    return {
        "remote": "gateway",
        "base_url": "https://gateway.test",
        "account": DOCUMENTED_ACCOUNT,
        "token": "${env:FLOWSYNC_TOKEN}",
        "allow": ["publish", "deprecate", "delete"],
        **fields,
    }


def reach(monkeypatch: pytest.MonkeyPatch, app: WSGIApplication) -> None:
    """Let every request go to an application in this process."""
    monkeypatch.setattr(http, "HTTPAdapter", lambda **kw: WsgiAdapter(app))


def gateway_of(platform: Platform) -> GatewayApp:
    return GatewayApp(platform, GatewayOptions())


def create(platform: Platform, name: str, content: JsonValue = None) -> str:
    flow_id = platform.create_flow(DOCUMENTED_ACCOUNT, name=name, categories=["OTHER"])
    platform.upload(flow_id, json.dumps(content or flow_json()).encode())
    return flow_id


# --- answers ---


@contextmanager
def dripping() -> Iterator[str]:
    """Give the address of a server whose answers come byte by byte and never end."""
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        )
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(head)
            while not ended.wait(0.1):
                connection.sendall(b"[")

    def serve() -> None:
        drips = []
        with suppress(OSError):
            while True:
                drips.append(threading.Thread(target=drip, args=(listener.accept()[0],)))
                drips[-1].start()
        for thread in drips:
            thread.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)
    assert not thread.is_alive()


def test_an_answer_that_comes_byte_by_byte_is_given_up(repository: Repository) -> None:
    repository.flow("a")
    with dripping() as url:
        repository.config(staging=target(base_url=url, limits={"timeout": 1}))
        began = time.monotonic()
        ran = run(repository, "plan")
        assert time.monotonic() - began < 5
    assert ran.exit_code == 5
    assert "error: " in ran.stderr


@pytest.mark.parametrize("args", [("plan",), ("show", "a"), ("apply", "--yes")], ids=" ".join)
@pytest.mark.parametrize("output", ["text", "json"])
def test_flow_json_nested_without_end_in_an_answer_ends_in_a_sentence(
    repository: Repository,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    output: str,
) -> None:
    flow_id = create(platform, "A")
    gateway = gateway_of(platform)
    contents = "[" * 900 + "]" * 900

    def nests(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith(flow_id):
            return gateway(environ, start_response)
        details = {"id": flow_id, "name": "A", "status": "DRAFT", "json_contents": "HERE"}
        body = json.dumps({"success": True, "message": "", "data": details})
        body = body.replace('"HERE"', contents)
        return Response(body, 200, mimetype="application/json")(environ, start_response)

    reach(monkeypatch, nests)
    repository.flow("a")
    repository.config(staging=target())
    ran = run(repository, *args, "--format", output)
    assert ran.exit_code in {3, 5}
    assert ran.output


# --- addresses ---


@pytest.mark.parametrize(
    "base_url", ["https://a..b", f"https://{'a' * 70}.test", "https://a.b/x/../y", "https://a.b/.."]
)
@pytest.mark.parametrize("args", [("plan",), ("list",), ("apply", "--yes")], ids=" ".join)
def test_an_address_that_leads_nowhere_ends_in_a_sentence(
    repository: Repository, base_url: str, args: tuple[str, ...]
) -> None:
    repository.flow("a")
    repository.config(staging=target(base_url=base_url))
    ran = run(repository, *args)
    assert ran.exit_code == 3 if "b/" in base_url else ran.exit_code in {3, 5}
    assert "error: " in ran.stderr or "base_url" in ran.stderr


@pytest.mark.parametrize("account", ["..", "", "\udcff", "a/b"], ids=ascii)
@pytest.mark.parametrize("source", ["file", "environment"])
@pytest.mark.parametrize("args", [("plan",), ("list",), ("apply", "--yes")], ids=" ".join)
def test_an_account_that_would_change_the_address_is_refused(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    account: str,
    source: str,
    args: tuple[str, ...],
) -> None:
    def unasked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise AssertionError("a request was sent")

    reach(monkeypatch, unasked)
    repository.flow("a")
    monkeypatch.setenv("ACCOUNT", account)
    from_file = source == "file"
    repository.config(staging=target(account=account if from_file else "${env:ACCOUNT}"))
    ran = run(repository, *args)
    assert ran.exit_code == 3
    assert "flowsync.yaml:" in ran.stderr


# --- what a remote writes into names and findings ---


def written() -> Iterator[str]:
    """Give all that was written into files by flowsync."""
    for file in Path().rglob("*"):
        if file.is_file() and (".flowsync" in file.parts or file.name == "plan.json"):
            yield file.read_text("utf-8", "replace")


@pytest.fixture(
    params=[PLAIN_TOKEN, QUOTED_TOKEN, PIECE_OF_JSON],
    ids=["plain", "quote and backslash", "piece of JSON"],
)
def repeated(
    request: pytest.FixtureRequest,
    repository: Repository,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """The token of a target whose remote has a flow that is named like it, and is pruned."""
    token: str = request.param
    create(platform, f"Flow {token}")
    reach(monkeypatch, gateway_of(platform))
    repository.flow("a")
    prune: JsonValue = {"match": "*", "draft": "delete", "published": "deprecate"}
    repository.config(staging=target(prune=prune))
    return token


def assert_hidden(token: str, *texts: str) -> None:
    for text in texts:
        assert token not in text or token == PIECE_OF_JSON  # JSON itself may be written so
        assert json.dumps(token)[1:-1] not in text


def test_a_plan_in_which_the_remote_repeats_the_token_is_not_saved(
    repository: Repository, repeated: str
) -> None:
    ran = run(repository, "plan", "--out", "plan.json", token=repeated)
    assert ran.exit_code == 1
    assert "error: the plan is not saved, because it holds the target's token" in ran.stderr
    assert not list(Path().glob("*plan.json*"))
    assert_hidden(repeated, ran.output)


@pytest.mark.parametrize(
    "args",
    [
        ("plan", "--format", "json"),
        ("list", "--format", "json"),
        ("apply", "--yes", "--format", "json"),
    ],
    ids=" ".join,
)
def test_json_in_which_the_remote_repeats_the_token_stays_json_without_the_token(
    repository: Repository, repeated: str, args: tuple[str, ...]
) -> None:
    ran = run(repository, *args, token=repeated)
    assert "Flow ***" in json.dumps(json.loads(ran.stdout))
    assert_hidden(repeated, ran.output, *written())


def test_the_journal_of_a_remote_that_repeats_the_token_is_whole_and_without_the_token(
    repository: Repository, repeated: str
) -> None:
    ran = run(repository, "apply", "--yes", token=repeated)
    assert ran.exit_code == 0
    (file,) = Path(".flowsync/journal").glob("*.jsonl")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert lines[-1]["event"] == "run_finished"
    assert "Flow ***" in file.read_text("utf-8")
    assert_hidden(repeated, ran.output, *written())


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize(
    "args",
    [("plan", "--verbose"), ("list",), ("show", "a"), ("apply", "--yes"), ("journal", "--last")],
    ids=" ".join,
)
def test_nothing_that_a_terminal_would_obey_comes_through_from_names_and_findings(
    repository: Repository,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    output: str,
) -> None:
    create(platform, f"Other{HOSTILE}")
    create(platform, "A", flow_json("hostile"))
    reach(monkeypatch, gateway_of(platform))
    repository.flow("a", content=flow_json("hostile too"))
    prune: JsonValue = {"match": "*", "draft": "delete", "published": "deprecate"}
    repository.config(staging=target(prune=prune))
    if args[0] == "journal":
        run(repository, "apply", "--yes")
    ran = run(repository, *args, "--format", output)
    assert "31m" in ran.output
    for name, sign in OBEYED.items():
        assert sign not in ran.output, name
    if output == "json":
        assert HOSTILE in json.dumps(json.loads(ran.stdout), ensure_ascii=False).replace(
            "\\u001b", "\x1b"
        )


def test_marks_of_another_program_in_a_name_do_not_break_live_progress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with _live_lines() as tell:
        tell(Progress(label="Flow [/b]", step=None, text="failed: [/i] [link=x]"))
    shown = capsys.readouterr().err
    assert "Flow [/b]" in shown
    assert "[/i] [link=x]" in shown

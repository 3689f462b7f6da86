"""`flowsync preview` as a process: its address, its end, and files that change below it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flowsync.model import JsonValue
from tests.cli.serving import run
from tests.support import Repository, flow_json

_SECONDS = 30.0


@contextmanager
def previewing(*args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give the process of a preview and its address."""
    command = [sys.executable, "-m", "flowsync", "preview", "--no-open", *args]
    environment = {
        **os.environ,
        "FLOWSYNC_TOKEN": "write-token-not-secret",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("Preview on http://127.0.0.1:"), process.stderr
            yield process, line.removeprefix("Preview on ").strip()
        finally:
            process.kill()


def state(address: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{address}state", timeout=_SECONDS) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def act(address: str, **fields: object) -> dict[str, str]:
    request = urllib.request.Request(
        f"{address}act", json.dumps(fields).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def until(address: str, part: str, text: str) -> tuple[dict[str, str], float]:
    """Wait until a part of the page says something; give the state, and after how many seconds."""
    begun = time.monotonic()
    while text not in (found := state(address))[part]:
        assert time.monotonic() < begun + _SECONDS, found[part]
        time.sleep(0.02)
    return found, time.monotonic() - begun


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(repository: Repository, number: int) -> None:
    repository.flow("a")
    with previewing("a") as (process, address):
        shown = state(address)
        assert "E-mail" in shown["screen"]
        assert "write-token-not-secret" not in json.dumps(shown)
        process.send_signal(number)
        _, said = process.communicate(timeout=_SECONDS)
        assert process.returncode == 0
        assert "stopped." in said


def test_a_saved_file_shows_and_screen_and_input_stay(repository: Repository) -> None:
    repository.flow("a", content=flow_json("Before"))
    with previewing() as (_, address):
        act(address, act="fill", name="email", value="ada@example.com")
        repository.flow("a", content=flow_json("After"))
        shown, seconds = until(address, "screen", "After")
        assert "ada@example.com" in shown["screen"]
        assert seconds < 5  # about 0.2 s on an idle machine
        Path("flows/a.json").write_text("{", "utf-8")
        shown, _ = until(address, "inspector", "flows/a.json:1:2")
        assert "After" in shown["screen"]
        repository.flow("b")
        until(address, "flows", 'data-value="b"')


def test_a_walk_is_saved_beside_the_definition_and_runs(repository: Repository) -> None:
    repository.flow("a")
    with previewing("a") as (_, address):
        act(address, act="fill", name="email", value="ada@example.com")
        act(address, act="tap", name="Footer")
        said = act(address, act="save", value="Ada leaves her address")["said"]
    assert said.startswith('saved as "Ada leaves her address" in flows/a.scenarios.yaml')
    ran = run(repository, "test", "a", "--verbose")
    assert ran.exit_code == 0, ran.output
    assert "✓ Ada leaves her address" in ran.stdout


def test_a_walk_with_an_answer_that_no_fixture_gives_says_so_when_it_is_saved(
    repository: Repository,
) -> None:
    repository.flow("a", content=_asking())
    Path("flows/a.fixtures.yaml").write_text("exchanges:\n- answer: {screen: LAST}\n", "utf-8")
    with previewing("a") as (_, address):
        act(address, act="tap", name="Footer")
        said = act(address, act="save", value="It works")["said"]
        assert said == 'saved as "It works" in flows/a.scenarios.yaml; `flowsync test a` runs it.'
        act(address, act="fault", value="error-message")
        act(address, act="restart")
        act(address, act="tap", name="Footer")
        said = act(address, act="save", value="It fails")["said"]
    assert "It does not pass with a.fixtures.yaml alone: line " in said
    assert said.endswith("Write there what answered.")
    assert run(repository, "test", "a").exit_code == 3


def _asking() -> JsonValue:
    """Give a flow that asks its endpoint on the way to its last screen."""

    def footer(action: dict[str, JsonValue]) -> JsonValue:
        button: JsonValue = {"type": "Footer", "label": "Go on", "on-click-action": action}
        return {"type": "SingleColumnLayout", "children": [button]}

    ask: dict[str, JsonValue] = {"name": "data_exchange", "payload": {}}
    end: dict[str, JsonValue] = {"name": "complete", "payload": {}}
    return {
        "version": "7.3",
        "data_api_version": "3.0",
        "routing_model": {"FIRST": ["LAST"], "LAST": []},
        "screens": [
            {"id": "FIRST", "title": "First", "layout": footer(ask)},
            {"id": "LAST", "title": "Last", "terminal": True, "layout": footer(end)},
        ],
    }


def test_wrong_words_are_said(repository: Repository) -> None:
    ran = run(repository, "preview", "--no-open")
    assert ran.exit_code == 64
    assert "there is no flow to show" in ran.stderr
    repository.flow("a")
    assert 'no flow has the key "b"' in run(repository, "preview", "b", "--no-open").stderr
    remote = run(repository, "preview", "--no-open", "--endpoint", "http://example.com/flow")
    assert remote.exit_code == 64
    assert "another machine" in remote.stderr


def test_a_port_that_is_taken_is_said(repository: Repository) -> None:
    repository.flow("a")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run(repository, "preview", "--no-open", "--port", str(port))
    assert ran.exit_code == 1
    assert f"port {port} of 127.0.0.1 cannot be listened on" in ran.stderr


def test_a_key_pair_is_made_once_for_an_encrypted_endpoint(repository: Repository) -> None:
    repository.flow("a")
    keys = Path(".flowsync/keys")
    seen = []
    for _ in range(2):
        with previewing("a", "--endpoint", "http://127.0.0.1:9", "--encrypted"):
            seen.append({file.name: file.read_text() for file in keys.iterdir()})
    assert seen[0] == seen[1]
    assert all(file.stat().st_mode & 0o077 == 0 for file in keys.iterdir())

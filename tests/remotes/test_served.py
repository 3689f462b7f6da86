"""The emulator as it is served: a real process, real connections on the loopback address."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

import flowsync
from flowsync.errors import RemoteDenied, RemoteUnavailable
from flowsync.model import FlowId
from flowsync.remotes.emulator.gateway_app import default_account
from flowsync.remotes.gateway.client import GatewayRemote
from flowsync.remotes.interface import FlowUpdate, NewFlow
from tests.remotes.support import FakeTime, http_client
from tests.support import flow_json

ROOT = Path(flowsync.__file__).parent.parent
TOKEN = "served-token"


def start(*args: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FLOWSYNC_SERVE_TOKEN": TOKEN}
    for name in [name for name in environment if name.startswith("COV_")]:
        del environment[name]
    return subprocess.Popen(
        [sys.executable, "-m", "flowsync", "serve", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """End a process by its own id, whatever state it is in, and give what it printed."""
    if process.poll() is None:
        process.kill()
    process.wait(timeout=10)
    pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe and not pipe.closed]
    texts = [pipe.read() for pipe in pipes]  # some of it may have been read ahead already
    for pipe in pipes:
        pipe.close()
    return (texts[0], texts[1]) if texts else ("", "")


@contextmanager
def served(*args: str, is_awaited: bool = True) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve on a free port for as long as a test needs it, and give the address.

    With `is_awaited` the server has answered a request before the test goes on.
    """
    process = start("--port", "0", *args)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"Emulator on (http://\S+) \(", first)
        assert found, first or (process.stderr and process.stderr.read())
        if is_awaited:
            assert requests.get(f"{found[1]}/up", timeout=5).text == "OK"
        yield found[1], process
    finally:
        end(process)


@contextmanager
def client_of(
    address: str, dialect: str = "documented", token: str = TOKEN, scheme: str = "Bearer"
) -> Iterator[GatewayRemote]:
    http = http_client(
        None, base_url=address, credential=f"{scheme} {token}", dialect=dialect, read_timeout=10
    )
    try:
        yield GatewayRemote(
            http,
            dialect=dialect,
            account=default_account(dialect),
            retrier=FakeTime().retrier(),
        )
    finally:
        http.close()


@pytest.mark.parametrize("dialect", ["documented", "reference"])
@pytest.mark.parametrize("scheme", ["Bearer", "AccessKey"])
def test_flow_lives_its_life_over_http(dialect: str, scheme: str) -> None:
    with (
        served("--dialect", dialect) as (address, _),
        client_of(address, dialect, scheme=scheme) as remote,
    ):
        flow_id = remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        spare = remote.create_flow(NewFlow(name="Spare", categories=("OTHER",)))
        assert len(remote.list_flows().flows) == 2
        assert remote.upload_flow_json(flow_id, json.dumps(flow_json())) == ()
        remote.update_flow(flow_id, FlowUpdate(categories=("SURVEY",)))
        remote.publish_flow(flow_id)
        flow = remote.get_flow(flow_id)
        assert (flow.status, flow.categories) == ("PUBLISHED", ("SURVEY",))
        assert flow.content.value == flow_json()
        remote.deprecate_flow(flow_id)
        remote.delete_flow(spare)
        (left,) = remote.list_flows().flows
        assert (left.id, left.status) == (flow_id, "DEPRECATED")


def test_wrong_token_is_denied_and_does_nothing() -> None:
    with served() as (address, _):
        with client_of(address, token="wrong-token") as stranger:
            with pytest.raises(RemoteDenied) as caught:
                stranger.list_flows()
            assert caught.value.status == 401
            with pytest.raises(RemoteDenied):
                stranger.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        with client_of(address) as remote:
            assert remote.list_flows().flows == ()


def test_requests_are_answered_at_the_same_time() -> None:
    with served("--latency", "250") as (address, _), client_of(address) as remote:
        started = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            listings = list(pool.map(lambda number: remote.list_flows(), range(8)))
        seconds = time.monotonic() - started
        assert [listing.is_whole for listing in listings] == [True] * 8
        assert 0.25 <= seconds < 8 * 0.25


@pytest.mark.parametrize("fault", ["drop", "drop-after"])
def test_dropped_connection_breaks_for_real(fault: str) -> None:
    with served("--fault", f"create:{fault}*1") as (address, _), client_of(address) as remote:
        with pytest.raises(RemoteUnavailable) as caught:
            remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        assert caught.value.outcome_unknown
        assert caught.value.status is None
        names = [flow.name for flow in remote.list_flows().flows]
        assert names == ([] if fault == "drop" else ["Alpha"])


def test_refused_connections_are_taken_again_after_a_while() -> None:
    with served("--fault", "create:refused=300*1") as (address, _), client_of(address) as remote:
        with pytest.raises(RemoteUnavailable) as caught:
            remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        assert caught.value.outcome_unknown
        with pytest.raises(RemoteUnavailable) as caught:
            remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        assert not caught.value.outcome_unknown
        time.sleep(0.6)
        remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        assert len(remote.list_flows().flows) == 1


def test_signal_ends_a_server_that_holds_an_answer_back() -> None:
    with served("--fault", "list:hang") as (address, process), client_of(address) as remote:
        with ThreadPoolExecutor(1) as pool:
            listing = pool.submit(remote.list_flows)
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=5) == 0
            with pytest.raises(RemoteUnavailable):
                listing.result(timeout=10)
        _, errors = end(process)
    assert "Traceback" not in errors


def test_faults_of_a_script_and_by_chance_come_on_top_of_those_named(tmp_path: Path) -> None:
    script = tmp_path / "storm.txt"
    script.write_text("list@2:forbidden  # only the second\n")
    options = ("--fault-script", str(script), "--fault", "list@1:unauthenticated")
    chance = ("--fault-seed", "7", "--fault-percent", "0")
    with served(*options, *chance) as (address, _), client_of(address) as remote:
        for status in (401, 403):
            with pytest.raises(RemoteDenied) as caught:
                remote.list_flows()
            assert caught.value.status == status
        assert remote.list_flows().is_whole


def test_same_seed_serves_the_same_faults() -> None:
    def statuses() -> list[int]:
        with served("--fault-seed", "3", "--fault-percent", "60") as (address, _):
            url = f"{address}/api/whatsapp/{default_account('documented')}/flows"
            return [status_of(url) for _ in range(12)]

    first = statuses()
    assert first == statuses()
    assert len(set(first)) > 2


def status_of(url: str) -> int:
    """Give the status of an answer, 0 where none comes."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    try:
        return requests.get(url, headers=headers, timeout=5, allow_redirects=False).status_code
    except requests.ConnectionError as exc:
        if "refused" not in str(exc):
            return 0
    time.sleep(0.05)  # until the server listens again
    return status_of(url)


def test_large_upload_goes_through() -> None:
    text = json.dumps({**flow_json(), "extra": "x" * 900_000})
    with served() as (address, _), client_of(address) as remote:
        flow_id = remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
        remote.list_flows()
        (finding,) = remote.upload_flow_json(flow_id, text)
        assert finding.code == "INVALID_PROPERTY_KEY"


def test_flows_are_kept_in_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "flows.db"
    flow_id = FlowId("")
    for number in range(2):
        with served("--db", str(file)) as (address, process), client_of(address) as remote:
            if number == 0:
                flow_id = remote.create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=5) == 0
            else:
                assert [flow.id for flow in remote.list_flows().flows] == [flow_id]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server_within_five_seconds_without_an_error(number: int) -> None:
    with served() as (_, process):
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        output, errors = end(process)
    assert output.endswith("stopped.\n")
    assert "Traceback" not in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_right_after_the_greeting_ends_the_server_without_an_error(number: int) -> None:
    with served(is_awaited=False) as (_, process):
        process.send_signal(number)
        assert process.wait(timeout=5) == 0


def test_signal_ends_a_server_with_open_connections() -> None:
    with served() as (address, process), client_of(address) as remote:
        remote.list_flows()  # the connection is kept open
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


def test_request_in_flight_is_answered_before_the_server_ends() -> None:
    with served("--latency", "600") as (address, process), client_of(address) as remote:
        with ThreadPoolExecutor(1) as pool:
            listing = pool.submit(remote.list_flows)
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            assert listing.result(timeout=10).is_whole
        assert process.wait(timeout=5) == 0


def test_greeting_holds_what_another_terminal_needs() -> None:
    with served("--dialect", "reference") as (address, process):
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)
        output, _ = end(process)
    assert f"export FLOWSYNC_BASE_URL={address}\n" in output
    assert f"export FLOWSYNC_ACCOUNT={default_account('reference')}\n" in output
    assert (
        "# FLOWSYNC_TOKEN or FLOWSYNC_TOKEN_FILE: the credential that serve was given\n" in output
    )
    assert TOKEN not in output
    assert "export FLOWSYNC_DIALECT=reference\n" in output


def test_server_listens_on_loopback_only() -> None:
    with served() as (address, _):
        assert address.startswith("http://127.0.0.1:")
        assert requests.get(f"{address}/up", timeout=5).text == "OK"


def finished(*args: str) -> tuple[int, str, str]:
    process = start(*args)
    try:
        code = process.wait(timeout=10)
    finally:
        output, errors = end(process)
    return code, output, errors


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_address_that_others_can_reach_is_refused(host: str) -> None:
    code, output, errors = finished("--port", "0", "--host", host)
    assert (code, output) == (6, "")
    assert errors.startswith(f"error: {host} can be reached from other machines.")
    assert "--allow-remote" in errors


def test_port_in_use_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, output, errors = finished("--port", str(port))
    assert (code, output) == (1, "")
    assert errors.startswith(f"error: 127.0.0.1:{port} cannot be listened on: ")
    assert "Choose another --port." in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--fault", "nonsense"), 64),
        (("--fault", "make:drop"), 64),
        (("--port", "70000"), 64),
        (("--dialect", "other"), 64),
    ],
)
def test_words_that_mean_nothing_are_wrong_usage(args: tuple[str, ...], code: int) -> None:
    found, output, errors = finished(*args)
    assert (found, output) == (code, "")
    assert "Traceback" not in errors


def test_database_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "damaged.db"
    file.write_text("this is no database " * 100)
    code, _, errors = finished("--port", "0", "--db", str(file))
    assert code == 1
    assert "cannot be opened: the file is no database. Name another file" in errors
    assert "Traceback" not in errors


def test_faults_are_listed() -> None:
    code, output, _ = finished("--list-faults")
    assert code == 0
    assert "drop-after" in output


def test_graph_api_is_served_with_what_a_client_needs_to_know() -> None:
    options = ("--api", "graph", "--calls-per-hour", "4", "--trouble", "no-app")
    with served(*options, is_awaited=False) as (address, process):
        assert process.stdout is not None
        greeting = "".join(iter(process.stdout.readline, "Ctrl-C ends the server.\n"))
        exported = dict(re.findall(r"^export (\w+)=(.*)$", greeting, re.MULTILINE))
        assert exported["FLOWSYNC_REMOTE"] == "graph"
        url = f"{exported['FLOWSYNC_BASE_URL']}/v24.0/{exported['FLOWSYNC_ACCOUNT']}"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        health = requests.get(url, params={"fields": "health_status"}, headers=headers, timeout=5)
        parts = health.json()["health_status"]["entities"]
        assert [part["entity_type"] for part in parts if part["can_send_message"] == "BLOCKED"] == [
            "APP"
        ]
        assert json.loads(health.headers["X-App-Usage"])["call_count"] == 25
        codes = [
            requests.get(f"{url}/flows", headers=headers, timeout=5).status_code for _ in range(4)
        ]
        assert codes == [200, 200, 200, 400]
        assert url.startswith(address)

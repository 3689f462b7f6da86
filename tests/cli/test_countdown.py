"""A pause of the account as people see it: on a terminal, in CI, and in apply's table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flowsync.cli.console import Console
from flowsync.cli.countdown import Countdown
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.pace import Wait, WaitReason
from tests.cli.serving import Served, run, statuses
from tests.cli.terminal import COLUMNS, LIMIT_S, ROOT, Shown, on_terminal
from tests.support import TOKEN, Repository

PAUSED = "the remote asks for fewer requests"
FULL_HOUR = "the account is called too often"


def paused(seconds: float) -> Wait:
    return Wait(reason=WaitReason.PAUSED, seconds=seconds, limit=None)


def full_hour(seconds: float) -> Wait:
    return Wait(reason=WaitReason.HOUR_IS_FULL, seconds=seconds, limit=200)


# --- lines, where nobody watches ---


def test_a_pause_is_one_line_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    countdown = Countdown(Console(), lambda: 60.0)
    countdown.tell(paused(60))
    assert capsys.readouterr().err == f"waiting 60 s: {PAUSED}\n"


@pytest.mark.parametrize(("quiet", "seconds"), [(True, 60.0), (False, 0.9)])
def test_a_short_wait_and_a_quiet_one_are_not_told(
    capsys: pytest.CaptureFixture[str], quiet: bool, seconds: float
) -> None:
    Countdown(Console(quiet=quiet), lambda: 60.0).tell(paused(seconds))
    assert capsys.readouterr().err == ""


def test_a_full_hour_that_frees_a_request_now_and_then_is_told_once_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = [0.0]
    countdown = Countdown(Console(), lambda: 5.0, clock=lambda: now[0])
    for now[0] in (0.0, 5.0, 59.0, 60.0, 65.0):
        countdown.tell(full_hour(5))
    line = f"waiting 5 s: {FULL_HOUR} (requests_per_hour: 200 used up)\n"
    assert capsys.readouterr().err == line * 2


# --- the thread ---


class Terminal:
    """Stands for a console on a terminal, and keeps each status that was shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Console, "is_live", True)
        self.console = Console()
        self.statuses: list[str] = []
        monkeypatch.setattr(self.console, "status", self.statuses.append)

    def wait_for_a_status(self) -> None:
        deadline = time.monotonic() + 5
        while not self.statuses and time.monotonic() < deadline:
            time.sleep(0.01)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "flowsync-countdown"]


def until_no_thread() -> None:
    deadline = time.monotonic() + 5
    while threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threads() == []


def test_many_waits_are_one_countdown(terminal: Terminal) -> None:
    countdown = Countdown(terminal.console, lambda: 60.0)
    for _ in range(8):
        countdown.tell(paused(60))
    assert threads() == ["flowsync-countdown"]
    terminal.wait_for_a_status()
    countdown.end()
    assert threads() == []
    assert terminal.statuses == [f"waiting 1:00: {PAUSED}", ""]


def test_a_countdown_ends_when_requests_go_on_and_begins_anew(terminal: Terminal) -> None:
    left = [0.02, 0.01, 0.0]
    countdown = Countdown(terminal.console, lambda: left.pop(0) if len(left) > 1 else left[0])
    for _ in range(2):
        left[:] = [0.02, 0.01, 0.0]
        countdown.tell(paused(2))
        until_no_thread()
    assert terminal.statuses == [f"waiting 0:01: {PAUSED}", ""] * 2


def test_a_table_shows_the_countdown_in_place_of_the_line(terminal: Terminal) -> None:
    countdown = Countdown(terminal.console, lambda: 61.2)
    assert countdown.text() == ""
    with countdown.in_table():
        countdown.tell(full_hour(62))
        assert threads() == []
        shown = f"waiting 1:02: {FULL_HOUR} (requests_per_hour: 200 used up)"
        assert countdown.text() == shown
    assert terminal.statuses == []


def test_a_line_that_counts_gives_way_to_a_table(terminal: Terminal) -> None:
    countdown = Countdown(terminal.console, lambda: 60.0)
    countdown.tell(paused(60))
    with countdown.in_table():
        assert threads() == []
        assert terminal.statuses[-1] == ""


def test_a_terminal_that_takes_nothing_does_not_keep_the_work(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = threading.Event()
    monkeypatch.setattr(terminal.console, "status", lambda text: stuck.wait(LIMIT_S))
    countdown = Countdown(terminal.console, lambda: 60.0)
    began = time.monotonic()
    for _ in range(8):
        countdown.tell(paused(60))
    countdown.end()
    assert time.monotonic() - began < 5
    stuck.set()
    until_no_thread()


# --- a real terminal ---


@contextmanager
def serving(*faults: str) -> Iterator[str]:
    """Give the address of `flowsync serve` with faults."""
    options = [word for fault in faults for word in ("--fault", fault)]
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "flowsync", "serve", "--port", "0", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield address[0]
                    break
        finally:
            server.terminate()


def against(address: str, *args: str, token: str = "emulator-token") -> Shown:
    return on_terminal(
        *args,
        FLOWSYNC_BASE_URL=address,
        FLOWSYNC_ACCOUNT=DOCUMENTED_ACCOUNT,
        FLOWSYNC_TOKEN=token,
    )


def test_throttled_list_counts_down_in_one_line_and_leaves_nothing_of_it(
    repository: Repository,
) -> None:
    repository.flow("a")
    with serving("list:rate-limit=3*1") as address:
        shown = against(address, "list")
    assert shown.exit_code == 0
    assert shown.counts == ["0:03", "0:02", "0:01"]
    assert shown.screen == "The account has no flows.\n"


def test_verbose_line_stands_above_the_countdown_and_the_counts_tell_of_it(
    repository: Repository,
) -> None:
    repository.flow("a")
    with serving("list:rate-limit=1*1") as address:
        shown = against(address, "list", "--verbose")
    assert shown.exit_code == 0
    assert re.fullmatch(
        r"list: HTTP 429; again in 1\.0 s \(2 of 4\)\n"
        r"requests: 2 GET; 1 read repeated\nThe account has no flows\.\n",
        shown.screen,
    )


def test_quiet_run_counts_nothing_down(repository: Repository) -> None:
    repository.flow("a")
    with serving("list:rate-limit=1*1") as address:
        assert against(address, "list", "--quiet").text == "The account has no flows.\r\n"


@pytest.fixture
def staging(repository: Repository, served: Served) -> Repository:
    """A repository with two live flows on the served gateway, its one target."""
    repository.config(staging=served.target(limits={"parallelism": 4}))
    for key in "ab":
        repository.flow(key)
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


def test_ctrl_c_ends_a_pause_that_other_threads_wait_for(
    staging: Repository, served: Served
) -> None:
    served.emulated.faults.add("get:rate-limit=200")
    began = time.monotonic()
    shown = on_terminal("plan", interrupt_at="waiting 3:1", FLOWSYNC_TOKEN=TOKEN)
    assert shown.exit_code == 130
    assert time.monotonic() - began < LIMIT_S / 2
    assert shown.screen.split("\n")[-2:] == ["error: stopped.", ""]


def test_apply_shows_the_countdown_above_its_table_and_as_no_line_of_its_own(
    staging: Repository, served: Served
) -> None:
    served.emulated.faults.add("deprecate:rate-limit=2*1")
    for key in "ab":
        staging.flow(key, state="deprecated")
    shown = on_terminal("apply", "--yes", FLOWSYNC_TOKEN=TOKEN)
    assert shown.exit_code == 0
    assert shown.counts == ["0:02", "0:01"]
    assert f"\rwaiting 0:02: {PAUSED}" not in shown.text
    assert statuses(served.platform) == {"A": "DEPRECATED", "B": "DEPRECATED"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_stderr_does_not_stop_a_throttled_command(
    staging: Repository, served: Served
) -> None:
    served.emulated.faults.add("list:rate-limit=1*1")
    with Path("/dev/full").open("wb") as full:
        shown = on_terminal("list", stderr=full.fileno(), FLOWSYNC_TOKEN=TOKEN)
    assert shown.exit_code == 0
    assert "PUBLISHED" in shown.text


def test_a_line_wider_than_the_terminal_is_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    console = Console()
    console.status("x" * 200)
    console.status("short")
    console.note("note\n")
    drawn = capsys.readouterr().err
    assert Shown(drawn, 0).screen == "note\n"
    assert drawn.split("\r")[1] == "x" * (COLUMNS - 1)


def test_parallel_reads_that_are_throttled_together_are_told_in_one_line(
    staging: Repository, served: Served
) -> None:
    for key in "cdef":
        staging.flow(key)
    run(staging, "apply", "--yes")
    served.emulated.faults.add("get:rate-limit=1*4")
    ran = run(staging, "plan")
    assert ran.exit_code == 0
    assert ran.stderr.count("waiting 1 s") <= 2  # a read that was under way may pause once more
    assert ran.stderr.count("waiting") < 4

"""A process that has flowsync loaded and forks a real `flowsync` for each command that it is given.

It saves the half second of starting Python, so that an apply can be killed hundreds of times. A
command comes as a line of JSON on stdin; its exit status goes as a line of JSON to stdout.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

ROOT = Path(__file__).parent.parent.parent


class Order(TypedDict, total=False):
    """A command: `args` in `folder`; killed at a journal line or after some seconds.

    `line` counts journal lines from 1, `moment` is before, within or after it. With `file_limit`
    no file can grow beyond so many bytes, as on a disk that is full.
    """

    args: list[str]
    folder: str
    env: dict[str, str]
    line: int
    moment: str
    after_s: float
    file_limit: int


class Launcher:
    """The launching process, from the side of a test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.apply.launcher"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, order: Order) -> int:
        """Run a command and give its exit code, negative for a signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


def main() -> None:
    """Serve orders until stdin ends."""
    load_all()
    for text in sys.stdin:
        order: Order = json.loads(text)
        child = os.fork()
        if child == 0:
            _become(order)
        if "after_s" in order and not _ends_within(child, order["after_s"]):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def load_all() -> None:
    """Load flowsync and apply once, away from the tests, so that no child loads schemas anew."""
    from click.testing import CliRunner

    from flowsync.cli.main import COMMANDS
    from flowsync.cli.main import main as flowsync

    for module, _ in COMMANDS.values():
        importlib.import_module(module)
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        env = {"XDG_STATE_HOME": folder}
        for args in (["init"], ["apply", "--yes"], ["apply", "--yes"]):
            ran = CliRunner().invoke(flowsync, args, env=env)
            assert ran.exit_code == 0, ran.output
        os.chdir(before)


def _ends_within(child: int, seconds: float) -> bool:
    """Wait for a child to end, without taking its status, for some seconds at most."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(0.002)
    return False


def _become(order: Order) -> None:
    from flowsync.cli.main import main as flowsync

    os.chdir(order["folder"])
    os.environ.update(order["env"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if "file_limit" in order:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_limit"],) * 2)
    if "line" in order:
        _die_at(order["line"], order["moment"])
    try:
        flowsync.main(order["args"])
    except SystemExit as exc:
        os._exit(int(exc.code or 0))
    finally:
        os._exit(1)


def _die_at(line: int, moment: str) -> None:
    """Kill this process at a line of the journal, as a power cut could."""
    from flowsync.apply.journal import Journal

    original, real_write, count = Journal._write, os.write, [0]

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def write(self: Journal, event: str, fields: Any) -> None:
        count[0] += 1
        is_it = count[0] == line
        if is_it and moment == "before":
            die()
        if is_it and moment == "within":

            def half(descriptor: int, data: bytes) -> int:
                real_write(descriptor, data[: len(data) // 2])
                die()
                return 0

            os.write = half  # type: ignore[assignment]  # this process ends with it
        original(self, event, fields)
        if is_it:
            die()

    Journal._write = write  # type: ignore[method-assign]  # the same


if __name__ == "__main__":
    main()

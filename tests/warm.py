"""A `flowsync` on the PATH that starts at once: forked from a process that has it loaded.

What runs is all of flowsync in a process of its own, with the arguments, the folder, the
environment and the streams of who called it; only the start of Python is saved. The command sends
those over a socket and ends with the exit code that comes back.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
_MOST_BYTES = 1_000_000  # of arguments and environment


@contextmanager
def warm_flowsync() -> Iterator[str]:
    """Give the words of a shell that stand for `flowsync` while the loaded process lives."""
    with TemporaryDirectory() as folder:
        address = str(Path(folder) / "socket")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": folder}
        with subprocess.Popen(
            [sys.executable, "-m", "tests.warm", address],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield f'"{sys.executable}" -S -E "{Path(__file__)}" {address}'
            process.kill()


def call(address: str, args: list[str]) -> int:
    """Let a command run with the streams of this process, and give its exit code."""
    order = json.dumps({"args": args, "folder": str(Path.cwd()), "env": dict(os.environ)})
    with socket.socket(socket.AF_UNIX) as to:
        to.connect(address)
        socket.send_fds(to, [b"streams"], [0, 1, 2])
        to.sendall(order.encode("utf-8", "surrogateescape"))
        to.shutdown(socket.SHUT_WR)
        return int(to.recv(16) or b"1")  # no code comes from one that was killed


def serve(address: str) -> None:
    """Answer calls until this process is ended."""
    from tests.apply.launcher import load_all

    load_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were forked
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(16)
        print("ready", flush=True)
        while True:
            caller, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _become(caller)
            caller.close()


def _become(caller: socket.socket) -> None:
    from flowsync.cli.main import main

    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _, streams, _, _ = socket.recv_fds(caller, len(b"streams"), 3)
        order = json.loads(b"".join(iter(lambda: caller.recv(_MOST_BYTES), b"")))
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8")
        for number, name in ((1, "stdout"), (2, "stderr")):
            binary = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
            setattr(sys, name, io.TextIOWrapper(binary, "utf-8", line_buffering=number == 2))
        main.main(order["args"], prog_name="flowsync")
    except SystemExit as exc:
        code = int(exc.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(str(code).encode())
        os._exit(code)


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.flags.no_site:
        serve(sys.argv[1])
    sys.exit(call(sys.argv[1], sys.argv[2:]))

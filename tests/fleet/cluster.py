"""A dask scheduler and workers as processes of their own on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_START_S = 60


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def dask_cluster(
    folder: Path, *, workers: int, threads: int, env: dict[str, str] | None = None
) -> Iterator[str]:
    """Give the address of a scheduler as `--executor` takes it, once all workers are there.

    `env` is what the workers' environment has beside this process's own.
    """
    address = f"127.0.0.1:{free_port()}"
    host, _, port = address.partition(":")
    beside = {**os.environ, "PYTHONPATH": str(_ROOT), **(env or {})}
    with ExitStack() as closing:
        scheduler = ("scheduler", "--host", host, "--port", port, "--no-dashboard")
        commands = [scheduler] + [
            ("worker", f"tcp://{address}", "--nthreads", str(threads), "--no-dashboard",
             "--no-nanny", "--local-directory", str(folder / f"worker-{number}"))
            for number in range(workers)
        ]  # fmt: skip
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=folder,
                env=beside,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            closing.callback(_end, process)
        _wait_for(address, workers)
        yield f"dask://{address}"


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    client = Client(f"tcp://{address}", timeout=_START_S, set_as_default=False)
    try:
        client.wait_for_workers(workers, timeout=_START_S)
    finally:
        client.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""A dask scheduler and workers as processes of their own on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

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


@contextmanager
def every_thread_taken(address: str, until: Path) -> Iterator[int]:
    """Keep every thread of a cluster with the work of somebody else until a file is there.

    Gives how many tasks that are.
    """
    from distributed import Client

    with Client(address.replace("dask://", "tcp://"), set_as_default=False) as client:
        threads = sum(client.ncores().values())
        taken = [client.submit(wait_for_file, until, pure=False) for _ in range(threads)]
        try:
            while sum(client.run(_executing).values()) < threads:
                time.sleep(0.05)
            yield threads
        finally:
            until.touch()
            client.gather(taken)


def wait_for_file(file: Path) -> None:
    """Return once a file is there; runs on a worker."""
    while not file.exists():
        time.sleep(0.05)


def tasks_known(address: str) -> int:
    """Give how many tasks a scheduler knows."""
    from distributed import Client

    with Client(address.replace("dask://", "tcp://"), set_as_default=False) as client:
        number: int = client.run_on_scheduler(_tasks)
        return number


def worker_processes(address: str) -> list[int]:
    """Give the process ids of the workers."""
    from distributed import Client

    with Client(address.replace("dask://", "tcp://"), set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def _executing(dask_worker: Any) -> int:
    return int(dask_worker.state.executing_count)


def _tasks(dask_scheduler: Any) -> int:
    return len(dask_scheduler.tasks)


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

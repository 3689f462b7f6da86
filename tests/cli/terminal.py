"""A pseudo-terminal of 24 lines and 80 columns that runs flowsync, and what it shows over time."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LIMIT_S = 30
COLUMNS = 80


class Shown:
    """What a run put on the terminal: `text` as it came, and how the command ended."""

    def __init__(self, text: str, exit_code: int) -> None:
        self.text, self.exit_code = text, exit_code

    @property
    def screen(self) -> str:
        """Give what stands there at last; a carriage return lets later text cover earlier text."""
        lines = []
        for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.text).split("\n"):
            cells: list[str] = []
            for part in line.split("\r"):
                cells[: len(part)] = part
            lines.append("".join(cells).rstrip())
        return "\n".join(lines)

    @property
    def counts(self) -> list[str]:
        """Give the minutes and seconds that a countdown showed, each once, in their order."""
        return list(dict.fromkeys(re.findall(r"waiting (\d+:\d\d)", self.text)))


def on_terminal(
    *args: str, interrupt_at: str | None = None, stderr: int | None = None, **fields: str
) -> Shown:
    """Run flowsync on a terminal; press Ctrl-C as soon as it shows the text `interrupt_at`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "flowsync", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **fields},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs if stderr is None else stderr,
    ) as process:
        os.close(theirs)
        too_late = threading.Timer(LIMIT_S, process.kill)
        too_late.start()
        try:
            while piece := os.read(ours, 65536):
                shown += piece
                if interrupt_at is not None and interrupt_at.encode() in shown:
                    process.send_signal(signal.SIGINT)
                    interrupt_at = None
        except OSError:  # Linux says so where the other end is closed
            pass
        finally:
            os.close(ours)
        exit_code = process.wait(LIMIT_S)
        too_late.cancel()
    return Shown(shown.decode(), exit_code)

"""The one place where text leaves the program: secrets, and commands to a CI service, end here.

What was asked for goes to stdout; progress, findings and errors go to stderr.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

import click

from flowsync.cli.encodings import fitting
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import FlowsyncError, reason_of
from flowsync.render.ci_commands import is_read_by_ci, without_commands
from flowsync.render.style import Style, clean
from flowsync.render.width import cut, display_width

if TYPE_CHECKING:
    from flowsync.model import JsonValue

_SHORTEST_SECRET = 6  # a shorter one would be found in ordinary words
_COLUMNS = 100  # where the terminal does not say, or there is none


class Console:
    """Prints text with secrets replaced; `quiet` leaves out progress.

    The console made last is the one that failures are shown on (`current_console`), except for one
    that is not `is_current`.
    """

    _last: Console | None = None

    def __init__(
        self,
        *,
        no_color: bool = False,
        verbose: bool = False,
        quiet: bool = False,
        is_current: bool = True,
    ) -> None:
        self.verbose, self.quiet = verbose, quiet
        self.in_ci = is_read_by_ci(os.environ)
        is_dumb = os.environ.get("TERM") == "dumb"
        wants_none = no_color or bool(os.environ.get("NO_COLOR")) or is_dumb
        forced = os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}
        self.style = Style(not wants_none and (forced or _is_terminal(sys.stdout)))
        self.error_style = Style(not wants_none and (forced or _is_terminal(sys.stderr)))
        self._secrets: set[str] = set()
        self._writing = threading.RLock()
        self._status = ""
        for name in SECRET_VARIABLES:
            self.hide(os.environ.get(name, ""))
        if is_current:
            Console._last = self

    @property
    def shows_excerpts(self) -> bool:
        """Tell whether a person reads stdout, so that findings come with the lines they concern."""
        return self.style.is_coloured or _is_terminal(sys.stdout)

    @property
    def error_excerpts(self) -> bool:
        """Tell the same of stderr."""
        return self.error_style.is_coloured or _is_terminal(sys.stderr)

    @property
    def columns(self) -> int:
        """Give how many columns a line should have at most."""
        return shutil.get_terminal_size((_COLUMNS, 0)).columns

    @property
    def terminal_columns(self) -> int | None:
        """Give how wide the terminal is that stdout is; None where it is none."""
        return self.columns if _is_terminal(sys.stdout) else None

    def clear(self) -> None:
        """Clear the terminal that stdout is; nothing where it is none."""
        if _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb":
            _write("\x1b[H\x1b[2J\x1b[3J")

    @property
    def is_live(self) -> bool:
        """Tell whether a person watches stderr, so that progress may redraw itself."""
        can_redraw = _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        return can_redraw and not self.in_ci and not self.quiet

    def hide(self, secret: str) -> None:
        """Never print this text from now on."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets |= {secret, json.dumps(secret)[1:-1]}

    def redact(self, text: str) -> str:
        """Give a text with every secret replaced."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def is_secret(self, text: str) -> bool:
        """Tell whether a text holds a secret."""
        return any(secret in text for secret in self._secrets)

    def redact_json(self, value: JsonValue) -> JsonValue:
        """Give a JSON value with every secret in its texts replaced."""
        if isinstance(value, dict):
            return {self.redact(key): self.redact_json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact_json(item) for item in value]
        return self.redact(value) if isinstance(value, str) else value

    def show(self, text: str, form: str = "") -> None:
        """Print what was asked for, in the format `form` where it has one.

        Raises `FlowsyncError` where stdout cannot take it.
        """
        self.status("")
        _write(self._harmless(self.redact(text)), form)

    def show_ready(self, text: str, form: str) -> None:
        """Print what was made of values without secrets; taking them out here could break it.

        `form` is the format of the text, such as `json`, which must stay valid on any stream.
        """
        self.status("")
        _write(self._harmless(text), form)

    def show_commands(self, text: str) -> None:
        """Print commands of ours to a CI service, in which foreign text is escaped already."""
        self.status("")
        _write(self.redact(text))

    def _harmless(self, text: str) -> str:
        return without_commands(text) if self.in_ci else text

    def show_json(self, value: JsonValue) -> None:
        """Print a JSON document; what a terminal could obey stands in it as an escape."""
        self.status("")
        text = json_text(self.redact_json(value))  # not of the text: the document stays JSON
        _write(self._harmless(text), "json")

    def note(self, text: str) -> None:
        """Print findings and remarks to stderr; that nobody can read them stops nothing."""
        with self._writing:
            self.status("")
            self._put(self.redact(text))

    def status(self, text: str) -> None:
        """Show a line on a terminal that the next output replaces; no text takes it away."""
        with self._writing:
            if text or self._status:
                line = cut(clean(self.redact(text)), self.columns - 1)  # one that wraps would stay
                blank = " " * (display_width(self._status) - display_width(line))
                self._put(f"\r{line}{blank}" if line else f"\r{blank}\r")
                self._status = line

    def _put(self, text: str) -> None:
        with suppress(OSError):
            click.echo(_encodable(self._harmless(text), sys.stderr), err=True, nl=False, color=True)

    def last_word(self, text: str) -> None:
        """Print to stderr as the process is about to end, from a signal handler: without waiting.

        A terminal that was halted by Ctrl-S takes nothing, and the thread that is waiting for it
        keeps the stream from all others.
        """
        if sys.stderr is None:
            return
        with suppress(OSError, ValueError):
            stream = sys.stderr.fileno()
            if os.name == "nt" or select.select([], [stream], [], 0)[1]:
                os.write(stream, text.encode(sys.stderr.encoding, "replace"))

    def progress(self, text: str) -> None:
        """Print a line of progress, unless quiet."""
        if not self.quiet:
            self.note(self.error_style.quiet(clean(text)) + "\n")

    def error(self, message: str) -> None:
        """Print why the command failed."""
        self.note(f"{self.error_style.bad('error:')} {clean(message, keep=chr(10))}\n")


READER_GONE = 128 + 13  # as a shell says it of SIGPIPE


class ReaderGone(Exception):
    """Nobody reads stdout any more, as in `flowsync plan | head`; click would hide the error."""


def _write(text: str, form: str = "") -> None:
    """Print to stdout. Raises `FlowsyncError` or `ReaderGone` where it cannot be written to."""
    try:
        click.echo(_encodable(text, sys.stdout, form), nl=False, color=True)
    except BrokenPipeError as exc:
        raise ReaderGone from exc
    except OSError as exc:
        raise FlowsyncError(f"the output cannot be written: {reason_of(exc)}.") from exc


def current_console() -> Console:
    """Give the console of the command at work, or a new one before it has its own."""
    return Console._last or Console()


def forget_console() -> None:
    """Begin a command without a console, as a new process does."""
    Console._last = None


def is_interactive() -> bool:
    """Tell whether there is a terminal to ask on."""
    return _is_terminal(sys.stdin)


def _is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream, which may have been closed by the caller, is a terminal."""
    return stream is not None and stream.isatty()


def _encodable(text: str, stream: TextIO | None, form: str = "") -> str:
    """Replace what the stream's encoding cannot hold, as on an old Windows code page."""
    return fitting(text, getattr(stream, "encoding", None) or "utf-8", form)


def json_text(value: JsonValue) -> str:
    """Give the text of a JSON document in which invisible characters stand as escapes."""
    return _escaped_json(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _escaped_json(text: str) -> str:
    """Write invisible characters of a JSON document as JSON escapes."""
    return "\n".join(
        line if clean(line) == line else "".join(map(_escaped, line)) for line in text.split("\n")
    )


def _escaped(character: str) -> str:
    return character if clean(character) == character else json.dumps(character)[1:-1]

"""The one place where text leaves the program: secrets are taken out here.

What was asked for goes to stdout; progress, findings and errors go to stderr.
"""

from __future__ import annotations

import json
import os
import sys

import click

from flowsync.model import JsonValue
from flowsync.render.style import Style, clean

SECRET_VARIABLES = ("FLOWSYNC_TOKEN", "FLOWSYNC_READ_TOKEN")
_SHORTEST_SECRET = 6  # a shorter one would be found in ordinary words


class Console:
    """Prints text with secrets replaced; `quiet` leaves out progress.

    The console made last is the one that failures are shown on (`current_console`).
    """

    _last: Console | None = None

    def __init__(
        self, *, no_color: bool = False, verbose: bool = False, quiet: bool = False
    ) -> None:
        self.verbose, self.quiet = verbose, quiet
        self.in_ci = bool(os.environ.get("CI"))
        wants_none = no_color or bool(os.environ.get("NO_COLOR"))
        forced = os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}
        self.style = Style(not wants_none and (forced or sys.stdout.isatty()))
        self.error_style = Style(not wants_none and (forced or sys.stderr.isatty()))
        self._secrets: set[str] = set()
        for name in SECRET_VARIABLES:
            self.hide(os.environ.get(name, ""))
        Console._last = self

    @property
    def is_live(self) -> bool:
        """Tell whether a person watches stderr, so that progress may redraw itself."""
        return sys.stderr.isatty() and not self.in_ci and not self.quiet

    def hide(self, secret: str) -> None:
        """Never print this text from now on."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets |= {secret, json.dumps(secret)[1:-1]}

    def redact(self, text: str) -> str:
        """Give a text with every secret replaced."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def show(self, text: str) -> None:
        """Print what was asked for."""
        click.echo(_encodable(self.redact(text), sys.stdout.encoding), nl=False, color=True)

    def show_json(self, value: JsonValue) -> None:
        """Print a JSON document."""
        self.show(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def note(self, text: str) -> None:
        """Print findings and remarks to stderr."""
        text = _encodable(self.redact(text), sys.stderr.encoding)
        click.echo(text, err=True, nl=False, color=True)

    def progress(self, text: str) -> None:
        """Print a line of progress, unless quiet."""
        if not self.quiet:
            self.note(self.error_style.quiet(clean(text)) + "\n")

    def error(self, message: str) -> None:
        """Print why the command failed."""
        self.note(f"{self.error_style.bad('error:')} {clean(message, keep=chr(10))}\n")


def current_console() -> Console:
    """Give the console of the command at work, or a new one before it has its own."""
    return Console._last or Console()


def forget_console() -> None:
    """Begin a command without a console, as a new process does."""
    Console._last = None


def _encodable(text: str, encoding: str | None) -> str:
    """Replace what the stream's encoding cannot hold, as on an old Windows code page."""
    return text.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")

"""The credential that `flowsync serve` asks for: never on the command line, where `ps` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flowsync.errors import UsageFailure
from flowsync.token_files import UnusableTokenFile, read_token_file

DEFAULT_TOKEN = "emulator-token"  # known to everybody, as it protects nothing
VARIABLE = "FLOWSYNC_SERVE_TOKEN"


def serve_token(file: Path | None, env: Mapping[str, str]) -> str:
    """Give the credential from a file, else from the environment, else the one known to all.

    Raises `UsageFailure` where the file holds none.
    """
    if file is None:
        return env.get(VARIABLE, "").strip() or DEFAULT_TOKEN
    try:
        return read_token_file(file).token
    except UnusableTokenFile as exc:
        raise UsageFailure(f"{exc.message} {exc.fix}") from exc


def shown_export(token: str | None) -> str:
    """Give the line of a shell that tells other commands the credential, without showing one."""
    if token == DEFAULT_TOKEN:
        return f"export FLOWSYNC_TOKEN={DEFAULT_TOKEN}"
    return "# FLOWSYNC_TOKEN or FLOWSYNC_TOKEN_FILE: the credential that serve was given"

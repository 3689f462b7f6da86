"""The credential that `flowsync serve` asks for: never on the command line, where `ps` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flowsync.errors import UsageFailure
from flowsync.token_files import (
    SHORTEST_TOKEN,
    UnusableTokenFile,
    is_usable_token,
    read_token_file,
)

DEFAULT_TOKEN = "emulator-token"  # known to everybody, as it protects nothing
VARIABLE = "FLOWSYNC_SERVE_TOKEN"


def serve_token(file: Path | None, env: Mapping[str, str]) -> str:
    """Give the credential from a file, else from the environment, else the one known to all.

    Raises `UsageFailure` where the file holds none, or what no client could send.
    """
    if file is None:
        token = env.get(VARIABLE, "").strip() or DEFAULT_TOKEN
    else:
        try:
            token = read_token_file(file).token
        except UnusableTokenFile as exc:
            raise UsageFailure(f"{exc.message} {exc.fix}") from exc
    if not is_usable_token(token):
        raise UsageFailure(
            f"no client could send the credential in {VARIABLE if file is None else file}. Use at "
            f"least {SHORTEST_TOKEN} characters of ASCII, in one line."
        )
    return token


def shown_export(token: str | None) -> str:
    """Give the line of a shell that tells other commands the credential, without showing one."""
    if token == DEFAULT_TOKEN:
        return f"export FLOWSYNC_TOKEN={DEFAULT_TOKEN}"
    return "# FLOWSYNC_TOKEN or FLOWSYNC_TOKEN_FILE: the credential that serve was given"

"""Shared by tests: a real git repository around a test's flows, with nobody's configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.com")


def git(*words: str, cwd: Path | None = None) -> str:
    """Run git in the current folder and give what it says."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ran = subprocess.run(
        ["git", *IDENTITY, *words],
        cwd=cwd,
        env=env | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout.strip()


def commit(tag: str) -> None:
    """Commit all files of the current folder but the state, make the repository first, tag it."""
    if not Path(".git").exists():
        git("init", "-q", "-b", "main")
        Path(".gitignore").write_text(".flowsync/\n", "utf-8")
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", tag)
    git("tag", tag)

"""The whole life of a flow in a scratch git repository, against a served emulator.

    python -m tests.life [FOLDER]

Plays a branch, an edit, the plan that its pull request shows, the merge, the apply that makes only
what was reviewed, a change by hand in the console, the plan that finds it, and the import that
brings it back. Prints what each command says, or writes it to FOLDER; tests/golden/life holds what
is expected.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parent.parent
FLOW = "lead-generation"


class Life:
    """A repository at work; `said` is what was shown at each step, by the name of its file."""

    def __init__(self, folder: Path, server: dict[str, str]) -> None:
        self.folder, self.server = folder, server
        self.said: dict[str, str] = {}
        self._env = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **server,
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def flowsync(self, *args: str, expected: int = 0) -> str:
        """Run flowsync as a person or a CI job does, and give what it prints."""
        return self._run(sys.executable, "-m", "flowsync", *args, expected=expected)

    def git(self, *args: str) -> str:
        """Run git in the repository."""
        return self._run("git", *args)

    def _run(self, *command: str, expected: int = 0) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self._env, capture_output=True, encoding="utf-8"
        )
        if done.returncode != expected:
            said = f"{done.stdout}{done.stderr}"
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
        return done.stdout

    def in_console(self, flow_id: str, flow_json: Any) -> None:
        """Upload a Flow JSON past git, as somebody in the web console would."""
        address = f"{self.server['FLOWSYNC_BASE_URL']}/api/whatsapp/"
        done = requests.post(
            f"{address}{self.server['FLOWSYNC_ACCOUNT']}/flows/upload-flow-json",
            headers={
                "Authorization": f"Bearer {self.server['FLOWSYNC_TOKEN']}",
                "Accept": "application/json",
            },
            data={"flow_id": flow_id},
            files={"file": ("flow.json", json.dumps(flow_json), "application/json")},
            timeout=10,
        )
        done.raise_for_status()

    def note(self, file: str, text: str) -> None:
        """Keep what was said, without what differs from run to run."""
        text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", text)
        text = re.sub(r"\b\d{16}\b", "1000000000000000", text)  # ids of flows
        text = re.sub(r"\b\d{8}T\d{6}[\w.-]*", "(run)", text)
        self.said[file] = re.sub(r"index [0-9a-f]+\.\.[0-9a-f]+", "index …", text)


def play(folder: Path, server: dict[str, str]) -> dict[str, str]:
    """Live through it all in an empty folder, and give what was shown at each step."""
    life = Life(folder, server)
    life.git("init", "--quiet", "--initial-branch", "main")
    (folder / ".gitignore").write_text(".flowsync/\n", "utf-8")
    (folder / "flows").mkdir()
    for file in (ROOT / "flows").glob(f"{FLOW}.*"):
        shutil.copy(file, folder / "flows")
    life.git("add", ".")
    life.git("commit", "--quiet", "--message", "The first flow")
    life.note("1-first-apply.txt", life.flowsync("apply", "--yes"))

    life.git("checkout", "--quiet", "-b", "wording")
    _edit(folder / "flows" / f"{FLOW}.json", '"label": "Email"', '"label": "E-mail address"')
    life.git("commit", "--quiet", "--all", "--message", "Say what the address is for")
    pull_request = life.flowsync("plan", "--format", "markdown")
    life.note("2-pull-request.md", pull_request)
    reviewed = json.loads(life.flowsync("plan", "--format", "json"))["digest"]
    if reviewed not in pull_request:
        raise RuntimeError("the pull request does not show the digest of its plan")

    life.git("checkout", "--quiet", "main")
    life.git("merge", "--quiet", "--no-ff", "--no-edit", "wording")
    merged = life.flowsync("apply", "--yes", "--expect-digest", reviewed, "--format", "markdown")
    life.note("3-merge.md", merged)
    life.flowsync("plan", "--detailed-exitcode")

    listed = json.loads(life.flowsync("list", "--format", "json"))["flows"]
    flow_json = json.loads((folder / "flows" / f"{FLOW}.json").read_text("utf-8"))
    flow_json["screens"][0]["title"] = "Changed in the console"
    life.in_console(listed[0]["id"], flow_json)
    drift = life.flowsync("plan", "--detailed-exitcode", "--format", "markdown", expected=2)
    life.note("4-drift.md", drift)

    life.note("5-import-shows.txt", life.flowsync("import", FLOW, expected=6))
    life.note("6-import-writes.txt", life.flowsync("import", FLOW, "--force"))
    life.note("7-git-diff.txt", life.git("diff"))
    life.note("8-in-step.txt", life.flowsync("plan"))
    return life.said


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    if text.count(old) != 1:
        raise RuntimeError(f"{file} does not hold {old!r} once")
    file.write_text(text.replace(old, new), "utf-8")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """Serve an emulator on loopback, and give the variables with which it is reached."""
    command = [sys.executable, "-u", "-m", "flowsync", "serve", "--port", "0", *options]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(9)]
            yield dict(re.findall(r"^export (\w+)=(.*)$", "".join(lines), re.MULTILINE))
        finally:
            server.terminate()
            server.communicate(timeout=10)
    if server.returncode:
        raise RuntimeError(f"the emulator ended with {server.returncode}")


def main() -> None:
    """Play it, and print or write what was shown."""
    with tempfile.TemporaryDirectory() as scratch:
        repository, emulator = Path(scratch) / "repository", Path(scratch) / "emulator"
        repository.mkdir()
        emulator.mkdir()
        with served(emulator) as server:
            said = play(repository, server)
    for name, text in said.items():
        if len(sys.argv) > 1:
            Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
            (Path(sys.argv[1]) / name).write_text(text, "utf-8")
        else:
            print(f"===== {name}\n{text}")


if __name__ == "__main__":
    main()

"""A reader who does what a page says, in a shell, in a scratch folder."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from flowsync.cli.main import main
from tests.documentation import ROOT, Block, Mark, shows, typed_in

_TIMEOUT_S = 120
_EXPECTED = re.compile(r"^(\s*)(.+?)\s+# (\d+): .*$")
_ONE_COMMAND = re.compile(r"flowsync [^|<>;&$`()*?'\"\n\\]*")
_ASKS = re.compile(r"flowsync (apply|rollback|restore|send)\b(?!.*(--yes|--help))")
_SERVE = re.compile(r"^flowsync serve\b(?!.*--list-faults)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def shown(self) -> str:
        """Give what a `console` block shows of it: where it failed also why."""
        if self.code:
            return f"{self.stdout.rstrip()}\n{self.stderr}"
        return self.stdout or self.stderr


class Reader:
    """Runs blocks one after the other; variables that are exported stay, as in one shell.

    `flowsync` are the words of a shell that run it. A terminal stands behind stdin, on which every
    question is answered with yes.
    """

    def __init__(self, root: Path, flowsync: str) -> None:
        self._root = root
        self._count = 0
        self.folder = root
        self._code = 0
        self._servers: list[subprocess.Popen[str]] = []
        self._served: dict[str, str] = {}
        self._tools = root / "tools"
        self._tools.mkdir()
        program = self._tools / "flowsync"
        program.write_text(f'#!/bin/sh\nexec {flowsync} "$@"\n', "utf-8")
        program.chmod(0o755)
        self.new_folder()

    def new_folder(self) -> None:
        """Go to a folder with nothing in it, without any variable of before."""
        self._count += 1
        self.folder = self._root / f"folder-{self._count}"
        self.folder.mkdir()
        self._variables = self._first_variables()

    def do(self, block: Block) -> None:
        """Do what a block and its marks ask for, and compare what it shows."""
        skipped = False
        for mark in block.marks:
            skipped = self._obey(mark, block) or skipped
        if skipped:
            return
        if block.language == "sh":
            self._script(block)
        elif block.language == "console":
            self._type(block)

    def _obey(self, mark: Mark, block: Block) -> bool:
        """Follow a mark; tell whether the block itself is not run."""
        match mark.kind:
            case "with":
                for name in mark.text.split():
                    SETUPS[name](self)
            case "new folder":
                self.new_folder()
            case "file":
                file = self.folder / mark.text
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block.text, "utf-8")
            case "in":
                self._edit(self.folder / mark.about, mark.text)
            case "run":
                self._must(mark.text)
            case "output of":
                ran = self.run(mark.text)
                assert shows(block.text, ran.shown, in_part=True), (
                    f"line {block.line}: `{mark.text}` prints\n{ran.stdout}{ran.stderr}"
                )
                return True
            case "not run":
                return True
        return False

    def _edit(self, file: Path, change: str) -> None:
        old, _, new = change.partition(" => ")
        text = file.read_text("utf-8")
        assert old in text, f"{file} lacks {old}"
        file.write_text(text.replace(old, new.replace("␤", "\n"), 1), "utf-8")

    def _must(self, command: str) -> None:
        ran = self.run(command)
        assert ran.code == 0, f"`{command}` ends with {ran.code}\n{ran.stdout}{ran.stderr}"

    def _script(self, block: Block) -> None:
        lines: list[str] = []
        for line in block.text.splitlines():
            if _SERVE.match(line):
                self._serve(line)
            else:
                lines.append(self._checked(line))
        ran = self.run("set -e\n" + "\n".join(lines))
        assert ran.code == 0, f"line {block.line} ends with {ran.code}\n{ran.stdout}{ran.stderr}"

    def _checked(self, line: str) -> str:
        """Give a line that fails unless its command ends with what its comment says."""
        found = _EXPECTED.match(line)
        if found is None:
            return line
        _, command, code = found.groups()
        return (
            f'ended=0; {command} || ended=$?\nif [ "$ended" != {code} ]; then '
            f'echo "{command.split()[0]} ended with $ended" >&2; exit 99; fi'
        )

    def _type(self, block: Block) -> None:
        typed = typed_in(block)
        following = [one.command for one in typed[1:]] + [""]
        for one, after in zip(typed, following, strict=True):
            ran = Ran(code=0, stdout=f"{self._code}\n", stderr="")
            if one.command != "echo $?":
                ran = self.run(one.command)
            self._code = ran.code
            assert shows(one.expected, ran.shown), (
                f"line {block.line}: `{one.command}` prints\n{ran.stdout}{ran.stderr}"
            )
            assert ran.code == 0 or after == "echo $?", f"`{one.command}` ends with {ran.code}"

    def run(self, script: str) -> Ran:
        """Run a script in the folder, with the variables that were exported before.

        A single command of flowsync that asks nothing runs in this process, which is quicker.
        """
        for shown, own in self._served.items():
            script = script.replace(shown, own)
        if _ONE_COMMAND.fullmatch(script) and not _ASKS.match(script):
            return self._run_here(shlex.split(script, comments=True)[1:])
        variables = self._root / "variables"
        keep = f"trap 'env -0 > \"{variables}\"' EXIT\n"
        terminal, stdin = pty.openpty()
        os.write(terminal, b"yes\n" * 8)
        try:
            done = subprocess.run(
                ["bash", "-c", keep + script],
                cwd=self.folder,
                env=self._variables,
                stdin=stdin,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
        finally:
            os.close(stdin)
            os.close(terminal)
        pairs = (one.partition("=") for one in variables.read_text("utf-8").split("\0") if one)
        self._variables = {name: value for name, _, value in pairs}
        return Ran(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def _run_here(self, words: list[str]) -> Ran:
        before, own = Path.cwd(), dict(os.environ)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self._variables)
        try:
            ran = CliRunner().invoke(main, words)
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(own)
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return Ran(code=ran.exit_code, stdout=ran.stdout, stderr=ran.stderr)

    def _first_variables(self) -> dict[str, str]:
        python = Path(sys.executable).parent
        return {
            "PATH": f"{self._tools}:{python}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self._root),
            "XDG_STATE_HOME": str(self._root / "state"),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
        }

    def _serve(self, line: str) -> None:
        """Start `flowsync serve` beside the shell, on a free port, and note what it prints."""
        words = shlex.split(line, comments=True)
        port = words.index("--port") + 1 if "--port" in words else None
        shown = "8790" if port is None else words[port]
        words = [
            word for at, word in enumerate(words) if port is None or at not in {port - 1, port}
        ]
        server = subprocess.Popen(
            [sys.executable, "-m", *words, "--port", "0"],
            cwd=self.folder,
            env=self._variables,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._servers.append(server)
        assert server.stdout is not None
        for printed in server.stdout:
            if found := re.search(r"FLOWSYNC_BASE_URL=http://127\.0\.0\.1:(\d+)", printed):
                self._served[f"127.0.0.1:{shown}"] = f"127.0.0.1:{found[1]}"
            if "FLOWSYNC_TOKEN" in printed:
                return
        raise AssertionError("`flowsync serve` ended before it was ready")

    def close(self) -> None:
        """End all servers."""
        for server in self._servers:
            server.terminate()
            server.wait(10)
            assert server.stdout is not None
            server.stdout.close()


def _with_example_flows(reader: Reader) -> None:
    shutil.copytree(ROOT / "flows", reader.folder / "flows")


def _with_a_first_flow(reader: Reader) -> None:
    assert reader.run("flowsync init").code == 0


def _with_git(reader: Reader) -> None:
    commands = (
        "git init -q -b main",
        "git config user.name ann; git config user.email ann@example.com",
        "git add -A; git commit -q --allow-empty -m first; git tag v1",
    )
    for command in commands:
        assert reader.run(command).code == 0


SETUPS = {
    "flows": _with_example_flows,
    "init": _with_a_first_flow,
    "git": _with_git,
}

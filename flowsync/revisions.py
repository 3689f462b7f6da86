"""The repository as of a git revision, read without touching the work tree, the index or a branch.

Git is asked for objects only, as they are stored: no filter, hook or attribute of the repository is
run or heeded.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flowsync.diagnostics import nearest
from flowsync.errors import FlowsyncError, UsageFailure, reason_of
from flowsync.model import mapping_in, text_in
from flowsync.project import CONFIG_NAME, Project
from flowsync.sources import MAX_FILE_BYTES, Snapshot, decode_text, parse_yaml

_TIMEOUT_S = 60
_MOST_FILES = 20_000
_MOST_BYTES = 256 * 1024 * 1024
_SAFE = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
# What says where git's configuration is, and how far it may look; any other GIT_* variable, such as
# those that a hook is run with, would have it work on something else than this folder.
_KEPT = re.compile(r"GIT_(CONFIG_.*|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)")
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit as it was named, and its id."""

    word: str
    commit: str

    @property
    def shown(self) -> str:
        """Name it as people do, with its short id where that says more."""
        short = self.commit[:10]
        return short if self.commit.startswith(self.word) else f"{self.word} ({short})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a project held at a revision: its files, and the flows folder of then.

    The names are those that the files would have today; `config` is the text of flowsync.yaml.
    """

    revision: Revision
    flows: Path
    files: Snapshot = field(repr=False)
    config: str | None = field(default=None, repr=False)


def read_earlier(project: Project, word: str, env: Mapping[str, str]) -> Earlier:
    """Give what a project held at the revision that `word` names.

    There may have been no flows folder then, and so no files.

    Raises `UsageFailure` where there is no such revision, `FlowsyncError` where git fails.
    """
    git = _Git(project.root, env)
    revision = Revision(word=word, commit=git.commit(word))
    text = git.config(project, revision)
    flows = project.root / (_flows_in(text) or "flows")
    below = os.path.relpath(flows, project.root)
    snapshot = git.files(revision, [Path(below).as_posix()])
    return Earlier(revision=revision, flows=flows, files=snapshot, config=text)


def read_before(
    project: Project,
    earlier: Earlier,
    files: Sequence[str],
    env: Mapping[str, str],
    *,
    most: int,
) -> Iterator[Earlier]:
    """Give what a project held of some files whenever they had changed, the latest first.

    It begins with the revision of `earlier`. `files` have the names that they would have today. A
    shallow clone has only some of the revisions.

    Raises `FlowsyncError` where git fails.
    """
    git = _Git(project.root, env)
    below = [Path(os.path.relpath(file, project.root)).as_posix() for file in files]
    for commit in git.before(earlier.revision, below, most):
        revision = Revision(word=commit, commit=commit)
        snapshot = git.files(revision, below)
        yield replace(
            earlier, revision=revision, files=snapshot, config=git.config(project, revision)
        )


def _flows_in(config: str | None) -> str | None:
    """Give the flows folder that a flowsync.yaml names."""
    document = None if config is None else parse_yaml(config, CONFIG_NAME, [])
    return None if document is None else text_in(mapping_in(document.value).get("flows"))


class _Git:
    """Git, asked about the repository that a folder is in."""

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        program = shutil.which("git", path=env.get("PATH"))
        if program is None:
            raise FlowsyncError(
                "there is no program `git` here, which knows earlier revisions. Install it."
            )
        self._root = root
        self._program = program
        self._env = {
            name: value
            for name, value in env.items()
            if not name.startswith(("GIT_", "FLOWSYNC_")) or _KEPT.fullmatch(name)
        } | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
        inside = self._ask("rev-parse", "--is-inside-work-tree")
        if inside.returncode != 0 or inside.stdout.strip() != b"true":
            said = _words(inside.stderr)
            if "dubious ownership" in said:
                raise FlowsyncError(
                    "git does not read this repository, because it belongs to another user. "
                    "`git status` says how to mark it as safe."
                )
            if inside.returncode == 0 or "not a git repository" in said:
                where = root.resolve().as_posix()
                raise UsageFailure(
                    f"{where} is not in a git repository, so it has no revisions. "
                    "Run the command in the clone, or leave the revision out."
                )
            raise FlowsyncError(
                f"git cannot be asked: {said} Mend what it says, then run this again."
            )

    def commit(self, word: str) -> str:
        """Give the id of the commit that a word names. Raises `UsageFailure`."""
        if not word or not word.isprintable() or word.startswith("-"):
            raise UsageFailure(
                f'"{word}" is no name of a revision. `git log --oneline` lists commits.'
            )
        found = self._ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", word + "^{commit}"
        )
        commit = found.stdout.decode("ascii", "replace").strip()
        if found.returncode == 0 and re.fullmatch(r"[0-9a-f]{40,64}", commit):
            return commit
        shallow = self._ask("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        if shallow:
            hint = (
                "This clone is shallow and lacks older commits: fetch them with "
                "`git fetch --unshallow`, or in CI check out with `fetch-depth: 0`."
            )
        else:
            names = self._ask("for-each-ref", "--format=%(refname:short)").stdout
            near = nearest(word, names.decode("utf-8", "replace").split())
            hint = f'Did you mean "{near}"?' if near else "`git log --oneline` lists commits."
        raise UsageFailure(f'git knows no commit "{word}". {hint}')

    def before(self, revision: Revision, paths: Sequence[str], most: int) -> list[str]:
        """Give the ids of the commits up to a revision that changed files."""
        words = ["rev-list", f"--max-count={most}", revision.commit, "--", *paths]
        found = self._ask(*words)
        return found.stdout.decode("ascii", "replace").split() if found.returncode == 0 else []

    def config(self, project: Project, revision: Revision) -> str | None:
        """Give the text of flowsync.yaml at a revision."""
        name = Path(project.document.path).name if project.document else CONFIG_NAME
        file = project.root / name
        config = self.files(revision, [name]).files.get(file)
        return None if config is None else decode_text(config, file.as_posix(), [])

    def files(self, revision: Revision, paths: Sequence[str]) -> Snapshot:
        """Give the files at or below paths, which are relative to the root."""
        listed = self._ask("ls-tree", "-r", "-z", "-l", revision.commit, "--", *paths)
        if listed.returncode != 0:
            raise FlowsyncError(
                f"git cannot list {', '.join(paths)}: {_words(listed.stderr)} "
                "`git fsck` checks the repository."
            )
        entries = list(_entries(listed.stdout))
        sizes = [size for _, _, size, _ in entries if size <= MAX_FILE_BYTES]
        if len(entries) > _MOST_FILES or sum(sizes) > _MOST_BYTES:
            raise FlowsyncError(
                f"{', '.join(paths)} is too large at {revision.shown} to be read: "
                f"{len(entries):,} files, {sum(sizes):,} bytes. "
                "Let `flows` in flowsync.yaml name a folder with nothing but flows."
            )
        contents = self._contents([blob for _, blob, size, _ in entries if size <= MAX_FILE_BYTES])
        files: dict[Path, bytes] = {}
        links: dict[Path, str] = {}
        for mode, blob, _, name in entries:
            file = self._root / name
            if mode == "120000":
                links[file] = os.fsdecode(contents.get(blob, b""))
            else:  # one that is too large stays so, and is refused where it is read
                files[file] = contents.get(blob, b" " * (MAX_FILE_BYTES + 1))
        return Snapshot(files=files, links=links)

    def _contents(self, blobs: Sequence[str]) -> dict[str, bytes]:
        wanted = sorted(set(blobs))
        if not wanted:
            return {}
        given = self._ask("cat-file", "--batch", input="".join(f"{one}\n" for one in wanted))
        found: dict[str, bytes] = {}
        data, at = given.stdout, 0
        for blob in wanted:
            end = data.find(b"\n", at)
            head = data[at:end].split() if end >= 0 else []
            if len(head) != 3 or head[0].decode() != blob:
                raise FlowsyncError(
                    f"git has no content for the object {blob}: the clone is not complete. "
                    "Fetch it whole (no --filter), or in CI check out with `fetch-depth: 0`."
                )
            size = int(head[2])
            found[blob] = data[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return found

    def _ask(self, *words: str, input: str | None = None) -> subprocess.CompletedProcess[bytes]:
        command = [self._program, *_SAFE, "-C", str(self._root), *words]
        try:
            return subprocess.run(
                command,
                input=(input or "").encode("ascii"),
                capture_output=True,
                env=self._env,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise FlowsyncError(
                f"git did not answer within {_TIMEOUT_S} seconds. Run this again."
            ) from exc
        except (OSError, ValueError) as exc:
            reason = reason_of(exc) if isinstance(exc, OSError) else "a name is not usable"
            raise FlowsyncError(
                f"git cannot be run: {reason}. See whether `git status` works."
            ) from exc


def _entries(listed: bytes) -> Iterator[tuple[str, str, int, str]]:
    """Give mode, object, size and name of each file and link; other repositories are left out."""
    for line in listed.split(b"\0"):
        match = _ENTRY.fullmatch(line)
        if match is not None and match[2] == b"blob":
            yield match[1].decode(), match[3].decode(), int(match[4]), os.fsdecode(match[5])


def _words(said: bytes) -> str:
    return " ".join(said.decode("utf-8", "replace").split()) or "it gives no reason."

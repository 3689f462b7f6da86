"""`flowsync init`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from flowsync.assets import CI_SERVICES, ci_files, template_files
from flowsync.cli.console import Console
from flowsync.errors import MAKE_ROOM, FlowsyncError, reason_of
from flowsync.project import STATE_FOLDER

_NEXT = {
    "github": """\
On GitHub, under Settings:
  Environments › flowsync-plan: secret FLOWSYNC_READ_TOKEN, a credential that only reads
  Environments › production: secret FLOWSYNC_TOKEN, required reviewers, deployment from main only
  Secrets and variables › Actions › Variables: FLOWSYNC_TARGET, the target of flowsync.yaml
  Rules › main: only by pull request, checks "Plan" required and up to date
Without FLOWSYNC_TARGET the workflows take the default target, which is the emulator as init writes
it. Now commit, push, and open a pull request.
""",
    "gitlab": """\
In .gitlab-ci.yml: include: [{local: .gitlab-ci.flowsync.yml}]
On GitLab, under Settings › CI/CD › Variables:
  FLOWSYNC_TARGET, the target of flowsync.yaml
  FLOWSYNC_READ_TOKEN, masked: a credential that only reads
  FLOWSYNC_TOKEN, masked and protected, for the environment production only
""",
}
_AT_THE_TOP = {
    "github": "GitHub reads .github at the top of the repository only, which is {top}. Move it\n"
    "there, and give each step that uses the action `working-directory: {inside}` (docs/ci.md has "
    "more).\n",
    "gitlab": "GitLab runs jobs at the top of the repository, which is {top}: include the file as\n"
    "/{inside}/.gitlab-ci.flowsync.yml, and begin its before_script with `cd {inside}` (artifacts, "
    "too, are\nnamed from the top).\n",
}


@click.command(
    epilog="""\b
Examples:
  flowsync init
  flowsync init my-flows
  flowsync init --ci github       workflows for pull requests, merges and drift, too"""
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option(
    "--ci",
    type=click.Choice(CI_SERVICES),
    help="Write what plans and applies in this CI service, too.",
)
@click.option("--no-color", is_flag=True, help="No colours.  [env: NO_COLOR]")
def command(folder: Path, ci: str | None, no_color: bool) -> None:
    """Make a flows folder with a first flow, flowsync.yaml and .gitignore.

    Files that exist are left as they are. With --ci also the files of a CI service; a repository
    that has flows gets these alone.
    """
    console = Console(no_color=no_color)
    for name, text in _files(folder, ci):
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            console.show(f"{console.style.quiet('kept   ')} {file.as_posix()}\n")
        except OSError as exc:
            raise FlowsyncError(
                f"{file.as_posix()} cannot be written: {reason_of(exc)}. {MAKE_ROOM}"
            ) from exc
        else:
            console.show(f"{console.style.good('created')} {file.as_posix()}\n")
    if not _ignores_state(folder / ".gitignore"):
        console.show(
            f"Add the line {STATE_FOLDER}/ to .gitignore: what flowsync keeps there is of an "
            "account, and not for git.\n"
        )
    here = "" if folder == Path() else f"cd {shlex.quote(folder.as_posix())}, then "
    console.show(f"Next: {here}flowsync validate, flowsync test, flowsync plan, flowsync apply.\n")
    if ci is not None:
        console.show(_NEXT[ci])
        top = _repository_around(folder)
        if top is not None:
            inside = folder.resolve().relative_to(top).as_posix()
            console.show(_AT_THE_TOP[ci].format(top=top, inside=inside))


def _repository_around(folder: Path) -> Path | None:
    """Give the git repository that a folder is a part of; None where it is all of it."""
    folder = folder.resolve()
    if (folder / ".git").exists():
        return None
    return next((parent for parent in folder.parents if (parent / ".git").exists()), None)


def _files(folder: Path, ci: str | None) -> Iterator[tuple[str, str]]:
    """Give what to write; a repository that has flows gets no first one besides its CI files."""
    has_flows = (folder / "flowsync.yaml").exists() or (folder / "flows").exists()
    if ci is None or not has_flows:
        yield from template_files()
    if ci is not None:
        yield from ci_files(ci)


def _ignores_state(gitignore: Path) -> bool:
    """Tell whether git leaves out what flowsync keeps, by a line of its own."""
    try:
        lines = gitignore.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.strip().strip("/") == STATE_FOLDER for line in lines)

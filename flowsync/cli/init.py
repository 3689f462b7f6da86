"""`flowsync init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from flowsync.assets import CI_SERVICES, ci_files, template_files
from flowsync.cli.console import Console
from flowsync.errors import FlowsyncError, reason_of
from flowsync.project import STATE_FOLDER

_NAMES = {"github": "GitHub", "gitlab": "GitLab"}


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

    Files that exist are left as they are.
    """
    console = Console(no_color=no_color)
    if ci is not None:
        is_begun = (folder / "flowsync.yaml").exists() or (folder / "flows").exists()
        files = [*([] if is_begun else template_files()), *ci_files(ci)]
    else:
        files = list(template_files())
    for name, text in files:
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            console.show(f"{console.style.quiet('kept   ')} {file.as_posix()}\n")
        except OSError as exc:
            raise FlowsyncError(f"{file.as_posix()} cannot be written: {reason_of(exc)}.") from exc
        else:
            console.show(f"{console.style.good('created')} {file.as_posix()}\n")
    if not _ignores_state(folder / ".gitignore"):
        console.show(
            f"Add the line {STATE_FOLDER}/ to .gitignore: what flowsync keeps there is of an "
            "account, and not for git.\n"
        )
    here = "" if folder == Path() else f"cd {shlex.quote(folder.as_posix())}, then "
    console.show(f"Next: {here}flowsync validate, flowsync plan, flowsync apply.\n")
    if ci is not None:
        console.show(f"What {_NAMES[ci]} needs besides, credentials above all: docs/ci.md\n")


def _ignores_state(gitignore: Path) -> bool:
    """Tell whether git leaves out what flowsync keeps, by a line of its own."""
    try:
        lines = gitignore.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.strip().strip("/") == STATE_FOLDER for line in lines)

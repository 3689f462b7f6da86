"""What `flowsync ci` works with: the job, GitHub, and the files that earlier steps left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowsync.ci.github import GitHub
from flowsync.ci.job import Job, read_job
from flowsync.ci.texts import report_text
from flowsync.cli.console import Console
from flowsync.cli.options import environment
from flowsync.errors import LOOK_AT_IT, MAKE_ROOM, FlowsyncError, UsageFailure, reason_of
from flowsync.json_numbers import load_json
from flowsync.model import JsonValue, mapping_in, text_in


def job_at_work() -> Job:
    """Give the job that the variables and the event file tell of. Raises `UsageFailure`."""
    env = environment()
    file = env.get("GITHUB_EVENT_PATH")
    event: JsonValue = None
    if file:
        event = json_in(Path(file))
        if event is None:
            raise UsageFailure(f"GITHUB_EVENT_PATH: there is no event in {file}.")
    return read_job(env, event)


@contextmanager
def opened_github(console: Console, job: Job) -> Iterator[GitHub]:
    """Give GitHub, asked with the token of the job. Raises `UsageFailure` without one."""
    token = environment().get("GITHUB_TOKEN", "")
    if not token:
        raise UsageFailure(
            "GITHUB_TOKEN is not set. In a workflow give it as `env: GITHUB_TOKEN: "
            "${{ github.token }}`."
        )
    console.hide(token)
    github = GitHub(api_url=job.api_url, token=token, sleep=time.sleep)
    try:
        yield github
    finally:
        github.close()


def report_of(reports: tuple[Path, ...], remark: Path | None, exit_code: int) -> str:
    """Give what a run has to say, from the files that it left."""
    texts = [_text(file) for file in reports]
    return report_text([text for text in texts if text], _text(remark) if remark else "", exit_code)


def _text(file: Path) -> str:
    """Give the text of a file of an earlier step, empty where the step did not come to it."""
    try:
        return file.read_text("utf-8", "replace") if file.exists() else ""
    except OSError as exc:
        raise UsageFailure(f"{file} cannot be read: {reason_of(exc)}. {LOOK_AT_IT}") from exc


def json_in(file: Path | None) -> JsonValue:
    """Give the JSON of a file, None where there is none. Raises `UsageFailure` for other text."""
    text = "" if file is None else _text(file)
    try:
        return load_json(text) if text.strip() else None
    except (ValueError, RecursionError) as exc:
        raise UsageFailure(
            f"{file} holds no JSON. Give the file that flowsync has written."
        ) from exc


def digest_in(plan: Path | None) -> str:
    """Give the digest of a saved plan, empty where there is none."""
    return text_in(mapping_in(json_in(plan)).get("digest")) or ""


def append_to(file: str | None, text: str) -> None:
    """Add to a file of the job; outside of one there is nowhere to add it to."""
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as exc:
        raise FlowsyncError(f"{file} cannot be written: {reason_of(exc)}. {MAKE_ROOM}") from exc

"""The last result of each account of a fleet, kept so that only what failed is done again.

JSON lines below `.flowsync/fleet/`, one file a target; the last line of an account and command
counts. At the start of a run every chosen account gets a line that it was not started, so that one
that is killed is known to be unfinished. Several runs may write at the same time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from flowsync.errors import RefusedForSafety, reason_of
from flowsync.fleet.account import FOLDER
from flowsync.fleet.values import AccountJob, AccountResult, Ending, FlowFailure
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.private_files import FILE_MODE, make_private_folder, write_private_file

_MOST_LINES_EACH = 8  # of an account before the file is written anew


class Memory:
    """The results of one target's accounts."""

    def __init__(self, state_folder: Path, target: str) -> None:
        self.file = state_folder / FOLDER / f"{target}.jsonl"

    def last(self, command: str) -> dict[str, AccountResult]:
        """Give the last result of each account for a command; none where nothing is known."""
        found: dict[str, AccountResult] = {}
        for line in self._lines():
            if line.get("command") == command:
                result = _result_in(line)
                if result is not None:
                    found[result.name] = result
        return found

    def begin(self, jobs: Iterable[AccountJob]) -> None:
        """Note that these accounts are about to be worked on. Raises `RefusedForSafety`."""
        began = [
            _line(
                job.command,
                AccountResult(
                    name=job.name,
                    account=job.account,
                    ending=Ending.NOT_STARTED,
                    message="not finished: an earlier run was killed, or is still at work.",
                ),
            )
            for job in jobs
        ]
        try:
            make_private_folder(self.file.parent)
            with self._locked():
                self._shorten(len(began))
                self._append(began)
        except OSError as exc:
            raise RefusedForSafety(
                f"nothing was written: {self.file.as_posix()} cannot be written: {reason_of(exc)}. "
                "Free some space or correct the folder's rights."
            ) from exc

    def note(self, command: str, result: AccountResult) -> None:
        """Note a result; that it cannot be written is no failure of the account."""
        with suppress(OSError), self._locked():
            self._append([_line(command, result)])

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with FileLock(f"{self.file}.lock", mode=FILE_MODE):
            yield

    def _append(self, lines: Iterable[str]) -> None:
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.file, flags, FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.writelines(lines)

    def _shorten(self, accounts: int) -> None:
        """Keep only the last line of each account and command, where there are many."""
        last: dict[tuple[JsonValue, JsonValue], Mapping[str, JsonValue]] = {}
        number = 0
        for number, line in enumerate(self._lines(), start=1):  # noqa: B007  # counted
            last[str(line.get("command")), str(line.get("name"))] = line
        if number > _MOST_LINES_EACH * max(accounts, len(last)):
            write_private_file(self.file, "".join(json.dumps(one) + "\n" for one in last.values()))

    def _lines(self) -> Iterator[Mapping[str, JsonValue]]:
        """Give the lines that can be read; one that was torn is skipped."""
        with suppress(OSError), self.file.open(encoding="utf-8", errors="replace") as stream:
            for text in stream:
                with suppress(ValueError, RecursionError):
                    line = json.loads(text)
                    if isinstance(line, dict):
                        yield line


def result_to_json(result: AccountResult) -> dict[str, JsonValue]:
    """Give a result as its JSON form."""
    return {
        "name": result.name,
        "account": result.account,
        "result": result.ending.value,
        "exit_code": result.exit_code,
        "counts": dict(result.counts),
        "message": result.message,
        "failures": [{"flow": one.flow, "message": one.message} for one in result.failures],
        "digest": result.digest or None,
        "journal": result.journal or None,
        "seconds": round(result.seconds, 3),
    }


def _line(command: str, result: AccountResult) -> str:
    more: dict[str, JsonValue] = {"traceback": result.traceback} if result.traceback else {}
    return json.dumps({"command": command, **result_to_json(result), **more}) + "\n"


def _result_in(line: Mapping[str, JsonValue]) -> AccountResult | None:
    try:
        failures = line.get("failures")
        return AccountResult(
            name=str(line["name"]),
            account=str(line["account"]),
            ending=Ending(line["result"]),
            exit_code=int(str(line.get("exit_code", 0))),
            counts={name: int(str(n)) for name, n in mapping_in(line.get("counts")).items()},
            message=text_in(line.get("message")) or "",
            failures=tuple(
                FlowFailure(flow=str(one.get("flow")), message=str(one.get("message")))
                for one in map(mapping_in, failures if isinstance(failures, list) else ())
            ),
        )
    except (KeyError, ValueError):
        return None

"""All exceptions of flowsync, one exit code each (the table in README, «Exit codes»).

An exception stops the line. What is wrong with people's files is not raised but
collected as `flowsync.diagnostics.Diagnostic` values.
"""

from __future__ import annotations

from enum import Enum, IntEnum


class ExitCode(IntEnum):
    """What a command's end means to the shell that called it."""

    DONE = 0
    FAILED = 1
    CHANGES_PENDING = 2
    FILES_INVALID = 3
    INCOMPLETE = 4
    REMOTE_UNREADABLE = 5
    REFUSED_FOR_SAFETY = 6
    WRONG_USAGE = 64
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


MAKE_ROOM = "Free some space or correct the folder's rights."
"""What to do where a file cannot be written, as a sentence."""

LOOK_AT_IT = "Check that it exists and its rights."
"""What to do where a file cannot be read, as a sentence."""


def reason_of(error: OSError) -> str:
    """Give in words why the system refused something, to stand within a sentence."""
    return (error.strerror or "unknown reason").lower()


class FlowsyncError(Exception):
    """An expected failure: its text is a sentence for the person at the terminal."""

    exit_code = ExitCode.FAILED


class UsageFailure(FlowsyncError):
    """The command was called with words that mean nothing here, such as an unknown target."""

    exit_code = ExitCode.WRONG_USAGE


class FilesInvalid(FlowsyncError):
    """The repository's files are wrong; the findings were shown before this is raised."""

    exit_code = ExitCode.FILES_INVALID


class RefusedForSafety(FlowsyncError):
    """Nothing was written because a protection, gate, consent or staleness check says no."""

    exit_code = ExitCode.REFUSED_FOR_SAFETY


class StalePlan(RefusedForSafety):
    """A saved plan no longer fits the repository or the remote."""


class WriteRefused(RefusedForSafety):
    """A reading command tried to send a request that is not on the remote's list of reads."""


class Interrupted(FlowsyncError):
    """The person or the system asked the command to stop; steps in flight were finished."""

    exit_code = ExitCode.INTERRUPTED


class Mishap(Enum):
    """What went wrong with a request where neither an HTTP status nor a code of Meta tells it."""

    NEVER_SENT = "no connection"
    NO_ANSWER = "no answer"
    UNREADABLE = "an answer that cannot be used"
    GATEWAY_LIMIT = "a limit of the gateway"


class RemoteError(FlowsyncError):
    """A request to the remote did not end well.

    `outcome_unknown` is true when the request may have taken effect all the same, so that only
    a read can tell. `retry_after` is in seconds, where the remote named a time. `mishap` is given
    where status and code do not tell what went wrong. What is done about it stands in
    `flowsync.retry_policy`.
    """

    exit_code = ExitCode.REMOTE_UNREADABLE

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: int | None = None,
        subcode: int | None = None,
        outcome_unknown: bool = False,
        retry_after: float | None = None,
        mishap: Mishap | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.subcode = subcode
        self.outcome_unknown = outcome_unknown
        self.retry_after = retry_after
        self.mishap = mishap


class RemoteUnavailable(RemoteError):
    """No usable answer came: no connection, a time-out, an HTTP 5xx, or an unreadable body."""


class AnswerTooLate(RemoteUnavailable):
    """An answer did not come, or did not end, in the time that it may take."""


class RemoteThrottled(RemoteError):
    """The remote asks for fewer requests; the whole account should pause."""


class RemoteDenied(RemoteError):
    """The remote refuses the credential, or the rights behind it."""


class RemoteRejected(RemoteError):
    """The remote understood the request and refuses it; the same request will be refused again."""


UNKNOWN_FLOW = (100, 33)  # Meta's code and subcode; the same below
FROZEN = (139001, 4016010)


def says_unknown_flow(error: RemoteRejected) -> bool:
    """Tell whether Meta says that there is no flow with the id, or none that the token may see.

    Source: https://developers.facebook.com/docs/graph-api/guides/error-handling
    """
    return (error.code, error.subcode) == UNKNOWN_FLOW

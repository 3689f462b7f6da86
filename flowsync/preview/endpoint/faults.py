"""Faults on demand: what a broken endpoint would do, without waiting for it."""

from __future__ import annotations

from itertools import islice

from flowsync.preview.endpoint.failures import failed, refused, timed_out
from flowsync.preview.endpoint.fixtures import Fault
from flowsync.preview.engine.exchange import PING, Answer, Endpoint, Request

NO_SUCH_SCREEN = "NO_SUCH_SCREEN"  # the answer to a flow that is to be led astray
_ERROR_MESSAGE = "This did not work. Check what you entered."
_STATUSES = {
    Fault.CANNOT_DECRYPT: 421,
    Fault.TOKEN_EXPIRED: 427,
    Fault.BAD_SIGNATURE: 432,
    Fault.SERVER_ERROR: 500,
}


def with_fault(endpoint: Endpoint, fault: Fault, message: str = "") -> Endpoint:
    """Give an endpoint that does what `fault` says instead of what it should.

    `message` is what it says with a status, or as the text of an error message. The endpoint behind
    is asked only where its answer is spoiled; a ping fails by a timeout or a status alone.
    """

    def faulty(request: Request) -> Answer:
        if fault is Fault.TIMEOUT:
            raise timed_out(message or "a fault that was asked for")
        if fault in _STATUSES:
            raise refused(_STATUSES[fault], message)
        if request.action == PING:
            return endpoint(request)
        if fault is Fault.WRONG_SCREEN:
            return Answer(screen=NO_SUCH_SCREEN)
        if fault is Fault.ERROR_MESSAGE:
            return _with_error_message(endpoint, request, message or _ERROR_MESSAGE)
        return _without_a_field(endpoint(request))

    return faulty


def _with_error_message(endpoint: Endpoint, request: Request, message: str) -> Answer:
    """Stay on the screen that asks; where a flow opens there is none, and the answer's is taken."""
    if request.screen is not None:
        return Answer(screen=request.screen, data={"error_message": message})
    answer = endpoint(request)
    return Answer(screen=answer.screen, data={**answer.data, "error_message": message})


def _without_a_field(answer: Answer) -> Answer:
    if not answer.data:
        raise failed(
            f"the answer for the screen {answer.screen} has no data, so no field of it can be "
            "left out."
        )
    return Answer(screen=answer.screen, data=dict(islice(answer.data.items(), 1, None)))

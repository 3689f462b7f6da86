"""The operations that a remote is asked for, by the same names whichever API it speaks."""

from __future__ import annotations

from enum import Enum

from flowsync.model import FlowId


class Operation(Enum):
    """The nine operations on flows that every API of ours has."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    UPLOAD = "upload"
    PUBLISH = "publish"
    DEPRECATE = "deprecate"
    DELETE = "delete"
    SEND = "send"


def request_name(operation: Operation, flow_id: FlowId | None = None) -> str:
    """Name a request for people: the operation, and the flow it concerns."""
    return operation.value if flow_id is None else f"{operation.value} of flow {flow_id}"

"""The operations that a remote is asked for, by the same names whichever API it speaks."""

from __future__ import annotations

from enum import Enum

from flowsync.model import FlowId


class Operation(Enum):
    """The nine operations of the gateway API, and the fetching of Flow JSON from a link."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    UPLOAD = "upload"
    PUBLISH = "publish"
    DEPRECATE = "deprecate"
    DELETE = "delete"
    SEND = "send"
    DOWNLOAD = "download"  # only where Flow JSON does not come with the flow: in the Graph API


ON_FLOWS = tuple(one for one in Operation if one is not Operation.DOWNLOAD)
"""The nine operations of the gateway API."""


def request_name(operation: Operation, flow_id: FlowId | None = None) -> str:
    """Name a request for people: the operation, and the flow it concerns."""
    return operation.value if flow_id is None else f"{operation.value} of flow {flow_id}"

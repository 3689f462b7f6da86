"""Refusals by the platform, with the fields of Meta's error object.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes
"""

from __future__ import annotations

from flowsync.model import JsonValue

NO_ENDPOINT_TITLE = "Publishing without endpoint_uri is forbidden"


class PlatformError(Exception):
    """A refusal by the platform, with the fields of Meta's error object.

    `title` is the `error_user_title`, which the platform often leaves out.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        subcode: int | None = None,
        title: str | None = None,
        status: int = 400,
        kind: str = "OAuthException",
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.subcode = message, code, subcode
        self.title, self.status, self.kind = title, status, kind

    def as_json(self) -> dict[str, JsonValue]:
        """Give the error object as Meta words it."""
        error: dict[str, JsonValue] = {
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "is_transient": self.code in {1, 2},
            "fbtrace_id": f"AEmulated{self.code}",
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.title is not None:
            error["error_user_title"] = self.title
            error["error_user_msg"] = self.message
        return {"error": error}


def unknown_flow(flow_id: str) -> PlatformError:
    """Give the refusal of a request about a flow that is not there."""
    return PlatformError(
        f"Object with ID '{flow_id}' does not exist or cannot be loaded.",
        code=100,
        subcode=33,
        kind="GraphMethodException",
    )


def bad_parameter(message: str) -> PlatformError:
    """Give the refusal of a request with a parameter that is missing or wrong."""
    return PlatformError(message, code=100, title="Invalid parameter")

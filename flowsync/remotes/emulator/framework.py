"""What the web framework answers by itself, and JSON as PHP writes it, which both APIs stand on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

import orjson
from werkzeug.wrappers import Request, Response

from flowsync.model import JsonValue


class ServerError(Exception):
    """What the framework turns into HTTP 500 «Server Error»."""


def wants_json(request: Request) -> bool:
    """Tell whether a request asks for JSON; the framework answers others with HTML."""
    return request.accept_mimetypes.best == "application/json"


def framework_error(
    status: int, message: str, wants_json: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """Give an error of the framework: E4, or HTML where JSON was not asked for."""
    if wants_json:
        response = json_answer(status, {"message": message})
    else:
        response = Response(f"<html><h1>{status}</h1></html>", status, mimetype="text/html")
    response.headers.extend(dict(headers or {}))
    return response


def json_answer(status: int, body: JsonValue) -> Response:
    """Give a JSON answer as PHP writes it."""
    return Response(_as_php(body), status, mimetype="application/json")


def _as_php(value: JsonValue) -> bytes:
    """Write JSON as PHP does: no white space, ASCII only, a backslash before each slash."""
    text: bytes | None = None
    with suppress(TypeError):  # half characters, integers beyond 64 bits
        text = orjson.dumps(value)
    if text is None or not text.isascii():
        text = json.dumps(value, separators=(",", ":")).encode()
    return text.replace(b"/", b"\\/")  # only texts hold a slash

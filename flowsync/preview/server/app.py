"""The preview as a WSGI application: a page, its state, what a person does, and news of files.

Only a browser of this machine that was given the address gets in: the address holds a token, the
host must be one of the loopback (so that no name of somebody else's leads here), and what changes
something must come from the page itself.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from flowsync.json_numbers import load_json
from flowsync.model import JsonValue
from flowsync.preview.engine import NotPossible
from flowsync.preview.page.drawing import SCRIPTS, script, style_source
from flowsync.preview.server.acts import Desk, WrongAct
from flowsync.preview.server.drawing import page_of, state_of
from flowsync.preview.server.serving import MOST_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NEWS_S = 20.0  # after which the page asks again
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class PreviewApp:
    """Answers a browser; `token` is the first part of every path."""

    def __init__(self, desk: Desk, *, token: str) -> None:
        self._desk, self._token = desk, token
        self._routes = Map(
            [
                Rule("/", endpoint="page", methods=["GET"]),
                Rule("/state", endpoint="state", methods=["GET"]),
                Rule("/act", endpoint="act", methods=["POST"]),
                Rule("/events", endpoint="events", methods=["GET"]),
                Rule(
                    f"/<any({', '.join(map(repr, SCRIPTS))}):name>",
                    endpoint="script",
                    methods=["GET"],
                ),
            ]
        )
        self._answers: Mapping[str, Callable[..., Response]] = {
            "page": self._page,
            "state": self._state,
            "act": self._act,
            "events": self._events,
            "script": self._script,
        }

    def prepare(self) -> None:
        """Draw the page once, so that the first browser need not wait for templates to be read."""
        page_of(self._desk.shown())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        request.max_content_length = MOST_BYTES
        try:
            response = self._answer(request)
        except MethodNotAllowed as exc:
            response = _wrong_method(request.method, exc.valid_methods or ())
        except NotFound:
            response = _sentence("there is nothing at this address of the preview.", 404)
        except HTTPException as exc:
            response = Response(f"{exc.description}\n", exc.code, content_type="text/plain")
        response.headers.extend(_HEADERS)
        response.headers["Content-Security-Policy"] = _POLICY.format(styles=style_source())
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return _sentence(refusal, 403)
        _, _, rest = request.path[1:].partition("/")
        if request.path == f"/{self._token}":
            return Response("", 308, headers={"Location": f"/{self._token}/"})
        adapter = self._routes.bind("preview", default_method=request.method)
        endpoint, values = adapter.match(f"/{rest}", method=request.method)
        return self._answers[endpoint](request, **values)

    def _refusal(self, request: Request) -> str | None:
        """Say why a request is not from the browser that was sent here."""
        if (urlsplit(f"//{request.host}").hostname or "") not in _LOOPBACK:
            return "the preview answers this machine alone."
        given = request.path[1:].partition("/")[0]
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return "this is not the address that flowsync preview printed."
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            return "another page may not use the preview."
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return "another page may not use the preview."
        return None

    # --- what is answered ---

    def _page(self, request: Request) -> Response:
        return Response(page_of(self._desk.shown()), content_type="text/html; charset=utf-8")

    def _state(self, request: Request) -> Response:
        return _json({**state_of(self._desk.shown())})

    def _act(self, request: Request) -> Response:
        if request.mimetype != "application/json":
            return _json({"error": "an act is JSON."}, 415)
        try:
            act = load_json(request.get_data().decode("utf-8"))
        except (ValueError, RecursionError):
            return _json({"error": "an act is JSON."}, 400)
        error = ""
        try:
            self._desk.act(act)
        except WrongAct as exc:
            return _json({"error": str(exc)}, 400)
        except NotPossible as exc:
            error = str(exc)
        return _json({**state_of(self._desk.shown()), "error": error})

    def _events(self, request: Request) -> Response:
        """Answer when the files have changed, or after a while; the browser then asks again."""
        known = request.headers.get("Last-Event-ID") or request.args.get("since", "")
        version = self._desk.version
        if known == str(version):
            version = self._desk.wait_for_change(version, _NEWS_S)
        text = (
            f"retry: 50\nid: {version}\nevent: {'changed' if known != str(version) else 'same'}\n"
        )
        return Response(f"{text}data: {version}\n\n", content_type="text/event-stream")

    def _script(self, request: Request, name: str) -> Response:
        return Response(script(name), content_type="text/javascript; charset=utf-8")


def _wrong_method(method: str, valid: Iterable[str]) -> Response:
    allowed = ", ".join(sorted(valid))
    response = _sentence(f"{method} is not for this address of the preview. Use {allowed}.", 405)
    response.headers["Allow"] = allowed
    return response


def _sentence(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")


def _json(value: Mapping[str, JsonValue], status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")

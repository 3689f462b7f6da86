"""GitHub's REST API as far as the action calls it, on a port of this machine, with its real rules.

Credentials, permissions, pages with their Link header, limits and refusals are those of
https://docs.github.com/en/rest; what a request may do stands in
https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

MAX_BODY = 65_536
BOT = "github-actions[bot]"


class Refusal(Exception):
    """An answer that is none: its status, message and headers."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers


@dataclass
class Repository:
    """What a repository holds; numbers of issues and pull requests come from one row."""

    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)


class GitHubStandIn:
    """A server with one repository; `grants` are the permissions of a token.

    `requests` are what came, `faults` are tried in order at each request: one that gives a refusal
    is used once. One that is marked `after` answers when the request was carried out already.
    """

    def __init__(self, name: str = "acme/flows") -> None:
        self.name = name
        self.repository = Repository()
        self.grants: dict[str, dict[str, str]] = {}
        self.requests: list[str] = []
        self.faults: list[tuple[str, Refusal, bool]] = []
        self._ids = iter(range(1000, 100_000))
        self._lock = threading.Lock()
        stand_in = self

        class Handler(_Handler):
            answer = staticmethod(lambda *a: stand_in._answer(*a))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()

    def token(self, **permissions: str) -> str:
        """Give a new token with permissions such as `pull_requests="write"`."""
        token = f"ghs_{next(self._ids)}_stand_in_token"
        self.grants[token] = permissions
        return token

    def pull(self, number: int, **fields: Any) -> None:
        """Add a pull request."""
        self.repository.pulls[number] = {"number": number, **fields}

    def comment(self, number: int, body: str, login: str = BOT) -> int:
        """Add a comment as somebody would."""
        made = next(self._ids)
        kind = "Bot" if login.endswith("[bot]") else "User"
        self.repository.comments[made] = {
            "id": made,
            "issue": number,
            "body": body,
            "user": {"login": login, "type": kind},
        }
        return made

    def bodies(self, number: int, login: str = BOT) -> list[str]:
        """Give the comments of somebody on an issue or pull request."""
        return [
            each["body"]
            for each in self.repository.comments.values()
            if each["issue"] == number and each["user"]["login"] == login
        ]

    @property
    def writes(self) -> list[str]:
        """Give the requests that wrote."""
        return [request for request in self.requests if not request.startswith("GET")]

    def _answer(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        with self._lock:
            parts = urlsplit(target)
            self.requests.append(f"{method} {parts.path}")
            fault = next(
                (each for each in self.faults if re.fullmatch(each[0], self.requests[-1])), None
            )
            try:
                if fault is not None:
                    self.faults.remove(fault)
                    if fault[2]:
                        self._carried_out(method, parts.path, parts.query, headers, content)
                    raise fault[1]
                return self._carried_out(method, parts.path, parts.query, headers, content)
            except Refusal as exc:
                return exc.status, {"message": exc.message}, dict(exc.headers)

    def _carried_out(
        self, method: str, path: str, query: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if not headers.get("User-Agent"):
            raise Refusal(403, "Request forbidden by administrative rules.")
        if token not in self.grants:
            raise Refusal(401, "Bad credentials")
        body = json.loads(content) if content else None
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        prefix = f"/repos/{self.name}"
        for route, verb, handler in self._routes():
            found = re.fullmatch(prefix + route, path)
            if found and verb == method:
                return handler(self.grants[token], asked, body, *found.groups())
        raise Refusal(404, "Not Found")

    def _routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any, dict[str, str]]]]]:
        return [
            (r"/issues/(\d+)/comments", "GET", self._list_comments),
            (r"/issues/(\d+)/comments", "POST", self._make_comment),
            (r"/issues/comments/(\d+)", "PATCH", self._edit_comment),
            (r"/issues", "GET", self._list_issues),
            (r"/issues", "POST", self._make_issue),
            (r"/issues/(\d+)", "PATCH", self._edit_issue),
            (r"/commits/([0-9a-f]+)/pulls", "GET", self._pulls_of),
        ]

    def _needs(self, grants: Mapping[str, str], right: str, *names: str) -> None:
        enough = {"read": {"read", "write"}, "write": {"write"}}[right]
        if not any(grants.get(name) in enough for name in names):
            raise Refusal(403, "Resource not accessible by integration")

    def _names_for(self, number: int) -> tuple[str, ...]:
        if number in self.repository.pulls:
            return ("issues", "pull_requests")
        if number in self.repository.issues:
            return ("issues",)
        raise Refusal(404, "Not Found")

    def _list_comments(
        self, grants: Any, asked: Any, body: Any, number: str
    ) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "read", *self._names_for(int(number)))
        found = [each for each in self.repository.comments.values() if each["issue"] == int(number)]
        return self._page(found, asked, f"/issues/{number}/comments")

    def _make_comment(
        self, grants: Any, asked: Any, body: Any, number: str
    ) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "write", *self._names_for(int(number)))
        self._check_body(body)
        made = self.comment(int(number), body["body"])
        return 201, self.repository.comments[made], {}

    def _edit_comment(
        self, grants: Any, asked: Any, body: Any, number: str
    ) -> tuple[int, Any, dict[str, str]]:
        comment = self.repository.comments.get(int(number))
        if comment is None:
            raise Refusal(404, "Not Found")
        self._needs(grants, "write", *self._names_for(comment["issue"]))
        self._check_body(body)
        comment["body"] = body["body"]
        return 200, comment, {}

    def _check_body(self, body: Any) -> None:
        text = body.get("body") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text.strip():
            raise Refusal(422, "Validation Failed: body can't be blank")
        if len(text) > MAX_BODY:
            raise Refusal(422, f"Validation Failed: body is too long (maximum is {MAX_BODY})")

    def _list_issues(self, grants: Any, asked: Any, body: Any) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "read", "issues")
        pulls = [
            {**pull, "pull_request": {}, "state": "open", "labels": []}
            for pull in self.repository.pulls.values()
        ]
        labels = set(asked["labels"].split(",")) if asked.get("labels") else set()
        found = [
            each
            for each in [*self.repository.issues.values(), *pulls]
            if asked.get("state", "open") in {each["state"], "all"}
            and labels <= {label["name"] for label in each["labels"]}
        ]
        return self._page(found, asked, "/issues")

    def _make_issue(self, grants: Any, asked: Any, body: Any) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "write", "issues")
        self._check_body(body)
        if not body.get("title"):
            raise Refusal(422, "Validation Failed: title can't be blank")
        number = max([0, *self.repository.issues, *self.repository.pulls]) + 1
        self.repository.issues[number] = {
            "number": number,
            "title": body["title"],
            "body": body["body"],
            "state": "open",
            "labels": [{"name": name} for name in body.get("labels", [])],
            "user": {"login": BOT, "type": "Bot"},
        }
        return 201, self.repository.issues[number], {}

    def _edit_issue(
        self, grants: Any, asked: Any, body: Any, number: str
    ) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "write", *self._names_for(int(number)))
        issue = self.repository.issues[int(number)]
        assert body.keys() <= {"title", "body", "state", "state_reason"}, body
        if body.get("state", "open") not in {"open", "closed"}:
            raise Refusal(422, "Validation Failed: state")
        issue.update(body)
        return 200, issue, {}

    def _pulls_of(
        self, grants: Any, asked: Any, body: Any, commit: str
    ) -> tuple[int, Any, dict[str, str]]:
        self._needs(grants, "read", "contents")
        self._needs(grants, "read", "pull_requests")
        found = [
            pull
            for pull in self.repository.pulls.values()
            if commit in {pull.get("merge_commit_sha"), pull.get("head", {}).get("sha")}
        ]
        return self._page(found, asked, f"/commits/{commit}/pulls")

    def _page(
        self, found: list[dict[str, Any]], asked: Mapping[str, str], path: str
    ) -> tuple[int, Any, dict[str, str]]:
        size, page = min(int(asked.get("per_page", 30)), 100), int(asked.get("page", 1))
        headers = {}
        if len(found) > page * size:
            there = f"{self.url}/repos/{self.name}{path}?page={page + 1}&per_page={size}"
            headers["Link"] = f'<{there}>; rel="next"'
        return 200, found[(page - 1) * size : page * size], headers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: ClassVar[Callable[..., tuple[int, Any, dict[str, str]]]]

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, value, headers = self.answer(self.command, self.path, self.headers, content)
        written = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(written)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(written)

    do_GET = do_POST = do_PATCH = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

"""The emulated Graph API as its tests ask it: requests as anybody could send them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from werkzeug.test import Client, TestResponse

from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from tests.remotes.accounts import EmulatedAccount
from tests.support import TOKEN, flow_json

FLOWS = f"{GRAPH_ACCOUNT}/flows"
GOOD = json.dumps(flow_json())
WITH_ENDPOINT = json.dumps(flow_json(endpoint=True))
INVALID = json.dumps({**flow_json(), "extra": 1})


class Api:
    """Sends requests to an emulated account, with its token unless another is given."""

    def __init__(self, account: EmulatedAccount) -> None:
        self.account, self.platform = account, account.platform
        self._client = Client(account.app)

    def ask(
        self, method: str, path: str, *, token: str | None = TOKEN, **request: Any
    ) -> TestResponse:
        """Send a request to a path below the version."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._client.open(f"/v24.0/{path}", method=method, headers=headers, **request)

    def get(self, path: str, **query: str | int) -> Any:
        """Give the body of an answer to a GET."""
        return self.ask("GET", path, query_string={k: str(v) for k, v in query.items()}).get_json()

    def post(self, path: str, **parameters: Any) -> Any:
        """Give the body of an answer to a POST with JSON."""
        return self.ask("POST", path, json=parameters).get_json()

    def create(self, name: str = "Alpha", **more: Any) -> Any:
        """Give the answer to a create."""
        return self.post(FLOWS, **{"name": name, "categories": ["OTHER"], **more})

    def upload(self, flow_id: str, content: str | bytes = GOOD, **form: str) -> TestResponse:
        """Upload Flow JSON; what is given in `form` takes the place of what Meta wants."""
        data = content.encode() if isinstance(content, str) else content
        prepared = requests.Request(
            "POST",
            "http://localhost/",
            data={"name": "flow.json", "asset_type": "FLOW_JSON", **form},
            files={"file": ("flow.json", data, "application/json")},
        ).prepare()
        return self.ask(
            "POST",
            f"{flow_id}/assets",
            data=prepared.body,
            content_type=prepared.headers["Content-Type"],
        )

    def refusal(self, answer: TestResponse) -> tuple[int, int, int | None]:
        """Give HTTP status, code and subcode of a refusal."""
        error = answer.get_json()["error"]
        return answer.status_code, error["code"], error.get("error_subcode")

    def link(self, flow_id: str) -> str:
        """Give path and query of the link to the Flow JSON of a flow."""
        [asset] = self.get(f"{flow_id}/assets")["data"]
        parts = urlsplit(asset["download_url"])
        return f"{parts.path}?{parts.query}"

    def follow(self, link: str, **headers: str) -> TestResponse:
        """Follow a link without a credential, unless headers bring one."""
        return self._client.get(link, headers=headers)

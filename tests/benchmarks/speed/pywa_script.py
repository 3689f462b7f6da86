"""What somebody would write with pywa to see how an account differs from files, flow after flow.

`python -m tests.benchmarks.speed.pywa_script URL ACCOUNT FLOWS` reads the first FLOWS flows of the
account, compares them with flows/*.json of the current folder, and prints how many differ.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pywa.client import WhatsApp
from pywa.types.others import Pagination

from tests.benchmarks.speed.places import TOKEN


class _ToLoopback(httpx.HTTPTransport):
    """Sends what is meant for graph.facebook.com to an address of this machine."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._to = urlsplit(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request elsewhere."""
        request.url = request.url.copy_with(
            scheme="http", host=self._to.hostname, port=self._to.port
        )
        request.headers["Host"] = self._to.netloc
        return super().handle_request(request)


def main() -> None:
    """Compare and print."""
    url, account, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    differing = 0
    with (
        httpx.Client(transport=_ToLoopback(url), trust_env=False) as session,
        httpx.Client(trust_env=False) as files,  # links take no credential
    ):
        client = WhatsApp(phone_id="1", token=TOKEN, waba_id=account, session=session)
        listed = client.get_flows(pagination=Pagination(limit=100)).all()
        for entry in listed[:count]:
            flow = client.get_flow(entry.id)
            (asset,) = client.get_flow_assets(entry.id)
            found = json.loads(files.get(asset.url).content)
            file = Path("flows") / f"{flow.name.lower()}.json"
            differing += found != json.loads(file.read_text("utf-8"))
    print(differing)


if __name__ == "__main__":
    main()

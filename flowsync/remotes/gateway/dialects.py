"""The two ways of addressing the gateway, as data (G-17).

`documented` uses the paths of the API documentation to the letter, `reference` those of the
reference backend. The emulator serves from the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flowsync.remotes.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where an operation is found; `path` holds `{account}` and maybe `{flow}`.

    With `flow_in_query` the flow's id travels as the query parameter `flowId`.
    """

    method: str
    path: str
    flow_in_query: bool = False

    def fill(self, account: str, flow_id: str | None) -> str:
        """Give the path for an account and a flow, both escaped."""
        return self.path.format(account=quote(account, safe=""), flow=quote(flow_id or "", safe=""))


_DOCUMENTED = "/api/whatsapp/{account}/flows"
_REFERENCE = "/v1.0/{account}/flows"


def _routes(prefix: str, *, deprecate: str, delete: Route) -> dict[Operation, Route]:
    return {
        Operation.LIST: Route(method="GET", path=prefix),
        Operation.GET: Route(method="GET", path=prefix + "/{flow}"),
        Operation.CREATE: Route(method="POST", path=prefix),
        Operation.SEND: Route(method="POST", path=prefix + "/send"),
        Operation.UPLOAD: Route(method="POST", path=prefix + "/upload-flow-json"),
        Operation.UPDATE: Route(method="POST", path=prefix + "/{flow}"),
        Operation.PUBLISH: Route(method="POST", path=prefix + "/{flow}/publish"),
        Operation.DEPRECATE: Route(method="POST", path=deprecate),
        Operation.DELETE: delete,
    }


DIALECTS: dict[str, dict[Operation, Route]] = {
    "documented": _routes(
        _DOCUMENTED,
        deprecate="/whatsapp/{account}/flows/{flow}/deprecate",
        delete=Route(method="DELETE", path=_DOCUMENTED, flow_in_query=True),
    ),
    "reference": _routes(
        _REFERENCE,
        deprecate=_REFERENCE + "/{flow}/deprecate",
        delete=Route(method="DELETE", path=_REFERENCE + "/{flow}"),
    ),
}


def other_delete_route(route: Route) -> Route:
    """Give the delete route in the other style, by query or by path, below the same prefix."""
    if route.flow_in_query:
        return Route(method="DELETE", path=route.path + "/{flow}")
    return Route(method="DELETE", path=route.path.removesuffix("/{flow}"), flow_in_query=True)

"""Migrations of what says how a flow talks to its endpoint (3.0, 5.1)."""

from __future__ import annotations

from flowsync.upgrading.draft import Draft
from flowsync.validation.wording import shown_value

_DATA_API = "3.0"
_OLDER = ("1.0", "2.0", "2.1", 1, 2, 2.1)


def move_endpoint_address(draft: Draft) -> None:
    """Take `data_channel_uri` out; from 3.0 the address is set through the API."""
    address = draft.value.get("data_channel_uri")
    if "data_channel_uri" not in draft.value:
        return
    draft.decide(
        ("data_channel_uri",),
        f"the endpoint address {shown_value(address)} is no longer part of the Flow JSON.",
        "Set it as endpoint_uri in the definition.",
    )
    draft.drop(("data_channel_uri",), "data_channel_uri removed")


def raise_data_api_version(draft: Draft) -> None:
    """Set an older `data_api_version`, or one written as a number, to 3.0."""
    given = draft.value.get("data_api_version")
    if isinstance(given, bool) or given in (_DATA_API, None):
        return
    if given in _OLDER:
        draft.decide(
            ("data_api_version",),
            f"the flow spoke version {shown_value(given)} of the data API, and now speaks "
            f"{_DATA_API}.",
            f"Make sure that the endpoint speaks {_DATA_API}.",
        )
    elif given != 3:
        return
    draft.put(
        ("data_api_version",),
        _DATA_API,
        f'data_api_version {shown_value(given)} → "{_DATA_API}"',
    )

"""What the Graph API says of flows and pages, read into values."""

from __future__ import annotations

from dataclasses import dataclass

from flowsync.model import JsonValue, mapping_in, text_in

LIST_FIELDS = "id,name,status,categories,validation_errors"
FLOW_FIELDS = (
    f"{LIST_FIELDS},json_version,data_api_version,endpoint_uri,health_status,"
    "whatsapp_business_account{id},assets{name,asset_type,download_url}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """The entries of a page, and the cursor of the next one; None on the last.

    `doubts` say why the pages cannot be followed, where they cannot.
    """

    entries: JsonValue
    after: str | None
    doubts: tuple[str, ...] = ()


def read_page(body: dict[str, JsonValue]) -> PageRead:
    """Read a page. Only its cursor is used: an address could lead the credential elsewhere."""
    paging = mapping_in(body.get("paging"))
    entries = body.get("data")
    if not paging.get("next"):
        return PageRead(entries=entries, after=None)
    after = text_in(mapping_in(paging.get("cursors")).get("after"))
    if not after:
        doubts = ("the answer names a further page without saying where it begins",)
        return PageRead(entries=entries, after=None, doubts=doubts)
    return PageRead(entries=entries, after=after)


def link_in(assets: JsonValue) -> str | None:
    """Give the link to the Flow JSON among the assets of a flow; None where there is none."""
    entries = assets.get("data") if isinstance(assets, dict) else assets
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("asset_type") == "FLOW_JSON":
            return text_in(entry.get("download_url"))
    return None


def owner_in(body: dict[str, JsonValue]) -> str | None:
    """Give the account that a flow belongs to; None where it is not told."""
    return text_in(mapping_in(body.get("whatsapp_business_account")).get("id"))

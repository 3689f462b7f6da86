"""Where things are found in the Graph API, and which requests only read.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flowsync.remotes.http import ReadRule, read_rules

_NODE = r"[A-Za-z0-9_-]{1,128}"
_EDGES = ("flows", "assets", "phone_numbers", "whatsapp_business_encryption")


def path_to(version: str, node: str, edge: str = "") -> str:
    """Give the path of a node, or of one of its edges."""
    path = f"/{version}/{quote(node, safe='')}"
    return f"{path}/{edge}" if edge else path


def graph_reads(version: str, prefix: str = "") -> tuple[ReadRule, ...]:
    """Give the requests that only read, below a path prefix."""
    begin = re.escape(f"{prefix}/{version}/")
    return read_rules([("GET", f"{begin}{_NODE}(/({'|'.join(_EDGES)}))?")])


def link_reads() -> tuple[ReadRule, ...]:
    """Give the requests that only read where links to Flow JSON are followed: every GET."""
    return read_rules([("GET", r".*")])

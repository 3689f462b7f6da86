"""The address of a gateway: what may be written, and where a credential may travel without TLS.

Programs that read an address differently send a credential elsewhere than was checked. So only
addresses that can be read in one way are taken: no user, no backslash, no white space, no escape.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_NETLOC = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?")
_PLAIN = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash


def problem_of_base_url(base_url: str, *, is_insecure: bool) -> tuple[str, str] | None:
    """Tell what is wrong with an address and how to mend it; None where it can be used.

    With `is_insecure` http is taken for other machines too, as `insecure: true` asks.
    """
    parts = _split(base_url)
    if parts is None:
        return "base_url is not an http or https address.", "Write it as https://host."
    if "@" in parts.netloc or "?" in base_url or "#" in base_url:
        message = "base_url holds more than scheme, host and path."
        return message, "Give the credential as `token_file`, or as `token` from the environment."
    if not _PATH.fullmatch(parts.path):
        message = "base_url has a path that holds more than letters, digits and ._~-."
        return message, "Write it as https://host/path."
    if parts.scheme == "http" and not is_loopback(parts.hostname or "") and not is_insecure:
        message = "base_url sends the token over http, where others can read it."
        return message, "Use https, or set `insecure: true`."
    return None


def is_on_this_machine(base_url: str) -> bool:
    """Tell whether an address certainly leads to this machine."""
    parts = _split(base_url)
    return parts is not None and is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name that only looks like an address is not."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(base_url: str) -> SplitResult | None:
    """Give the parts of an address, None where it is none that everybody reads in one way."""
    if not _PLAIN.fullmatch(base_url):
        return None
    try:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return None
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2]
    return parts if _NETLOC.fullmatch(host) else None

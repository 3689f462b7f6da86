"""Checking the same Flow JSON once, where it is read for one account after the other."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from flowsync.model import FlowJson
from flowsync.validation.findings import Finding
from flowsync.validation.flow_json import check_flow_json

MOST_KEPT = 1_000  # of texts, whose findings are few; the texts themselves are not kept

_kept: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
_keeping = threading.Lock()


def findings_of(content: FlowJson) -> tuple[Finding, ...]:
    """Give what `check_flow_json` says of a Flow JSON, from memory where it was asked before."""
    digest = hashlib.sha256(content.text.encode("utf-8", "surrogatepass")).digest()
    with _keeping:
        found = _kept.get(digest)
    if found is None:
        found = check_flow_json(content.value)
        with _keeping:
            _kept[digest] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return found

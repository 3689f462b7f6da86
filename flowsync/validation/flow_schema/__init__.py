"""JSON Schemas of Flow JSON for editors, made from the same tables as the checks.

`python -m tests.generate` writes them to `schemas/flow-json/`; the commands read the files.
"""

from __future__ import annotations

from flowsync.validation.flow_schema.bundle import bundled_schema
from flowsync.validation.flow_schema.document import flow_schema
from flowsync.validation.flow_schema.values import Schema
from flowsync.validation.versions import ACCEPTED

__all__ = ["flow_schemas"]


def flow_schemas() -> dict[str, Schema]:
    """Give all schemas by the names that `flowsync.assets.schema_text` has for them."""
    by_version = {f"flow-json-{text}": flow_schema(version) for text, version in ACCEPTED.items()}
    return {"flow-json": bundled_schema(), **by_version}

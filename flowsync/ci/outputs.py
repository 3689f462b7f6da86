"""What a step hands to later steps: lines of the file that GITHUB_OUTPUT names.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping

from flowsync.model import JsonValue, mapping_in, text_in


def outputs_text(
    values: Mapping[str, str], delimiter: Callable[[], str] = lambda: secrets.token_hex(16)
) -> str:
    """Give outputs as GitHub reads them, each between lines that nobody can foretell."""
    return "".join(
        f"{name}<<{end}\n{value}\n{end}\n"
        for name, value in values.items()
        for end in [delimiter()]
    )


def found_in(plan: JsonValue, outcome: JsonValue) -> dict[str, str]:
    """Give the outputs has-changes, digest and ids from the JSON of a plan and of an outcome.

    What is not known is empty. `ids` is JSON: key → id; an outcome knows those of new flows.
    """
    document = mapping_in(plan)
    changes = document.get("has_changes")
    ids = {**_ids(document.get("changes")), **_ids(mapping_in(outcome).get("flows"))}
    return {
        "has-changes": "" if changes is None else str(changes is True).lower(),
        "digest": text_in(document.get("digest")) or "",
        "ids": json.dumps(ids, sort_keys=True),
    }


def _ids(entries: JsonValue) -> dict[str, JsonValue]:
    found = [mapping_in(entry) for entry in entries] if isinstance(entries, list) else []
    return {
        str(entry["key"]): entry["flow_id"]
        for entry in found
        if entry.get("key") is not None and entry.get("flow_id") is not None
    }

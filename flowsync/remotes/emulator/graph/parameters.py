"""How the Graph API reads parameters: from the query, a form or a JSON body, whichever comes.

Source: https://developers.facebook.com/docs/graph-api/overview
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from werkzeug.wrappers import Request

from flowsync.model import JsonValue
from flowsync.remotes.emulator.refusals import bad_parameter


def parameters(request: Request) -> Mapping[str, JsonValue]:
    """Give the parameters of a request; those of the body win."""
    found: dict[str, JsonValue] = {}
    for source in (request.args, request.form):
        for key, values in source.lists():
            name = re.sub(r"\[\d*\]$", "", key)
            if name != key:  # categories[0]=…&categories[1]=…
                earlier = found.get(name)
                found[name] = [*(earlier if isinstance(earlier, list) else []), *values]
            else:
                found[name] = values[-1]
    if request.mimetype == "application/json":
        body = request.get_json(silent=True)
        found.update(body if isinstance(body, dict) else {})
    return found


def text_of(found: Mapping[str, JsonValue], name: str) -> str | None:
    """Give a parameter as text, None where it is missing."""
    value = found.get(name)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def texts_of(found: Mapping[str, JsonValue], name: str) -> list[str] | None:
    """Give a parameter that is a list of texts, also from a JSON list or one with commas.

    Raises `PlatformError` for anything else.
    """
    value = found.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = [*value.split(",")] if value else []
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise bad_parameter(f"(#100) Param {name} must be an array.")
    return [str(item) for item in value]


def flag_of(found: Mapping[str, JsonValue], name: str) -> bool:
    """Give a parameter that is a boolean; false where it is missing."""
    value = found.get(name)
    if value in (None, False, "false", "0", 0, ""):
        return False
    if value in (True, "true", "1", 1):
        return True
    raise bad_parameter(f"(#100) Param {name} must be a boolean.")


def count_of(found: Mapping[str, JsonValue], name: str, default: int) -> int:
    """Give a parameter that is a number above 0, `default` where it is missing."""
    value = found.get(name)
    if value is None:
        return default
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) == 0:
        raise bad_parameter(f"(#100) Param {name} must be a positive number.")
    return int(text)

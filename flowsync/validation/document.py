"""Checks of the whole document and its version, before anything in it is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowsync.diagnostics import nearest
from flowsync.model import JsonValue
from flowsync.validation.freezing import frozen_version
from flowsync.validation.outline import Flow, JsonObject
from flowsync.validation.report import Report
from flowsync.validation.versions import (
    ACCEPTED,
    LATEST,
    Version,
    data_api_versions,
)
from flowsync.validation.wording import listed, quoted, shown_value, type_name

# Files are refused earlier (`flowsync.sources.MAX_DEPTH`); this protects the checks from values
# that come another way. The platform takes payloads deeper than files here may be.
MAX_DEPTH = 200
KEYS = ("version", "screens", "data_api_version", "routing_model")


def is_too_deep(value: JsonValue) -> bool:
    """Tell whether arrays and objects are nested deeper than files may have them."""
    level: list[JsonValue] = [value]
    for _ in range(MAX_DEPTH + 1):
        inner: list[JsonValue] = []
        for entry in level:
            if isinstance(entry, dict):
                inner.extend(entry.values())
            elif isinstance(entry, list):
                inner.extend(entry)
        level = inner
        if not level:
            return False
    return any(isinstance(entry, dict | list) for entry in level)


def read_version(value: JsonObject, report: Report) -> Version | None:
    """Give the version, or report why there is none to check the flow by."""
    if "version" not in value:
        report.add(
            "FS103", (), "the flow has no version.", f'Add "version": "{LATEST}" at the top.'
        )
        return None
    given = value["version"]
    if isinstance(given, str) and given in ACCEPTED:
        return ACCEPTED[given]
    meant = _meant_version(given)
    if isinstance(given, str) and meant is not None:
        report.add(
            "FS105",
            ("version",),
            f"the version is written {quoted(given)}.",
            f'Write it as "{meant}".',
        )
        return None
    if meant is not None:
        message = f"the version is {type_name(given)}, not a text."
        report.add("FS104", ("version",), message, f'Write "{meant}", with the quotes.')
        return None
    if frozen_version(value) is not None:
        report.add(
            "FS112",
            ("version",),
            f"the platform has frozen version {shown_value(given)}: flows in it stay live, but "
            "cannot be created, changed or published.",
            f"Upgrade it to {LATEST} with `flowsync upgrade`.",
        )
        return None
    report.add(
        "FS104",
        ("version",),
        f"the version {shown_value(given)} is not accepted by the platform.",
        f"Use one of {', '.join(ACCEPTED)}; {LATEST} is the latest.",
    )
    return None


_PLAIN_VERSION = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")


def _meant_version(given: JsonValue) -> str | None:
    """Give the accepted version that was written as a number or with a zero too many."""
    if isinstance(given, bool) or not isinstance(given, str | float | int):
        return None
    text = given.strip() if isinstance(given, str) else shown_value(given)
    found = _PLAIN_VERSION.fullmatch(text if isinstance(given, str | float) else f"{text}.0")
    version = f"{int(found[1])}.{int(found[2])}" if found else None
    return version if version in ACCEPTED else None


def check_document(flow: Flow, report: Report) -> None:
    """Check the keys at the top and the values that are not screens or routes."""
    for key, value in flow.value.items():
        if key == "data_channel_uri":
            report.add(
                "FS106",
                (key,),
                "the endpoint address is no longer part of the Flow JSON.",
                "Remove data_channel_uri and set endpoint_uri in the definition.",
                at_key=True,
            )
        elif key == "meta":
            _check_meta(value, report)
        elif key not in KEYS:
            report.add(
                "FS106",
                (key,),
                f"the flow has the unknown key {quoted(key)}.",
                _fix_for_key(key),
                at_key=True,
            )
        elif key in _TYPES and not isinstance(value, _TYPES[key]):
            report.add(
                "FS108",
                (key,),
                f"{key} should be {_TYPE_NAMES[key]}, but is {type_name(value)}.",
                f"Replace it with {_TYPE_NAMES[key]}.",
                also=("INVALID_PROPERTY_VALUE",) if key == "data_api_version" else (),
            )
    if "screens" not in flow.value:
        report.add("FS107", (), "the flow has no screens.", "Add a list of screens.")
    _check_endpoint(flow, report)


_TYPES: Mapping[str, type] = {"screens": list, "routing_model": dict, "data_api_version": str}
_TYPE_NAMES: Mapping[str, str] = {
    "screens": "an array",
    "routing_model": "an object",
    "data_api_version": "a text",
}


def _fix_for_key(key: str) -> str:
    found = nearest(key, KEYS) if len(key) < 60 else None
    return f'Did you mean "{found}"?' if found else "Remove it."


def _check_meta(value: JsonValue, report: Report) -> None:
    report.add(
        "FS110",
        ("meta",),
        "meta is reserved by the platform for flows that it makes itself.",
        "Remove it.",
        at_key=True,
    )


def _check_endpoint(flow: Flow, report: Report) -> None:
    if not flow.has_endpoint:
        return
    given = flow.value["data_api_version"]
    allowed = data_api_versions(report.version)
    if isinstance(given, str) and given not in allowed:
        report.add(
            "FS109",
            ("data_api_version",),
            f"data_api_version {quoted(given)} does not go with this Flow JSON version.",
            f"Use {listed(allowed, len(allowed))}.",
        )
    if "routing_model" not in flow.value:
        report.add(
            "FS111",
            (),
            "the flow has a data_api_version but no routing_model.",
            "Add a routing_model with the routes between the screens.",
        )

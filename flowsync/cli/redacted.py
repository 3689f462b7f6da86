"""Taking secrets out of values before a format escapes them, after which they are not found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def redacted(value: T, redact: Callable[[str], str]) -> T:
    """Give a value of ours with every text in it redacted; enums and numbers stay."""
    return _redacted(value, redact)  # type: ignore[no-any-return]  # a value of the same kind


def _redacted(value: Any, redact: Callable[[str], str]) -> Any:
    if type(value) is str:
        return redact(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _redacted(getattr(value, field.name), redact)
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **fields)
    if isinstance(value, Mapping):
        return {_redacted(key, redact): _redacted(item, redact) for key, item in value.items()}
    if type(value) in (tuple, list):
        return type(value)(_redacted(item, redact) for item in value)
    return value

"""How a page looks, and what stands beside the phone, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

CHOICES: Mapping[str, tuple[str, ...]] = {
    "view": ("device", "sheet", "graph", "changes"),
    "theme": ("light", "dark"),
    "platform": ("android", "ios"),
    "width": ("320", "360", "375", "390", "412", "430"),
    "scale": ("85", "100", "115", "130", "150", "200"),
    "direction": ("ltr", "rtl"),
    "banner": ("none", "draft"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a phone looks: `width` in CSS pixels, `scale` of the text in per cent.

    `view` is what is shown of a flow: one device, all screens on a sheet, the graph of screens, or
    the screens that changed, before and after.
    """

    view: str = "device"
    theme: str = "light"
    platform: str = "android"
    width: str = "360"
    scale: str = "100"
    direction: str = "ltr"
    banner: str = "none"


def with_choice(look: Look, name: str, value: str) -> Look | None:
    """Give a look with another choice, None for one that there is not."""
    if value not in CHOICES.get(name, ()):
        return None
    return replace(look, **{name: value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A flow in the list of flows; `problems` is how many errors its files have."""

    key: str
    name: str
    problems: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the log: its kind in a word, a sentence, and more of it as JSON."""

    kind: str
    message: str
    details: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a validation says: where, how bad, and a sentence."""

    place: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What stands beside the phone; texts are JSON where they hold values.

    `payload` is what the Footer would send, `summary` the lines of the response message with
    sensitive ones masked, `places` each element of the screen with its place in the files.
    """

    data: str = "{}"
    form: str = "{}"
    payload: str = ""
    completion: str = ""
    summary: tuple[tuple[str, str], ...] = ()
    log: tuple[Told, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: tuple[tuple[str, str, str], ...] = ()  # JSON pointer, what it is, place

"""What the page of a preview sends, checked, and carried out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.preview.engine import NotPossible
from flowsync.preview.page.values import Look, with_choice
from flowsync.preview.scenarios.values import Back, Close, Fill, Tap
from flowsync.preview.studio import Moment, Studio


class WrongAct(Exception):
    """What no page of ours would send; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What there is to draw, how it should look, and what was said last.

    `version` is that of the files; the moment may be of a later one, never of an earlier.
    """

    moment: Moment
    look: Look
    version: int = 0
    said: str = ""


class Desk:
    """A studio and the look of its page; several browsers share both.

    `save` writes a recorded scenario under a name and gives a sentence on it. `look` is the first.
    """

    def __init__(
        self, studio: Studio, save: Callable[[Moment, str], str], look: Look | None = None
    ) -> None:
        self._studio, self._save = studio, save
        self._look = look or Look()
        self._said = ""
        self._acting = threading.Lock()

    def shown(self) -> Shown:
        """Give what there is to draw now."""
        version = self._studio.version
        return Shown(
            moment=self._studio.moment(), look=self._look, version=version, said=self._said
        )

    @property
    def version(self) -> int:
        """Give a number that grows with each change of the files."""
        return self._studio.version

    def wait_for_change(self, version: int, seconds: float) -> int:
        """Wait until the files have changed since a version, or time is up; give the version."""
        return self._studio.wait_for_change(version, seconds)

    def act(self, message: JsonValue) -> None:
        """Carry out what the page sends. Raises `WrongAct`, or `NotPossible` with a sentence."""
        fields = mapping_in(message)
        name = text_in(fields.get("act"))
        carry_out = _ACTS.get(name or "")
        if carry_out is None:
            raise WrongAct(f"there is no act {name!r}.")
        with self._acting:
            self._said = ""
            carry_out(self, fields)

    # --- the acts ---

    def fill(self, fields: Mapping[str, JsonValue]) -> None:
        """Put a value into an input."""
        target = text_in(fields.get("name")) or ""
        deed = Fill(target=target, value=fields.get("value"))
        self._studio.do(deed, _pointer(fields))

    def leave(self, fields: Mapping[str, JsonValue]) -> None:
        """Leave an input."""
        self._studio.leave(_pointer(fields))

    def tap(self, fields: Mapping[str, JsonValue]) -> None:
        """Tap on an element."""
        deed = Tap(target=text_in(fields.get("name")) or "", item=text_in(fields.get("item")))
        self._studio.do(deed, _pointer(fields))

    def open_url(self, fields: Mapping[str, JsonValue]) -> None:
        """Say what a phone would open; nothing is opened here."""
        url = text_in(fields.get("value")) or ""
        if not url.lower().startswith("https://"):
            raise NotPossible(f"a phone opens only https addresses, and this one is {url}.")
        self._said = f"A phone would open {url}."

    def back(self, fields: Mapping[str, JsonValue]) -> None:
        """Go back."""
        self._studio.do(Back())

    def close(self, fields: Mapping[str, JsonValue]) -> None:
        """Close the flow."""
        self._studio.do(Close())

    def restart(self, fields: Mapping[str, JsonValue]) -> None:
        """Open the flow again, at a screen or at its first."""
        screen = text_in(fields.get("value"))
        self._studio.restart(screen)
        if screen is not None:
            self._look = replace(self._look, view="device")

    def flow(self, fields: Mapping[str, JsonValue]) -> None:
        """Try another flow."""
        self._studio.choose(str(fields.get("value")))

    def data(self, fields: Mapping[str, JsonValue]) -> None:
        """Choose another set of data."""
        self._studio.choose_data(str(fields.get("value")))

    def opening(self, fields: Mapping[str, JsonValue]) -> None:
        """Choose what opens the flow: its first screen, or its endpoint."""
        self._studio.choose_opening(str(fields.get("value")))

    def fault(self, fields: Mapping[str, JsonValue]) -> None:
        """Choose how the endpoint fails."""
        self._studio.choose_fault(str(fields.get("value")))

    def look(self, fields: Mapping[str, JsonValue]) -> None:
        """Choose another look."""
        chosen = with_choice(self._look, str(fields.get("name")), str(fields.get("value")))
        if chosen is None:
            raise NotPossible(f"there is no look {fields.get('value')!r}.")
        self._look = chosen

    def save(self, fields: Mapping[str, JsonValue]) -> None:
        """Save what was done as a scenario."""
        name = (text_in(fields.get("value")) or "").strip()
        if not name:
            raise NotPossible("a scenario needs a name.")
        self._said = self._save(self._studio.moment(), name)


_ACTS: Mapping[str, Callable[[Desk, Mapping[str, JsonValue]], None]] = {
    "fill": Desk.fill,
    "leave": Desk.leave,
    "tap": Desk.tap,
    "open_url": Desk.open_url,
    "back": Desk.back,
    "close": Desk.close,
    "restart": Desk.restart,
    "flow": Desk.flow,
    "data": Desk.data,
    "fault": Desk.fault,
    "opening": Desk.opening,
    "look": Desk.look,
    "save": Desk.save,
}


def _pointer(fields: Mapping[str, JsonValue]) -> str:
    return text_in(fields.get("pointer")) or ""

"""What the scenarios of a flow reach, and what none of them does."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.model import JsonValue, mapping_in, texts_in
from flowsync.preview.engine import Session
from flowsync.preview.engine.acceptance import options_of
from flowsync.preview.engine.reading import Unrunnable, read_runnable
from flowsync.preview.scenarios.values import Step, Tap, Unchosen, Unreached
from flowsync.preview.views import ElementView, Pointer
from flowsync.validation.outline import Component, Flow

_LISTS = ("data-source", "list-items")


class Reach:
    """Watches scenarios being run, and keeps what was seen and chosen."""

    def __init__(self) -> None:
        self._screens: set[str] = set()
        self._shown: set[Pointer] = set()
        self._offered: dict[tuple[str, str], dict[str, None]] = {}
        self._chosen: set[tuple[str, str, str]] = set()

    def watch(self, session: Session, step: Step | None) -> None:
        """Note what shows, and what a step is about to choose."""
        view = session.view()
        if view.id:
            self._screens.add(view.id)
        for element in view.walk():
            self._shown.add(element.pointer)
            if element.name is not None and any(key in element.properties for key in _LISTS):
                self._note_options(view.id, element)
        if step is not None and isinstance(step.does, Tap) and step.does.item is not None:
            for element in view.walk():
                if step.does.target in (element.name, element.type) and element.name is not None:
                    self._chosen.add((view.id, element.name, step.does.item))

    def _note_options(self, screen: str, element: ElementView) -> None:
        assert element.name is not None
        offered = self._offered.setdefault((screen, element.name), {})
        offered.update(dict.fromkeys(options_of(element.properties)))
        value = element.value
        for option in (value,) if isinstance(value, str) else texts_in(value):
            self._chosen.add((screen, element.name, option))

    def unreached(self, flow_json: JsonValue) -> Unreached:
        """Give what nothing has reached yet."""
        flow = read_runnable(flow_json)
        if isinstance(flow, Unrunnable):
            return Unreached()
        return Unreached(
            screens=tuple(one.id for one in flow.screens if one.id not in self._screens),
            branches=tuple(self._branches(flow)),
            options=tuple(
                Unchosen(screen=screen, name=name, options=left, number=len(options))
                for (screen, name), options in self._offered.items()
                if (
                    left := tuple(one for one in options if (screen, name, one) not in self._chosen)
                )
            ),
        )

    def _branches(self, flow: Flow) -> Iterator[str]:
        """Give the branches of screens that were seen of which nothing was."""
        for screen in flow.screens:
            if screen.id not in self._screens:
                continue
            for component in screen.components:
                for said, pointer in _branches_of(component):
                    if not any(shown[: len(pointer)] == pointer for shown in self._shown):
                        yield f"{component.type} on screen {screen.id}: {said}"


def _branches_of(component: Component) -> Iterator[tuple[str, Pointer]]:
    """Give the branches with something in them, in words, with their places."""
    value = component.value
    if component.type == "If":
        condition = value.get("condition")
        for key, said in (("then", f"`{condition}`"), ("else", f"not `{condition}`")):
            if value.get(key):
                yield said, (*component.pointer, key)
    elif component.type == "Switch":
        for name, children in mapping_in(value.get("cases")).items():
            if children:
                yield f"`{value.get('value')}` is {name}", (*component.pointer, "cases", name)

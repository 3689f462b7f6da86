"""A flow as one person meets it on one phone: what shows, and what they can do.

session = Session(flow_json, today=date(2026, 1, 5))
session.fill("name", "Ada")
session.tap("Footer")
session.view()
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date

from flowsync.diagnostics import nearest
from flowsync.model import JsonValue, mapping_in, text_in, texts_in
from flowsync.preview.engine import inputs
from flowsync.preview.engine.acceptance import most_of, options_of
from flowsync.preview.engine.completion import Completion
from flowsync.preview.engine.elements import Shown, elements, shown_components
from flowsync.preview.engine.exchange import Endpoint
from flowsync.preview.engine.log import LogEntry
from flowsync.preview.engine.playing import Play, Start
from flowsync.preview.engine.progress import progress, read_steps
from flowsync.preview.engine.reading import Unrunnable, read_runnable
from flowsync.preview.engine.selections import selection_actions
from flowsync.preview.engine.snapshots import Snapshot, resumed_play, snapshot_of
from flowsync.preview.views import Pointer, ScreenView
from flowsync.validation.outline import JsonObject, Screen
from flowsync.validation.wording import quoted, shown_value

Target = str | Pointer
"""What is meant on a screen: a place in the Flow JSON, a name, a label or text, or a type."""


class NotPossible(Exception):
    """What a person cannot do on the screen that shows; the message is a sentence."""


class Session:
    """One run of a flow, from any JSON value; what cannot be run is said in `failure`.

    `today` is the day on the phone. `endpoint` answers what the flow asks; without one, the flow
    stays where it asks.
    """

    def __init__(
        self,
        flow_json: JsonValue,
        *,
        today: date,
        start: Start | None = None,
        endpoint: Endpoint | None = None,
    ) -> None:
        self.today = today
        self.failure: str | None = None
        self._play: Play | None = None
        flow = read_runnable(flow_json)
        if isinstance(flow, Unrunnable):
            self.failure = flow.message
            return
        self._play = Play(flow=flow, start=start or Start(), endpoint=endpoint)
        self._steps = read_steps(flow)
        self._play.open()

    @classmethod
    def resumed(
        cls,
        flow_json: JsonValue,
        snapshot: Snapshot,
        *,
        today: date,
        endpoint: Endpoint | None = None,
    ) -> Session:
        """Go on with another state of the same flow, as far as it has the screens and inputs.

        The flow starts anew where its first screen is gone.
        """
        session = cls(flow_json, today=today, start=snapshot.start, endpoint=None)
        play = session._play
        if play is not None:
            found = resumed_play(play.flow, snapshot)
            session._play = found or Play(flow=play.flow, start=snapshot.start)
            session._play.endpoint = endpoint
            if found is None:
                session._play.open()
        return session

    # --- what there is ---

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """Give what happened so far, in order."""
        return self._play.log if self._play is not None else ()

    @property
    def completion(self) -> Completion | None:
        """Give how the flow ended, None while it has not, or was closed."""
        return self._play.completion if self._play is not None else None

    @property
    def is_over(self) -> bool:
        """Tell whether the flow was completed or closed, or never opened."""
        play = self._play
        return play is None or play.is_closed or play.completion is not None

    @property
    def path(self) -> tuple[str, ...]:
        """Give the ids of the screens that lead here, the one that shows last."""
        return self._play.path if self._play is not None else ()

    @property
    def data(self) -> Mapping[str, JsonValue]:
        """Give the data of the screen that shows."""
        play = self._play
        return dict(play.visits[play.path[-1]].data) if play is not None and play.path else {}

    @property
    def form(self) -> Mapping[str, JsonValue]:
        """Give what `${form.…}` stands for on the screen that shows, hidden inputs included."""
        play = self._play
        screen = play.screen if play is not None else None
        if play is None or screen is None:
            return {}
        return {
            name: inputs.sent(
                component, play.moment.input_value(screen, component), play.flow.version
            )
            for name, component in screen.named.items()
            if inputs.is_input(component)
        }

    def view(self) -> ScreenView:
        """Give the screen as it shows now; one without elements where there is none to show."""
        play = self._play
        screen = play.screen if play is not None else None
        if play is None or screen is None:
            notice = self.failure or (play.notice if play is not None else None)
            return ScreenView(pointer=(), id="", title="", elements=(), notice=notice)
        moment = play.moment
        found, footer = elements(moment, screen, shown_components(moment, screen))
        title = moment.resolved(screen, screen.value.get("title"))
        return ScreenView(
            pointer=screen.pointer,
            id=screen.id,
            title=text_in(title) or "",
            elements=found,
            footer=footer,
            can_go_back=len(play.path) > 1,
            is_terminal=screen.is_terminal,
            progress=progress(play.flow, self._steps, play.path),
            notice=play.notice,
            is_waiting=play.is_waiting,
        )

    def payload_of(self, target: Target, item: str | None = None) -> Mapping[str, JsonValue] | None:
        """Give what a tap would send now, or a choice in an input; None for what sends nothing.

        Raises `NotPossible`.
        """
        play, screen = self._running()
        one = self._find(target)
        action = self._click(one, item) or one.properties.get("on-select-action")
        if not isinstance(action, dict) or action.get("name") == "open_url":
            return None
        return play.moment.payload(screen, action)

    # --- what a person does ---

    def fill(self, target: Target, value: JsonValue, *, has_left: bool = True) -> None:
        """Put a value into an input, or None to clear it; errors show once it was left.

        Texts for texts, dates (YYYY-MM-DD) and single choices, lists of ids for several, booleans
        for an OptIn, names of files (or objects with `file_name`, `size_kb`, `mime_type`) for
        pickers. Raises `NotPossible` for what nobody could fill in so.
        """
        play, screen = self._running()
        one = self._find(target)
        self._check_filling(one, value)
        play.notice = None
        name = one.component.name
        assert name is not None
        visit = play.visits[screen.id]
        play.visits[screen.id] = visit.with_filled(name, value, has_left=has_left)
        for action in selection_actions(one, one.value, value):
            if play.path[-1:] == (screen.id,) and play.completion is None:
                play.run(screen, action)

    def leave(self, target: Target) -> None:
        """Leave an input, so that its error shows. Raises `NotPossible`."""
        play, screen = self._running()
        name = self._find(target).component.name
        visit = play.visits[screen.id]
        if name is not None:
            play.visits[screen.id] = replace(visit, left=visit.left | {name})

    def tap(self, target: Target, item: str | None = None) -> None:
        """Tap on the Footer, a link, the «Read more» of an OptIn, or an item of a list.

        A Footer that is disabled does nothing but show all errors. `item` is the id of an item.
        Raises `NotPossible` for what cannot be tapped.
        """
        play, screen = self._running()
        one = self._find(target)
        action = self._click(one, item)
        if action is None:
            raise NotPossible(f"{one.component.label} does nothing when it is tapped.")
        play.notice = None
        visit = play.visits[screen.id]
        if one.component.type == "Footer":
            play.visits[screen.id] = replace(visit, is_tried=True)
            footer = self.view().footer
            if footer is None or not footer.is_enabled:
                return
        elif item is not None and one.component.name is not None:
            play.visits[screen.id] = visit.with_filled(one.component.name, item, has_left=True)
        play.run(screen, action)

    def back(self) -> None:
        """Go back as the phone's button does: on the first screen that closes the flow."""
        play, _ = self._running()
        play.notice = None
        play.back()

    def close(self) -> None:
        """Close the flow. Raises `NotPossible` when it is over."""
        play, _ = self._running()
        play.close()

    def again(self, start: Start) -> Session:
        """Give a new run of the same flow, opened anew, without reading it a second time."""
        other = copy(self)
        if self._play is not None:
            endpoint = self._play.endpoint
            other._play = Play(flow=self._play.flow, start=start, endpoint=endpoint)
            other._play.open()
        return other

    def fork(self) -> Session:
        """Give a second run that stands where this one does; the two go on apart."""
        other = copy(self)
        if self._play is not None:
            other._play = replace(self._play, visits=dict(self._play.visits))
        return other

    def snapshot(self) -> Snapshot | None:
        """Give where the person is, for `resumed`; None for a flow that cannot be run."""
        return snapshot_of(self._play) if self._play is not None else None

    # --- finding what is meant ---

    def _running(self) -> tuple[Play, Screen]:
        play = self._play
        screen = play.screen if play is not None else None
        if play is None or screen is None:
            raise NotPossible(self.failure or "No screen shows. See the log for why.")
        if self.is_over:
            raise NotPossible("The flow is over: it was completed or closed.")
        return play, screen

    def _find(self, target: Target) -> Shown:
        play, screen = self._running()
        shown = shown_components(play.moment, screen)
        for one in shown:
            if one.component.pointer == target or one.component.name == target:
                return one
        labelled = [one for one in shown if target in _labels(one)]
        typed = [one for one in shown if one.component.type == target]
        for found in (labelled, typed):
            if len(found) == 1:
                return found[0]
            if found:
                raise NotPossible(
                    f"screen {quoted(screen.id)} shows {len(found)} of {quoted(str(target))}. Say "
                    "which by its name or its place."
                )
        known = [name for one in shown if (name := one.component.name) is not None]
        known += [label for one in shown for label in _labels(one)]
        near = nearest(target, known) if isinstance(target, str) else None
        hint = f"Did you mean {quoted(near)}?" if near is not None else "Name what shows there."
        raise NotPossible(f"screen {quoted(screen.id)} shows no {_target(target)}. {hint}")

    def _click(self, one: Shown, item: str | None) -> JsonObject | None:
        action = one.properties.get("on-click-action")
        if one.component.type != "NavigationList":
            return action if isinstance(action, dict) else None
        entries = one.properties.get("list-items")
        links = [mapping_in(entry) for entry in entries] if isinstance(entries, list) else []
        link = next((entry for entry in links if entry.get("id") == item), None)
        if item is None or link is None:
            offered = ", ".join(quoted(name) for name in options_of(one.properties))
            raise NotPossible(f"say which item of {one.component.label}: {offered}.")
        if link.get("enabled") is False:
            raise NotPossible(f"item {quoted(item)} of {one.component.label} is disabled.")
        own = link.get("on-click-action", action)
        return own if isinstance(own, dict) else None

    def _check_filling(self, one: Shown, value: JsonValue) -> None:
        component = one.component
        if not inputs.is_input(component) or component.type == "NavigationList":
            raise NotPossible(f"{component.label} cannot be filled in.")
        if not one.is_enabled:
            raise NotPossible(f"{component.label} is disabled.")
        wanted = inputs.takes(component, value)
        if wanted is not None:
            raise NotPossible(f"{component.label} takes {wanted}.")
        most = most_of(component.type, one.properties)
        if most is not None and _count(value) > max(most, _count(one.value) - 1):
            raise NotPossible(f"{component.label} takes at most {most:g}. Take one away first.")
        if component.type not in inputs.CHOOSE_ONE | inputs.CHOOSE_SEVERAL:
            return
        options = options_of(one.properties)
        before = _chosen(one.value)
        for name in _chosen(value):
            if not options.get(name) and name not in before:
                offered = ", ".join(quoted(each) for each, is_on in options.items() if is_on)
                what = "disabled" if name in options else "not offered"
                raise NotPossible(
                    f"{shown_value(name)} is {what} by {component.label}. Choose of: {offered}."
                )


def _count(value: JsonValue) -> int:
    return len(value) if isinstance(value, list) else 0


def _chosen(value: JsonValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else texts_in(value)


def _labels(one: Shown) -> tuple[str, ...]:
    found = (one.properties.get(key) for key in ("label", "text"))
    return tuple(text for text in found if isinstance(text, str))


def _target(target: Target) -> str:
    return quoted(target) if isinstance(target, str) else "/".join(map(str, target))

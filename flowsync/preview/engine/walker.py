"""Walks through a flow by itself: fills in what shows, taps what can be tapped, tries branches.

It finds out which screens show and which ends are reached, and why not where it comes no further.
A flow with an endpoint is answered with the examples of its data models.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from flowsync.model import JsonValue, canonical_json, mapping_in, text_in
from flowsync.preview.engine.candidates import candidates
from flowsync.preview.engine.completion import Completion
from flowsync.preview.engine.data_sets import DataSet, data_for
from flowsync.preview.engine.exchange import SUCCESS, Answer, Request
from flowsync.preview.engine.playing import Start
from flowsync.preview.engine.reading import Unrunnable, entries_of, read_runnable, routes_of
from flowsync.preview.engine.session import NotPossible, Session
from flowsync.preview.views import ElementView, Pointer, ScreenView
from flowsync.validation.outline import Flow, Screen

_MAX_STEPS = 400  # taps in one walk
_MAX_VARIANTS = 8  # ways to fill in one screen
_MAX_ROUNDS = 6  # of filling in, as what is filled in shows more
_MAX_VISITS = 4  # of one screen, with other data each time
_CLICKED = frozenset({"Footer", "EmbeddedLink", "OptIn", "NavigationList"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk found.

    `reached` are the screens that showed, in the order of finding them; `views` one view of each.
    `ends` are the ways in which the flow ended, by the screen it ended on. `problems` are sentences
    on where it went no further.
    """

    reached: tuple[str, ...] = ()
    views: tuple[ScreenView, ...] = ()
    ends: Mapping[str, Completion] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def walk(flow_json: JsonValue, *, today: date) -> Walk:
    """Walk through a flow from each of its entries; never raises."""
    flow = read_runnable(flow_json)
    if isinstance(flow, Unrunnable):
        return Walk(problems=(flow.message,))
    walker = _Walker(flow, flow_json, today)
    walker.run()
    return Walk(
        reached=tuple(walker.views),
        views=tuple(walker.views.values()),
        ends=walker.ends,
        problems=tuple(dict.fromkeys(walker.problems)),
    )


class _ExampleEndpoint:
    """Answers with examples: for the screen that the walker wants to see next, or for the same."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.next: str | None = None
        self.is_generous = False

    def __call__(self, request: Request) -> Answer:
        if self.next == SUCCESS:
            params: dict[str, JsonValue] = {"flow_token": request.flow_token}
            return Answer(screen=SUCCESS, data={"extension_message_response": {"params": params}})
        name = self.next if self.next is not None else request.screen or ""
        screen = self.flow.by_id.get(name)
        data = generous_data(screen, self.is_generous) if screen is not None else {}
        return Answer(screen=name, data=data)


def generous_data(screen: Screen, is_generous: bool) -> dict[str, JsonValue]:
    """Give the examples of a screen; generous ones allow everything and have a choice in lists."""
    data = data_for(screen, DataSet.EXAMPLES)
    if not is_generous:
        return data
    model = screen.data or {}
    return {name: _generous(mapping_in(model.get(name)), value) for name, value in data.items()}


def _generous(schema: Mapping[str, JsonValue], value: JsonValue) -> JsonValue:
    if value is False:
        return True
    if value == []:
        items = mapping_in(schema.get("items"))
        return [_made(items, name) for name in ("one", "two")]
    return value


def _made(schema: Mapping[str, JsonValue], name: str) -> JsonValue:
    kind = schema.get("type")
    if kind == "object":
        inner = mapping_in(schema.get("properties"))
        return {key: _made(mapping_in(one), name) for key, one in inner.items()}
    if kind in ("number", "integer"):
        return 1
    if kind == "array":
        return []
    return True if kind == "boolean" else name


class _Walker:
    def __init__(self, flow: Flow, flow_json: JsonValue, today: date) -> None:
        self.flow, self.flow_json, self.today = flow, flow_json, today
        self.endpoint = _ExampleEndpoint(flow)
        self.routes = routes_of(flow) or {}
        self.views: dict[str, ScreenView] = {}
        self.ends: dict[str, Completion] = {}
        self.problems: list[str] = []
        self._waiting: deque[Session] = deque()
        self._known: dict[str, set[str]] = {}
        self._steps = 0

    def run(self) -> None:
        for entry in entries_of(self.flow):
            for is_generous in (False, True):
                data = generous_data(entry, is_generous)
                self.endpoint.is_generous = is_generous
                session = Session(
                    self.flow_json,
                    today=self.today,
                    start=Start(screen=entry.id, data=data),
                    endpoint=self.endpoint,
                )
                self._arrive(session)
        while self._waiting and self._steps < _MAX_STEPS:
            self._explore(self._waiting.popleft())

    def _arrive(self, session: Session) -> None:
        """Note where a session is, and that it may be explored from there."""
        if session.completion is not None:
            self.ends.setdefault(session.completion.screen, session.completion)
            return
        view = session.view()
        if not session.path:
            return
        self.views.setdefault(view.id, view)
        known = self._known.setdefault(view.id, set())
        state = canonical_json(dict(session.data))
        if state not in known and len(known) < _MAX_VISITS:
            known.add(state)
            self._waiting.append(session)

    def _explore(self, session: Session) -> None:
        before = session.path
        tried: set[str] = set()
        can_go_on = False
        said = len(self.problems)
        for variant in range(_MAX_VARIANTS):
            filled = session.fork()
            self._fill(filled, variant)
            if filled.path != before or filled.is_over:
                self._arrive(filled)
                continue
            state = canonical_json({"data": dict(filled.data), "form": dict(filled.form)})
            if state in tried:
                continue
            tried.add(state)
            for target, item in _targets(filled.view()):
                can_go_on |= self._tap(filled, target, item)
        if tried and not can_go_on and len(self.problems) == said:
            self._say(session, "nothing that shows there leads on")

    # --- filling in ---

    def _fill(self, session: Session, variant: int) -> None:
        """Fill in all inputs, those too that show only because others were filled in."""
        self.endpoint.next, self.endpoint.is_generous = None, True
        done: set[Pointer] = set()
        path = session.path
        for _ in range(_MAX_ROUNDS):
            open_ = [one for one in _inputs(session.view()) if one.pointer not in done]
            for element in open_:
                done.add(element.pointer)
                self._fill_one(session, element, variant)
                if session.is_over or session.path != path:
                    return
            if not open_:
                return

    def _fill_one(self, session: Session, element: ElementView, variant: int) -> None:
        found = candidates(
            element, self.flow.version, self.today, most=variant + 1 if variant else 1
        )
        if not found:
            if element.is_required:
                self._say(session, f"found no value that {_named(element)} takes")
            return
        try:
            session.fill(element.pointer, found[variant % len(found)])
        except NotPossible:  # it is gone, or disabled, since an earlier one was filled in
            return

    # --- going on ---

    def _tap(self, session: Session, target: ElementView, item: str | None) -> bool:
        """Tap on something, once for each answer that it may get; tell whether that led on."""
        led_on = False
        for following in self._answers(session, target, item):
            for is_generous in self._ways(following):
                if self._steps >= _MAX_STEPS:
                    return True
                self._steps += 1
                self.endpoint.next, self.endpoint.is_generous = following, is_generous
                fork = session.fork()
                try:
                    fork.tap(target.pointer, item)
                except NotPossible as exc:
                    self._say(session, str(exc))
                    return led_on
                led_on |= self._note(session, fork, target)
        return led_on

    def _ways(self, following: str | None) -> tuple[bool, ...]:
        """Tell whether to answer with plain examples, and with generous ones if they differ."""
        screen = self.flow.by_id.get(following or "")
        if screen is None or generous_data(screen, True) == generous_data(screen, False):
            return (False,)
        return (False, True)

    def _note(self, before: Session, after: Session, target: ElementView) -> bool:
        """Write down what a tap led to; tell whether that was anywhere else."""
        if after.path != before.path or after.completion is not None:
            self._arrive(after)
            return True
        new = after.log[len(before.log) :]
        said = [entry.message for entry in new if entry.is_error]
        if said:
            self._say(before, said[-1])
        elif target.type == "Footer" and not new:
            view = after.view()
            errors = [f"{_named(one)}: {one.error}" for one in view.walk() if one.error]
            reason = "; ".join(errors) or "its enabled is false"
            self._say(before, f"the Footer stays disabled: {reason}")
        return False

    def _answers(
        self, session: Session, target: ElementView, item: str | None
    ) -> Iterator[str | None]:
        """Give the screens that an endpoint may answer a tap with; None where it is not asked."""
        if not _asks_endpoint(target, item):
            yield None
            return
        here = session.path[-1]
        ends = self.routes.get(here, ())
        yield from ends
        screen = self.flow.by_id.get(here)
        if not ends or (screen is not None and screen.is_terminal):
            yield SUCCESS

    def _say(self, session: Session, message: str) -> None:
        here = session.path[-1] if session.path else "nowhere"
        self.problems.append(f"on {here}: {message}")


def _inputs(view: ScreenView) -> list[ElementView]:
    return [
        one
        for one in view.walk()
        if one.name is not None
        and one.is_enabled
        and one.type not in _CLICKED - {"OptIn"}
        and one.type != "Form"
    ]


def _targets(view: ScreenView) -> Iterator[tuple[ElementView, str | None]]:
    """Give what can be tapped on a screen, the items of lists each for itself."""
    for one in view.walk():
        if one.type == "NavigationList":
            entries = one.properties.get("list-items")
            for entry in entries if isinstance(entries, list) else ():
                name = text_in(mapping_in(entry).get("id"))
                if name is not None and mapping_in(entry).get("enabled") is not False:
                    yield one, name
        elif one.type in _CLICKED and isinstance(one.properties.get("on-click-action"), dict):
            yield one, None


def _asks_endpoint(target: ElementView, item: str | None) -> bool:
    action = target.properties.get("on-click-action")
    entries = target.properties.get("list-items") if item is not None else None
    for entry in entries if isinstance(entries, list) else ():
        if mapping_in(entry).get("id") == item:
            action = mapping_in(entry).get("on-click-action", action)
    return mapping_in(action).get("name") == "data_exchange"


def _named(element: ElementView) -> str:
    return f'{element.type} "{element.name}"' if element.name is not None else element.type

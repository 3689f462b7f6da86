"""One preview at work: the flows, the one that is tried, and where the person is in it.

What a page sends is an act in words (`fill`, `tap`, `back` …); what it draws is asked for
afterwards. Several pages on one studio show the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowKey, JsonValue
from flowsync.preview.endpoint.faults import with_fault
from flowsync.preview.endpoint.fixtures import Fault
from flowsync.preview.engine import (
    Answer,
    DataSet,
    Endpoint,
    NotPossible,
    Request,
    Session,
    Snapshot,
    Start,
)
from flowsync.preview.scenarios.recording import word_for
from flowsync.preview.scenarios.values import Back, Close, Fill, Tap
from flowsync.preview.sheet import Pair, screen_of
from flowsync.preview.views import ElementView, Pointer, ScreenView, pointer_text

NO_FAULT = "none"
OPENINGS = ("navigate", "data_exchange")  # the flow actions of a message that opens a flow
Deed = Fill | Tap | Back | Close


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFlow:
    """A flow that can be tried.

    `flow_json` is None where it cannot be read; then an earlier one is kept. `findings` are those
    of its files, `flow_json_path` the file that their pointers lead into. `place` gives where a
    value of the Flow JSON stands, such as `flows/a.json:12:3`. `new_endpoint` makes what answers
    it, None where nothing does. `pairs` gives the screens that differ from those of a remote; it is
    None where none was read.
    """

    key: FlowKey
    name: str
    flow_json: JsonValue
    flow_json_path: str = ""
    findings: tuple[Diagnostic, ...] = ()
    place: Callable[[Pointer], str] = lambda pointer: ""
    new_endpoint: Callable[[], Endpoint | None] = lambda: None
    pairs: Callable[[], Iterable[Pair]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What there is to draw: the flows, the one that is tried, its session and its screen."""

    flows: tuple[PreviewFlow, ...]
    flow: PreviewFlow | None
    session: Session | None
    view: ScreenView | None
    data_set: DataSet
    fault: str
    opening: str
    deeds: tuple[Deed, ...] = ()


@dataclass(slots=True)
class _Trial:
    """A flow that is being tried, and what was done so far."""

    session: Session
    deeds: list[Deed] = field(default_factory=list)


class Studio:
    """A preview of some flows; its methods may be called from several threads.

    `load` reads the flows anew. `today` is the day on the phone.
    """

    def __init__(
        self, load: Callable[[], Mapping[FlowKey, PreviewFlow]], *, today: Callable[[], date]
    ) -> None:
        self._load, self._today = load, today
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._version = 0
        self._is_closed = False
        self._flows = dict(load())
        self._trials: dict[FlowKey, _Trial] = {}
        self._key = next(iter(self._flows), None)
        self._data_set, self._fault = DataSet.EXAMPLES, NO_FAULT
        self._asks_endpoint = False

    # --- what there is ---

    def moment(self) -> Moment:
        """Give what there is to draw now."""
        with self._lock:
            flow = None if self._key is None else self._flows.get(self._key)
            trial = None if flow is None else self._trial(flow)
            view = None if trial is None or flow is None else _annotated(trial.session.view(), flow)
            return Moment(
                flows=tuple(self._flows.values()),
                flow=flow,
                session=None if trial is None else trial.session,
                view=view,
                data_set=self._data_set,
                fault=self._fault,
                opening=OPENINGS[self._asks_endpoint],
                deeds=() if trial is None else tuple(trial.deeds),
            )

    @property
    def version(self) -> int:
        """Give a number that grows with each change of the files."""
        return self._version

    def wait_for_change(self, version: int, seconds: float) -> int:
        """Wait until the files have changed since a version, or time is up; give the version."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version or self._is_closed, seconds)
            return self._version

    def close(self) -> None:
        """Let nobody wait for changes any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    # --- what happens ---

    def reload(self) -> None:
        """Read the flows anew; screens and inputs are kept as far as the new ones have them."""
        loaded = self._load()
        with self._changed:
            for key, flow in loaded.items():
                before = self._flows.get(key)
                if flow.flow_json is None and before is not None:
                    loaded = {**loaded, key: replace(flow, flow_json=before.flow_json)}
            self._flows = dict(loaded)
            for key, trial in list(self._trials.items()):
                now = self._flows.get(key)
                snapshot = trial.session.snapshot()
                if now is None or snapshot is None:
                    del self._trials[key]
                else:
                    trial.session = self._resumed(now, snapshot)
            if self._key not in self._flows:
                self._key = next(iter(self._flows), None)
            self._version += 1
            self._changed.notify_all()

    def choose(self, key: str) -> None:
        """Try another flow. Raises `NotPossible`."""
        with self._lock:
            if key not in self._flows:
                raise NotPossible(f'there is no flow "{key}" any more.')
            self._key = FlowKey(key)

    def choose_data(self, name: str) -> None:
        """Begin anew with another set of data. Raises `NotPossible`."""
        with self._lock:
            try:
                self._data_set = DataSet(name)
            except ValueError as exc:
                raise NotPossible(f'there is no set of data "{name}".') from exc
            self._trials.clear()

    def choose_opening(self, name: str) -> None:
        """Begin anew, by the first screen or by asking the endpoint. Raises `NotPossible`."""
        with self._lock:
            if name not in OPENINGS:
                raise NotPossible(f'there is no opening "{name}".')
            self._asks_endpoint = name == OPENINGS[1]
            self._trials.clear()

    def choose_fault(self, name: str) -> None:
        """Let the endpoint fail in a way from now on, or no longer. Raises `NotPossible`."""
        with self._lock:
            if name != NO_FAULT and name not in {fault.value for fault in Fault}:
                raise NotPossible(f'there is no fault "{name}".')
            self._fault = name

    def restart(self, screen: str | None = None) -> None:
        """Open the flow again, at its first screen or another. Raises `NotPossible`."""
        with self._lock:
            if self._key is not None:
                flow_json = self._flows[self._key].flow_json
                if screen is not None and screen_of(flow_json, screen, today=self._today()) is None:
                    raise NotPossible(f'the flow has no screen "{screen}".')
                self._trials.pop(self._key, None)
                flow = self._flows[self._key]
                self._trials[self._key] = self._opened(flow, screen)

    def do(self, deed: Deed, place: str = "") -> None:
        """Do what a person does, to the element at a JSON pointer. Raises `NotPossible`."""
        with self._lock:
            flow = None if self._key is None else self._flows.get(self._key)
            if flow is None:
                raise NotPossible("there is no flow to try.")
            trial = self._trial(flow)
            session = trial.session
            pointer = _pointer_of(session, place) if place else None
            if pointer is not None and isinstance(deed, Fill | Tap):
                deed = replace(deed, target=word_for(session.view(), pointer) or deed.target)
            match deed:
                case Fill(target=target, value=value):
                    session.fill(pointer or target, value)
                case Tap(target=target, item=item):
                    session.tap(pointer or target, item)
                case Back():
                    session.back()
                case Close():
                    session.close()
            trial.deeds.append(deed)

    def leave(self, place: str) -> None:
        """Leave an input, so that its error shows. Raises `NotPossible`."""
        with self._lock:
            flow = None if self._key is None else self._flows.get(self._key)
            if flow is not None:
                session = self._trial(flow).session
                session.leave(_pointer_of(session, place))

    # --- sessions ---

    def _trial(self, flow: PreviewFlow) -> _Trial:
        if flow.key not in self._trials:
            self._trials[flow.key] = self._opened(flow, None)
        return self._trials[flow.key]

    def _opened(self, flow: PreviewFlow, screen: str | None) -> _Trial:
        start = Start(
            screen=screen,
            data_set=self._data_set,
            asks_endpoint=self._asks_endpoint and screen is None,
        )
        session = Session(
            flow.flow_json, today=self._today(), start=start, endpoint=self._endpoint(flow)
        )
        return _Trial(session=session)

    def _resumed(self, flow: PreviewFlow, snapshot: Snapshot) -> Session:
        return Session.resumed(
            flow.flow_json, snapshot, today=self._today(), endpoint=self._endpoint(flow)
        )

    def _endpoint(self, flow: PreviewFlow) -> Endpoint | None:
        """Give what answers a flow, with the fault that is chosen at the time of each request."""
        endpoint = flow.new_endpoint()

        def ask(request: Request) -> Answer:
            assert endpoint is not None
            if self._fault == NO_FAULT:
                return endpoint(request)
            return with_fault(endpoint, Fault(self._fault))(request)

        return None if endpoint is None else ask


def _pointer_of(session: Session, place: str) -> Pointer:
    """Give the element that shows at a place. Raises `NotPossible`."""
    for element in session.view().walk():
        if pointer_text(element.pointer) == place:
            return element.pointer
    raise NotPossible("that does not show any more.")


def _annotated(view: ScreenView, flow: PreviewFlow) -> ScreenView:
    """Give a screen whose elements know their place in the files, and what was found there."""
    found = [
        finding
        for finding in flow.findings
        if finding.path == flow.flow_json_path and finding.pointer is not None
    ]
    deepest: dict[Pointer, list[str]] = {}
    pointers = sorted((one.pointer for one in view.walk()), key=len, reverse=True)
    for finding in found:
        at = finding.pointer or ()
        owner = next((one for one in pointers if at[: len(one)] == one), None)
        if owner is not None:
            where = f"{finding.path}:{finding.span.line}:{finding.span.column}"
            said = f"{where}: {finding.message} {finding.fix} [{finding.rule}]"
            deepest.setdefault(owner, []).append(said)

    def told(element: ElementView) -> ElementView:
        return replace(
            element,
            place=flow.place(element.pointer),
            findings=tuple(deepest.get(element.pointer, ())),
            children=tuple(map(told, element.children)),
        )

    return replace(
        view,
        elements=tuple(map(told, view.elements)),
        footer=None if view.footer is None else told(view.footer),
    )

"""Plays a flow: enters screens, runs actions, asks the endpoint, and writes down what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flowsync.expressions.values import text_of
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.preview.engine import exchange
from flowsync.preview.engine.answers import (
    ERROR_MESSAGE,
    as_declared,
    response_of,
    why_not_shown,
    why_not_taken,
)
from flowsync.preview.engine.completion import Completion, summarise
from flowsync.preview.engine.data_sets import DataSet, data_for
from flowsync.preview.engine.elements import shown_components
from flowsync.preview.engine.exchange import Answer, Endpoint, ExchangeFailed, Request
from flowsync.preview.engine.log import LogEntry, LogKind
from flowsync.preview.engine.moment import Moment
from flowsync.preview.engine.reading import entry_of, screen_named, why_not_routed
from flowsync.preview.engine.visits import Visit
from flowsync.validation.outline import Flow, JsonObject, Screen
from flowsync.validation.versions import V6_0, V7_0
from flowsync.validation.wording import quoted

GENERAL_NOTICE = "Something went wrong. Try again later."
NO_ENDPOINT = (
    "the flow asks its endpoint here, and the preview has none. Give it fixtures, or the address "
    "of an endpoint, to go on."
)
_MAX_CHAIN = 10  # of screens that ask the endpoint by being shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a flow is opened.

    `screen` is the first screen, None for the flow's own entry. `data` is what it is given, None
    for values of `data_set`. `asks_endpoint` opens it as the flow action data_exchange does: the
    endpoint is sent INIT and chooses screen and data.
    """

    screen: str | None = None
    data: Mapping[str, JsonValue] | None = None
    data_set: DataSet = DataSet.EXAMPLES
    asks_endpoint: bool = False
    flow_token: str = "preview"


@dataclass(slots=True, kw_only=True)
class Play:
    """A flow that is being played; changed by every step.

    `path` are the screens that lead here, the one that shows last. `visits` are all screens that
    were entered, also those that were left by going back.
    """

    flow: Flow
    start: Start
    endpoint: Endpoint | None = None
    path: tuple[str, ...] = ()
    visits: dict[str, Visit] = field(default_factory=dict)
    log: tuple[LogEntry, ...] = ()
    notice: str | None = None
    completion: Completion | None = None
    is_closed: bool = False
    is_waiting: bool = False
    chain: int = 0

    @property
    def moment(self) -> Moment:
        """Give what bindings stand for now."""
        return Moment(flow=self.flow, visits=self.visits)

    @property
    def screen(self) -> Screen | None:
        """Give the screen that shows, None where the flow could not be opened."""
        return screen_named(self.flow, self.path[-1]) if self.path else None

    def say(self, entry: LogEntry) -> None:
        """Write something down."""
        self.log = (*self.log, entry)

    # --- screens ---

    def open(self) -> None:
        """Open the flow."""
        if self.start.asks_endpoint and self.endpoint is not None:
            answer = self._ask(LogKind.INIT, self._asking(exchange.INIT, None, {}))
            if answer is not None:
                self._follow(None, answer)
            return
        if self.start.asks_endpoint:
            message = NO_ENDPOINT
            self.say(LogEntry(kind=LogKind.INIT, screen="", message=message, is_error=True))
        if self.start.screen is None:
            screen = entry_of(self.flow)
        else:
            named = screen_named(self.flow, self.start.screen)
            if named is None:
                self.fail(f"the flow has no screen {quoted(self.start.screen)} to open with.")
                return
            screen = named
        given = self.start.data
        data = data_for(screen, self.start.data_set) if given is None else dict(given)
        wrong = why_not_taken(screen, data) if given is not None else None
        if wrong is not None:
            self.say(LogEntry(kind=LogKind.ERROR, screen=screen.id, message=wrong, is_error=True))
        message = f"opened at {quoted(screen.id)}."
        self.say(LogEntry(kind=LogKind.INIT, screen=screen.id, message=message, data=data))
        self.enter(screen, data, is_example=given is None)

    def enter(
        self, screen: Screen, data: Mapping[str, JsonValue], *, is_example: bool = False
    ) -> None:
        """Show a screen anew, with this data, after those before."""
        if screen.id in self.path:
            self.path = self.path[: self.path.index(screen.id)]
        self.path = (*self.path, screen.id)
        self.visits[screen.id] = Visit(screen_id=screen.id, data=dict(data), is_example=is_example)
        if V6_0 <= self.flow.version < V7_0:
            self._run_first_selections(screen)

    def _run_first_selections(self, screen: Screen) -> None:
        """Run what these versions run when a screen is shown, before anybody selects."""
        if self.chain >= _MAX_CHAIN:
            return
        self.chain += 1
        try:
            for one in shown_components(self.moment, screen):
                action = one.properties.get("on-select-action")
                if isinstance(action, dict) and self.path[-1:] == (screen.id,):
                    self.run(screen, action)
        finally:
            self.chain -= 1

    def fail(self, message: str, shown: str = GENERAL_NOTICE) -> None:
        """Write down what went wrong; the person sees a general message."""
        self.notice = shown
        here = self.path[-1] if self.path else ""
        self.say(LogEntry(kind=LogKind.ERROR, screen=here, message=message, is_error=True))

    def back(self) -> None:
        """Go back to the screen before, or close the flow on the first."""
        screen = self.screen
        if screen is None or len(self.path) < 2:
            self.close()
            return
        if screen.value.get("refresh_on_back") is True:
            if self.endpoint is not None:
                asking = self._asking(exchange.BACK, screen, {})
                answer = self._ask(LogKind.BACK, asking)
                if answer is not None:
                    self._follow_back(screen, answer)
                return
            self.say(
                LogEntry(kind=LogKind.BACK, screen=screen.id, message=NO_ENDPOINT, is_error=True)
            )
        self.path = self.path[:-1]
        message = f"went back from {quoted(screen.id)} to {quoted(self.path[-1])}."
        self.say(LogEntry(kind=LogKind.BACK, screen=self.path[-1], message=message))

    def _follow_back(self, screen: Screen, answer: Answer) -> None:
        wrong = why_not_shown(self.flow, None, answer)
        if wrong is not None:
            self.fail(wrong)
            return
        target = self.flow.by_id[answer.screen]
        if target.id in self.path[:-1]:
            self.path = self.path[: self.path.index(target.id) + 1]
            data, notice = _parted(answer.data)
            self.visits[target.id] = self.visits[target.id].with_data(data)
            self.notice = notice
        else:
            self.path = self.path[:-1]
            self._show(target, answer.data)

    def close(self) -> None:
        """Close the flow without an answer to the business."""
        self.is_closed = True
        here = self.path[-1] if self.path else ""
        self.say(
            LogEntry(
                kind=LogKind.CLOSE, screen=here, message="closed without an answer to the business."
            )
        )

    # --- actions ---

    def run(self, screen: Screen, action: JsonObject) -> None:
        """Run an action of a component on the screen that shows."""
        name = text_in(action.get("name")) or ""
        payload = self.moment.payload(screen, action)
        if name == "navigate":
            self._navigate(screen, action, payload)
        elif name == "data_exchange":
            self._exchange(screen, payload)
        elif name == "complete":
            self._complete(screen, payload)
        elif name == "update_data":
            self._update(screen, payload)
        elif name == "open_url":
            self._open_url(screen, action)
        else:
            self.fail(f"{quoted(name)} is no action that a phone knows.")

    def _navigate(self, screen: Screen, action: JsonObject, payload: JsonObject) -> None:
        following = mapping_in(action.get("next"))
        name = text_of(self.moment.resolved(screen, following.get("name")))
        target = self.flow.by_id.get(name)
        if target is None:
            self.fail(f"there is no screen {quoted(name)} to navigate to.")
            return
        unrouted = why_not_routed(self.flow, screen.id, target.id)
        if unrouted is not None:
            self.fail(unrouted)
            return
        message = f"went from {quoted(screen.id)} to {quoted(target.id)}."
        self.say(LogEntry(kind=LogKind.NAVIGATE, screen=screen.id, message=message, data=payload))
        data = as_declared(target, payload)
        wrong = why_not_taken(target, data)
        if wrong is not None:  # the phone goes on, and shows nothing where something is missing
            self.say(LogEntry(kind=LogKind.ERROR, screen=target.id, message=wrong, is_error=True))
        self.enter(target, data)

    def _update(self, screen: Screen, payload: JsonObject) -> None:
        message = f"changed the data of {quoted(screen.id)}."
        self.say(
            LogEntry(kind=LogKind.UPDATE_DATA, screen=screen.id, message=message, data=payload)
        )
        self.visits[screen.id] = self.visits[screen.id].with_data(payload)

    def _open_url(self, screen: Screen, action: JsonObject) -> None:
        url = text_of(self.moment.resolved(screen, action.get("url")))
        if not url.lower().startswith("https:"):
            self.fail(
                f"open_url has {quoted(url)}, and the phone opens only https addresses. Use an "
                "address that starts with https://."
            )
            return
        message = f"opens {quoted(url)} on a phone."
        self.say(
            LogEntry(kind=LogKind.OPEN_URL, screen=screen.id, message=message, data={"url": url})
        )

    def _complete(self, screen: Screen, payload: JsonObject) -> None:
        self._end(screen, {**payload, "flow_token": self.start.flow_token})

    def _end(self, screen: Screen, payload: JsonObject) -> None:
        seen = [found for name in self.path if (found := screen_named(self.flow, name)) is not None]
        summary = summarise([(one, shown_components(self.moment, one)) for one in seen])
        self.completion = Completion(screen=screen.id, payload=payload, summary=summary)
        message = f"completed on {quoted(screen.id)}."
        self.say(LogEntry(kind=LogKind.COMPLETE, screen=screen.id, message=message, data=payload))

    # --- the endpoint ---

    def _exchange(self, screen: Screen, payload: JsonObject) -> None:
        request = self._asking(exchange.DATA_EXCHANGE, screen, payload)
        if self.endpoint is None:
            self.notice = GENERAL_NOTICE
            self.say(
                LogEntry(
                    kind=LogKind.DATA_EXCHANGE,
                    screen=screen.id,
                    message=NO_ENDPOINT,
                    data=payload,
                    request=request,
                    is_error=True,
                )
            )
            return
        answer = self._ask(LogKind.DATA_EXCHANGE, request)
        if answer is not None:
            self._follow(screen, answer)

    def _asking(self, action: str, screen: Screen | None, data: Mapping[str, JsonValue]) -> Request:
        version = text_in(self.flow.value.get("data_api_version"))
        return Request(
            action=action,
            screen=screen.id if screen is not None else None,
            data=data,
            flow_token=self.start.flow_token,
            version=version or "3.0",
        )

    def _ask(self, kind: LogKind, request: Request) -> Answer | None:
        """Ask the endpoint; None where it gave no answer, which is then said."""
        assert self.endpoint is not None
        here = LogEntry(
            kind=kind, screen=request.screen or "", message="", data=request.data, request=request
        )
        self.is_waiting = True
        try:
            answer = self.endpoint(request)
        except ExchangeFailed as exc:
            self.notice = exc.shown
            self.say(replace(here, message=exc.message, status=exc.status, is_error=True))
            return None
        finally:
            self.is_waiting = False
        message = f"the endpoint answered with {quoted(answer.screen)}."
        self.say(replace(here, message=message, answer=answer, status=200))
        return answer

    def _follow(self, current: Screen | None, answer: Answer) -> None:
        """Go where an answer leads, after it was checked."""
        if answer.screen == exchange.SUCCESS:
            response = response_of(answer)
            if isinstance(response, str):
                self.fail(response)
            else:
                self._note_token(response)
                self._end(current or entry_of(self.flow), response)
            return
        wrong = why_not_shown(self.flow, current, answer)
        if wrong is not None:
            self.fail(wrong)
            return
        target = self.flow.by_id[answer.screen]
        if current is not None and current.id == target.id:
            data, self.notice = _parted(answer.data)
            self.visits[target.id] = self.visits[target.id].with_data(data)
        else:
            self._show(target, answer.data)

    def _note_token(self, response: JsonObject) -> None:
        """Write down where an endpoint's last answer does not say which flow it ended."""
        if response.get("flow_token") != self.start.flow_token:
            message = (
                "the answer that ends the flow has another flow_token than the flow, or none. "
                "Answer with the flow_token of the request in params."
            )
            here = self.path[-1] if self.path else ""
            self.say(LogEntry(kind=LogKind.ERROR, screen=here, message=message, is_error=True))

    def _show(self, target: Screen, given: Mapping[str, JsonValue]) -> None:
        data, notice = _parted(given)
        self.enter(target, data)
        self.notice = notice or self.notice


def _parted(data: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], str | None]:
    """Give the data of an answer without its message, and the message."""
    rest = {key: value for key, value in data.items() if key != ERROR_MESSAGE}
    message = data.get(ERROR_MESSAGE)
    return rest, text_of(message) if message is not None else None

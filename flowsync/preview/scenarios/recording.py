"""From what a person did in the preview to a scenario that does it again and says what came of it.

The steps are repeated on the engine with the answers that the endpoint gave, so that nothing is
asked twice. What is expected is what comes of the repetition, with stand-ins for secrets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowsync.errors import FlowsyncError
from flowsync.model import JsonValue
from flowsync.preview.endpoint.matching import ANY, MATCHERS
from flowsync.preview.engine import DataSet, NotPossible, Session, Start
from flowsync.preview.engine.inputs import DATES
from flowsync.preview.engine.reading import Unrunnable, read_runnable
from flowsync.preview.scenarios.again import answers_again
from flowsync.preview.scenarios.running import FLOW_TOKEN, words_of
from flowsync.preview.scenarios.secrets import StandIns, is_secret
from flowsync.preview.scenarios.values import Back, Close, Fill, Tap
from flowsync.preview.scenarios.written import Written, scenario_text
from flowsync.preview.views import ElementView, Pointer, ScreenView

Act = Fill | Tap | Back | Close
# What messages and requests say of a file: ids, hashes and keys are others on each device.
_OF_FILES = (frozenset({"file_name", "id", "sha256"}), frozenset({"file_name", "media_id"}))
_MADE_UP_OF_FILES = frozenset({"id", "sha256", "media_id", "cdn_url", "encryption_metadata"})


def recorded_scenario(
    name: str, acts: Sequence[Act], session: Session, flow_json: JsonValue
) -> str:
    """Give the text of a scenario, for `append_scenario`.

    `acts` are what was done in `session` since it was opened. What the flow does not take (any
    more) is left out, with a comment. Raises `FlowsyncError` where nothing is left.
    """
    snapshot, flow = session.snapshot(), read_runnable(flow_json)
    if snapshot is None or isinstance(flow, Unrunnable):
        raise FlowsyncError(f"there is nothing to record: {session.failure}")
    again = Session(
        flow_json,
        today=session.today,
        start=snapshot.start,
        endpoint=answers_again(session.log),
    )
    recorder = _Recorder(again, StandIns(flow.version, session.today))
    for act in acts:
        recorder.do(act)
    recorder.say_where_it_ends()
    steps = recorder.steps
    if not any(step.word not in ("", "expect") for step in steps):
        raise FlowsyncError("there is nothing to record: nothing was done in the flow yet.")
    fields: dict[str, JsonValue] = {}
    if recorder.has_days:
        fields["today"] = session.today.isoformat()
    start = start_fields(snapshot.start)
    if start:
        fields["start"] = start
    return scenario_text(_clean(name).strip() or "A recorded walk", fields, steps)


def word_for(view: ScreenView, pointer: Pointer) -> str | None:
    """Give the word by which a step finds an element: its name, label, text or type.

    None where it has none that means it alone.
    """
    shown = list(view.walk())
    element = next((one for one in shown if one.pointer == pointer), None)
    if element is None:
        return None
    words = (element.name, *_labels(element), element.type)
    return next((word for word in words if word and _found(shown, word) is element), None)


def start_fields(start: Start) -> dict[str, JsonValue]:
    """Give how a flow is opened as it is written; what is usual is left out."""
    fields: dict[str, JsonValue] = {}
    if start.screen is not None:
        fields["screen"] = start.screen
    if start.data is not None:
        fields["data"] = _cleaned(dict(start.data))
    if start.data_set is not DataSet.EXAMPLES:
        fields["data_set"] = start.data_set.value
    if start.asks_endpoint:
        fields["action"] = "data_exchange"
    if start.flow_token != Start().flow_token:
        fields["flow_token"] = start.flow_token
    return fields


class _Recorder:
    """Repeats what was done, and writes down each step with what comes of it."""

    def __init__(self, session: Session, stand_ins: StandIns) -> None:
        self._session, self._stand_ins = session, stand_ins
        self.steps: list[Written] = []
        self.has_days = False
        self._ran_something = True  # when the last input was filled in

    def do(self, act: Act) -> None:
        """Repeat an act and write it down with what it changed."""
        before = self._session.view()
        was_completed = self._session.completion is not None
        try:
            match act:
                case Fill():
                    self._fill(act, before)
                case Tap():
                    self._tap(act, before)
                case Back():
                    self._session.back()
                    self.steps.append(Written(word="back", value=True))
                case Close():
                    self._session.close()
                    self.steps.append(Written(word="close", value=True))
        except NotPossible as exc:
            self.steps.append(Written(comment=f"Left out, as it is not possible: {exc}"))
            return
        self._note_what_came(before, was_completed)

    def say_where_it_ends(self) -> None:
        """Write down what shows in the end, where nothing else says so."""
        words = [step.word for step in self.steps if step.word]
        if self._session.is_over or words[-1:] in ([], ["expect"]):
            return
        view = self._session.view()
        can_continue = {} if view.footer is None else {"can_continue": view.footer.is_enabled}
        self._expect({"screen": view.id, **can_continue})

    def _fill(self, fill: Fill, view: ScreenView) -> None:
        element = _found(list(view.walk()), fill.target)
        target = element.name if element is not None and element.name else _clean(fill.target)
        value, is_made_up = _cleaned(fill.value), False
        if element is not None and is_secret(element) and isinstance(value, str) and value:
            value, is_made_up = self._stand_ins.stand_in(element, value), True
            if value is None:
                message = f"Left out: write a value of your own for {target}, which is a secret."
                self.steps.append(Written(comment=message))
                return
        before = len(self._session.log)
        value = self._filled(target, value, fill.text)
        self._write_fill(target, value, is_made_up=is_made_up)
        self._ran_something = len(self._session.log) != before
        self.has_days = self.has_days or (element is not None and element.type in DATES)

    def _filled(self, target: str, value: JsonValue, text: JsonValue) -> JsonValue:
        """Fill in a value, or else what was written for it, and give which of them it was."""
        try:
            self._session.fill(target, value)
        except NotPossible:
            if text is None:
                raise
            value = _cleaned(text)
            self._session.fill(target, value)
        return value

    def _write_fill(self, target: str, value: JsonValue, *, is_made_up: bool) -> None:
        """Write a filled input into the step before where that means the same.

        What was typed over at once counts no more, unless something ran because of it.
        """
        last = self.steps[-1] if self.steps else Written()
        filled = last.value if last.word == "fill" and isinstance(last.value, dict) else {}
        is_last = next(reversed(filled), None) == target and not self._ran_something
        made_up = (target,) if is_made_up else ()
        if filled and (target not in filled or is_last):
            self.steps.pop()
            made_up = tuple(dict.fromkeys((*last.made_up, *made_up)))
        else:
            filled = {}
        self.steps.append(Written(word="fill", value={**filled, target: value}, made_up=made_up))

    def _tap(self, tap: Tap, view: ScreenView) -> None:
        footer = view.footer
        target = _clean(tap.target)
        self._session.tap(target, tap.item)
        if footer is not None and not footer.is_enabled and target in words_of(footer):
            self._expect({"can_continue": False})
            return
        item = {} if tap.item is None else {"item": _clean(tap.item)}
        self.steps.append(Written(word="tap", value={"on": target, **item} if item else target))

    def _note_what_came(self, before: ScreenView, was_completed: bool) -> None:
        session = self._session
        if session.completion is not None:
            if not was_completed:
                self._expect({"payload": self._payload(session.completion.payload)})
            return
        view = session.view()
        expected: dict[str, JsonValue] = {}
        if view.id and view.id != before.id:
            expected["screen"] = view.id
        has_failed = bool(session.log) and session.log[-1].is_error
        is_new = view.notice is not None and view.notice != before.notice
        if is_new and not has_failed and not self._stand_ins.has_secret(view.notice):
            expected["notice"] = view.notice
        if expected:
            self._expect(expected)

    def _expect(self, expected: dict[str, JsonValue]) -> None:
        step = Written(word="expect", value=expected)
        if self.steps[-1:] != [step]:
            self.steps.append(step)

    def _payload(self, payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        return {key: self._stable(one) for key, one in payload.items() if key != FLOW_TOKEN}

    def _stable(self, value: JsonValue) -> JsonValue:
        """Give a value without what differs each time, what means something else, and secrets."""
        if isinstance(value, dict):
            is_file = any(known <= value.keys() for known in _OF_FILES)
            kept = (key for key in value if not is_file or key not in _MADE_UP_OF_FILES)
            return {key: self._stable(value[key]) for key in kept}
        if isinstance(value, list):
            return [self._stable(one) for one in value]
        is_other = isinstance(value, str) and value in MATCHERS
        return ANY if is_other or self._stand_ins.has_secret(value) else value


def _found(shown: Sequence[ElementView], word: str) -> ElementView | None:
    """Give the element that a word means, as the engine finds it."""
    for one in shown:
        if one.name == word:
            return one
    labelled = [one for one in shown if word in _labels(one)]
    found = labelled or [one for one in shown if one.type == word]
    return found[0] if len(found) == 1 else None


def _labels(element: ElementView) -> list[str]:
    found = (element.properties.get(key) for key in ("label", "text"))
    return [text for text in found if isinstance(text, str)]


def _clean(text: str) -> str:
    """Give a text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cleaned(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {_clean(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return _clean(value) if isinstance(value, str) else value

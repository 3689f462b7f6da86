"""Running a scenario on the engine: each step in turn, up to the first that is not as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from flowsync.model import JsonValue
from flowsync.preview.endpoint.matching import misfits
from flowsync.preview.engine import Endpoint, NotPossible, Session
from flowsync.preview.scenarios.values import (
    Back,
    Close,
    Expect,
    Failure,
    Fill,
    Ran,
    Scenario,
    Step,
    Tap,
)
from flowsync.preview.views import ElementView
from flowsync.render.style import short

FLOW_TOKEN = "flow_token"
_LONGEST = 200


def run_scenario(
    scenario: Scenario,
    flow_json: JsonValue,
    *,
    today: date,
    endpoint: Endpoint | None = None,
    watch: Callable[[Session, Step | None], None] = lambda session, step: None,
) -> Ran:
    """Run a scenario; `today` counts where it names no day. Never raises.

    `watch` is called before each step, and with None after the last.
    """
    session = Session(
        flow_json, today=scenario.today or today, start=scenario.start, endpoint=endpoint
    )
    for step in scenario.steps:
        watch(session, step)
        message = _problem(session, step)
        if message is not None:
            failure = Failure(
                path=scenario.path,
                line=step.line,
                column=step.column,
                message=f"{message}{_why(session)}",
            )
            return Ran(scenario=scenario, failure=failure)
    watch(session, None)
    return Ran(scenario=scenario)


def _problem(session: Session, step: Step) -> str | None:
    """Carry out a step and say what is wrong with it."""
    try:
        match step.does:
            case Fill() as fill:
                _fill(session, fill)
            case Tap(target=target, item=item):
                return _tap(session, target, item)
            case Back():
                session.back()
            case Close():
                session.close()
            case Expect() as expect:
                return next(_unmet(session, expect), None)
    except NotPossible as exc:
        return str(exc)
    return None


def _fill(session: Session, fill: Fill) -> None:
    """Put in a value; what YAML reads as a number may be the text of an input."""
    try:
        session.fill(fill.target, fill.value)
    except NotPossible:
        if fill.text is None:
            raise
        session.fill(fill.target, fill.text)


def _tap(session: Session, target: str, item: str | None) -> str | None:
    """Tap, and say why nothing happened where a Footer is disabled."""
    view = session.view()
    session.tap(target, item)
    footer = view.footer
    is_footer = footer is not None and target in words_of(footer)
    if not is_footer or footer is None or footer.is_enabled:
        return None
    wrong = [f"{one.name}: {one.error}" for one in session.view().walk() if one.error]
    reasons = f" {' '.join(wrong)}" if wrong else " It has `enabled: false`."
    return f'"{target}" cannot be tapped yet.{reasons}'


def words_of(element: ElementView) -> set[str]:
    """Give the words besides its name by which a step means an element."""
    texts = (element.properties.get(key) for key in ("label", "text"))
    return {element.type, *(one for one in texts if isinstance(one, str))}


# --- what is expected ---


def _unmet(session: Session, expect: Expect) -> Iterator[str]:
    """Say what is not as expected."""
    view = session.view()
    if expect.payload is not None:
        yield from _payload(session, expect.payload)
    if expect.screen is not None and expect.screen != view.id:
        yield f'the screen is "{view.id}", not "{expect.screen}".'
    if expect.notice is not None and expect.notice != view.notice:
        yield f"the notice is {short(view.notice)}, not {short(expect.notice)}."
    if expect.can_continue is not None:
        footer = view.footer
        if footer is None:
            yield f'screen "{view.id}" shows no Footer.'
        elif footer.is_enabled is not expect.can_continue:
            yield f"the Footer can{'' if footer.is_enabled else 'not'} be tapped now."
    shown = {word for one in view.walk() for word in (*words_of(one), one.name) if word}
    for target in expect.shows:
        if target not in shown:
            yield f'screen "{view.id}" does not show "{target}".'
    for target in expect.hides:
        if target in shown:
            yield f'screen "{view.id}" shows "{target}".'
    values = {one.name: one.value for one in view.walk() if one.name is not None}
    yield from _sentences(expect.values, values, "values")
    yield from _sentences(expect.data, session.data, "data")
    errors: dict[str, JsonValue] = {
        one.name: one.error for one in view.walk() if one.name and one.error
    }
    yield from _sentences(expect.errors, errors, "errors")
    if expect.sent is not None:
        requests = [entry.request for entry in session.log if entry.request is not None]
        if not requests:
            yield "nothing was sent to the endpoint yet."
        else:
            yield from _sentences(expect.sent, requests[-1].data, "sent")


def _payload(session: Session, wanted: Mapping[str, JsonValue]) -> Iterator[str]:
    """Compare the final payload as a whole."""
    done = session.completion
    if done is None:
        yield f'the flow is not completed; it shows the screen "{session.view().id}".'
        return
    yield from _sentences(wanted, done.payload, "payload")
    for name, value in done.payload.items():
        if name not in wanted and name != FLOW_TOKEN:
            yield f"payload.{name} is {short(value, longest=_LONGEST)}, and was not expected."


def _sentences(
    wanted: Mapping[str, JsonValue], given: Mapping[str, JsonValue], where: str
) -> Iterator[str]:
    return (f"{misfit}." for misfit in misfits(wanted, given, where))


def _why(session: Session) -> str:
    """Give what went wrong before, where that may explain it."""
    wrong = [entry.message for entry in session.log if entry.is_error]
    return f" Before that: {wrong[-1]}" if wrong else ""

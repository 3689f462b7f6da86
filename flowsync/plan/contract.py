"""What other systems notice of a change of Flow JSON: each point compatible or breaking.

Other systems are those that get the answers (the payload of `complete`), the endpoint (what it is
asked, and what it has to send), and whatever opens the flow at a screen: messages and templates.

- Answers: a key that is no longer sent on every way through the flow, or that holds another type of
  value, breaks who reads it. A new key does not.
- Endpoint: being called at all, in another version of the protocol, or from a screen that did not
  call it before, breaks an endpoint that is not ready for it; so does a key that is no longer sent.
- Data of screens that get it from outside (from the endpoint, or an entry screen from the message
  that opens it): a new field, or one of another type, breaks who has to send it. One that went does
  not, as long as the version of Flow JSON does not count what is sent too much.
- Screen ids and entry screens: one that went breaks messages and templates that open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.model import JsonValue
from flowsync.plan.contract_facts import Facts, Sent, read_facts
from flowsync.plan.difference.screens import renamed_screens
from flowsync.plan.difference_values import ContractChange, ContractPart


def contract_changes(old: JsonValue, new: JsonValue) -> tuple[ContractChange, ...]:
    """Give what other systems notice, the breaking points first."""
    try:
        before, after = read_facts(old), read_facts(new)
        renamed = renamed_screens(old, new)
    except RecursionError:  # nested too deep to be a flow that anybody could have opened
        return ()
    found = [
        *_answers(before.answers, after.answers),
        *_endpoint(before, after, renamed),
        *_data(before, after, renamed),
        *_screens(before, after, renamed),
    ]
    return tuple(sorted(found, key=lambda change: not change.is_breaking))


def _breaking(part: ContractPart, subject: str, message: str) -> ContractChange:
    return ContractChange(part=part, is_breaking=True, subject=subject, message=message)


def _compatible(part: ContractPart, subject: str, message: str) -> ContractChange:
    return ContractChange(part=part, is_breaking=False, subject=subject, message=message)


def _answers(before: tuple[Sent, ...], after: tuple[Sent, ...]) -> Iterator[ContractChange]:
    part = ContractPart.ANSWERS
    was, now = _types_by_key(before), _types_by_key(after)
    lost = _on_every_way(before) - _on_every_way(after)
    if before and not after:
        yield _breaking(part, "", "the flow no longer ends with an answer from the phone")
        return
    for key in was:
        if key not in now:
            yield _breaking(part, key, "the answers no longer hold it")
        elif key in lost:
            yield _breaking(part, key, "the answers hold it only on some ways through the flow")
        elif _differ(was[key], now[key]):
            yield _breaking(part, key, f"{_words(was[key])} becomes {_words(now[key])}")
    for key in now:
        if key not in was:
            yield _compatible(part, key, f"the answers hold it in addition ({_words(now[key])})")


def _endpoint(before: Facts, after: Facts, renamed: Mapping[str, str]) -> Iterator[ContractChange]:
    part = ContractPart.ENDPOINT
    if before.endpoint != after.endpoint:
        if before.endpoint is None:
            message = f"the flow calls an endpoint now (data API {after.endpoint})"
            yield _breaking(part, "", message)
        elif after.endpoint is None:
            yield _compatible(part, "", "the flow no longer calls its endpoint")
        else:
            message = f"it is called in version {after.endpoint} instead of {before.endpoint}"
            yield _breaking(part, "data API", message)
    was = _by_screen(before.requests, renamed)
    now = _by_screen(after.requests, {})
    for screen in now:
        if screen not in was:
            keys = ", ".join(_types_by_key(now[screen])) or "nothing"
            yield _breaking(part, screen, f"this screen calls the endpoint now, and sends: {keys}")
            continue
        old_types, new_types = _types_by_key(was[screen]), _types_by_key(now[screen])
        lost = _on_every_way(was[screen]) - _on_every_way(now[screen])
        for key in old_types:
            subject = f"{screen}: {key}"
            if key not in new_types or key in lost:
                yield _breaking(part, subject, "the endpoint no longer gets it")
            elif _differ(old_types[key], new_types[key]):
                message = f"{_words(old_types[key])} becomes {_words(new_types[key])}"
                yield _breaking(part, subject, message)
        for key in new_types:
            if key not in old_types:
                yield _compatible(part, f"{screen}: {key}", "the endpoint gets it in addition")
    for screen in was:
        if screen not in now and after.endpoint is not None:
            yield _compatible(part, screen, "this screen no longer calls the endpoint")


def _data(before: Facts, after: Facts, renamed: Mapping[str, str]) -> Iterator[ContractChange]:
    part = ContractPart.DATA
    was = {renamed.get(name, name): fields for name, fields in before.data_models.items()}
    for screen, fields in after.data_models.items():
        sender = "the endpoint" if after.endpoint is not None else "whoever opens the flow"
        old = was.get(screen)
        for key, kind in fields.items():
            subject = f"{screen}: {key}"
            if old is None or key not in old:
                message = f"{sender} has to send it ({_words({kind})})"
                yield _breaking(part, subject, message)
            elif _differ({old[key]}, {kind}):
                message = f"{_words({old[key]})} becomes {_words({kind})}"
                yield _breaking(part, subject, f"{message}; {sender} has to send that")
        for key in old or ():
            if key not in fields:
                yield _compatible(part, f"{screen}: {key}", f"{sender} need not send it any more")


def _screens(before: Facts, after: Facts, renamed: Mapping[str, str]) -> Iterator[ContractChange]:
    part = ContractPart.SCREENS
    for screen in before.screens:
        if screen in renamed:
            message = f"it is called {renamed[screen]} now; messages and templates name screens"
            yield _breaking(part, screen, message)
        elif screen not in after.screens:
            message = "the screen is gone; a message or template that opens it fails"
            yield _breaking(part, screen, message)
        elif screen in before.entries and screen not in after.entries:
            message = "other screens lead to it now, so the flow no longer starts here"
            yield _breaking(part, screen, message)
    news = set(renamed.values())
    for screen in after.screens:
        if screen not in before.screens and screen not in news:
            entry = " and the flow can start here" if screen in after.entries else ""
            yield _compatible(part, screen, f"the screen is new{entry}")
        elif screen in before.screens and screen in after.entries and screen not in before.entries:
            yield _compatible(part, screen, "the flow can start here now")


def _by_screen(sent: Iterable[Sent], renamed: Mapping[str, str]) -> dict[str, tuple[Sent, ...]]:
    found: dict[str, list[Sent]] = {}
    for one in sent:
        found.setdefault(renamed.get(one.screen, one.screen), []).append(one)
    return {screen: tuple(group) for screen, group in found.items()}


def _types_by_key(sent: Iterable[Sent]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in sent:
        for key, kind in one.types.items():
            found.setdefault(key, set()).add(kind)
    return found


def _on_every_way(sent: tuple[Sent, ...]) -> set[str]:
    """Give the keys that all payloads hold."""
    return set.intersection(*(set(one.types) for one in sent)) if sent else set()


def _differ(before: set[str], after: set[str]) -> bool:
    """Tell whether types differ; where one cannot be told, nothing is claimed."""
    return all(before | after) and before != after


def _words(types: set[str]) -> str:
    return " or ".join(sorted(types - {""})) or "a value of some type"

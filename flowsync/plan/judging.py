"""What the rules of `policy` in flowsync.yaml say about the changes of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.model import FlowDefinition, FlowKey, FlowStatus, StepKind
from flowsync.plan.safety import possible_one_way
from flowsync.plan.values import Action, Change, Fingerprint
from flowsync.policy_rules import (
    ANY,
    BREAKING,
    COMPATIBLE,
    ONE_WAY,
    REPLACE,
    UNKNOWN,
    Effect,
    PolicyResult,
    PolicyRule,
)
from flowsync.policy_times import Moment, Window

_UNREAD = {FlowStatus.DRAFT.value, FlowStatus.DEPRECATED.value}
_NO_OPTION = (
    "No option lets it pass: change the definition, or the rule in flowsync.yaml, reviewed as any "
    "change is."
)


def judge(
    changes: Iterable[Change],
    definitions: Mapping[FlowKey, FlowDefinition],
    rules: Iterable[PolicyRule],
    *,
    target: str,
    moment: Moment | None,
) -> tuple[PolicyResult, ...]:
    """Give what the rules say at a moment, in their order and in that of the changes.

    Only changes that write something are judged. Without a `moment` rules about the time say
    nothing: they are left to apply.
    """
    pending = [change for change in changes if change.steps]
    return tuple(
        result
        for rule in rules
        if rule.when.concerns_target(target)
        for result in _results(rule, pending, definitions, moment)
    )


def _results(
    rule: PolicyRule,
    changes: Iterable[Change],
    definitions: Mapping[FlowKey, FlowDefinition],
    moment: Moment | None,
) -> Iterator[PolicyResult]:
    window = rule.when.window
    if window is not None and (moment is None or not window.holds_at(moment)):
        return
    for change in changes:
        words = rule.matched(_words(change))
        if words and rule.when.concerns_flow(
            key=change.key,
            names=_names(change),
            categories=_categories(change, definitions),
            status=change.status,
            state=change.desired,
            contract=_contract(change),
        ):
            yield PolicyResult(
                effect=rule.effect,
                number=rule.number,
                id=rule.id,
                key=change.key,
                label=change.label,
                words=words,
                message=_message(rule, window, moment),
                way_out=_way_out(rule, window, moment),
                is_timed=window is not None,
            )


def _words(change: Change) -> frozenset[str]:
    """Give the words that a plan shows for a change: its action, its steps, and their kinds.

    Steps that are taken only instead of others count, and so does the replacement that they make.
    """
    kinds = {step.kind.value for step in (*change.steps, *change.fallback)}
    words = kinds | {change.action.value, ANY}
    if possible_one_way(change):
        words.add(ONE_WAY)
    if change.action is Action.REPLACE or change.fallback:
        words.add(REPLACE)
    return frozenset(words)


def _categories(change: Change, definitions: Mapping[FlowKey, FlowDefinition]) -> tuple[str, ...]:
    """Give the categories of the flow on the remote, and those that the definition asks for.

    Both: or else the very change that gives a flow another category would be free of the rule.
    """
    definition = definitions.get(change.key) if change.key else None
    asked = definition.categories if definition is not None else ()
    return (*asked, *(name for flow in _own(change) for name in flow.categories))


def _names(change: Change) -> tuple[str, ...]:
    """Give the names that the flow has and gets."""
    given = (step.name for step in (*change.steps, *change.fallback) if step.name is not None)
    return (change.name, *(flow.name for flow in _own(change)), *given)


def _own(change: Change) -> tuple[Fingerprint, ...]:
    """Give the flow itself as it was seen, without those that it once replaced."""
    return tuple(flow for flow in change.seen if flow.id == change.flow_id)


def _contract(change: Change) -> frozenset[str]:
    """Give what other systems notice of a change: the worst of it, and whether that is all.

    What a draft is published over, nobody can read; nor is a deprecated flow read that is replaced.
    """
    found = set()
    if change.contract:
        is_breaking = any(point.is_breaking for point in change.contract)
        found.add(BREAKING if is_breaking else COMPATIBLE)
    is_published = any(step.kind is StepKind.PUBLISH for step in (*change.steps, *change.fallback))
    if is_published and change.status in _UNREAD:
        found.add(UNKNOWN)
    return frozenset(found)


def _message(rule: PolicyRule, window: Window | None, moment: Moment | None) -> str:
    message = rule.message or f"flowsync.yaml {rule.text}."
    if window is None or moment is None:
        return message
    return f"{message} It is {window.said(moment)}."


def _way_out(rule: PolicyRule, window: Window | None, moment: Moment | None) -> str:
    if rule.effect is Effect.WARN:
        return ""
    end = None if window is None or moment is None else window.ends_after(moment)
    if window is None or end is None:
        return _NO_OPTION
    return f"It passes from {window.said(end, with_date=True)} on."

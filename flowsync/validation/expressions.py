"""Checks of expressions in backticks, of conditions, and of texts that are read like them."""

from __future__ import annotations

import re
from typing import NamedTuple

from flowsync.expressions.conditions import check_condition
from flowsync.expressions.parser import parse_expression
from flowsync.expressions.tree import Problem, Reference
from flowsync.expressions.types import Kind as TypeKind
from flowsync.expressions.types import Type, infer
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.bindings import Slot, slots_of
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.scope import Scope
from flowsync.validation.slots import fits_any, names, slot_types
from flowsync.validation.versions import V6_0

_UNTYPED = frozenset({"init-value", "error-message"})
_UNREADABLE = re.compile(r"\\'|\\\\\Z")
_SLOT = frozenset({Kind.DATE})  # expressions there are refused as dates


def check_expressions(flow: Flow, report: Report) -> None:
    """Check the expressions in component properties, and the conditions of all Ifs."""
    scope = Scope(flow, report)
    for screen in flow.screens:
        for component in screen.components:
            if component.type == "If":
                _check_condition(scope, screen, component, report)
            if report.version < V6_0:
                continue
            for slot in slots_of(component, report):
                if _UNTYPED.isdisjoint(slot.at[-2:]):
                    _check_text(scope, screen, slot, report)


def _check_text(scope: Scope, screen: Screen, slot: Slot, report: Report) -> None:
    value, prop, at, subject = slot
    if texts.is_expression(value, report.version):
        wanted = slot_types(prop)
        if wanted and prop.kind not in (Kind.RICH_TEXT, *_SLOT):
            check_expression(scope, screen, value, wanted, at, subject, report)
    elif _UNREADABLE.search(value) and prop.kind is not Kind.RICH_TEXT:
        _refuse_backslash(at, subject, report)


def _refuse_backslash(at: Pointer, subject: object, report: Report) -> None:
    report.add(
        "FS436",
        at,
        f"{subject} has a backslash where the platform cannot read it.",
        "Remove the backslash before the apostrophe, or at the end.",
    )


def check_expression(
    scope: Scope,
    screen: Screen,
    value: str,
    wanted: tuple[Type, ...],
    at: Pointer,
    subject: object,
    report: Report,
) -> None:
    """Check an expression in a property that takes the types `wanted`."""
    found = expression_type(scope, screen, value)
    if isinstance(found, Fault):
        report.add(found.rule, at, f"{subject} {found.message}.", found.fix)
    elif not fits_any(found, wanted):
        report.add(
            "FS433",
            at,
            f"{subject} is an expression that gives {names([found])}, but takes {names(wanted)}.",
            _fix_for_result(wanted[0]),
        )


class Fault(NamedTuple):
    """Why an expression has no type: the rule it breaks, and the words of the problem."""

    rule: str
    message: str
    fix: str


def expression_type(scope: Scope, screen: Screen, value: str) -> Type | Fault:
    """Give the type of an expression whose names are looked up from a screen."""
    tree = parse_expression(value)
    if isinstance(tree, Problem):
        return Fault("FS432", f"{tree.message}{_place(tree)}", tree.fix)
    unknown: list[Problem] = []

    def resolve(reference: Reference) -> Type | Problem:
        found = scope.resolve(screen, reference)
        unknown.extend([found] if isinstance(found, Problem) else [])
        return found

    found = infer(tree, resolve)
    if isinstance(found, Problem):
        rule = "FS434" if unknown else "FS433"
        return Fault(rule, f"{found.message}{_place(found)}", found.fix)
    return found


def _fix_for_result(wanted: Type) -> str:
    if wanted.kind is TypeKind.STRING:
        return "Put a text beside it, as in `'' ${data.field}`, to make it a text."
    return f"Write an expression that gives {names([wanted])}."


def _place(problem: Problem) -> str:
    return f" (character {problem.position + 1})"


def _check_condition(scope: Scope, screen: Screen, component: Component, report: Report) -> None:
    condition = component.value.get("condition")
    if not isinstance(condition, str):
        return
    at: Pointer = (*component.pointer, "condition")
    subject = f"the condition of {component.label}"
    prop = COMPONENTS["If"].properties["condition"]
    if texts.is_expression(condition, report.version):
        check_expression(scope, screen, condition, slot_types(prop), at, subject, report)
        return
    if report.version >= V6_0 and _UNREADABLE.search(condition):
        _refuse_backslash(at, subject, report)
        return
    problem = check_condition(condition, lambda reference: scope.resolve(screen, reference))
    if problem is not None:
        report.add("FS435", at, f"{subject} {problem.message}{_place(problem)}.", problem.fix)
    elif not condition.strip(" "):
        report.add(
            "FS435",
            at,
            f"{subject} is blank.",
            "Write a comparison, such as ${data.kind} == 'new'.",
            is_enforced=False,
        )

"""Compares one value of a payload with the field that receives it, and checks its expressions."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.expressions.bindings import reference
from flowsync.expressions.tree import Problem
from flowsync.expressions.types import Type
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.examples import fits_type
from flowsync.validation.expressions import Fault, expression_type
from flowsync.validation.outline import Action, Screen
from flowsync.validation.report import Report
from flowsync.validation.scope import Scope, field_type
from flowsync.validation.slots import is_same, names
from flowsync.validation.versions import V7_1, V7_2, Version
from flowsync.validation.wording import Subject, quoted, type_name

EXPRESSION_CODE = "INVALID_ACTION_PAYLOAD_PROPERTY"
_BINDING_CODES = {
    "navigate": "INVALID_NAVIGATE_ACTION_PAYLOAD",
    "update_data": "INVALID_UPDATE_DATA_ACTION_PAYLOAD",
}


class PayloadChecker:
    """Checks the values of payloads in one flow."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self._scope = scope
        self._report = report

    def check_value(
        self, action: Action, screen: Screen, receiver: Screen, key: str, field: JsonValue
    ) -> None:
        """Compare a value of a payload with the field of the receiver that it is meant for."""
        value = action.payload[key]
        at: Pointer = (*action.pointer, "payload", key)
        subject = Subject(key, action.component, "in the payload of")
        if isinstance(value, str) and texts.is_expression(value, self._report.version):
            self._check_expression(action, receiver, value, field, at, subject)
        elif isinstance(value, str) and texts.is_dynamic(value, self._report.version):
            self._check_binding(action, screen, value, field, at, subject)
        else:
            self._check_literal(action, value, field, at, subject)

    def check_expressions_in(self, action: Action, screen: Screen) -> None:
        """Check all expressions in the payload of an action that sends it away from the flow."""
        for at, value in _texts(action.payload, (*action.pointer, "payload")):
            if texts.is_expression(value, self._report.version):
                found = expression_type(self._scope, screen, value)
                if isinstance(found, Fault):
                    subject = f"the payload of {action.component.label}"
                    is_enforced = self._report.version >= V7_2
                    self._say_fault(action, found, at, subject, is_enforced=is_enforced)

    def check_unreceived(self, action: Action, receiver: Screen, key: str) -> None:
        """Check an expression under a key that the receiver does not declare."""
        value = action.payload[key]
        if isinstance(value, str) and texts.is_expression(value, self._report.version):
            found = expression_type(self._scope, receiver, value)
            if isinstance(found, Fault):
                at: Pointer = (*action.pointer, "payload", key)
                subject = Subject(key, action.component, "in the payload of")
                is_enforced = self._report.version != V7_1
                self._say_fault(action, found, at, subject, is_enforced=is_enforced)

    def _say_fault(
        self, action: Action, fault: Fault, at: Pointer, subject: object, *, is_enforced: bool
    ) -> None:
        fix = fault.fix
        if fault.rule == "FS434" and action.name == "navigate":
            fix = (
                "In a navigate payload the platform looks names up on the next screen; compute "
                "the value there."
            )
        self._report.add(
            fault.rule,
            at,
            f"{subject} {fault.message}.",
            fix,
            code=EXPRESSION_CODE,
            is_enforced=is_enforced and action.is_collected,
        )

    def _check_expression(
        self,
        action: Action,
        receiver: Screen,
        value: str,
        field: JsonValue,
        at: Pointer,
        subject: object,
    ) -> None:
        found = expression_type(self._scope, receiver, value)
        if isinstance(found, Fault):
            is_enforced = self._report.version != V7_1
            self._say_fault(action, found, at, subject, is_enforced=is_enforced)
            return
        wanted = field_type(field)
        if not is_same(found, wanted):
            message = f"{subject} is an expression that gives {names([found])}, but the field is "
            self._misfit(action, at, f"{message}{names([wanted])}.")

    def _check_binding(
        self,
        action: Action,
        screen: Screen,
        value: str,
        field: JsonValue,
        at: Pointer,
        subject: object,
    ) -> None:
        found = reference(value)
        given: Type | Problem | None = None
        if found is not None and found.source:
            given = self._scope.resolve(screen, found)
        wanted = field_type(field)
        if not isinstance(given, Type) or is_same(given, wanted):
            return  # what refers to nothing is said with the bindings
        self._report.add(
            "FS437",
            at,
            f"{subject} is {value}, {names([given])}, but the field that receives it is "
            f"{names([wanted])}.",
            "Describe the field as what is sent, or send something else.",
            code=_BINDING_CODES[action.name],
            is_enforced=action.is_collected,
        )

    def _check_literal(
        self, action: Action, value: JsonValue, field: JsonValue, at: Pointer, subject: object
    ) -> None:
        misfit = _misfit(field, value, (), self._report.version)
        if misfit is not None:
            inner, reason = misfit
            self._misfit(action, (*at, *inner), f"{subject} does not fit the field: {reason}.")

    def _misfit(self, action: Action, at: Pointer, message: str) -> None:
        self._report.add(
            "FS417" if action.name == "navigate" else "FS414",
            at,
            message,
            "Change the value, or the description of the field.",
            is_enforced=action.is_collected,
        )


def _texts(value: JsonValue, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Give all texts in a value with their places."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _texts(entry, (*at, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _texts(entry, (*at, index))


def _misfit(
    field: JsonValue, value: JsonValue, at: Pointer, version: Version
) -> tuple[Pointer, str] | None:
    """Give the first place where a literal has another type than the field, and what is wrong."""
    if not isinstance(field, dict) or (isinstance(value, str) and texts.is_dynamic(value, version)):
        return None
    kind = field.get("type")
    if not fits_type(value, kind):
        return at, f"{type_name(value)} stands where the type is {kind}"
    properties, items = field.get("properties"), field.get("items")
    if isinstance(value, dict) and isinstance(properties, dict):
        for key, inner in properties.items():
            if key not in value:
                return at, f"{quoted(key)} is missing"
            found = _misfit(inner, value[key], (*at, key), version)
            if found is not None:
                return found
        extra = [key for key in value if key not in properties]
        if extra:
            return (*at, extra[0]), f"{quoted(extra[0])} is not declared"
    if isinstance(value, list):
        for index, entry in enumerate(value):
            found = _misfit(items, entry, (*at, index), version)
            if found is not None:
                return found
    return None

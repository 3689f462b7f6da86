"""Checks of what a Form presets, and of which of its names exist."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.expressions.bindings import reference
from flowsync.expressions.types import BOOLEAN, NUMBER, STRING, UNKNOWN, Kind, Type
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.components import MEDIA_PICKERS
from flowsync.validation.expressions import Fault, expression_type
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.scope import Scope, component_type
from flowsync.validation.values import is_number
from flowsync.validation.versions import V7_0
from flowsync.validation.wording import Subject, quoted

_INITIAL, _MESSAGES = "init-values", "error-messages"


def check_forms(flow: Flow, report: Report) -> None:
    """Check init-values and error-messages of all Forms."""
    checker = _FormChecker(Scope(flow, report), report)
    for screen in flow.screens:
        for form in screen.components:
            if form.type == "Form":
                checker.check_initial(screen, form)
                checker.check_messages(screen, form)


def _entries(form: Component, key: str) -> Iterator[tuple[str, JsonValue, Pointer]]:
    value = form.value.get(key)
    for name, entry in value.items() if isinstance(value, dict) else ():
        yield name, entry, (*form.pointer, key, name)


class _FormChecker:
    """Checks what Forms preset, with the types of the values."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self._scope = scope
        self._report = report

    def check_initial(self, screen: Screen, form: Component) -> None:
        for key, value, at in _entries(form, _INITIAL):
            subject = Subject(key, form, f"in {_INITIAL} of")
            given = self._type(screen, value, at, subject)
            component = screen.named.get(key)
            if component is None:
                self._refuse_unknown(screen, form, key, at)
            elif component.type in MEDIA_PICKERS:
                self._report.add(
                    "FS354",
                    at,
                    f"{_INITIAL} of {form.label} sets {component.label}, which takes no value.",
                    "Remove it.",
                    at_key=True,
                    also=() if given is None or given.kind is Kind.ARRAY else self._type_code(),
                )
            elif given is not None:
                self._check_type(component, given, at)

    def _refuse_unknown(self, screen: Screen, form: Component, key: str, at: Pointer) -> None:
        if screen.is_whole:
            self._report.add(
                "FS355",
                at,
                f"{_INITIAL} of {form.label} sets {quoted(key)}, which is no component there.",
                self._report.suggest(key, screen.named.keys(), "Use the name of a component."),
                at_key=True,
            )

    def _check_type(self, component: Component, given: Type, at: Pointer) -> None:
        wanted = component_type(component)
        if wanted is None or Kind.UNKNOWN in (given.kind, wanted.kind):
            return
        if given.kind is not wanted.kind:
            self._report.add(
                "FS334" if component.type == "CalendarPicker" else "FS355",
                at,
                f"the initial value of {component.label} is {given.name}, but the component holds "
                f"{wanted.name}.",
                f"Replace it with {wanted.name}.",
                also=self._type_code() if component.type == "CalendarPicker" else (),
            )

    def _type_code(self) -> tuple[str, ...]:
        return ("INVALID_PROPERTY_VALUE",) if self._report.version >= V7_0 else ()

    def check_messages(self, screen: Screen, form: Component) -> None:
        for key, value, at in _entries(form, _MESSAGES):
            subject = Subject(key, form, f"in {_MESSAGES} of")
            given = self._type(screen, value, at, subject)
            component = screen.named.get(key)
            if given is None or (component is None and not screen.is_whole):
                continue
            allowed = {Kind.STRING, Kind.UNKNOWN}
            if component is not None and _takes_object(component):
                allowed.add(Kind.OBJECT)
            if given.kind not in allowed:
                self._report.add(
                    "FS355",
                    at,
                    f"the message for {quoted(key)} in {form.label} is {given.name}.",
                    "Replace it with a text.",
                )

    def _type(self, screen: Screen, value: JsonValue, at: Pointer, subject: object) -> Type | None:
        """Give the type of a preset value; None after saying why it has none."""
        if isinstance(value, str) and texts.is_expression(value, self._report.version):
            found = expression_type(self._scope, screen, value)
            if isinstance(found, Fault):
                self._report.add("FS359", at, f"{subject} {found.message}.", found.fix)
                return None
            return found
        bound = reference(value) if isinstance(value, str) else None
        if bound is None:
            return _of_literal(value)
        if not bound.source:
            return UNKNOWN
        given = self._scope.resolve(screen, bound)
        if isinstance(given, Type):
            return given
        self._report.add("FS359", at, f"{subject} {given.message}.", given.fix)
        return None


def _of_literal(value: JsonValue) -> Type:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return STRING
    if is_number(value):
        return NUMBER
    if isinstance(value, list):
        return Type(Kind.ARRAY)
    return Type(Kind.OBJECT if isinstance(value, dict) else Kind.NULL)


def _takes_object(component: Component) -> bool:
    found = component_type(component)
    is_range = (
        component.type == "CalendarPicker" and found is not None and found.kind is Kind.OBJECT
    )
    return is_range or component.type in MEDIA_PICKERS

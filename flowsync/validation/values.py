"""Checks of one value against the kind that its property has in the component table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flowsync.expressions.bindings import is_binding, starts_with_binding
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.report import Report
from flowsync.validation.versions import V6_0
from flowsync.validation.wording import Subject, listed, quoted, shown_value, type_name

RANGE_KEYS = ("start-date", "end-date")


Check: TypeAlias = "Callable[[ValueChecker, JsonValue, Property, Pointer, object], None]"


# What is null elsewhere breaks the platform's validator altogether.
_NULL_IS_A_TYPE = (
    Kind.COMPONENTS,
    Kind.CASES,
    Kind.CONDITION,
    Kind.FREE_OBJECT,
    Kind.MESSAGES,
)


class ValueChecker:
    """Checks values; `subject` says in messages which value it is, such as `label of …`."""

    def __init__(self, report: Report, checks: Mapping[Kind, Check]) -> None:
        self.report = report
        self._checks = checks
        self.version = report.version

    def check(self, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
        """Report what is wrong with the shape of a value."""
        if value is None and rule.kind not in _NULL_IS_A_TYPE:
            self.report.add(
                "FS305",
                at,
                f"{subject} is null, which breaks the platform's validator.",
                "Leave the key out or give it a value.",
            )
            return
        check = self._checks.get(rule.kind)
        if check is not None:
            check(self, value, rule, at, subject)

    def wrong_type(
        self,
        value: JsonValue,
        wanted: str,
        at: Pointer,
        subject: object,
        *,
        is_dynamic: bool = False,
    ) -> None:
        """Report a value of another type than the one wanted, or than a binding."""
        also: tuple[str, ...] = ()
        if is_dynamic and isinstance(value, str):
            also = ("PATTERN_MISMATCH",)
        elif is_dynamic and isinstance(value, dict) and "array" in wanted:
            also = ("ONE_OF_SCHEMA_VALIDATION_FAILED",)
        self.report.add(
            "FS306",
            at,
            f"{subject} should be {wanted}, but is {type_name(value)}.",
            f"Replace it with {wanted}.",
            also=also,
        )

    def object_keys(
        self,
        value: dict[str, JsonValue],
        properties: Mapping[str, Property],
        at: Pointer,
        subject: object,
    ) -> None:
        """Check the keys of an entry of a list, then their values."""
        for key, entry in value.items():
            prop = properties.get(key)
            if prop is None or prop.since > self.version:
                self.report.add(
                    "FS303",
                    (*at, key),
                    f"{subject} has the unknown key {quoted(key)}.",
                    self.report.suggest(key, properties.keys(), "Remove it."),
                    at_key=True,
                )
            else:
                self.check(entry, prop, (*at, key), Subject(key, subject))
        for key, prop in properties.items():
            if prop.required and key not in value:
                self.report.add(
                    "FS304", at, f"{subject} has no {quoted(key)}.", f"Add {quoted(key)}."
                )

    def entries(self, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
        """Check a literal list: its length and its entries."""
        assert isinstance(value, list)
        if rule.minimum is not None and len(value) < rule.minimum:
            self.report.add(
                "FS313",
                at,
                f"{subject} has {len(value)} entries, fewer than {rule.minimum}.",
                "Add entries to it.",
            )
        if rule.maximum is not None and len(value) > rule.maximum:
            self.report.add(
                "FS314",
                at,
                f"{subject} has {len(value)} entries, more than {rule.maximum}.",
                "Remove some of them.",
            )
        if rule.items is not None:
            for index, entry in enumerate(value):
                self.check(entry, rule.items, (*at, index), Subject(index, subject))

    def is_dynamic(
        self, value: JsonValue, at: Pointer, subject: object, *, is_typed: bool = True
    ) -> bool:
        """Tell whether a value is a binding or expression; report one with text behind it.

        The platform does that where it compares types (`is_typed`).
        """
        if not isinstance(value, str):
            return False
        if texts.is_expression(value, self.version) or is_binding(value):
            return True
        if not starts_with_binding(value):
            return False
        if self.version >= V6_0:
            self.report.add(
                "FS318",
                at,
                f"{subject} has other text behind its binding.",
                "Remove that text, or put the whole into an expression in backticks.",
                is_enforced=is_typed,
            )
        return True

    def not_blank(
        self, text: str, at: Pointer, subject: object, *, is_dynamic: bool = False
    ) -> None:
        """Report a text without anything to see."""
        if texts.is_blank(text):
            also: tuple[str, ...] = ()
            if is_dynamic and self.version >= V6_0:
                has_length = not text and at[-1:] == ("label",)
                also = ("INVALID_PROPERTY_TYPE", *(("MIN_CHARS_REQUIRED",) if has_length else ()))
            self.report.add(
                "FS307",
                at,
                f"{subject} is blank.",
                "Write some text into it.",
                also=also,
            )

    def number_in_range(
        self, value: int | float, rule: Property, at: Pointer, subject: object
    ) -> None:
        """Report a number outside the limits of its property."""
        if rule.minimum is not None and value < rule.minimum:
            self.report.add(
                "FS311",
                at,
                f"{subject} is {shown_value(value)}, less than {rule.minimum}.",
                f"Use {rule.minimum} or more.",
                also=("INVALID_PROPERTY_TYPE",)
                if rule.kind in (Kind.NUMBER, Kind.INTEGER) and self.version >= V6_0
                else (),
            )
        if rule.maximum is not None and value > rule.maximum:
            self.report.add(
                "FS312",
                at,
                f"{subject} is {shown_value(value)}, more than {rule.maximum}.",
                f"Use {rule.maximum} or less.",
            )

    def choice(self, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
        """Report a value outside the list of its property."""
        if isinstance(value, str) and value in rule.choices:
            return
        allowed = f"Use one of {listed(rule.choices, len(rule.choices))}."
        fix = (
            self.report.suggest(value, rule.choices, allowed) if isinstance(value, str) else allowed
        )
        also: tuple[str, ...] = ()
        if not isinstance(value, str):
            also = ("INVALID_PROPERTY_TYPE",)
        elif rule.kind is Kind.CHOICE:
            is_entry = isinstance(at[-1], int)
            also = ("INVALID_PROPERTY_TYPE",) if is_entry else ("PATTERN_MISMATCH",)
        self.report.add("FS309", at, f"{subject} cannot be {shown_value(value)}.", fix, also=also)


def is_number(value: JsonValue) -> bool:
    """Tell whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: JsonValue) -> bool:
    """Tell whether a JSON value is a whole number; 5.0 is one."""
    return is_number(value) and (isinstance(value, int) or float(value).is_integer())  # type: ignore[arg-type]

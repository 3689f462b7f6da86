"""Checks of dates, and of what CalendarPicker allows in each of its modes.

Only the form of dates and their order are looked at: 30 February passes, as on the platform.
"""

from __future__ import annotations

from flowsync.expressions.bindings import reference
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.outline import Component, Flow
from flowsync.validation.report import Report
from flowsync.validation.values import RANGE_KEYS, is_integer
from flowsync.validation.versions import V6_1
from flowsync.validation.wording import quoted, type_name

_RANGE_VALUES = ("label", "helper-text", "required", "init-value", "error-message")
_OPTIONAL_END = frozenset({"helper-text", "required", "error-message"})
_RANGE_ONLY = ("title", "description", "min-days", "max-days")


def check_dates(flow: Flow, report: Report) -> None:
    """Check all DatePickers and CalendarPickers, with what their Form presets."""
    for screen in flow.screens:
        for component in screen.components:
            if component.type == "DatePicker":
                _check_limits(component, report)
                _check_initial(component, report)
            elif component.type == "CalendarPicker" and report.version >= V6_1:
                _check_limits(component, report)
                _check_calendar(component, report)


def _literal(value: JsonValue) -> str | None:
    """Give a date that is written out, None for a binding or no text."""
    is_bound = not isinstance(value, str) or reference(value) is not None
    return None if is_bound else str(value)


def _is_later(one: str, other: str) -> bool:
    """Tell whether one date is later; false where a month or day is none at all."""
    return texts.is_near_date(one) and texts.is_near_date(other) and one > other


def _refuse(report: Report, at: Pointer, message: str, fix: str) -> None:
    report.add("FS333", at, message, fix)


def _check_form(component: Component, key: str, report: Report) -> str | None:
    """Report a date of the wrong form; give one of the right form."""
    value = _literal(component.value.get(key))
    if value is None:
        return None
    if texts.is_date(value):
        return value
    _refuse(
        report,
        (*component.pointer, key),
        f"{key} of {component.label} is {quoted(value)}, which is no date.",
        "Write it as YYYY-MM-DD.",
    )
    return None


def _check_limits(component: Component, report: Report) -> None:
    low = _check_form(component, "min-date", report)
    high = _check_form(component, "max-date", report)
    if low is not None and high is not None and _is_later(low, high):
        _refuse(
            report,
            (*component.pointer, "min-date"),
            f"min-date of {component.label} is later than its max-date.",
            "Swap the two, or change one of them.",
        )
        return
    unavailable = component.value.get("unavailable-dates")
    for index, entry in enumerate(unavailable if isinstance(unavailable, list) else ()):
        value = _literal(entry)
        at = (*component.pointer, "unavailable-dates", index)
        if value is not None:
            _check_within(component, value, f"unavailable date {index + 1}", at, report)


def _check_within(component: Component, value: str, what: str, at: Pointer, report: Report) -> None:
    if not texts.is_date(value):
        message = f"{what} of {component.label} is {quoted(value)}, which is no date."
        _refuse(report, at, message, "Write it as YYYY-MM-DD.")
        return
    low, high = (_literal(component.value.get(key)) for key in ("min-date", "max-date"))
    is_low = low is not None and _is_later(low, value)
    is_high = high is not None and _is_later(value, high)
    if is_low or is_high:
        limit = "before its min-date" if is_low else "after its max-date"
        message = f"{what} of {component.label} is {limit}."
        _refuse(report, at, message, "Move it between min-date and max-date.")


def _check_initial(component: Component, report: Report) -> None:
    value = _literal(component.value.get("init-value"))
    if value is not None and not component.in_form:
        at = (*component.pointer, "init-value")
        _check_within(component, value, "init-value", at, report)


def _check_calendar(component: Component, report: Report) -> None:
    mode = component.value.get("mode", "single")
    if mode not in ("single", "range"):
        return
    is_range = mode == "range"
    for key in _RANGE_ONLY:
        if key in component.value and not is_range:
            report.add(
                "FS337",
                (*component.pointer, key),
                f"{component.label} has {key}, which needs the mode range.",
                'Remove it, or set "mode": "range".',
                at_key=True,
            )
    for key in _RANGE_VALUES:
        if key in component.value and component.value[key] is not None:
            _check_mode_value(component, key, is_range, report)
    low, high = (component.value.get(f"{end}-days") for end in ("min", "max"))
    if is_range and is_integer(low) and is_integer(high) and low > high:  # type: ignore[operator]
        report.add(
            "FS338",
            (*component.pointer, "min-days"),
            f"min-days of {component.label} is greater than its max-days.",
            "Swap the two, or change one of them.",
        )


def _check_mode_value(component: Component, key: str, is_range: bool, report: Report) -> None:
    value = component.value[key]
    at = (*component.pointer, key)
    is_bound = isinstance(value, str) and texts.is_dynamic(value, report.version)
    if is_bound or (key in ("init-value", "error-message") and component.in_form):
        return
    if isinstance(value, dict) != is_range:
        wanted = "an object with start-date and end-date" if is_range else "one value"
        mode = "range" if is_range else "single"
        report.add(
            "FS334",
            at,
            f"{key} of {component.label} should be {wanted} in the mode {mode}, but is "
            f"{type_name(value)}.",
            "Change it, or change the mode.",
        )
    elif isinstance(value, dict):
        _check_range_keys(component, key, value, report)
    elif key == "init-value" and isinstance(value, str):
        if texts.is_date(value):
            _check_within(component, value, "init-value", at, report)
        else:
            _bad_initial(component, value, at, report)


def _bad_initial(component: Component, value: JsonValue, at: Pointer, report: Report) -> None:
    shown = quoted(value) if isinstance(value, str) else type_name(value)
    report.add(
        "FS339",
        at,
        f"init-value of {component.label} is {shown}, which is no date.",
        "Write it as YYYY-MM-DD.",
    )


def _check_range_keys(
    component: Component, key: str, value: dict[str, JsonValue], report: Report
) -> None:
    at = (*component.pointer, key)
    for inner in value:
        if inner not in RANGE_KEYS:
            report.add(
                "FS336",
                (*at, inner),
                f"{key} of {component.label} cannot have {quoted(inner)}.",
                report.suggest(inner, RANGE_KEYS, "Remove it."),
                at_key=True,
            )
    for inner in RANGE_KEYS:
        is_optional = inner == "end-date" and key in _OPTIONAL_END
        if inner not in value and not is_optional and key != "init-value":
            report.add(
                "FS335", at, f"{key} of {component.label} has no {inner}.", f"Add {quoted(inner)}."
            )
    if key == "init-value":
        _check_initial_range(component, value, at, report)


def _check_initial_range(
    component: Component, value: dict[str, JsonValue], at: Pointer, report: Report
) -> None:
    dates: list[str] = []
    for inner in RANGE_KEYS:
        if inner not in value:
            if inner == "start-date":
                message = f"init-value of {component.label} has no {inner}."
                report.add("FS335", at, message, f"Add {quoted(inner)}.")
            else:
                report.add(
                    "FS339",
                    at,
                    f"init-value of {component.label} has no {inner}.",
                    f"Add {quoted(inner)}.",
                )
            continue
        date = _literal(value[inner])
        if date is None:
            continue
        if texts.is_date(date):
            dates.append(date)
            _check_within(component, date, f"{inner} of init-value", (*at, inner), report)
        else:
            _bad_initial(component, date, (*at, inner), report)
    if len(dates) == len(RANGE_KEYS) and _is_later(dates[0], dates[1]):
        message = f"init-value of {component.label} ends before it starts."
        _refuse(report, at, message, "Swap start-date and end-date.")

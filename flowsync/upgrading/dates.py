"""Migration of DatePicker from milliseconds since 1970 to dates as YYYY-MM-DD (5.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from flowsync.expressions.bindings import reference
from flowsync.model import JsonValue, mapping_in
from flowsync.sources import Pointer
from flowsync.upgrading.draft import Draft
from flowsync.validation.outline import Action, Component, Flow, Screen
from flowsync.validation.screens import MAX_SCREENS
from flowsync.validation.wording import quoted, shown_value

_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DATE_KEYS = ("min-date", "max-date", "unavailable-dates", "init-value")
# Ten digits are seconds since 2001; as milliseconds they would be days of 1970.
_LOOKS_LIKE_SECONDS = re.compile(r"1[0-9]{9}")

Field = tuple[str, tuple[str, ...]]  # the screen, and the path to a field of its data


def write_dates(draft: Draft) -> None:
    """Turn timestamps into dates in pickers, Forms, payloads and examples."""
    _DateMigration(draft, draft.flow()).run()


class _DateMigration:
    """Finds every value that is a date of a DatePicker, and converts those that are written out."""

    def __init__(self, draft: Draft, flow: Flow) -> None:
        self._draft, self._flow = draft, flow
        self._fields: dict[Field, None] = {}  # in the order in which they were found

    def run(self) -> None:
        for screen in self._flow.screens:
            for component in screen.components:
                if component.type == "DatePicker":
                    self._picker(screen, component)
                elif component.type == "Form":
                    self._form(screen, component)
        self._follow_navigation()
        for screen_id, path in self._fields:
            self._field(self._flow.by_id[screen_id], path)

    def _picker(self, screen: Screen, picker: Component) -> None:
        for key in _DATE_KEYS:
            if key in picker.value:
                at = (*picker.pointer, key)
                self._date(screen, at, picker.value[key], f"{key} of {picker.label}")
        self._draft.decide(
            picker.pointer,
            f'{picker.label} now holds a date such as "2025-01-31" instead of milliseconds.',
            "Make sure that whoever receives the answer, such as the endpoint, reads it so.",
        )

    def _form(self, screen: Screen, form: Component) -> None:
        for name, value in list(mapping_in(form.value.get("init-values")).items()):
            component = screen.named.get(name)
            if component is not None and component.type == "DatePicker":
                at = (*form.pointer, "init-values", name)
                self._date(screen, at, value, f"the initial value of {component.label}")

    def _date(self, screen: Screen, at: Pointer, value: JsonValue, what: str) -> None:
        """Convert a value that is a date or a list of dates, or note the field it comes from."""
        if isinstance(value, list):
            for index, entry in enumerate(list(value)):
                self._date(screen, (*at, index), entry, f"{what}, entry {index + 1}")
            return
        source = self._source(screen, value)
        if source is not None:
            self._fields[source] = None
        elif isinstance(value, str) and "${" in value and reference(value) is None:
            self._draft.decide(
                at,
                f"{what} is {quoted(value)}, whose value may be in milliseconds.",
                "Make sure that it is a date as YYYY-MM-DD.",
            )
        else:
            self._convert(at, value, what)

    def _source(self, screen: Screen, value: JsonValue) -> Field | None:
        """Give the field that a binding takes its value from."""
        found = reference(value) if isinstance(value, str) else None
        if found is None or found.source != "data" or not found.path:
            return None
        screen_id = found.screen or screen.id
        return (screen_id, found.path) if screen_id in self._flow.by_id else None

    def _convert(self, at: Pointer, value: JsonValue, what: str) -> bool:
        """Write a timestamp as a date; tell whether it was one."""
        text = _digits(value)
        if text is None:
            return False
        if _LOOKS_LIKE_SECONDS.fullmatch(text):
            self._draft.decide(
                at,
                f"{what} is {shown_value(value)}, which looks like seconds, not milliseconds.",
                "Write it as YYYY-MM-DD.",
            )
            return False
        try:
            moment = _EPOCH + timedelta(milliseconds=int(text))
        except OverflowError:
            return False
        date = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
        self._draft.put(at, date, f'{what}: {shown_value(value)} → "{date}"')
        if moment.timetz() != _EPOCH.timetz():
            self._draft.decide(
                at,
                f"{what} was {moment:%H:%M} UTC on {date}; elsewhere that may be another day.",
                "Make sure that this is the day that was meant.",
            )
        return True

    def _follow_navigation(self) -> None:
        """Find the fields that dates come from and go to, from screen to screen."""
        steps = list(self._steps())
        for _ in range(MAX_SCREENS):
            known = len(self._fields)
            for screen, action, target in steps:
                self._follow(screen, action, target)
            if len(self._fields) == known:
                break
        for screen, action, target in steps:
            for key, value in list(action.payload.items()):
                if (target, (key,)) in self._fields and self._source(screen, value) is None:
                    what = f"{quoted(key)} in the payload of {action.component.label}"
                    self._convert_all((*action.pointer, "payload", key), value, what)

    def _steps(self) -> Iterator[tuple[Screen, Action, str]]:
        for screen in self._flow.screens:
            for action in screen.actions:
                target = action.target
                if target is not None and target in self._flow.by_id:
                    yield screen, action, target

    def _follow(self, screen: Screen, action: Action, target: str) -> None:
        for key, value in action.payload.items():
            source = self._source(screen, value)
            if source is not None and (target, (key,)) in self._fields:
                self._fields[source] = None
            elif source in self._fields or self._is_from_picker(screen, value):
                self._fields[target, (key,)] = None

    def _is_from_picker(self, screen: Screen, value: JsonValue) -> bool:
        found = reference(value) if isinstance(value, str) else None
        if found is None or found.source != "form" or len(found.path) != 1:
            return False
        source = self._flow.by_id.get(found.screen or screen.id)
        component = source.named.get(found.path[0]) if source else None
        return component is not None and component.type == "DatePicker"

    def _field(self, screen: Screen, path: tuple[str, ...]) -> None:
        """Convert the example of a field, and make the field hold text."""
        schema = mapping_in(mapping_in(screen.data).get(path[0]))
        at: Pointer = (*screen.pointer, "data", path[0])
        example, at_example = schema.get("__example__"), (*at, "__example__", *path[1:])
        for part in path[1:]:
            example = mapping_in(example).get(part)
            schema = mapping_in(mapping_in(schema.get("properties")).get(part))
            at = (*at, "properties", part)
        what = f"the example of {quoted('.'.join(path))} on screen {quoted(screen.id)}"
        if not self._convert_all(at_example, example, what):
            return
        if schema.get("type") == "array":
            schema, at = mapping_in(schema.get("items")), (*at, "items")
        if schema.get("type") in ("number", "integer"):
            summary = f"the type of {quoted('.'.join(path))}: {schema['type']} → string"
            self._draft.put((*at, "type"), "string", summary)

    def _convert_all(self, at: Pointer, value: JsonValue, what: str) -> bool:
        if isinstance(value, list):
            found = [
                self._convert((*at, index), entry, f"{what}, entry {index + 1}")
                for index, entry in enumerate(list(value))
            ]
            return any(found)
        return self._convert(at, value, what)


def _digits(value: JsonValue) -> str | None:
    """Give a timestamp as its digits, None for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    return text if _MILLISECONDS.fullmatch(text) else None

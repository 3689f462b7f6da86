"""What the names in bindings stand for: data fields and inputs of screens, with their types."""

from __future__ import annotations

from flowsync.expressions.tree import Problem, Reference
from flowsync.expressions.types import BOOLEAN, NUMBER, STRING, UNKNOWN, Kind, Type
from flowsync.model import JsonValue
from flowsync.validation.components import COMPONENTS
from flowsync.validation.outline import Component, Flow, JsonObject, Screen
from flowsync.validation.report import Report
from flowsync.validation.wording import quoted

_KINDS = {kind.value: kind for kind in Kind if kind not in (Kind.UNKNOWN, Kind.NONE)}
_TEXTS = Type(Kind.ARRAY, items=STRING)
_MEDIA = Type(
    Kind.ARRAY,
    items=Type(
        Kind.OBJECT,
        properties={
            "media_id": STRING,
            "cdn_url": STRING,
            "encryption_metadata": Type(Kind.OBJECT),
        },
    ),
)
_DATES = Type(Kind.OBJECT, properties={"start-date": STRING, "end-date": STRING})
_COMPONENT_TYPES = {
    "CheckboxGroup": _TEXTS,
    "ChipsSelector": _TEXTS,
    "OptIn": BOOLEAN,
    "TextArea": STRING,
    "Dropdown": STRING,
    "RadioButtonsGroup": STRING,
    "DatePicker": STRING,
    "NavigationList": STRING,
    "PhotoPicker": _MEDIA,
    "DocumentPicker": _MEDIA,
}


def component_type(component: Component) -> Type | None:
    """Give the type of what a component holds; None for one that holds nothing."""
    if component.type == "TextInput":
        kind = component.value.get("input-type")
        return NUMBER if kind in ("number", "passcode") else STRING
    if component.type == "CalendarPicker":
        mode = component.value.get("mode", "single")
        return {"single": STRING, "range": _DATES}.get(
            mode if isinstance(mode, str) else "", UNKNOWN
        )
    return _COMPONENT_TYPES.get(component.type)


def field_type(schema: JsonValue) -> Type:
    """Give the type that a data field's schema describes."""
    if not isinstance(schema, dict):
        return UNKNOWN
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        return UNKNOWN
    properties, items = schema.get("properties"), schema.get("items")
    return Type(
        _KINDS[kind],
        properties={name: field_type(inner) for name, inner in properties.items()}
        if isinstance(properties, dict)
        else None,
        items=field_type(items) if isinstance(items, dict) else None,
    )


class Scope:
    """Looks names up in a flow; gives a type, or why a binding refers to nothing."""

    def __init__(self, flow: Flow, report: Report) -> None:
        self._flow = flow
        self._report = report
        self._fields: dict[tuple[str, str], Type] = {}

    def resolve(self, screen: Screen, reference: Reference) -> Type | Problem:
        """Give the type of what a binding on a screen refers to."""
        source: Screen | None = screen
        if reference.screen is not None:
            source = self._flow.by_id.get(reference.screen)
        if source is None:
            return self._unknown_screen(str(reference.screen))
        if reference.source == "data" and reference.path:
            return self._field(source, reference.path)
        if reference.source == "form" and reference.path:
            return self._input(source, reference.path[0])
        return Problem(
            f"has the binding {quoted(str(reference))}, which cannot be read",
            "Write ${data.field}, ${form.component} or ${screen.ID.data.field}.",
        )

    def _unknown_screen(self, name: str) -> Type | Problem:
        if not self._flow.is_whole:
            return UNKNOWN
        return Problem(
            f"refers to screen {quoted(name)}, which is not in the flow",
            self._report.suggest(name, self._flow.by_id.keys(), "Use the id of a screen."),
        )

    def _field(self, screen: Screen, path: tuple[str, ...]) -> Type | Problem:
        if "data" in screen.value and screen.data is None:
            return UNKNOWN  # said as a value of the wrong type
        fields: JsonObject = screen.data or {}
        for depth, part in enumerate(path):
            if part not in fields:
                return self._unknown_field(screen, path, depth, fields)
            field = fields[part]
            if depth == len(path) - 1:
                return self._type_of(screen, path, field)
            if not isinstance(field, dict):
                return UNKNOWN
            properties = field.get("properties")
            fields = properties if isinstance(properties, dict) else {}
        return UNKNOWN

    def _type_of(self, screen: Screen, path: tuple[str, ...], field: JsonValue) -> Type:
        key = (screen.id, ".".join(path))
        if key not in self._fields:
            self._fields[key] = field_type(field)
        return self._fields[key]

    def _unknown_field(
        self, screen: Screen, path: tuple[str, ...], depth: int, fields: JsonObject
    ) -> Problem:
        where = quoted(".".join(path[:depth])) if depth else "the data"
        return Problem(
            f"refers to {quoted('data.' + '.'.join(path))}, but {where} of screen "
            f"{quoted(screen.id)} has no {quoted(path[depth])}",
            self._report.suggest(
                path[depth], fields.keys(), "Declare the field in the screen's data."
            ),
        )

    def _input(self, screen: Screen, name: str) -> Type | Problem:
        component = screen.named.get(name)
        if component is not None:
            found = component_type(component)
            if found is not None or component.type not in COMPONENTS:
                return found or UNKNOWN
            return Problem(
                f"refers to {component.label}, which holds no value", "Refer to an input instead."
            )
        if not screen.is_whole:
            return UNKNOWN
        if any(part.type == "Form" and part.name == name for part in screen.components):
            return Problem(
                f"refers to the Form {quoted(name)}, which has no value",
                "Refer to an input in it instead.",
            )
        return Problem(
            f"refers to the input {quoted(name)}, which is not on screen {quoted(screen.id)}",
            self._report.suggest(
                name, screen.named.keys(), "Use the name of an input on that screen."
            ),
        )

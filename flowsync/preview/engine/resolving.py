"""Properties of a component with bindings replaced, where the platform replaces them.

The component table says where: an `id` or a `title` of an option that looks like a binding is shown
as it is written, and so are texts in data, which are never read as bindings again.
"""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.preview.engine.moment import Moment
from flowsync.validation.components import COMPONENTS
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.outline import Component, Screen

_BOUND = frozenset(
    {
        Kind.TEXT,
        Kind.FILLED_TEXT,
        Kind.ANY_TEXT,
        Kind.BOUND_TEXT,
        Kind.BOOLEAN,
        Kind.BOUND_BOOLEAN,
        Kind.NUMBER,
        Kind.INTEGER,
        Kind.CHOICE,
        Kind.DATE,
        Kind.LIST,
        Kind.TEXT_OR_LIST,
        Kind.RICH_TEXT,
        Kind.RANGE,
    }
)
# What the engine acts on itself, or shows as the children and the value of an element.
_NOT_SHOWN = frozenset(
    {"type", "children", "init-value", "init-values", "error-message", "error-messages"}
)
_STATES = frozenset({Kind.BOOLEAN, Kind.BOUND_BOOLEAN})


def shown_properties(moment: Moment, screen: Screen, component: Component) -> dict[str, JsonValue]:
    """Give what a component shows; actions stay as they are written.

    A key that the component does not have, such as `visible` at a Footer, is left out. Of an
    unknown component all is given as it is written.
    """
    if component.type not in COMPONENTS:
        return {key: value for key, value in component.value.items() if key not in _NOT_SHOWN}
    known = COMPONENTS[component.type].properties
    return {
        key: _resolved(moment, screen, value, known[key])
        for key, value in component.value.items()
        if key in known and key not in _NOT_SHOWN
    }


def _resolved(moment: Moment, screen: Screen, value: JsonValue, prop: Property) -> JsonValue:
    if isinstance(value, str):
        if prop.kind not in _BOUND:
            return value
        found = moment.resolved(screen, value)
        return False if found is None and prop.kind in _STATES else found
    if isinstance(value, list) and prop.items is not None:
        return [_resolved(moment, screen, one, prop.items) for one in value]
    if isinstance(value, dict) and prop.kind is Kind.RANGE and prop.items is not None:
        return {key: _resolved(moment, screen, one, prop.items) for key, one in value.items()}
    if isinstance(value, dict) and prop.properties:
        return {
            key: _resolved(moment, screen, one, prop.properties[key])
            if key in prop.properties
            else one
            for key, one in value.items()
        }
    return value

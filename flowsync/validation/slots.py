"""Which types of values a property of a component takes, and whether a type is one of them."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.expressions.types import BOOLEAN, INTEGER, NUMBER, STRING, Kind, Type
from flowsync.validation.kinds import Kind as ValueKind
from flowsync.validation.kinds import Property

_TEXTS = Type(Kind.ARRAY, items=STRING)
_SIMPLE: dict[ValueKind, tuple[Type, ...]] = {
    ValueKind.TEXT: (STRING,),
    ValueKind.FILLED_TEXT: (STRING,),
    ValueKind.NAME: (STRING,),
    ValueKind.ANY_TEXT: (STRING,),
    ValueKind.CHOICE: (STRING,),
    ValueKind.DATE: (STRING,),
    ValueKind.SWITCH_VALUE: (STRING,),
    ValueKind.BOOLEAN: (BOOLEAN,),
    ValueKind.BOUND_BOOLEAN: (BOOLEAN,),
    ValueKind.NUMBER: (NUMBER,),
    ValueKind.INTEGER: (INTEGER,),
    ValueKind.TEXT_OR_LIST: (STRING, _TEXTS),
    ValueKind.RICH_TEXT: (STRING, _TEXTS),
    ValueKind.FREE_OBJECT: (Type(Kind.OBJECT),),
    ValueKind.MESSAGES: (Type(Kind.OBJECT),),
    ValueKind.MEDIA_ERROR: (STRING, Type(Kind.OBJECT)),
    ValueKind.CONDITION: (STRING, BOOLEAN),
    ValueKind.LITERAL_TEXT: (STRING,),
    ValueKind.REGEX: (STRING,),
}


def slot_types(prop: Property) -> tuple[Type, ...]:
    """Give the types of which a value of a property may be; none where it takes no binding."""
    if prop.kind is ValueKind.LIST:
        items = slot_types(prop.items) if prop.items is not None else ()
        return tuple(Type(Kind.ARRAY, items=item) for item in items) or (Type(Kind.ARRAY),)
    if prop.kind is ValueKind.OBJECT:
        return (_object(prop),)
    if prop.kind is ValueKind.RANGE and prop.items is not None:
        (single,) = slot_types(prop.items)
        return (single, Type(Kind.OBJECT))
    return _SIMPLE.get(prop.kind, ())


def _object(prop: Property) -> Type:
    """Give the type of an entry of a list, with the keys that it must have."""
    required: dict[str, Type] = {}
    for name, inner in prop.properties.items():
        types = slot_types(inner)
        if inner.required and types:
            required[name] = types[0]
    return Type(Kind.OBJECT, properties=required)


def fits_any(given: Type, wanted: Iterable[Type]) -> bool:
    """Tell whether a type is among those wanted."""
    return any(fits(given, one) for one in wanted)


def fits(given: Type, wanted: Type) -> bool:
    """Tell whether a value of one type may stand where another is wanted.

    An object may have more properties than wanted, but none less.
    """
    if Kind.UNKNOWN in (given.kind, wanted.kind):
        return True
    if given.kind is not wanted.kind:
        return False
    if wanted.kind is Kind.OBJECT:
        had = given.properties or {}
        return all(
            name in had and fits(had[name], inner)
            for name, inner in (wanted.properties or {}).items()
        )
    if wanted.kind is Kind.ARRAY and wanted.items is not None:
        return given.items is not None and fits(given.items, wanted.items)
    return True


def is_same(given: Type, wanted: Type) -> bool:
    """Tell whether two types are the same through and through, as payloads must be."""
    if Kind.UNKNOWN in (given.kind, wanted.kind):
        return True
    if given.kind is not wanted.kind:
        return False
    if wanted.kind is Kind.OBJECT:
        one, other = given.properties, wanted.properties
        if one is None or other is None:
            return False  # the platform compares nothing that is not described
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if wanted.kind is Kind.ARRAY:
        if given.items is None or wanted.items is None:
            return given.items is wanted.items
        return is_same(given.items, wanted.items)
    return True


def names(types: Iterable[Type]) -> str:
    """Give types in words, such as «a text or an array of texts»."""
    return " or ".join(dict.fromkeys(_name(one) for one in types))


def _name(one: Type) -> str:
    if one.kind is Kind.ARRAY and one.items is not None:
        return f"an array of {_PLURAL.get(one.items.kind, 'values')}{_with(one.items)}"
    return f"{one.name}{_with(one)}"


def _with(one: Type) -> str:
    return f" with {', '.join(one.properties)}" if one.properties else ""


_PLURAL = {
    Kind.STRING: "texts",
    Kind.NUMBER: "numbers",
    Kind.INTEGER: "integers",
    Kind.BOOLEAN: "booleans",
    Kind.OBJECT: "objects",
    Kind.ARRAY: "arrays",
}

"""What each kind of value in the component table asks of a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowsync.expressions.bindings import has_binding_inside, is_binding, starts_with_binding
from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.kinds import Kind, Property
from flowsync.validation.regexes import is_regex
from flowsync.validation.values import RANGE_KEYS, Check, ValueChecker, is_integer, is_number
from flowsync.validation.versions import V6_0, V6_3
from flowsync.validation.wording import Subject, quoted, shown_value


def _text(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)
    elif rule.non_empty and not value:
        is_dynamic = rule.kind is not Kind.LITERAL_TEXT
        also: tuple[str, ...] = ("PATTERN_MISMATCH",) if v.version >= V6_0 else ()
        also += ("INVALID_PROPERTY_TYPE",) if v.version >= V6_0 and is_dynamic else ()
        v.report.add("FS308", at, f"{subject} is empty.", "Write some text into it.", also=also)
    elif v.version >= V6_0 or rule.kind is Kind.FILLED_TEXT:
        v.not_blank(value, at, subject, is_dynamic=rule.kind is not Kind.LITERAL_TEXT)


def _name(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)
    elif v.version >= V6_0 and (texts.is_expression(value, v.version) or is_binding(value)):
        v.report.add(
            "FS310",
            at,
            f"{subject} is a binding or an expression, which a name cannot be.",
            "Write a fixed name.",
        )
    else:
        v.not_blank(value, at, subject)


def _any_text(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)
    elif rule.kind is Kind.LITERAL_BASE64 and starts_with_binding(value):
        v.report.add(
            "FS310",
            at,
            f"{subject} is a binding, which an image in a list cannot be.",
            "Put the base64 of the image there, or bind the whole list.",
        )
    elif (
        rule.kind is Kind.BOUND_TEXT and v.version >= V6_3 and texts.is_expression(value, v.version)
    ):
        v.report.add(
            "FS310",
            at,
            f"{subject} is an expression, which an image cannot be.",
            "Put the base64 of the image there.",
            code="INVALID_PROPERTY_KEY",
        )


def _boolean(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    is_unbound = isinstance(value, str) and texts.is_expression(value, v.version)
    if is_unbound and rule.kind is Kind.BOUND_BOOLEAN:
        wanted = "a boolean or a binding, not an expression"
        v.wrong_type(value, wanted, at, subject, is_dynamic=True)
    elif not isinstance(value, bool) and not v.is_dynamic(value, at, subject):
        v.wrong_type(value, "a boolean or a binding", at, subject, is_dynamic=True)


def _number(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    fits = is_integer(value) if rule.kind is Kind.INTEGER else is_number(value)
    if fits:
        assert isinstance(value, int | float)
        v.number_in_range(value, rule, at, subject)
    elif not v.is_dynamic(value, at, subject):
        wanted = "a whole number" if rule.kind is Kind.INTEGER else "a number"
        v.wrong_type(value, f"{wanted} or a binding", at, subject, is_dynamic=True)


def _literal_boolean(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, bool):
        v.wrong_type(value, "true or false", at, subject)


def _literal_integer(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not is_integer(value):
        v.wrong_type(value, "a whole number", at, subject)
    else:
        assert isinstance(value, int | float)
        v.number_in_range(value, rule, at, subject)


def _choice(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not v.is_dynamic(value, at, subject):
        v.choice(value, rule, at, subject)


def _literal_choice(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    v.choice(value, rule, at, subject)


def _regex(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)
    elif not is_regex(value):
        v.report.add(
            "FS315",
            at,
            f"{subject} is no regular expression.",
            "Close every bracket, or put a backslash before one that is meant as such.",
        )


def _colour(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)
    elif not texts.is_colour(value):
        v.report.add(
            "FS310",
            at,
            f"{subject} is {quoted(value)}, which is no colour.",
            'Write it as "#" and six hexadecimal digits.',
        )


def _list(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    if isinstance(value, list):
        v.entries(value, rule, at, subject)
    elif not v.is_dynamic(value, at, subject):
        v.wrong_type(value, "an array or a binding", at, subject, is_dynamic=True)


def _literal_list(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if isinstance(value, list):
        v.entries(value, rule, at, subject)
    else:
        v.wrong_type(value, "an array", at, subject)


def _object(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if isinstance(value, dict):
        v.object_keys(value, rule.properties, at, subject)
    else:
        v.wrong_type(value, "an object", at, subject)


def _free_object(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, dict) and not v.is_dynamic(value, at, subject):
        v.wrong_type(value, "an object or a binding", at, subject, is_dynamic=True)


def _messages(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    _free_object(v, value, rule, at, subject)
    if v.version < V6_0 and isinstance(value, dict):
        for key, entry in value.items():
            v.check(entry, Property(Kind.ANY_TEXT), (*at, key), Subject(key, subject))


def _text_or_list(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, list):
        _text(v, value, replace(rule, kind=Kind.FILLED_TEXT), at, subject)
        return
    for index, entry in enumerate(value):
        here, named = (*at, index), Subject(index, subject)
        if not isinstance(entry, str):
            v.check(entry, Property(Kind.FILLED_TEXT), here, named)
            continue
        v.not_blank(entry, here, named, is_dynamic=True)
        _refuse_binding(v, entry, here, named)


def _rich_text(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if isinstance(value, str):
        _text(v, value, rule, at, subject)
        if v.version >= V6_0 and not texts.is_dynamic(value, v.version):
            _refuse_binding_inside(v, value, at, subject)
        return
    if not isinstance(value, list):
        v.wrong_type(value, "a text or an array of texts", at, subject)
        return
    for index, entry in enumerate(value):
        here, named = (*at, index), Subject(index, subject)
        if not isinstance(entry, str):
            v.check(entry, Property(Kind.ANY_TEXT), here, named)
        elif not entry or entry[0] in "\n\r\u2028\u2029" or not entry.strip("s"):
            v.report.add(
                "FS310",
                here,
                f"{named} cannot be empty, only the letter s, or start with a line break.",
                "Put the line break at the end of the entry before.",
                also=("INVALID_PROPERTY_TYPE",),
            )
        else:
            _refuse_binding(v, entry, here, named)


def _refuse_binding(v: ValueChecker, text: str, at: Pointer, subject: object) -> None:
    if texts.is_dynamic(text, (0, 0)):
        v.report.add(
            "FS356",
            at,
            f"{subject} is a binding, which is not replaced in a list of texts.",
            "Bind the whole list to an array field instead.",
        )


def _refuse_binding_inside(v: ValueChecker, text: str, at: Pointer, subject: object) -> None:
    if has_binding_inside(text):
        v.report.add(
            "FS318",
            at,
            f"{subject} has a binding among other text.",
            "Bind the whole text to one field.",
        )


def _range(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    assert rule.items is not None
    if not isinstance(value, dict):
        v.check(value, rule.items, at, subject)
        return
    for key in RANGE_KEYS:
        if key in value:
            v.check(value[key], rule.items, (*at, key), Subject(key, subject))


def _media_error(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if isinstance(value, str):
        return
    if not isinstance(value, dict) or not value:
        v.wrong_type(value, "a text, a binding or an object of texts", at, subject)
        return
    for key, entry in value.items():
        v.check(entry, Property(Kind.FILLED_TEXT), (*at, key), Subject(key, subject))


def _components(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, list):
        v.wrong_type(value, "an array of components", at, subject)
        return
    for index, entry in enumerate(value):
        named = f"component {index + 1} in {subject}"
        if not isinstance(entry, dict):
            v.check(entry, Property(Kind.OBJECT), (*at, index), named)


def _cases(v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object) -> None:
    if not isinstance(value, dict):
        v.wrong_type(value, "an object", at, subject)
        return
    for key, entry in value.items():
        if not texts.is_case_key(key):
            v.report.add(
                "FS310",
                (*at, key),
                f"{subject} has the case {quoted(key)}, which cannot be compared with.",
                "Start it with a letter, and use only letters, digits, - and _.",
                at_key=True,
            )
        _components_or_null(v, entry, (*at, key), f"case {quoted(key)} of {subject}")


def _components_or_null(v: ValueChecker, value: JsonValue, at: Pointer, subject: object) -> None:
    v.check(value, Property(Kind.COMPONENTS), at, subject)


def _condition(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if isinstance(value, bool) and v.version >= V6_0:
        v.report.add(
            "FS353",
            at,
            f"{subject} is always {shown_value(value)}.",
            "Write an expression with a binding, or leave out the If.",
        )
    elif not isinstance(value, str):
        v.wrong_type(value, "a text", at, subject)


def _switch_value(
    v: ValueChecker, value: JsonValue, rule: Property, at: Pointer, subject: object
) -> None:
    if not isinstance(value, str):
        v.wrong_type(value, "a binding", at, subject)
    elif not v.is_dynamic(value, at, subject, is_typed=False):
        v.report.add(
            "FS310",
            at,
            f"{subject} is the fixed text {quoted(value)}.",
            "Bind it to a field, such as ${data.kind}.",
        )


CHECKS: Mapping[Kind, Check] = {
    Kind.TEXT: _text,
    Kind.FILLED_TEXT: _text,
    Kind.LITERAL_TEXT: _text,
    Kind.NAME: _name,
    Kind.ANY_TEXT: _any_text,
    Kind.BOUND_TEXT: _any_text,
    Kind.LITERAL_BASE64: _any_text,
    Kind.BOOLEAN: _boolean,
    Kind.BOUND_BOOLEAN: _boolean,
    Kind.NUMBER: _number,
    Kind.INTEGER: _number,
    Kind.CHOICE: _choice,
    Kind.LITERAL_BOOLEAN: _literal_boolean,
    Kind.LITERAL_INTEGER: _literal_integer,
    Kind.LITERAL_CHOICE: _literal_choice,
    Kind.DATE: _any_text,
    Kind.REGEX: _regex,
    Kind.COLOUR: _colour,
    Kind.LIST: _list,
    Kind.LITERAL_LIST: _literal_list,
    Kind.OBJECT: _object,
    Kind.FREE_OBJECT: _free_object,
    Kind.MESSAGES: _messages,
    Kind.TEXT_OR_LIST: _text_or_list,
    Kind.RICH_TEXT: _rich_text,
    Kind.RANGE: _range,
    Kind.MEDIA_ERROR: _media_error,
    Kind.COMPONENTS: _components,
    Kind.CASES: _cases,
    Kind.CONDITION: _condition,
    Kind.SWITCH_VALUE: _switch_value,
}

from __future__ import annotations

import pytest

from flowsync.expressions.conditions import check_condition
from flowsync.expressions.parser import parse_expression
from flowsync.expressions.tree import Problem, Reference
from flowsync.expressions.types import BOOLEAN, INTEGER, NUMBER, STRING, Kind, Type, infer

FIELDS = {
    "s": STRING,
    "n": NUMBER,
    "i": INTEGER,
    "b": BOOLEAN,
    "o": Type(Kind.OBJECT),
    "u": Type(Kind.UNKNOWN),
}


def resolve(found: Reference) -> Type | Problem:
    return FIELDS.get(found.path[0]) or Problem(f"refers to {found}", "Declare it.")


def type_of(text: str) -> Type | Problem:
    tree = parse_expression(f"`{text}`")
    assert not isinstance(tree, Problem), tree
    return infer(tree, resolve)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'a'", Kind.STRING),
        ("1", Kind.NUMBER),
        ("true", Kind.BOOLEAN),
        ("${data.o}", Kind.OBJECT),
        ("${data.i} + 1", Kind.NUMBER),
        ("-${data.n}", Kind.NUMBER),
        ("${data.n} % 2", Kind.NONE),
        ("${data.i} > 3", Kind.BOOLEAN),
        ("${data.s} == 'a'", Kind.BOOLEAN),
        ("!(${data.b} && true)", Kind.BOOLEAN),
        ("${data.s} ${data.n} ${data.o}", Kind.STRING),
        ("${data.u} == 1", Kind.BOOLEAN),
    ],
)
def test_expression_has_the_type_of_its_outermost_operation(text: str, kind: Kind) -> None:
    found = type_of(text)
    assert isinstance(found, Type)
    assert found.kind is kind


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("'a' + 'b'", 5, "side by side"),
        ("${data.n} && true", 11, "booleans"),
        ("${data.i} == 3", 11, "as number"),
        ("${data.s} == 3", 11, "one type"),
        ("!${data.n}", 1, "boolean"),
        ("-${data.i}", 1, "number"),
        ("1 < 'a'", 3, "numbers"),
        ("'a' ${data.x}", 5, "Declare"),
        ("(1 + ${data.x}) > 2", 6, "Declare"),
        ("${data.n} % 2 == 1", 15, "one type"),
    ],
)
def test_first_misfit_of_types_is_named_with_its_place(text: str, position: int, word: str) -> None:
    found = type_of(text)
    assert isinstance(found, Problem)
    assert word in found.fix
    assert found.position == position


@pytest.mark.parametrize(
    "text",
    [
        "${data.b}",
        "!${data.b}",
        "!(${data.b})",
        "((${data.b}))",
        "${data.s} == 'it'",
        "'it' != ${data.s}",
        "${data.n} >= -3",
        "${data.n}==0",
        "${data.b} && (${data.n} > 3)",
        "(${data.n} > 3) || (${data.s} == '')",
        "  ${data.b}  ",
        "${data.b} == true",
        " ",
    ],
)
def test_condition_of_the_platform_passes(text: str) -> None:
    assert check_condition(text, resolve) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "true",
        "3",
        "'x'",
        "${data.s}",
        "1 == 1",
        "'a' == 'a'",
        "${data.b} && ('a' == 'a')",
        "${data.n} == 01",
        "${data.n} == -0",
        "${data.n} == 1.5",
        "${data.n} == 1 == true",
        "${data.b} == ${data.b} && ${data.s} == 'x'",
        "${data.n} + 1 > 3",
        "!!${data.b}",
        "!true",
        "${data.i} > 3",
        "${data.o} == 'x'",
        "${data.s.t}",
        "${data.x}",
        "${data.b} ${data.b}",
        "${data.b}\n",
        "${data.b}, true",
        '${data.s} == "x"',
        "(${data.b}",
        "()",
        "not ${data.b}",
        "== ${data.b}",
    ],
)
def test_condition_that_the_platform_refuses_is_refused(text: str) -> None:
    found = check_condition(text, resolve)
    assert isinstance(found, Problem)
    assert found.message
    assert found.fix

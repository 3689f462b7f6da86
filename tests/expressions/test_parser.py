from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.expressions.bindings import is_binding, reference, references_in
from flowsync.expressions.conditions import parse_condition
from flowsync.expressions.parser import parse_expression
from flowsync.expressions.tree import (
    Binary,
    Concatenation,
    Expression,
    Literal,
    Lookup,
    Problem,
    Reference,
    Unary,
)


def shape(tree: Expression | Problem) -> str:
    """Write a tree with every operation in parentheses."""
    match tree:
        case Problem():
            return f"problem at {tree.position}"
        case Literal(value=value):
            return repr(value)
        case Lookup(reference=found):
            return str(found)
        case Unary():
            return f"({tree.operator}{shape(tree.operand)})"
        case Binary():
            return f"({shape(tree.left)} {tree.operator} {shape(tree.right)})"
        case Concatenation():
            return f"[{', '.join(shape(part) for part in tree.parts)}]"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("`1 + 2 * 3`", "(1.0 + (2.0 * 3.0))"),
        ("`1 - 2 - 3`", "((1.0 - 2.0) - 3.0)"),
        ("`(1 - 2) * 3`", "((1.0 - 2.0) * 3.0)"),
        ("`!${data.a} && ${form.b} || true`", "(((!${data.a}) && ${form.b}) || True)"),
        ("`${data.a} + 1 >= 2 == true`", "(((${data.a} + 1.0) >= 2.0) == True)"),
        ("`'a' ${data.b} 1 + 2`", "['a', ${data.b}, (1.0 + 2.0)]"),
        ("`'a';'b', 'c'`", "['a', 'b', 'c']"),
        ("`'it\\'s' '\\\\'`", "[\"it's\", '\\\\']"),
        ("`-.5e1`", "(-5.0)"),
        ("`${screen.S_T.form.x-1}`", "${screen.S_T.form.x-1}"),
        ("` `", "[]"),
    ],
)
def test_expression_is_read_as_its_operators_bind(text: str, tree: str) -> None:
    assert shape(parse_expression(text)) == tree


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("`'open`", 1, "quote"),
        ('`"a"`', 1, "double quotes"),
        ("`${data.a} ? 1 : 2`", 11, "? and :"),
        ("`1 === 1`", 3, "==="),
        ("`1 = 1`", 3, "single ="),
        ("`f(1)`", 1, "f()"),
        ("`null`", 1, "null"),
        ("`this`", 1, "bare word"),
        ("`${data.list}[0]`", 13, "list"),
        ("`(1`", 1, "not closed"),
        ("`1)`", 2, "too many"),
        ("`1 +`", 4, "ends"),
        ("`* 1`", 1, "where a value"),
        ("`${data}`", 1, "cannot be read"),
        ("`${data.a`", 1, "brace"),
        ("`a `b`", 3, "backtick"),
        ("`1 & 2`", 3, "single &"),
        ("`" + "(" * 200 + "`", 101, "nested"),
        ("`" + "+".join("1" * 300) + "`", 402, "operations"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, position: int, word: str) -> None:
    found = parse_expression(text)
    assert isinstance(found, Problem)
    assert word in found.message
    assert found.position == position
    assert found.fix.endswith((".", "."))


@given(st.text(alphabet="`'\"${}()[]!&|=<>+-*/%.,;? \\\nabtrue1059data.form.screen"))
def test_any_text_is_read_or_refused_and_never_raises(text: str) -> None:
    for found in (parse_expression(f"`{text}`"), parse_condition(text)):
        assert isinstance(found, Problem) == shape(found).startswith("problem at")


def test_binding_is_taken_apart() -> None:
    assert reference("${data.a.b}") == Reference(None, "data", ("a", "b"))
    assert reference("${screen.S.form.x}") == Reference("S", "form", ("x",))
    assert reference("${screen.S.more.x}") == Reference("S", "", ())
    assert reference("Hello ${data.a}") is None
    assert is_binding("${data.a}")
    assert not is_binding("${data.a} ")


def test_all_bindings_of_a_text_are_found() -> None:
    found = references_in("`'a' ${data.b} ${screen.S.form.c}` and ${form.d}")
    assert [str(one) for one in found] == ["${data.b}", "${screen.S.form.c}", "${form.d}"]
    assert references_in("none") == ()

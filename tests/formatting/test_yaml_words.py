from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.definition import format_definition
from flowsync.formatting.yaml_words import yaml_word
from flowsync.sources import parse_yaml


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Appointment booking", "Appointment booking"),
        ("Café 2024 (new)", "Café 2024 (new)"),
        ("https://flows.example.com/a?b=c", "https://flows.example.com/a?b=c"),
        ("2024", '"2024"'),
        ("null", '"null"'),
        ("No", '"No"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("a, b", '"a, b"'),
        ("*a", '"*a"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_a_text_is_plain_where_that_is_safe(text: str, word: str) -> None:
    assert yaml_word(text) == word


def test_the_quotes_of_what_stood_there_are_kept() -> None:
    assert yaml_word("New name", "'Old'") == "'New name'"
    assert yaml_word("New name", '"Old"') == '"New name"'
    assert yaml_word("It's new", "'Old'") == "It's new"
    assert yaml_word("a: b", "Old") == '"a: b"'


@given(st.text(st.characters().filter(str.isprintable)), st.sampled_from(["", "'x'", '"x"']))
@example("yes", "")
@example("a:", "")
@example("https://a:", "")
@example("0x1f", "")
@example("é\u0301", "")
def test_every_text_is_read_back_as_itself(text: str, written: str) -> None:
    word = yaml_word(text, written)
    for document in (f"name: {word} # a\n", f"name: {{a: [{word}, x]}}\n"):
        problems: list[Diagnostic] = []
        found = parse_yaml(document, "", problems)
        assert found is not None, problems
        assert found.value in ({"name": text}, {"name": {"a": [text, "x"]}})
    formatted = format_definition(f"name: {word}\n", "", [])
    assert formatted is not None
    assert formatted.text == f"name: {word}\n"

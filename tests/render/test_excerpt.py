"""The line below a finding, and the carets below its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flowsync.diagnostics import START_OF_FILE, Diagnostic, Severity, Span
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.excerpt import Excerpts
from flowsync.render.style import Style
from tests.render.golden import ALL_NASTY, COLOURED, PLAIN, check_harmless

PATH = "flows/a.json"


def finding(line: int, column: int, end_column: int, *, end_line: int | None = None) -> Diagnostic:
    span = Span(line=line, column=column, end_line=end_line or line, end_column=end_column)
    return Diagnostic(path=PATH, span=span, rule="FS301", message="wrong.")


def below(text: str, found: Diagnostic, *, columns: int = 100, style: Style = PLAIN) -> list[str]:
    return Excerpts({PATH: text}, columns=columns).below(found, style)


def marked(lines: list[str]) -> str:
    """Give what the carets stand below, by the columns of a terminal."""
    shown, carets = lines
    begin, end = carets.index("^"), carets.rindex("^") + 1
    found, column = "", 0
    for character in shown:
        if begin <= column < end:
            found += character
        column += cell_len(character)
    return found


def test_an_excerpt_has_the_number_of_the_line_and_carets_below_the_place() -> None:
    assert below('{\n  "type": "Text"\n}', finding(2, 11, 17)) == [
        '    2 |   "type": "Text"',
        "      |           ^^^^^^",
    ]


def test_a_finding_is_followed_by_its_excerpt_and_one_without_a_text_stands_alone() -> None:
    elsewhere = replace(finding(1, 1, 2), path="other.json")
    text = render_diagnostics([elsewhere, finding(1, 2, 5)], PLAIN, Excerpts({PATH: '{"a": 1}'}))
    assert text == (
        "other.json:1:1: wrong. [FS301]\n"
        "flows/a.json:1:2: wrong. [FS301]\n"
        '    1 | {"a": 1}\n'
        "      |  ^^^\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(end: str) -> None:
    text = end.join(["{", '  "a": "x\u2028y\x85z",', '  "b": true', "}"])
    assert marked(below(text, finding(3, 8, 12))) == "true"


def test_tabs_are_as_wide_as_they_are_shown() -> None:
    lines = below('\t"a":\t"wrong"', finding(1, 7, 14))
    assert lines[0] == '    1 |     "a":    "wrong"'
    assert marked(lines) == '"wrong"'


@pytest.mark.parametrize("before", ["日本", "👍", "e\u0301", "한국", "ﬀ", "Ａ"])
def test_wide_and_combining_characters_do_not_move_the_carets(before: str) -> None:
    text = f'{{"{before}": "wrong"}}'
    column = text.index('"wrong"') + 1
    assert marked(below(text, finding(1, column, column + 7))) == '"wrong"'


def test_a_marked_wide_text_has_carets_as_wide() -> None:
    assert below('"日本"', finding(1, 1, 5))[1] == "      | ^^^^^^"


def test_invisible_characters_are_shown_as_escapes_and_counted_as_shown() -> None:
    lines = below('"a\u200b\x1b[31m": "wrong"', finding(1, 12, 19))
    assert lines[0] == '    1 | "a\\u200b\\u001b[31m": "wrong"'
    assert marked(lines) == '"wrong"'


@pytest.mark.parametrize("columns", [40, 80, 100])
@pytest.mark.parametrize("filler", ["x", "日", "\t", "\x1b", "\u0301"])
def test_a_long_line_is_cut_to_a_window_around_the_place(columns: int, filler: str) -> None:
    text = filler * 5000 + "WRONG" + filler * 5000
    lines = below(text, finding(1, 5001, 5006), columns=columns)
    assert marked(lines) == "WRONG"
    assert lines[0].count("…") == 2
    assert max(cell_len(line) for line in lines) <= columns


def test_a_cut_is_marked_only_where_something_was_cut() -> None:
    text = "WRONG" + "x" * 500
    assert below(text, finding(1, 1, 6))[0].startswith("    1 | WRONGx")
    assert below(text, finding(1, 1, 6))[0].endswith("x…")
    assert below("x" * 500 + "WRONG", finding(1, 501, 506))[0].endswith("WRONG")
    assert "…" not in below("x" * 92, finding(1, 50, 51))[0]


def test_a_place_wider_than_the_window_is_marked_as_far_as_it_is_shown() -> None:
    shown, carets = below("x" * 500, finding(1, 3, 400))
    assert shown.endswith("…")
    assert len(carets) < len(shown) <= 100


def test_of_several_lines_the_first_is_marked() -> None:
    text = '{\n  "a": [\n    1\n  ]\n}'
    assert below(text, finding(2, 8, 4, end_line=4)) == ['    2 |   "a": [', "      |        ^"]


def test_an_empty_place_has_one_caret_also_at_the_end_of_the_line() -> None:
    assert below("abc\n", finding(1, 4, 4)) == ["    1 | abc", "      |    ^"]


def test_a_caret_behind_a_line_that_fills_the_room_is_no_wider() -> None:
    lines = below("a" * 92, finding(1, 93, 93), columns=100)
    assert [len(line) for line in lines] == [99, 100]
    assert lines[0].startswith("    1 | …a")


def test_what_has_no_place_has_no_excerpt() -> None:
    about = replace(finding(1, 1, 1), span=START_OF_FILE)
    assert below("abc", about) == []
    assert below("abc", finding(7, 1, 2)) == []


def test_colours_mark_the_severity_and_change_no_column() -> None:
    error, warning = finding(1, 1, 2), replace(finding(1, 1, 2), severity=Severity.WARNING)
    assert "\x1b[31m^\x1b[0m" in below("a", error, style=COLOURED)[1]
    assert "\x1b[33m^\x1b[0m" in below("a", warning, style=COLOURED)[1]


@given(st.text(max_size=300), st.integers(1, 400), st.integers(0, 400), st.integers(1, 120))
def test_any_text_gives_a_harmless_excerpt_no_wider_than_asked(
    text: str, column: int, length: int, columns: int
) -> None:
    lines = below(text + ALL_NASTY, finding(1, column, column + length), columns=columns)
    check_harmless("\n".join(lines))
    assert max(map(cell_len, lines), default=0) <= max(columns, 28)


def test_a_minified_file_with_many_findings_takes_linear_time() -> None:
    text = "[" + "1," * 2_000_000 + "1]"
    excerpts = Excerpts({PATH: text})
    for column in range(2, 2_000_000, 1000):
        assert len(excerpts.below(finding(1, column, column + 1), PLAIN)) == 2

from __future__ import annotations

import json
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic, Span
from flowsync.model import JsonValue
from flowsync.sources import (
    MAX_FILE_BYTES,
    Document,
    Pointer,
    Variables,
    parse_json,
    parse_yaml,
    read_text,
    replace_in_json_text,
    replace_in_text,
)


def yaml_document(text: str) -> Document:
    problems: list[Diagnostic] = []
    document = parse_yaml(text, "a.yaml", problems)
    assert problems == []
    assert document is not None
    return document


def yaml_problems(text: str) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    assert parse_yaml(text, "a.yaml", problems) is None
    assert problems
    assert {problem.rule for problem in problems} == {"FS003"}
    assert all(problem.path == "a.yaml" for problem in problems)
    assert all(problem.fix for problem in problems)
    return problems


def json_document(text: str) -> Document:
    problems: list[Diagnostic] = []
    document = parse_json(text, "a.json", problems)
    assert problems == []
    assert document is not None
    return document


def json_problems(text: str) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    assert parse_json(text, "a.json", problems) is None
    assert problems
    assert {problem.rule for problem in problems} == {"FS002"}
    assert {problem.code for problem in problems} == {"INVALID_FLOW_JSON"}
    assert all(problem.fix for problem in problems)
    return problems


def cut(text: str, span: Span) -> str:
    """Give what a span covers, found slowly by going through the lines."""
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = lines[span.line - 1][span.column - 1 :]
    between = lines[span.line : span.end_line - 1]
    last = lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *between, last])


def at(problem: Diagnostic) -> tuple[int, int]:
    return problem.span.line, problem.span.column


# --- YAML: refused ---


def test_each_repeated_key_is_reported_at_its_second_place() -> None:
    problems = yaml_problems("a: 1\nb:\n  c: 1\n  c: 2\na: 2\na: 3\n")
    assert sorted((*at(problem), problem.message) for problem in problems) == [
        (4, 3, 'the key "c" is repeated.'),
        (5, 1, 'the key "a" is repeated.'),
        (6, 1, 'the key "a" is repeated.'),
    ]


@pytest.mark.parametrize("text", ["{a: 1, a: 2}", '"a": 1\na: 2\n', "a: 1\r\na: 2\r\n"])
def test_a_key_repeated_in_another_form_is_found(text: str) -> None:
    assert [problem.message for problem in yaml_problems(text)] == ['the key "a" is repeated.']


def test_a_key_repeated_behind_an_alias_is_reported_once() -> None:
    problems = yaml_problems("x: &a {p: 1, p: 2}\ny: *a\nz: *a\n")
    assert [at(problem) for problem in problems] == [(1, 14)]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a: !!python/object:os.system x", (1, 4), 'the tag "!!python/object:os.system"'),
        ("a: !!int 3", (1, 4), 'the tag "!!int"'),
        ("a: !own [1]", (1, 4), 'the tag "!own"'),
        ("a: !own {b: 1}", (1, 4), 'the tag "!own"'),
        ("---\na: 1\n---\nb: 2\n", (3, 1), "more than one YAML document"),
        ("a: *b", (1, 4), 'the alias "*b" has no anchor'),
        ("? [a]\n: b", (1, 3), "a key must be text"),
        ("? {a: b}\n: c", (1, 3), "a key must be text"),
        ("<<: 1", (1, 5), '"<<" merges mappings only'),
        ("a: &l [1]\n<<: *l", (1, 4), '"<<" merges mappings only'),
        ("a:\n\t- b", (2, 1), "not valid YAML"),
        ("a: @x", (1, 4), "not valid YAML"),
        ("a: b: c", (1, 5), "not valid YAML"),
        ('a: "\\ud800"', (1, 7), "not valid YAML"),
        ("é: [ü\nb: 2", (2, 2), "not valid YAML"),
        ("a: x\x01y", (1, 5), "U+0001"),
        ("é: ok\nb: {c: \x07}", (2, 8), "U+0007"),
        ("a: x\x7fy", (1, 5), "U+007F"),
        ("", (1, 1), "the file is empty"),
        ("\n# a comment only\n", (1, 1), "the file is empty"),
    ],
)
def test_yaml_outside_the_strict_form_is_refused_at_its_place(
    text: str, where: tuple[int, int], said: str
) -> None:
    (problem,) = yaml_problems(text)
    assert at(problem) == where
    assert said in problem.message


def test_an_alias_bomb_is_refused_quickly() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    with at_most_seconds(10):
        (problem,) = yaml_problems("\n".join(lines))
    assert "the aliases expand to more than 200,000 values" in problem.message


def test_a_bomb_of_merge_keys_ends_quickly() -> None:
    lines = ["a: &a {x: 1}"]
    for before, name in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}")
    with at_most_seconds(3):
        parse_yaml("\n".join(lines), "a.yaml", [])


@contextmanager
def at_most_seconds(seconds: float) -> Iterator[None]:
    """Fail, and end what is inside, when it takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"it takes more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("text", ["a: &x [*x]", "a: &x {b: *x}", "a: &x [[{c: *x}]]"])
def test_an_alias_that_contains_itself_is_refused(text: str) -> None:
    (problem,) = yaml_problems(text)
    assert "an alias contains itself" in problem.message


def test_a_mapping_that_merges_itself_is_refused() -> None:
    (problem,) = yaml_problems("a: &x {<<: *x}")
    assert at(problem) == (1, 4)


def test_yaml_nested_a_hundred_levels_deep_is_read_and_one_more_is_refused() -> None:
    yaml_document("[" * 100 + "]" * 100)
    (problem,) = yaml_problems("[" * 101 + "]" * 101)
    assert at(problem) == (1, 101)
    assert "deeper than 100 levels" in problem.message


def test_hundred_thousand_open_brackets_end_in_a_finding() -> None:
    assert "deeper" in yaml_problems("[" * 100_000)[0].message
    assert "deeper" in json_problems("[" * 100_000)[0].message


# --- YAML: read ---


@pytest.mark.parametrize(
    "text",
    ["no", "NO", "on", "off", "yes", "y", "1:30", "12:30:45", "2024-01-01", "1_000", ".inf", "0b1"],
)
def test_what_yaml_1_1_would_turn_into_something_else_stays_text(text: str) -> None:
    assert yaml_document(f"a: {text}").value == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("1" * 310, "1" * 310),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: JsonValue) -> None:
    found = yaml_document(f"a: {text}").value
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_the_text_of_a_plain_number_is_kept() -> None:
    document = yaml_document("a: 7.10\nb: [007, x]\nc: '1'\n")
    assert document.texts == {("a",): "7.10", ("b", 0): "007"}


def test_keys_that_look_like_other_values_are_text() -> None:
    assert yaml_document("1: a\ntrue: b\nnull: c\n1.0: d\n").value == {
        "1": "a",
        "true": "b",
        "null": "c",
        "1.0": "d",
    }


def test_aliases_and_merge_keys_give_the_values_they_stand_for() -> None:
    text = "base: &b {x: 1, y: 2}\nother: &o {x: 8, z: 9}\nc:\n  <<: [*b, *o]\n  y: 3\nd: *b\n"
    assert yaml_document(text).value == {
        "base": {"x": 1, "y": 2},
        "other": {"x": 8, "z": 9},
        "c": {"y": 3, "x": 1, "z": 9},
        "d": {"x": 1, "y": 2},
    }


def test_a_quoted_merge_key_is_a_plain_key() -> None:
    assert yaml_document("'<<': 1").value == {"<<": 1}


def test_an_anchor_may_be_defined_anew() -> None:
    assert yaml_document("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").value == {
        "a": 1,
        "b": 1,
        "c": 2,
        "d": 2,
    }


def test_directives_and_an_end_mark_are_read() -> None:
    assert yaml_document("%YAML 1.2\n---\na: 1\n...\n").value == {"a": 1}


def test_yaml_places_are_exact_also_after_non_ascii_text() -> None:
    text = "é😀: 'ü'\nb:\n  - 'x'\n  - {ß: 😀, z: last}\n"
    document = yaml_document(text)
    found = {pointer: cut(text, document.span(pointer)) for pointer in document.places}
    assert found[("é😀",)] == "'ü'"
    assert found[("b", 0)] == "'x'"
    assert found[("b", 1)] == "{ß: 😀, z: last}"
    assert found[("b", 1, "z")] == "last"
    assert cut(text, document.span(("b", 1, "z"), at_key=True)) == "z"
    assert cut(text, document.span(("é😀",), at_key=True)) == "é😀"
    assert document.span(("b", 1, "z")) == Span(line=4, column=15, end_line=4, end_column=19)


def test_the_place_of_what_is_missing_is_that_of_its_nearest_parent() -> None:
    document = yaml_document("a:\n  b: 1\n")
    assert document.span(("a", "c", 7), at_key=True) == document.span(("a",))
    assert document.span(()).line == 1
    empty = Document(path="x", text="", value=None, locate=dict)
    assert empty.span(("a",)) == Span(line=1, column=1, end_line=1, end_column=1)


@given(st.text())
def test_any_text_is_read_as_yaml_or_refused_with_a_place_inside_it(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    problems: list[Diagnostic] = []
    document = parse_yaml(text, "a.yaml", problems)
    assert (document is None) == bool(problems)
    for problem in problems:
        assert problem.span.line >= 1
        assert problem.span.column >= 1


# --- JSON: refused ---

JSON_ERRORS = [
    ("", (1, 1), "the file is empty", "Write a Flow JSON object"),
    ('{"a":1,}', (1, 7), "a comma after the last element", "Remove the comma"),
    ('{\n  "a": [1,\n  ]\n}', (2, 10), "a comma after the last element", "Remove the comma"),
    ("[1,", (1, 4), "ends in the middle", "Close all brackets"),
    ("{", (1, 2), "ends in the middle", "Close all brackets"),
    ('{"a"', (1, 5), "ends in the middle", "Close all brackets"),
    ('{"a":\n', (2, 1), "ends in the middle", "Close all brackets"),
    ('{"a" 1}', (1, 6), "a colon should stand before 1", "between key and value"),
    ("{a: 1}", (1, 2), "a key in double quotes should stand here, not a", "in quotes"),
    ("{'a': 1}", (1, 2), "double quotes", "Replace the single quotes"),
    ("{\"a\": 'x'}", (1, 7), "double quotes", "Replace the single quotes"),
    ('{"é": 1 "b": 2}', (1, 9), "a comma or a closing bracket should stand before", "Add it"),
    ("[1}", (1, 3), "a closing bracket should stand before }", "Add it"),
    ('{"a": 1}}', (1, 9), "more text after the end", "Remove it"),
    ("{} []", (1, 4), "more text after the end", "Remove it"),
    ("// c\n{}", (1, 1), "no comments", "Remove the comment"),
    ('{"a": 1, /* c */ "b": 2}', (1, 10), "no comments", "Remove the comment"),
    ('{\n# c\n"b": 2}', (2, 1), "no comments", "Remove the comment"),
    ('{"a": "x\ty"}', (1, 9), "raw control character", "Write it as"),
    ('{"a": "x\ny"}', (1, 9), "raw control character or line break", "Write it as"),
    ('{"a": "é\\q"}', (1, 9), "not a valid escape", "backslash"),
    ('{"a": "x', (1, 7), "no closing quote", "Close it"),
    ('{"a": True}', (1, 7), "T cannot start a JSON value", "true, false, null"),
    ('{"a": undefined}', (1, 7), "u cannot start a JSON value", "Write a text"),
    ('{"a": .5}', (1, 7), ". cannot start a JSON value", "a number"),
    ('{"a": +1}', (1, 7), "+ cannot start a JSON value", "a number"),
    ('{"a": 01}', (1, 8), "should stand before 1", "Add it"),
    ('{"a": NaN}', (1, 7), "NaN is not JSON", "Use a number or text"),
    ('{"a": [Infinity]}', (1, 8), "Infinity is not JSON", "Use a number or text"),
    ('{\n"a": -Infinity}', (2, 6), "-Infinity is not JSON", "Use a number or text"),
    ('{"a": 1e999}', (1, 7), "1e999 is too large", "in quotes"),
    ('{"a": -1.5e999}', (1, 7), "-1.5e999 is too large", "in quotes"),
    ('{"b": 1e9, "a": ' + "9" * 5000 + "}", (1, 17), "9" * 20 + "… is too large", "in quotes"),
    ('{"text": "NaN", "a": NaN}', (1, 22), "NaN is not JSON", "Use a number or text"),
    ('{"text": "1e999", "a": 1e999}', (1, 24), "1e999 is too large", "in quotes"),
    ('{"1e999": 1, "a": 1e999}', (1, 19), "1e999 is too large", "in quotes"),
    ("[" * 101 + "]" * 101, (1, 101), "deeper than 100 levels", "Flatten"),
]


@pytest.mark.parametrize(
    ("text", "where", "said", "fix"), JSON_ERRORS, ids=[repr(row[0][:30]) for row in JSON_ERRORS]
)
def test_each_kind_of_json_error_has_its_place_and_its_fix(
    text: str, where: tuple[int, int], said: str, fix: str
) -> None:
    (problem,) = json_problems(text)
    assert said in problem.message
    assert fix in problem.fix
    assert at(problem) == where


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": 1, "a": 2}', [(1, 10)]),
        ('[{"b": {"a": 1, "a": 2}}]', [(1, 17)]),
        ('{"a": 1,\n"\\u0061": 2}', [(2, 1)]),
        ('{"x": 1, "x": {"y": 1, "y": 2}, "x": 3}', [(1, 10), (1, 24), (1, 33)]),
        ('{"x": {"y": 1}, "x": {"y": 2}}', [(1, 17)]),
        ('[{"a": 1}, {"a": 1, "b": 1, "b": 1}]', [(1, 29)]),
    ],
)
def test_each_repeated_json_key_is_reported_at_any_depth(
    text: str, keys: list[tuple[int, int]]
) -> None:
    problems = json_problems(text)
    assert [at(problem) for problem in problems] == keys
    assert all("is repeated in this object" in problem.message for problem in problems)


def test_the_same_key_in_different_objects_is_fine() -> None:
    assert json_document('[{"a": 1}, {"a": 1}, {"b": {"a": 1}}]').value


# --- JSON: read ---


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[1,2,{"b":null}]}',
        '{\r\n\t"a":\t[ 1 ,\r\n2 ] }\r\n',
        '{"ü😀": "ß", "z": [true, false]}',
        '{"\\ud800": "\\udfff"}',
        '"only a text with ] and : and , in it"',
        '[[], {}, [[]], {"a": {}}, -0.0, 1E+2, 12345678901234567890]',
        '{"brackets": "[[[{{{", "quote": "\\"]"}',
        "[" * 100 + "]" * 100,
    ],
)
def test_json_in_any_layout_gives_the_same_value_and_exact_places(text: str) -> None:
    document = json_document(text)
    assert document.value == json.loads(text)
    assert_places_are_exact(document)


def pointers(value: JsonValue, pointer: Pointer = ()) -> Iterator[tuple[Pointer, JsonValue]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from pointers(item, (*pointer, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from pointers(item, (*pointer, index))


def assert_places_are_exact(document: Document) -> None:
    expected = dict(pointers(document.value))
    assert set(document.places) == set(expected)
    for pointer, value in expected.items():
        text = cut(document.text, document.span(pointer))
        assert text == text.strip()
        assert json.loads(text) == value
        key = document.places[pointer].key
        assert (key is None) == (not pointer or isinstance(pointer[-1], int))
        if key is not None:
            assert json.loads(cut(document.text, key)) == pointer[-1]


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**30), 10**30),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
        st.sampled_from(["[", '"', "\\", "{:,}", "\n", "\ud800", "ü", "😀"]),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(max_size=3), inner)),
    max_leaves=15,
)


def dumped(value: JsonValue, chance: random.Random, *, ascii_only: bool) -> str:
    """Write a value with white space of every kind wherever JSON allows it."""

    def space() -> str:
        return "".join(chance.choice(["", " ", "\n", "\r\n", "\t", "  "]) for _ in range(2))

    if isinstance(value, dict):
        members = [
            f"{space()}{json.dumps(key, ensure_ascii=ascii_only)}{space()}:"
            f"{space()}{dumped(item, chance, ascii_only=ascii_only)}{space()}"
            for key, item in value.items()
        ]
        return "{" + (",".join(members) or space()) + "}"
    if isinstance(value, list):
        items = [
            f"{space()}{dumped(item, chance, ascii_only=ascii_only)}{space()}" for item in value
        ]
        return "[" + (",".join(items) or space()) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


@given(json_values, st.randoms(use_true_random=False), st.booleans())
def test_every_place_cut_out_of_the_text_parses_back_to_its_value(
    value: JsonValue, chance: random.Random, ascii_only: bool
) -> None:
    document = json_document(dumped(value, chance, ascii_only=ascii_only))
    assert document.value == value
    assert_places_are_exact(document)


@given(st.text(alphabet="{}[]\",:\\ \n0123-eE.truefalsnN/#'é"))
def test_json_is_read_exactly_when_a_standard_reader_takes_it_and_no_key_repeats(text: str) -> None:
    problems: list[Diagnostic] = []
    document = parse_json(text, "a.json", problems)
    assert (document is None) == bool(problems)
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1
    if document is not None:
        assert json.loads(text) == document.value
        assert_places_are_exact(document)


# --- files ---


def refused(file: Path) -> Diagnostic:
    problems: list[Diagnostic] = []
    assert read_text(file, "flows/a.json", problems) is None
    (problem,) = problems
    assert problem.rule == "FS001"
    assert problem.path == "flows/a.json"
    assert problem.fix
    return problem


def test_a_file_is_read_with_its_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes("ü\r\nb\n".encode())
    assert read_text(file, "a", []) == "ü\r\nb\n"


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "gone").message
    assert "is a directory" in refused(tmp_path).message


def test_a_file_without_permission_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a").write_text("x")
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "permission denied" in refused(tmp_path / "a").message


def test_an_error_without_a_reason_is_still_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> bytes:
        raise OSError

    (tmp_path / "a").write_text("x")
    monkeypatch.setattr(Path, "read_bytes", broken)
    assert refused(tmp_path / "a").message == "the file cannot be read: unknown reason."


def test_ten_megabytes_are_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * MAX_FILE_BYTES)
    assert len(read_text(file, "a", []) or "") == 10_485_760
    file.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    assert "10,485,761 bytes" in refused(file).message


def test_invalid_utf_8_is_refused_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes('{\n"ü": "'.encode() + b"\xe9" + b'"}')
    problem = refused(file)
    assert problem.message == "byte 0xe9 is not valid UTF-8."
    assert problem.span == Span(line=2, column=7, end_line=2, end_column=8)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_each_byte_order_mark_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a").write_bytes('{"a": 1}'.encode(encoding))
    assert "byte order mark" in refused(tmp_path / "a").message


def test_the_byte_order_mark_of_big_endian_utf_16_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xfe\xff" + '{"a": 1}'.encode("utf-16-be"))
    assert "byte order mark" in refused(tmp_path / "a").message


# --- variables ---

VARIABLES = Variables(
    {"HOST": "example.com", "NASTY": 'a"b\\c\nd\te', "LOOP": "${env:HOST}"},
    {"x": "ü", "a.b-c": "1"},
)


def test_both_kinds_of_variable_are_replaced_in_a_text() -> None:
    text, missing = replace_in_text("https://${env:HOST}/${var:x}/${var:a.b-c}", VARIABLES)
    assert text == "https://example.com/ü/1"
    assert missing == ()


def test_a_value_that_looks_like_a_variable_is_not_replaced_again() -> None:
    assert replace_in_text("${env:LOOP}", VARIABLES)[0] == "${env:HOST}"


@pytest.mark.parametrize(
    "text", ["${data.name}", "${form.x}", "${screen.A.form.b}", "${ENV:X}", "$env:HOST", "${env}"]
)
def test_what_belongs_to_the_platform_stays(text: str) -> None:
    assert replace_in_text(text, VARIABLES) == (text, ())
    document = json_document(json.dumps({"a": text}))
    assert replace_in_json_text(document, VARIABLES, []) == document.text


def test_unknown_variables_are_explained_and_left() -> None:
    text, missing = replace_in_text("${env:GONE}${var:y}", VARIABLES)
    assert text == "${env:GONE}${var:y}"
    assert missing == (
        (
            'the environment variable "GONE" is not set.',
            "Set it, for example with `export GONE=…`, or remove its use.",
        ),
        (
            'the variable "y" is not defined for this target.',
            "Define it under `vars` of the target in flowsync.yaml (known: a.b-c, x).",
        ),
    )
    (explained,) = replace_in_text("${var:y}", Variables({}, {}))[1]
    assert "(known: none)" in explained[1]


def test_json_variables_are_replaced_in_values_and_never_in_keys() -> None:
    document = json_document(
        '{"${env:HOST}": "${env:HOST}", "a\\"${env:HOST}" : ["${var:x}", {"k": "${var:x}:"}],'
        ' "v": "${env:HOST}\\": x"}'
    )
    replaced = replace_in_json_text(document, VARIABLES, [])
    assert replaced is not None
    assert json.loads(replaced) == {
        "${env:HOST}": "example.com",
        'a"${env:HOST}': ["ü", {"k": "ü:"}],
        "v": 'example.com": x',
    }


def test_nasty_values_are_escaped_and_lines_keep_their_numbers() -> None:
    document = json_document('{\n"a": "<${env:NASTY}>",\n"b": 1\n}')
    replaced = replace_in_json_text(document, VARIABLES, [])
    assert replaced is not None
    assert json.loads(replaced) == {"a": '<a"b\\c\nd\te>', "b": 1}
    assert replaced.count("\n") == document.text.count("\n")
    assert replaced.split("\n")[2] == '"b": 1'


def test_unknown_json_variables_are_reported_each_at_its_place() -> None:
    document = json_document('{"ü": "${env:GONE}",\n "b": "x ${var:y}"}')
    problems: list[Diagnostic] = []
    assert replace_in_json_text(document, VARIABLES, problems) == document.text
    assert [(problem.rule, cut(document.text, problem.span)) for problem in problems] == [
        ("FS004", "${env:GONE}"),
        ("FS004", "${var:y}"),
    ]


def test_a_variable_that_is_not_text_never_becomes_json_that_cannot_be_sent() -> None:
    """An environment variable may hold bytes that are no UTF-8; Python shows them as surrogates."""
    document = json_document('{"a": "${env:BYTES}"}')
    replaced = replace_in_json_text(document, Variables({"BYTES": "\udcff"}, {}), [])
    assert replaced is None or replaced.encode("utf-8")


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=5)), st.text(max_size=8))
def test_replaced_json_has_the_value_in_every_text_and_the_keys_as_they_were(
    members: dict[str, str], value: str
) -> None:
    value = value.encode("utf-8", "replace").decode()
    wanted: JsonValue = {key: f"{text}${{env:X}}" for key, text in members.items()}
    document = json_document(json.dumps(wanted))
    replaced = replace_in_json_text(document, Variables({"X": value}, {}), [])
    assert replaced is not None
    assert json.loads(replaced) == {key: f"{text}{value}" for key, text in members.items()}

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.formatting.definition import format_definition
from flowsync.formatting.formatted import Formatted
from flowsync.sources import parse_yaml
from flowsync.sources.yaml_layout import read_layout


def outcome(text: str) -> Formatted:
    problems: list[Diagnostic] = []
    found = format_definition(text, "a.yaml", problems)
    assert problems == []
    assert found is not None
    return found


def formatted(text: str) -> str:
    found = outcome(text)
    assert found.note == ""
    return found.text


def test_fields_stand_in_order_and_comments_go_along() -> None:
    assert formatted(
        "# yaml-language-server: $schema=x\n"
        "# about the file\n"
        "\n"
        "# why it is live\n"
        "state: published # now\n"
        "zz: 1\n"
        "# what people call it\n"
        "name: A\n"
        "targets:\n"
        "  # only here\n"
        "  staging:\n"
        "    # still tried out\n"
        "    state: draft\n"
        "    name: B\n"
        "    # of staging\n"
        "  # of targets\n"
        "  prod: {state: draft,name: C}\n"
        "categories:   [A,B ,  C]\n"
        "# the end\n"
    ) == (
        "# yaml-language-server: $schema=x\n"
        "# about the file\n"
        "\n"
        "# what people call it\n"
        "name: A\n"
        "categories: [A, B, C]\n"
        "# why it is live\n"
        "state: published # now\n"
        "targets:\n"
        "  # only here\n"
        "  staging:\n"
        "    name: B\n"
        "    # still tried out\n"
        "    state: draft\n"
        "    # of staging\n"
        "  # of targets\n"
        "  prod: {name: C, state: draft}\n"
        "zz: 1\n"
        "# the end\n"
    )


def test_comments_at_the_very_top_stay_there_also_above_another_field() -> None:
    assert formatted("# top\nstate: draft\nname: A\n") == "# top\n\nname: A\nstate: draft\n"


def test_indentation_is_two_and_white_space_at_the_end_goes() -> None:
    assert formatted(
        "\n\nname:    A  \r\n\r\n\r\n\r\nrenamed_from:\r\n- a\r\n-   b\r\n"
        "ignore:\r\n"
        "    -   rule: FS401\r\n"
        "        # why\r\n"
        "        reason: |\r\n"
        "            first\r\n"
        "              second\r\n"
        "\r\n"
    ) == (
        "name: A\n\nrenamed_from:\n  - a\n  - b\n"
        "ignore:\n"
        "  - rule: FS401\n"
        "    # why\n"
        "    reason: |\n"
        "        first\n"
        "          second\n"
    )


def test_texts_of_several_lines_keep_their_white_space() -> None:
    text = 'name: "A\n\n\n  b"\ncategories: |+\n  x  \n\n\n'
    assert formatted(text) == text


@pytest.mark.parametrize(
    "text", ["state: &s draft  \nname: *s\n", "targets: {a: &a {}}\nname: A\n"]
)
def test_anchors_keep_the_order(text: str) -> None:
    found = outcome(text)
    assert found.text.split() == text.split()
    assert "anchors" in found.note


def test_a_step_that_would_change_a_value_is_left_out() -> None:
    text = "state: |\n  draft\nname: |\n  A"  # with a line end behind it, the name would have one
    found = outcome(text)
    assert found.text == text
    assert found.note


def test_unusual_line_ends_are_left_alone() -> None:
    text = "state: draft\x85name: A\n"
    assert outcome(text) == Formatted(text=text, note="it has unusual line ends.")


@pytest.mark.parametrize(
    "text", ["name: A\nname: B\n", "", "a: [", "a: !x 1\n", "a: 1\n---\nb: 2\n", "? [a]\n: 1\n"]
)
def test_what_the_reader_refuses_is_refused_with_its_finding(text: str) -> None:
    problems: list[Diagnostic] = []
    assert format_definition(text, "a.yaml", problems) is None
    assert [finding.rule for finding in problems] == ["FS003"]


PIECES = st.sampled_from(
    [
        *("name", "state", "targets", "categories", "true", "1.0", "null", "é"),
        *(":", ": ", "- ", "-   ", "? ", ", ", "[", "]", "{", "}", "&a ", "*a", "<<: *a"),
        *("\n", "\n\n", "\r\n", "  ", "    ", "\t", "\u2028", "\x85", "---\n", "...\n"),
        *(" # c\n", "#x\n", "'a # b'", '"q\n  w"', "|\n", ">-\n", "  text\n"),
    ]
)
BLOCKS = st.sampled_from(
    [
        " x",
        " 'q'  # b",
        " |\n   lit\n   # no\n",
        " [a,b]",
        " {b: 1,name: 2}",
        " >\n  fold\n\n  x",
        "\n   - a\n   - b:  1\n     c: 2",
        "\n- a\n-   - z",
        "",
        "\n    p:\n        state: d\n      \n        # in\n        name: n\n    # c\n    q: []",
        " &a x",
        ' "multi\n   line # no\n\n   x"',
        "\n     plain\n     more",
    ]
)
COMMENTS = st.sampled_from(["", "", "# c1\n", "\n# c2\n", "  # c3\n", "\n", "# c4\n\n"])


@st.composite
def definitions(draw: st.DrawFn) -> str:
    keys = draw(st.permutations(["name", "state", "targets", "categories", "flow_json", "zz"]))
    fields = [
        draw(COMMENTS) + key + draw(st.sampled_from([":", " :"])) + draw(BLOCKS) + "\n"
        for key in keys[: draw(st.integers(1, 6))]
    ]
    return "".join(fields) + draw(COMMENTS)


@given(definitions() | st.lists(PIECES, max_size=20).map("".join) | st.text())
def test_any_text_keeps_its_values_and_comments_and_a_second_time_changes_nothing(
    text: str,
) -> None:
    problems: list[Diagnostic] = []
    found = format_definition(text, "a.yaml", problems)
    assert (found is None) == bool(problems)
    if found is None:
        return
    before = parse_yaml(text.replace("\r\n", "\n"), "", problems)
    after = parse_yaml(found.text, "", problems)
    assert before is not None
    assert after is not None
    assert json.dumps(after.value, sort_keys=True) == json.dumps(before.value, sort_keys=True)
    assert after.texts == before.texts
    comments = sorted(comment.rstrip() for comment in read_layout(before.text).comments)
    assert sorted(comment.rstrip() for comment in read_layout(after.text).comments) == comments
    assert outcome(found.text).text == found.text

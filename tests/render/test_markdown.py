"""Foreign text in Markdown, as GitHub's own library shows it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsync.render.comment_size import most_that_fits, size
from flowsync.render.markdown import (
    NOTHING,
    alert,
    block,
    code,
    folded,
    html_code,
    listed,
    prose,
    table,
)
from flowsync.render.style import clean
from tests.render.gfm import Page, check_inert
from tests.render.golden import NASTY, check_harmless, nasty_names

# Beside the names that break out of terminals: what GitHub turns into something else.
OBEYED = {
    "mention": "@octo/team and @octocat, mail a@b.example",
    "issue": "#1 GH-12 octo/repo#3",
    "commit": "see 0123abc and deadbeefdeadbeefdeadbeefdeadbeefdeadbeef.",
    "address": "https://e.example/x www.e.example (www.e.example) mailto:a@b.example ftp://e.example",
    "emoji": ":x: :+1:",
    "formula": "$x$ $$y$$",
    "image": "![x](https://e.example/i.png) [x](https://e.example) [x]: <https://e.example>",
    "html": "<script>alert(1)</script> <img src=x onerror=y> <!-- x --> &lt;b&gt; &amp;",
    "details": "</details></summary></code>",
    "heading": "# heading\n## two\n---\n===",
    "list": "- [x] done\n1. one\n2) two\n+ three\n* four",
    "quote": "> [!NOTE]\n> x",
    "emphasis": "*a* **b** _c_ __d__ ~~e~~ ~f~",
    "pipes": "a|b \\| c \\\\| d `|` \\`|`",
    "backslash": "ends with \\",
    "ticks": "``` `` ` a `` b ` c ```",
    "footnote": "[^1] [^1]: x",
    "gitlab": "!1 %2 ~bug &3 $4 ^alert",
    "nothing": "   ",
    "empty": "",
}
EVERY = {**NASTY, **OBEYED}
every_nasty = pytest.mark.parametrize("nasty", EVERY.values(), ids=EVERY.keys())
texts = st.text(
    st.one_of(st.characters(), st.sampled_from("".join(EVERY.values()))), max_size=20
) | st.lists(st.sampled_from(sorted(EVERY.values())), max_size=3).map(" ".join)


def page_of(nasty: str) -> Page:
    """Give a page with a text wherever a renderer may put one."""
    lines = [
        f"**x** – {code(nasty)}",
        "",
        prose(nasty) or NOTHING,
        "",
        *alert("CAUTION", listed([prose(nasty), code(nasty)])),
        *table(("a", "b", "c"), [(code(nasty), prose(nasty), "–")] * 2),
        "",
        *folded(html_code(nasty), [*listed([f"x: {code(nasty)} → {code(nasty)}", prose(nasty)])]),
        "",
        *block(nasty),
        "",
        "end",
    ]
    check_harmless("\n".join(lines).replace("\t", " "))
    return check_inert("\n".join(lines))


def shape(page: Page) -> list[str]:
    return [tag for tag in page.tags if tag != "code"]


PLAIN_SHAPE = shape(page_of("plain"))


@every_nasty
def test_no_text_becomes_anything_but_text(nasty: str) -> None:
    page = page_of(nasty)
    assert shape(page) == PLAIN_SHAPE
    assert [len(row) for row in page.rows] == [3, 3, 3]
    assert page.outside[-2].strip() == "end" or "end" in page.outside


@settings(max_examples=50)
@given(nasty=texts)
@example(nasty="`|\\")
def test_any_text_stays_text(nasty: str) -> None:
    assert shape(page_of(nasty)) == PLAIN_SHAPE


@given(text=texts)
def test_code_shows_exactly_the_cleaned_text(text: str) -> None:
    page = Page(code(text, most=1_000))
    shown = clean(text)
    assert page.inside == [shown if shown.strip() else f'"{shown}"']
    cell = Page("\n".join(table(("x",), [(code(text, most=1_000),)])))
    assert cell.inside == page.inside


@given(text=texts)
def test_prose_shows_every_character_but_the_ticks_around_code(text: str) -> None:
    page = Page(f"x {prose(text, most=1_000)}")
    shown = {*"".join(page.inside + page.outside)} | {"x"}
    wanted = {*clean(text.strip())} | {"x"}
    left = {character for character in wanted - shown if not character.isspace()}
    assert left <= {"`"}
    assert {character for character in shown - wanted if not character.isspace()} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the key is repeated. Keep one of the two.", "the key is repeated. Keep one of the two."),
        ("Run `flowsync plan` again.", "Run `flowsync plan` again."),
        ('screen "SIGN_UP" (renamed_from)', 'screen "`SIGN_UP`" (`renamed_from`)'),
        ("@team, see #1.", "`@team`, see `#1`."),
        ("call-back – it's done…", "call-back – it's done…"),
        ("1. and 2) and GH-7", "`1`. and 2) and `GH-7`"),
        ("(rule 3): It is 23:47 (a:b:c)", "(rule 3): It is 23:47 (`a:b:c`)"),
        ("abcdef0 → 1234567", "`abcdef0` → `1234567`"),
        ("a - b = c", "a \\- b \\= c"),
        ("(", "("),
        (": now, … (", ": now, … ("),
    ],
)
def test_words_that_are_more_than_letters_are_code(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_long_texts_are_cut() -> None:
    assert len(code("x" * 200)) == 82
    assert code("x" * 200).endswith("…`")
    assert prose("ab " * 500).endswith("…")


def test_a_list_counts_what_it_leaves_out() -> None:
    assert list(listed(["a", "b", "c"], 1)) == ["- a", "- … and 2 more"]
    assert list(alert("NOTE", [])) == []


@given(most=st.integers(0, 30), limit=st.integers(0, 40))
def test_the_greatest_number_that_fits_is_found(most: int, limit: int) -> None:
    assert most_that_fits(most, lambda number: "x" * number, limit) == min(most, limit)


@nasty_names
def test_the_size_is_never_less_than_the_characters(nasty: str) -> None:
    text = clean(nasty)
    assert size(f"{text}\n") >= len(text.encode("utf-16-le")) // 2 + 2

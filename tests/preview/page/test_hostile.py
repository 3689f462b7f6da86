"""What stands in a flow is text, or a picture that was checked, and nothing else."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.preview.page.drawing import Part, draw_file, draw_screen, draw_sheet
from flowsync.preview.page.images import picture_address
from flowsync.preview.page.markdown import markdown
from flowsync.preview.page.values import Look
from flowsync.preview.views import ElementView, ScreenView
from flowsync.validation.components import COMPONENTS
from tests.preview.page.components import all_screens, element, picture, screen
from tests.preview.page.parsing import Node, parsed

TAGS = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><b style="x">'
NASTY = (
    TAGS,
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066",
    "\x1b[31mred\x00\x07",
    "</textarea></style></title></select>",
    "\ud800 lone",
    "#fff;} body{display:none",
    "wörd " * 2_000,
    """**<b onclick=x>** *<i>* ~~<u style="x">~~ [<a href=x>](javascript:x "' onfocus=x)""",
)
ODD: tuple[JsonValue, ...] = (None, True, -1, 1e300, 0.5, [], {}, [None], [[{}]], {"id": [1]}, "x")
KEYS = st.sampled_from(
    sorted(
        {name for one in COMPONENTS.values() for name in one.properties}
        | {"id", "title", "description", "metadata", "image", "color", "alt-text", "badge", "tags"}
        | {"main-content", "start", "end", "start-date", "end-date", "src", "file_name"}
    )
)
_ALLOWED = re.compile(
    r"(e\d+(start-date|end-date)?(-help|-error|-limits)?|[a-z0-9-]+)(?: [a-z0-9-]+)*"
)


def harmless(tree: Node) -> None:
    """Fail where markup, a style, an address or a handler came out of a flow."""
    for one in tree.walk():
        assert one.tag not in {"script", "style", "iframe", "a", "object", "base", "form", "b"}
        for name, value in one.attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"style", "srcdoc", "action", "formaction"}, name
            if name in {"href", "src"}:
                assert re.fullmatch(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+", value)
            if name in {"id", "class", "for", "name"}:
                assert _ALLOWED.fullmatch(value), (name, value)
            if name == "fill":
                assert re.fullmatch(r"#[0-9A-Fa-f]{6}", value)


def swapped(value: JsonValue, text: str) -> JsonValue:
    """Give a value with another text in place of each of its texts, as far as it is not an id."""
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        return [swapped(one, text) for one in value]
    if isinstance(value, dict):
        return {key: swapped(one, text) for key, one in value.items()}
    return value


def hostile(one: ElementView, text: str) -> ElementView:
    return ElementView(
        pointer=(*one.pointer, text),
        type=one.type,
        name=text,
        properties={key: swapped(value, text) for key, value in one.properties.items()},
        children=tuple(hostile(child, text) for child in one.children),
        value=swapped(one.value, text),
        error=text,
        problem=text,
        is_drawn=one.is_drawn,
        findings=(text,),
    )


def hostile_screens(text: str) -> Iterator[ScreenView]:
    for view in all_screens():
        yield ScreenView(
            pointer=(text,),
            id=text,
            title=text,
            elements=tuple(hostile(one, text) for one in view.elements),
            footer=hostile(view.footer, text) if view.footer is not None else None,
            notice=text,
        )


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_of_a_flow_becomes_markup(text: str) -> None:
    for view in hostile_screens(text):
        html = str(draw_screen(view, Look()))
        html.encode("utf-8")
        harmless(parsed(html))
        assert "\x1b" not in html
        assert "\x00" not in html


def test_hostile_texts_are_shown_as_they_are_written() -> None:
    tree = parsed(str(draw_screen(screen("A", element("TextBody", {"text": TAGS})), Look())))
    assert tree.with_class("body")[0].text == TAGS


def test_an_unknown_type_is_a_text_too() -> None:
    one = element(TAGS, problem="No phone draws it.", is_drawn=False)
    tree = parsed(str(draw_screen(screen("A", one), Look())))
    harmless(tree)
    assert TAGS in tree.with_class("problem")[0].text


@pytest.mark.parametrize("kind", sorted(set(COMPONENTS) - {"If", "Switch"}))
def test_no_shape_of_a_property_stops_the_drawing(kind: str) -> None:
    names = [*COMPONENTS[kind].properties, "text", "data-source", "list-items", "images"]
    shapes = [{name: odd} for name in names for odd in ODD]
    shapes += [dict.fromkeys(names, odd) for odd in ODD]
    views = [element(kind, one, value=next(iter(one.values()))) for one in shapes]
    harmless(parsed(str(draw_screen(screen("A", *views), Look()))))


KNOWN_TAGS = frozenset(
    [
        "root",
        "section",
        "div",
        "header",
        "h1",
        "h2",
        "h3",
        "button",
        "span",
        "progress",
        "p",
        "strong",
        "em",
        "s",
        "br",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "svg",
        "image",
        "rect",
        "img",
        "label",
        "input",
        "textarea",
        "fieldset",
        "legend",
        "dialog",
        "code",
    ]
)
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(NASTY))
ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS | TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def odd_elements(draw: st.DrawFn) -> ElementView:
    """Give a component with any values in properties, of its own and of others."""
    kind = draw(st.sampled_from(sorted(set(COMPONENTS) - {"If", "Switch"})))
    own = dict.fromkeys(COMPONENTS[kind].properties, TEXTS | ANY_JSON)
    properties = {
        **draw(st.dictionaries(KEYS, ANY_JSON, max_size=3)),
        **draw(st.fixed_dictionaries({}, optional=own)),
    }
    if draw(st.booleans()):
        properties["markdown"] = True
    return element(kind, properties, value=draw(ANY_JSON), error=draw(st.none() | TEXTS))


@given(one=odd_elements(), footer=st.dictionaries(KEYS, ANY_JSON, max_size=5))
@settings(max_examples=200, deadline=None)
def test_any_json_in_properties_is_drawn_with_tags_of_ours_alone(
    one: ElementView, footer: dict[str, JsonValue]
) -> None:
    html = str(draw_screen(screen("A", one, footer=element("Footer", footer)), Look()))
    html.encode("utf-8")
    tree = parsed(html)
    harmless(tree)
    assert {found.tag for found in tree.walk()} <= KNOWN_TAGS


def test_huge_texts_are_drawn() -> None:
    long = "wörd " * 40_000
    for kind in ("TextBody", "RichText", "TextInput", "OptIn", "EmbeddedLink"):
        one = element(kind, {"text": long, "label": long, "markdown": True}, value=long)
        assert "wörd wörd" in str(draw_screen(screen("A", one), Look()))
    deep = "*" * 5_000 + "[" * 5_000 + "x"
    assert markdown(deep, is_rich=True)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "https://x.test/a.png",
        "javascript:alert(1)",
        "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
        "data:image/png;base64," + picture(4, 4),
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        base64.b64encode(b"GIF89a").decode(),
        picture(4, 4) + '" onerror="alert(1)',
        picture(4, 4)[:-2] + "é=",
        "A" * 3_000_000,
        5,
        None,
        ["x"],
    ],
)
def test_what_is_no_picture_is_never_an_address(source: JsonValue) -> None:
    assert picture_address(source) is None
    tree = parsed(str(draw_screen(screen("A", element("Image", {"src": source})), Look())))
    harmless(tree)
    assert tree.with_class("no-picture")[0].text == "A picture that no phone can show"


def test_pictures_of_all_three_kinds_are_shown_also_with_line_breaks() -> None:
    text = picture(4, 4)
    assert picture_address(f"{text[:8]}\n{text[8:]}\n") == f"data:image/png;base64,{text}"
    jpeg = base64.b64encode(b"\xff\xd8\xff\xe0rest").decode()
    assert picture_address(jpeg) == f"data:image/jpeg;base64,{jpeg}"
    webp = base64.b64encode(b"RIFF\0\0\0\0WEBPVP8 ").decode()
    assert picture_address(webp) == f"data:image/webp;base64,{webp}"


@pytest.mark.parametrize(
    "colour", ["red", "#fff", "#12345g", 'red" onload="x', "url(x)", "#123456;"]
)
def test_only_a_colour_of_six_digits_is_drawn(colour: str) -> None:
    entry: JsonValue = {"id": "a", "title": "A", "color": colour}
    one = element("CheckboxGroup", {"label": "L", "data-source": [entry]})
    tree = parsed(str(draw_screen(screen("A", one), Look())))
    assert not tree.all("rect")
    assert "A" in tree.text


@pytest.mark.parametrize(
    ("source", "is_rich", "expected"),
    [
        ("**a** *b* ~~c~~", False, "<p><strong>a</strong> <em>b</em> <s>c</s></p>"),
        ("***a***", False, "<p><em><strong>a</strong></em></p>"),
        ("# a", False, "<p># a</p>"),
        ("# a", True, '<h2 class="heading">a</h2>'),
        ("## a", True, '<h3 class="subheading">a</h3>'),
        ("###### a", True, '<p class="body">a</p>'),
        ("- a\n+ b", False, "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\n- b\nc", False, "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("- a\n  - b", False, "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b", False, "<ol><li>a</li><li>b</li></ol>"),
        ("3. a\n- b", False, '<ol start="3"><li>a</li></ol><ul><li>b</li></ul>'),
        ("* a", False, "<p>* a</p>"),
        ("1) a", False, "<p>1) a</p>"),
        ("_a_ __b__", False, "<p>_a_ __b__</p>"),
        ("_**a**_", False, "<p>_<strong>a</strong>_</p>"),
        (r"\*a\*", False, r"<p>\<em>a\</em></p>"),
        ("a &amp; b", False, "<p>a &amp;amp; b</p>"),
        ("a\nb\n\nc", False, "<p>a<br>b</p><p>c</p>"),
        ("[a][b]\n\n[b]: https://x.test", False, "<p>[a][b]</p><p>[b]: https://x.test</p>"),
        ("<b>a</b>", True, "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("`a`", True, "<p>`a`</p>"),
        ("> a", True, "<p>&gt; a</p>"),
        ("---", True, "<p>---</p>"),
        ("    a", True, "<p>a</p>"),
        ("![a](https://x.test/p.png)", True, '<p class="no-picture">a</p>'),
        ("|a|\n|---|\n|b|", False, "<p>|a|<br>|---|<br>|b|</p>"),
    ],
)
def test_the_dialect_is_understood_and_no_more(source: str, is_rich: bool, expected: str) -> None:
    assert str(markdown(source, is_rich=is_rich)) == expected


def test_each_row_of_a_table_may_be_a_text_of_its_own() -> None:
    tree = parsed(str(markdown(["|a|b|", "|:-:|---|", "|c|", "|d|e|f|", "end"], is_rich=True)))
    assert [one.text for one in tree.all("th")] == ["a", "b"]
    assert [one.text for one in tree.all("td")] == ["c", "", "d", "e"]
    assert [one.text for one in tree.all("p")] == ["end"]


def test_a_caption_has_no_lists() -> None:
    texts: list[JsonValue] = ["- a", "**b**"]
    for kind, is_listed in (("TextBody", True), ("TextCaption", False)):
        one = element(kind, {"text": texts, "markdown": True})
        tree = parsed(str(draw_screen(screen("A", one), Look())))
        assert bool(tree.all("li")) is is_listed
        assert tree.all("strong")[0].text == "b"


@pytest.mark.parametrize(
    "text",
    [
        "*" * 20_000,
        "[" * 20_000,
        "![" * 20_000,
        "~~a" * 20_000,
        "| " * 20_000 + "\n" + "|-\n" * 5_000,
        "\n" * 20_000 + "- a",
        "- a\n\n" * 5_000,
        "- " + " " * 20_000 + "x",
        "![a](" + " " * 20_000,
    ],
)
def test_markdown_made_to_take_long_does_not(text: str) -> None:
    begun = time.process_time()
    markdown(text, is_rich=True)
    assert time.process_time() - begun < 10  # seconds; some were minutes


def test_a_link_is_a_text_with_its_address_beside() -> None:
    tree = parsed(str(markdown("[a](https://x.test) [b](javascript:x)")))
    harmless(tree)
    (link,) = tree.with_class("link")
    assert (link.text, link.attributes["title"]) == ("a", "https://x.test")


def test_a_table_and_a_picture_of_rich_text_are_drawn() -> None:
    text = picture(4, 4)
    source = f"|a|b|\n|---|---|\n|c|**d**|\n\n![hill](data:image/png;base64,{text})"
    tree = parsed(str(markdown(source, is_rich=True)))
    harmless(tree)
    assert [one.text for one in tree.all("td")] == ["c", "d"]
    assert tree.all("img")[0].attributes == {
        "class": "inline",
        "src": f"data:image/png;base64,{text}",
        "alt": "hill",
    }


def test_a_file_allows_its_own_style_and_pictures_and_nothing_else() -> None:
    sheet = draw_sheet(hostile_screens(TAGS), Look(), can_open=False)
    html = draw_file(TAGS, [Part(title=TAGS, sheets=((TAGS, sheet),))])
    tree = parsed(html)
    (policy,) = [
        one.attributes["content"] for one in tree.all("meta", http_equiv="Content-Security-Policy")
    ]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; img-src data:.*", policy
    )
    assert not tree.all("script")
    assert len(tree.all("style")) == 1
    assert tree.all("title")[0].text == TAGS

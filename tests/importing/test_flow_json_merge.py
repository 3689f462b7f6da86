from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from flowsync.importing.flow_json_merge import merge_flow_json
from flowsync.model import JsonValue
from flowsync.plan.compare import same_value
from flowsync.sources import Variables, parse_json, replace_in_json_text
from tests.support import flow_json

VARIABLES = Variables({}, {"label": "E-mail", "title": "Contact us"})


def resolved(text: str) -> JsonValue:
    document = parse_json(text, "", [])
    assert document is not None
    ready = parse_json(replace_in_json_text(document, VARIABLES, []), "", [])
    assert ready is not None
    return ready.value


def test_a_variable_that_gives_what_the_remote_has_stays() -> None:
    author = json.dumps(flow_json("${var:label}")).replace('"Contact us"', '"${var:title}"')
    there = flow_json("E-mail")
    there["screens"][0]["layout"]["children"].insert(0, {"type": "TextBody", "text": "New"})  # type: ignore[index,call-overload,union-attr]
    merged = merge_flow_json(author, resolved(author), there)
    assert merged.replaced == ()
    assert '"label": "${var:label}"' in merged.text
    assert '"title": "${var:title}"' in merged.text
    assert same_value(resolved(merged.text), there)


def test_a_variable_that_gives_something_else_gives_way_and_is_named() -> None:
    author = json.dumps(flow_json("${var:label}"))
    merged = merge_flow_json(author, resolved(author), flow_json("Mail"))
    assert merged.replaced == ('"${var:label}"',)
    assert '"label": "Mail"' in merged.text


def test_what_looks_like_a_variable_on_the_remote_is_none_in_the_file() -> None:
    author, there = json.dumps(flow_json()), flow_json("${var:label} ${env:HOME}")
    merged = merge_flow_json(author, resolved(author), there)
    assert "${var" not in merged.text
    assert same_value(resolved(merged.text), there)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "E-mail", "${var:x}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "type", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_VALUES, _VALUES)
def test_the_merged_text_always_means_what_the_remote_has(
    here: JsonValue, there: JsonValue
) -> None:
    author = json.dumps(here).replace("${var:x}", "${var:label}")
    merged = merge_flow_json(author, resolved(author), there)
    assert same_value(resolved(merged.text), there)

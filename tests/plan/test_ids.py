"""Which flow a key means, for services that send, and why it means none."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.model import FlowDefinition, FlowKey, RemoteFlow
from flowsync.plan.ids import KnownFlow, known_flows
from flowsync.render.ids_text import (
    ids_to_json,
    render_dotenv,
    render_ids,
    sharing_a_name,
    variable_name,
)
from tests.plan.cases import ABSENT, DEPRECATED, a_definition, a_flow, observed
from tests.render.golden import ALL_NASTY, PLAIN, check_harmless


def known(
    definitions: Iterable[FlowDefinition],
    flows: Iterable[RemoteFlow],
    *keys: str,
    doubts: tuple[str, ...] = (),
) -> dict[str, str]:
    """Give the id of each flow, or the reason why it has none."""
    definitions = tuple(definitions)
    chosen = [FlowKey(key) for key in keys] or [definition.key for definition in definitions]
    found = known_flows(definitions, observed(flows, doubts).listing, chosen)
    return {one.key: one.flow.id if one.flow else one.reason for one in found}


def test_a_key_means_the_flow_that_a_plan_would_take() -> None:
    definitions = [
        a_definition("b"),
        a_definition("a", renamed_from=("Old",)),
        a_definition("c", replace=True),
    ]
    flows = [
        a_flow("B", id="1"),
        a_flow("Old", id="2"),
        a_flow("C", "DEPRECATED", id="3"),
        a_flow("C v2", "PUBLISHED", id="4"),
    ]
    found = known(definitions, flows)
    assert found == {"a": "2", "b": "1", "c": "4"}
    assert list(found) == ["a", "b", "c"]


def test_a_flow_that_is_not_there_or_not_clear_has_a_reason() -> None:
    definitions = [
        a_definition("new"),
        a_definition("twin"),
        a_definition("gone", state=ABSENT),
        a_definition("old", state=DEPRECATED),
        a_definition("first", name="X"),
        a_definition("second", name="Y", renamed_from=("X",)),
    ]
    flows = [a_flow("Twin", id="1"), a_flow("Twin", id="2"), a_flow("X", id="3")]
    found = known(definitions, flows)
    assert "not on the remote yet" in found["new"]
    assert "2 flows named" in found["twin"]
    assert "to be absent" in found["gone"]
    assert "to be deprecated" in found["old"]
    assert found["first"] == "3"
    assert "another definition" in found["second"]


def test_two_definitions_never_mean_one_flow() -> None:
    definitions = [
        a_definition("a", renamed_from=("Old",)),
        a_definition("b", renamed_from=("Old",)),
    ]
    found = known(definitions, [a_flow("Old", id="1")])
    assert found["a"] == "1"
    assert 'already meant by the definition "a"' in found["b"]


def test_a_key_without_a_usable_definition_says_so() -> None:
    found = known([a_definition("a")], [a_flow("A", id="1")], "a", "broken")
    assert found["a"] == "1"
    assert "`flowsync validate` says why" in found["broken"]


def test_absence_is_not_concluded_from_a_listing_that_is_not_whole() -> None:
    assert "not whole" in known([a_definition()], [], doubts=("a page is missing",))["booking"]


def flow_of(key: str, id: str | None = None, reason: str = "") -> KnownFlow:
    flow = None if id is None else observed([a_flow(id=id)]).listing.flows[0]
    return KnownFlow(key=FlowKey(key), flow=flow, reason=reason)


def test_dotenv_has_a_variable_for_each_id_and_a_comment_for_each_that_is_missing() -> None:
    flows = [
        flow_of("booking", "12"),
        flow_of("support/flow-2", "x_-9"),
        flow_of("é", None, "gone."),
    ]
    assert render_dotenv(flows) == (
        "FLOWSYNC_ID_BOOKING=12\n"
        "FLOWSYNC_ID_SUPPORT_FLOW_2=x_-9\n"
        "# FLOWSYNC_ID__ is missing: gone.\n"
    )


def test_two_keys_with_one_variable_are_found() -> None:
    keys = ["A/b", "a-c", "a_b"]
    assert sharing_a_name((flow_of(key) for key in keys), variable_name) == ("A/b", "a_b")
    assert sharing_a_name((flow_of(key) for key in keys[:2]), variable_name) is None


def test_nothing_foreign_starts_a_line_in_any_format() -> None:
    flows = [flow_of(ALL_NASTY, "1"), flow_of("b", None, f"a\nFLOWSYNC_ID_A=7 {ALL_NASTY}")]
    dotenv = render_dotenv(flows)
    check_harmless(dotenv)
    first, second = dotenv.splitlines()
    assert first == f"{variable_name(FlowKey(ALL_NASTY))}=1"
    assert second.startswith("# FLOWSYNC_ID_B is missing: a\\u000aFLOWSYNC_ID_A=7")
    text = render_ids(flows, PLAIN)
    check_harmless(text)
    assert len(text.splitlines()) == 3


def test_json_has_null_where_there_is_no_id() -> None:
    document = ids_to_json([flow_of("a", "1"), flow_of("b", None, "x")], "staging", "7")
    assert document["ids"] == {"a": "1", "b": None}
    assert (document["target"], document["account"]) == ("staging", "7")

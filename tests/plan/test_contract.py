"""What other systems notice of a change of Flow JSON."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings

from flowsync.plan.contract import contract_changes
from flowsync.plan.difference_values import ContractPart
from tests.plan.test_difference import a_choice, a_screen, a_text, an_input, documents, flow


def ends(**payload: Any) -> dict[str, Any]:
    action = {"name": "complete", "payload": payload}
    return {"type": "Footer", "label": "Done", "on-click-action": action}


def asks(**payload: Any) -> dict[str, Any]:
    action = {"name": "data_exchange", "payload": payload}
    return {"type": "Footer", "label": "Next", "on-click-action": action}


def goes(screen: str) -> dict[str, Any]:
    action = {"name": "navigate", "next": {"type": "screen", "name": screen}, "payload": {}}
    return {"type": "Footer", "label": "Next", "on-click-action": action}


def text_field() -> dict[str, Any]:
    return {"type": "string", "__example__": "x"}


def noticed(old: Any, new: Any) -> list[tuple[str, bool, str]]:
    return [(one.part.value, one.is_breaking, one.subject) for one in contract_changes(old, new)]


BASE = flow(a_screen("A", an_input(), ends(email="${form.email}", kind="lead")))
WITH_ENDPOINT = flow(
    a_screen("A", an_input(), asks(email="${form.email}"), data={"hint": text_field()}),
    a_screen("B", a_text("Bye"), ends(), data={"times": text_field()}),
    data_api_version="3.0",
    routing_model={"A": ["B"]},
)


def changed(flow_json: Any, screen: int = 0, **fields: Any) -> Any:
    """Give a copy whose last component of a screen has another payload."""
    new = copy.deepcopy(flow_json)
    new["screens"][screen]["layout"]["children"][-1]["on-click-action"]["payload"] = fields
    return new


def test_rewording_is_nothing_that_other_systems_notice() -> None:
    new = copy.deepcopy(WITH_ENDPOINT)
    new["screens"][0]["title"] = "New"
    new["screens"][0]["layout"]["children"][0]["label"] = "New"
    assert contract_changes(WITH_ENDPOINT, new) == ()


# --- answers ---


def test_an_answer_that_is_no_longer_sent_is_breaking() -> None:
    new = changed(BASE, kind="lead")
    assert noticed(BASE, new) == [("answers", True, "email")]


def test_an_answer_that_is_sent_in_addition_is_compatible() -> None:
    new = changed(BASE, email="${form.email}", kind="lead", more="x")
    assert noticed(BASE, new) == [("answers", False, "more")]
    (change,) = contract_changes(BASE, new)
    assert change.message == "the answers hold it in addition (text)"


def test_an_answer_of_another_type_is_breaking_and_of_an_unknown_one_is_not_claimed() -> None:
    assert noticed(BASE, changed(BASE, email="${form.email}", kind=1)) == [
        ("answers", True, "kind")
    ]
    assert noticed(BASE, changed(BASE, email="`1 + 1`", kind="lead")) == []


def test_an_answer_that_comes_from_another_kind_of_component_is_breaking() -> None:
    new = copy.deepcopy(BASE)
    new["screens"][0]["layout"]["children"][0] = {**a_choice("am"), "type": "CheckboxGroup"}
    new["screens"][0]["layout"]["children"][0]["name"] = "email"
    (change,) = contract_changes(BASE, new)
    assert (change.subject, change.message) == ("email", "text becomes list of text")


def test_an_answer_that_is_left_out_on_one_way_through_the_flow_is_breaking() -> None:
    old = flow(a_screen("A", ends(a="1")), a_screen("B", ends(a="1")))
    new = flow(a_screen("A", ends(a="1")), a_screen("B", ends()))
    (change,) = contract_changes(old, new)
    assert (change.is_breaking, change.subject) == (True, "a")
    assert change.message == "the answers hold it only on some ways through the flow"


def test_a_flow_that_ends_on_another_screen_with_the_same_answers_breaks_no_reader() -> None:
    old = flow(a_screen("A", ends(a="1")), a_screen("B", a_text("B")))
    new = flow(a_screen("A", a_text("A")), a_screen("B", ends(a="1")))
    assert [one for one in noticed(old, new) if one[0] == "answers"] == []


def test_a_flow_that_no_longer_ends_with_answers_is_breaking() -> None:
    assert ("answers", True, "") in noticed(BASE, flow(a_screen("A", an_input())))


# --- endpoint ---


def test_keys_for_the_endpoint_are_compared_by_screen() -> None:
    new = changed(WITH_ENDPOINT, mail="${form.email}")
    assert noticed(WITH_ENDPOINT, new) == [
        ("endpoint", True, "A: email"),
        ("endpoint", False, "A: mail"),
    ]


def test_being_called_at_all_or_in_another_version_breaks_an_endpoint() -> None:
    without = {key: value for key, value in WITH_ENDPOINT.items() if key != "data_api_version"}
    newer = {**WITH_ENDPOINT, "data_api_version": "4.0"}
    assert ("endpoint", True, "") in noticed(without, WITH_ENDPOINT)
    assert ("endpoint", False, "") in noticed(WITH_ENDPOINT, without)
    assert noticed(WITH_ENDPOINT, newer) == [("endpoint", True, "data API")]


def test_a_screen_that_calls_the_endpoint_anew_is_breaking_and_one_that_stops_is_not() -> None:
    new = copy.deepcopy(WITH_ENDPOINT)
    new["screens"][1]["layout"]["children"].append(asks(x="1"))
    assert noticed(WITH_ENDPOINT, new) == [("endpoint", True, "B")]
    assert noticed(new, WITH_ENDPOINT) == [("endpoint", False, "B")]


# --- data from outside ---


def test_a_field_that_the_endpoint_has_to_send_is_breaking() -> None:
    new = copy.deepcopy(WITH_ENDPOINT)
    new["screens"][1]["data"] = {"times": {"type": "array"}, "more": text_field()}
    assert [one[1:] for one in noticed(WITH_ENDPOINT, new)] == [
        (True, "B: times"),
        (True, "B: more"),
    ]
    (gone, _) = contract_changes(new, flow(*new["screens"][:1], data_api_version="3.0"))[:2]
    assert gone.is_breaking
    new["screens"][1]["data"] = {}
    (change,) = contract_changes(WITH_ENDPOINT, new)
    assert (change.part, change.is_breaking) == (ContractPart.DATA, False)


def test_an_example_is_nothing_that_the_endpoint_sends() -> None:
    new = copy.deepcopy(WITH_ENDPOINT)
    new["screens"][0]["data"]["hint"]["__example__"] = "other"
    assert contract_changes(WITH_ENDPOINT, new) == ()


def test_a_field_that_a_screen_gets_from_within_the_flow_is_no_contract() -> None:
    old = flow(a_screen("A", goes("B")), a_screen("B", ends()))
    new = flow(a_screen("A", goes("B")), a_screen("B", ends(), data={"x": text_field()}))
    assert noticed(old, new) == []
    new = flow(a_screen("A", goes("B"), data={"x": text_field()}), a_screen("B", ends()))
    (change,) = contract_changes(old, new)
    assert (change.subject, change.is_breaking) == ("A: x", True)
    assert "whoever opens the flow has to send it" in change.message


# --- screens ---


def test_screens_that_go_or_get_another_id_break_what_opens_them() -> None:
    old = flow(a_screen("A", an_input(), goes("B")), a_screen("B", a_text("Hello"), ends()))
    new = flow(a_screen("Z", an_input(), goes("B")), a_screen("B", a_text("Hello"), ends()))
    assert noticed(old, new) == [("screens", True, "A")]
    (change,) = contract_changes(old, new)
    assert change.message.startswith("it is called Z now")
    assert ("screens", True, "B") in noticed(old, flow(a_screen("A", an_input(), ends())))


def test_a_screen_that_the_flow_no_longer_starts_with_is_breaking() -> None:
    old = flow(a_screen("A", goes("B")), a_screen("B", ends()))
    new = flow(a_screen("FIRST", a_text("Hello"), goes("A")), *old["screens"])
    assert noticed(old, new) == [("screens", True, "A"), ("screens", False, "FIRST")]


def test_breaking_points_come_first() -> None:
    changes = contract_changes(WITH_ENDPOINT, BASE)
    judged = [one.is_breaking for one in changes]
    assert judged == sorted(judged, reverse=True)
    assert set(judged) == {True, False}


@settings(max_examples=100, deadline=None)
@given(old=documents, new=documents)
def test_no_two_values_make_it_fail_and_a_value_breaks_nothing_of_itself(
    old: Any, new: Any
) -> None:
    contract_changes(old, new)
    assert contract_changes(old, old) == ()

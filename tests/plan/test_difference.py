"""Saying where two Flow JSONs differ: screens, components, options, routes, data."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.plan.compare import same_value
from flowsync.plan.contract import contract_changes
from flowsync.plan.difference.screens import flow_json_differences, renamed_screens
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject
from tests.support import flow_json

SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- where two Flow JSONs differ ---


def a_form(*children: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "Form", "name": "form", **fields, "children": list(children)}


def a_text(text: str) -> dict[str, Any]:
    return {"type": "TextBody", "text": text}


def an_input(name: str = "email", label: str = "E-mail", **fields: Any) -> dict[str, Any]:
    return {"type": "TextInput", "name": name, "label": label, **fields}


def options(*ids: str, **titles: str) -> list[dict[str, str]]:
    return [{"id": id, "title": titles.get(id, id.upper())} for id in ids]


def a_choice(*ids: str, **titles: str) -> dict[str, Any]:
    return {"type": "Dropdown", "name": "slot", "data-source": options(*ids, **titles)}


def a_screen(id: str = "CONTACT", *children: Any, **fields: Any) -> dict[str, Any]:
    return {
        "id": id,
        "title": f"Title of {id}",
        **fields,
        "layout": {"type": "SingleColumnLayout", "children": list(children)},
    }


def flow(*screens: Any, **fields: Any) -> dict[str, Any]:
    return {"version": "7.3", **fields, "screens": list(screens)}


def between(old: list[Any], new: list[Any]) -> list[Difference]:
    """Give the differences of two flows of one screen with these components."""
    before, after = flow(a_screen("CONTACT", *old)), flow(a_screen("CONTACT", *new))
    return list(flow_json_differences(before, after))


def shown(difference: Difference) -> tuple[str, str, str]:
    return difference.where, difference.what, difference.kind.value


def test_a_changed_label_is_named_by_screen_component_and_property() -> None:
    (difference,) = flow_json_differences(flow_json("E-mail"), flow_json("Your e-mail"))
    assert difference == Difference(
        subject=Subject.TEXT,
        kind=DifferenceKind.CHANGED,
        screen="CONTACT",
        screen_title="Contact us",
        component="TextInput email",
        what="label",
        label="Your e-mail",
        old="E-mail",
        new="Your e-mail",
        pointer=("screens", 0, "layout", "children", 0, "label"),
    )
    assert difference.where == "screen CONTACT › TextInput email"


def test_equal_flows_have_no_differences() -> None:
    assert flow_json_differences(flow_json(), flow_json()) == ()


def test_an_inserted_screen_is_one_difference() -> None:
    old = flow(a_screen("A"), a_screen("C"))
    (difference,) = flow_json_differences(old, flow(a_screen("A"), a_screen("B"), a_screen("C")))
    assert shown(difference) == ("screen B", "", "added")
    assert difference.new == "Title of B"


def test_a_removed_screen_is_one_difference() -> None:
    new = flow(a_screen("A"), a_screen("C"))
    (difference,) = flow_json_differences(flow(a_screen("A"), a_screen("B"), a_screen("C")), new)
    assert shown(difference) == ("screen B", "", "removed")


def test_moved_screens_are_one_difference_that_shows_both_orders() -> None:
    old = flow(a_screen("A"), a_screen("B"), a_screen("C"))
    (difference,) = flow_json_differences(old, flow(a_screen("C"), a_screen("A"), a_screen("B")))
    assert shown(difference) == ("flow", "order of screens", "moved")
    assert (difference.old, difference.new) == (["A", "B", "C"], ["C", "A", "B"])


def test_differences_stand_in_reading_order_of_the_new_flow() -> None:
    old = flow(a_screen("A", an_input("x"), an_input("y")), a_screen("B"), a_screen("GONE"))
    new = flow(
        a_screen("B", title="New"),
        a_screen("A", an_input("x", "X"), an_input("y", "Y")),
        extra=True,
    )
    assert [shown(found) for found in flow_json_differences(old, new)] == [
        ("flow", "extra", "added"),
        ("screen B", "title", "changed"),
        ("screen A › TextInput x", "label", "changed"),
        ("screen A › TextInput y", "label", "changed"),
        ("screen GONE", "", "removed"),
        ("flow", "order of screens", "moved"),
    ]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("component", [an_input("new"), a_text("New"), {"type": "Footer"}])
def test_an_inserted_component_is_one_difference(place: int, component: Any) -> None:
    old = [a_text("One"), an_input()]
    new = [*old[:place], component, *old[place:]]
    (difference,) = between(old, new)
    assert shown(difference)[1:] == ("", "added")
    (difference,) = between(new, old)
    assert shown(difference)[1:] == ("", "removed")


def test_an_inserted_component_is_named() -> None:
    (difference,) = between([], [an_input("new")])
    assert difference.where == "screen CONTACT › TextInput new"


def test_the_fewest_components_are_said_to_have_moved_and_where_to() -> None:
    one, two, three = an_input("one"), a_text("Two"), an_input("three")
    (down,) = between([one, two, three], [two, three, one])
    assert shown(down) == ("screen CONTACT › TextInput one", "order", "moved")
    assert (down.old, down.new) == (None, "TextInput three")
    (up,) = between([one, two, three], [three, one, two])
    assert shown(up) == ("screen CONTACT › TextInput three", "order", "moved")
    assert (up.old, up.new) == ("TextBody", None)


def test_a_component_of_another_name_is_renamed_where_type_and_label_stay() -> None:
    (difference,) = between([an_input("email")], [an_input("mail")])
    assert shown(difference) == ("screen CONTACT › TextInput mail", "name", "renamed")
    assert (difference.old, difference.new) == ("email", "mail")


def test_a_component_of_another_name_and_label_is_another_one() -> None:
    found = between([an_input("email")], [an_input("phone", "Phone")])
    assert [shown(difference) for difference in found] == [
        ("screen CONTACT › TextInput email", "", "removed"),
        ("screen CONTACT › TextInput phone", "", "added"),
    ]


def test_a_component_that_gets_another_type_goes_on() -> None:
    found = between([an_input("email")], [{**an_input("email", "Mail"), "type": "TextArea"}])
    assert [shown(difference) for difference in found] == [
        ("screen CONTACT › TextArea email", "type", "changed"),
        ("screen CONTACT › TextArea email", "label", "changed"),
    ]
    assert (found[0].old, found[0].new) == ("TextInput", "TextArea")


def test_a_component_that_moves_into_a_form_goes_on_with_its_changes() -> None:
    found = between([an_input(), a_form()], [a_form(an_input(label="New"))])
    assert [shown(difference) for difference in found] == [
        ("screen CONTACT › Form form › TextInput email", "place", "moved"),
        ("screen CONTACT › Form form › TextInput email", "label", "changed"),
    ]
    assert (found[0].old, found[0].new) == ("screen CONTACT", "Form form")


def test_components_stay_known_when_the_form_around_them_goes() -> None:
    old, new = [a_form(an_input("a", "A"), a_text("Hello"))], [an_input("a", "A"), a_text("Hello")]
    found = between(old, new)
    assert [shown(difference) for difference in found] == [
        ("screen CONTACT › Form form", "", "removed"),
        ("screen CONTACT › TextInput a", "place", "moved"),
        ("screen CONTACT › TextBody", "place", "moved"),
    ]


def test_a_component_that_moves_to_another_screen_is_one_difference() -> None:
    old = flow(a_screen("A", an_input(), a_text("A")), a_screen("B", a_text("B")))
    new = flow(a_screen("A", a_text("A")), a_screen("B", a_text("B"), an_input()))
    (difference,) = flow_json_differences(old, new)
    assert shown(difference) == ("screen B › TextInput email", "place", "moved")
    assert (difference.old, difference.new) == ("screen A", "screen B")


def test_all_that_stands_in_an_added_component_is_said() -> None:
    found = between([], [a_form(an_input("a", "A"), an_if([a_text("Hello")]))])
    assert [shown(difference)[0] for difference in found] == [
        "screen CONTACT › Form form",
        "screen CONTACT › Form form › TextInput a",
        "screen CONTACT › Form form › If",
        "screen CONTACT › Form form › If › then › TextBody",
    ]
    assert {difference.kind for difference in found} == {DifferenceKind.ADDED}


# --- renamed screens ---


def test_a_screen_with_another_id_and_mostly_the_same_components_is_renamed() -> None:
    parts = [an_input("a", "A"), an_input("b", "B"), a_text("Hello")]
    old = flow(a_screen("A", *parts), a_screen("B", a_text("Other")), routing_model={"B": ["A"]})
    new = flow(
        a_screen("Z", *parts[:2], a_text("Bye"), title="Title of A"),
        a_screen("B", a_text("Other")),
        routing_model={"B": ["Z"]},
    )
    renamed, text = flow_json_differences(old, new)
    assert (shown(renamed), renamed.old) == (("screen Z", "id", "renamed"), "A")
    assert shown(text) == ("screen Z › TextBody", "text", "changed")
    assert renamed_screens(old, new) == {"A": "Z"}


def test_a_button_that_follows_a_renamed_screen_did_not_change() -> None:
    def to(screen: str) -> dict[str, Any]:
        action = {"name": "navigate", "next": {"type": "screen", "name": screen}}
        return {"type": "Footer", "label": "Next", "on-click-action": action}

    old = flow(a_screen("A", to("B")), a_screen("B", a_text("Hello")))
    new = flow(a_screen("A", to("C")), a_screen("C", a_text("Hello"), title="Title of B"))
    (difference,) = flow_json_differences(old, new)
    assert shown(difference) == ("screen C", "id", "renamed")


def test_a_screen_with_other_components_is_another_screen() -> None:
    old, new = flow(a_screen("A", an_input())), flow(a_screen("B", a_text("Else")))
    assert renamed_screens(old, new) == {}
    found = flow_json_differences(old, new)
    assert [shown(difference)[0::2] for difference in found] == [
        ("screen B", "added"),
        ("screen B › TextBody", "added"),
        ("screen A", "removed"),
    ]


# --- components without a name ---


def test_components_without_a_name_are_numbered_where_there_are_several() -> None:
    (difference,) = between([a_text("One")], [a_text("Two")])
    assert difference.where == "screen CONTACT › TextBody"
    (difference,) = between([a_text("One"), a_text("Two")], [a_text("One"), a_text("Three")])
    assert difference.where == "screen CONTACT › TextBody 2"
    assert (difference.old, difference.new) == ("Two", "Three")


def test_equal_components_without_a_name_are_told_apart_by_their_place() -> None:
    same = a_text("Same")
    (difference,) = between([same, same], [same, copy.copy(same), same])
    assert difference.kind is DifferenceKind.ADDED


def test_components_that_share_a_name_by_mistake_and_do_not_change_are_not_said_to() -> None:
    twins = [an_input("a"), an_input("a")]
    (difference,) = between([*twins, a_text("Old")], [*twins, a_text("New")])
    assert difference.what == "text"


def test_properties_that_come_and_go_are_named() -> None:
    found = between([an_input(required=True)], [an_input(**{"helper-text": "Help"})])
    assert {shown(difference)[1:]: (difference.old, difference.new) for difference in found} == {
        ("helper-text", "added"): (None, "Help"),
        ("required", "removed"): (True, None),
    }


def test_a_property_deep_inside_is_written_as_a_path() -> None:
    old = {"type": "Footer", "on-click-action": {"name": "navigate", "next": {"name": "A"}}}
    new = copy.deepcopy(old)
    new["on-click-action"]["next"]["name"] = "B"  # type: ignore[index]
    (difference,) = between([old], [new])
    assert (difference.what, difference.old, difference.new) == (
        "on-click-action.next.name",
        "A",
        "B",
    )


def test_an_object_is_compared_member_by_member_even_when_most_of_it_changed() -> None:
    old = {"type": "Footer", "on-click-action": {"name": "complete", "a": 1, "b": 2, "c": 3}}
    new = {"type": "Footer", "on-click-action": {"name": "complete", "x": 1, "y": 2, "z": 3}}
    assert {shown(difference)[1:] for difference in between([old], [new])} == {
        ("on-click-action.a", "removed"),
        ("on-click-action.b", "removed"),
        ("on-click-action.c", "removed"),
        ("on-click-action.x", "added"),
        ("on-click-action.y", "added"),
        ("on-click-action.z", "added"),
    }


def test_a_type_that_changes_is_a_change() -> None:
    (difference,) = between([an_input(required=True)], [an_input(required="true")])
    assert shown(difference)[1:] == ("required", "changed")
    assert (difference.old, difference.new) == (True, "true")


def test_true_is_not_one_where_differences_are_said() -> None:
    (difference,) = between([an_input(required=True)], [an_input(required=1)])
    assert (difference.what, difference.old, difference.new) == ("required", True, 1)


def test_numbers_of_one_value_are_not_said_to_differ_beside_a_real_difference() -> None:
    old = an_input("n", "Old", low=1, high=2**64 + 1, list=[1.0, {"x": 2.0}])
    new = an_input("n", "New", low=1.0, high=float(2**64), list=[1, {"x": 2}])
    (difference,) = between([old], [new])
    assert difference.what == "label"


@pytest.mark.parametrize("name", ["__example__", "__x", "_x", "a.b", 'a"b', "a['b']", "", "0"])
def test_members_of_any_name_are_compared_beside_other_differences(name: str) -> None:
    old, new = an_input("n", "Old", **{name: 1}), an_input("n", "New", **{name: 2})
    found = between([old], [new])
    assert {(difference.old, difference.new) for difference in found} == {("Old", "New"), (1, 2)}


# --- options ---


def test_an_inserted_option_is_one_difference() -> None:
    (difference,) = between([a_choice("am", "pm")], [a_choice("am", "noon", "pm")])
    assert shown(difference) == ("screen CONTACT › Dropdown slot", 'data-source "noon"', "added")
    assert difference.new == {"id": "noon", "title": "NOON"}


def test_a_removed_option_is_one_difference() -> None:
    (difference,) = between([a_choice("am", "noon", "pm")], [a_choice("am", "pm")])
    assert shown(difference)[1:] == ('data-source "noon"', "removed")
    assert difference.old == {"id": "noon", "title": "NOON"}


def test_a_reworded_option_is_one_difference() -> None:
    (difference,) = between([a_choice("am", "pm")], [a_choice("am", "pm", pm="Afternoon")])
    assert shown(difference)[1:] == ('data-source "pm".title', "changed")
    assert (difference.old, difference.new) == ("PM", "Afternoon")


def test_reordered_options_are_one_difference() -> None:
    (difference,) = between([a_choice("am", "noon", "pm")], [a_choice("pm", "am", "noon")])
    assert shown(difference)[1:] == ("data-source order", "moved")
    assert (difference.old, difference.new) == (["AM", "NOON", "PM"], ["PM", "AM", "NOON"])


def test_options_reworded_and_reordered_at_once_are_both_said() -> None:
    found = between([a_choice("am", "pm")], [a_choice("pm", "am", am="Morning")])
    assert {shown(difference)[1:] for difference in found} == {
        ('data-source "am".title', "changed"),
        ("data-source order", "moved"),
    }


def test_an_option_with_the_same_title_and_another_id_is_one_difference() -> None:
    (difference,) = between([a_choice("am", "pm")], [a_choice("am", "late", late="PM")])
    assert shown(difference)[1:] == ('data-source "late".id', "renamed")
    assert (difference.label, difference.old, difference.new) == ("PM", "pm", "late")


def test_options_are_known_by_their_title_before() -> None:
    (difference,) = between([a_choice("am", "pm")], [a_choice("am", "pm", pm="Afternoon")])
    assert (difference.subject, difference.item, difference.label) == (Subject.OPTION, "pm", "PM")
    (difference,) = between([a_choice("am")], [a_choice("am", "pm")])
    assert (difference.subject, difference.item, difference.label) == (Subject.OPTION, "pm", "PM")


def test_options_from_none_to_some_are_one_difference() -> None:
    (difference,) = between([a_choice()], [a_choice("am")])
    assert difference.what.startswith("data-source")


def test_options_inside_other_lists_are_compared_by_id_too() -> None:
    def nav(title: str, *ids: str) -> dict[str, Any]:
        items = [{"id": id, "main-content": {"title": title}} for id in ids]
        return {"type": "NavigationList", "name": "nav", "list-items": items}

    (difference,) = between([nav("Old", "a")], [nav("New", "a")])
    assert difference.what == 'list-items "a".main-content.title'
    assert (difference.old, difference.new) == ("Old", "New")


def test_values_in_a_list_without_ids_are_numbered_from_one() -> None:
    (difference,) = between([an_input(list=["a", "b"])], [an_input(list=["a", "c"])])
    assert (difference.what, difference.old, difference.new) == ("list[2]", "b", "c")


# --- nested components ---


def an_if(then: Any, other: Any = None, condition: str = "${data.x}") -> dict[str, Any]:
    found = {"type": "If", "condition": condition, "then": then}
    return found if other is None else {**found, "else": other}


def a_switch(**cases: Any) -> dict[str, Any]:
    return {"type": "Switch", "value": "${data.x}", "cases": cases}


def test_components_inside_a_form_are_named_by_themselves() -> None:
    (difference,) = between([a_form(an_input())], [a_form(an_input(label="New"))])
    assert difference.where == "screen CONTACT › Form form › TextInput email"
    assert difference.what == "label"
    (difference,) = between([a_form()], [a_form(an_input())])
    assert shown(difference) == ("screen CONTACT › Form form › TextInput email", "", "added")


def test_components_inside_if_are_named_with_their_branch() -> None:
    (difference,) = between([an_if([a_text("A")])], [an_if([a_text("B")])])
    assert difference.where == "screen CONTACT › If › then › TextBody"
    (difference,) = between([an_if([], [a_text("A")])], [an_if([])])
    assert difference.where == "screen CONTACT › If › else › TextBody"
    (difference,) = between([an_if([])], [an_if([], condition="${data.y}")])
    assert difference.what == "condition"


def test_components_inside_switch_are_named_with_their_case() -> None:
    old = a_switch(one=[a_text("A")], two=[])
    (difference,) = between([old], [a_switch(one=[a_text("B")], two=[])])
    assert difference.where == 'screen CONTACT › Switch › case "one" › TextBody'
    found = between([old], [a_switch(one=[a_text("A")], three=[])])
    assert [shown(difference) for difference in found] == [
        ('screen CONTACT › Switch › case "three"', "", "added"),
        ('screen CONTACT › Switch › case "two"', "", "removed"),
    ]


def test_components_are_found_at_any_depth() -> None:
    def nested(label: str) -> list[Any]:
        return [a_form(an_if([a_switch(one=[an_input(label=label)])]))]

    (difference,) = between(nested("Old"), nested("New"))
    assert difference.where == (
        'screen CONTACT › Form form › If › then › Switch › case "one" › TextInput email'
    )
    assert (difference.old, difference.new) == ("Old", "New")


# --- the flow itself and its screens ---


def test_routes_are_compared_by_screen() -> None:
    old, new = flow(routing_model={"A": ["B"]}), flow(routing_model={"A": ["B", "C"], "B": []})
    found = flow_json_differences(old, new)
    assert [shown(difference) for difference in found] == [("flow", "A → C", "added")]
    (gone,) = flow_json_differences(new, old)
    assert (shown(gone), gone.subject) == (("flow", "A → C", "removed"), Subject.ROUTE)
    assert gone.pointer == ("routing_model", "A")


def test_a_routing_model_that_only_mentions_a_screen_more_still_differs() -> None:
    old, new = flow(routing_model={"A": ["B"]}), flow(routing_model={"A": ["B"], "B": []})
    assert len(flow_json_differences(old, new)) == 1


def test_a_changed_version_is_a_difference_of_the_flow() -> None:
    (difference,) = flow_json_differences({"version": "7.2"}, {"version": "7.3"})
    assert (shown(difference), difference.old) == (("flow", "version", "changed"), "7.2")


def test_a_data_model_is_compared_by_its_fields() -> None:
    old = a_screen("A", data={"name": {"type": "string", "__example__": "Ada"}})
    new = a_screen("A", data={"name": {"type": "string", "__example__": "Eve"}})
    (difference,) = flow_json_differences(flow(old), flow(new))
    assert shown(difference) == ("screen A", "data.name.__example__", "changed")
    assert (difference.old, difference.new) == ("Ada", "Eve")


def test_properties_of_a_layout_are_compared() -> None:
    old, new = a_screen("A"), a_screen("A")
    new["layout"]["type"] = "Other"
    (difference,) = flow_json_differences(flow(old), flow(new))
    assert shown(difference) == ("screen A", "type", "changed")


# --- shapes that are no Flow JSON ---

WEIRD: list[Any] = [
    None,
    True,
    1,
    "text",
    [],
    {},
    {"screens": None},
    {"screens": 1},
    {"screens": {}},
    {"screens": []},
    {"screens": [1]},
    {"screens": [{}]},
    {"screens": [{"id": 1}]},
    {"screens": [{"id": "A"}, {"id": "A"}]},
    {"screens": [{"id": "A"}]},
    {"screens": [{"id": "A", "title": ["x"]}]},
    {"screens": [{"id": "A", "layout": 1}]},
    {"screens": [{"id": "A", "layout": 1, "title": "x"}]},
    {"screens": [{"id": "A", "layout": {}}]},
    {"screens": [{"id": "A", "layout": {"children": {}}}]},
    {"screens": [{"id": "A", "layout": {"children": []}}]},
    {"screens": [{"id": "A", "layout": {"children": [None]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": None}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": {}, "name": 1}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "If", "then": 1}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "If", "then": []}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "If"}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "Switch", "cases": 1}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "Switch", "cases": {}}]}}]},
    {"screens": [{"id": "A", "layout": {"children": [{"type": "Form", "children": "x"}]}}]},
    {"\0order": 1, "\0x": [{"id": "\0order"}]},
    {"": ""},
]


@pytest.mark.parametrize("old", WEIRD, ids=json.dumps)
def test_weird_shapes_are_compared_without_failing(old: JsonValue) -> None:
    for new in WEIRD:
        differences = flow_json_differences(old, new)
        assert bool(differences) is not same_value(old, new)


# --- properties ---

plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["A", "B", "text", "Form", "If", "Switch", ""]),
    st.text(max_size=3),
)
names = st.one_of(
    st.sampled_from(["id", "name", "type", "children", "then", "else", "cases", "data-source"]),
    st.text(max_size=3),
)
values: st.SearchStrategy[Any] = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)
ids = st.sampled_from(["a", "b", "c", "d"])


def siblings(inner: st.SearchStrategy[Any], max_size: int = 3) -> st.SearchStrategy[list[Any]]:
    """Give lists of components in which no name stands twice."""
    return st.lists(
        inner, max_size=max_size, unique_by=lambda item: str(item.get("name", id(item)))
    )


components: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.builds(an_input, ids, ids),
        st.builds(a_text, ids),
        st.builds(lambda ids: a_choice(*ids), st.lists(ids, unique=True)),
        st.builds(lambda value: {"type": "Image", "src": value}, values),
    ),
    lambda inner: st.one_of(
        st.builds(lambda children: a_form(*children), siblings(inner)),
        st.builds(an_if, siblings(inner, 2), siblings(inner, 2)),
        st.builds(
            lambda cases: a_switch(**cases), st.dictionaries(ids, siblings(inner), max_size=2)
        ),
    ),
    max_leaves=6,
)
screens = st.builds(lambda id, children: a_screen(id, *children), ids, siblings(components))
flows = st.builds(
    lambda screens: flow(*screens),
    st.lists(screens, max_size=3, unique_by=lambda screen: str(screen["id"])),
)
documents = st.one_of(values, flows)


@SOME
@given(old=documents, new=documents)
@example(old={"a": 1}, new={"b": 1})
@example(old={"a": [1, 2, 3]}, new={"a": [0, 1, 3, 2]})
def test_any_two_values_have_differences_exactly_if_they_are_not_the_same(
    old: JsonValue, new: JsonValue
) -> None:
    differences = flow_json_differences(old, new)
    assert bool(differences) is not same_value(old, new)
    json.dumps([(d.where, d.what, d.kind.value, d.label, d.old, d.new) for d in differences])
    for difference in differences:
        value: Any = new
        for part in difference.pointer:
            value = value[part]  # each pointer leads somewhere in the new value


@SOME
@given(old=flows, new=flows)
def test_no_difference_shows_the_same_value_twice_and_no_side_is_changed(
    old: Any, new: Any
) -> None:
    before = copy.deepcopy((old, new))
    for difference in flow_json_differences(old, new):
        if difference.kind is DifferenceKind.CHANGED and not (
            difference.old is difference.new is None
        ):
            assert not same_value(difference.old, difference.new)
    assert (old, new) == before


@SOME
@given(value=documents)
def test_a_value_has_no_differences_from_itself_read_again(value: JsonValue) -> None:
    assert flow_json_differences(value, json.loads(json.dumps(value))) == ()


@SOME
@given(value=flows, label=st.text(min_size=1, max_size=5), data=st.data())
def test_one_changed_label_anywhere_is_found_as_that_one_difference(
    value: Any, label: str, data: st.DataObject
) -> None:
    marked = copy.deepcopy(value)
    marked["screens"].append(a_screen("MARKED", a_form(an_if([an_input("deep", label="Old")]))))
    changed = copy.deepcopy(marked)
    changed["screens"][-1]["layout"]["children"][0]["children"][0]["then"][0]["label"] = label
    place = data.draw(st.integers(0, len(value["screens"])))
    for side in (marked, changed):
        side["screens"].insert(place, side["screens"].pop())
    found = flow_json_differences(marked, changed)
    if label == "Old":
        assert found == ()
    else:
        (difference,) = found
        assert difference.where == "screen MARKED › Form form › If › then › TextInput deep"
        assert (difference.what, difference.old, difference.new) == ("label", "Old", label)


@SOME
@given(value=flows, id=st.sampled_from(["NEW", "1", ""]), data=st.data())
def test_an_inserted_screen_is_that_difference_alone_in_any_flow(
    value: Any, id: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(value["screens"])))
    larger = copy.deepcopy(value)
    larger["screens"].insert(place, a_screen(id, an_input("only here", "Only here")))
    added, inside = flow_json_differences(value, larger)
    assert shown(added) == (f"screen {id}", "", "added")
    assert shown(inside) == (f"screen {id} › TextInput only here", "", "added")
    (removed,) = flow_json_differences(larger, value)
    assert shown(removed) == (f"screen {id}", "", "removed")


# --- flows of a size that nobody writes by hand ---


def test_an_entry_of_a_list_without_ids_is_shown_as_it_is_now_not_as_its_neighbour() -> None:
    def lines(*texts: str) -> dict[str, Any]:
        return {"type": "TextBody", "text": [*texts]}

    old, new = [lines("a", "b", "c", "d")], [lines("new", "a", "b", "C", "d")]
    found = {(one.kind, one.old, one.new, one.pointer[-1]) for one in between(old, new)}
    assert found == {
        (DifferenceKind.ADDED, None, "new", 0),
        (DifferenceKind.CHANGED, "c", "C", 3),
    }


def _options_reworded(tag: str, count: int) -> JsonValue:
    words = [{"id": str(number), "title": f"{tag}{number}"} for number in range(count)]
    return flow(a_screen("A", {"type": "Dropdown", "name": "slot", "data-source": words}))


def _texts_without_names(tag: str, count: int) -> JsonValue:
    return flow(a_screen("A", *(a_text(f"{tag}{number}") for number in range(count))))


def _one_text_repeated(tag: str, count: int) -> JsonValue:
    return flow(
        a_screen("A", *(a_text("ab"[number % len(tag + "x") == 0]) for number in range(count)))
    )


def _fields_relabelled(tag: str, count: int) -> JsonValue:
    return flow(a_screen("A", *(an_input(f"n{number}", tag) for number in range(count))))


def _screens_renamed(tag: str, count: int) -> JsonValue:
    screens = (a_screen(f"{tag}_{number}", an_input(f"n{number}")) for number in range(count))
    return flow(*screens)


def _routes(tag: str, count: int) -> JsonValue:
    model = {f"S{a}": [f"{tag}{b}" for b in range(20)] for a in range(count // 20)}
    return flow(a_screen("A"), routing_model=model)


@pytest.mark.parametrize(
    "written",
    [
        _options_reworded,
        _texts_without_names,
        _one_text_repeated,
        _fields_relabelled,
        _screens_renamed,
        _routes,
    ],
)
def test_what_it_takes_to_compare_grows_no_faster_than_the_flows(
    written: Callable[[str, int], JsonValue],
) -> None:
    def seconds(count: int) -> float:
        old, new = written("a", count), written("bbb", count)
        start = time.process_time()
        assert flow_json_differences(old, new)
        contract_changes(old, new)
        return time.process_time() - start

    seconds(50)  # imports
    assert seconds(3000) < 4  # quadratic, it was from 6 s up to minutes

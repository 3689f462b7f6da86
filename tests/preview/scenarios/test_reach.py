from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.preview.scenarios.reach import Reach
from flowsync.preview.scenarios.running import run_scenario
from flowsync.preview.scenarios.values import Unchosen, Unreached
from tests.preview.scenarios.walks import TODAY, examples, read

EXAMPLES = examples()


def unreached(key: str, *steps: str, start: str = "{}") -> Unreached:
    """Give what a walk through an example flow does not reach."""
    flow_json, reach = EXAMPLES[key].flow_json, Reach()
    lines = "".join(f"  - {step}\n" for step in steps)
    (scenario,) = read(f"scenarios:\n- name: a\n  start: {start}\n  steps:\n{lines}")
    failure = run_scenario(scenario, flow_json, today=TODAY, watch=reach.watch).failure
    assert failure is None
    return reach.unreached(flow_json)


def test_nothing_is_reached_before_anything_ran() -> None:
    found = Reach().unreached(EXAMPLES["support"].flow_json)
    assert found == Unreached(screens=("TOPICS", "ORDER", "DAMAGE", "QUESTION", "CONTACT"))


def test_a_flow_that_cannot_be_run_has_nothing_to_reach() -> None:
    broken: list[JsonValue] = [None, [], {"screens": []}]
    for flow_json in broken:
        assert not Reach().unreached(flow_json)


def test_items_of_a_list_are_chosen_by_tapping_them() -> None:
    found = unreached("support", "tap: {on: topic, item: return}")
    assert found.screens == ("DAMAGE", "QUESTION", "CONTACT")
    left = ("delivery", "damage", "invoice", "question")
    assert Unchosen(screen="TOPICS", name="topic", options=left, number=5) in found.options


def test_the_branches_of_a_switch_are_reached_each_for_itself() -> None:
    found = unreached("support", "tap: {on: topic, item: return}")
    assert found.branches == (
        "Switch on screen ORDER: `${data.topic}` is delivery",
        "Switch on screen ORDER: `${data.topic}` is invoice",
        "Switch on screen ORDER: `${data.topic}` is default",
    )


def test_an_empty_branch_need_not_be_reached() -> None:
    steps = ["fill: {order_number: '12345678', damage: broken}"]
    found = unreached("support", *steps, start="{screen: DAMAGE}")
    assert found.branches == ()
    found = unreached("support", "expect: {screen: DAMAGE}", start="{screen: DAMAGE}")
    assert found.branches == ("If on screen DAMAGE: `${form.damage} == 'broken'`",)


def test_options_count_as_offered_only_once_they_showed() -> None:
    names = {one.name for one in unreached("customer-survey", "close: true").options}
    assert names == {"overall", "purpose"}


def test_an_option_that_was_given_up_again_was_chosen() -> None:
    steps = ["fill: {overall: good}", "fill: {overall: poor}"]
    found = {one.name: one for one in unreached("customer-survey", *steps).options}
    assert found["overall"].options == ("excellent", "fair")
    assert found["overall"].number == 4


def test_what_a_failing_scenario_reached_before_counts() -> None:
    flow_json, reach = EXAMPLES["newsletter-2024"].flow_json, Reach()
    (scenario,) = read(
        "scenarios:\n- name: a\n  steps:\n  - fill: {frequency: weekly}\n  - tap: Nothing\n"
    )
    assert run_scenario(scenario, flow_json, today=TODAY, watch=reach.watch).failure is not None
    found = {one.name: one.options for one in reach.unreached(flow_json).options}
    assert found["frequency"] == ("monthly", "seasonal")

"""`flowsync test` through the public surface: what passes, what fails and in which words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import Result

from flowsync.assets import schema_text
from flowsync.model import JsonValue, mapping_in
from tests.cli.serving import parsed, run
from tests.support import Repository

ROOT = Path(__file__).parents[2]
FILE = "flows/a.scenarios.yaml"


def an_action(name: str, **fields: JsonValue) -> JsonValue:
    return {"name": name, **fields}


def an_input(kind: str, name: str, **fields: JsonValue) -> JsonValue:
    written = {key.replace("_", "-"): value for key, value in fields.items()}
    return {"type": kind, "name": name, "label": name.title(), **written}


def a_screen(name: str, *children: JsonValue, **fields: JsonValue) -> JsonValue:
    layout: JsonValue = {"type": "SingleColumnLayout", "children": [*children]}
    return {"id": name, "title": name.title(), **fields, "layout": layout}


SIZES: JsonValue = [{"id": "small", "title": "Small"}, {"id": "two", "title": "Two"}]
MANY: JsonValue = [{"id": str(number), "title": f"Number {number}"} for number in range(1, 9)]
FLOW: JsonValue = {
    "version": "7.3",
    "screens": [
        a_screen(
            "ORDER",
            an_input("TextInput", "price", input_type="number", required=True),
            an_input("RadioButtonsGroup", "size", data_source=SIZES, required=True),
            an_input("CheckboxGroup", "extras", data_source=MANY),
            {
                "type": "If",
                "condition": "${form.price} > 100",
                "then": [{"type": "TextBody", "text": "That is a lot."}],
                "else": [{"type": "TextBody", "text": "That is little."}],
            },
            {
                "type": "Footer",
                "label": "Continue",
                "on-click-action": an_action(
                    "navigate",
                    next={"type": "screen", "name": "LAST"},
                    payload={"size": "${form.size}"},
                ),
            },
        ),
        a_screen(
            "LAST",
            {
                "type": "Switch",
                "value": "${data.size}",
                "cases": {
                    "small": [{"type": "TextBody", "text": "A small one."}],
                    "two": [{"type": "TextBody", "text": "A second one."}],
                },
            },
            {
                "type": "Footer",
                "label": "Send",
                "on-click-action": an_action(
                    "complete",
                    payload={
                        "price": "${screen.ORDER.form.price}",
                        "size": "${data.size}",
                        "extras": "${screen.ORDER.form.extras}",
                    },
                ),
            },
            terminal=True,
            data={"size": {"type": "string", "__example__": "small"}},
        ),
    ],
}
ASKING: JsonValue = {
    "version": "7.3",
    "data_api_version": "3.0",
    "routing_model": {"ONLY": []},
    "screens": [
        a_screen(
            "ONLY",
            an_input("TextInput", "code"),
            {
                "type": "Footer",
                "label": "Send",
                "on-click-action": an_action("data_exchange", payload={"code": "${form.code}"}),
            },
            terminal=True,
        )
    ],
}
GOOD = """\
scenarios:
- name: A small one is ordered
  steps:
  - fill: {price: 2000, size: small}
  - tap: Continue
  - expect: {screen: LAST, shows: [A small one.], hides: [A second one.]}
  - tap: Send
  - expect: {payload: {price: "2000", size: small, extras: []}}
"""


def scenarios(repository: Repository, text: str = GOOD, flow: JsonValue = FLOW) -> None:
    """Write a flow `a` and its scenarios."""
    repository.flow("a", content=flow)
    (repository.root / FILE).write_text(text, "utf-8")


def steps(repository: Repository, *lines: str, flow: JsonValue = FLOW) -> Result:
    """Run one scenario with these steps, which begin on line 4 of the file."""
    text = "scenarios:\n- name: Somebody\n  steps:\n" + "".join(f"  - {line}\n" for line in lines)
    scenarios(repository, text, flow)
    return run(repository, "test")


def test_scenarios_that_go_well_are_counted_and_named_with_verbose(
    repository: Repository,
) -> None:
    scenarios(repository)
    repository.flow("b")
    ran = run(repository, "test")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == "✓ a: 1 scenario"
    last = "1 scenario of 1 flow: all went as expected. 1 flow without scenarios."
    assert ran.stdout.splitlines()[-1] == last
    assert "A small one" not in ran.stdout
    shown = run(repository, "test", "--verbose").stdout.splitlines()
    assert shown[1] == "  ✓ A small one is ordered"
    assert "b: no scenarios" in shown


def test_a_failure_is_said_with_its_place_and_the_others_go_on(repository: Repository) -> None:
    other = GOOD.partition("\n")[2].replace("A small one is", "Another is")
    scenarios(repository, GOOD.replace("screen: LAST", "screen: FIRST") + other)
    ran = run(repository, "test")
    assert ran.exit_code == 3
    lines = ran.stdout.splitlines()
    assert lines[:3] == [
        "✗ a: 1 of 2 scenarios failed",
        "  ✗ A small one is ordered",
        f'    {FILE}:6:5: the screen is "LAST", not "FIRST".',
    ]
    assert lines[-1] == "2 scenarios of 1 flow: 1 failed."


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        # what is done
        (["fill: {prize: 1}"], '4:12: screen "ORDER" shows no "prize". Did you mean "price"?'),
        (
            ["fill: {size: tiny}"],
            '"size" on screen "ORDER". Choose of: "small", "two".',
        ),
        (
            ["fill: {size: [small]}"],
            '4:12: RadioButtonsGroup "size" on screen "ORDER" takes a text, not',
        ),
        (
            ["fill: {extras: small}"],
            'CheckboxGroup "extras" on screen "ORDER" takes a list of ids.',
        ),
        (["fill: {Continue: x}"], '4:12: Footer on screen "ORDER" cannot be filled in.'),
        (["tap: Contineu"], '4:5: screen "ORDER" shows no "Contineu". Did you mean "Continue"?'),
        (["tap: TextBody"], '4:5: TextBody on screen "ORDER" does nothing when it is tapped.'),
        (["tap: Continue"], '"Continue" cannot be tapped yet. price: Fill this in. size: Choose'),
        (["close: true", "back: true"], "5:5: The flow is over: it was completed or closed."),
        (["close: true", "tap: Continue"], "5:5: The flow is over"),
        (["close: true", "close: true"], "5:5: The flow is over"),
        # what is expected
        (["expect: {screen: LAST}"], '4:5: the screen is "ORDER", not "LAST".'),
        (["expect: {shows: [A small one.]}"], 'screen "ORDER" does not show "A small one.".'),
        (["expect: {hides: [size]}"], 'screen "ORDER" shows "size".'),
        (["expect: {values: {price: '1'}}"], 'values.price is null, not "1".'),
        (["expect: {values: {prize: 1}}"], "values.prize is missing."),
        (["fill: {price: 7}", "expect: {values: {price: 7}}"], "write it in quotes"),
        (["expect: {data: {size: small}}"], "data.size is missing."),
        (["expect: {errors: {price: Too much.}}"], "errors.price is missing."),
        (
            ["fill: {price: x}", "expect: {errors: {price: Too much.}}"],
            '5:5: errors.price is "Enter a number.", not "Too much.".',
        ),
        (["fill: {price: x}", "expect: {errors: {price: '${none}'}}"], "errors.price is there."),
        (["expect: {notice: Hello.}"], 'the notice is null, not "Hello.".'),
        (["expect: {can_continue: true}"], "4:5: the Footer cannot be tapped now."),
        (
            ["fill: {price: 1, size: small}", "expect: {can_continue: false}"],
            "5:5: the Footer can be tapped now.",
        ),
        (["expect: {sent: {a: 1}}"], "nothing was sent to the endpoint yet."),
        (
            ["expect: {payload: {a: 1}}"],
            'the flow is not completed; it shows the screen "ORDER".',
        ),
    ],
)
def test_each_step_that_fails_says_what_is_and_what_was_meant(
    repository: Repository, lines: list[str], said: str
) -> None:
    ran = steps(repository, *lines)
    assert ran.exit_code == 3
    assert f"{FILE}:" in ran.stdout
    assert said in ran.stdout
    assert "Traceback" not in ran.output


def test_the_payload_is_compared_as_a_whole(repository: Repository) -> None:
    done = ["fill: {price: 1, size: small}", "tap: Continue", "tap: Send"]
    ran = steps(repository, *done, "expect: {payload: {price: '1', extras: []}}")
    assert 'payload.size is "small", and was not expected.' in ran.stdout
    ran = steps(repository, *done, "expect: {payload: {price: '2', size: small, extras: []}}")
    assert 'payload.price is "1", not "2".' in ran.stdout
    ran = steps(repository, *done, "expect: {payload: {price: '${any}', size: small, extras: []}}")
    assert ran.exit_code == 0
    ran = steps(
        repository,
        *done,
        "expect: {payload: {price: '1', size: small, extras: [], flow_token: other}}",
    )
    assert 'payload.flow_token is "preview", not "other".' in ran.stdout


def test_what_an_endpoint_is_sent_and_answers_is_compared(repository: Repository) -> None:
    fixtures = """\
exchanges:
- {when: {data: {code: bad}}, answer: {screen: ONLY, data: {error_message: Not this one.}}}
- {when: {data: {code: broken}}, fault: "500"}
"""
    repository.flow("a")
    (repository.root / "flows/a.fixtures.yaml").write_text(fixtures)
    bad = ["fill: {code: bad}", "tap: Send"]
    told = [*bad, "expect: {sent: {code: bad}, notice: Not this one.}"]
    assert steps(repository, *told, flow=ASKING).exit_code == 0
    ran = steps(repository, *bad, "expect: {sent: {code: good}}", flow=ASKING)
    assert 'sent.code is "bad", not "good".' in ran.stdout
    ran = steps(
        repository, "fill: {code: broken}", "tap: Send", "expect: {screen: NEXT}", flow=ASKING
    )
    assert 'the screen is "ONLY", not "NEXT". Before that: the endpoint answers with' in ran.stdout
    ran = steps(repository, "fill: {code: new}", "tap: Send", "expect: {payload: {}}", flow=ASKING)
    assert "flows/a.fixtures.yaml" in ran.stdout


def test_a_flow_that_asks_and_has_no_fixtures_says_so(repository: Repository) -> None:
    ran = steps(repository, "tap: Send", "expect: {payload: {}}", flow=ASKING)
    assert "the preview has none. Give it fixtures" in ran.stdout


def test_what_fixtures_count_begins_anew_with_each_scenario(repository: Repository) -> None:
    repository.flow("a")
    (repository.root / "flows/a.fixtures.yaml").write_text(
        "exchanges:\n- {times: 1, answer: {screen: ONLY, data: {error_message: Once.}}}\n"
        "- {delay: 9, answer: {screen: ONLY, data: {error_message: Again.}}}\n"
    )
    one = "  steps: [{tap: Send}, {expect: {notice: Once.}}]\n"
    scenarios(repository, f"scenarios:\n- name: a\n{one}- name: b\n{one}", ASKING)
    assert run(repository, "test").exit_code == 0


@pytest.mark.parametrize("price", ["2000", "2000.00", "+1", "1e3", "0x10"])
def test_a_number_is_typed_as_it_is_written(repository: Repository, price: str) -> None:
    ran = steps(
        repository, f"fill: {{price: {price}}}", f'expect: {{values: {{price: "{price}"}}}}'
    )
    assert ran.exit_code == 0, ran.stdout


def test_ids_that_look_like_numbers_are_ids(repository: Repository) -> None:
    chosen = "fill: {extras: [1, 2, 3]}"
    ran = steps(repository, chosen, 'expect: {values: {extras: ["1", "2", "3"]}}')
    assert ran.exit_code == 0, ran.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenarios: []\n", ":1:12: "),
        ("scenario:\n- name: a\n", 'Did you mean "scenarios"'),
        ("scenarios:\n- steps: [{back: true}]\n", ':2:3: the field "name" is missing'),
        ("scenarios:\n- name: a\n  steps: []\n", ":3:10: "),
        ("scenarios:\n- name: a\n  steps: [{typ: x}]\n", ":3:12: "),
        ("scenarios:\n- name: a\n  steps: [{tap: a, back: true}]\n", ":3:11: "),
        ("scenarios:\n- name: a\n  steps: [{back: false}]\n", ":3:18: "),
        ("scenarios:\n- name: a\n  steps: [{expect: {shown: [a]}}]\n", 'Did you mean "shows"'),
        (
            "scenarios:\n- name: a\n  today: 2026-02-30\n  steps: [{back: true}]\n",
            ':3:10: "2026-02-30" is no day. Write it as 2026-11-28.',
        ),
        ("scenarios:\n- name: a\n  today: soon\n  steps: [{back: true}]\n", ":3:10: "),
        (
            "scenarios:\n- name: a\n  steps: [{back: true}]\n- name: a\n  steps: [{back: true}]\n",
            ':4:9: the scenario of line 2 has the name "a" too. Give it another name.',
        ),
        ("scenarios: [\n", "this is not valid YAML"),
        ("", ":1:1: the file is empty."),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(
    repository: Repository, text: str, said: str
) -> None:
    scenarios(repository, text)
    ran = run(repository, "test")
    assert ran.exit_code == 3
    assert ran.stdout == ""
    assert f"{FILE}:" in ran.stderr
    assert said in ran.stderr


def test_wrong_fixtures_are_refused_too(repository: Repository) -> None:
    scenarios(repository)
    (repository.root / "flows/a.fixtures.yaml").write_text("exchanges: []\n")
    ran = run(repository, "test")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "flows/a.fixtures.yaml:1:12:" in ran.stderr


def test_a_link_that_leads_out_of_the_flows_folder_is_not_read(repository: Repository) -> None:
    scenarios(repository)
    inside, outside = repository.root / FILE, repository.root / "outside.yaml"
    inside.rename(outside)
    inside.symlink_to(outside)
    ran = run(repository, "test")
    assert ran.exit_code == 3
    assert f"{FILE}:1:1: the file is a link that leads out of the flows folder." in ran.stderr


def test_a_repository_without_scenarios_is_told_where_they_go(repository: Repository) -> None:
    repository.flow("a")
    ran = run(repository, "test")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("No scenarios. Write some into KEY.scenarios.yaml")


def test_flows_are_chosen_by_key_and_glob(repository: Repository) -> None:
    scenarios(repository)
    for key in ("promo-1", "promo-2", "support/flow"):
        repository.flow(key, name=key, content=FLOW)
        wrong = GOOD.replace("screen: LAST", "screen: FIRST")
        (repository.root / f"flows/{key}.scenarios.yaml").write_text(wrong)
    assert run(repository, "test", "a").exit_code == 0
    ran = run(repository, "test", "promo-*", "support")
    assert ran.exit_code == 3
    assert ran.stdout.splitlines()[-1] == "3 scenarios of 3 flows: 3 failed."
    ran = run(repository, "test", "aa")
    assert ran.exit_code == 64
    assert 'Did you mean "a"?' in ran.stderr


def test_a_wrong_file_of_a_flow_that_is_not_chosen_does_not_count(repository: Repository) -> None:
    scenarios(repository)
    repository.flow("b")
    (repository.root / "flows/b.scenarios.yaml").write_text("scenarios: 1\n")
    assert run(repository, "test", "a").exit_code == 0
    assert run(repository, "test").exit_code == 3


def test_what_no_scenario_reaches_is_said_and_fails_on_demand(repository: Repository) -> None:
    scenarios(repository)
    ran = run(repository, "test")
    assert ran.exit_code == 0
    assert [line.strip() for line in ran.stdout.splitlines() if "not " in line] == [
        "not reached: Switch on screen LAST: `${data.size}` is two",
        "not chosen: two (1 of 2 in size on screen ORDER)",
        "not chosen: 1, 2, 3, 4, 5 and 3 more (8 of 8 in extras on screen ORDER)",
    ]
    strict = run(repository, "test", "--fail-unreached")
    assert strict.exit_code == 3
    assert strict.stdout.splitlines()[0] == "✗ a: 1 scenario, which do not reach all of it"
    assert strict.stdout.splitlines()[-1] == "1 scenario of 1 flow: 1 flow not reached as a whole."


def test_screens_and_branches_of_an_if_are_reached_by_showing(repository: Repository) -> None:
    text = "scenarios:\n- name: a\n  steps:\n  - fill: {price: 1}\n"
    scenarios(repository, text)
    shown = run(repository, "test").stdout
    assert "not reached: screen LAST" in shown
    assert "not reached: If on screen ORDER: `${form.price} > 100`\n" in shown
    assert "not `${form.price} > 100`" not in shown
    scenarios(repository, text.replace("price: 1", "price: 101"))
    shown = run(repository, "test").stdout
    assert "not reached: If on screen ORDER" not in shown


def test_all_of_it_can_be_reached(repository: Repository) -> None:
    steps_ = (
        "  - fill: {price: 1, size: two, extras: [1, 2, 3, 4, 5, 6, 7, 8]}\n  - tap: Continue\n"
    )
    scenarios(repository, f"{GOOD}- name: all\n  steps:\n{steps_}")
    ran = run(repository, "test", "--fail-unreached")
    assert ran.exit_code == 0, ran.stdout


def test_a_flow_without_scenarios_reaches_nothing(repository: Repository) -> None:
    repository.flow("a", content=FLOW)
    ran = run(repository, "test", "--fail-unreached")
    assert ran.exit_code == 3
    assert ran.stdout.splitlines()[:2] == ["✗ a: no scenarios", ""]


def test_json_says_what_the_text_says_and_fits_its_schema(repository: Repository) -> None:
    scenarios(repository, GOOD.replace("screen: LAST", "screen: FIRST"))
    repository.flow("b")
    ran = run(repository, "test", "--format", "json")
    document = parsed(ran)
    jsonschema.validate(document, json.loads(schema_text("test")))
    assert (ran.exit_code, ran.stderr, document["is_passed"]) == (3, "", False)
    first, second = document["flows"]
    message = 'the screen is "LAST", not "FIRST".'
    assert first["scenarios"] == [
        {
            "name": "A small one is ordered",
            "line": 2,
            "is_passed": False,
            "failure": {"line": 6, "column": 5, "message": message},
        }
    ]
    unchosen = {"screen": "ORDER", "name": "size", "ids": ["two"], "number": 2}
    assert unchosen in first["unreached"]["options"]
    assert (second["key"], second["path"], second["scenarios"]) == ("b", None, [])
    scenarios(repository)
    assert parsed(run(repository, "test", "--format", "json"))["is_passed"] is True
    strict = parsed(run(repository, "test", "--format", "json", "--fail-unreached"))
    assert strict["is_passed"] is False


def test_every_field_of_the_json_form_is_described() -> None:
    def check(part: JsonValue, where: str) -> int:
        inner = mapping_in(mapping_in(part).get("properties"))
        for name, one in inner.items():
            assert {"title", "description"} <= mapping_in(one).keys(), f"{where}.{name}"
        parts = {**inner, **mapping_in(mapping_in(part).get("$defs"))}
        return len(inner) + sum(check(one, f"{where}.{name}") for name, one in parts.items())

    assert check(json.loads(schema_text("test")), "test") > 15


def test_junit_has_a_test_for_each_scenario(repository: Repository) -> None:
    scenarios(repository, GOOD.replace("screen: LAST", "screen: FIRST"))
    ran = run(repository, "test", "--format", "junit")
    assert ran.exit_code == 3
    suite = ElementTree.fromstring(ran.stdout)
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find(".//testcase[@name='a: A small one is ordered']/failure")
    assert failure is not None
    assert failure.get("message") == 'the screen is "LAST", not "FIRST".'
    assert f"{FILE}:6:5:" in (failure.text or "")
    scenarios(repository)
    strict = run(repository, "test", "--format", "junit", "--fail-unreached")
    failed = ElementTree.fromstring(strict.stdout).findall(".//testcase[failure]")
    assert [case.get("name") for case in failed] == ["a: all is reached"]


def test_reports_are_written_beside_what_is_shown(repository: Repository) -> None:
    scenarios(repository)
    ran = run(
        repository,
        "test",
        *("--report", "junit=test.xml", "--report", "json=test.json", "--report", "text=a.txt"),
    )
    assert ran.exit_code == 0
    assert ElementTree.parse("test.xml").getroot().get("tests") == "1"
    document = json.loads(Path("test.json").read_text())
    jsonschema.validate(document, json.loads(schema_text("test")))
    assert Path("a.txt").read_text() == ran.stdout


def test_a_report_says_why_nothing_was_run(repository: Repository) -> None:
    scenarios(repository, "scenarios: 1\n")
    assert run(repository, "test", "--report", "json=test.json").exit_code == 3
    assert json.loads(Path("test.json").read_text())["error"]["exit_code"] == 3


@pytest.mark.parametrize("output", ["text", "json", "junit"])
def test_hostile_names_and_values_do_no_harm(repository: Repository, output: str) -> None:
    evil = json.dumps('\x1b[31m<b>]]>&"\u202e')
    text = (
        f"scenarios:\n- name: {evil}\n  steps:\n  - fill: {{price: {evil}}}\n"
        f"  - expect: {{values: {{price: x}}, shows: [{evil}]}}\n"
        f'- name: "[bold]b"\n  steps:\n  - tap: {evil}\n'
    )
    scenarios(repository, text)
    ran = run(repository, "test", "--format", output)
    assert ran.exit_code == 3
    assert "\x1b" not in ran.stdout
    assert "\u202e" not in ran.stdout
    assert "[bold]b" in ran.stdout
    if output == "junit":
        names = [
            case.get("name") or "" for case in ElementTree.fromstring(ran.stdout).iter("testcase")
        ]
        assert any("<b>]]>&" in name for name in names)
    if output == "json":
        assert parsed(ran)["flows"][0]["scenarios"][0]["name"] == json.loads(evil)


def test_the_day_of_a_scenario_and_how_it_begins_are_its_own(repository: Repository) -> None:
    text = """\
scenarios:
- name: a
  start: {screen: LAST, data: {size: two}}
  steps:
  - expect: {screen: LAST, shows: [A second one.], data: {size: two}}
- name: b
  start: {screen: LAST, data_set: empty}
  steps:
  - expect: {hides: [A small one., A second one.]}
- name: c
  start: {screen: GONE}
  steps:
  - expect: {screen: GONE}
"""
    scenarios(repository, text)
    ran = run(repository, "test")
    assert "✗ a: 1 of 3 scenarios failed" in ran.stdout
    assert 'the flow has no screen "GONE" to open with' in ran.stdout


def test_a_flow_json_that_cannot_be_run_fails_in_words(repository: Repository) -> None:
    repository.flow("a", content={"version": "7.3", "screens": [1]})
    (repository.root / FILE).write_text(GOOD)
    ran = run(repository, "test")
    assert ran.exit_code == 3
    assert ran.exception is None or isinstance(ran.exception, SystemExit)


def test_a_definition_without_flow_json_has_nothing_to_run(repository: Repository) -> None:
    scenarios(repository)
    (repository.root / "flows/a.yaml").write_text("name: A\nstate: absent\n")
    ran = run(repository, "test")
    assert ran.exit_code == 0
    assert "No scenarios." in ran.stdout


def test_all_example_flows_are_reached_as_a_whole(repository: Repository) -> None:
    shutil.copytree(ROOT / "flows", repository.root / "flows")
    ran = run(repository, "test", "--fail-unreached")
    assert ran.exit_code == 0, ran.stdout
    number = len(list((ROOT / "flows").rglob("*.scenarios.yaml")))
    assert number == 7
    assert f"of {number} flows: all went as expected." in ran.stdout
    assert "not reached" not in ran.stdout
    for file in (ROOT / "flows").rglob("*.scenarios.yaml"):
        way = "../" * (len(file.relative_to(ROOT).parts) - 1)
        first = f"# yaml-language-server: $schema={way}schemas/scenarios.schema.json\n"
        assert file.read_text("utf-8").startswith(first)

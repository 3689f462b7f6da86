from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.errors import FlowsyncError
from flowsync.model import JsonValue
from flowsync.preview.engine import Answer, DataSet, NotPossible, Request, Session, Start
from flowsync.preview.engine.candidates import candidates
from flowsync.preview.scenarios.recording import Act, recorded_scenario, word_for
from flowsync.preview.scenarios.values import Back, Close, Expect, Fill, Scenario, Tap
from flowsync.validation.versions import ACCEPTED, LATEST
from tests.preview.scenarios.walks import TODAY, Example, acts_of, done, examples, ran, read

EXAMPLES = examples()
WALKS = [
    pytest.param(example, scenario, id=f"{key}: {scenario.name}")
    for key, example in EXAMPLES.items()
    for scenario in example.scenarios
    if acts_of(scenario)
]


def a_flow(*children: JsonValue, **payload: JsonValue) -> JsonValue:
    """Give a flow of one screen whose Footer completes it with a payload."""
    action: JsonValue = {"name": "complete", "payload": payload}
    footer: JsonValue = {"type": "Footer", "label": "Send", "on-click-action": action}
    layout: JsonValue = {"type": "SingleColumnLayout", "children": [*children, footer]}
    screen: JsonValue = {"id": "ONLY", "title": "Only", "terminal": True, "layout": layout}
    return {"version": "7.3", "screens": [screen]}


def an_input(name: str, **fields: JsonValue) -> JsonValue:
    written = {key.replace("_", "-"): value for key, value in fields.items()}
    return {"type": "TextInput", "name": name, "label": name.title(), **written}


def recorded(flow_json: JsonValue, *acts: Act, start: Start | None = None) -> str:
    return recorded_scenario("A walk", acts, done(flow_json, acts, start=start), flow_json)


def steps_of(text: str) -> list[str]:
    """Give the lines of the steps, without what is around them."""
    lines = text.splitlines()
    return [line.strip() for line in lines[lines.index("    steps:") + 1 :]]


@pytest.mark.parametrize(("example", "scenario"), WALKS)
def test_what_was_recorded_does_the_same_again(example: Example, scenario: Scenario) -> None:
    acts, today = acts_of(scenario), scenario.today or TODAY
    session = done(
        example.flow_json, acts, start=scenario.start, endpoint=example.endpoint(), today=today
    )
    text = recorded_scenario(scenario.name, acts, session, example.flow_json)
    again = ran(f"scenarios:\n{text}", example.flow_json, example.endpoint())
    assert again.failure is None
    written = again.scenario
    assert (written.name, written.start) == (scenario.name, scenario.start)
    expected = [step.does for step in written.steps if isinstance(step.does, Expect)]
    assert expected
    if session.completion is not None:
        assert expected[-1].payload is not None
        assert expected[-1].payload.keys() == session.completion.payload.keys() - {"flow_token"}
    elif not session.is_over:
        assert session.path[-1] in {one.screen for one in expected}
    assert "Left out" not in text


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_done_is_recorded_so_that_it_passes(data: st.DataObject) -> None:
    example = EXAMPLES[data.draw(st.sampled_from(sorted(EXAMPLES)))]
    asks = example.endpoint() is not None
    session = Session(
        example.flow_json,
        today=TODAY,
        start=Start(asks_endpoint=asks),
        endpoint=example.endpoint(),
    )
    acts: list[Act] = []
    for _ in range(data.draw(st.integers(1, 25))):
        act = data.draw(acts_on(session))
        acts.append(act)
        try:
            if isinstance(act, Fill):
                session.fill(act.target, act.value)
            elif isinstance(act, Tap):
                session.tap(act.target, act.item)
            else:
                session.back()
        except NotPossible:
            pass
    try:
        text = recorded_scenario("A walk", acts, session, example.flow_json)
    except FlowsyncError:
        return
    again = ran(f"scenarios:\n{text}", example.flow_json, example.endpoint())
    assert again.failure is None, (text, again.failure)


def acts_on(session: Session) -> st.SearchStrategy[Act]:
    """Give what somebody may do on the screen that shows, possible or not."""
    acts: list[st.SearchStrategy[Act]] = [st.just(Back()), st.just(Tap(target="Footer"))]
    for one in session.view().walk():
        if one.name is None or one.type == "Form":
            continue
        if one.type == "NavigationList":
            items = one.properties.get("list-items")
            names = [str(item["id"]) for item in items] if isinstance(items, list) else []  # type: ignore[index,call-overload]
            acts.append(st.builds(Tap, target=st.just(one.name), item=st.sampled_from(names)))
            continue
        values = candidates(one, ACCEPTED[LATEST], TODAY, most=4)
        strange: list[JsonValue] = [None, "", "1: a # b", '"', "${any}", "\ud800", True, ["x"]]
        acts.append(
            st.builds(Fill, target=st.just(one.name), value=st.sampled_from(values + strange))
        )
    return st.one_of(acts)


def test_inputs_that_are_filled_in_one_after_the_other_are_one_step() -> None:
    flow = a_flow(an_input("a"), an_input("b"), a="${form.a}", b="${form.b}")
    text = recorded(
        flow,
        Fill(target="a", value="A"),
        Fill(target="a", value="Ada"),
        Fill(target="B", value="2"),
        Fill(target="a", value="Eve"),
        Tap(target="Send"),
    )
    assert steps_of(text) == [
        '- fill: {a: Ada, b: "2"}',
        "- fill: {a: Eve}",
        "- tap: Send",
        '- expect: {payload: {a: Eve, b: "2"}}',
    ]


def test_a_value_that_ran_something_is_not_folded_away() -> None:
    update: JsonValue = {"name": "update_data", "payload": {"n": 1}}
    choice: JsonValue = {
        "type": "RadioButtonsGroup",
        "name": "c",
        "label": "C",
        "data-source": [
            {"id": "x", "title": "X", "on-select-action": update},
            {"id": "z", "title": "Z"},
        ],
    }
    text = recorded(a_flow(choice), Fill(target="c", value="x"), Fill(target="c", value="z"))
    assert steps_of(text)[:2] == ["- fill: {c: x}", "- fill: {c: z}"]


def test_a_footer_that_cannot_be_tapped_is_expected_to_stay_so() -> None:
    flow = a_flow(an_input("a", required=True), a="${form.a}")
    text = recorded(flow, Tap(target="Footer"), Fill(target="a", value="1"), Tap(target="Send"))
    assert steps_of(text)[:3] == [
        "- expect: {can_continue: false}",
        '- fill: {a: "1"}',
        "- tap: Send",
    ]


def test_a_walk_that_ends_half_way_says_what_shows_then() -> None:
    flow = a_flow(an_input("a", required=True))
    text = recorded(flow, Fill(target="a", value="x"))
    assert steps_of(text)[-1] == "- expect: {screen: ONLY, can_continue: true}"
    assert steps_of(recorded(flow, Close())) == ["- close: true"]


def test_passwords_and_codes_are_not_written_down_and_what_is_equal_stays_equal() -> None:
    flow = a_flow(
        an_input("code", input_type="passcode", min_chars=6, max_chars=6),
        an_input("again", input_type="passcode", min_chars=6, max_chars=6),
        an_input("word", input_type="password"),
        code="${form.code}",
        joined="`${form.again} ' and ' ${form.word}`",
    )
    text = recorded(
        flow,
        Fill(target="code", value="904217"),
        Fill(target="again", value="904217"),
        Fill(target="word", value="correct horse"),
        Tap(target="Send"),
    )
    assert "904217" not in text
    assert "horse" not in text
    assert steps_of(text)[:2] == [
        "# Made up, as these are secrets: code, again, word.",
        '- fill: {code: "123456", again: "123456", word: "Secret123!"}',
    ]
    assert 'code: "123456"' in steps_of(text)[-1]
    assert ran(f"scenarios:\n{text}", flow).failure is None


def test_a_code_that_is_refused_is_replaced_by_one_that_is_refused() -> None:
    flow = a_flow(an_input("code", input_type="passcode", min_chars=6))
    text = recorded(flow, Fill(target="code", value="777"))
    assert "777" not in text
    assert steps_of(text)[-1] == "- expect: {screen: ONLY, can_continue: false}"


def test_a_secret_that_nothing_can_stand_for_is_left_to_the_author() -> None:
    flow = a_flow(an_input("word", input_type="password", pattern="^Quokka-\\d\\d$"))
    text = recorded(flow, Fill(target="word", value="Quokka-42"), Close())
    assert steps_of(text) == [
        "# Left out: write a value of your own for word, which is a secret.",
        "- close: true",
    ]


def test_a_secret_that_the_endpoint_repeats_is_not_written_down_either() -> None:
    flow = a_flow(an_input("word", input_type="password"))
    exchange: JsonValue = {"name": "data_exchange", "payload": {"word": "${form.word}"}}
    flow["screens"][0]["layout"]["children"][1]["on-click-action"] = exchange  # type: ignore[index,call-overload]

    def endpoint(request: Request) -> Answer:
        params: JsonValue = {"said": f"you typed {request.data['word']}", "id": 1}
        return Answer(screen="SUCCESS", data={"extension_message_response": {"params": params}})

    acts = (Fill(target="word", value="tr0ub4dor"), Tap(target="Send"))
    text = recorded_scenario("A walk", acts, done(flow, acts, endpoint=endpoint), flow)
    assert "tr0ub4dor" not in text
    assert steps_of(text)[-1] == '- expect: {payload: {said: "${any}", id: 1}}'


def test_the_endpoint_is_not_asked_again() -> None:
    example = EXAMPLES["booking"]
    scenario, asked = example.scenarios[0], list[Request]()
    answers = example.endpoint()
    assert answers is not None

    def endpoint(request: Request) -> Answer:
        asked.append(request)
        return answers(request)

    acts = acts_of(scenario)
    session = done(example.flow_json, acts, start=scenario.start, endpoint=endpoint)
    number = len(asked)
    assert "payload" in recorded_scenario("A walk", acts, session, example.flow_json)
    assert len(asked) == number > 3


def test_files_are_compared_by_name_as_their_ids_differ_each_time() -> None:
    picker: JsonValue = {"type": "PhotoPicker", "name": "p", "label": "P"}
    flow = a_flow(picker, p="${form.p}")
    text = recorded(flow, Fill(target="p", value=["a.jpg"]), Tap(target="Send"))
    assert steps_of(text)[-1] == (
        "- expect: {payload: {p: [{file_name: a.jpg, mime_type: image/jpeg}]}}"
    )


def test_a_text_that_means_something_to_expectations_fits_all_the_same() -> None:
    flow = a_flow(an_input("a"), a="${form.a}")
    text = recorded(flow, Fill(target="a", value="${none}"), Tap(target="Send"))
    assert ran(f"scenarios:\n{text}", flow).failure is None


def test_how_the_flow_was_opened_is_written_where_it_is_not_usual() -> None:
    flow = a_flow(an_input("a"))
    start = Start(
        screen="ONLY", data={"n": 1}, data_set=DataSet.EMPTY, asks_endpoint=False, flow_token="t"
    )
    text = recorded(flow, Fill(target="a", value="x"), start=start)
    assert read(f"scenarios:\n{text}")[0].start == start
    assert "start" not in recorded(flow, Fill(target="a", value="x"))


def test_the_day_is_written_where_days_were_chosen() -> None:
    flow = a_flow({"type": "DatePicker", "name": "d", "label": "D"}, an_input("a"))
    assert "today" not in recorded(flow, Fill(target="a", value="x"))
    assert 'today: "2026-11-28"' in recorded(flow, Fill(target="d", value="2026-12-01"))


def test_what_the_changed_flow_does_not_take_is_left_out_and_said() -> None:
    old, new = a_flow(an_input("old"), an_input("a")), a_flow(an_input("a"))
    acts = (Fill(target="old", value="x"), Fill(target="a", value="b"), Close())
    text = recorded_scenario("A walk", acts, done(old, acts), new)
    first, *others = steps_of(text)
    assert first.startswith('# Left out, as it is not possible: screen "ONLY" shows no "old".')
    assert others == ["- fill: {a: b}", "- close: true"]


@pytest.mark.parametrize("acts", [(), (Fill(target="gone", value="x"),)])
def test_nothing_is_recorded_where_nothing_was_done(acts: tuple[Act, ...]) -> None:
    flow = a_flow(an_input("a"))
    with pytest.raises(FlowsyncError, match="nothing was done in the flow yet"):
        recorded_scenario("A walk", acts, Session(flow, today=TODAY), flow)


def test_a_flow_that_cannot_be_run_is_not_recorded() -> None:
    with pytest.raises(FlowsyncError, match="nothing to record: A Flow JSON is an object"):
        recorded_scenario("A walk", (Close(),), Session([], today=TODAY), [])


@pytest.mark.parametrize(
    "name",
    ["yes", "12", "a: b # c", "<b>\x1b[31m", "- x", "\ud800", "  ", "line\nline", '"', "Ünï 😀"],
)
def test_any_name_can_be_given(name: str) -> None:
    flow = a_flow(an_input("a"))
    acts = (Fill(target="a", value="x"),)
    text = recorded_scenario(name, acts, done(flow, acts), flow)
    given = name.encode("utf-8", "replace").decode().strip()
    assert read(f"scenarios:\n{text}")[0].name == (given or "A recorded walk")


def test_an_element_is_called_by_the_first_word_that_means_it_alone() -> None:
    link: JsonValue = {"name": "open_url", "url": "https://example.com"}
    same: JsonValue = {"type": "EmbeddedLink", "text": "More", "on-click-action": link}
    other: JsonValue = {**same, "text": "a"}  # type: ignore[dict-item]
    flow = a_flow(an_input("a", label="Name"), same, same, other)
    view = Session(flow, today=TODAY).view()
    words = [word_for(view, one.pointer) for one in view.walk()]
    assert words == ["a", None, None, None, "Send"]
    assert word_for(view, ("nowhere",)) is None

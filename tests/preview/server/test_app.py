"""The preview over HTTP: who gets in, what each act does, and what no answer ever holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from flowsync.diagnostics import Diagnostic, Span
from flowsync.model import FlowKey, JsonValue
from flowsync.preview.engine import Answer
from flowsync.preview.server.acts import Desk
from flowsync.preview.server.app import PreviewApp
from flowsync.preview.studio import Moment, PreviewFlow, Studio

TOKEN = "a-token"
HOST = "127.0.0.1:8000"
SCREEN = ("screens", 0, "layout", "children")


def component(kind: str, **properties: JsonValue) -> dict[str, JsonValue]:
    return {"type": kind, **{key.replace("_", "-"): item for key, item in properties.items()}}


def layout(*children: JsonValue) -> JsonValue:
    return {"type": "SingleColumnLayout", "children": [*children]}


def navigate(screen: str, **payload: JsonValue) -> JsonValue:
    return {"name": "navigate", "next": {"type": "screen", "name": screen}, "payload": {**payload}}


def a_flow(label: str = "Your name") -> dict[str, JsonValue]:
    """Give a flow of two screens."""
    cases: JsonValue = {
        "1": [component("TextBody", text="One")],
        "2": [component("TextBody", text="Two")],
    }
    first: list[JsonValue] = [
        component("TextInput", name="who", label=label, required=True),
        component("Switch", value="${form.who}", cases=cases),
        component("Footer", label="Next", on_click_action=navigate("LAST", who="${form.who}")),
    ]
    last: list[JsonValue] = [
        component("TextHeading", text="${data.who}"),
        component(
            "Footer",
            label="Done",
            on_click_action={"name": "complete", "payload": {"who": "${data.who}"}},
        ),
    ]
    who: JsonValue = {"who": {"type": "string", "__example__": "Ada"}}
    return {
        "version": "7.3",
        "screens": [
            {"id": "FIRST", "title": "First", "layout": layout(*first)},
            {"id": "LAST", "title": "Last", "terminal": True, "data": who, "layout": layout(*last)},
        ],
    }


class Opened:
    """A preview of two flows, `a` and `b`, and a client of it."""

    def __init__(self) -> None:
        self.flows = {FlowKey(key): self.flow(key) for key in ("a", "b")}
        self.saved: list[str] = []
        self.studio = Studio(lambda: self.flows, today=lambda: date(2026, 1, 5))
        desk = Desk(self.studio, self._save)
        self.client = Client(PreviewApp(desk, token=TOKEN))

    def _save(self, moment: Moment, name: str) -> str:
        self.saved.append(name)
        return f"saved {name}"

    @staticmethod
    def flow(key: str, **fields: Any) -> PreviewFlow:
        given: dict[str, Any] = {"flow_json": a_flow(), "flow_json_path": f"flows/{key}.json"}
        return PreviewFlow(key=FlowKey(key), name=f"Flow {key}", **{**given, **fields})

    def get(self, path: str = "", **more: Any) -> TestResponse:
        return self.client.get(f"/{TOKEN}/{path}", headers={"Host": HOST}, **more)

    def act(self, act: str, **fields: JsonValue) -> dict[str, str]:
        """Send an act that is taken, and give the state."""
        answer = self.post({"act": act, **fields})
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)  # type: ignore[no-any-return]

    def post(self, body: Any, **headers: str) -> TestResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        kind = headers.pop("content_type", "application/json")
        return self.client.post(
            f"/{TOKEN}/act", data=text, content_type=kind, headers={"Host": HOST, **headers}
        )


@pytest.fixture
def opened() -> Opened:
    """Give a preview at its first screen."""
    return Opened()


def place(*rest: str | int) -> str:
    return "/" + "/".join(map(str, (*SCREEN, *rest)))


# --- who gets in ---


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/wrong/", {}),
        ("/a-toke/", {}),
        (f"/{TOKEN}/", {"Host": "evil.example"}),
        (f"/{TOKEN}/", {"Host": "127.0.0.1.evil.example:8000"}),
        (f"/{TOKEN}/state", {"Origin": "http://evil.example"}),
        (f"/{TOKEN}/state", {"Origin": "http://127.0.0.1:9999"}),
        (f"/{TOKEN}/state", {"Origin": "null"}),
        (f"/{TOKEN}/state", {"Sec-Fetch-Site": "cross-site"}),
        (f"/{TOKEN}/page.js", {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_only_the_browser_that_was_sent_here_gets_in(
    opened: Opened, path: str, headers: Mapping[str, str]
) -> None:
    answer = opened.client.get(path, headers={"Host": HOST, **headers})
    assert answer.status_code == 403
    assert "Flow a" not in answer.text


@pytest.mark.parametrize("host", [HOST, "localhost:8000", "[::1]:8000"])
def test_every_name_of_this_machine_leads_here(opened: Opened, host: str) -> None:
    assert opened.client.get(f"/{TOKEN}/", headers={"Host": host}).status_code == 200


def test_an_act_of_another_page_is_not_carried_out(opened: Opened) -> None:
    answer = opened.post({"act": "flow", "value": "b"}, Origin="http://evil.example")
    assert answer.status_code == 403
    form = opened.post('{"act": "flow", "value": "b"}', content_type="text/plain")
    assert form.status_code == 415  # what a form of another page could send without asking
    flow = opened.studio.moment().flow
    assert flow is not None
    assert flow.key == "a"


def test_every_answer_forbids_what_a_page_could_load(opened: Opened) -> None:
    for answer in (opened.get(), opened.get("state"), opened.get("nope.js"), opened.post("{")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'sha256-" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("name", ["page.js", "morph.js", "overlays.js", "lists.js", "calendar.js"])
def test_the_scripts_of_the_page_are_served(opened: Opened, name: str) -> None:
    answer = opened.get(name)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"


def test_the_page_is_painted_without_waiting_for_styles(opened: Opened) -> None:
    answer = opened.get()
    [styles] = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]
    assert "stylesheet" not in answer.text


def test_news_come_to_a_page_of_earlier_files_at_once(opened: Opened) -> None:
    assert 'data-version="0"' in opened.get().text
    opened.studio.reload()
    assert "event: changed\ndata: 1" in opened.get("events?since=0").text
    opened.studio.close()  # so that nobody waits
    assert "event: same\ndata: 1" in opened.get("events?since=1").text


@pytest.mark.parametrize(
    "name", ["../drawing.py", "..%2fdrawing.py", "%2e%2e/values.py", "drawing.py", "templates", "x"]
)
def test_no_other_file_is(opened: Opened, name: str) -> None:
    answer = opened.get(name)
    assert answer.status_code in {403, 404}
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "3", '{"act": 3}', '{"act": "nope"}', "[" * 100_000, b"\xff", '{"a": NaN}'],
)
def test_what_no_page_of_ours_sends_is_refused(opened: Opened, body: str) -> None:
    answer = opened.post(body)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_wrong_methods_are_refused_with_those_that_are_right(opened: Opened) -> None:
    got = opened.client.get(f"/{TOKEN}/act", headers={"Host": HOST})
    assert (got.status_code, got.headers["Allow"]) == (405, "POST")
    assert got.text == "GET is not for this address of the preview. Use POST.\n"
    posted = opened.client.post(f"/{TOKEN}/state", headers={"Host": HOST})
    assert (posted.status_code, posted.headers["Allow"]) == (405, "GET, HEAD")
    assert opened.client.head(f"/{TOKEN}/", headers={"Host": HOST}).status_code == 200


# --- what a person does ---


def test_a_flow_is_filled_in_and_gone_through(opened: Opened) -> None:
    assert 'aria-disabled="true"' in opened.act("leave", pointer=place(0))["screen"]
    state = opened.act("fill", pointer=place(0), name="who", value="Grace")
    assert "aria-disabled" not in state["screen"]
    assert "&#34;who&#34;: &#34;Grace&#34;" in state["inspector"]
    state = opened.act("tap", pointer=place(2))
    assert 'data-screen="LAST"' in state["screen"]
    assert "Grace" in state["screen"]
    assert 'data-screen="FIRST"' in opened.act("back")["screen"]
    opened.act("tap", pointer=place(2))
    state = opened.act("tap", pointer="/screens/1/layout/children/1")
    assert "Completed" in state["screen"]
    assert "nfm_reply" in state["inspector"]
    assert 'data-screen="FIRST"' in opened.act("restart")["screen"]


def test_what_is_not_possible_is_said_and_changes_nothing(opened: Opened) -> None:
    for fields, said in (
        ({"act": "fill", "pointer": place(9), "value": "x"}, "does not show any more"),
        ({"act": "fill", "name": "who", "value": [1]}, "takes a text"),
        ({"act": "flow", "value": "nope"}, 'no flow "nope"'),
        ({"act": "look", "name": "theme", "value": "pink"}, "no look"),
        ({"act": "data", "value": "pink"}, "no set of data"),
        ({"act": "fault", "value": "pink"}, "no fault"),
        ({"act": "opening", "value": "pink"}, "no opening"),
        ({"act": "restart", "value": "NOWHERE"}, 'no screen "NOWHERE"'),
        ({"act": "save", "value": " "}, "needs a name"),
    ):
        answer = opened.post(fields)
        assert answer.status_code == 200
        assert said in json.loads(answer.text)["error"], fields
    assert opened.saved == []


def test_a_case_whose_name_is_a_number_is_found_by_its_place(opened: Opened) -> None:
    state = opened.act("fill", pointer=place(0), value="2")
    assert "Two" in state["screen"]
    assert f'data-element="{place(1, "cases", 2, 0)}"' in state["screen"]


def test_flows_looks_data_and_screens_are_chosen(opened: Opened) -> None:
    assert 'data-value="b" aria-current' in opened.act("flow", value="b")["flows"]
    assert "phone ios dark" not in opened.act("look", name="theme", value="dark")["screen"]
    assert "ios dark" in opened.act("look", name="platform", value="ios")["screen"]
    assert (
        "Lorem"
        in opened.act("data", value="longest")["screen"]
        + (opened.act("restart", value="LAST")["screen"])
    )
    assert opened.act("look", name="view", value="sheet")["screen"].count("<figure") == 2
    state = opened.act("restart", value="LAST")  # opened from the sheet
    assert state["screen"].count("data-screen") == 1
    assert 'data-screen="LAST"' in state["screen"]
    assert "<svg" in opened.act("look", name="view", value="graph")["screen"]
    assert "preview --compare" in opened.act("look", name="view", value="changes")["screen"]


def test_what_was_done_is_handed_to_be_saved(opened: Opened) -> None:
    opened.act("fill", pointer=place(0), value="Ada")
    assert opened.act("save", value=" A walk ")["said"] == "saved A walk"
    assert opened.saved == ["A walk"]
    [deed] = opened.studio.moment().deeds
    assert deed.target == "who"  # type: ignore[union-attr]  # by its name, not its place


def test_an_endpoint_answers_and_fails_as_it_is_told(opened: Opened) -> None:
    ask: JsonValue = {"name": "data_exchange", "payload": {}}
    flow = a_flow()
    screens: Any = flow["screens"]
    screens[0]["layout"]["children"][0]["required"] = False
    screens[0]["layout"]["children"][2]["on-click-action"] = ask
    answers = lambda: lambda request: Answer(screen="LAST", data={"who": "the endpoint"})  # noqa: E731
    opened.flows[FlowKey("a")] = opened.flow(
        "a",
        flow_json={**flow, "data_api_version": "3.0", "routing_model": {"FIRST": ["LAST"]}},
        new_endpoint=answers,
    )
    opened.studio.reload()
    opened.act("restart")
    opened.act("fault", value="500")
    assert "Something went wrong" in opened.act("tap", pointer=place(2))["screen"]
    opened.act("fault", value="none")
    assert "the endpoint" in opened.act("tap", pointer=place(2))["screen"]
    assert "the endpoint" in opened.act("opening", value="data_exchange")["screen"]


# --- files that change ---


def test_a_change_is_told_and_keeps_screen_and_input(opened: Opened) -> None:
    opened.act("fill", pointer=place(0), value="Grace")
    version = opened.studio.version
    opened.flows[FlowKey("a")] = opened.flow("a", flow_json=a_flow("Full name"))
    opened.studio.reload()
    headers = {"Host": HOST, "Last-Event-ID": str(version)}
    news = opened.client.get(f"/{TOKEN}/events", headers=headers)
    assert news.mimetype == "text/event-stream"
    assert "event: changed" in news.text
    state = opened.get("state").text
    assert "Full name" in state
    assert "Grace" in state


def test_a_page_that_has_just_opened_is_told_at_once_as_files_may_have_changed(
    opened: Opened,
) -> None:
    assert "event: changed" in opened.get("events").text


def test_a_file_that_cannot_be_read_leaves_the_screen_and_says_why(opened: Opened) -> None:
    span = Span(line=3, column=5, end_line=3, end_column=6)
    wrong = Diagnostic(path="flows/a.json", span=span, rule="FS002", message="It is no JSON.")
    opened.flows[FlowKey("a")] = opened.flow("a", flow_json=None, findings=(wrong,))
    opened.studio.reload()
    state = json.loads(opened.get("state").text)
    assert "Your name" in state["screen"]
    assert "flows/a.json:3:5" in state["inspector"]
    assert "1 error" in state["flows"]


def test_a_finding_stands_beside_the_element_that_it_is_about(opened: Opened) -> None:
    span = Span(line=7, column=9, end_line=7, end_column=10)
    finding = Diagnostic(
        path="flows/a.json",
        span=span,
        rule="FS301",
        message="The label is long.",
        fix="Shorten it.",
        pointer=(*SCREEN, 0, "label"),
    )
    opened.flows[FlowKey("a")] = opened.flow("a", findings=(finding,))
    opened.studio.reload()
    screen = json.loads(opened.get("state").text)["screen"]
    element = screen.partition(f'data-element="{place(0)}"')[2].partition("data-element")[0]
    assert "flows/a.json:7:9: The label is long. Shorten it. [FS301]" in element


def test_a_flow_that_is_gone_gives_way_to_another(opened: Opened) -> None:
    del opened.flows[FlowKey("a")]
    opened.studio.reload()
    assert "Flow b" in opened.get("state").text
    del opened.flows[FlowKey("b")]
    opened.studio.reload()
    assert "There is no flow to try." in opened.get("state").text

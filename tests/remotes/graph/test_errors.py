"""What Meta's error codes and other answers become: an error class with a next step."""

from __future__ import annotations

import pytest
import requests

from flowsync.errors import (
    Mishap,
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.emulator.graph.options import GRAPH_ACCOUNT
from flowsync.remotes.interface import NewFlow
from flowsync.remotes.meta_codes import MEANINGS
from flowsync.retry_policy import Trouble, trouble_of
from tests.remotes.graph.support import Meta, error
from tests.support import TOKEN

FLOW = FlowId("1001")
CLASSES: dict[type[RemoteError], list[tuple[int, int | None]]] = {
    RemoteUnavailable: [
        *((code, None) for code in (1, 2, 131000, 131016)),
        (139001, 4016012),
        (139002, 4233014),
    ],
    RemoteThrottled: [(code, None) for code in (4, 17, 32, 613, 80007, 80008, 130429)],
    RemoteDenied: [(code, None) for code in (0, 190, 102, 3, 10, 200, 210, 299)],
    RemoteRejected: [
        *((code, None) for code in (368, 131031, 139000, 100, 139001, 139002, 139003, 139004)),
        *((code, None) for code in (132068, 132069, 131009, 2500, 999999)),
        (139000, 4233020),
        (100, 4016019),
        (100, 33),
        (139001, 4016010),
        (139002, 4233024),
        (139002, 4233012),
        (139002, 1),
    ],
}


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [(code, subcode, kind) for kind, codes in CLASSES.items() for code, subcode in codes],
)
def test_code_decides_the_class_of_the_error(
    meta: Meta, code: int, subcode: int | None, kind: type[RemoteError]
) -> None:
    meta.answers("POST", "1001/publish", error(code, subcode), status=400)
    with pytest.raises(RemoteError) as caught:
        meta.remote().publish_flow(FLOW)
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.subcode) == (code, subcode)
    assert caught.value.outcome_unknown is (kind is RemoteUnavailable)
    meaning = MEANINGS.get((code, subcode)) or MEANINGS.get((code, None))
    assert str(caught.value).endswith(
        meaning.next_step if meaning else "See what the message says."
    )


@pytest.mark.parametrize(
    ("code", "subcode", "trouble"),
    [
        (139001, 4016012, Trouble.STORED_BUT_FAILED),
        (139002, 4233014, Trouble.ENDPOINT_SILENT),
        (2, None, Trouble.PASSING),
    ],
)
def test_special_codes_have_their_own_policy(
    meta: Meta, code: int, subcode: int | None, trouble: Trouble
) -> None:
    meta.answers("POST", "1001/publish", error(code, subcode), status=400)
    with pytest.raises(RemoteError) as caught:
        meta.remote().publish_flow(FLOW)
    assert trouble_of(caught.value) is trouble


def test_unknown_code_that_is_transient_may_pass(meta: Meta) -> None:
    meta.answers("POST", "1001/publish", error(987, is_transient=True), status=400)
    with pytest.raises(RemoteUnavailable):
        meta.remote().publish_flow(FLOW)


def test_sentence_has_request_code_title_text_and_trace(meta: Meta) -> None:
    told = error(
        139002,
        4233012,
        error_user_title="Flow can't be published",
        error_user_msg="Upload a key.",
        message="(#139002) Publishing attempt failed",
    )
    meta.answers("POST", "1001/publish", told, status=400)
    with pytest.raises(RemoteRejected) as caught:
        meta.remote().publish_flow(FLOW)
    assert str(caught.value) == (
        "publish of flow 1001: Meta says code 139002/4233012, HTTP 400: \"Flow can't be "
        'published" (#139002) Publishing attempt failed Upload a key (fbtrace_id A1b2C3). Upload '
        "a signed public key for the phone number first."
    )


def test_token_that_an_error_repeats_is_not_shown(meta: Meta) -> None:
    told = error(190, message=f"Malformed access token {TOKEN}")
    meta.answers("GET", f"{GRAPH_ACCOUNT}/flows", told, status=401)
    with pytest.raises(RemoteDenied) as caught:
        meta.remote().list_flows()
    assert TOKEN not in str(caught.value)
    assert "Malformed access token ***" in str(caught.value)


def test_refused_reads_are_not_repeated(meta: Meta) -> None:
    meta.answers("GET", FLOW, error(190), status=401)
    with pytest.raises(RemoteDenied):
        meta.remote().get_flow(FLOW)
    assert len(meta.mock.calls) == 1


def test_unknown_account_is_told_as_such(meta: Meta) -> None:
    meta.answers("GET", f"{GRAPH_ACCOUNT}/flows", error(100, 33), status=400)
    with pytest.raises(RemoteRejected) as caught:
        meta.remote().list_flows()
    assert str(caught.value) == (
        f"list: Meta knows no account {GRAPH_ACCOUNT}, or lets this token not see it. Check "
        "`account` of the target, and the accounts of the system user at Meta."
    )


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (429, RemoteThrottled, "publish of flow 1001: HTTP 429. Meta asks for fewer requests:"),
        (500, RemoteUnavailable, "publish of flow 1001: HTTP 500 without a reason."),
        (503, RemoteUnavailable, "publish of flow 1001: HTTP 503 without a reason."),
        (302, RemoteUnavailable, "publish of flow 1001: the answer is a redirect (HTTP 302)"),
        (404, RemoteRejected, "publish of flow 1001: HTTP 404 without an error of Meta."),
        (200, RemoteUnavailable, "publish of flow 1001: the answer (HTTP 200, text/html) is no"),
    ],
)
def test_answer_without_an_error_object_is_judged_by_its_status(
    meta: Meta, status: int, kind: type[RemoteError], sentence: str
) -> None:
    url = "https://graph.facebook.com/v24.0/1001/publish"
    meta.mock.add("POST", url, status=status, body="<html>", content_type="text/html")
    with pytest.raises(RemoteError) as caught:
        meta.remote().publish_flow(FLOW)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(sentence)
    assert caught.value.outcome_unknown is (kind is RemoteUnavailable)


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_json_that_is_no_object_proves_nothing(meta: Meta, body: JsonValue) -> None:
    meta.answers("POST", "1001/publish", body)
    with pytest.raises(RemoteUnavailable) as caught:
        meta.remote().publish_flow(FLOW)
    assert caught.value.mishap is Mishap.UNREADABLE


@pytest.mark.parametrize("answer", [{}, {"id": 5}, {"id": ""}, {"id": "../1"}, {"success": True}])
def test_create_without_a_usable_id_is_an_unknown_outcome(meta: Meta, answer: JsonValue) -> None:
    meta.answers("POST", f"{GRAPH_ACCOUNT}/flows", answer)
    with pytest.raises(RemoteUnavailable, match="the answer names no flow id") as caught:
        meta.remote().create_flow(NewFlow(name="Alpha", categories=("OTHER",)))
    assert caught.value.outcome_unknown


def test_error_beside_an_id_is_a_flow_that_was_created(meta: Meta) -> None:
    answer: JsonValue = {"id": "1001", "success": False, **error(139002)}
    meta.answers("POST", f"{GRAPH_ACCOUNT}/flows", answer)
    assert meta.remote().create_flow(NewFlow(name="A", categories=("OTHER",))) == "1001"


def test_error_with_http_200_is_an_error_all_the_same(meta: Meta) -> None:
    meta.answers("POST", "1001/publish", error(139002))
    with pytest.raises(RemoteRejected):
        meta.remote().publish_flow(FLOW)


def test_success_that_is_false_is_no_success(meta: Meta) -> None:
    meta.answers("POST", "1001/publish", {"success": False})
    with pytest.raises(RemoteUnavailable, match="says that it was not done") as caught:
        meta.remote().publish_flow(FLOW)
    assert caught.value.outcome_unknown


def test_broken_connection_says_what_was_asked(meta: Meta) -> None:
    meta.mock.add(
        "GET",
        f"https://graph.facebook.com/v24.0/{GRAPH_ACCOUNT}/flows",
        body=requests.ConnectionError("reset"),
    )
    with pytest.raises(RemoteUnavailable) as caught:
        meta.remote().list_flows()
    assert str(caught.value).startswith("list: the connection broke. Check base_url")


@pytest.mark.parametrize(
    "answer", [{"id": "2002", "name": "A", "status": "DRAFT"}, {"id": "1001"}, {}]
)
def test_details_of_another_flow_or_without_name_are_unusable(
    meta: Meta, answer: JsonValue
) -> None:
    meta.answers("GET", FLOW, answer)
    with pytest.raises(RemoteUnavailable) as caught:
        meta.remote().get_flow(FLOW)
    assert caught.value.mishap is Mishap.UNREADABLE

from __future__ import annotations

import re
from typing import Any

import pytest

from flowsync.errors import (
    RemoteDenied,
    RemoteError,
    RemoteRejected,
    RemoteThrottled,
    RemoteUnavailable,
)
from flowsync.model import FlowId, JsonValue
from flowsync.remotes.gateway.answers import data_of
from flowsync.remotes.http import Answer
from flowsync.remotes.meta_codes import ErrorClass, meaning_of
from flowsync.remotes.operations import Operation

FLOW = FlowId("1001")
NO_TOKEN = "Failed to get a valid access token"
NEXT_STEP = re.compile(
    r"\b(Check|Run|Ask|Give|Declare|Upload|Wait|Look|Mend|Use|See|Correct|Publish|Deploy|Try"
    r"|run the command again|plan again|choose another|With `replace: true`)"
)


def answer(status: int, value: JsonValue, *, retry_after: float | None = None) -> Answer:
    return Answer(
        status=status,
        is_json=True,
        value=value,
        retry_after=retry_after,
        media_type="application/json",
    )


def page(status: int, media_type: str = "text/html", **more: Any) -> Answer:
    given: dict[str, Any] = {"retry_after": None, **more}
    return Answer(status=status, is_json=False, value=None, media_type=media_type, **given)


def meta(code: int, subcode: int | None = None, status: int = 400, **more: JsonValue) -> Answer:
    error: dict[str, JsonValue] = {"code": code, "message": "Words of Meta", **more}
    if subcode is not None:
        error["error_subcode"] = subcode
    return answer(status, {"success": False, "message": "Failed", "data": {"error": error}})


def error_of(found: Answer, operation: Operation = Operation.UPDATE) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        data_of(found, operation, FLOW)
    return caught.value


# --- successes ---


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ({"success": True, "message": "m", "data": {"a": 1}}, {"a": 1}),
        ({"success": True, "message": "m", "data": None}, None),
        ({"success": True, "message": "m", "data": []}, []),
        ({"id": "1"}, {"id": "1"}),
        ({"message": "Flow deleted"}, None),
        ({"message": "Done", "data": {"a": 1}}, {"a": 1}),
    ],
)
def test_success_gives_its_data(body: JsonValue, data: JsonValue) -> None:
    assert data_of(answer(200, body), Operation.GET, FLOW) == data


def test_success_with_pages_gives_all_of_it() -> None:
    body: JsonValue = {"success": True, "data": [], "paging": {"next": "x"}}
    assert data_of(answer(200, body), Operation.LIST) == body


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_can_be_a_success(status: int) -> None:
    assert data_of(answer(status, {"success": True, "data": 1}), Operation.CREATE) == 1


# --- E1 to E8 ---

Expected = tuple[type[RemoteError], bool]
SHAPES: dict[str, tuple[Answer, Expected]] = {
    "E1 failed without Meta's error": (
        answer(400, {"success": False, "message": "Failed", "data": []}),
        (RemoteRejected, False),
    ),
    "E1 with status 200 but no success": (
        answer(200, {"success": False, "message": "Failed", "data": None}),
        (RemoteUnavailable, True),
    ),
    "E1 with a success that is no boolean": (
        answer(200, {"success": 1, "message": "Failed", "data": None}),
        (RemoteUnavailable, True),
    ),
    "E1 with Meta's error": (meta(100, 4016019), (RemoteRejected, False)),
    "E1 with Meta's error and status 200": (meta(139001, 4016010, 200), (RemoteRejected, False)),
    "Meta's error at the top": (
        answer(400, {"error": {"code": 100, "message": "m"}}),
        (RemoteRejected, False),
    ),
    "E2": (answer(401, {"error": NO_TOKEN}), (RemoteRejected, False)),
    "E3": (
        answer(401, {"success": False, "message": NO_TOKEN, "data": None}),
        (RemoteRejected, False),
    ),
    "E4 404": (answer(404, {"message": "Not Found"}), (RemoteRejected, False)),
    "E4 405": (answer(405, {"message": "Not supported"}), (RemoteRejected, False)),
    "E4 413": (answer(413, {"message": "Too large"}), (RemoteRejected, False)),
    "E4 429": (answer(429, {"message": "Too Many"}, retry_after=7), (RemoteThrottled, False)),
    "E4 429 without a time": (answer(429, {"message": "Too Many"}), (RemoteThrottled, False)),
    "E4 500": (answer(500, {"message": "Server Error"}), (RemoteUnavailable, True)),
    "E4 500 with debug": (
        answer(500, {"message": "Boom", "exception": "E", "file": "f", "line": 1, "trace": []}),
        (RemoteUnavailable, True),
    ),
    "E4 503 maintenance": (answer(503, {"message": "Maintenance"}), (RemoteUnavailable, True)),
    "E4 503 with a time": (
        answer(503, {"message": "Unavailable"}, retry_after=9),
        (RemoteThrottled, False),
    ),
    "E5": (
        answer(422, {"message": "to is required.", "errors": {"to": ["to is required."]}}),
        (RemoteRejected, False),
    ),
    "E6": (
        answer(
            400,
            {
                "success": False,
                "message": "Validation Error(s)",
                "data": {"errors": {"file": ["The file field must be a file of type: json."]}},
            },
        ),
        (RemoteRejected, False),
    ),
    "E7 no token": (answer(401, {"error": "Token not provided"}), (RemoteDenied, False)),
    "E7 wrong token": (
        answer(401, {"error": "Invalid authentication token."}),
        (RemoteDenied, False),
    ),
    "E7 no right": (
        answer(403, {"error": "You do not have permission to access this resource."}),
        (RemoteDenied, False),
    ),
    "E7 unauthenticated": (answer(401, {"message": "Unauthenticated."}), (RemoteDenied, False)),
    "E8 page": (page(200), (RemoteUnavailable, True)),
    "E8 without a type": (page(200, ""), (RemoteUnavailable, True)),
    "E8 proxy error": (page(502), (RemoteUnavailable, True)),
    "E8 page behind 401": (page(401), (RemoteDenied, False)),
    "E8 page behind 404": (page(404), (RemoteRejected, False)),
    "JSON that is no object": (answer(200, []), (RemoteUnavailable, True)),
    "JSON that is no E1": (answer(200, {"hello": "world"}), (RemoteUnavailable, True)),
    "redirect": (page(302), (RemoteUnavailable, True)),
    "redirect 307": (page(307, ""), (RemoteUnavailable, True)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_gives_the_right_error(shape: str) -> None:
    found, (kind, outcome_unknown) = SHAPES[shape]
    error = error_of(found)
    assert type(error) is kind
    assert error.status == found.status
    assert error.outcome_unknown is outcome_unknown
    assert error.retry_after == found.retry_after


@pytest.mark.parametrize("shape", SHAPES)
def test_sentence_of_an_error_names_operation_flow_and_status(shape: str) -> None:
    found, _ = SHAPES[shape]
    sentence = str(error_of(found, Operation.PUBLISH))
    assert sentence.startswith("publish of flow 1001: ")
    assert f"HTTP {found.status}" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("shape", SHAPES)
def test_sentence_of_an_error_says_what_to_do_next(shape: str) -> None:
    found, _ = SHAPES[shape]
    assert NEXT_STEP.search(str(error_of(found)))


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[:2] in {"E4", "E5", "E7"}])
def test_sentence_of_an_error_quotes_what_the_gateway_says(shape: str) -> None:
    found, _ = SHAPES[shape]
    assert isinstance(found.value, dict)
    said = found.value.get("message") or found.value.get("error")
    assert f'"{said}"' in str(error_of(found))


def test_sentence_without_a_flow_names_the_operation_alone() -> None:
    with pytest.raises(RemoteError, match=r"^list: HTTP 404"):
        data_of(answer(404, {"message": "Not Found"}), Operation.LIST)


@pytest.mark.parametrize(
    "body",
    [
        {"message": "no", "errors": {"to": ["to is required."], "screen": "screen is odd."}},
        {
            "message": "no",
            "data": {"errors": {"to": ["to is required."], "screen": "screen is odd."}},
        },
    ],
)
def test_sentence_names_the_fields_that_are_wrong(body: JsonValue) -> None:
    sentence = str(error_of(answer(422, body)))
    assert "to: to is required. screen: screen is odd." in sentence


@pytest.mark.parametrize("errors", [None, [], {}, {"to": [7]}, "x"])
def test_odd_field_errors_are_left_out(errors: JsonValue) -> None:
    error = error_of(answer(422, {"message": "no", "errors": errors}))
    assert '"no"' in str(error)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 405, 422, 429, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        "text",
        [],
        {},
        {"message": ["a"], "error": ["b"]},
        {"success": False, "message": {"a": 1}},
        {"error": 7, "data": 7},
        {"data": {"error": "text", "errors": 7}},
        {"data": [{"error": {}}], "errors": {"a": {"b": 1}}},
    ],
    ids=str,
)
def test_odd_answer_is_an_error_of_the_remote_and_no_mistake(status: int, body: JsonValue) -> None:
    assert error_of(answer(status, body)).status == status


def test_long_texts_of_the_gateway_are_cut() -> None:
    sentence = str(error_of(answer(500, {"message": "x" * 5000})))
    assert len(sentence) < 600
    assert "…" in sentence


# --- G-21: whose token ---


@pytest.mark.parametrize("shape", ["E2", "E3"])
def test_gateway_without_metas_token_does_not_blame_our_credential(shape: str) -> None:
    sentence = str(error_of(SHAPES[shape][0]))
    assert "your credential is not the cause" in sentence
    assert "FLOWSYNC_TOKEN" not in sentence


@pytest.mark.parametrize("shape", ["E7 no token", "E7 wrong token", "E7 unauthenticated"])
def test_gateways_own_401_asks_for_another_credential(shape: str) -> None:
    sentence = str(error_of(SHAPES[shape][0]))
    assert "FLOWSYNC_TOKEN" in sentence
    assert "not the cause" not in sentence


@pytest.mark.parametrize("code", [0, 3, 10, 102, 190, 200, 299])
def test_metas_denial_is_about_the_gateways_token(code: int) -> None:
    error = error_of(meta(code, status=401))
    assert type(error) is RemoteDenied
    assert (error.code, error.outcome_unknown) == (code, False)
    assert "Meta refuses the gateway's own token; your credential is not the cause" in str(error)
    assert "FLOWSYNC_TOKEN" not in str(error)


# --- Meta's error object ---


def test_sentence_of_metas_error_holds_everything_that_was_said() -> None:
    found = meta(
        100,
        4016019,
        error_user_title="Flow name is not unique",
        error_user_msg="Choose a name that no flow has",
        fbtrace_id="AbCd123",
    )
    error = error_of(found, Operation.CREATE)
    assert (error.status, error.code, error.subcode) == (400, 100, 4016019)
    sentence = str(error)
    for part in (
        "create of flow 1001",
        "code 100/4016019",
        "HTTP 400",
        "Flow name is not unique",
        "Words of Meta",
        "Choose a name that no flow has",
        "AbCd123",
        "choose another `name`",
    ):
        assert part in sentence


def test_sentence_of_metas_error_does_without_what_was_not_said() -> None:
    found = answer(400, {"data": {"error": {"code": 100}}})
    sentence = str(error_of(found))
    assert "code 100, HTTP 400" in sentence
    assert "None" not in sentence
    assert "fbtrace_id" not in sentence


def test_same_text_twice_is_said_once() -> None:
    sentence = str(error_of(meta(100, error_user_msg="Words of Meta")))
    assert sentence.count("Words of Meta") == 1


@pytest.mark.parametrize("code", [None, True, "190", 1.5])
def test_error_without_a_usable_code_is_a_refusal(code: JsonValue) -> None:
    error = error_of(answer(400, {"data": {"error": {"code": code, "message": "m"}}}))
    assert type(error) is RemoteRejected
    assert error.code is None
    assert "unnumbered" in str(error)


CLASSES: dict[type[RemoteError], list[tuple[int, int | None]]] = {
    RemoteUnavailable: [
        (1, None),
        (2, None),
        (131000, None),
        (131016, None),
        (139001, 4016012),
        (139002, 4233014),
    ],
    RemoteThrottled: [(code, None) for code in (4, 17, 32, 613, 80007, 80008, 130429)],
    RemoteDenied: [(code, None) for code in (0, 190, 102, 3, 10, 200, 250, 299)],
    RemoteRejected: [
        (368, None),
        (131031, None),
        (139000, None),
        (139000, 4233020),
        (100, None),
        (100, 33),
        (100, 4016019),
        (139001, None),
        (139001, 4016010),
        (139002, None),
        (139002, 4233024),
        (139002, 4233012),
        (139003, None),
        (139004, None),
        (132068, None),
        (132069, None),
        (131009, None),
        (987654, None),
        (199, None),
        (300, None),
    ],
}


@pytest.mark.parametrize(
    ("kind", "code", "subcode"),
    [(kind, *numbers) for kind, found in CLASSES.items() for numbers in found],
)
def test_code_of_meta_decides_the_kind_of_error(
    kind: type[RemoteError], code: int, subcode: int | None
) -> None:
    error = error_of(meta(code, subcode))
    assert type(error) is kind
    assert (error.code, error.subcode) == (code, subcode)
    assert error.outcome_unknown is (kind is RemoteUnavailable)
    assert str(error).endswith(".")


def test_unknown_subcode_counts_as_its_code() -> None:
    assert meaning_of(139001, 1, is_transient=False) == meaning_of(139001, None, is_transient=False)


def test_unknown_code_that_meta_calls_transient_is_passing() -> None:
    error = error_of(meta(987654, is_transient=True))
    assert type(error) is RemoteUnavailable
    assert error.outcome_unknown


def test_known_refusal_stays_one_whatever_meta_calls_it() -> None:
    assert meaning_of(100, 4016019, is_transient=True).kind is ErrorClass.REFUSED


def test_throttling_by_meta_keeps_the_named_time() -> None:
    body: JsonValue = {"data": {"error": {"code": 80008, "message": "m"}}}
    error = error_of(answer(400, body, retry_after=120))
    assert type(error) is RemoteThrottled
    assert error.retry_after == 120

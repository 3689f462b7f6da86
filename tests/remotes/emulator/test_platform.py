"""The platform's own rules, one by one (reference, section F.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flowsync.remotes.emulator.platform import (
    CATEGORIES,
    LIVE_VERSIONS_KEPT,
    MAX_CONTENT_BYTES,
    Platform,
)
from flowsync.remotes.emulator.refusals import NO_ENDPOINT_TITLE, PlatformError
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.emulator.stored import StoredFlow
from flowsync.validation.platform import upload_findings
from tests.support import flow_json

ACCOUNT = "account"
GOOD = json.dumps(flow_json()).encode()
WITH_ENDPOINT = json.dumps(flow_json(endpoint=True)).encode()
INVALID = json.dumps({**flow_json(), "extra": 1}).encode()


@pytest.fixture
def platform() -> Iterator[Platform]:
    store = Store(":memory:")
    yield Platform(store, upload_findings)
    store.close()


def draft(platform: Platform, name: str = "Alpha", content: bytes | None = GOOD) -> str:
    flow_id = platform.create_flow(ACCOUNT, name=name, categories=["OTHER"])
    if content is not None:
        platform.upload(flow_id, content)
    return flow_id


def live(platform: Platform, name: str = "Alpha", content: bytes = GOOD) -> str:
    flow_id = draft(platform, name, content)
    platform.publish(flow_id)
    return flow_id


def refused(call: Callable[[], object]) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        call()
    assert caught.value.status == 400
    return caught.value


def numbers(error: PlatformError) -> tuple[int, int | None]:
    return error.code, error.subcode


# --- create ---


@pytest.mark.parametrize(
    ("name", "categories"),
    [
        (None, ["OTHER"]),
        ("", ["OTHER"]),
        ("A", None),
        ("A", []),
        ("A", ["NONSENSE"]),
        ("A", ["OTHER", "other"]),
    ],
)
def test_create_without_name_or_with_odd_categories_is_refused(
    platform: Platform, name: str | None, categories: list[str] | None
) -> None:
    error = refused(lambda: platform.create_flow(ACCOUNT, name=name, categories=categories))
    assert numbers(error) == (100, None)
    assert platform.list_flows(ACCOUNT) == ()


def test_every_category_is_taken(platform: Platform) -> None:
    flow_id = platform.create_flow(ACCOUNT, name="A", categories=sorted(CATEGORIES))
    assert set(platform.get_flow(flow_id).categories) == CATEGORIES
    assert len(CATEGORIES) == 9


def test_new_flow_is_an_empty_draft(platform: Platform) -> None:
    flow_id = draft(platform, content=None)
    assert flow_id.isdigit()
    assert platform.get_flow(flow_id) == StoredFlow(
        id=flow_id,
        account=ACCOUNT,
        name="Alpha",
        status="DRAFT",
        categories=("OTHER",),
        endpoint_uri=None,
        flow_json=None,
        findings=(),
        was_published=False,
        is_legacy=False,
    )
    assert platform.get_flow(flow_id).content is None
    assert platform.get_flow(flow_id).content_text("version") is None


@pytest.mark.parametrize("status", ["DRAFT", "PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED"])
def test_name_is_taken_whatever_the_status_of_the_flow_that_has_it(
    platform: Platform, status: str
) -> None:
    platform.force_status(draft(platform), status)
    other = draft(platform, "Beta")
    for call in (
        lambda: platform.create_flow(ACCOUNT, name="Alpha", categories=["OTHER"]),
        lambda: platform.update_flow(other, name="Alpha"),
    ):
        error = refused(call)
        assert numbers(error) == (100, 4016019)
        assert error.title


def test_name_is_free_in_another_account_and_after_deletion(platform: Platform) -> None:
    flow_id = draft(platform)
    platform.create_flow("other", name="Alpha", categories=["OTHER"])
    platform.delete(flow_id)
    assert draft(platform) != flow_id


def test_id_of_a_deleted_flow_is_not_given_again(platform: Platform) -> None:
    first = draft(platform)
    platform.delete(first)
    assert int(draft(platform)) > int(first)


def test_clone_has_the_content_of_its_source_and_its_own_metadata(platform: Platform) -> None:
    source = draft(platform, "Source", INVALID)
    flow_id = platform.create_flow(
        ACCOUNT,
        name="Clone",
        categories=["SURVEY"],
        clone_flow_id=source,
        endpoint_uri="https://x.test/",
    )
    clone, original = platform.get_flow(flow_id), platform.get_flow(source)
    assert (clone.name, clone.categories, clone.status) == ("Clone", ("SURVEY",), "DRAFT")
    assert clone.endpoint_uri == "https://x.test/"
    assert clone.flow_json == INVALID
    assert clone.findings == original.findings != ()


def test_clone_of_a_published_flow_is_a_draft_that_was_never_published(platform: Platform) -> None:
    source = live(platform)
    flow_id = platform.create_flow(
        ACCOUNT, name="Clone", categories=["OTHER"], clone_flow_id=source
    )
    clone = platform.get_flow(flow_id)
    assert (clone.status, clone.was_published) == ("DRAFT", False)


def test_clone_of_an_unknown_flow_is_refused(platform: Platform) -> None:
    error = refused(
        lambda: platform.create_flow(ACCOUNT, name="Clone", categories=["OTHER"], clone_flow_id="1")
    )
    assert error.code == 100
    assert platform.list_flows(ACCOUNT) == ()


# --- reading ---


def test_list_gives_the_flows_of_an_account_in_order_of_creation(platform: Platform) -> None:
    first, second = draft(platform, "Z"), draft(platform, "A")
    platform.create_flow("other", name="B", categories=["OTHER"])
    assert [flow.id for flow in platform.list_flows(ACCOUNT)] == [first, second]
    assert platform.list_flows("nobody") == ()


@pytest.mark.parametrize("flow_id", ["1", "", "abc", "1170000000000001x", "0x1", "' OR 1=1"])
def test_unknown_id_is_refused_everywhere(platform: Platform, flow_id: str) -> None:
    draft(platform)
    calls: list[Callable[[], object]] = [
        lambda: platform.get_flow(flow_id),
        lambda: platform.update_flow(flow_id, name="B"),
        lambda: platform.upload(flow_id, GOOD),
        lambda: platform.publish(flow_id),
        lambda: platform.deprecate(flow_id),
        lambda: platform.delete(flow_id),
        lambda: platform.send(flow_id, to="1", screen="S"),
        lambda: platform.force_status(flow_id, "BLOCKED"),
        lambda: platform.make_legacy(flow_id),
    ]
    for call in calls:
        error = refused(call)
        assert numbers(error) == (100, 33)
        assert (error.kind, error.title) == ("GraphMethodException", None)


# --- update ---


def test_update_keeps_what_is_left_out(platform: Platform) -> None:
    flow_id = draft(platform)
    platform.update_flow(flow_id, endpoint_uri="https://x.test/")
    platform.update_flow(flow_id, categories=["SURVEY", "OTHER"])
    platform.update_flow(flow_id, name="Beta")
    flow = platform.get_flow(flow_id)
    assert (flow.name, flow.categories, flow.endpoint_uri) == (
        "Beta",
        ("SURVEY", "OTHER"),
        "https://x.test/",
    )
    assert flow.flow_json == GOOD


@pytest.mark.parametrize("categories", [[], ["NONSENSE"]])
def test_update_to_odd_categories_is_refused(platform: Platform, categories: list[str]) -> None:
    flow_id = live(platform)
    error = refused(lambda: platform.update_flow(flow_id, categories=categories))
    assert numbers(error) == (100, None)
    assert platform.get_flow(flow_id).status == "PUBLISHED"


def test_flow_may_be_renamed_to_its_own_name(platform: Platform) -> None:
    flow_id = draft(platform)
    platform.update_flow(flow_id, name="Alpha")
    assert platform.get_flow(flow_id).name == "Alpha"


def edits(platform: Platform, flow_id: str) -> dict[str, Callable[[], object]]:
    return {
        "metadata": lambda: platform.update_flow(flow_id, name="Other"),
        "nothing": lambda: platform.update_flow(flow_id),
        "the same": lambda: platform.update_flow(flow_id, name="Alpha"),
        "content": lambda: platform.upload(flow_id, json.dumps(flow_json("New")).encode()),
        "the same content": lambda: platform.upload(flow_id, GOOD),
    }


@pytest.mark.parametrize("edit", ["metadata", "nothing", "the same", "content", "the same content"])
def test_any_edit_of_a_published_flow_makes_it_a_draft_and_keeps_the_live_version(
    platform: Platform, edit: str
) -> None:
    flow_id = live(platform)
    edits(platform, flow_id)[edit]()
    assert platform.get_flow(flow_id).status == "DRAFT"
    assert platform.live_versions(flow_id) == (GOOD,)
    assert platform.send(flow_id, to="1", screen="S")


@pytest.mark.parametrize("edit", ["metadata", "nothing", "the same", "content", "the same content"])
@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED"])
def test_legacy_and_deprecated_flows_refuse_every_edit(
    platform: Platform, edit: str, status: str
) -> None:
    flow_id = live(platform)
    if status != "DEPRECATED":
        platform.make_legacy(flow_id)
    platform.force_status(flow_id, status)
    before = platform.get_flow(flow_id)
    error = refused(edits(platform, flow_id)[edit])
    assert numbers(error) == (139001, 4016010)
    assert platform.get_flow(flow_id) == before


def test_legacy_draft_can_be_edited(platform: Platform) -> None:
    flow_id = draft(platform)
    platform.make_legacy(flow_id)
    platform.update_flow(flow_id, name="Other")
    platform.upload(flow_id, WITH_ENDPOINT)
    assert platform.get_flow(flow_id).flow_json == WITH_ENDPOINT


# --- upload ---


def test_upload_gives_and_keeps_its_findings_and_its_content(platform: Platform) -> None:
    flow_id = draft(platform)
    (finding,) = platform.upload(flow_id, INVALID)
    flow = platform.get_flow(flow_id)
    assert isinstance(finding, dict)
    assert finding["error"] == "INVALID_PROPERTY_KEY"
    assert flow.findings == (finding,)
    assert flow.flow_json == INVALID
    assert platform.upload(flow_id, GOOD) == ()
    assert platform.get_flow(flow_id).findings == ()


def test_upload_beyond_ten_megabytes_is_refused(platform: Platform) -> None:
    flow_id = draft(platform)
    error = refused(lambda: platform.upload(flow_id, b" " * (MAX_CONTENT_BYTES + 1)))
    assert numbers(error) == (100, None)
    assert platform.get_flow(flow_id).flow_json == GOOD
    assert MAX_CONTENT_BYTES == 10_485_760


def test_upload_that_is_not_json_is_kept_with_a_finding(platform: Platform) -> None:
    flow_id = draft(platform)
    (finding,) = platform.upload(flow_id, b"{nonsense")
    assert isinstance(finding, dict)
    assert finding["error"] == "INVALID_FLOW_JSON"
    assert platform.get_flow(flow_id).content is None


# --- publish ---


def test_published_flow_is_live(platform: Platform) -> None:
    flow_id = live(platform)
    flow = platform.get_flow(flow_id)
    assert (flow.status, flow.was_published) == ("PUBLISHED", True)
    assert platform.live_versions(flow_id) == (GOOD,)


@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED", "NEW"])
def test_only_a_draft_is_published(platform: Platform, status: str) -> None:
    flow_id = draft(platform)
    platform.force_status(flow_id, status)
    error = refused(lambda: platform.publish(flow_id))
    assert numbers(error) == (139002, None)
    assert error.title


@pytest.mark.parametrize("content", [None, INVALID, b"{"])
def test_flow_without_valid_content_is_not_published(
    platform: Platform, content: bytes | None
) -> None:
    flow_id = draft(platform, content=content)
    assert numbers(refused(lambda: platform.publish(flow_id))) == (139002, None)
    assert platform.get_flow(flow_id).status == "DRAFT"
    assert platform.live_versions(flow_id) == ()


def test_flow_with_endpoint_is_published_only_with_its_address(platform: Platform) -> None:
    flow_id = draft(platform, content=WITH_ENDPOINT)
    error = refused(lambda: platform.publish(flow_id))
    assert numbers(error) == (139002, 4233024)
    assert error.title == NO_ENDPOINT_TITLE
    platform.update_flow(flow_id, endpoint_uri="https://x.test/")
    platform.publish(flow_id)
    assert platform.get_flow(flow_id).status == "PUBLISHED"


def test_last_five_versions_stay_live(platform: Platform) -> None:
    flow_id, other = draft(platform), live(platform, "Other")
    texts = [json.dumps(flow_json(f"Label {number}")).encode() for number in range(7)]
    for text in texts:
        platform.upload(flow_id, text)
        platform.publish(flow_id)
    assert LIVE_VERSIONS_KEPT == 5
    assert platform.live_versions(flow_id) == tuple(texts[2:])
    assert platform.live_versions(other) == (GOOD,)


# --- deprecate, delete, send ---


@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "BLOCKED"])
def test_live_flow_can_be_deprecated(platform: Platform, status: str) -> None:
    flow_id = live(platform)
    platform.force_status(flow_id, status)
    platform.deprecate(flow_id)
    assert platform.get_flow(flow_id).status == "DEPRECATED"


def test_draft_redrafted_or_deprecated_flow_is_not_deprecated(platform: Platform) -> None:
    redrafted, deprecated = live(platform, "B"), live(platform, "C")
    platform.update_flow(redrafted)
    platform.deprecate(deprecated)
    for flow_id in (draft(platform), redrafted, deprecated):
        error = refused(lambda flow_id=flow_id: platform.deprecate(flow_id))  # type: ignore[misc]
        assert numbers(error) == (139003, None)


def test_draft_that_was_never_published_can_be_deleted(platform: Platform) -> None:
    flow_id = draft(platform)
    platform.delete(flow_id)
    assert platform.list_flows(ACCOUNT) == ()
    assert numbers(refused(lambda: platform.get_flow(flow_id))) == (100, 33)


@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED", "DRAFT"])
def test_flow_that_was_ever_published_is_not_deleted(platform: Platform, status: str) -> None:
    flow_id = live(platform)
    platform.force_status(flow_id, status)
    assert numbers(refused(lambda: platform.delete(flow_id))) == (139004, None)
    assert platform.get_flow(flow_id).status == status


@pytest.mark.parametrize("status", ["PUBLISHED", "THROTTLED", "DRAFT"])
def test_flow_with_a_live_version_can_be_sent(platform: Platform, status: str) -> None:
    flow_id = live(platform)
    platform.force_status(flow_id, status)
    first = platform.send(flow_id, to="1", screen="S")
    assert first != platform.send(flow_id, to="1", screen="S")


def test_blocked_deprecated_or_unpublished_flow_is_not_sent(platform: Platform) -> None:
    blocked, deprecated = live(platform, "B"), live(platform, "C")
    platform.force_status(blocked, "BLOCKED")
    platform.deprecate(deprecated)
    assert refused(lambda: platform.send(blocked, to="1", screen="S")).code == 132068
    assert refused(lambda: platform.send(deprecated, to="1", screen="S")).code == 131009
    assert refused(lambda: platform.send(draft(platform), to="1", screen="S")).code == 131009


# --- errors, threads ---


def test_error_object_is_worded_as_metas() -> None:
    error = PlatformError("m", code=100, subcode=33, title="t").as_json()["error"]
    assert error == {
        "message": "m",
        "type": "OAuthException",
        "code": 100,
        "error_subcode": 33,
        "is_transient": False,
        "error_user_title": "t",
        "error_user_msg": "m",
        "fbtrace_id": "AEmulated100",
    }


def test_error_object_leaves_out_what_there_is_not() -> None:
    error: Any = PlatformError("m", code=2, status=503).as_json()["error"]
    assert set(error) == {"message", "type", "code", "is_transient", "fbtrace_id"}
    assert error["is_transient"] is True


def test_name_wanted_by_many_threads_goes_to_one(platform: Platform) -> None:
    def create(number: int) -> str | int:
        try:
            return platform.create_flow(ACCOUNT, name="Same", categories=["OTHER"])
        except PlatformError as exc:
            return exc.subcode or 0

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(create, range(32)))
    assert found.count(4016019) == 31
    assert len(platform.list_flows(ACCOUNT)) == 1


def test_threads_publishing_at_once_make_one_live_version(platform: Platform) -> None:
    flow_id = draft(platform)

    def publish(number: int) -> bool:
        try:
            platform.publish(flow_id)
        except PlatformError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(publish, range(16))) == 1
    assert len(platform.live_versions(flow_id)) == 1

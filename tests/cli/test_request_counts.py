from __future__ import annotations

import pytest

from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from tests.cli.serving import Served, run, statuses
from tests.support import Repository, flow_json


@pytest.fixture
def staging(repository: Repository, served: Served) -> Repository:
    """A repository whose one target is the served gateway."""
    repository.config(staging=served.target())
    return repository


def test_a_plan_that_rests_on_absence_lists_twice_and_does_nothing_else(
    staging: Repository, served: Served
) -> None:
    for key in "abc":
        staging.flow(key)
    assert run(staging, "plan").exit_code == 0
    assert served.taken() == {"list": 2}


def test_a_first_apply_of_new_published_flows_counts_each_operation(
    staging: Repository, served: Served
) -> None:
    count = 3
    for key in "abc":
        staging.flow(key)
    assert run(staging, "apply", "--yes").exit_code == 0
    assert served.taken() == {
        "list": 2 + 1 + count,  # the plan; is the name free; was it created
        "create": count,
        "upload": count,
        "publish": count,
        "get": 2 * count,  # the proofs of upload and publish
    }
    assert statuses(served.platform) == {"A": "PUBLISHED", "B": "PUBLISHED", "C": "PUBLISHED"}


def test_a_plan_reads_each_managed_flow_that_exists_once(
    staging: Repository, served: Served
) -> None:
    for key in "abc":
        staging.flow(key)
    served.platform.create_flow(DOCUMENTED_ACCOUNT, name="not managed", categories=["OTHER"])
    run(staging, "apply", "--yes")
    staging.flow("new")
    served.taken()
    assert run(staging, "plan").exit_code == 0
    assert served.taken() == {"list": 2, "get": 3}
    assert run(staging, "plan", "a").exit_code == 0
    assert served.taken() == {"list": 1, "get": 1}


def test_an_apply_with_nothing_to_do_writes_nothing(staging: Repository, served: Served) -> None:
    for key in "abc":
        staging.flow(key)
    run(staging, "apply", "--yes")
    served.taken()
    assert run(staging, "apply", "--yes").exit_code == 0
    assert served.taken() == {"list": 1, "get": 3}


def test_a_label_edit_of_a_published_flow_is_one_upload_and_one_publish(
    staging: Repository, served: Served
) -> None:
    for key in "ab":
        staging.flow(key)
    run(staging, "apply", "--yes")
    staging.flow("a", content=flow_json("Other label"))
    served.taken()
    assert run(staging, "apply", "--yes").exit_code == 0
    assert served.taken() == {
        "list": 1,
        "get": 2 + 1 + 2,  # the plan reads both; is it unmoved; proofs of upload and publish
        "upload": 1,
        "publish": 1,
    }


def test_metadata_edit_deprecation_and_deletion_are_one_write_each(
    staging: Repository, served: Served
) -> None:
    for key in "abc":
        staging.flow(key, state="draft" if key == "c" else "published")
    run(staging, "apply", "--yes")
    staging.flow("a", categories=["SURVEY"], state="draft")
    staging.flow("b", state="deprecated")
    staging.flow("c", state="absent")
    served.taken()
    assert run(staging, "apply", "--yes").exit_code == 0
    counts = served.taken()
    assert (counts["update"], counts["deprecate"], counts["delete"]) == (1, 1, 1)
    assert counts["upload"] == counts["publish"] == counts["create"] == 0
    assert statuses(served.platform) == {"A": "DRAFT", "B": "DEPRECATED"}


def test_a_saved_plan_is_applied_after_one_list_and_one_more_get_for_each_changed_flow(
    staging: Repository, served: Served
) -> None:
    for key in "ab":
        staging.flow(key)
    run(staging, "apply", "--yes")
    staging.flow("a", content=flow_json("Other label"))
    run(staging, "plan", "--out", "plan.json")
    served.taken()
    assert run(staging, "apply", "plan.json", "--yes").exit_code == 0
    assert served.taken() == {"list": 1, "get": 1 + 1 + 2, "upload": 1, "publish": 1}


def test_verbose_tells_how_many_requests_were_sent(staging: Repository) -> None:
    staging.flow("a")
    assert "requests: 2 GET" in run(staging, "plan", "--verbose").stderr
    assert "requests:" not in run(staging, "plan").stderr

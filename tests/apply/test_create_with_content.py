"""Flows that a remote creates with content: one request, proved by reading, finished if need be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsync.remotes.emulator.platform import Platform
from tests.cli.serving import run
from tests.graph_server import ServedGraph
from tests.support import Repository, flow_json


@pytest.fixture
def graph(repository: Repository) -> Iterator[ServedGraph]:
    served = ServedGraph()
    repository.config(meta=served.target())
    yield served
    served.close()


def writes(graph: ServedGraph) -> dict[str, int]:
    reads = {"list", "get", "download"}
    return {name: number for name, number in graph.taken().items() if name not in reads}


def status(graph: ServedGraph) -> list[str]:
    return [flow.status for flow in graph.platform.list_flows(graph.account)]


def test_published_flow_without_endpoint_is_one_write(
    repository: Repository, graph: ServedGraph
) -> None:
    repository.flow("booking")
    planned = run(repository, "plan")
    assert 'create "Booking" + upload + publish (one-way)' in planned.stdout
    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 0, applied.output
    assert writes(graph) == {"create": 1}
    assert status(graph) == ["PUBLISHED"]
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 0


def test_draft_is_one_write_and_stays_a_draft(repository: Repository, graph: ServedGraph) -> None:
    repository.flow("booking", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    assert writes(graph) == {"create": 1}
    (flow,) = graph.platform.list_flows(graph.account)
    assert flow.status == "DRAFT"
    assert flow.content == flow_json()


def test_publishing_that_was_not_asked_for_does_not_come_along(
    repository: Repository, graph: ServedGraph
) -> None:
    repository.flow("booking")
    assert run(repository, "apply", "--yes", "--stop-before", "publish").exit_code == 0
    assert status(graph) == ["DRAFT"]


def test_flow_with_endpoint_is_published_by_a_request_of_its_own(
    repository: Repository, graph: ServedGraph
) -> None:
    endpoint = "https://flows.example.com/booking"
    repository.flow("booking", content=flow_json(endpoint=True), endpoint_uri=endpoint)
    assert run(repository, "apply", "--yes").exit_code == 0
    assert writes(graph) == {"create": 1, "publish": 1}
    (flow,) = graph.platform.list_flows(graph.account)
    assert (flow.status, flow.endpoint_uri) == ("PUBLISHED", endpoint)


def test_clone_gets_its_own_content_by_a_request_of_its_own(
    repository: Repository, graph: ServedGraph
) -> None:
    repository.flow("first")
    assert run(repository, "apply", "--yes").exit_code == 0
    graph.taken()
    repository.flow("second", content=flow_json("Phone"), clone_from="first")
    assert run(repository, "apply", "--yes").exit_code == 0
    assert writes(graph) == {"create": 1, "upload": 1, "publish": 1}
    assert graph.platform.list_flows(graph.account)[1].content == flow_json("Phone")


def test_lost_answer_is_made_up_for_by_reading(repository: Repository, graph: ServedGraph) -> None:
    graph.faults.add("create:drop-after*1")
    repository.flow("booking")
    assert run(repository, "apply", "--yes").exit_code == 0
    assert writes(graph) == {"create": 1}
    assert status(graph) == ["PUBLISHED"]


def test_what_did_not_come_along_is_sent_by_itself(
    repository: Repository, graph: ServedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, uploads = Platform.upload, iter([False, True, True])

    def forgets_the_first(platform: Platform, flow_id: str, content: bytes) -> object:
        return upload(platform, flow_id, content) if next(uploads) else ({"error": "LOST"},)

    monkeypatch.setattr(Platform, "upload", forgets_the_first)
    repository.flow("booking")
    applied = run(repository, "apply", "--yes", "--no-rehearse")
    assert applied.exit_code == 0, applied.output
    assert writes(graph) == {"create": 1, "upload": 1, "publish": 1}
    assert status(graph) == ["PUBLISHED"]


def test_somebody_elses_content_is_not_written_over(
    repository: Repository, graph: ServedGraph
) -> None:
    graph.faults.add("create:second-writer-after*1")
    repository.flow("booking")
    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 4
    assert "holds other Flow JSON than was sent" in applied.output
    assert "upload" not in writes(graph)

"""What the Graph API says beforehand would make publishing fail, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from tests.cli.serving import run
from tests.graph_server import ServedGraph
from tests.support import Repository, flow_json

ENDPOINT = "https://flows.example.com/booking"
Serve = Callable[..., ServedGraph]


@pytest.fixture
def serve(repository: Repository) -> Iterator[Serve]:
    opened: list[ServedGraph] = []

    def open_one(*troubles: str) -> ServedGraph:
        served = ServedGraph(troubles=troubles)
        repository.config(meta=served.target())
        opened.append(served)
        return served

    yield open_one
    for served in opened:
        served.close()


def with_endpoint(repository: Repository) -> None:
    repository.flow("booking", content=flow_json(endpoint=True), endpoint_uri=ENDPOINT)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("no-phone-number", "no phone number is registered"),
        ("no-app", "no app is connected"),
        ("no-public-key", "no phone number with a signed public key"),
        ("integrity", "integrity check blocks the account"),
    ],
)
def test_trouble_of_the_account_is_told_and_nothing_is_written(
    repository: Repository, serve: Serve, trouble: str, words: str
) -> None:
    graph = serve(trouble)
    with_endpoint(repository)
    planned = run(repository, "plan")
    assert planned.exit_code == 0
    assert words in planned.stdout
    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 6
    assert words in applied.output
    assert graph.platform.list_flows(graph.account) == ()


def test_draft_whose_endpoint_is_down_is_told_by_name(repository: Repository, serve: Serve) -> None:
    graph = serve("endpoint-down")
    with_endpoint(repository)
    assert run(repository, "apply", "--yes", "--stop-before", "publish").exit_code == 0
    planned = run(repository, "plan")
    assert "publishing booking would fail: endpoint_availability" in planned.stdout
    assert run(repository, "apply", "--yes").exit_code == 6
    assert [flow.status for flow in graph.platform.list_flows(graph.account)] == ["DRAFT"]


def test_key_matters_only_to_flows_with_an_endpoint(repository: Repository, serve: Serve) -> None:
    serve("no-public-key")
    repository.flow("booking")
    assert "Apply will refuse" not in run(repository, "plan").stdout
    assert run(repository, "apply", "--yes").exit_code == 0


def test_draft_is_written_whatever_keeps_the_account_from_publishing(
    repository: Repository, serve: Serve
) -> None:
    serve("no-phone-number")
    repository.flow("booking", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0


def test_without_preflight_the_platform_itself_refuses_and_the_draft_stays(
    repository: Repository, serve: Serve
) -> None:
    graph = serve("no-phone-number")
    repository.flow("booking")
    assert "Apply will refuse" not in run(repository, "plan", "--no-preflight").stdout
    applied = run(repository, "apply", "--yes", "--no-preflight")
    assert applied.exit_code == 4
    assert "No phone number is registered" in applied.output
    (flow,) = graph.platform.list_flows(graph.account)
    assert (flow.status, flow.content) == ("DRAFT", flow_json())


def test_plan_as_json_names_the_trouble_as_a_block(repository: Repository, serve: Serve) -> None:
    graph = serve("integrity")
    repository.flow("booking")
    plan = json.loads(run(repository, "plan", "--format", "json").stdout)
    (block,) = plan["blocks"]
    assert (block["kind"], block["subject"]) == ("preflight", graph.account)


def test_saved_plan_keeps_what_was_found(repository: Repository, serve: Serve) -> None:
    graph = serve("integrity")
    repository.flow("booking")
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0
    assert run(repository, "apply", "plan.json", "--yes").exit_code == 6
    assert graph.platform.list_flows(graph.account) == ()

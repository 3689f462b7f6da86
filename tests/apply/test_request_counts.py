"""No request is made that a plan or an apply does not need: the numbers on the Graph API.

Those on the gateway stand in `tests/cli/test_request_counts.py`; here also that flows which are
applied together share the listings that prove their creation.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.serving import Served, run
from tests.graph_server import ServedGraph
from tests.support import Repository

FLOWS = 6


@pytest.fixture
def graph(repository: Repository) -> Iterator[ServedGraph]:
    served = ServedGraph()
    repository.config(meta=served.target())
    yield served
    served.close()


def write_flows(repository: Repository) -> None:
    for number in range(FLOWS):
        repository.flow(f"flow-{number}")


def test_first_plan_on_graph_lists_twice_and_asks_for_the_account(
    repository: Repository, graph: ServedGraph
) -> None:
    write_flows(repository)
    assert run(repository, "plan").exit_code == 0
    assert graph.taken() == {"list": 2, "get": 1}


def test_first_apply_on_graph_is_one_write_a_flow(
    repository: Repository, graph: ServedGraph
) -> None:
    write_flows(repository)
    assert run(repository, "apply", "--yes").exit_code == 0
    assert graph.taken() == {
        "list": 2 + 1 + FLOWS,  # the plan; is the name free; was it created
        "create": FLOWS,  # with content, and published
        "get": 1 + FLOWS,  # the account; the proofs
        "download": FLOWS,
    }


def test_plan_and_apply_with_nothing_to_do_on_graph_read_each_flow_once(
    repository: Repository, graph: ServedGraph
) -> None:
    write_flows(repository)
    assert run(repository, "apply", "--yes").exit_code == 0
    graph.taken()
    for command in (("plan",), ("apply", "--yes")):
        assert run(repository, *command).exit_code == 0
        assert graph.taken() == {"list": 1, "get": FLOWS, "download": FLOWS}


def test_flows_that_are_created_together_share_the_listings_that_prove_it(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target(limits={"parallelism": FLOWS}))
    write_flows(repository)
    assert run(repository, "apply", "--yes").exit_code == 0
    taken = served.taken()
    assert taken["list"] <= 2 + 1 + FLOWS
    del taken["list"]
    assert taken == {"create": FLOWS, "upload": FLOWS, "publish": FLOWS, "get": 2 * FLOWS}

"""`flowsync compare`: how two accounts differ, flow by flow."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from jsonschema.validators import Draft202012Validator

from flowsync.assets import schema_text
from flowsync.model import JsonValue
from flowsync.remotes.emulator.platform import Platform
from tests.cli.serving import Served, parsed, run
from tests.graph_server import ServedGraph
from tests.support import Repository, flow_json


@pytest.fixture
def graph() -> Iterator[ServedGraph]:
    served = ServedGraph()
    yield served
    served.close()


@pytest.fixture
def both(repository: Repository, served: Served, graph: ServedGraph) -> Repository:
    """A repository that was applied to a gateway and to the Graph API."""
    repository.config(staging=served.target(), production=graph.target())
    for key in ("alpha", "beta", "gamma"):
        repository.flow(key)
    for target in ("staging", "production"):
        assert run(repository, "apply", "--yes", "--target", target).exit_code == 0
    return repository


def change(platform: Platform, account: str, name: str, **fields: object) -> None:
    (flow,) = [one for one in platform.list_flows(account) if one.name == name]
    platform.update_flow(flow.id, **fields)  # type: ignore[arg-type]


def test_same_repository_on_gateway_and_graph_makes_equal_accounts(both: Repository) -> None:
    ran = run(both, "compare", "staging", "production", "--detailed-exitcode")
    assert ran.exit_code == 0, ran.output
    assert "Equal: 3 flows the same on both." in ran.stdout


def test_differences_are_told_flow_by_flow(
    both: Repository, served: Served, graph: ServedGraph
) -> None:
    change(graph.platform, graph.account, "Alpha", categories=["SURVEY"])
    other = json.dumps(flow_json("Telephone")).encode()
    (beta,) = [
        one for one in served.platform.list_flows(served.emulated.account) if one.name == "Beta"
    ]
    served.platform.upload(beta.id, other)
    graph.platform.create_flow(graph.account, name="Delta", categories=["OTHER"])
    ran = run(both, "compare", "staging", "production", "--detailed-exitcode")
    assert ran.exit_code == 2
    assert '~ "Alpha": different' in ran.stdout
    assert "categories: [OTHER] → [SURVEY]" in ran.stdout.replace('"', "")
    assert "status: PUBLISHED → DRAFT" in ran.stdout.replace('"', "")
    assert 'Telephone" → "E-mail' in ran.stdout
    assert '+ "Delta": only in production' in ran.stdout
    assert "Gamma" not in ran.stdout
    assert (
        "4 flows: 1 the same, 2 different, 0 only in staging, 1 only in production." in ran.stdout
    )


def test_without_detailed_exitcode_a_difference_is_no_failure(
    both: Repository, graph: ServedGraph
) -> None:
    change(graph.platform, graph.account, "Alpha", categories=["SURVEY"])
    assert run(both, "compare", "staging", "production").exit_code == 0


def test_names_choose_flows_and_one_that_nobody_has_is_wrong_usage(both: Repository) -> None:
    ran = run(both, "compare", "staging", "production", "A*", "--verbose")
    assert "Alpha" in ran.stdout
    assert "Beta" not in ran.stdout
    wrong = run(both, "compare", "staging", "production", "Omega")
    assert wrong.exit_code == 64
    assert "neither account has a flow of such a name" in wrong.stderr


def test_json_fits_its_schema_and_names_both_ids(both: Repository, graph: ServedGraph) -> None:
    change(graph.platform, graph.account, "Alpha", endpoint_uri="https://other.example.com")
    document = parsed(run(both, "compare", "staging", "production", "--format", "json"))
    Draft202012Validator(json.loads(schema_text("comparison"))).validate(document)
    (alpha,) = [flow for flow in document["flows"] if flow["name"] == "Alpha"]
    assert alpha["verdict"] == "different"
    assert alpha["first"]
    assert alpha["second"]
    names = {field["name"] for field in alpha["fields"]}
    assert names == {"endpoint_uri", "status"}
    assert document["are_equal"] is False


def test_flow_that_cannot_be_read_is_not_taken_for_different(
    both: Repository, served: Served
) -> None:
    served.emulated.faults.add("get:asset-unavailable")
    ran = run(both, "compare", "staging", "production", "Alpha")
    assert ran.exit_code == 5
    assert '? "Alpha": not compared' in ran.stdout


def test_listing_in_doubt_is_told(both: Repository, served: Served) -> None:
    served.emulated.faults.add("list:page-repeated")
    ran = run(both, "compare", "staging", "production")
    assert ran.exit_code == 5
    assert "is listed twice" in ran.stdout


@pytest.mark.parametrize(("name", "said"), [("stagin", 'Did you mean "staging"?'), ("x", "There")])
def test_unknown_target_is_wrong_usage(both: Repository, name: str, said: str) -> None:
    ran = run(both, "compare", name, "production")
    assert ran.exit_code == 64
    assert said in ran.stderr


def test_two_of_many_accounts_are_named_behind_a_slash(repository: Repository) -> None:
    accounts: list[JsonValue] = [
        {"account": "1001", "name": "acme"},
        {"account": "1002", "name": "globex"},
    ]
    repository.config(agency={"remote": "emulator", "accounts": [*accounts]})
    repository.flow("alpha")
    assert run(repository, "apply", "--yes", "--account", "acme").exit_code == 0
    ran = run(repository, "compare", "agency/acme", "agency/globex", "--detailed-exitcode")
    assert ran.exit_code == 2
    assert '"Alpha": only in agency/acme' in ran.stdout

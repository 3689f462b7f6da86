"""One repository converges on a large account, behind the Graph API as behind a gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from flowsync.model import JsonValue
from flowsync.remotes.operations import Operation
from tests.cli.serving import run
from tests.remotes.accounts import FORMS, EmulatedAccount, emulated
from tests.support import Repository, flow_json

FLOWS, PAGE = 300, 25


@pytest.fixture(params=["graph", "documented", "reference"])
def account(request: pytest.FixtureRequest) -> Iterator[EmulatedAccount]:
    """A served account that holds three hundred flows, behind each kind of service."""
    form = FORMS[request.param]
    with emulated(form, **({"most_per_page": PAGE} if form.remote == "graph" else {})) as found:
        for number in range(FLOWS - 3):
            found.emptied(f"Unmanaged {number:03}")
        found.published("Imported")
        found.published("Edited", flow_json("As it was"))
        found.published("Retired")
        yield found


def target(account: EmulatedAccount) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {
        "remote": account.form.remote,
        "base_url": account.url,
        "account": account.account,
        "token": "${env:FLOWSYNC_TOKEN}",
        "allow": ["publish", "deprecate", "delete"],
    }
    return fields if account.form.remote == "graph" else {**fields, "dialect": account.form.dialect}


def test_repository_converges_and_leaves_what_it_does_not_manage(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(test=target(account))
    before = {flow.name: flow for flow in account.platform.list_flows(account.account)}
    imported = run(repository, "import", "Imported")
    assert imported.exit_code == 0, imported.stderr
    [file] = Path("flows").rglob("*.y*ml")
    assert yaml.safe_load(file.read_text("utf-8"))["name"] == "Imported"
    repository.flow("edited", name="Edited", content=flow_json("As it should be"))
    repository.flow("retired", name="Retired", state="deprecated")
    repository.flow("created", name="Created")
    repository.flow("drafted", name="Drafted", state="draft", categories=["SURVEY"])

    account.operations.clear()
    planned = run(repository, "plan", "--detailed-exitcode")
    assert planned.exit_code == 2, planned.stderr
    assert "2 to create, 1 to update, 1 to deprecate, 1 unchanged" in planned.stdout
    pages = FLOWS // PAGE if account.form.remote == "graph" else 1
    # listed once more before anything is said to be absent
    assert account.operations.count(Operation.LIST) == 2 * pages
    assert account.operations.count(Operation.GET) <= 3  # of managed flows alone

    applied = run(repository, "apply", "--yes")
    assert applied.exit_code == 0, applied.stderr
    again = run(repository, "plan", "--detailed-exitcode")
    assert again.exit_code == 0, again.stdout

    after = {flow.name: flow for flow in account.platform.list_flows(account.account)}
    changed = {name: flow for name, flow in after.items() if before.get(name) != flow}
    assert {name: flow.status for name, flow in changed.items()} == {
        "Edited": "PUBLISHED",
        "Retired": "DEPRECATED",
        "Created": "PUBLISHED",
        "Drafted": "DRAFT",
    }
    assert changed["Edited"].content == flow_json("As it should be")
    assert len(after) == FLOWS + 2


def test_both_services_are_left_in_the_same_state(repository: Repository) -> None:
    with_endpoint = flow_json(endpoint=True)
    repository.flow("live", name="Live", content=with_endpoint, endpoint_uri="https://x.test/e")
    repository.flow("draft", name="Draft", state="draft", content=flow_json("Draft"))
    found = []
    for name in ("graph", "documented"):
        with emulated(FORMS[name]) as account:
            repository.config(**{name: target(account)})
            ran = run(repository, "apply", "--yes")
            assert ran.exit_code == 0, ran.stderr
            listed = run(repository, "list", "--format", "json")
            flows = [
                account.platform.get_flow(flow["id"]) for flow in json.loads(listed.stdout)["flows"]
            ]
            found.append(
                sorted(
                    (flow.name, flow.status, flow.endpoint_uri, flow.categories, str(flow.content))
                    for flow in flows
                )
            )
    assert found[0] == found[1]
    assert len(found[0]) == 2

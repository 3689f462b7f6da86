"""Eighty accounts, 5 % of them broken in different ways: the others converge all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsync.validation.schema import fits
from tests.fleet.serving import TOKEN, ServedFleet, served_fleet
from tests.support import Repository, flow_json

ACCOUNTS = tuple(str(7_000_000_000 + number) for number in range(80))
NAMES = tuple(f"shop-{number:02}" for number in range(80))
DENIED, UNKNOWN, WRONG_VAR, TAKEN = NAMES[3], NAMES[37], NAMES[51], NAMES[78]
BROKEN = {DENIED, UNKNOWN, WRONG_VAR, TAKEN}
TAKEN_ACCOUNT = ACCOUNTS[78]


def write_accounts(repository: Repository, *, mended: bool) -> None:
    """Write the list: until it is mended, three entries of it are wrong."""
    rows = ["account,name,token_env,vars.label"]
    for account, name in zip(ACCOUNTS, NAMES, strict=True):
        token, label = "FLOWSYNC_TOKEN", f"E-mail of {name}"
        if not mended and name == DENIED:
            token = "OLD_TOKEN"
        if not mended and name == UNKNOWN:
            account = "1234"
        if not mended and name == WRONG_VAR:
            label = "${env:LABEL_OF_SHOP_51}"
        rows.append(f'{account},{name},{token},"{label}"')
    (repository.root / "accounts.csv").write_text("\n".join(rows) + "\n")


def prepare(repository: Repository, served: ServedFleet) -> None:
    repository.flow("contact", name="Contact", content=flow_json("${var:label}"))
    repository.flow("visit", name="Visit")
    repository.config(shops=served.target(accounts="accounts.csv"))
    write_accounts(repository, mended=False)
    # a flow of the same name in other letters, which nobody has asked for
    served.platform.create_flow(TAKEN_ACCOUNT, name="CONTACT", categories=["OTHER"])


def apply(repository: Repository, *more: str) -> tuple[int, Any]:
    env = {"FLOWSYNC_TOKEN": TOKEN, "OLD_TOKEN": "token-of-last-year"}
    ran = repository.run("apply", "--yes", "--format", "json", *more, env=env)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert "token-of-last-year" not in ran.output
    document = json.loads(ran.stdout)
    assert fits(document, "fleet") is None
    assert document["summary"]["exit_code"] == ran.exit_code
    return ran.exit_code, document


@pytest.mark.parametrize("api", ["gateway", "graph"])
def test_the_others_converge_the_broken_are_named_with_why_and_only_these_are_done_again(
    repository: Repository, api: str
) -> None:
    with served_fleet(api, ACCOUNTS) as served:
        prepare(repository, served)
        code, first = apply(repository)
        assert code == 4
        results = {one["name"]: one for one in first["accounts"]}
        assert set(results) == set(NAMES)
        assert len(BROKEN) * 100 == 5 * len(results)
        assert {name for name, one in results.items() if one["result"] != "applied"} == BROKEN
        for account, name in zip(ACCOUNTS, NAMES, strict=True):
            if name not in BROKEN:
                assert served.statuses(account) == {"Contact": "PUBLISHED", "Visit": "PUBLISHED"}
        assert results[DENIED]["result"] == "not readable"
        assert "token" in results[DENIED]["message"]
        assert results[UNKNOWN]["exit_code"] == 5
        assert results[WRONG_VAR]["result"] == "files wrong"
        assert "accounts.csv:53:" in results[WRONG_VAR]["message"]
        assert '"LABEL_OF_SHOP_51" is not set' in results[WRONG_VAR]["message"]
        [conflict] = results[TAKEN]["failures"]
        assert results[TAKEN]["result"] == "incomplete"
        assert conflict["flow"] == "contact"
        assert "CONTACT" in conflict["message"]
        assert served.statuses(TAKEN_ACCOUNT) == {"CONTACT": "DRAFT", "Visit": "PUBLISHED"}

        write_accounts(repository, mended=True)
        taken = next(f for f in served.platform.list_flows(TAKEN_ACCOUNT) if f.name == "CONTACT")
        served.platform.delete(taken.id)
        code, second = apply(repository, "--only-failed")
        assert code == 0
        assert {one["name"] for one in second["accounts"]} == BROKEN
        for account in ACCOUNTS:
            assert served.statuses(account) == {"Contact": "PUBLISHED", "Visit": "PUBLISHED"}
        code, third = apply(repository, "--only-failed")
        assert (code, third["accounts"]) == (0, [])

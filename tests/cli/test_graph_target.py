"""Commands against a target with `remote: graph`, with right and with wrong input."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsync.model import JsonValue
from flowsync.remotes.emulator.graph.phones import phone_of
from flowsync.remotes.operations import Operation
from tests.cli.serving import parsed, run
from tests.remotes.accounts import FORMS, EmulatedAccount, emulated
from tests.support import TOKEN, Repository, flow_json

SEND = ("send", "a", "--to", "+491701234567", "--body", "Book", "--button", "Book", "--yes")


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    with emulated(FORMS["graph"]) as found:
        yield found


def target(of: EmulatedAccount, **fields: JsonValue) -> dict[str, JsonValue]:
    return {
        "remote": "graph",
        "base_url": of.url,
        "account": of.account,
        "token": "${env:FLOWSYNC_TOKEN}",
        **fields,
    }


def variables(account: EmulatedAccount, **more: str) -> dict[str, str]:
    return {
        "FLOWSYNC_REMOTE": "graph",
        "FLOWSYNC_BASE_URL": account.url,
        "FLOWSYNC_ACCOUNT": account.account,
        "FLOWSYNC_TOKEN": TOKEN,
        **more,
    }


def test_flow_is_planned_applied_shown_and_in_step(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account))
    repository.flow("a")
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 2
    assert run(repository, "apply", "--yes").exit_code == 0
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 0
    [flow] = parsed(run(repository, "list", "--format", "json"))["flows"]
    assert (flow["name"], flow["status"]) == ("A", "PUBLISHED")
    shown = parsed(run(repository, "show", "a", "--flow-json"))
    assert shown == flow_json()
    status = run(repository, "status")
    assert "PUBLISHED" in status.stdout
    links = run(repository, "status", "--preview-links")
    assert "https://" in links.stdout


def test_endpoint_is_removed_where_the_definition_wants_none(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account))
    repository.flow("a", content=flow_json(endpoint=True), endpoint_uri="https://x.test/e")
    assert run(repository, "apply", "--yes").exit_code == 0
    repository.flow("a", endpoint_uri=None)
    ran = run(repository, "apply", "--yes")
    assert ran.exit_code == 0, ran.stdout
    [flow] = account.platform.list_flows(account.account)
    assert (flow.status, flow.endpoint_uri or None) == ("PUBLISHED", None)


def test_variables_alone_make_a_target(account: EmulatedAccount, repository: Repository) -> None:
    account.published("Alpha")
    ran = repository.run("list", env=variables(account, FLOWSYNC_API_VERSION="v25.0"))
    assert ran.exit_code == 0, ran.stderr
    assert "Alpha" in ran.stdout


@pytest.mark.parametrize("kind", ["grph", "emulator"])
def test_unknown_kind_of_service_in_a_variable_ends_in_a_sentence(
    account: EmulatedAccount, repository: Repository, kind: str
) -> None:
    ran = repository.run("list", env=variables(account, FLOWSYNC_REMOTE=kind))
    assert ran.exit_code == 3
    assert f'"{kind}" is no kind of service. Use gateway or graph.' in ran.stderr


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"api_version": "24"}, '"24" is no version of the Graph API. Write it as v24.0.'),
        ({"api_version": "latest"}, '"latest" is no version of the Graph API.'),
        ({"dialect": "documented"}, "`dialect` is for `remote: gateway` alone. Remove it."),
        (
            {"remote": "gateway", "api_version": "v24.0"},
            "`api_version` is for `remote: graph` alone. Remove it.",
        ),
        (
            {"remote": "gateway", "asset_hosts": ["a.test"]},
            "`asset_hosts` is for `remote: graph` alone. Remove it.",
        ),
        (
            {"remote": "gateway", "phone_number": "1"},
            "`phone_number` is for `remote: graph` alone. Remove it.",
        ),
        ({"account": "a/b"}, "the account is empty, or holds more than letters"),
        ({"asset_hosts": []}, "asset_hosts"),
    ],
)
def test_target_that_does_not_fit_is_refused_with_its_field(
    account: EmulatedAccount,
    repository: Repository,
    fields: dict[str, JsonValue],
    sentence: str,
) -> None:
    repository.config(meta=target(account, **fields))
    ran = run(repository, "list")
    assert ran.exit_code == 3
    assert sentence in ran.stderr
    assert account.operations == []


def test_base_url_is_that_of_meta_where_none_is_written(repository: Repository) -> None:
    repository.config(
        meta={"remote": "graph", "account": "1", "token": "${env:FLOWSYNC_TOKEN}", "dialect": "x"}
    )
    ran = run(repository, "list")
    assert "base_url" not in ran.stderr
    assert ran.exit_code == 3


def test_wrong_account_and_wrong_token_end_in_a_sentence(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account, account="777"))
    ran = run(repository, "list")
    assert (ran.exit_code, ran.stdout) == (5, "")
    assert "Meta knows no account 777, or lets this token not see it." in ran.stderr
    repository.config(meta=target(account))
    ran = run(repository, "list", token="wrong-token-of-somebody")
    assert ran.exit_code == 5
    assert "Check the token of the system user at Meta" in ran.stderr
    assert "wrong-token-of-somebody" not in ran.stderr


def test_commands_that_read_send_no_write(account: EmulatedAccount, repository: Repository) -> None:
    repository.config(meta=target(account))
    repository.flow("a")
    account.published("Beta")
    for words in (("plan",), ("list",), ("show", "Beta"), ("status",), ("import", "Beta")):
        run(repository, *words)
    assert set(account.operations) <= {Operation.LIST, Operation.GET, Operation.DOWNLOAD}


def test_message_is_sent_from_the_number_of_the_target_without_the_gateways_warnings(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account, phone_number=phone_of(account.account)))
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    ran = run(repository, *SEND)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert len(account.messages()) == 1


def test_draft_is_sent_only_where_it_is_asked_for_and_only_a_draft(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account, phone_number=phone_of(account.account)))
    repository.flow("a", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    ran = run(repository, *SEND)
    assert ran.exit_code == 6
    assert 'nothing was sent: "A" is DRAFT. Publish it first.' in ran.stderr
    assert run(repository, *SEND, "--draft").exit_code == 0
    assert len(account.messages()) == 1
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    ran = run(repository, *SEND, "--draft")
    assert ran.exit_code == 6
    assert '"A" is PUBLISHED, no draft. Leave --draft out.' in ran.stderr


def test_target_without_a_number_says_what_to_write(
    account: EmulatedAccount, repository: Repository
) -> None:
    repository.config(meta=target(account))
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    ran = run(repository, *SEND)
    assert ran.exit_code == 5
    assert "Write its id as `phone_number` of the target." in ran.stderr
    assert account.messages() == []

"""The accounts of a target: lists, CSV and YAML files, and every mistake in them with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowsync.assets import schema_text
from tests.support import Repository


def fleet(repository: Repository, accounts: object, **fields: object) -> None:
    target = {"remote": "emulator", "accounts": accounts, **fields}
    repository.config(shops=target)  # type: ignore[arg-type]  # values of JSON
    repository.flow("a", name="A")


def listed(repository: Repository, *more: str) -> list[dict[str, str]]:
    ran = repository.run("fleet", "list", "--format", "json", *more)
    assert ran.exit_code == 0, ran.stderr
    found: list[dict[str, str]] = json.loads(ran.stdout)
    return found


CSV = 'account,name,vars.brand\n# two shops\n1001,"berlin",Acme\n1002,,"Bolt, ""Inc"""\n'
YAML = """accounts:
  - {account: 1001, name: berlin, vars: {brand: Acme}}
  - account: 1002
    vars: {brand: 'Bolt, "Inc"'}
"""


@pytest.mark.parametrize(("name", "text"), [("shops.csv", CSV), ("shops.yaml", YAML)])
def test_a_file_lists_accounts_whose_variables_go_before_those_of_the_target(
    repository: Repository, name: str, text: str
) -> None:
    fleet(repository, name, vars={"brand": "none", "tail": "!"})
    (repository.root / name).write_text(text)
    repository.flow("a", name="${var:brand}${var:tail}")
    assert [(one["name"], one["account"]) for one in listed(repository)] == [
        ("berlin", "1001"),
        ("1002", "1002"),
    ]
    for account, flow in (("berlin", "Acme!"), ("1002", 'Bolt, "Inc"!')):
        plan = repository.run("plan", "--account", account, "--format", "json")
        assert json.loads(plan.stdout)["changes"][0]["name"] == flow


def test_a_csv_file_may_begin_with_the_mark_that_spreadsheets_write(repository: Repository) -> None:
    fleet(repository, "shops.csv")
    (repository.root / "shops.csv").write_text("account,name\r\n1,a\r\n", "utf-8-sig")
    assert [one["name"] for one in listed(repository)] == ["a"]
    (repository.root / "shops.csv").write_text("account,name\n1,a b\n", "utf-8-sig")
    ran = repository.run("fleet", "list")
    assert (ran.exit_code, "shops.csv:2:3: " in ran.stderr) == (3, True)


def test_a_list_in_flowsync_yaml_is_the_same_as_a_file(repository: Repository) -> None:
    fleet(repository, [{"account": "1001", "name": "berlin"}, {"account": "1002"}])
    assert [one["name"] for one in listed(repository)] == ["berlin", "1002"]


MISTAKES = {
    "account,name\n1,a\n2,A\n": (
        'shops.csv:3:3: the name "A" is there twice, first in line 2. Give each account a name of '
        "its own; case does not count."
    ),
    "account,name\n1,a\n1,b\n": (
        "shops.csv:3:1: the account 1 is there twice, first in line 2. Remove one of the two."
    ),
    "account,nam\n1,a\n": 'shops.csv:1:9: unknown column "nam". Did you mean "name"?',
    "account,token\n1,a\n": (
        'shops.csv:1:9: unknown column "token". Write the name of the environment variable into a '
        "column token_env."
    ),
    "account,name,name\n1,a,b\n": (
        'shops.csv:1:14: the column "name" is there twice. Remove one of the two.'
    ),
    "name\na\n": 'shops.csv:1:1: the column "account" is missing. Add it.',
    "account,name\n,a\n": "shops.csv:2:1: the account is missing. Write the account's id.",
    "account;name\n1;a\n": (
        'shops.csv:1:1: unknown column "account;name". Separate columns with commas.'
    ),
    "Account,name\n1,a\n": 'shops.csv:1:1: unknown column "Account". Did you mean "account"?',
    "account,name\n1\n": "shops.csv:2:1: this row has 1 cell for 2 columns.",
    "account,name\n1,a,x\n": "shops.csv:2:1: this row has 3 cells for 2 columns.",
    "account\n1/2\n": "shops.csv:2:1: the account holds more than letters, digits, _ and -.",
    "account,name\n1,a b\n": 'shops.csv:2:3: "a b" is not a usable name of an account.',
    "account,name\n1,..\n": 'shops.csv:2:3: ".." is not a usable name of an account.',
    "account\n": "shops.csv:1:1: the file has no accounts. Add a row for each account.",
    "": "shops.csv:1:1: the file is empty.",
    'account\n"1\n': "shops.csv:2:1: the quote is not closed.",
    'account\n1"2\n': "shops.csv:2:2: a quote stands inside a cell.",
    'account\n"1"2\n': "shops.csv:2:4: text follows the closing quote.",
    "account,token_env\n1,X\n": "shops.csv:2:3: token has no meaning for an emulator target.",
    "account,base_url\n1,http://x\n": (
        "shops.csv:2:3: base_url has no meaning for an emulator target."
    ),
    "account\n${env:NOBODY}\n": (
        "shops.csv:2:1: an account whose id is a variable needs a name. Add `name: …`."
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.items())
def test_every_mistake_in_a_csv_file_has_its_place_and_its_way_out(
    repository: Repository, text: str, said: str
) -> None:
    fleet(repository, "shops.csv")
    (repository.root / "shops.csv").write_text(text)
    for words in (("plan",), ("apply", "--yes"), ("fleet", "list"), ("list", "--account", "a")):
        ran = repository.run(*words)
        assert ran.exit_code == 3
        assert ran.stderr.startswith(said)
        assert ran.stdout == ""


@pytest.mark.parametrize(
    ("accounts", "said"),
    [
        ("../shops.csv", "the file of accounts ../shops.csv lies outside the repository."),
        ("shops.txt", "the file of accounts shops.txt is of no known kind."),
        ("no.csv", "there is no file of accounts no.csv."),
        ([{"name": "a"}], 'the field "account" is missing in targets › shops › accounts › entry 1'),
        ([{"account": "1", "nam": "a"}], 'unknown field "nam". Did you mean "name"?'),
    ],
)
def test_a_mistake_in_flowsync_yaml_has_its_place(
    repository: Repository, accounts: object, said: str
) -> None:
    fleet(repository, accounts)
    ran = repository.run("plan")
    assert ran.exit_code == 3
    place, _, message = ran.stderr.partition(": ")
    assert place.startswith("flowsync.yaml:")
    assert message.startswith(said)


def test_a_link_out_of_the_repository_is_no_file_of_accounts(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "shops.csv"
    secret.write_text("account\n1\n")
    (repository.root / "shops.csv").symlink_to(secret)
    fleet(repository, "shops.csv")
    ran = repository.run("plan")
    assert (ran.exit_code, "lies outside the repository" in ran.stderr) == (3, True)


def test_a_target_has_either_account_or_accounts(repository: Repository) -> None:
    fleet(repository, [{"account": "1"}], account="2")
    ran = repository.run("plan")
    assert ran.exit_code == 3
    assert "the target has both account and accounts. Remove one of the two." in ran.stderr


@pytest.mark.parametrize("token", ["abcdefgh-secret", "Bearer ${env:X}", "${var:x}"])
def test_a_credential_is_named_by_its_variable_and_never_written(
    repository: Repository, token: str
) -> None:
    target = {"remote": "gateway", "base_url": "https://gateway.test"}
    repository.config(shops={**target, "accounts": [{"account": "1", "token": token}]})
    repository.flow("a")
    ran = repository.run("plan")
    assert ran.exit_code == 3
    assert "must be named by its environment variable" in ran.stderr
    assert "abcdefgh-secret" not in ran.output


def test_an_account_without_any_token_is_told_where_it_stands(repository: Repository) -> None:
    repository.config(
        shops={
            "remote": "gateway",
            "base_url": "https://gateway.test",
            "accounts": [{"account": "1", "token": "${env:ONE}"}, {"account": "2"}],
        }
    )
    repository.flow("a")
    ran = repository.run("plan", "--account", "2")
    assert ran.exit_code == 3
    said = "the account has no token, and its target has none either."
    assert ran.stderr.startswith("flowsync.yaml:")
    assert said in ran.stderr


def test_what_is_noted_of_accounts_is_kept_apart(repository: Repository) -> None:
    fleet(repository, [{"account": "1", "name": "x"}, {"account": "2", "name": "y"}])
    assert repository.run("apply", "--yes").exit_code == 0
    state = repository.root / ".flowsync" / "fleet" / "shops"
    for name, account in (("x", "1"), ("y", "2")):
        [journal] = (state / name / "journal").iterdir()
        assert "-shops-" in journal.name
        seen = json.loads((state / name / "seen" / "shops.json").read_text())
        assert (seen["account"], len(seen["flows"])) == (account, 1)
        assert (state / name / "applied" / "shops.json").is_file()
        assert journal.stem in repository.run("journal", "--account", name).stdout
    assert repository.run("journal").exit_code == 64


def test_other_commands_ask_which_account_is_meant(repository: Repository) -> None:
    fleet(repository, [{"account": "1", "name": "x"}, {"account": "2", "name": "y"}])
    for words in (("list",), ("status",), ("show", "a"), ("import", "a"), ("ids",)):
        ran = repository.run(*words)
        assert ran.exit_code == 64
        assert "Name it with --account, for example --account x;" in ran.stderr
        assert repository.run("list", "--account", "x").exit_code == 0
    ran = repository.run("list", "--account", "xx")
    assert (ran.exit_code, 'no account "xx"' in ran.stderr) == (64, True)


def test_a_single_account_cannot_be_named(repository: Repository) -> None:
    repository.flow("a")
    repository.config(local={"remote": "emulator"})
    for words in (("list",), ("plan",), ("fmt",), ("validate",), ("journal",)):
        ran = repository.run(*words, "--account", "x")
        assert ran.exit_code == 64, words
        assert "--account has no meaning for it." in ran.stderr
    assert repository.run("fleet", "list").exit_code == 64


def test_fmt_finds_the_flow_json_of_every_account(repository: Repository) -> None:
    fleet(repository, [{"account": "1", "vars": {"b": "x"}}, {"account": "2", "vars": {"b": "y"}}])
    for name in ("x", "y"):
        Path("flows", f"{name}.json").write_text('{"version":"7.3"}')
    repository.flow("a", name="A", flow_json="${var:b}.json")
    ran = repository.run("fmt", "--check")
    assert "flows/x.json" in ran.stdout
    assert "flows/y.json" in ran.stdout


def test_both_schemas_describe_an_account_in_the_same_words() -> None:
    one, other = (json.loads(schema_text(name))["$defs"] for name in ("flowsync", "accounts"))
    assert one["fleet_account"] == other["fleet_account"]

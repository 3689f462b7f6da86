from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.diagnostics import Diagnostic
from flowsync.errors import UsageFailure
from flowsync.model import JsonValue, StepKind
from flowsync.policy import Gates, Limits, Policy, PruneRule
from flowsync.project import Project, choose_target, load_project
from flowsync.targets import Target, resolve_target
from tests.support import Repository

GATEWAY = """\
version: 1
targets:
  staging:
    remote: gateway
    base_url: ${env:FLOWSYNC_BASE_URL}
    account: "1"
    token: ${env:FLOWSYNC_TOKEN}
"""
ENV = {"FLOWSYNC_BASE_URL": "https://gateway.example.com", "FLOWSYNC_TOKEN": "write-token"}


def load(env: dict[str, str] | None = None, config: Path | None = None) -> Project:
    problems: list[Diagnostic] = []
    project = load_project(config, env or {}, problems)
    assert problems == []
    assert project is not None
    return project


def problems_of(text: str, env: dict[str, str] | None = None) -> list[tuple[int, int, str, str]]:
    """Give place, message and fix of what is wrong with a flowsync.yaml in the current folder."""
    Path("flowsync.yaml").write_text(text, "utf-8")
    problems: list[Diagnostic] = []
    project = load_project(None, env or {}, problems)
    assert (project is None) == bool(problems)
    assert all(problem.path == "flowsync.yaml" for problem in problems)
    return [
        (problem.span.line, problem.span.column, problem.message, problem.fix)
        for problem in problems
    ]


def resolve(name: str, env: dict[str, str] | None = None, *, read_only: bool = False) -> Target:
    problems: list[Diagnostic] = []
    target = resolve_target(load(env), name, env or {}, problems, read_only=read_only)
    assert problems == []
    assert target is not None
    return target


def target_of(fields: dict[str, JsonValue], env: dict[str, str] | None = None) -> Target:
    Repository(Path()).config(only=fields)
    return resolve("only", env)


def gateway_fields(**fields: JsonValue) -> dict[str, JsonValue]:
    return {
        "remote": "gateway",
        "base_url": "https://gateway.example.com",
        "account": "1",
        "token": "a-token",
        **fields,
    }


def connection_problem(fields: dict[str, JsonValue]) -> Diagnostic:
    target = target_of(fields)
    assert target.connection is None
    (problem,) = target.connection_problems
    assert problem.rule == "FS012"
    assert problem.fix
    return problem


# --- with and without the file ---


@pytest.mark.usefixtures("repository")
def test_without_a_file_there_is_the_embedded_emulator() -> None:
    project = load()
    assert project.document is None
    assert project.flows == Path("flows")
    assert project.state_folder == Path(".flowsync")
    assert choose_target(project, None) == "local"
    target = resolve("local")
    assert target.remote == "emulator"
    assert target.connection is None
    assert target.connection_problems == ()
    assert target.database == Path(".flowsync/emulator.db")


@pytest.mark.usefixtures("repository")
def test_a_file_without_targets_means_the_embedded_emulator() -> None:
    Path("flowsync.yaml").write_text("version: 1\n")
    assert choose_target(load(), None) == "local"
    assert resolve("local").remote == "emulator"


@pytest.mark.usefixtures("repository")
def test_the_flows_folder_and_the_database_are_relative_to_the_file() -> None:
    Path("sub").mkdir()
    file = Path("sub/other.yaml")
    file.write_text("version: 1\nflows: my\ntargets: {l: {remote: emulator, database: x.db}}\n")
    project = load(config=file)
    assert project.flows == Path("sub/my")
    assert project.state_folder == Path("sub/.flowsync")
    target = resolve_target(project, "l", {}, [], read_only=True)
    assert target is not None
    assert target.database == Path("sub/x.db")


@pytest.mark.usefixtures("repository")
def test_a_named_file_that_is_missing_is_wrong_usage() -> None:
    with pytest.raises(UsageFailure, match=r"there is no file other\.yaml"):
        load_project(Path("other.yaml"), {}, [])


@pytest.mark.usefixtures("repository")
def test_environment_variables_alone_name_a_gateway() -> None:
    env = {**ENV, "FLOWSYNC_ACCOUNT": "0012", "FLOWSYNC_DIALECT": "reference"}
    assert choose_target(load(env), None) == "env"
    target = resolve("env", {**env, "FLOWSYNC_AUTH_SCHEME": "AccessKey"})
    assert (target.remote, target.account, target.dialect) == ("gateway", "0012", "reference")
    assert target.connection is not None
    assert target.connection.base_url == "https://gateway.example.com"
    assert target.connection.token == "write-token"
    assert target.connection.auth_scheme == "AccessKey"
    assert "write-token" not in repr(target)


@pytest.mark.usefixtures("repository")
def test_environment_variables_add_a_target_to_a_file_without_becoming_its_default() -> None:
    Path("flowsync.yaml").write_text("version: 1\ntargets: {local: {remote: emulator}}\n")
    project = load(ENV)
    assert list(project.targets) == ["local", "env"]
    assert choose_target(project, None) == "local"


@pytest.mark.usefixtures("repository")
def test_a_target_named_env_in_the_file_is_kept() -> None:
    Path("flowsync.yaml").write_text("version: 1\ntargets: {env: {remote: emulator}}\n")
    assert resolve("env", ENV).remote == "emulator"


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("FLOWSYNC_AUTH_SCHEME", "Basic", '"Basic" is no scheme.'),
        ("FLOWSYNC_DIALECT", "own", "unknown dialect."),
        ("FLOWSYNC_BASE_URL", "gateway", "base_url is not an http or https address."),
    ],
)
def test_a_wrong_environment_variable_is_reported(variable: str, value: str, said: str) -> None:
    target = resolve("env", {**ENV, "FLOWSYNC_ACCOUNT": "1", variable: value})
    assert [problem.message for problem in target.connection_problems] == [said]
    assert {problem.path for problem in target.connection_problems} == {"environment"}


# --- choosing a target ---


@pytest.mark.usefixtures("repository")
def test_several_targets_without_a_default_need_a_choice() -> None:
    Repository(Path()).config(a={"remote": "emulator"}, b={"remote": "emulator"})
    with pytest.raises(UsageFailure, match=r"several targets \(a, b\) and no default_target"):
        choose_target(load(), None)
    assert choose_target(load(), "b") == "b"


@pytest.mark.usefixtures("repository")
def test_a_single_target_is_the_default_and_a_default_is_taken() -> None:
    Repository(Path()).config(only={"remote": "emulator"})
    assert choose_target(load(), None) == "only"
    text = "version: 1\ndefault_target: b\ntargets: {a: {remote: emulator}, b: {remote: emulator}}"
    Path("flowsync.yaml").write_text(text)
    assert choose_target(load(), None) == "b"


@pytest.mark.usefixtures("repository")
def test_an_unknown_target_is_wrong_usage_with_the_nearest_one() -> None:
    Repository(Path()).config(staging={"remote": "emulator"})
    with pytest.raises(UsageFailure, match='Did you mean "staging"'):
        choose_target(load(), "stagin")
    with pytest.raises(UsageFailure, match="There are: staging"):
        choose_target(load(), "xyz")


@pytest.mark.usefixtures("repository")
def test_an_unknown_default_target_is_reported_at_its_place() -> None:
    text = "version: 1\ndefault_target: {}\ntargets: {{staging: {{remote: emulator}}}}\n"
    assert problems_of(text.format("stagin")) == [
        (2, 17, 'there is no target "stagin".', 'Did you mean "staging"?')
    ]
    assert problems_of(text.format("xyz"))[0][3] == "Use one of staging."


# --- what is wrong with the file ---


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("text", "place", "said", "fix"),
    [
        ("version: 1\ntarget: {}\n", (2, 1), 'unknown field "target"', 'Did you mean "targets"?'),
        ("version: 1\nzzz: {}\n", (2, 1), 'unknown field "zzz"', "Use one of default_target"),
        ("version: 2\n", (1, 10), "version must be 1, not 2", "Write 1"),
        ("flows: flows\n", (1, 1), 'the field "version" is missing', "Add `version: …`"),
        ("- a\n", (1, 1), "the document must be a mapping, not a list", "Write a mapping"),
        ("null\n", (1, 1), "the document must be a mapping, not empty", "Write a mapping"),
        ("version: 1\ntargets: {}\n", (2, 10), "targets must not be empty", "Fill it in"),
        ("version: 1\ntargets: {'a b': {remote: emulator}}\n", (2, 11), '"a b" is not', "letters"),
        ("version: 1\ntargets: {a: {}}\n", (2, 14), '"remote" is missing in targets › a', "Add"),
        (
            "version: 1\ntargets: {a: {remote: gatway}}\n",
            (2, 23),
            "targets › a › remote",
            "gateway",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, allow: [publish, publish]}}\n",
            (2, 40),
            "names something twice",
            "Remove one",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, protect: [1, 2, {}]}}\n",
            (2, 49),
            "entry 3 must be text, not a mapping",
            "Write text",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, limits: {parallelism: 0}}}\n",
            (2, 55),
            "must be at least 1, not 0",
            "Change the number",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, limits: {parallelism: 65}}}\n",
            (2, 55),
            "must be at most 64, not 65",
            "Change the number",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, limits: {timeout: 0}}}\n",
            (2, 51),
            "must be above 0, not 0",
            "Change the number",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, gates: {max_publish: many}}}\n",
            (2, 54),
            "must be a whole number, not text",
            "Write a whole number",
        ),
        (
            "version: 1\ntargets: {a: {remote: emulator, insecure: true}}\n",
            (2, 33),
            "insecure has no meaning for an emulator target",
            "Remove it",
        ),
        ("version: 1\nversion: 1\n", (2, 1), 'the key "version" is repeated', "Keep one"),
    ],
)
def test_what_is_wrong_in_flowsync_yaml_is_said_at_its_place(
    text: str, place: tuple[int, int], said: str, fix: str
) -> None:
    ((line, column, message, mend),) = problems_of(text)
    assert said in message
    assert fix in mend
    assert (line, column) == place


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("field", ["base_url", "token"])
def test_an_emulator_target_with_a_connection_is_refused(field: str) -> None:
    text = f"version: 1\ntargets:\n  a:\n    remote: emulator\n    {field}: https://x\n"
    ((line, column, message, _),) = problems_of(text)
    assert (line, column) == (5, 5)
    assert message == f"targets › a › {field} has no meaning for an emulator target."


@pytest.mark.usefixtures("repository")
def test_each_field_that_a_gateway_lacks_is_named() -> None:
    found = problems_of("version: 1\ntargets: {a: {remote: gateway}}\n")
    assert [message for _, _, message, _ in found] == [
        f'the field "{name}" is missing in targets › a.'
        for name in ("base_url", "account", "token")
    ]


@pytest.mark.usefixtures("repository")
def test_an_unreadable_file_is_reported() -> None:
    Path("flowsync.yaml").mkdir()
    problems: list[Diagnostic] = []
    assert load_project(None, {}, problems) is None
    assert [problem.rule for problem in problems] == ["FS001"]


# --- connection ---


@pytest.mark.usefixtures("repository")
def test_missing_environment_variables_matter_only_to_the_connection() -> None:
    Path("flowsync.yaml").write_text(GATEWAY)
    target = resolve("staging")
    assert target.connection is None
    assert [
        (problem.path, problem.span.line, problem.span.column, problem.message)
        for problem in target.connection_problems
    ] == [
        (
            "flowsync.yaml",
            5,
            15,
            'the environment variable "FLOWSYNC_BASE_URL" is not set.',
        ),
        ("flowsync.yaml", 7, 12, 'the environment variable "FLOWSYNC_TOKEN" is not set.'),
    ]


@pytest.mark.usefixtures("repository")
def test_the_read_token_is_taken_by_reading_commands_only() -> None:
    Path("flowsync.yaml").write_text(GATEWAY)
    env = {**ENV, "FLOWSYNC_READ_TOKEN": "read-token"}
    reading, writing = resolve("staging", env, read_only=True), resolve("staging", env)
    assert reading.connection is not None
    assert writing.connection is not None
    assert reading.connection.token == "read-token"
    assert writing.connection.token == "write-token"


@pytest.mark.usefixtures("repository")
def test_a_read_token_makes_the_other_token_unnecessary_for_reading() -> None:
    Path("flowsync.yaml").write_text(GATEWAY)
    env = {"FLOWSYNC_BASE_URL": "https://g.example.com", "FLOWSYNC_READ_TOKEN": "read-token"}
    assert resolve("staging", env, read_only=True).connection is not None
    assert resolve("staging", env).connection is None


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:1/",
        "http://127.0.0.1:8790",
        "http://127.9.9.9",
        "http://[::1]:8790",
        "HTTPS://gateway.example.com/prefix",
        "https://[2001:db8::1]",
    ],
)
def test_https_and_loopback_addresses_are_taken(address: str) -> None:
    connection = target_of(gateway_fields(base_url=address)).connection
    assert connection is not None
    assert connection.base_url == address


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "address",
    [
        "http://gateway.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.evil",
        "http://10.0.0.1",
    ],
)
def test_http_to_another_machine_is_refused_unless_insecure(address: str) -> None:
    problem = connection_problem(gateway_fields(base_url=address))
    assert "sends the token over http" in problem.message
    assert target_of(gateway_fields(base_url=address, insecure=True)).connection is not None


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "address", ["https://user:pass@h", "https://user@h", "https://h/?a=b", "https://h/#x"]
)
def test_a_base_url_with_more_than_scheme_host_and_path_is_refused(address: str) -> None:
    problem = connection_problem(gateway_fields(base_url=address))
    assert "more than scheme, host and path" in problem.message
    assert "pass" not in problem.message


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "address", ["ftp://h", "h", "https://", "https:h", "https://[x", "https://h:port", "//h"]
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    problem = connection_problem(gateway_fields(base_url=address))
    assert "not an http or https address" in problem.message


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("token", [" a-token", "a-token\n", "a\ntoken", "tökén", "a\x7fb"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(token: str) -> None:
    problem = connection_problem(gateway_fields(token=token))
    assert problem.message.startswith("the token is too short, or holds")
    assert token.strip() not in problem.message + problem.fix


@pytest.mark.usefixtures("repository")
def test_an_empty_token_from_the_environment_is_refused() -> None:
    Path("flowsync.yaml").write_text(GATEWAY)
    target = resolve("staging", {**ENV, "FLOWSYNC_TOKEN": ""})
    assert [problem.span.line for problem in target.connection_problems] == [7]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("account", ["102290129340398", "0012", "1e5", "true", "0x10", "007.10"])
def test_an_account_written_as_a_plain_number_keeps_its_text(account: str) -> None:
    Path("flowsync.yaml").write_text(GATEWAY.replace('"1"', account))
    assert resolve("staging", ENV).account == account


@pytest.mark.usefixtures("repository")
def test_variables_of_a_target_keep_their_text_and_may_come_from_the_environment() -> None:
    target = target_of(
        {"remote": "emulator", "vars": {"v": "7.10", "h": "https://${env:HOST}"}}, {"HOST": "x"}
    )
    assert target.vars == {"v": "7.10", "h": "https://x"}
    Path("flowsync.yaml").write_text(
        "version: 1\ntargets: {a: {remote: emulator, vars: {v: 7.10, w: no}}}\n"
    )
    assert resolve("a").vars == {"v": "7.10", "w": "no"}


@pytest.mark.usefixtures("repository")
def test_a_target_variable_from_a_missing_environment_variable_stops_every_command() -> None:
    Path("flowsync.yaml").write_text(
        "version: 1\ntargets: {a: {remote: emulator, vars: {h: '${env:H}'}}}\n"
    )
    problems: list[Diagnostic] = []
    assert resolve_target(load(), "a", {}, problems, read_only=True) is None
    assert [(problem.span.line, problem.span.column) for problem in problems] == [(2, 43)]


@pytest.mark.usefixtures("repository")
def test_the_emulators_database_may_come_from_the_environment() -> None:
    target = target_of({"remote": "emulator", "database": "${env:DB}"}, {"DB": "x.db"})
    assert target.database == Path("x.db")
    target = target_of({"remote": "emulator", "database": "${env:GONE}"})
    assert [problem.rule for problem in target.connection_problems] == ["FS012"]


# --- policy ---


@pytest.mark.usefixtures("repository")
def test_defaults_of_policy_limits_and_gates() -> None:
    emulator = target_of({"remote": "emulator"})
    gateway = target_of(gateway_fields())
    assert emulator.policy == Policy()
    assert emulator.policy.allow == {StepKind.PUBLISH, StepKind.DEPRECATE, StepKind.DELETE}
    assert gateway.policy.allow == {StepKind.PUBLISH}
    for target, parallelism in ((emulator, 1), (gateway, 8)):
        assert target.limits == Limits(parallelism=parallelism, requests_per_hour=None, timeout=100)
        assert target.policy.protect == ()
        assert target.policy.prune is None
        assert target.policy.gates == Gates(
            max_publish=None, max_deprecate=None, max_delete=None, max_changed_percent=30
        )
    assert gateway.dialect == "documented"
    assert gateway.connection is not None
    assert gateway.connection.auth_scheme == "Bearer"


@pytest.mark.usefixtures("repository")
def test_policy_limits_and_gates_are_read() -> None:
    target = target_of(
        gateway_fields(
            protect=["checkout-*", "booking"],
            allow=["delete"],
            limits={"parallelism": 2, "requests_per_hour": 50, "timeout": 1.5},
            gates={"max_publish": 1, "max_deprecate": 0, "max_changed_percent": 12.5},
            prune={"match": "acme-*", "draft": "delete", "published": "keep"},
        )
    )
    assert target.limits == Limits(parallelism=2, requests_per_hour=50, timeout=1.5)
    assert target.policy == Policy(
        protect=("checkout-*", "booking"),
        allow=frozenset({StepKind.DELETE}),
        gates=Gates(max_publish=1, max_deprecate=0, max_changed_percent=12.5),
        prune=PruneRule(match="acme-*", deletes_drafts=True),
    )


@pytest.mark.usefixtures("repository")
def test_an_empty_allow_list_allows_nothing() -> None:
    assert target_of({"remote": "emulator", "allow": []}).policy.allow == frozenset()


@pytest.mark.usefixtures("repository")
def test_a_prune_rule_without_choices_keeps_everything() -> None:
    prune = target_of({"remote": "emulator", "prune": {"match": "*"}}).policy.prune
    assert prune == PruneRule(match="*", deletes_drafts=False, deprecates_published=False)


def test_protection_and_prune_take_globs_with_letter_case() -> None:
    policy = Policy(protect=("checkout-*", "a"))
    assert policy.protects("checkout-x")
    assert policy.protects("a")
    assert not policy.protects("Checkout-x")
    assert not policy.protects("ab")
    assert PruneRule(match="acme-*").concerns("acme-1")
    assert not PruneRule(match="acme-*").concerns("ACME-1")


# --- faults ---


@pytest.mark.usefixtures("repository")
def test_faults_of_an_emulator_target_are_taken_as_written() -> None:
    faults: list[JsonValue] = ["create:drop-after*1", "any@3:slow=200"]
    assert target_of({"remote": "emulator", "faults": faults}).faults == tuple(faults)
    assert target_of({"remote": "emulator", "faults": []}).faults == ()
    assert target_of({"remote": "emulator"}).faults == ()


@pytest.mark.usefixtures("repository")
def test_each_wrong_fault_is_a_finding_at_its_place_that_matters_to_the_connection_only() -> None:
    Path("flowsync.yaml").write_text(
        "version: 1\ntargets:\n  a:\n    remote: emulator\n    faults:\n"
        "      - create:drp\n      - any:slow=200\n      - make:drop\n"
    )
    found = resolve("a").connection_problems
    assert [(f.path, f.span.line, f.span.column, f.rule) for f in found] == [
        ("flowsync.yaml", 6, 9, "FS012"),
        ("flowsync.yaml", 8, 9, "FS012"),
    ]
    assert 'unknown kind "drp"' in found[0].message
    assert 'unknown operation "make"' in found[1].message
    assert "--list-faults" in found[0].fix


@pytest.mark.usefixtures("repository")
def test_faults_of_a_gateway_are_refused() -> None:
    Path("flowsync.yaml").write_text(GATEWAY + "    faults: [any:drop]\n")
    (found,) = resolve("staging", ENV).connection_problems
    assert found.message == "only the emulator misbehaves on request."
    assert (found.rule, found.span.line) == ("FS012", GATEWAY.count("\n") + 1)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("faults", ["any:drop", "[{any: drop}]", "['']"])
def test_faults_that_are_no_list_of_texts_are_refused(faults: str) -> None:
    text = f"version: 1\ntargets: {{a: {{remote: emulator, faults: {faults}}}}}\n"
    ((line, _, _, _),) = problems_of(text)
    assert line == 2

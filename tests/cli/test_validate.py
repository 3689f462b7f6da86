"""`flowsync validate`: what it takes in, and the formats in which it says what it found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from flowsync.cli.main import main
from flowsync.cli.reporting import REPORT_FORMATS, SHOWN_FORMATS
from flowsync.model import JsonValue
from flowsync.validation.schema import fits
from tests.cli.serving import run
from tests.cli.terminal import on_terminal
from tests.cli.test_hostile_streams import shell
from tests.support import Repository, flow_json

WRONG: JsonValue = {"version": "7.3", "screens": []}
LONG = "A label that is longer than a telephone shows"  # a warning


def write(name: str, content: JsonValue) -> str:
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2), "utf-8")
    return name


def checked(ran: Result) -> list[str]:
    """Give what was checked, of a validation as JSON."""
    document: dict[str, Any] = json.loads(ran.stdout)
    assert fits(document, "validation") is None
    assert document["is_valid"] is (ran.exit_code == 0)
    names: list[str] = document["checked"]
    return names


def validate(repository: Repository, *args: str, input: str | None = None) -> Result:
    ran = repository.run("validate", *args, "--format", "json", input=input)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


# --- formats ---


def fine(repository: Repository) -> None:
    repository.flow("a")


def warned(repository: Repository) -> None:
    repository.flow("a", content=flow_json(LONG))


def wrong(repository: Repository) -> None:
    repository.flow("a", content=WRONG)


def wrong_config(repository: Repository) -> None:
    repository.flow("a")
    Path("flowsync.yaml").write_text("version: 7\n", "utf-8")


def nothing(repository: Repository) -> None:
    pass


@pytest.mark.parametrize("output", SHOWN_FORMATS)
@pytest.mark.parametrize(
    ("prepare", "args", "code"),
    [
        (fine, (), 0),
        (warned, (), 0),
        (warned, ("--strict",), 3),
        (wrong, (), 3),
        (wrong_config, (), 3),
        (nothing, (), 3),
        (fine, ("b",), 64),
        (fine, ("gone.json",), 64),
    ],
)
def test_the_format_never_changes_the_exit_code(
    repository: Repository,
    output: str,
    prepare: Callable[[Repository], None],
    args: tuple[str, ...],
    code: int,
) -> None:
    prepare(repository)
    ran = run(repository, "validate", *args, "--format", output)
    assert ran.exit_code == code
    if code == 64:
        assert ran.stdout == ""
    elif output in {"json", "sarif"}:
        assert json.loads(ran.stdout)
    elif output == "junit":
        assert ElementTree.fromstring(ran.stdout).get("tests") is not None
    elif output == "github":
        assert all(line.startswith("::") for line in ran.stdout.splitlines())


def test_annotations_alone_are_on_stdout_and_the_summary_on_stderr(repository: Repository) -> None:
    wrong(repository)
    ran = run(repository, "validate", "--format", "github")
    (line,) = ran.stdout.splitlines()
    assert line.startswith("::error file=flows/a.json,line=3,")
    assert ran.stderr == "1 flow checked: 1 error.\n"
    assert run(repository, "validate", "--format", "github", "--quiet").stderr == ""


def test_sarif_names_the_rules_with_their_sources(repository: Repository) -> None:
    wrong(repository)
    driver = json.loads(run(repository, "validate", "--format", "sarif").stdout)["runs"][0]["tool"]
    (rule,) = driver["driver"]["rules"]
    assert rule["id"].startswith("FS")
    assert rule["shortDescription"]["text"]
    assert rule["helpUri"].startswith("https://developers.facebook.com/")


def test_a_secret_in_a_message_reaches_no_format(repository: Repository) -> None:
    secret = "s,e:c%r&e<t"
    repository.flow("a", content={**flow_json(), secret: 1})
    for output in REPORT_FORMATS:
        report = Path(f"report.{output}")
        show = () if output == "html" else ("--format", output)
        args = ("validate", "--excerpt", *show, f"--report={output}={report}")
        ran = repository.run(*args, env={"FLOWSYNC_TOKEN": secret})
        for text in (ran.output, report.read_text("utf-8")):
            for form in (secret, "s%2Ce%3Ac%25r&e<t", "s,e:c%25r&e<t", "s,e:c%r&amp;e&lt;t"):
                assert form not in text, output
            assert "***" in text, output


# --- excerpts ---


def test_excerpts_are_shown_where_they_are_asked_for(repository: Repository) -> None:
    wrong(repository)
    plain = run(repository, "validate").stdout
    assert len(plain.splitlines()) == 2
    asked = run(repository, "validate", "--excerpt").stdout
    assert asked.splitlines()[1:3] == ['    3 |   "screens": []', "      |              ^^"]
    assert run(repository, "validate", "--no-excerpt").stdout == plain


def test_a_terminal_gets_excerpts_unless_it_wants_none(repository: Repository) -> None:
    warned(repository)
    assert "^^" in on_terminal("validate", TERM="dumb").text
    assert "^^" not in on_terminal("validate", "--no-excerpt", TERM="dumb").text
    assert "^^" in repository.run("validate", env={"CLICOLOR_FORCE": "1"}).stdout


def test_files_that_cannot_be_parsed_have_excerpts_too(repository: Repository) -> None:
    repository.flow("a").with_suffix(".json").write_text('{\n  "version": x\n}', "utf-8")
    repository.flow("b").write_text("name: [\n", "utf-8")
    shown = run(repository, "validate", "--excerpt").stdout
    assert '    2 |   "version": x\n      |              ^\n' in shown
    Path("flowsync.yaml").write_text("version: 1\ntarget: {}\n", "utf-8")
    shown = run(repository, "validate", "--excerpt").stdout
    assert "    2 | target: {}\n      | ^^^^^^\n" in shown


# --- files ---


@pytest.mark.parametrize("content", [flow_json(), WRONG], ids=["fine", "wrong"])
def test_a_file_without_a_definition_needs_no_repository(
    repository: Repository, content: JsonValue
) -> None:
    ran = validate(repository, write("exports/x.json", content))
    assert ran.exit_code == (0 if content != WRONG else 3)
    assert checked(ran) == ["exports/x.json"]
    assert {f["path"] for f in json.loads(ran.stdout)["findings"]} <= {"exports/x.json"}
    assert ran.stderr == ""


def test_a_summary_counts_flows_and_files(repository: Repository) -> None:
    repository.flow("a")
    write("x.json", flow_json())
    said = run(repository, "validate", "x.json").stdout
    assert said == "1 file checked, nothing wrong.\n"
    said = run(repository, "validate", "a", "x.json").stdout
    assert said == "1 flow and 1 file checked, nothing wrong.\n"


@pytest.mark.parametrize(
    "word", ["flows/a.json", "./flows/../flows/a.json", "flows/a.yaml", "absolute", "link.json"]
)
def test_a_file_of_a_definition_means_that_flow(repository: Repository, word: str) -> None:
    file = repository.flow("a", content=WRONG).with_suffix(".json")
    repository.flow("b", content=WRONG)
    Path("link.json").symlink_to(file)
    ran = validate(repository, str(file.resolve()) if word == "absolute" else word)
    assert checked(ran) == ["a"]
    assert {f["path"] for f in json.loads(ran.stdout)["findings"]} == {"flows/a.json"}


def test_a_file_of_two_definitions_means_both(repository: Repository) -> None:
    repository.flow("a")
    repository.flow("b", flow_json="a.json")
    assert checked(validate(repository, "flows/a.json")) == ["a", "b"]


def test_the_file_beside_a_definition_in_error_means_that_flow(repository: Repository) -> None:
    repository.flow("a", state="liv")
    ran = validate(repository, "flows/a.json")
    assert checked(ran) == ["a"]
    assert {f["path"] for f in json.loads(ran.stdout)["findings"]} == {"flows/a.yaml"}


@pytest.mark.parametrize("word", ["a", "*", "flows/a.yaml", "flows/a.json"])
@pytest.mark.parametrize(
    ("text", "rule"),
    [("{", "FS002"), ('{"a": "${var:gone}"}', "FS004"), ("\ufeff{}", "FS001")],
)
def test_a_chosen_flow_whose_flow_json_cannot_be_read_is_not_called_fine(
    repository: Repository, word: str, text: str, rule: str
) -> None:
    repository.flow("a").with_suffix(".json").write_text(text, "utf-8")
    repository.flow("b", flow_json="a.json", state="liv")  # shares the file
    ran = validate(repository, word)
    found = json.loads(ran.stdout)["findings"]
    assert ("flows/a.json", rule) in {(f["path"], f["rule"]) for f in found}
    assert ran.exit_code == 3


def test_the_flow_json_is_checked_also_where_the_definition_is_wrong(
    repository: Repository,
) -> None:
    repository.flow("a", content=WRONG, state="liv")
    for words in ([], ["a"], ["flows/a.json"]):
        found = json.loads(validate(repository, *words).stdout)["findings"]
        assert {f["path"] for f in found} == {"flows/a.json", "flows/a.yaml"}


def test_a_warning_waits_until_the_definition_can_say_that_it_is_ignored(
    repository: Repository,
) -> None:
    repository.flow("a", content=flow_json(LONG), state="liv")
    found = json.loads(validate(repository).stdout)["findings"]
    assert {f["path"] for f in found} == {"flows/a.yaml"}


def test_a_file_in_the_flows_folder_that_no_definition_names_stands_alone(
    repository: Repository,
) -> None:
    repository.flow("a")
    assert checked(validate(repository, write("flows/spare.json", WRONG))) == ["flows/spare.json"]


def test_keys_globs_files_and_stdin_may_be_mixed_and_each_counts_once(
    repository: Repository,
) -> None:
    for key in ("a", "promo-1", "promo-2", "z"):
        repository.flow(key)
    write("x.json", flow_json())
    words = ("a", "promo-*", "flows/a.json", "x.json", "./x.json", "-")
    ran = validate(repository, *words, input=json.dumps(WRONG))
    assert checked(ran) == ["a", "promo-1", "promo-2", "x.json", "<stdin>"]
    assert {f["path"] for f in json.loads(ran.stdout)["findings"]} == {"<stdin>"}


def test_a_pattern_of_files_is_replaced_where_the_shell_has_not(repository: Repository) -> None:
    write("x/b.json", flow_json())
    write("x/a.json", flow_json())
    assert checked(validate(repository, "x/*.json")) == ["x/a.json", "x/b.json"]
    assert validate(repository, "y/*.json").exit_code == 64


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("x/exprt.json", 'there is no file x/exprt.json. Did you mean "x/export.json"?'),
        ("gone/x.json", "there is no file gone/x.json. Give the path of a Flow JSON file"),
        ("\0.json", "there is no file"),
    ],
)
def test_a_missing_file_is_wrong_usage_and_the_nearest_is_named(
    repository: Repository, word: str, said: str
) -> None:
    write("x/export.json", flow_json())
    ran = run(repository, "validate", word)
    assert ran.exit_code == 64
    assert ran.stdout == ""
    assert said in ran.stderr


def test_what_is_wrong_with_a_file_itself_is_a_finding(repository: Repository) -> None:
    Path("folder.json").mkdir()
    Path("bytes.json").write_bytes(b'{"a": "\xff"}')
    found = json.loads(validate(repository, "folder.json", "bytes.json").stdout)["findings"]
    assert [(f["path"], f["rule"]) for f in found] == [
        ("bytes.json", "FS001"),
        ("folder.json", "FS001"),
    ]


@pytest.mark.parametrize(
    "config",
    ["version: [", "version: 1\ntargets: {x: {remote: emulator}, y: {remote: emulator}}\n"],
)
def test_a_file_of_its_own_does_not_depend_on_the_targets(
    repository: Repository, config: str
) -> None:
    write("x.json", flow_json())
    Path("flowsync.yaml").write_text(config, "utf-8")
    assert validate(repository, "x.json").exit_code == 0
    ran = repository.run("validate", "x.json", env={"FLOWSYNC_TARGET": "gone"})
    assert ran.exit_code == 0
    assert ("flowsync.yaml has errors" in ran.stderr) is config.endswith("[")


def test_a_target_that_is_named_must_exist(repository: Repository) -> None:
    write("x.json", flow_json())
    assert validate(repository, "x.json", "--target", "gone").exit_code == 64
    assert validate(repository, "x.json", "--config", "gone.yaml").exit_code == 64


# --- variables ---


def test_variables_of_a_file_of_its_own_are_replaced_where_the_target_has_them(
    repository: Repository,
) -> None:
    write("x.json", flow_json("${var:x}"))
    repository.config(local={"remote": "emulator", "vars": {"x": LONG}})
    found = json.loads(validate(repository, "x.json").stdout)["findings"]
    assert [f["severity"] for f in found] == ["warning"]
    ran = validate(repository, "-", input=Path("x.json").read_text("utf-8"))
    assert [f["severity"] for f in json.loads(ran.stdout)["findings"]] == ["warning"]


def test_variables_that_nobody_knows_are_left_alone(repository: Repository) -> None:
    content = flow_json("${var:x} ${env:NOT_SET} ${env:FLOWSYNC_TOKEN} and so on and so on")
    ran = repository.run(
        "validate", write("x.json", content), "--strict", env={"FLOWSYNC_TOKEN": "secret-value"}
    )
    assert ran.exit_code == 0
    assert "secret-value" not in ran.output


def test_a_value_that_a_variable_would_decide_is_not_judged(repository: Repository) -> None:
    content = json.dumps(flow_json()).replace('"7.3"', '"${var:version}"')
    assert validate(repository, "-", input=content).exit_code == 0
    content = json.dumps(flow_json()).replace('"TextInput"', '"${var:kind}"')
    assert validate(repository, "-", input=content).exit_code == 0


# --- stdin ---


def test_stdin_is_checked_under_its_own_name(repository: Repository) -> None:
    ran = validate(repository, "-", "-", input=json.dumps(WRONG))
    assert checked(ran) == ["<stdin>"]
    shown = repository.run("validate", "-", "--excerpt", input=json.dumps(WRONG)).stdout
    assert shown.startswith("<stdin>:1:31: ")
    assert '    1 | {"version": "7.3", "screens": []}\n' in shown


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "FS002"),
        (b"\xff", "FS001"),
        (b"\xef\xbb\xbf{}", "FS001"),
        (b" " * (10 * 1024 * 1024 + 1), "FS001"),
    ],
    ids=["empty", "no UTF-8", "mark", "too large"],
)
def test_stdin_that_is_no_text_is_a_finding(repository: Repository, data: bytes, rule: str) -> None:
    ran = CliRunner().invoke(main, ["validate", "-", "--format", "json"], input=data)
    assert ran.exit_code == 3
    assert [f["rule"] for f in json.loads(ran.stdout)["findings"]] == [rule]


def test_a_closed_stdin_is_wrong_usage(repository: Repository) -> None:
    ran = shell("validate - <&-")
    assert ran.returncode == 64
    assert "stdin cannot be read" in ran.stderr


def test_a_key_that_is_not_there_is_answered_with_some_that_are(repository: Repository) -> None:
    Path("flows").mkdir()
    ran = run(repository, "validate", "x")
    assert ran.exit_code == 64
    assert "There are no flows yet; `flowsync init` makes a first one." in ran.stderr
    for number in range(12):
        repository.flow(f"flow-{number:02}")
    assert "flow-08, flow-09 and 2 more." in run(repository, "validate", "x").stderr


def test_a_file_in_the_place_of_the_flows_folder_is_called_so(repository: Repository) -> None:
    Path("flows").write_text("x")
    assert "flows:1:1: flows is no folder." in run(repository, "validate").stdout


def test_a_file_can_be_checked_from_a_folder_that_is_gone(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(write("x.json", WRONG)).resolve()
    gone = repository.root / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    ran = run(repository, "validate", str(file))
    assert ran.exit_code == 3
    assert ran.stdout.startswith(f"{file.as_posix()}:")


def test_validating_loads_nothing_that_only_a_plan_needs(repository: Repository) -> None:
    repository.flow("a")
    script = (
        "import sys\n"
        "from flowsync.cli.main import main\n"
        "try:\n    main(['validate'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print(*sys.modules)\n"
    )
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=repository.root, capture_output=True, text=True, check=True)
    loaded = ran.stdout.splitlines()[-1].split()
    late = (
        "flowsync.plan",
        "flowsync.changed_files",
        "flowsync.revisions",
        "flowsync.apply",
        "flowsync.policy_rules",
        "deepdiff",
        "jinja2",
    )
    assert [name for name in loaded if name.startswith((*late, "requests", "flowsync.ci."))] == []

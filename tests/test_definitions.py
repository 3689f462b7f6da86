from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from flowsync.definitions import LoadedFlow, check_together, load_definition
from flowsync.diagnostics import Diagnostic
from flowsync.flows_folder import find_definitions
from flowsync.model import DesiredState, FlowDefinition, FlowKey, JsonValue
from flowsync.sources import Variables
from flowsync.workspace import load_workspace, open_target
from tests.support import Repository, flow_json

FLOWS = Path("flows")
KEY = FlowKey("booking")
FILE = FLOWS / "booking.yaml"
COMPLETE = "name: Booking\ncategories: [OTHER]\nflow_json: booking.json\nstate: published\n"


def write(text: str = COMPLETE) -> None:
    """Write flows/booking.yaml beside a valid Flow JSON."""
    Repository(Path()).flow("booking")
    FILE.write_text(text, "utf-8")


def load(
    *,
    target: str = "local",
    known: list[str] | None = None,
    env: dict[str, str] | None = None,
    var: dict[str, str] | None = None,
) -> tuple[LoadedFlow | None, list[Diagnostic]]:
    read = load_definition(
        KEY,
        FILE,
        FLOWS,
        target=target,
        known_targets=known,
        variables=Variables(env or {}, var or {}),
    )
    return read.flow, read.problems


def loaded(
    text: str = COMPLETE,
    *,
    target: str = "local",
    env: dict[str, str] | None = None,
    var: dict[str, str] | None = None,
) -> FlowDefinition:
    write(text)
    flow, problems = load(target=target, env=env, var=var)
    assert problems == []
    assert flow is not None
    return flow.definition


def problems_of(text: str, *, target: str = "local", known: list[str] | None = None) -> list[str]:
    """Give each problem as `line:column message fix`."""
    write(text)
    return shown(load(target=target, known=known))


def shown(found: tuple[LoadedFlow | None, list[Diagnostic]]) -> list[str]:
    flow, problems = found
    assert flow is None
    return [
        f"{problem.span.line}:{problem.span.column} {problem.message} {problem.fix}"
        for problem in problems
    ]


def found_keys() -> tuple[list[str], list[Diagnostic]]:
    problems: list[Diagnostic] = []
    return list(find_definitions(FLOWS, problems)), problems


def touch(*names: str) -> None:
    for name in names:
        file = FLOWS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


# --- finding definitions ---


@pytest.mark.usefixtures("repository")
def test_both_layouts_give_keys_in_order() -> None:
    touch("b.yaml", "a/flow.yaml", "a/c.yml", "x/y/flow.yml", "flow.yaml", "A-1_z.v2.yaml")
    assert found_keys() == (["A-1_z.v2", "a", "a/c", "b", "flow", "x/y"], [])


@pytest.mark.usefixtures("repository")
def test_hidden_files_and_other_files_are_ignored() -> None:
    touch(".a.yaml", ".hidden/b.yaml", "c.json", "d.txt", "e.yaml~", "sub/.f.yml", "g")
    assert found_keys() == ([], [])


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "names", [("a.yaml", "a/flow.yaml"), ("a.yaml", "a.yml"), ("a.yaml", "A.yaml")]
)
def test_two_files_with_one_key_are_reported(names: tuple[str, str]) -> None:
    touch(*names)
    if len(list(FLOWS.rglob("*.y*ml"))) < 2:
        pytest.skip("this file system does not tell letter case apart")
    keys, (problem,) = found_keys()
    assert len(keys) == 1
    assert "is taken by flows/" in problem.message
    assert "Keep one of the two files" in problem.fix


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "name", ["a b.yaml", "-a.yaml", "ü.yaml", "a*.yaml", "_x.yaml", "a\nb.yaml", "x y/flow.yaml"]
)
def test_an_odd_name_is_reported_and_does_not_hide_others(name: str) -> None:
    touch(name, "good.yaml")
    keys, (problem,) = found_keys()
    assert keys == ["good"]
    assert "is not usable" in problem.message
    assert problem.path == f"flows/{name}"


@pytest.mark.usefixtures("repository")
def test_a_name_that_is_not_utf_8_is_reported() -> None:
    FLOWS.mkdir()
    try:
        (FLOWS / os.fsdecode(b"\xff.yaml")).write_text("")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    keys, (problem,) = found_keys()
    assert keys == []
    assert "is not usable" in problem.message


@pytest.mark.usefixtures("repository")
def test_a_missing_flows_folder_is_reported_with_the_command_that_makes_one() -> None:
    keys, (problem,) = found_keys()
    assert keys == []
    assert problem.message == "there is no folder flows."
    assert "flowsync init" in problem.fix


# --- reading one ---


@pytest.mark.usefixtures("repository")
def test_a_definition_is_read_with_its_flow_json() -> None:
    definition = loaded(
        "name: Booking\ncategories: [SURVEY, OTHER]\nflow_json: booking.json\n"
        "endpoint_uri: https://x.example.com/a\nstate: draft\nclone_from: support\n"
        "renamed_from: [Old, Older]\nprotect: true\nreplace: true\n"
    )
    assert definition.key == "booking"
    assert definition.path == "flows/booking.yaml"
    assert definition.name == "Booking"
    assert definition.categories == ("OTHER", "SURVEY")
    assert definition.state is DesiredState.DRAFT
    assert definition.endpoint_uri == "https://x.example.com/a"
    assert definition.manages_endpoint
    assert definition.clone_from == "support"
    assert definition.renamed_from == ("Old", "Older")
    assert definition.protect
    assert definition.replace
    assert definition.flow_json is not None
    assert definition.flow_json.path == "flows/booking.json"
    assert definition.flow_json.value == flow_json()
    assert not definition.flow_json.uses_endpoint


@pytest.mark.usefixtures("repository")
def test_what_is_left_out_has_its_default() -> None:
    definition = loaded("name: Booking\nstate: absent\n")
    assert definition.flow_json is None
    assert definition.categories == ()
    assert definition.endpoint_uri is None
    assert not definition.manages_endpoint
    assert definition.clone_from is None
    assert definition.renamed_from == ()
    assert not definition.protect
    assert not definition.replace


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("line", "uri", "is_managed"),
    [
        ("", None, False),
        ("endpoint_uri: null\n", None, True),
        ("endpoint_uri: ~\n", None, True),
        ("endpoint_uri:\n", None, True),
        ("endpoint_uri: https://h.example.com\n", "https://h.example.com", True),
        ("endpoint_uri: https://h:8443/ü?q=1\n", "https://h:8443/ü?q=1", True),
    ],
)
def test_an_endpoint_may_be_unmanaged_empty_or_set(
    line: str, uri: str | None, is_managed: bool
) -> None:
    definition = loaded(COMPLETE + line)
    assert definition.endpoint_uri == uri
    assert definition.manages_endpoint is is_managed


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "uri", ["http://h", "https://", "h/x", "https:h", "'https://[x'", "https://h/a b", "ftp://h"]
)
def test_an_endpoint_that_is_no_https_address_is_refused_at_its_place(uri: str) -> None:
    (problem,) = problems_of(f"{COMPLETE}endpoint_uri: {uri}\n")
    assert problem.startswith("5:15 endpoint_uri ")
    assert "is not an https address" in problem


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7.10", "7.10"),
        ("no", "no"),
        ("true", "true"),
        ("2024-01-01", "2024-01-01"),
        ("007", "007"),
    ],
)
def test_a_name_that_looks_like_another_value_keeps_its_text(text: str, meant: str) -> None:
    definition = loaded(COMPLETE.replace("Booking", text) + f"renamed_from: [{text}, old]\n")
    assert definition.name == meant
    assert definition.renamed_from == (meant, "old")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "1:1 the document must be a mapping, not a list."),
        ("state: draft\n", '1:1 the field "name" is missing.'),
        ("name: A\n", '1:1 the field "state" is missing.'),
        ("name: A\nstate: draft\n", '`state: draft` needs "categories".'),
        (
            "name: A\nstate: published\ncategories: [OTHER]\n",
            '`state: published` needs "flow_json"',
        ),
        ("name: A\nstate: absnt\n", '2:8 state cannot be "absnt". Did you mean "absent"?'),
        ("name: A\nstate: absent\nstat: x\n", '3:1 unknown field "stat". Did you mean "state"?'),
        ("name: A\nstate: absent\nzzz: x\n", '3:1 unknown field "zzz". Use one of categories,'),
        ("name: [A]\nstate: absent\n", "1:7 name must be text, not a list."),
        (
            "name: A\nstate: absent\nprotect: 1\n",
            "3:10 protect must be true or false, not a number",
        ),
        ("name: A\nstate: absent\ncategories: OTHER\n", "categories must be a list, not text."),
        ("name: A\nstate: absent\ncategories: []\n", "categories must not be empty."),
        ("name: A\nstate: absent\ncategories: [OTHER, OTHER]\n", "names something twice"),
        ("name: A\nstate: absent\ncategories: [survey]\n", 'Did you mean "SURVEY"?'),
        (
            "name: A\nstate: absent\nrenamed_from: ['']\n",
            "renamed_from › entry 1 must not be empty",
        ),
        ("name: A\nstate: absent\nendpoint_uri: [x]\n", "endpoint_uri must be text or null"),
        ("name: A\nstate: absent\nclone_from: null\n", "clone_from must be text, not empty."),
        (f"name: {'x' * 201}\nstate: absent\n", "name has 201 characters; 200 are the most."),
        ("name: A\nstate: absent\ntargets: {'a b': {}}\n", '"a b" is not a usable name'),
        ("name: A\nstate: absent\ntargets: {a: {nme: x}}\n", 'Did you mean "name"?'),
        ("name: A\nstate: absent\ntargets: {a: {targets: {}}}\n", 'unknown field "targets"'),
    ],
)
def test_a_wrong_shape_is_said_at_its_place(text: str, said: str) -> None:
    assert [problem for problem in problems_of(text) if said in problem]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("name", ['" A"', '"A "', '"A\\n"', '"\\tA"'])
def test_a_name_with_outer_white_space_is_refused(name: str) -> None:
    (problem,) = problems_of(COMPLETE.replace("Booking", name))
    assert problem.startswith("1:7 ")
    assert "white space" in problem


@pytest.mark.usefixtures("repository")
def test_an_overridden_name_with_outer_white_space_is_refused_in_the_same_words() -> None:
    (problem,) = problems_of(COMPLETE + 'targets:\n  local:\n    name: " A"\n')
    assert problem.startswith("7:11 ")
    assert "white space" in problem


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "name", ['"A\\nB"', '"A\\u200bB"', '"A\\u202eB"', '"A\\x1bB"', '"A\\u00a0B"']
)
def test_a_name_with_a_control_or_invisible_character_is_refused(name: str) -> None:
    (problem,) = problems_of(COMPLETE.replace("Booking", name))
    assert problem.startswith("1:7 name holds a control or invisible character.")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("value", ["", " x", "a\nb"])
def test_a_name_that_a_variable_spoils_is_refused(value: str) -> None:
    write(COMPLETE.replace("Booking", "${env:NAME}"))
    (problem,) = shown(load(env={"NAME": value}))
    assert problem.startswith("1:7 name ")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("state", ["deprecated", "absent"])
def test_protection_and_removal_contradict_each_other(state: str) -> None:
    (problem,) = problems_of(f"name: A\nprotect: true\nstate: {state}\n")
    assert problem.startswith(f"3:8 `protect: true` and `state: {state}` contradict each other.")


# --- the Flow JSON file ---


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../outside.json", "lies outside the flows folder"),
        ("../flows/../outside.json", "lies outside the flows folder"),
        ("sub/../../outside.json", "lies outside the flows folder"),
        ("{absolute}", "lies outside the flows folder"),
        ("gone.json", "does not exist"),
        ("sub", "does not exist"),
        (".", "does not exist"),
        ('"a\\0b"', "flow_json"),
        ("x" * 5000, "flow_json"),
        ("n" * 300 + ".json", "does not exist"),
    ],
)
def test_a_flow_json_that_is_elsewhere_or_missing_is_refused_at_its_place(
    name: str, said: str
) -> None:
    Path("outside.json").write_text("{}")
    (FLOWS / "sub").mkdir(parents=True)
    name = name.replace("{absolute}", (FLOWS / "booking.json").resolve().as_posix())
    (problem,) = problems_of(COMPLETE.replace("booking.json", name))
    assert problem.startswith("3:12 ")
    assert said in problem


@pytest.mark.usefixtures("repository")
def test_a_flow_json_in_another_folder_of_the_flows_is_taken() -> None:
    definition = loaded(COMPLETE.replace("booking.json", "sub/../booking.json"))
    assert definition.flow_json is not None
    assert definition.flow_json.path == "flows/booking.json"


@pytest.mark.usefixtures("repository")
def test_links_that_lead_out_of_the_flows_folder_are_refused() -> None:
    write()
    Path("outside.json").write_text("{}")
    (FLOWS / "link.json").symlink_to(Path("outside.json").resolve())
    (problem,) = problems_of(COMPLETE.replace("booking.json", "link.json"))
    assert "lies outside the flows folder" in problem
    Path("outside.yaml").write_text(COMPLETE)
    FILE.unlink()
    FILE.symlink_to(Path("outside.yaml").resolve())
    (problem,) = shown(load())
    assert "a link that leads out of the flows folder" in problem


@pytest.mark.usefixtures("repository")
def test_a_definition_that_links_to_itself_is_refused() -> None:
    write()
    FILE.unlink()
    FILE.symlink_to(FILE.name)
    assert shown(load())


@pytest.mark.usefixtures("repository")
def test_a_flow_json_that_links_to_itself_is_refused_at_its_place() -> None:
    FLOWS.mkdir()
    (FLOWS / "loop.json").symlink_to("loop.json")
    (problem,) = problems_of(COMPLETE.replace("booking.json", "loop.json"))
    assert problem.startswith("3:12 flow_json")


@pytest.mark.usefixtures("repository")
def test_a_link_inside_the_flows_folder_is_followed() -> None:
    write()
    (FLOWS / "link.json").symlink_to("booking.json")
    assert loaded(COMPLETE.replace("booking.json", "link.json")).flow_json is not None


@pytest.mark.usefixtures("repository")
def test_what_is_wrong_in_the_flow_json_is_reported_in_that_file() -> None:
    write()
    (FLOWS / "booking.json").write_text('{"a": 1, "a": 2}')
    flow, (problem,) = load()
    assert flow is None
    assert (problem.path, problem.rule) == ("flows/booking.json", "FS002")
    (FLOWS / "booking.json").write_bytes(b"\xff\xfe")
    assert [problem.rule for problem in load()[1]] == ["FS001"]


# --- variables ---


@pytest.mark.usefixtures("repository")
def test_variables_are_replaced_in_every_text_and_in_the_flow_json() -> None:
    content = flow_json("Mail ${env:X} ${data.y}")
    text = (
        "name: A ${var:n}\ncategories: [OTHER]\nflow_json: ${var:n}.json\nstate: draft\n"
        "endpoint_uri: https://${env:X}/e\nrenamed_from: ['${var:n} old']\n"
    )
    Repository(Path()).flow("b", content=content)
    definition = loaded(text, env={"X": "x.example.com"}, var={"n": "b"})
    assert definition.name == "A b"
    assert definition.endpoint_uri == "https://x.example.com/e"
    assert definition.renamed_from == ("b old",)
    assert definition.flow_json is not None
    assert definition.flow_json.value == flow_json("Mail x.example.com ${data.y}")


@pytest.mark.usefixtures("repository")
def test_unknown_variables_are_reported_in_both_files_at_their_places() -> None:
    write(COMPLETE + "renamed_from: [a, '${var:z}']\n")
    (FLOWS / "booking.json").write_text('{\n"version": "${env:GONE}"}')
    flow, problems = load()
    assert flow is None
    assert [(p.path, p.rule, p.span.line, p.span.column) for p in problems] == [
        ("flows/booking.yaml", "FS004", 5, 19),
        ("flows/booking.json", "FS004", 2, 13),
    ]


# --- targets ---

OVERRIDES: list[tuple[str, JsonValue, object]] = [
    ("name", "Other", "Other"),
    ("categories", ["SURVEY"], ("SURVEY",)),
    ("endpoint_uri", "https://other.example.com", "https://other.example.com"),
    ("state", "draft", DesiredState.DRAFT),
    ("clone_from", "1", "1"),
    ("renamed_from", ["Old"], ("Old",)),
    ("protect", True, True),
    ("replace", True, True),
]


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(("field", "value", "read"), OVERRIDES, ids=[row[0] for row in OVERRIDES])
def test_each_field_may_differ_for_a_target(field: str, value: JsonValue, read: object) -> None:
    text = COMPLETE + yaml.safe_dump({"targets": {"staging": {field: value}}})
    there, here = loaded(text, target="staging"), loaded(text)
    assert getattr(there, field) == read
    assert getattr(here, field) != read
    assert there.digest != here.digest
    assert here.digest == loaded().digest


@pytest.mark.usefixtures("repository")
def test_another_flow_json_may_be_used_for_a_target() -> None:
    Repository(Path()).flow("other", content=flow_json("Other"))
    text = COMPLETE + "targets: {staging: {flow_json: other.json}}\n"
    there, here = loaded(text, target="staging"), loaded(text)
    assert there.flow_json is not None
    assert there.flow_json.value == flow_json("Other")
    assert here.flow_json is not None
    assert here.flow_json.value == flow_json()


@pytest.mark.usefixtures("repository")
def test_what_is_wrong_with_an_override_is_said_where_it_stands() -> None:
    text = COMPLETE + "targets:\n  staging:\n    endpoint_uri: http://h\n"
    (problem,) = problems_of(text, target="staging")
    assert problem.startswith("7:19 ")
    assert loaded(text).endpoint_uri is None


@pytest.mark.usefixtures("repository")
def test_overrides_for_targets_that_do_not_exist_are_reported_where_there_is_a_file() -> None:
    text = COMPLETE + "targets:\n  stagin: {state: draft}\n"
    (problem,) = problems_of(text, known=["local", "staging"])
    assert problem.startswith('6:3 flowsync.yaml has no target "stagin". ')
    assert loaded(text)


# --- digest ---


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "text",
    [
        COMPLETE.replace("Booking", "Other"),
        COMPLETE.replace("OTHER", "SURVEY"),
        COMPLETE.replace("published", "draft"),
        COMPLETE + "endpoint_uri: null\n",
        COMPLETE + "endpoint_uri: https://h\n",
        COMPLETE + "clone_from: a\n",
        COMPLETE + "renamed_from: [a]\n",
        COMPLETE + "protect: true\n",
        COMPLETE + "replace: true\n",
    ],
)
def test_the_digest_changes_with_every_relevant_field(text: str) -> None:
    assert loaded(text).digest != loaded().digest


@pytest.mark.usefixtures("repository")
def test_the_digest_changes_with_the_flow_json_and_with_the_values_of_variables() -> None:
    before = loaded().digest
    Repository(Path()).flow("booking", content=flow_json("Other"))
    FILE.write_text(COMPLETE)
    flow, _ = load()
    assert flow is not None
    assert flow.definition.digest != before
    text = COMPLETE.replace("Booking", "B ${env:X}")
    assert loaded(text, env={"X": "1"}).digest != loaded(text, env={"X": "2"}).digest


@pytest.mark.usefixtures("repository")
def test_the_digest_does_not_depend_on_paths_layout_or_comments() -> None:
    before = loaded().digest
    (FLOWS / "moved").mkdir()
    (FLOWS / "booking.json").rename(FLOWS / "moved" / "other.json")
    FILE.rename(FLOWS / "moved" / "flow.yaml")
    lines = COMPLETE.replace("booking.json", "other.json").splitlines()
    (FLOWS / "moved/flow.yaml").write_text("# comment\n" + "\n".join(reversed(lines)) + "\n")
    moved = load_definition(
        FlowKey("moved"),
        FLOWS / "moved/flow.yaml",
        FLOWS,
        target="staging",
        known_targets=None,
        variables=Variables({}, {}),
    ).flow
    assert moved is not None
    assert moved.definition.digest == before


# --- all together ---


def together(repository: Repository, *names: str) -> list[tuple[str, str]]:
    for number, name in enumerate(names):
        repository.flow(f"f{number}", name=name)
    opened = open_target(None, None, {}, read_only=True)
    assert isinstance(opened, tuple)
    workspace = load_workspace(*opened, {}, ())
    return [(finding.path, finding.message) for finding in workspace.diagnostics]


def test_two_definitions_with_one_name_are_reported(repository: Repository) -> None:
    assert together(repository, "Same", "Other", "Same") == [
        ("flows/f2.yaml", 'flows/f0.yaml has the same name: "Same".')
    ]


def test_names_that_differ_only_in_letter_case_are_reported(repository: Repository) -> None:
    assert together(repository, "Straße", "STRASSE") == [
        ("flows/f1.yaml", 'flows/f0.yaml has a name that differs only in letter case: "STRASSE".')
    ]


def test_different_names_are_fine() -> None:
    assert list(check_together([])) == []


def test_all_problems_of_all_files_are_found_in_one_run(repository: Repository) -> None:
    repository.flow("a", state="liv")
    repository.flow("b", endpoint_uri="http://h", nme="x")
    repository.flow("c", content={"version": "7.3", "screens": []})
    repository.flow("d", flow_json="gone.json", endpoint_uri="http://h")
    (repository.root / "flows/e.yaml").write_text("a: 1\na: 2\n")
    (repository.root / "flows/f g.yaml").write_text("")
    opened = open_target(None, None, {}, read_only=True)
    assert isinstance(opened, tuple)
    workspace = load_workspace(*opened, {}, ())
    paths = [finding.path for finding in workspace.diagnostics]
    assert paths == sorted(paths)
    assert {path: paths.count(path) for path in paths if not path.endswith("c.json")} == {
        "flows/a.yaml": 1,
        "flows/b.yaml": 1,
        "flows/d.yaml": 2,
        "flows/e.yaml": 1,
        "flows/f g.yaml": 1,
    }
    assert "flows/c.json" in paths

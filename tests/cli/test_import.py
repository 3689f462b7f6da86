"""`flowsync import`: what is written, so that a plan has nothing to do, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsync.json_numbers import load_json
from flowsync.model import JsonValue
from flowsync.plan.compare import same_value
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT as ACCOUNT
from flowsync.remotes.emulator.platform import CATEGORIES, Platform
from flowsync.remotes.operations import Operation
from flowsync.validation.schema import fits
from tests.cli.serving import Served, embedded, flow_id, parsed, run
from tests.support import TOKEN, Repository, flow_json

FLOWS = Path(__file__).parent.parent.parent / "flows"


def put(
    platform: Platform,
    name: str,
    content: JsonValue = None,
    *,
    status: str = "PUBLISHED",
    categories: tuple[str, ...] = ("OTHER",),
    endpoint_uri: str | None = None,
    has_content: bool = True,
) -> str:
    """Put a flow onto the platform as the console would, and give its id."""
    made = platform.create_flow(
        ACCOUNT, name=name, categories=categories, endpoint_uri=endpoint_uri
    )
    if has_content:
        platform.upload(made, json.dumps(content or flow_json()).encode())
    if status != "DRAFT":
        platform.force_status(made, status)
    return made


def files() -> dict[str, str]:
    """Give the texts of all files of the repository."""
    found = sorted(Path("flows").rglob("*")) if Path("flows").exists() else []
    return {file.as_posix(): file.read_bytes().decode() for file in found if file.is_file()}


def check_in_step(repository: Repository, *targets: str) -> None:
    """Check that a plan has nothing to do, that all is formatted, and an import changes nothing."""
    ran = run(repository, "plan", "--detailed-exitcode", *targets)
    assert ran.exit_code == 0, ran.output
    ran = run(repository, "fmt", "--check")
    assert ran.exit_code == 0, ran.output
    before = files()
    ran = run(repository, "import", *targets)
    assert ran.exit_code == 0, ran.output
    assert files() == before


def flows_of(document: Any) -> dict[str, Any]:
    """Give the flows of an import's document by name, after checking it against its schema."""
    assert fits(document, "import") is None
    return {flow["name"]: flow for flow in document["flows"]}


# --- import → plan is empty ---


def test_the_example_flows_come_back_from_an_account_into_an_empty_repository(
    repository: Repository,
) -> None:
    shutil.copytree(FLOWS, repository.root / "flows")
    assert run(repository, "apply", "--yes").exit_code == 0
    shutil.rmtree("flows")
    ran = run(repository, "import")
    assert ran.exit_code == 0
    assert "6 flows: 6 new." in ran.stdout
    assert "next: flowsync plan" in ran.stderr
    assert len(files()) == 12
    check_in_step(repository)


def test_flows_of_every_status_come_with_the_state_that_leaves_them_alone(
    repository: Repository,
) -> None:
    with embedded() as platform:
        put(platform, "Draft", status="DRAFT")
        put(platform, "Live", flow_json(endpoint=True), endpoint_uri="https://e.example.com/a")
        put(platform, "Slow", status="THROTTLED")
        put(platform, "Stopped", status="BLOCKED")
        put(platform, "Retired", status="DEPRECATED")
    ran = run(repository, "import")
    assert ran.exit_code == 0
    assert "4 flows: 4 new. 1 deprecated flow left out (--deprecated)." in ran.stdout
    assert run(repository, "import", "--deprecated").exit_code == 0
    states = {
        name: text.rpartition("state: ")[2].strip()
        for name, text in files().items()
        if name.endswith(".yaml")
    }
    assert states == {
        "flows/draft/flow.yaml": "draft",
        "flows/live/flow.yaml": "published",
        "flows/slow/flow.yaml": "published",
        "flows/stopped/flow.yaml": "published",
        "flows/retired/flow.yaml": "deprecated",
    }
    assert "endpoint_uri: https://e.example.com/a\n" in files()["flows/live/flow.yaml"]
    check_in_step(repository)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
ODD_TEXTS = TEXTS | st.sampled_from(
    ["${env:HOME}", "${var:x}!", "é ${env:PATH}", "\u2028\ufeff\x7f"]
)
CONSTANTS = st.recursive(
    ODD_TEXTS
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def odd_contents(draw: st.DrawFn) -> JsonValue:
    """Give Flow JSON with unusual texts, keys and numbers in places that take them."""
    content: Any = flow_json(draw(ODD_TEXTS))
    screen = content["screens"][0]
    screen["title"] = draw(ODD_TEXTS)
    payload = screen["layout"]["children"][-1]["on-click-action"]["payload"]
    payload.update(draw(st.dictionaries(ODD_TEXTS, CONSTANTS, max_size=3)))
    if draw(st.booleans()):
        screen["data"] = {
            "n": {
                "type": "number",
                "__example__": draw(st.sampled_from([1.0, 1, 1e300, -0.0, 10**25])),
            }
        }
    if draw(st.booleans()):
        content["screens"][0] = dict(reversed(screen.items()))
    return content  # type: ignore[no-any-return]


NAMES = st.text(st.characters().filter(str.isprintable), min_size=1, max_size=40).map(str.strip)


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(
            NAMES.filter(bool),
            st.sets(st.sampled_from(sorted(CATEGORIES)), min_size=1),
            odd_contents(),
            st.sampled_from(["DRAFT", "PUBLISHED"]),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda flow: flow[0].casefold(),
    )
)
def test_flows_of_unusual_but_legal_content_come_as_they_are(
    flows: list[tuple[str, set[str], JsonValue, str]],
) -> None:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            _check_round_trip(Repository(Path(folder)), flows)
        finally:
            os.chdir(here)


def _check_round_trip(
    repository: Repository, flows: list[tuple[str, set[str], JsonValue, str]]
) -> None:
    with embedded() as platform:
        for name, categories, content, status in flows:
            put(platform, name, content, status=status, categories=tuple(categories))
    ran = run(repository, "import", "--format", "json")
    found = flows_of(parsed(ran))
    assert ran.exit_code in {0, 3}, ran.output
    for name, _, content, _ in flows:
        flow = found[name]
        assert flow["result"] == "created", flow
        written = Path(flow["files"][0]["path"]).read_text("utf-8")
        assert same_value(load_json(written), content)
    assert run(repository, "fmt", "--check").exit_code == 0
    again = run(repository, "import", "--format", "json")
    assert {flow["result"] for flow in parsed(again)["flows"]} == {"unchanged"}
    if ran.exit_code == 0:
        assert run(repository, "plan", "--detailed-exitcode").exit_code == 0


def test_content_with_errors_is_written_and_the_errors_are_shown(repository: Repository) -> None:
    with embedded() as platform:
        put(platform, "Unfinished", {"version": "7.3", "screens": []}, status="DRAFT")
    ran = run(repository, "import")
    assert ran.exit_code == 3
    assert "flows/unfinished/flow.json:" in ran.stderr
    assert "stop a plan" in ran.stderr
    assert Path("flows/unfinished/flow.json").exists()
    assert run(repository, "plan").exit_code == 3
    again = run(repository, "import")
    assert (again.exit_code, files()) == (0, files())
    with embedded() as platform:
        platform.upload(flow_id("Unfinished"), json.dumps(flow_json()).encode())
    assert run(repository, "import", "--force").exit_code == 0
    check_in_step(repository)


def test_a_text_that_looks_like_a_variable_is_written_so_that_it_is_none(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    with embedded() as platform:
        put(platform, "Odd", flow_json("${env:HOME} ${var:x}"))
    assert run(repository, "import").exit_code == 0
    assert '"\\u0024{env:HOME} \\u0024{var:x}"' in files()["flows/odd/flow.json"]
    check_in_step(repository)


def test_a_definition_names_the_schema_that_the_repository_keeps(repository: Repository) -> None:
    Path("schemas").mkdir()
    Path("schemas/flow.schema.json").write_text("{}")
    with embedded() as platform:
        put(platform, "A")
    assert run(repository, "import").exit_code == 0
    assert files()["flows/a/flow.yaml"] == (
        "# yaml-language-server: $schema=../../schemas/flow.schema.json\n"
        "name: A\ncategories: [OTHER]\nflow_json: flow.json\nstate: published\n"
    )
    check_in_step(repository)


# --- what cannot be imported ---


def test_names_that_a_definition_cannot_hold_are_reported_and_the_others_go_on(
    repository: Repository,
) -> None:
    with embedded() as platform:
        for name in ("Fine", " outer ", "twin", "Twin", "a\nb", "x" * 201, "${env:HOME}"):
            put(platform, name)
        put(platform, "Odd endpoint", endpoint_uri="${var:host}/a")
        put(platform, "Old endpoint", endpoint_uri="http://e.example.com")
        platform.force_status(put(platform, "Future"), "ARCHIVED")
        put(platform, "No content", status="DRAFT", has_content=False)
    ran = run(repository, "import", "--format", "json")
    assert ran.exit_code == 4
    found = flows_of(parsed(ran))
    assert found["Fine"]["result"] == "created"
    reasons = {name: flow["reason"] for name, flow in found.items() if name != "Fine"}
    for name, part in {
        " outer ": "white space",
        "twin": "the same name but for letter case",
        "Twin": "the same name but for letter case",
        "a\nb": "control or invisible character",
        "x" * 201: "name",
        "${env:HOME}": "as a variable",
        "Odd endpoint": "as a variable",
        "Old endpoint": "not an https address",
        "Future": '"ARCHIVED"',
        "No content": "no Flow JSON yet",
    }.items():
        assert part in reasons[name], name
        assert found[name]["result"] == "skipped"
    assert sorted(files()) == ["flows/fine/flow.json", "flows/fine/flow.yaml"]
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 0


def test_two_flows_of_one_name_are_not_guessed_about(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    put(served.platform, "A")
    other = put(served.platform, "B")
    with served.emulated.store.transaction() as db:
        db.execute("DROP INDEX flow_names")
        db.execute("UPDATE flows SET name = 'A' WHERE id = ?", (other,))
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert ran.stdout.count("the account has 2 flows of this name") == 2
    repository.flow("a")
    ran = run(repository, "import", "a")
    assert ran.exit_code == 4
    assert "WhatsApp Manager" in ran.stdout


def test_content_that_cannot_be_read_is_reported_and_the_others_go_on(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    for name in ("A", "B", "C"):
        put(served.platform, name)
    served.emulated.faults.add("get:asset-unavailable*2")
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "its content could not be read" in ran.stdout
    assert "3 flows: 2 new, 1 not imported." in ran.stdout
    assert len(files()) == 4
    assert run(repository, "import").exit_code == 0
    check_in_step(repository)


def test_a_flow_that_cannot_be_read_at_all_is_reported(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    put(served.platform, "A")
    made = put(served.platform, "B", status="DRAFT")

    def removed_by_somebody(operation: Operation) -> None:
        if operation is Operation.GET and made in {
            flow.id for flow in served.platform.list_flows(ACCOUNT)
        }:
            served.platform.delete(made)

    served.on_request = removed_by_somebody
    ran = run(repository, "import", "--format", "json")
    assert ran.exit_code == 4
    found = flows_of(parsed(ran))
    assert (found["A"]["result"], found["B"]["result"]) == ("created", "skipped")
    assert "does not exist" in found["B"]["reason"]


def test_a_flow_that_somebody_renames_meanwhile_is_not_written_under_the_wrong_name(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    made = put(served.platform, "A", status="DRAFT")

    def renamed_by_somebody(operation: Operation) -> None:
        if operation is Operation.GET:
            served.platform.update_flow(made, name="B")

    served.on_request = renamed_by_somebody
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "somebody else is at work on it. Run the command again." in ran.stdout
    assert files() == {}
    assert run(repository, "import").exit_code == 0
    check_in_step(repository)


def test_a_listing_in_doubt_is_imported_as_far_as_it_goes(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    put(served.platform, "A")
    put(served.platform, "B")
    served.emulated.faults.add("list:page-repeated")
    ran = run(repository, "import")
    assert ran.exit_code == 5
    assert "may not be whole" in ran.stdout
    assert len(files()) == 4
    ran = run(repository, "import", "zz")
    assert (ran.exit_code, ran.stdout) == (5, "")
    assert "may not be whole" in ran.stderr


def test_a_flow_that_repeats_the_token_is_not_written(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    put(served.platform, f"Key {TOKEN}")
    put(served.platform, "B", endpoint_uri=f"https://e.example.com/{TOKEN}")
    put(served.platform, "C", flow_json(TOKEN))
    put(served.platform, "D")
    for output in ("json", "text"):
        ran = run(repository, "import", "--format", output)
        assert ran.exit_code == 4
        assert TOKEN not in ran.output
        assert ran.stdout.count("must not stand in a file") == 3
    assert sorted(files()) == ["flows/d/flow.json", "flows/d/flow.yaml"]


def test_nasty_names_get_safe_folders_inside_the_flows_folder(repository: Repository) -> None:
    names = ["../../evil", "/etc/passwd", "CON", "aux.json", "..", "予約", "flow", "Support", "a/b"]
    Path("flows/support").mkdir(parents=True)
    Path("flows/support/notes.md").write_text("mine")
    with embedded() as platform:
        for name in names:
            put(platform, name)
    assert run(repository, "import").exit_code == 0
    folders = {Path(file).parent.name for file in files() if file.endswith(".yaml")}
    japanese = f"flow-{flow_id('予約')}"
    dots = f"flow-{flow_id('..')}"
    assert folders == {
        *("evil", "etc-passwd", "con-flow", "aux-json", dots, japanese, "flow", "support-2", "a-b"),
    }
    assert {entry.name for entry in repository.root.iterdir()} == {"flows", ".flowsync"}
    assert Path("flows/support/notes.md").read_text() == "mine"
    check_in_step(repository)


# --- which flows ---


def test_words_choose_by_name_id_key_and_glob(repository: Repository) -> None:
    with embedded() as platform:
        made = {name: put(platform, name) for name in ("Promo A", "Promo B", "Ask [1]", "Old")}
        platform.force_status(made["Old"], "DEPRECATED")

    def imported(*words: str) -> list[str]:
        ran = run(repository, "import", "--dry-run", "--format", "json", *words)
        assert ran.exit_code == 0, ran.output
        return sorted(flows_of(parsed(ran)))

    assert imported() == ["Ask [1]", "Promo A", "Promo B"]
    assert imported("Promo *") == ["Promo A", "Promo B"]
    assert imported("Ask [1]", made["Promo B"]) == ["Ask [1]", "Promo B"]
    assert imported("Old") == ["Old"]
    assert imported("O*") == []
    assert imported("O*", "--deprecated") == ["Old"]
    repository.flow("team/offer", name="Promo A")
    assert imported("team/offer") == ["Promo A"]
    assert imported("team/*", "Old") == ["Old", "Promo A"]


def test_a_word_that_means_nothing_is_wrong_usage_and_the_nearest_is_named(
    repository: Repository,
) -> None:
    with embedded() as platform:
        put(platform, "Summer offer")
    repository.flow("gone")
    for word, said in {
        "Sumer offer": 'Did you mean "Summer offer"?',
        "xyz": "`flowsync list` shows all flows.",
        "gone": "its flow is not on the remote",
        "": "no flow has",
    }.items():
        ran = run(repository, "import", word)
        assert (ran.exit_code, ran.stdout) == (64, "")
        assert said in ran.stderr


def test_an_empty_account_is_said_to_be_one(repository: Repository) -> None:
    ran = run(repository, "import")
    assert (ran.exit_code, ran.stdout) == (0, "The account has no flows to import.\n")
    assert files() == {}


def test_a_definition_whose_flow_is_gone_is_named_and_left(repository: Repository) -> None:
    repository.flow("booking")
    before = files()
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert "Not in the account, and left as they are here: booking." in ran.stdout
    assert files() == before


def test_a_flow_that_was_renamed_in_the_console_is_new_with_a_hint(repository: Repository) -> None:
    repository.flow("booking")
    repository.flow("other", content=flow_json("Other"))
    assert run(repository, "apply", "--yes").exit_code == 0
    with embedded() as platform:
        platform.update_flow(flow_id("Booking"), name="Appointments")
    ran = run(repository, "import")
    assert ran.exit_code == 0
    assert 'it has the very content of "booking", whose flow is gone' in ran.stdout
    assert "flows/booking.yaml" in ran.stdout
    assert Path("flows/appointments/flow.yaml").exists()


# --- what is there already ---

COMMENTED = """\
# The reception edits this flow.

name: Booking   # unique in the account
# two of them, since April
categories:
  - OTHER        # for the old bot
  - APPOINTMENT_BOOKING
flow_json: booking.json

endpoint_uri: ${var:host}/booking # not ours
state: published # go live
"""


@pytest.fixture
def commented(repository: Repository) -> Repository:
    """A repository with an author's comments and variables, and its flow in step."""
    repository.config(
        local={"remote": "emulator", "vars": {"host": "https://e.example.com", "firm": "Muster"}}
    )
    file = repository.flow("booking", content=flow_json("Write to ${var:firm}", endpoint=True))
    file.write_text(COMMENTED, "utf-8")
    assert run(repository, "apply", "--yes").exit_code == 0
    assert run(repository, "fmt").exit_code == 0
    return repository


def edit_in_console(name: str, **changes: Any) -> None:
    """Change a flow and its title as the console would, and publish it."""
    with embedded() as platform:
        flow = platform.get_flow(flow_id(name))
        content: Any = flow.content
        content["screens"][0]["title"] = "Write to us"
        platform.update_flow(flow.id, **changes)
        platform.upload(flow.id, json.dumps(content).encode())
        platform.publish(flow.id)


def test_drift_comes_back_into_the_files_and_comments_stay(commented: Repository) -> None:
    edit_in_console("Booking", categories=["APPOINTMENT_BOOKING", "SURVEY"])
    before = files()
    ran = run(commented, "import")
    assert ran.exit_code == 6
    assert '+      "title": "Write to us",' in ran.stdout
    assert "+  - SURVEY        # for the old bot" in ran.stdout
    assert "--force" in ran.stderr
    assert files() == before
    ran = run(commented, "import", "--force")
    assert ran.exit_code == 0
    after = files()
    assert after["flows/booking.yaml"] == before["flows/booking.yaml"].replace(
        "- OTHER", "- SURVEY"
    )
    assert after["flows/booking.json"] == before["flows/booking.json"].replace(
        '"Contact us"', '"Write to us"'
    )
    assert "${var:firm}" in after["flows/booking.json"]
    check_in_step(commented)


def test_an_edit_that_was_not_published_comes_back_as_a_draft_and_that_is_said(
    commented: Repository,
) -> None:
    with embedded() as platform:
        platform.update_flow(flow_id("Booking"), endpoint_uri="https://new.example.com")
    ran = run(commented, "import", "--force")
    assert ran.exit_code == 0
    assert "still live. Write `state: published`" in ran.stdout
    assert "endpoint_uri is written without the variable" in ran.stdout
    assert files()["flows/booking.yaml"] == COMMENTED.replace(
        "${var:host}/booking", "https://new.example.com"
    ).replace("state: published", "state: draft")
    check_in_step(commented)


def test_a_text_with_a_variable_that_was_changed_is_written_as_it_is_and_named(
    commented: Repository,
) -> None:
    with embedded() as platform:
        flow = platform.get_flow(flow_id("Booking"))
        text = (flow.flow_json or b"").replace(b"Write to Muster", b"Call us")
        platform.upload(flow.id, text)
        platform.publish(flow.id)
    ran = run(commented, "import", "--force")
    assert ran.exit_code == 0
    assert "/screens/0/layout/children/0/label" in ran.stdout
    assert '"Call us"' in files()["flows/booking.json"]
    check_in_step(commented)


def test_a_deprecation_in_the_console_comes_back(commented: Repository) -> None:
    with embedded() as platform:
        platform.deprecate(flow_id("Booking"))
    assert run(commented, "import", "--force").exit_code == 0
    assert "state: deprecated # go live" in files()["flows/booking.yaml"]
    check_in_step(commented)


def test_import_edit_apply_import_is_stable(repository: Repository) -> None:
    shutil.copytree(FLOWS, repository.root / "flows")
    assert run(repository, "apply", "--yes").exit_code == 0
    shutil.rmtree("flows")
    assert run(repository, "import").exit_code == 0
    file = Path("flows/solar-consultation-request/flow.json")
    file.write_text(file.read_text("utf-8").replace('"Email"', '"E-mail"'), "utf-8")
    definition = file.with_name("flow.yaml")
    definition.write_text(
        "# ours\n" + definition.read_text("utf-8").replace("[LEAD_GENERATION]", "[OTHER] # !"),
        "utf-8",
    )
    assert run(repository, "apply", "--yes").exit_code == 0
    check_in_step(repository)


def test_a_gateway_that_words_content_differently_changes_no_file(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    content: Any = flow_json()
    content["screens"][0]["data"] = {"n": {"type": "number", "__example__": 1.0}}
    repository.flow("a", content=content)
    assert run(repository, "apply", "--yes").exit_code == 0
    before = files()
    served.emulated.faults.add("get:normalised")
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert "1 flow: 1 unchanged." in ran.stdout
    assert files() == before


def test_what_holds_for_one_target_is_changed_there(repository: Repository) -> None:
    repository.config(local={"remote": "emulator"}, other={"remote": "emulator"})
    repository.flow("a", state="draft", targets={"local": {"state": "published"}})
    assert run(repository, "apply", "--yes", "-t", "local").exit_code == 0
    with embedded() as platform:
        platform.deprecate(flow_id("A"))
        put(platform, "B")
    before = files()["flows/a.yaml"]
    ran = run(repository, "import", "--force", "-t", "local")
    assert ran.exit_code == 0
    assert files()["flows/a.yaml"] == before.replace(
        "    state: published", "    state: deprecated"
    )
    assert "other targets" not in ran.stdout
    with embedded() as platform:
        platform.update_flow(flow_id("B"), categories=["SURVEY"])
    ran = run(repository, "import", "--force", "-t", "local")
    assert "categories holds for other targets too (other)." in ran.stdout


def test_a_definition_that_asked_for_absence_is_completed_where_the_flow_lives(
    repository: Repository,
) -> None:
    repository.flow("a").write_text("name: A # gone in May\nstate: absent\n")
    Path("flows/a.json").unlink()
    with embedded() as platform:
        put(platform, "A")
    assert run(repository, "import", "--force").exit_code == 0
    assert files()["flows/a.yaml"] == (
        "name: A # gone in May\ncategories: [OTHER]\nflow_json: a.json\nstate: published\n"
    )
    check_in_step(repository)


def test_a_rename_that_is_not_applied_yet_is_taken_back_and_that_is_said(
    repository: Repository,
) -> None:
    with embedded() as platform:
        put(platform, "Old")
    repository.flow("a", name="New", renamed_from=["Old"])
    assert run(repository, "fmt").exit_code == 0
    assert run(repository, "import").exit_code == 6
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert 'renames the flow to "New", which is not applied yet' in ran.stdout
    check_in_step(repository)


@pytest.mark.parametrize("is_yml", [False, True])
def test_what_cannot_be_changed_in_place_is_left_with_its_reason(
    repository: Repository, is_yml: bool
) -> None:
    repository.flow("anchored").write_text(
        "name: Anchored\ncategories: &c [OTHER]\nrenamed_from: *c\nflow_json: anchored.json\n"
        "state: published\n"
    )
    repository.flow("kept", protect=True)
    repository.flow("one", content=flow_json("Both"))
    repository.flow("two", flow_json="one.json")
    if is_yml:
        for file in Path("flows").glob("*.yaml"):
            file.rename(file.with_suffix(".yml"))
    assert run(repository, "apply", "--yes").exit_code == 0
    with embedded() as platform:
        platform.update_flow(flow_id("Anchored"), categories=["SURVEY"])
        platform.deprecate(flow_id("Kept"))
        platform.upload(flow_id("One"), json.dumps(flow_json("One")).encode())
        put(platform, "New")
    before = files()
    ran = run(repository, "import", "--force", "--format", "json")
    assert ran.exit_code == 4
    found = flows_of(parsed(ran))
    assert "by hand" in found["Anchored"]["reason"]
    assert "contradict" in found["Kept"]["reason"]
    assert 'also the Flow JSON of "two"' in found["One"]["reason"]
    assert found["Two"]["result"] == "unchanged"
    assert found["New"]["result"] == "created"
    assert {name: text for name, text in files().items() if "new/" not in name} == before


def test_definitions_that_cannot_be_read_stop_an_import_before_it_doubles_a_flow(
    repository: Repository,
) -> None:
    with embedded() as platform:
        put(platform, "A")
    repository.flow("a", state="liv")
    before = files()
    ran = run(repository, "import")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "flows/a.yaml:5:8:" in ran.stderr
    assert files() == before


def test_new_files_are_written_although_others_differ(commented: Repository) -> None:
    edit_in_console("Booking")
    with embedded() as platform:
        put(platform, "Second")
    ran = run(commented, "import", "--format", "json")
    assert ran.exit_code == 6
    found = flows_of(parsed(ran))
    assert (found["Booking"]["result"], found["Second"]["result"]) == ("kept", "created")
    (changed,) = found["Booking"]["files"]
    assert changed["path"] == "flows/booking.json"
    assert '+      "title": "Write to us",' in changed["diff"]
    assert Path("flows/second/flow.yaml").exists()


@pytest.mark.parametrize(("force", "result"), [((), "kept"), (("--force",), "would_update")])
def test_a_dry_run_shows_everything_and_writes_nothing(
    commented: Repository, force: tuple[str, ...], result: str
) -> None:
    edit_in_console("Booking")
    with embedded() as platform:
        put(platform, "Second")
    before = files()
    ran = run(commented, "import", "--dry-run", "--format", "json", *force)
    assert ran.exit_code == 0
    found = flows_of(parsed(ran))
    assert (found["Booking"]["result"], found["Second"]["result"]) == (result, "would_create")
    text = run(commented, "import", "--dry-run", *force)
    assert "new file flows/second/flow.yaml" in text.stdout
    assert "Write to us" in text.stdout
    assert files() == before


# --- writing ---


def test_a_file_that_was_saved_meanwhile_is_left(
    commented: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_in_console("Booking")
    real = os.fsync

    def saved_by_somebody(descriptor: int) -> None:
        real(descriptor)
        Path("flows/booking.json").write_text("{}")

    monkeypatch.setattr(os, "fsync", saved_by_somebody)
    ran = run(commented, "import", "--force")
    assert ran.exit_code == 1
    assert "has changed since it was read" in ran.stdout
    assert Path("flows/booking.json").read_text() == "{}"


def test_a_new_flow_is_written_whole_or_not_at_all(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded() as platform:
        put(platform, "A")
    real = os.fsync
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, os.strerror(28))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    ran = run(repository, "import")
    assert ran.exit_code == 1
    assert "no space left on device" in ran.stdout
    assert list(Path("flows").iterdir()) == []
    assert run(repository, "import").exit_code == 0
    check_in_step(repository)


# --- nothing stops the others ---


def test_a_flow_whose_name_is_like_anothers_leaves_the_definition_that_was_there(
    repository: Repository,
) -> None:
    repository.flow("twin", name="Twin")
    with embedded() as platform:
        put(platform, "Twin", categories=("SURVEY",))
        put(platform, "twin")
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 4
    assert "2 flows: 1 updated, 1 not imported." in ran.stdout
    assert "SURVEY" in files()["flows/twin.yaml"]


def test_what_is_left_to_do_for_a_replaced_flow_does_not_stop_its_successor(
    repository: Repository,
) -> None:
    repository.flow("a", replace=True)
    with embedded() as platform:
        earlier = put(platform, "A")
        put(platform, "A v2", categories=("SURVEY",))
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert "SURVEY" in files()["flows/a.yaml"]
    assert "a plan still does to the flow that it replaced: deprecate." in ran.stdout
    ran = run(repository, "import", earlier)
    assert ran.exit_code == 4
    assert 'it is an earlier version of "a"' in ran.stdout

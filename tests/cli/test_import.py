"""Flows of an account as files, and what was changed in the console as a change of the files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flowsync.model import JsonValue
from flowsync.remotes.emulator.gateway_app import DOCUMENTED_ACCOUNT
from flowsync.remotes.emulator.platform import CATEGORIES, Platform, PlatformError
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.gateway.dialects import Operation
from flowsync.validation.platform import upload_findings
from flowsync.validation.schema import fits
from tests.cli.serving import DATABASE, Served, embedded, flow_id, parsed, run
from tests.support import TOKEN, Repository, flow_json

EXAMPLES = Path(__file__).parent.parent.parent / "flows"


@pytest.fixture
def platform(repository: Repository) -> Iterator[Platform]:
    """The platform behind the embedded emulator of an empty repository."""
    DATABASE.parent.mkdir()
    with embedded() as found:
        yield found


def put(
    platform: Platform,
    name: str,
    content: JsonValue = None,
    *,
    categories: tuple[str, ...] = ("OTHER",),
    endpoint: str | None = None,
    is_live: bool = True,
) -> str:
    """Make a flow as somebody does in WhatsApp Manager, and give its id."""
    made = platform.create_flow(
        DOCUMENTED_ACCOUNT, name=name, categories=list(categories), endpoint_uri=endpoint
    )
    text = json.dumps(flow_json() if content is None else content)
    assert platform.upload(made, text.encode()) == ()
    if is_live:
        platform.publish(made)
    return made


def check_in_step(repository: Repository) -> None:
    """Check that the files are canonical, and that a plan has nothing to do."""
    assert run(repository, "fmt", "--check").exit_code == 0
    ran = run(repository, "plan", "--detailed-exitcode")
    assert ran.exit_code == 0, ran.output


def text_of(repository: Repository, name: str) -> str:
    return (repository.root / "flows" / name).read_text("utf-8")


# --- new flows ---


def test_the_example_flows_come_back_so_that_a_plan_is_empty(repository: Repository) -> None:
    shutil.copytree(EXAMPLES, repository.root / "flows")
    assert run(repository, "apply", "--yes").exit_code in {0, 4}  # one is in a frozen version
    there = parsed(run(repository, "list", "--format", "json"))["flows"]
    shutil.rmtree(repository.root / "flows")
    ran = run(repository, "import")
    assert ran.exit_code == 0, ran.output
    assert f"{len(there)} flows: {len(there)} written." in ran.stdout
    assert len(list((repository.root / "flows").glob("*/flow.yaml"))) == len(there) >= 6
    check_in_step(repository)
    again = run(repository, "import")
    assert again.exit_code == 0
    assert f"{len(there)} unchanged." in again.stdout


_TEXT = st.characters(min_codepoint=32, codec="utf-8")


@given(
    name=st.text(_TEXT, min_size=1, max_size=60).filter(lambda name: name.isprintable()),
    label=st.text(_TEXT, min_size=1, max_size=12) | st.sampled_from(["${var:x}", "\u2028 a", "1"]),
    categories=st.lists(st.sampled_from(sorted(CATEGORIES)), min_size=1, max_size=3, unique=True),
    endpoint=st.none() | st.just("https://a.example/b?c=d#e"),
)
@example(name="#: [a", label="${var:x}", categories=["OTHER"], endpoint=None)
@example(name="no", label="${env:HOME}", categories=["SURVEY"], endpoint="https://a.example/#b")
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_unusual_but_legal_flows_are_imported_so_that_a_plan_is_empty(
    repository: Repository,
    name: str,
    label: str,
    categories: list[str],
    endpoint: str | None,
) -> None:
    shutil.rmtree(repository.root / "flows", ignore_errors=True)
    shutil.rmtree(DATABASE.parent, ignore_errors=True)
    DATABASE.parent.mkdir()
    store = Store(str(DATABASE))
    platform = Platform(store, upload_findings)
    try:
        put(
            platform,
            name,
            flow_json(label, endpoint=endpoint is not None),
            categories=tuple(categories),
            endpoint=endpoint,
        )
    except (PlatformError, AssertionError):  # not legal after all
        return
    finally:
        store.close()
    ran = run(repository, "import")
    if name != name.strip() or "${var:" in name or "${env:" in name:
        assert ran.exit_code == 4
        assert not (repository.root / "flows").exists()
    else:
        assert ran.exit_code == 0, ran.output
        check_in_step(repository)


def test_each_status_becomes_the_state_that_leaves_the_flow_as_it_is(
    repository: Repository, platform: Platform
) -> None:
    put(platform, "Draft", is_live=False)
    for status in ("THROTTLED", "BLOCKED"):
        platform.force_status(put(platform, status.title()), status)
    platform.deprecate(put(platform, "Old"))
    ran = run(repository, "import", "--deprecated")
    assert ran.exit_code == 0, ran.output
    states = {
        file.parent.name: file.read_text().partition("state: ")[2].strip()
        for file in (repository.root / "flows").glob("*/flow.yaml")
    }
    assert states == {
        "draft": "draft",
        "throttled": "published",
        "blocked": "published",
        "old": "deprecated",
    }
    check_in_step(repository)


def test_deprecated_flows_come_only_when_they_are_named(
    repository: Repository, platform: Platform
) -> None:
    platform.deprecate(put(platform, "Old"))
    ran = run(repository, "import", "O*")
    assert ran.exit_code == 0
    assert "1 deprecated flow left out; --deprecated brings them" in ran.stdout
    assert not (repository.root / "flows").exists()
    assert run(repository, "import", "Old").exit_code == 0
    assert "state: deprecated" in text_of(repository, "old/flow.yaml")


def test_words_choose_by_name_id_and_glob_and_one_that_means_nothing_is_wrong_usage(
    repository: Repository, platform: Platform
) -> None:
    made = put(platform, "Alpha")
    put(platform, "Beta [1]")
    put(platform, "Gamma x")
    assert run(repository, "import", made, "Beta [1]", "Gam*", "--dry-run").stdout.count("+") == 6
    assert not (repository.root / "flows").exists()
    ran = run(repository, "import", "Alpha", "Gama x")
    assert ran.exit_code == 64
    assert 'no flow has the name, id or key "Gama x". Did you mean "Gamma x"?' in ran.stderr
    assert not (repository.root / "flows").exists()


@pytest.mark.parametrize(
    ("name", "endpoint", "reason"),
    [
        ("A ${var:x}", None, "would be read as a variable"),
        (" A", None, "starts or ends with white space"),
        ("A\nB", None, "control or invisible character"),
        ("A", "http://a.example", "is not an https address"),
    ],
)
def test_a_flow_that_files_cannot_hold_is_skipped_and_the_others_go_on(
    repository: Repository, platform: Platform, name: str, endpoint: str | None, reason: str
) -> None:
    put(platform, name, endpoint=endpoint, is_live=False)
    put(platform, "Other")
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert reason in ran.stdout
    assert [entry.name for entry in (repository.root / "flows").iterdir()] == ["other"]
    check_in_step(repository)


def test_what_cannot_be_known_is_reported_and_not_written(
    repository: Repository, platform: Platform
) -> None:
    platform.create_flow(DOCUMENTED_ACCOUNT, name="Empty", categories=["OTHER"])
    platform.force_status(put(platform, "New"), "PAUSED")
    put(platform, "Same")
    put(platform, "same")
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert 'the status "PAUSED", which this flowsync does not know' in ran.stdout
    assert "it has no Flow JSON" in ran.stdout
    assert ran.stdout.count("differ at most in letter case") == 2
    assert not (repository.root / "flows").exists()
    assert run(repository, "import", "Same").exit_code == 0  # one alone can be told apart
    check_in_step(repository)


def test_a_flow_that_repeats_the_token_is_refused(repository: Repository, served: Served) -> None:
    repository.config(staging=served.target())
    made = served.platform.create_flow(
        DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"], endpoint_uri=f"https://a.b/{TOKEN}"
    )
    served.platform.upload(made, json.dumps(flow_json()).encode())
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "it holds the target's token" in ran.stdout
    assert not (repository.root / "flows").exists()


def test_a_wrong_flow_json_is_still_written_and_its_findings_are_shown(
    repository: Repository, platform: Platform
) -> None:
    made = platform.create_flow(DOCUMENTED_ACCOUNT, name="A", categories=["OTHER"])
    wrong: Any = flow_json()
    wrong["screens"][0]["layout"]["children"][0]["type"] = "TextInputt"
    platform.upload(made, json.dumps(wrong).encode())
    ran = run(repository, "import")
    assert ran.exit_code == 0
    assert "flows/a/flow.json:" in ran.stderr
    assert "TextInputt" in text_of(repository, "a/flow.json")


def test_editors_are_told_the_schema_where_the_repository_has_it(
    repository: Repository, platform: Platform
) -> None:
    (repository.root / "schemas").mkdir()
    (repository.root / "schemas" / "flow.schema.json").write_text("{}")
    put(platform, "A")
    assert run(repository, "import").exit_code == 0
    first = "# yaml-language-server: $schema=../../schemas/flow.schema.json\n"
    assert text_of(repository, "a/flow.yaml").startswith(first)
    check_in_step(repository)


def test_definitions_that_cannot_be_read_stop_it(
    repository: Repository, platform: Platform
) -> None:
    put(platform, "A")
    repository.flow("b", state="liv")
    ran = run(repository, "import")
    assert ran.exit_code == 3
    assert "flows/b.yaml:" in ran.stderr
    assert not (repository.root / "flows" / "a").exists()


# --- flows that have a definition ---

AUTHORED = """\
# What reminders open.
name: Booking # in WhatsApp Manager
categories:
  # for the directory
  - OTHER # for now
endpoint_uri: ${var:host}/booking # ours

flow_json: booking.json
state: published   # since May
"""


@pytest.fixture
def authored(repository: Repository) -> Repository:
    """A flow in step whose files have comments and variables."""
    local: JsonValue = {
        "remote": "emulator",
        "vars": {"host": "https://a.example", "label": "E-mail"},
    }
    repository.config(local=local)
    repository.flow("booking", content=flow_json("${var:label}", endpoint=True))
    (repository.root / "flows" / "booking.yaml").write_text(AUTHORED)
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


def edit_in_console(
    content: JsonValue = None,
    *,
    categories: tuple[str, ...] | None = None,
    endpoint: str | None = None,
) -> None:
    made = flow_id("Booking")
    with embedded() as platform:
        if categories or endpoint:
            platform.update_flow(made, categories=categories, endpoint_uri=endpoint)
        if content is not None:
            platform.upload(made, json.dumps(content).encode())
        platform.publish(made)


def test_a_change_in_the_console_comes_back_into_the_files_with_their_comments(
    authored: Repository,
) -> None:
    changed: Any = flow_json("E-mail", endpoint=True)
    changed["screens"][0]["title"] = "Changed there"
    edit_in_console(changed, categories=("OTHER", "SURVEY"), endpoint="https://b.example/x")
    kept = run(authored, "import")
    assert kept.exit_code == 6
    assert '+      "title": "Changed there",' in kept.stdout
    assert "--force writes what is shown" in kept.stdout
    assert text_of(authored, "booking.yaml") == AUTHORED
    assert run(authored, "plan", "--detailed-exitcode").exit_code == 2
    ran = run(authored, "import", "booking", "--force")
    assert ran.exit_code == 0, ran.output
    assert "${var:host}/booking gave way to what the remote has" in ran.stdout
    assert text_of(authored, "booking.yaml") == AUTHORED.replace(
        "${var:host}/booking", "https://b.example/x"
    ).replace("for now\n", "for now\n  - SURVEY\n")
    assert '"label": "${var:label}"' in text_of(authored, "booking.json")
    assert run(authored, "plan", "--detailed-exitcode").exit_code == 0


def test_only_what_the_target_overrides_is_changed_there(authored: Repository) -> None:
    file = authored.root / "flows" / "booking.yaml"
    override = "targets:\n  local: {categories: [OTHER]} # here\n"
    file.write_text(AUTHORED + override)
    edit_in_console(categories=("SURVEY",))
    assert run(authored, "import", "--force").exit_code == 0
    assert file.read_text() == AUTHORED + override.replace("OTHER", "SURVEY")
    assert run(authored, "plan", "--detailed-exitcode").exit_code == 0


def test_the_state_follows_what_was_done_in_the_console(authored: Repository) -> None:
    with embedded() as platform:
        platform.deprecate(flow_id("Booking"))
    assert run(authored, "import", "--force").exit_code == 0
    expected = AUTHORED.replace("state: published", "state: deprecated")
    assert text_of(authored, "booking.yaml") == expected
    assert run(authored, "plan", "--detailed-exitcode").exit_code == 0


def test_an_absent_definition_takes_the_draft_that_is_there(
    repository: Repository, platform: Platform
) -> None:
    put(platform, "A", is_live=False)
    (repository.root / "flows").mkdir()
    (repository.root / "flows" / "a.yaml").write_text("name: A\n# gone\nstate: absent\n")
    assert run(repository, "import", "--force").exit_code == 0
    expected = "name: A\n# gone\ncategories: [OTHER]\nflow_json: a.json\nstate: draft\n"
    assert text_of(repository, "a.yaml") == expected
    assert run(repository, "plan", "--detailed-exitcode").exit_code == 0


def test_a_flow_json_of_two_definitions_is_left_to_a_person(authored: Repository) -> None:
    (authored.root / "flows" / "two.yaml").write_text(AUTHORED.replace("Booking", "Two"))
    edit_in_console(flow_json("Mail", endpoint=True))
    ran = run(authored, "import", "booking", "--force")
    assert ran.exit_code == 4
    assert "its Flow JSON is also that of two" in ran.stdout
    assert '"${var:label}"' in text_of(authored, "booking.json")


def test_import_is_stable_after_an_edit_of_the_files_and_an_apply(
    repository: Repository, platform: Platform
) -> None:
    put(platform, "A")
    assert run(repository, "import").exit_code == 0
    file = repository.root / "flows" / "a" / "flow.json"
    file.write_text(file.read_text().replace("E-mail", "Mail"))
    assert run(repository, "apply", "--yes").exit_code == 0
    before = {path: path.read_bytes() for path in file.parent.iterdir()}
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert "1 unchanged" in ran.stdout
    assert {path: path.read_bytes() for path in file.parent.iterdir()} == before


# --- machines, and folders that cannot be written to ---


def test_json_fits_its_schema_whatever_happened(authored: Repository) -> None:
    edit_in_console(categories=("SURVEY",))
    with embedded() as platform:
        platform.create_flow(DOCUMENTED_ACCOUNT, name="Empty", categories=["OTHER"])
        put(platform, "New")
    ran = run(authored, "import", "--format", "json")
    assert ran.exit_code == 4
    document = parsed(ran)
    assert fits(document, "import") is None
    results = {flow["name"]: flow["result"] for flow in document["flows"]}
    assert results == {"Booking": "kept", "Empty": "skipped", "New": "written"}


def test_a_link_in_the_place_of_the_new_folder_is_not_followed(
    repository: Repository, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (repository.root / "flows").mkdir()
    (repository.root / "flows" / "b").symlink_to(outside)
    put(platform, "B")
    run(repository, "import")
    assert list(outside.iterdir()) == []


# --- what a person should know ---


def test_a_flow_that_may_have_been_renamed_is_new_with_a_hint(
    repository: Repository, platform: Platform
) -> None:
    repository.flow("booking")
    put(platform, "Appointments")
    put(platform, "Other", flow_json("Other"))
    ran = run(repository, "import")
    assert ran.exit_code == 0
    assert ran.stdout.count('it has the very content of "booking", whose flow is gone') == 1
    assert "into flows/booking.yaml instead" in ran.stdout


def test_nothing_is_guessed_where_two_flows_may_be_the_renamed_one(
    repository: Repository, platform: Platform
) -> None:
    repository.flow("booking")
    put(platform, "Appointments")
    put(platform, "Dates")
    assert "the very content" not in run(repository, "import").stdout


def test_an_edit_that_is_not_published_and_a_pending_rename_are_said(
    repository: Repository, platform: Platform
) -> None:
    put(platform, "Old")
    repository.flow("a", name="New", renamed_from=["Old"])
    platform.update_flow(flow_id("Old"), categories=["SURVEY"])
    repository.config(local={"remote": "emulator"}, other={"remote": "emulator"})
    ran = run(repository, "import", "--force", "-t", "local")
    assert ran.exit_code == 0
    assert 'renames the flow to "New", which is not applied yet' in ran.stdout
    assert "still live. Write `state: published`" in ran.stdout
    assert "categories: this is also what holds for other." in ran.stdout
    assert run(repository, "plan", "--detailed-exitcode", "-t", "local").exit_code == 0


@pytest.mark.parametrize(
    ("there", "said"),
    [("Booking", "no flow in the account"), ("NAME", "only in letter case")],
)
def test_the_key_of_a_definition_without_its_flow_is_wrong_usage_that_says_why(
    repository: Repository, platform: Platform, there: str, said: str
) -> None:
    repository.flow("key", name="Name")
    put(platform, there)
    ran = run(repository, "import", "key")
    assert (ran.exit_code, ran.stdout) == (64, "")
    assert said in ran.stderr


# --- nothing stops the others ---


def test_a_flow_whose_name_is_like_anothers_leaves_the_definition_that_was_there(
    repository: Repository, platform: Platform
) -> None:
    repository.flow("twin", name="Twin")
    put(platform, "Twin")
    put(platform, "twin")
    platform.update_flow(flow_id("Twin"), categories=["SURVEY"])
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 4
    assert "2 flows: 1 written, 1 skipped." in ran.stdout
    assert "SURVEY" in text_of(repository, "twin.yaml")


def test_what_is_left_to_do_for_a_replaced_flow_does_not_stop_its_successor(
    repository: Repository, platform: Platform
) -> None:
    repository.flow("a", replace=True)
    put(platform, "A")
    put(platform, "A v2", categories=("SURVEY",))
    ran = run(repository, "import", "--force")
    assert ran.exit_code == 0
    assert "SURVEY" in text_of(repository, "a.yaml")
    assert "a plan still does to the flow that it replaced: deprecate." in ran.stdout
    assert "1 flow: 1 unchanged." in run(repository, "import").stdout


def test_a_flow_json_that_no_file_can_hold_is_not_written(
    repository: Repository, platform: Platform
) -> None:
    made = put(platform, "Large")
    put(platform, "Fine")
    large: Any = {**flow_json(), "x": [[[[[[[[[[1]] * 20]]]]]]] * 20_000]}
    platform.upload(made, json.dumps(large, separators=(",", ":")).encode())
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "bytes, more than the 10,485,760 that flowsync reads" in ran.stdout
    check_in_step(repository)


def test_a_flow_that_is_gone_meanwhile_is_reported_with_what_the_remote_says(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    put(served.platform, "A")
    made = put(served.platform, "B", is_live=False)

    def removed_by_somebody(operation: Operation) -> None:
        there = {flow.id for flow in served.platform.list_flows(DOCUMENTED_ACCOUNT)}
        if operation is Operation.GET and made in there:
            served.platform.delete(made)

    served.on_request = removed_by_somebody
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "does not exist" in ran.stdout
    assert "2 flows: 1 written, 1 skipped." in ran.stdout


def test_a_flow_that_somebody_renames_meanwhile_is_not_written_under_a_wrong_name(
    repository: Repository, served: Served
) -> None:
    repository.config(staging=served.target())
    made = put(served.platform, "A", is_live=False)

    def renamed_by_somebody(operation: Operation) -> None:
        if operation is Operation.GET:
            served.platform.update_flow(made, name="B")

    served.on_request = renamed_by_somebody
    ran = run(repository, "import")
    assert ran.exit_code == 4
    assert "somebody else is at work on the flow. Run the command again." in ran.stdout
    assert not (repository.root / "flows").exists()
    assert run(repository, "import").exit_code == 0
    check_in_step(repository)

"""What the platform finds is shown at its place in the author's file, as our own findings are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowKey, RemoteFinding, RemotePlace
from flowsync.remote_findings import locate_findings, read_path
from flowsync.validation.platform import path_text
from flowsync.workspace import FilesWrong, Workspace, load_workspace, open_target
from tests.support import Repository


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("screens", ("screens",)),
        ("screens[0].id", ("screens", 0, "id")),
        (
            "screens[0].layout.children[2].type",
            ("screens", 0, "layout", "children", 2, "type"),
        ),
        ("a.on-click-action.name", ("a", "on-click-action", "name")),
        ("a['on-click-action'].name", ("a", "on-click-action", "name")),
        ("a[1]['on-click-action']['b c']", ("a", 1, "on-click-action", "b c")),
        ('a["x.y"]', ("a", "x.y")),
        (r"a['it\'s']", ("a", "it's")),
        ("", ()),
        ("a[", None),
        ("a[-1]", None),
        ("a[x]", None),
    ],
)
def test_a_path_of_the_platform_is_read_in_both_its_forms(
    path: str, pointer: tuple[str | int, ...] | None
) -> None:
    assert read_path(path) == pointer


names = st.from_regex(r"[a-z_-][a-zA-Z0-9_ é-]*", fullmatch=True)


@given(st.lists(names | st.integers(0, 999), max_size=6).map(lambda parts: ("screens", *parts)))
def test_a_path_that_the_emulator_writes_reads_back(pointer: tuple[str | int, ...]) -> None:
    assert read_path(path_text(pointer)) == pointer


@given(st.text())
def test_any_path_is_read_or_refused(path: str) -> None:
    read_path(path)


TEXT = (
    '{"version":"7.3","screens":[{"id":"A","title":"${var:x} and ${var:x}","terminal":true,'
    '"layout":{"type":"SingleColumnLayout","children":[{"type":"TextBody","text":"é"},'
    '{"type":"Footer","label":"Send","on-click-action":{"name":"complete"}}]}}]}'
)


def workspace(repository: Repository, text: str, value: str = "x" * 50) -> Workspace:
    repository.flow("a").with_suffix(".json").write_text(text, "utf-8")
    repository.config(local={"remote": "emulator", "vars": {"x": value}})
    opened = open_target(None, None, {}, read_only=True)
    assert not isinstance(opened, FilesWrong)
    return load_workspace(*opened, {}, ())


def located(found: Workspace, *findings: RemoteFinding) -> tuple[Diagnostic, ...]:
    return locate_findings(findings, found.flows[FlowKey("a")], found.diagnostics)


def covered(finding: Diagnostic) -> str:
    """Give what a finding covers of the file, which is one line."""
    return TEXT[finding.span.column - 1 : finding.span.end_column - 1]


def finding(*places: RemotePlace, line: int = 0, column: int = 0) -> RemoteFinding:
    return RemoteFinding(
        code="CODE", message="wrong.", line=line, column=column, places=tuple(places)
    )


def test_a_path_leads_to_the_value_in_the_authors_file(repository: Repository) -> None:
    path = "screens[0].layout.children[1]['on-click-action'].name"
    (found,) = located(workspace(repository, TEXT), finding(RemotePlace(path=path)))
    assert covered(found) == '"complete"'
    assert (found.path, found.rule, found.code) == ("flows/a.json", "", "CODE")
    assert found.pointer == ("screens", 0, "layout", "children", 1, "on-click-action", "name")


def test_each_of_several_pointers_is_a_finding_of_its_own(repository: Repository) -> None:
    places = [RemotePlace(path=f"screens[0].layout.children[{n}].type") for n in (0, 1)]
    found = located(workspace(repository, TEXT), finding(*places))
    assert [covered(one) for one in found] == ['"TextBody"', '"Footer"']


@pytest.mark.parametrize("value", ["", "12345678", "x" * 300, '"\\'])
@pytest.mark.parametrize("word", ['"é"', '"label"', '{"name":"complete"}'])
def test_a_place_in_the_uploaded_text_leads_to_the_same_in_the_file(
    repository: Repository, word: str, value: str
) -> None:
    found = workspace(repository, TEXT, value)
    flow_json = found.flows[FlowKey("a")].definition.flow_json
    assert flow_json is not None
    column = flow_json.text.index(word) + 1
    (one,) = located(found, finding(line=1, column=column))
    assert covered(one) == word


def test_a_place_tells_the_key_from_the_value_of_a_path(repository: Repository) -> None:
    found = workspace(repository, TEXT, "12345678")
    column = TEXT.index('"label"') + 1
    place = RemotePlace(line=1, column=column, path="screens[0].layout.children[1].label")
    assert [covered(one) for one in located(found, finding(place))] == ['"label"']


def test_a_place_that_contradicts_the_path_is_not_believed(repository: Repository) -> None:
    found = workspace(repository, TEXT, "12345678")
    place = RemotePlace(line=1, column=TEXT.index('"label"') + 1, path="screens[0].id")
    assert [covered(one) for one in located(found, finding(place))] == ['"A"']


def test_without_a_path_the_numbers_are_taken_and_at_last_the_file(repository: Repository) -> None:
    found = workspace(repository, TEXT)
    by_numbers, by_file = located(found, finding(line=1, column=3), finding())
    assert (by_numbers.span.line, by_numbers.span.column) == (1, 3)
    assert (by_file.span.line, by_file.span.column) == (1, 1)
    assert by_numbers.pointer is by_file.pointer is None


def test_what_the_path_of_is_not_there_stands_at_its_parent(repository: Repository) -> None:
    (found,) = located(workspace(repository, TEXT), finding(RemotePlace(path="screens[0].gone.x")))
    assert covered(found).startswith('{"id":"A"')


def test_the_same_finding_of_our_own_lends_its_rule_and_fix(repository: Repository) -> None:
    found = workspace(repository, TEXT.replace('"TextBody"', '"TextBodi"'))
    own = next(one for one in found.diagnostics if one.code and one.pointer)
    assert own.pointer is not None
    place = RemotePlace(path=path_text(own.pointer))
    theirs = RemoteFinding(code=str(own.code), message="their words.", places=(place,))
    (same,) = located(found, theirs)
    assert (same.rule, same.fix, same.span) == (own.rule, own.fix, own.span)
    assert same.message == "their words."
    other = RemoteFinding(code="OTHER", message="their words.", places=(place,))
    assert located(found, other)[0].rule == ""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.diagnostics import Diagnostic
from flowsync.preview.endpoint.fixtures import Fault, Fixture, Fixtures, When, WrittenAnswer
from flowsync.preview.endpoint.reading import parse_fixtures, read_fixtures

SHOWN = "flows/booking.fixtures.yaml"


def parsed(text: str) -> Fixtures:
    problems: list[Diagnostic] = []
    found = parse_fixtures(text, SHOWN, problems)
    assert problems == []
    assert found is not None
    return found


def problems_of(text: str) -> list[str]:
    """Give each problem as `line:column message fix`."""
    problems: list[Diagnostic] = []
    assert parse_fixtures(text, SHOWN, problems) is None
    assert {problem.path for problem in problems} == {SHOWN}
    return [f"{p.span.line}:{p.span.column} {p.message} {p.fix}" for p in problems]


def test_every_field_of_a_fixture_is_read_with_its_line() -> None:
    found = parsed(
        """\
exchanges:
  - when: {action: data_exchange, screen: DATE, data: {day: mon, seats: 2}}
    answer: {screen: SUMMARY, data: {text: Monday}}
    delay: 1.5
    times: 2

  - fault: 427
    message: This link was used already.
"""
    )
    first = Fixture(
        when=When(action="data_exchange", screen="DATE", data={"day": "mon", "seats": 2}),
        answer=WrittenAnswer(screen="SUMMARY", data={"text": "Monday"}),
        delay=1.5,
        times=2,
        line=2,
    )
    second = Fixture(
        when=When(), fault=Fault.TOKEN_EXPIRED, message="This link was used already.", line=7
    )
    assert found == Fixtures(path=SHOWN, exchanges=(first, second))


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_can_be_written_with_and_without_quotes(fault: Fault) -> None:
    answer = ", answer: {screen: A, data: {x: 1}}" if fault is Fault.MISSING_FIELD else ""
    for word in (fault.value, f'"{fault.value}"'):
        assert parsed(f"exchanges:\n- {{fault: {word}{answer}}}\n").exchanges[0].fault is fault


def test_plain_words_that_yaml_reads_otherwise_are_names_of_screens() -> None:
    when = parsed("exchanges:\n- {when: {screen: 12}, answer: {screen: true}}\n").exchanges[0]
    assert when.when.screen == "12"
    assert when.answer is not None
    assert when.answer.screen == "true"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "exchanges: []\n",
            "1:12 exchanges must not be empty. Fill it in, or remove the field.",
        ),
        (
            "exchange:\n- fault: timeout\n",
            '1:1 the field "exchanges" is missing.',
        ),
        (
            "exchanges:\n- when: {scren: A}\n  fault: timeout\n",
            '2:10 unknown field "scren". Did you mean "screen"?',
        ),
        (
            "exchanges:\n- when: {action: init}\n  fault: timeout\n",
            '2:18 exchanges › entry 1 › when › action cannot be "init". Did you mean "INIT"?',
        ),
        (
            "exchanges:\n- when: {screen: A}\n",
            "2:3 exchanges › entry 1 has none of answer and fault. Give it exactly one of them.",
        ),
        (
            "exchanges:\n- {fault: timeout, answer: {screen: A}}\n",
            "2:3 exchanges › entry 1 has more than one of answer and fault.",
        ),
        (
            "exchanges:\n- {fault: missing-field}\n",
            '2:3 the field "answer" is missing in exchanges › entry 1.',
        ),
        (
            "exchanges:\n- {fault: missing-field, answer: {screen: A}}\n",
            "2:34 the answer has no data from which a field could be left out. Give it `data`.",
        ),
        (
            "exchanges:\n- {fault: 404}\n",
            '2:11 exchanges › entry 1 › fault cannot be "404". Use one of timeout, 421, 427,',
        ),
        (
            "exchanges:\n- {fault: timeout, times: 0}\n",
            "2:27 exchanges › entry 1 › times must be at least 1, not 0.",
        ),
        (
            "exchanges:\n- {fault: timeout, delay: 61}\n",
            "2:27 exchanges › entry 1 › delay must be at most 60, not 61.",
        ),
        (
            "exchanges:\n- {answer: {screen: A}, message: Hello}\n",
            "2:25 a message goes with a fault, and there is none.",
        ),
        (
            "exchanges:\n- {when: {action: ping}, answer: {screen: A}}\n",
            "2:26 a ping has no answer of its own",
        ),
        (
            "exchanges:\n- answer:\n    screen: A\n    data: {list: [{text: 'x ${form.day}'}]}\n",
            "4:26 ${form.day} means nothing in an answer. Use ${data.name} for a part",
        ),
        (
            "exchanges:\n- answer: {screen: A, data: {x: '${any}'}}\n",
            "2:33 ${any} means nothing in an answer, only in `when`.",
        ),
        ("exchanges: [\n", "2:1 this is not valid YAML"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_with_a_way_out(text: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems_of(text)), problems_of(text)


def test_a_file_is_read_only_inside_the_flows_folder(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    (tmp_path / "elsewhere.yaml").write_text("exchanges:\n- fault: timeout\n")
    file = flows / "booking.fixtures.yaml"
    file.symlink_to(tmp_path / "elsewhere.yaml")
    problems: list[Diagnostic] = []
    assert read_fixtures(file, flows, problems) is None
    assert [problem.rule for problem in problems] == ["FS020"]
    file.unlink()
    file.write_text("exchanges:\n- fault: timeout\n")
    found = read_fixtures(file, flows, problems)
    assert found is not None
    assert found.exchanges[0].fault is Fault.TIMEOUT
    assert len(problems) == 1


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    problems: list[Diagnostic] = []
    assert read_fixtures(tmp_path / "a.fixtures.yaml", tmp_path, problems) is None
    assert "cannot be read" in problems[0].message

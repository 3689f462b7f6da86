"""Numbers that no reader can hold and texts made to be searched for ever end in a sentence."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from flowsync.remotes import retry
from flowsync.retry_policy import POLICY
from tests.cli.serving import run
from tests.security.loopback import Reply, answering, gateway_target
from tests.support import Repository, flow_json

HUGE = {
    "infinite": "1e999999",
    "not a number": "NaN",
    "minus infinity": "-Infinity",
    "digits": "9" * 5000,
    "digits for Python": "9" * 4000,
    "fraction": "1." + "0" * 9 + "e400",
}
ODD = {"minus zero": "-0", "minus zero point": "-0.0", "long": "9" * 300, "tiny": "1e-999999"}
YAML = {**HUGE, **ODD, "inf": ".inf", "nan": ".nan", "hex": "0x" + "f" * 5000, "sixty": "1:30:00"}
SOON_S = 5.0


@pytest.fixture(autouse=True)
def _no_second_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a read that failed be reported at once, not after waiting and trying again."""
    once = {trouble: replace(rule, read_attempts=1) for trouble, rule in POLICY.items()}
    monkeypatch.setattr(retry, "POLICY", once)


def by_name(numbers: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("number", numbers.values(), ids=numbers.keys())


@by_name(HUGE)
def test_a_number_that_no_double_holds_in_flow_json_is_a_finding_at_its_place(
    repository: Repository, number: str
) -> None:
    file = repository.flow("a", content=flow_json("HERE")).with_suffix(".json")
    file.write_text(file.read_text().replace('"HERE"', number))
    ran = run(repository, "validate")
    assert ran.exit_code == 3
    assert "[FS002 INVALID_FLOW_JSON]" in ran.stdout
    assert len(ran.stdout) < 400


@by_name(ODD)
@pytest.mark.parametrize("where", ["label", "version", "max-chars", "init-value"])
def test_an_odd_number_in_flow_json_ends_in_findings(
    repository: Repository, number: str, where: str
) -> None:
    content = json.dumps(flow_json())
    if where in ("label", "version"):
        old = '"E-mail"' if where == "label" else '"7.3"'
        content = content.replace(old, number)
    else:
        content = content.replace('"name": "email"', f'"name": "email", "{where}": {number}')
    file = repository.flow("a").with_suffix(".json")
    file.write_text(content)
    for args in (("validate", "--format", "json"), ("fmt",), ("plan", "--format", "json")):
        ran = run(repository, *args)
        assert ran.exit_code in {0, 3}, args
        assert ran.output


@by_name(YAML)
@pytest.mark.parametrize("where", ["version", "flows", "limits", "gates", "vars", "definition"])
def test_an_odd_number_in_yaml_ends_in_findings(
    repository: Repository, number: str, where: str
) -> None:
    repository.flow("a")
    if where == "definition":
        file = repository.flow("a")
        file.write_text(file.read_text().replace("state: published", f"state: {number}"))
    target = {
        "limits": f"limits: {{parallelism: {number}, timeout: {number}}}",
        "gates": f"gates: {{max_changed_percent: {number}, max_publish: {number}}}",
        "vars": f"vars: {{a: {number}}}",
    }
    version = number if where == "version" else "1"
    flows = number if where == "flows" else "flows"
    Path("flowsync.yaml").write_text(
        f"version: {version}\nflows: {flows}\n"
        f"targets:\n  a: {{remote: emulator, {target.get(where, '')}}}\n"
    )
    ran = run(repository, "validate")
    assert ran.exit_code == (0 if where == "vars" else 3) or number in ODD.values()
    assert ran.output


@by_name({**HUGE, **ODD})
@pytest.mark.parametrize("output", ["text", "json"])
def test_an_odd_number_in_an_answer_ends_in_a_sentence_and_never_in_broken_json(
    repository: Repository, number: str, output: str
) -> None:
    flow = {"id": "1", "name": "A", "status": "DRAFT", "categories": ["OTHER"]}
    content = json.dumps(flow_json("HERE")).replace('"HERE"', number)

    def reply(method: str, path: str) -> Reply:
        details = json.dumps({**flow, "json_contents": "THERE"}).replace('"THERE"', content)
        data = details if path.partition("?")[0].endswith("/1") else json.dumps([flow])
        return Reply(200, f'{{"success": true, "message": "", "data": {data}}}'.encode())

    repository.flow("a", name="A", state="draft")
    with answering(reply) as loopback:
        repository.config(staging=gateway_target(loopback.url))
        for args in (("plan",), ("plan", "--out", "p.json"), ("show", "a"), ("list",)):
            ran = run(repository, *args, "--format", output)
            assert ran.exit_code in {0, 3, 5}, ran.output
            assert "Traceback" not in ran.output
            if output == "json" and ran.stdout:
                json.loads(ran.stdout, parse_constant=pytest.fail)
        assert loopback.received


@by_name(HUGE)
def test_a_saved_plan_with_such_a_number_is_refused(repository: Repository, number: str) -> None:
    repository.flow("a")
    assert run(repository, "plan", "--out", "plan.json").exit_code == 0
    text = Path("plan.json").read_text()
    Path("plan.json").write_text(text.replace('"is_partial": false', f'"is_partial": {number}'))
    ran = run(repository, "apply", "plan.json", "--yes")
    assert ran.exit_code == 6
    assert "is not a saved plan" in ran.stderr


def test_a_saved_plan_that_is_nested_without_end_is_refused(repository: Repository) -> None:
    repository.flow("a")
    Path("plan.json").write_text('{"changes":' + "[" * 100_000)
    ran = run(repository, "apply", "plan.json", "--yes")
    assert ran.exit_code == 6
    assert "is not a saved plan" in ran.stderr


# --- texts ---

HARD = {
    "quotes without end": '"' + '\\"' * 30_000,
    "quotes behind brackets": "[" * 120 + '"' + '\\"' * 30_000,
    "backslashes": '{"a":"' + "\\\\" * 200_000,
    "quotes": '"' * 200_000,
    "variables": '{"a":"' + "${env:" * 100_000 + '"}',
    "spaces": " " * 1_000_000 + "x",
    "commas": "[" + "," * 500_000 + "]",
}


@by_name(HARD)
@pytest.mark.parametrize("args", [("validate", "x.json"), ("fmt", "x.json")], ids=" ".join)
def test_text_that_is_hard_to_search_ends_soon(
    repository: Repository, number: str, args: tuple[str, ...]
) -> None:
    Path("x.json").write_text(number)
    began = time.process_time()
    ran = run(repository, *args)
    assert time.process_time() - began < SOON_S
    assert ran.exit_code in {0, 3}
    assert ran.output


LONG = 3000
HARD_VALUES = {
    "variables": "${data." * LONG,
    "brackets": "`" + "(" * LONG + "`",
    "negations": "`" + "!" * LONG + "true`",
    "quotes": "`'" + "\\'" * LONG,
    "sums": "`1" + "+1" * LONG + "`",
    "texts": "`" + "'a' + " * (LONG // 6) + "'b'`",
    "markdown": "[a](" * LONG,
    "stars": "*" * LONG + "a",
    "hosts": "https://" + "a." * LONG,
    "image": "data:image/png;base64," + "A" * LONG,
    "dates": "2024-01-01" * LONG,
    "marks": "\u202e" * LONG,
    "groups": "^(a*)*b",
    "alternatives": "(a|a)*" * 50,
}


@pytest.mark.parametrize("value", HARD_VALUES.values(), ids=HARD_VALUES.keys())
def test_a_value_that_is_hard_to_search_in_any_place_ends_soon(
    repository: Repository, value: str
) -> None:
    """All texts of an example flow but the names of components are replaced, one flow at a time."""
    example = Path(__file__).parent.parent.parent / "flows" / "booking.json"

    def replaced(part: object) -> object:
        if isinstance(part, dict):
            kept = {"type", "version", "id", "name"}
            return {k: v if k in kept else replaced(v) for k, v in part.items()}
        if isinstance(part, list):
            return [replaced(one) for one in part]
        return value if isinstance(part, str) else part

    Path("x.json").write_text(json.dumps(replaced(json.loads(example.read_text()))))
    began = time.process_time()
    ran = run(repository, "validate", "x.json", "--format", "json")
    assert time.process_time() - began < SOON_S
    assert ran.exit_code == 3


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*$", "^(a*)*b", "a" * 10 + "{1,9999}" * 3])
def test_a_pattern_in_a_data_model_that_never_ends_is_not_run(
    repository: Repository, pattern: str
) -> None:
    content = flow_json()
    screens = content["screens"]
    assert isinstance(screens, list)
    assert isinstance(screens[0], dict)
    model = {"type": "string", "pattern": pattern, "__example__": "a" * 40 + "!"}
    screens[0]["data"] = {"answer": model}  # type: ignore[dict-item]  # all of it is JSON
    repository.flow("a", content=content)
    began = time.monotonic()
    assert run(repository, "validate").output
    assert time.monotonic() - began < SOON_S

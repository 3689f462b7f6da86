"""docs/troubleshooting.md has an entry for every sentence that flowsync can end with."""

from __future__ import annotations

import re

import pytest

from flowsync.errors import ExitCode
from flowsync.remotes.meta_codes import MEANINGS
from tests.said import Said, all_said
from tests.support import Repository
from tests.troubleshooting import PAGE, covers, entries, entry_of, errors_in, is_telling

# Sentences that are handed on as they come: they are found where they are made.
HANDED_ON = {
    "apply/looking.py": "a failed read",
    "apply/proof.py": "what is listed line by line",
    "apply/proving.py": "why content could not be read",
    "apply/staleness.py": "what has moved",
    "apply/step_run.py": "a failed write",
    "cli/fleet_work.py": "findings of an account's files",
    "cli/fmt.py": "files that could not be written",
    "cli/graph_sources.py": "a conflict",
    "cli/main.py": "any exception",
    "cli/options.py": "findings of rules",
    "cli/preview_flows.py": "a finding, with its place",
    "cli/reported.py": "a report that could not be written",
    "cli/serve_token.py": "a token file",
    "cli/upgrade.py": "files that could not be written",
    "cli/watching.py": "any exception, and when",
    "importing/build.py": "a conflict",
    "importing/proof.py": "a conflict",
    "observing.py": "doubts of another listing",
    "plan/build.py": "a conflict",
    "plan/decide.py": "a conflict",
    "plan/document.py": "what a saved plan says",
    "plan/ids.py": "a conflict",
    "plan/safety.py": "a gate",
    "preflight.py": "a block",
    "rehearsal.py": "the end of a flow",
    "remotes/emulator/fault_script.py": "a fault, with its line",
    "remotes/meta_flows.py": "an answer that cannot be used",
    "remotes/gateway/reading.py": "why content could not be read",
    "remotes/graph/client.py": "doubts of a page",
    "remotes/http.py": "no answer",
    "workflow.py": "blocks, and conflicts",
}
# Sentences that nobody sees: what stands for them is shown instead.
WITHIN = {"stopped", "stopped while waiting", "…. Run the command again."}
# What click itself says, by a command that makes it say so.
OF_CLICK = {
    "No such option '--yess'.": ("apply", "--yess"),
    "Option '--out' requires an argument.": ("plan", "--out"),
    "Missing option '--to'": ("rollback",),
    "Missing argument 'NAME'": ("schema",),
    "Got unexpected extra argument": ("list", "more"),
    "Invalid value for '--port'": ("serve", "--port", "70000"),
}


@pytest.fixture(scope="module")
def said() -> list[Said]:
    """Every sentence of the package."""
    return all_said()


def test_every_sentence_that_flowsync_can_end_with_has_an_entry(said: list[Said]) -> None:
    heads = [head for entry in entries() for head in entry.heads if is_telling(head)]
    missing = [
        f"{one.module}: {one.text}"
        for one in said
        if not one.is_opaque
        and one.text not in WITHIN
        and not any(covers(head, one.text) for head in heads)
    ]
    assert missing == [], "give each an entry in docs/troubleshooting.md that begins as it does"


def test_every_sentence_that_is_only_handed_on_is_known_to_be(said: list[Said]) -> None:
    assert {one.module for one in said if one.is_opaque} == set(HANDED_ON)
    assert {one.text for one in said} >= WITHIN


def test_no_entry_is_left_of_a_sentence_that_is_gone(said: list[Said]) -> None:
    texts = [*OF_CLICK, *(one.text for one in said)]
    heads = [head for entry in entries() for head in entry.heads]
    gone = [head for head in heads if not any(covers(head, text) for text in texts)]
    assert gone == []


@pytest.mark.parametrize(("text", "words"), OF_CLICK.items())
def test_what_click_says_of_wrong_words_has_an_entry(
    text: str, words: tuple[str, ...], repository: Repository
) -> None:
    repository.flow("a")
    ran = repository.run(*words)
    assert ran.exit_code == ExitCode.WRONG_USAGE
    [message] = errors_in(ran.stderr)
    assert message.startswith(text)
    assert entry_of(message) is not None


def test_the_page_is_searched_by_what_a_person_sees() -> None:
    shown = 'there is no target "stagin". Did you mean "staging"?'
    entry = entry_of(shown)
    assert entry is not None
    assert entry.heads == ('there is no target "…".',)
    assert entry_of("something that flowsync never says.") is None


def test_every_entry_says_what_to_do() -> None:
    assert len(entries()) > 150
    assert [entry.heads[0] for entry in entries() if len(entry.text) < 10] == []


def test_the_table_of_meta_has_every_code_with_its_next_step() -> None:
    rows = re.findall(
        r"^\| (\d[^|]*) \| (.+) \|$", PAGE.split("## What Meta says")[1], re.MULTILINE
    )
    found = {code: step for codes, step in rows for code in codes.split(", ")}
    step = found.pop("200 to 299")
    found |= {str(code): step for code in range(200, 300)}
    known = {
        str(code) if subcode is None else f"{code}/{subcode}": meaning.next_step
        for (code, subcode), meaning in MEANINGS.items()
    }
    assert found == known


def test_every_exit_code_of_a_failure_leads_to_a_section() -> None:
    table = PAGE.split("| code | section |")[1].split("\n\n")[0]
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    ended = {ExitCode.DONE, ExitCode.CHANGES_PENDING, ExitCode.HUNG_UP, ExitCode.TERMINATED}
    assert codes == {int(code) for code in set(ExitCode) - ended}

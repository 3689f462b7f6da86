from __future__ import annotations

import pytest

from flowsync.cli.send import WARNINGS
from tests.cli.serving import Served, embedded, flow_id, parsed, run
from tests.graph_server import ServedGraph
from tests.support import Repository

TEXTS = ("--body", "Book your visit", "--button", "Book")


@pytest.fixture
def published(repository: Repository) -> Repository:
    """A repository with a published flow on the embedded emulator."""
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    return repository


@pytest.mark.parametrize(
    "number", ["+491701234567", "491701234567", "+49 (170) 123-45.67", "+4917012345678"]
)
def test_a_message_is_sent_to_a_telephone_number(published: Repository, number: str) -> None:
    ran = run(published, "send", "a", "--to", number, *TEXTS, "--yes", "--format", "json")
    assert ran.exit_code == 0
    assert ran.stderr == ""
    document = parsed(ran)
    assert document["flow_id"] == flow_id("A")
    assert document["message_id"]
    assert document["to"].lstrip("+").isdigit()


@pytest.mark.parametrize(
    "number", ["", "0170123456", "+0170123456", "abc", "+1", "1" * 20, "１２３４５６７８"]
)
def test_what_is_no_telephone_number_is_wrong_usage(published: Repository, number: str) -> None:
    ran = run(published, "send", "a", "--to", number, *TEXTS, "--yes")
    assert ran.exit_code == 64
    assert "--to must be a telephone number" in ran.stderr


@pytest.mark.parametrize(
    ("option", "most"), [("--header", 60), ("--body", 1024), ("--footer", 60), ("--button", 20)]
)
def test_each_text_has_its_limit(published: Repository, option: str, most: int) -> None:
    args = ("send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    assert run(published, *args, option, "x" * most).exit_code == 0
    for text in ("x" * (most + 1), "", "  "):
        ran = run(published, *args, option, text)
        assert ran.exit_code == 64
        assert f"{option} must have 1 to {most} characters" in ran.stderr


def test_nothing_is_sent_of_a_blocked_flow(published: Repository) -> None:
    identifier = flow_id("A")
    with embedded() as platform:
        platform.force_status(identifier, "BLOCKED")
    ran = run(published, "send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    assert ran.exit_code == 6
    assert 'nothing was sent: "A" is BLOCKED' in ran.stderr


def test_a_flow_may_be_named_by_id_and_its_screen_given(published: Repository) -> None:
    args = ("--to", "+491701234567", *TEXTS, "--screen", "CONTACT", "--yes")
    assert run(published, "send", flow_id("A"), *args).exit_code == 0


def test_an_unknown_flow_is_wrong_usage(published: Repository) -> None:
    ran = run(published, "send", "zz", "--to", "+491701234567", *TEXTS, "--yes")
    assert ran.exit_code == 64


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 6), ("\n", 6)])
def test_a_person_is_asked(
    published: Repository, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(
        "click.testing._NamedTextIOWrapper.isatty",
        lambda stream: stream.name == "<stdin>",
        raising=False,
    )
    ran = published.run("send", "a", "--to", "+491701234567", *TEXTS, input=answer)
    assert ran.exit_code == code
    assert 'Send "A" to +491701234567?' in ran.stderr
    assert ("Sent" in ran.stdout) == (code == 0)


def test_a_gateway_is_sent_to_with_its_warnings(repository: Repository, served: Served) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    run(repository, "apply", "--yes")
    served.taken()
    ran = run(repository, "send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    assert ran.exit_code == 0
    assert all(warning in ran.stderr for warning in WARNINGS)
    assert served.taken() == {"list": 1, "get": 1, "send": 1}


def test_a_message_that_may_have_been_sent_says_so_and_is_not_sent_twice(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    run(repository, "apply", "--yes")
    served.taken()
    served.emulated.faults.add("send:server-error-after")
    ran = run(repository, "send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    assert ran.exit_code == 5
    assert ran.stdout == ""
    assert "Whether the message was sent is not known." in ran.stderr
    assert served.taken()["send"] == 1


def test_without_readable_content_the_screen_must_be_named(
    repository: Repository, served: Served
) -> None:
    repository.flow("a")
    repository.config(staging=served.target())
    run(repository, "apply", "--yes")
    served.emulated.faults.add("get:asset-unavailable")
    args = ("send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    ran = run(repository, *args)
    assert ran.exit_code == 64
    assert "name it with --screen" in ran.stderr
    assert run(repository, *args, "--screen", "CONTACT").exit_code == 0


def test_draft_is_sent_where_the_remote_can_and_on_request_alone(repository: Repository) -> None:
    graph = ServedGraph()
    repository.config(meta=graph.target(phone_number=f"{graph.account}5"))
    repository.flow("a", state="draft")
    assert run(repository, "apply", "--yes").exit_code == 0
    args = ("send", "a", "--to", "+491701234567", *TEXTS, "--yes")
    refused = run(repository, *args)
    sent = run(repository, *args, "--draft", "--format", "json")
    graph.close()
    assert refused.exit_code == 6
    assert '"A" is DRAFT. Publish it first.' in refused.stderr
    assert sent.exit_code == 0, sent.output
    assert parsed(sent)["message_id"]


def test_draft_is_asked_for_in_vain_of_a_gateway_and_of_what_is_published(
    published: Repository,
) -> None:
    args = ("send", "a", "--to", "+491701234567", *TEXTS, "--yes", "--draft")
    ran = run(published, *args)
    assert ran.exit_code == 6
    assert "sends what is published only" in ran.stderr


def test_published_flow_is_no_draft(repository: Repository) -> None:
    graph = ServedGraph()
    repository.config(meta=graph.target(phone_number=f"{graph.account}5"))
    repository.flow("a")
    assert run(repository, "apply", "--yes").exit_code == 0
    ran = run(repository, "send", "a", "--to", "+491701234567", *TEXTS, "--yes", "--draft")
    graph.close()
    assert ran.exit_code == 6
    assert "no draft" in ran.stderr

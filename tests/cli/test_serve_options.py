from __future__ import annotations

from pathlib import Path

import pytest

from flowsync.remotes.emulator.fault_kinds import KINDS
from tests.cli.serving import run
from tests.support import Repository


def test_the_kinds_of_fault_are_listed_each_with_its_meaning(repository: Repository) -> None:
    ran = run(repository, "serve", "--list-faults")
    assert ran.exit_code == 0
    assert [text.split()[0] for text in ran.stdout.splitlines()] == list(KINDS)
    assert all(about.meaning in ran.stdout for about in KINDS.values())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.evil"])
def test_an_address_that_others_can_reach_needs_a_word(repository: Repository, host: str) -> None:
    ran = run(repository, "serve", "--host", host)
    assert ran.exit_code == 6
    assert ran.stdout == ""
    assert f"{host} can be reached from other machines. Pass --allow-remote" in ran.stderr


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--fault", "create"), 64, "OPERATION[@N]:KIND"),
        (("--fault", "creat:drop"), 64, 'unknown operation "creat"'),
        (("--fault", "create:drp"), 64, 'unknown kind "drp"'),
        (("--fault", "create:slow=x"), 64, "OPERATION[@N]:KIND"),
        (("--fault", "create@0:drop"), 64, "Calls are counted from 1"),
        (("--fault-script", "gone.txt"), 64, "cannot be read: no such file"),
        (("--fault-script", "storm.txt"), 64, 'storm.txt:2: the fault "create:drp"'),
        (("--fault-seed", "7"), 64, "both --fault-seed and --fault-percent"),
        (("--fault-percent", "20"), 64, "both --fault-seed and --fault-percent"),
        (("--fault-seed", "x", "--fault-percent", "20"), 64, "--fault-seed"),
        (("--fault-seed", "7", "--fault-percent", "101"), 64, "--fault-percent"),
        (("--fault-seed", "7", "--fault-percent", "-1"), 64, "--fault-percent"),
        (("--fault-seed", "7", "--fault-percent", "nan"), 64, "--fault-percent"),
        (("--token-file", "short"), 64, "at least 6 characters"),
        (("--host", "127.0.0.1.invalid", "--allow-remote"), 1, "Choose another --host."),
        (("--port", "-1"), 64, "--port"),
        (("--port", "65536"), 64, "--port"),
        (("--latency", "-1"), 64, "--latency"),
        (("--latency", "60001"), 64, "--latency"),
        (("--dialect", "own"), 64, "--dialect"),
        (("--api", "own"), 64, "--api"),
        (("--api", "graph", "--dialect", "reference"), 64, "--dialect is for --api gateway alone."),
        (("--calls-per-hour", "5"), 64, "--calls-per-hour is for --api graph alone."),
        (("--api", "graph", "--calls-per-hour", "0"), 64, "--calls-per-hour"),
        (("--trouble", "bad-luck"), 64, "--trouble"),
        (("--db", "."), 64, "--db"),
        (("--db", "file/emulator.db"), 1, "cannot be opened"),
        (("--potr", "1"), 64, "--port"),
        (("extra",), 64, "extra"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_wrong_option_ends_before_anything_is_served(
    repository: Repository, args: tuple[str, ...], code: int, said: str
) -> None:
    Path("file").write_text("")
    Path("short").write_text("abcde")
    Path("storm.txt").write_text("# a bad day\ncreate:drp\n")
    ran = run(repository, "serve", *args)
    assert ran.exit_code == code
    assert said in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize("account", ["100000000000001", "not-a-uuid"])
def test_an_account_of_the_reference_dialect_must_be_a_uuid(
    repository: Repository, account: str
) -> None:
    """No request could ever reach it: the help says that it is a UUID."""
    ran = repository.run("serve", "--port", "0", "--dialect", "reference", "--account", account)
    assert ran.exit_code == 64
    assert "UUID" in ran.stderr

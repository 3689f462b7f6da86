"""Reading many flows, several at a time."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from flowsync.model import FlowId
from flowsync.observing import read_flows
from flowsync.remotes.operations import Operation
from tests.support import EmulatedGateway

FLOWS = 60


@pytest.fixture
def account() -> EmulatedGateway:
    gateway = EmulatedGateway()
    for number in range(FLOWS):
        flow_id = gateway.platform.create_flow(
            gateway.account, name=f"Flow {number}", categories=["OTHER"]
        )
        gateway.platform.upload(flow_id, b'{"version": "7.3", "screens": []}')
    return gateway


def ids_of(gateway: EmulatedGateway) -> tuple[FlowId, ...]:
    return tuple(flow.id for flow in gateway.client().list_flows().flows)


@pytest.mark.parametrize("parallelism", [1, 7, 64])
def test_every_flow_is_asked_for_once_and_given_in_order(
    account: EmulatedGateway, parallelism: int
) -> None:
    wanted = ids_of(account)
    found = read_flows(account.client(), wanted, parallelism=parallelism)
    assert tuple(found) == wanted
    assert account.counts["get"] == FLOWS


def test_no_more_flows_are_read_at_a_time_than_was_said(account: EmulatedGateway) -> None:
    at_work, most, lock = 0, 0, threading.Lock()

    def watch(operation: Operation) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.005)
        with lock:
            at_work -= 1

    wanted = ids_of(account)
    account.watch = watch
    read_flows(account.client(), wanted, parallelism=4)
    assert 2 <= most <= 4


@pytest.fixture
def ctrl_c() -> Iterator[threading.Lock]:
    """Let SIGINT do what it does to a program, whatever this process was started with."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield threading.Lock()
    signal.signal(signal.SIGINT, before)


def test_after_ctrl_c_nothing_else_is_asked_for(
    account: EmulatedGateway, ctrl_c: threading.Lock
) -> None:
    def watch(operation: Operation) -> None:
        time.sleep(0.02)
        if len(account.operations) >= 10 and ctrl_c.acquire(blocking=False):  # once
            os.kill(os.getpid(), signal.SIGINT)

    wanted = ids_of(account)
    account.watch = watch
    with pytest.raises(KeyboardInterrupt):
        read_flows(account.client(), wanted, parallelism=2)
    assert account.counts["get"] < FLOWS

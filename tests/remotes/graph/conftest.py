"""Fixtures of the tests of the Graph API's client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses

from tests.remotes.accounts import EmulatedAccount
from tests.remotes.graph.support import Meta, in_process


@pytest.fixture
def meta() -> Iterator[Meta]:
    """Canned answers of Meta, each of which must be asked for."""
    with responses.RequestsMock() as mock:
        found = Meta(mock)
        with found.closing:
            yield found


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    """An emulated account without a network."""
    with in_process() as found:
        yield found

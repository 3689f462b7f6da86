from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.serving import Served


@pytest.fixture
def served() -> Iterator[Served]:
    """An emulated gateway behind a real HTTP server on a free port of this machine."""
    server = Served()
    yield server
    server.close()

"""Files that are made from tables in the package are what is made now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generate import ROOT, generated_files


@pytest.fixture(scope="module")
def generated() -> dict[Path, str]:
    """What would be written now."""
    return generated_files()


def test_committed_files_are_what_is_generated(generated: dict[Path, str]) -> None:
    stale = [
        file.name
        for file, text in generated.items()
        if not file.is_file() or file.read_text("utf-8") != text
    ]
    assert stale == [], "run `python -m tests.generate` and commit what it writes"


def test_no_generated_file_is_left_of_something_that_is_gone(generated: dict[Path, str]) -> None:
    committed = set((ROOT / "schemas" / "flow-json").iterdir())
    assert committed <= set(generated)

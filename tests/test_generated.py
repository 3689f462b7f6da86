"""Files that are made from tables in the package are what is made now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generate import ROOT, generated_files

GENERATED = generated_files()


@pytest.mark.parametrize("file", GENERATED, ids=lambda file: file.name)
def test_committed_file_is_what_is_generated(file: Path) -> None:
    text = file.read_text("utf-8") if file.is_file() else ""
    assert text == GENERATED[file], "run `python -m tests.generate` and commit what it writes"


def test_no_generated_file_is_left_of_something_that_is_gone() -> None:
    committed = set((ROOT / "schemas" / "flow-json").iterdir())
    assert committed <= set(GENERATED)

from __future__ import annotations

import re
from pathlib import Path

import flowsync
from flowsync.validation.rules import RULES
from flowsync.validation.rules.files import FILE_RULES


def test_every_rule_that_the_program_names_is_in_one_of_the_tables() -> None:
    package = Path(flowsync.__file__).parent
    named = {
        rule
        for file in package.rglob("*.py")
        for rule in re.findall(r'"(FS\d{3})"', file.read_text("utf-8"))
    }
    assert named == set(RULES) | set(FILE_RULES)
    assert RULES.keys().isdisjoint(FILE_RULES)

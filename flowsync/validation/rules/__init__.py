"""The rules of Flow JSON as data: what each id stands for, how much it matters, its source.

The checks that apply them are in `flowsync.validation`. Ids are stable and never used again for
something else: FS1xx document and version, FS2xx screens, data models and routing, FS3xx
components and layout, FS4xx actions and bindings, FS5xx limits that the platform does not enforce,
FS6xx what it takes and what then goes wrong for people.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.validation.rules.actions import ACTION_RULES
from flowsync.validation.rules.advice import ADVICE
from flowsync.validation.rules.components import COMPONENT_RULES
from flowsync.validation.rules.rule import Rule
from flowsync.validation.rules.screens import SCREEN_RULES

__all__ = ["IGNORABLE_ERRORS", "RULES", "Rule"]

_RULES = (*SCREEN_RULES, *COMPONENT_RULES, *ACTION_RULES, *ADVICE)

# Errors that may be ignored all the same: the plan looks again at what they are about.
IGNORABLE_ERRORS = frozenset({"FS112"})
RULES: Mapping[str, Rule] = {rule.id: rule for rule in _RULES}
assert len(RULES) == len(_RULES), "rule ids are unique"

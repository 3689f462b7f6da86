"""All rules that a finding can name, in groups, and choosing some of them by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowsync.diagnostics import nearest
from flowsync.errors import UsageFailure
from flowsync.validation.rules import RULES, Rule
from flowsync.validation.rules.files import FILE_RULES

CATALOGUE: Mapping[str, Rule] = dict(sorted({**FILE_RULES, **RULES}.items()))

_GROUPS = {
    "FS0": "Files of the repository",
    "FS1": "Document and version",
    "FS2": "Screens, data models and routing",
    "FS3": "Components and layout",
    "FS4": "Actions and bindings",
    "FS5": "Limits that the platform does not enforce",
    "FS6": "Advice beyond the platform",
}


def group_of(rule: Rule) -> str:
    """Give the heading that a rule stands under, which follows from the hundreds of its id."""
    return _GROUPS.get(rule.id[:3], f"{rule.id[:3]}xx")


def in_groups(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Give rules by the heading that they stand under, in order of their ids."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(group_of(rule), []).append(rule)
    return found


def choose(words: Iterable[str]) -> tuple[Rule, ...]:
    """Give the rules that words mean; each once, in order.

    A word is an id, the beginning of ids such as FS2, or a code of the platform.

    Raises `UsageFailure` for a word that means no rule.
    """
    chosen: set[str] = set()
    for word in words:
        wanted = word.upper().removesuffix("XX").removesuffix("X")
        found = {id for id in CATALOGUE if wanted.startswith("FS") and id.startswith(wanted)}
        found |= {id for id, rule in CATALOGUE.items() if rule.code == word.upper()}
        if not found:
            near = nearest(word.upper(), CATALOGUE)
            hint = f'Did you mean "{near}"?' if near else "`flowsync rules` lists all."
            raise UsageFailure(f'there is no rule "{word}". {hint}')
        chosen |= found
    return tuple(rule for id, rule in CATALOGUE.items() if id in chosen)

"""Findings that the authors have decided to live with: `ignore` of definitions and flowsync.yaml.

An entry names a rule, gives its reason, and may say where: a path such as
`screens[ASK].layout.children[2]`, which means everything below it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from flowsync.diagnostics import Diagnostic, Severity, nearest
from flowsync.ignore_paths import Path, leads_above, read_path
from flowsync.model import FlowKey, JsonValue, mapping_in, text_in, texts_in
from flowsync.sources import Document, Pointer
from flowsync.validation.catalogue import CATALOGUE
from flowsync.validation.rules import IGNORABLE_ERRORS

# Whether these are found depends on the target, so that an entry may well be idle for another one.
_OF_TARGETS = "FS04"
_OF_IGNORES = "FS03"
_WHOLE_ID = re.compile(r"FS[0-9]{3}")  # no misspelling of another, though their digits be alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One entry of an `ignore` list, at `pointer` in `document`.

    `path` is None where the whole flow is meant; `flows` are globs over keys, None for the flow of
    the definition that holds the entry.
    """

    document: Document
    pointer: Pointer
    rule: str
    reason: str
    path: Path | None = None
    flows: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A finding that is left out, and why."""

    finding: Diagnostic
    reason: str


def read_ignores(
    document: Document, pointer: Pointer, value: JsonValue, problems: list[Diagnostic]
) -> tuple[Ignore, ...]:
    """Give the entries of a list that fits its schema; what is wrong is added to the problems."""
    entries = value if isinstance(value, list) else []
    found = (
        _read(document, (*pointer, index), mapping_in(entry), problems)
        for index, entry in enumerate(entries)
    )
    return tuple(entry for entry in found if entry is not None)


def _read(
    document: Document, at: Pointer, fields: dict[str, JsonValue], problems: list[Diagnostic]
) -> Ignore | None:
    rule, reason = str(fields.get("rule")), str(fields.get("reason"))
    shown_path = text_in(fields.get("at"))
    path = None if shown_path is None else read_path(shown_path)
    if rule not in CATALOGUE:
        near = None if _WHOLE_ID.fullmatch(rule) else nearest(rule.upper(), CATALOGUE)
        fix = f'Did you mean "{near}"?' if near else "Use the id at the end of the finding."
        problems.append(document.finding((*at, "rule"), "FS031", f'no rule is "{rule}".', fix))
    elif not reason.strip():
        fix = "Say why it is right to live with the finding."
        problems.append(document.finding((*at, "reason"), "FS030", "the reason is blank.", fix))
    elif shown_path is not None and path is None:
        message = f'the path "{shown_path}" cannot be read.'
        fix = "Write it as screens[0].layout.children[2].text, or as screens[ASK]."
        problems.append(document.finding((*at, "at"), "FS032", message, fix))
    else:
        flows = texts_in(fields["flows"]) if "flows" in fields else ("*",)
        return Ignore(
            document=document, pointer=at, rule=rule, reason=reason, path=path, flows=flows
        )
    return None


class Ignoring:
    """Leaves out what the entries name, and remembers which of them were of use."""

    def __init__(self) -> None:
        self.ignored: list[Ignored] = []
        self._used: set[tuple[str, Pointer]] = set()
        self._vain: dict[tuple[str, Pointer], tuple[Ignore, Diagnostic]] = {}

    def kept(
        self,
        findings: Iterable[Diagnostic],
        key: FlowKey,
        ignores: Iterable[Ignore],
        documents: Iterable[Document],
    ) -> list[Diagnostic]:
        """Give the findings about one flow that no entry names.

        `documents` are the files of the flow, for the ids and names in paths.
        """
        by_rule: dict[str, list[Ignore]] = {}
        for ignore in ignores:
            if any(fnmatchcase(key, glob) for glob in ignore.flows):
                by_rule.setdefault(ignore.rule, []).append(ignore)
        if not by_rule:
            return list(findings)
        values = {document.path: document.value for document in documents}
        return [
            finding
            for finding in findings
            if not self._leaves_out(finding, by_rule.get(finding.rule, ()), values)
        ]

    def _leaves_out(
        self, finding: Diagnostic, ignores: Iterable[Ignore], values: dict[str, JsonValue]
    ) -> bool:
        meant = [one for one in ignores if _names(one, finding, values.get(finding.path))]
        is_allowed = finding.severity is Severity.WARNING or finding.rule in IGNORABLE_ERRORS
        for ignore in meant:
            place = (ignore.document.path, ignore.pointer)
            self._used.add(place)
            if not is_allowed:
                self._vain.setdefault(place, (ignore, finding))
        if not meant or not is_allowed or finding.rule.startswith(_OF_IGNORES):
            return False
        self.ignored.append(Ignored(finding=finding, reason=meant[0].reason))
        return True

    def findings(self, ignores: Iterable[Ignore]) -> Iterator[Diagnostic]:
        """Give what is wrong with entries: they ignore an error, or were of no use."""
        for ignore, finding in self._vain.values():
            yield ignore.document.finding(
                (*ignore.pointer, "rule"),
                "FS033",
                f"{ignore.rule} is an error here, which cannot be ignored "
                f"({finding.path}:{finding.span.line}).",
                "Mend it, and remove the entry.",
            )
        for ignore in ignores:
            is_used = (ignore.document.path, ignore.pointer) in self._used
            if not is_used and not ignore.rule.startswith(_OF_TARGETS):
                yield ignore.document.finding(
                    ignore.pointer,
                    "FS034",
                    f"nothing is found that this ignore of {ignore.rule} names.",
                    "Remove it, or correct its path.",
                    severity=Severity.WARNING,
                )


def _names(ignore: Ignore, finding: Diagnostic, value: JsonValue) -> bool:
    if ignore.path is None:
        return True
    return finding.pointer is not None and leads_above(ignore.path, finding.pointer, value)

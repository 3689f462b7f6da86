"""The rules of `policy` in flowsync.yaml as values, and what comes of them for a flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from itertools import groupby

from flowsync.model import FlowKey, StepKind
from flowsync.policy_times import Window

ONE_WAY = "one-way"
ANY = "any"
BREAKING, COMPATIBLE, UNKNOWN = "breaking", "compatible", "unknown"
REPLACE = "replace"
WORDS = (*(kind.value for kind in StepKind), REPLACE, ONE_WAY, ANY)
_PLURAL = {"hours", "days"}
_IN_FULL = {ONE_WAY: "one-way steps", ANY: "any change"}


class Effect(Enum):
    """What a rule does to a plan that it concerns: deny stops apply, warn is shown only."""

    DENY = "deny"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The conditions of a rule; all must hold, of each any of its values. None given means all.

    `targets`, `keys` and `names` are globs. `statuses` are the remote's, `states` those that
    definitions ask for, `contracts` what other systems notice: `breaking`, or else `compatible`,
    or `unknown`.
    `window` is when the rule is in force, and `as_written` the conditions as they stand in
    flowsync.yaml, for people.
    """

    targets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    window: Window | None = None
    as_written: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def concerns_target(self, target: str) -> bool:
        """Tell whether the rule is for a target."""
        return _is_any(target, self.targets)

    def concerns_flow(
        self,
        *,
        key: FlowKey | None,
        names: tuple[str, ...],
        categories: tuple[str, ...],
        status: str | None,
        state: str | None,
        contract: frozenset[str],
    ) -> bool:
        """Tell whether the rule is for a flow; a flow without a key is one that is pruned."""
        return all(
            (
                not self.keys or (key is not None and _is_any(key, self.keys)),
                any(_is_any(name, self.names) for name in names),
                not self.categories or bool(set(self.categories) & set(categories)),
                not self.statuses or status in self.statuses,
                not self.states or state in self.states,
                not self.contracts or not contract.isdisjoint(self.contracts),
            )
        )

    @property
    def text(self) -> str:
        """Give the conditions in words, empty where there is none."""
        said = [
            f"{name} {'are' if name in _PLURAL else 'is'} {' or '.join(values)}"
            for name, values in self.as_written
        ]
        return f" when {' and '.join(said)}" if said else ""


def _is_any(text: str, globs: tuple[str, ...]) -> bool:
    return not globs or any(fnmatchcase(text, glob) for glob in globs)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """One rule: its `number` in the list (from 1), its effect, and the `words` that it is about.

    A word is a step, or `replace`, `one-way` or `any`. `message` is what the authors say to people.
    """

    number: int
    effect: Effect
    words: tuple[str, ...]
    id: str | None = None
    message: str | None = None
    when: When = field(default_factory=When)

    def matched(self, shown: frozenset[str]) -> tuple[str, ...]:
        """Give the words of the rule that are among those of a change, in the rule's order."""
        return tuple(word for word in self.words if word in shown)

    @property
    def text(self) -> str:
        """Give the rule in words, such as `denies publish when target is production`."""
        verb = "denies" if self.effect is Effect.DENY else "warns of"
        return f"{verb} {in_full(self.words)}{self.when.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """What a rule says about one flow of a plan.

    `number` and `id` are the rule's. `key` is None for a flow that is pruned, `label` the word that
    people know it by; `words` are the rule's that met it. `is_timed` marks what holds at the moment
    of planning only: apply looks at the clock again. `way_out` is empty for a warning.
    """

    effect: Effect
    number: int
    id: str | None
    key: FlowKey | None
    label: str
    words: tuple[str, ...]
    message: str
    way_out: str = ""
    is_timed: bool = False

    @property
    def stops_plan(self) -> bool:
        """Tell whether apply refuses whatever the time, so that `plan` fails for it."""
        return self.effect is Effect.DENY and not self.is_timed

    @property
    def verb(self) -> str:
        """Give what the rule does, as far as a plan can tell."""
        if self.effect is Effect.WARN:
            return "warns of"
        return "would deny now" if self.is_timed else "denies"

    @property
    def rule(self) -> str:
        """Give the rule's number and id, as people find it in flowsync.yaml."""
        return f'rule {self.number} "{self.id}"' if self.id else f"rule {self.number}"

    @property
    def what(self) -> str:
        """Give the words as people say them, such as `publish` or `any change`."""
        return in_full(self.words)


def in_full(words: Iterable[str]) -> str:
    """Give words of a rule as people say them."""
    return " and ".join(_IN_FULL.get(word, word) for word in words)


def denials(results: Iterable[PolicyResult]) -> Iterator[PolicyResult]:
    """Give the results that keep apply from starting."""
    return (result for result in results if result.effect is Effect.DENY)


def by_subject(results: Iterable[PolicyResult]) -> Iterator[tuple[str, PolicyResult]]:
    """Give what is said of several flows once: of which, and the first of the results.

    What is said is the same for all flows that a rule meets with the same words; the subject is
    such as `publish of booking, survey (rule 1)`.
    """
    for _, same in groupby(results, key=lambda result: (result.number, result.words)):
        first, *others = same
        labels = ", ".join(result.label for result in (first, *others))
        yield f"{first.what} of {labels} ({first.rule})", first

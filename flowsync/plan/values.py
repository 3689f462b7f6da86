"""The plan as a value: changes with reasons and steps, what is refused, and what was seen.

A plan says everything that apply will do. Apply takes this very value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from flowsync.model import ONE_WAY_STEPS, FlowId, FlowKey, JsonValue, StepKind
from flowsync.plan.difference_values import ContractChange, Difference
from flowsync.policy_rules import PolicyResult

FORMAT_VERSION = "1.4"


class Action(Enum):
    """What happens to a flow, in one word for people."""

    CREATE = "create"
    UPDATE = "update"
    PUBLISH = "publish"
    DEPRECATE = "deprecate"
    DELETE = "delete"
    REPLACE = "replace"
    NONE = "none"
    CONFLICT = "conflict"


class Reason(Enum):
    """Why a change is planned, or why none is; the value is the reason in words."""

    MISSING_ON_REMOTE = "the account has no flow of this name"
    MISSING_UNDER_ALL_NAMES = (
        "the account has no flow of this name, nor of an earlier one (renamed_from)"
    )
    FIELDS_DIFFER = "the definition differs from the remote"
    CONTENT_DIFFERS = "the Flow JSON differs from the remote"
    CONTENT_MISSING = "the flow on the remote has no Flow JSON yet"
    RENAMED = "the flow has an earlier name of the definition (renamed_from)"
    SUCCESSOR = "the flow is the successor of an earlier one that was replaced"
    NOT_YET_PUBLISHED = "the definition asks for a published flow, the remote has a draft"
    STATE_DEPRECATED = "the definition asks for a deprecated flow"
    STATE_ABSENT = "the definition asks for the flow to be absent"
    FROZEN = "the flow is deprecated for ever, and `replace: true` lets a new one take its place"
    PREDECESSOR_LEFT = "the flow that was replaced is still published"
    PRUNED = "the flow has no definition, and the target's prune rule names it"
    UNCHANGED = "the remote has what the definition asks for"
    ALREADY_GONE = "the account has no such flow, as the definition asks"
    ALREADY_DEPRECATED = "the flow is deprecated, as the definition asks"
    STAYS_DEPRECATED = "a deprecated flow cannot be deleted; it stays, and cannot be used"
    STAYS_PUBLISHED = "nothing differs; a published flow stays published until it is edited"


class Origin(Enum):
    """On which side something changed since both sides last agreed."""

    REPOSITORY = "repository"
    REMOTE = "remote"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field with its old and new value; for `flow_json` the differences say more.

    `origin` is the side on which it changed, None where that is not known.
    """

    name: str
    old: JsonValue = field(default=None, hash=False)
    new: JsonValue = field(default=None, hash=False)
    differences: tuple[Difference, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write. `flow_id` is None for the flow that this change creates.

    `name`, `categories`, `endpoint_uri` and `clone_flow_id` are what create and update send; None
    means that the field is not sent. `clears_endpoint` removes the endpoint. The Flow JSON of an
    upload is the definition's. With `with_create` the step travels in the request of the create
    before it, and is sent by itself only where a read shows that it did not take effect.
    """

    kind: StepKind
    flow_id: FlowId | None = None
    name: str | None = None
    categories: tuple[str, ...] | None = None
    endpoint_uri: str | None = None
    clone_flow_id: FlowId | None = None
    clears_endpoint: bool = False
    with_create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A flow as the plan saw it; apply compares it before the first write.

    `content` is the SHA-256 of the canonical Flow JSON, or `none`, `unknown` or `unread`.
    `endpoint_uri` is meaningful only where the content was read.
    """

    id: FlowId
    name: str
    status: str
    categories: tuple[str, ...]
    content: str
    endpoint_uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is planned for one flow.

    `key` is None for a pruned flow. `warnings` are sentences. A conflict has a sentence and a
    `way_out`, and no steps. `fallback` are the steps taken instead when the platform says that the
    flow refuses edits for ever. `contract` is what other systems notice of changed Flow JSON.
    `origin` is the side on which the flow changed, None where that is not known.
    """

    key: FlowKey | None
    name: str
    action: Action
    reasons: tuple[Reason, ...] = ()
    flow_id: FlowId | None = None
    status: str | None = None
    desired: str | None = None
    fields: tuple[FieldChange, ...] = ()
    steps: tuple[Step, ...] = ()
    fallback: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    conflict: str | None = None
    way_out: str | None = None
    seen: tuple[Fingerprint, ...] = ()
    definition_digest: str | None = None
    contract: tuple[ContractChange, ...] = ()
    origin: Origin | None = None

    @property
    def is_drift(self) -> bool:
        """Tell whether somebody changed the flow on the remote since both sides last agreed."""
        return self.origin in {Origin.REMOTE, Origin.BOTH}

    @property
    def label(self) -> str:
        """Give the word that people know the flow by: its key, or its name."""
        return self.key or self.name

    @property
    def is_of_new_flow(self) -> bool:
        """Tell whether everything about the flow is new, so that no field differs from another."""
        return self.action in {Action.CREATE, Action.REPLACE}

    @property
    def says_something(self) -> bool:
        """Tell whether people should see it: something happens, conflicts or is warned of."""
        return self.action is not Action.NONE or bool(self.warnings)

    @property
    def one_way(self) -> tuple[StepKind, ...]:
        """Give its steps that cannot be taken back, without those of the fallback."""
        return tuple(step.kind for step in self.steps if step.kind in ONE_WAY_STEPS)


class BlockKind(Enum):
    """Why apply refuses a plan that can be shown."""

    PROTECTED = "protected"
    NEEDS_CONSENT = "needs consent"
    GATE = "gate"
    PREFLIGHT = "preflight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Something that keeps apply from starting.

    For consent `subject` is the step, for a gate the gate's name and `count` what the plan does,
    for a protection the flow's label, for what the remote says would make publishing fail the
    flow's label or the account. `way_out` is a sentence.
    """

    kind: BlockKind
    subject: str
    message: str
    way_out: str
    count: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalProblem:
    """Why a flow would not come to rest: the step that fails, or is left to do, and a sentence."""

    label: str
    step: StepKind | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What became of a plan that was carried out on a copy of the account, then planned again."""

    problems: tuple[RehearsalProblem, ...] = ()

    @property
    def converges(self) -> bool:
        """Tell whether the second plan left nothing to do."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmanagedFlow:
    """A flow of the account without a definition; it is left alone."""

    id: FlowId
    name: str
    status: str


_REST_ON_ABSENCE = {StepKind.CREATE, StepKind.DEPRECATE, StepKind.DELETE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that apply would do on a target, in order of key.

    `listing_doubts` says why the listing may not be whole; then nothing that rests on absence is
    planned. `is_partial` marks a plan for chosen flows, which never prunes. `rehearsal` is None
    where the plan was not rehearsed. `policy` is what the rules of flowsync.yaml said when it was
    made; apply does not read it, but asks them again. `since` says when both sides last agreed, to
    follow the word «since», None where that is not known.
    """

    target: str
    remote: str
    account: str
    flowsync_version: str
    changes: tuple[Change, ...]
    unmanaged: tuple[UnmanagedFlow, ...] = ()
    blocks: tuple[Block, ...] = ()
    listing_doubts: tuple[str, ...] = ()
    is_partial: bool = False
    rehearsal: Rehearsal | None = None
    policy: tuple[PolicyResult, ...] = ()
    since: str | None = None

    @property
    def rests_on_absence(self) -> bool:
        """Tell whether a change is right only if the account has no flows that were not listed."""
        kinds = {step.kind for change in self.pending for step in change.steps}
        takes_for_gone = any(Reason.ALREADY_GONE in change.reasons for change in self.changes)
        return takes_for_gone or bool(kinds & _REST_ON_ABSENCE)

    @property
    def counts(self) -> dict[Action, int]:
        """Give how many flows each action is planned for, those of none included."""
        actions = [change.action for change in self.changes]
        return {action: actions.count(action) for action in Action}

    @property
    def pending(self) -> tuple[Change, ...]:
        """Give the changes that write something."""
        return tuple(change for change in self.changes if change.steps)

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Give the flows that could not be planned."""
        return tuple(change for change in self.changes if change.action is Action.CONFLICT)

    @property
    def denials(self) -> tuple[PolicyResult, ...]:
        """Give what the policy denies whatever the time; the rest is left to apply."""
        return tuple(result for result in self.policy if result.stops_plan)

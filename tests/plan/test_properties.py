"""What holds for any definitions and any account: a plan that is carried out leaves nothing to do.

The account is a tiny model of the platform, which refuses what the platform refuses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsync.model import (
    Content,
    ContentState,
    FlowDefinition,
    FlowId,
    RemoteFlow,
    StepKind,
    known_status,
)
from flowsync.plan.values import Change, Plan, Step
from flowsync.policy import Policy, PruneRule
from tests.plan.cases import (
    DRAFT,
    LIVE_STATUSES,
    NO_CONTENT,
    PUBLISHED,
    UNKNOWN_CONTENT,
    UNKNOWN_STATUS,
    a_definition,
    a_flow,
    plan_of,
    touched,
)
from tests.plan.test_document import states
from tests.support import flow_json

SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OLD = flow_json("Old label")
WITH_ENDPOINT = flow_json(endpoint=True)
URI = "https://flows.example.com/x"


class Account:
    """The flows of an account, and the writes of a plan carried out on them."""

    def __init__(self, flows: list[RemoteFlow]) -> None:
        self.flows = {flow.id: flow for flow in flows}

    def carry_out(self, plan: Plan, definitions: list[FlowDefinition]) -> None:
        by_key = {definition.key: definition for definition in definitions}
        for change in plan.changes:
            definition = by_key[change.key] if change.key else None
            self._carry_out(change, definition)

    def _carry_out(self, change: Change, definition: FlowDefinition | None) -> None:
        created: FlowId | None = None
        for step in change.steps:
            if step.kind is StepKind.CREATE:
                created = self._create(step)
                continue
            flow_id = step.flow_id or created
            assert flow_id is not None
            changed = self._write(step, self.flows[flow_id], definition)
            if changed is None:
                del self.flows[flow_id]
            else:
                self.flows[flow_id] = changed

    def _create(self, step: Step) -> FlowId:
        assert step.name is not None
        assert step.name not in {flow.name for flow in self.flows.values()}, "the name is taken"
        assert step.categories
        source = self.flows[step.clone_flow_id] if step.clone_flow_id else None
        is_read = source is not None and source.content.state is ContentState.READ
        content = source.content if source is not None and is_read else NO_CONTENT
        flow_id = FlowId(f"new-{len(self.flows)}-{step.name}")
        self.flows[flow_id] = RemoteFlow(
            id=flow_id,
            name=step.name,
            status="DRAFT",
            categories=step.categories,
            content=content,
            endpoint_uri=step.endpoint_uri,
        )
        return flow_id

    def _write(
        self, step: Step, flow: RemoteFlow, definition: FlowDefinition | None
    ) -> RemoteFlow | None:
        """Give the flow after a step, None when it is deleted; refuse what the platform refuses."""
        assert known_status(flow.status) is not None
        match step.kind:
            case StepKind.UPDATE:
                assert flow.status != "DEPRECATED"
                taken = {other.name for other in self.flows.values() if other.id != flow.id}
                assert step.name not in taken, "the name is taken"
                assert step.name or step.categories or step.endpoint_uri or step.clears_endpoint
                return replace(
                    flow,
                    status="DRAFT",
                    name=step.name or flow.name,
                    categories=step.categories or flow.categories,
                    endpoint_uri=step.endpoint_uri
                    or (None if step.clears_endpoint else flow.endpoint_uri),
                )
            case StepKind.UPLOAD:
                assert flow.status != "DEPRECATED"
                assert flow.content.state is not ContentState.UNKNOWN
                assert definition is not None
                assert definition.flow_json is not None
                content = Content(state=ContentState.READ, value=definition.flow_json.value)
                return replace(flow, status="DRAFT", content=content)
            case StepKind.PUBLISH:
                assert flow.status == "DRAFT"
                assert flow.content.state is ContentState.READ
                uses_endpoint = flow.content.value == WITH_ENDPOINT
                assert flow.endpoint_uri or not uses_endpoint, "G-15"
                return replace(flow, status="PUBLISHED")
            case StepKind.DEPRECATE:
                assert flow.status in LIVE_STATUSES
                return replace(flow, status="DEPRECATED")
            case _:
                assert step.kind is StepKind.DELETE
                assert flow.status == "DRAFT"
                return None


statuses = st.sampled_from(["DRAFT", *LIVE_STATUSES, "DEPRECATED", UNKNOWN_STATUS])
categories = st.lists(st.sampled_from(["OTHER", "SURVEY"]), min_size=1, unique=True).map(tuple)
contents = st.sampled_from([flow_json(), OLD, WITH_ENDPOINT])
uris = st.sampled_from([None, URI, URI + "y"])


def definitions_named(*names: str) -> st.SearchStrategy[list[FlowDefinition]]:
    """Give definitions of which no two have one name, as the loader guarantees."""

    def build(name: str) -> st.SearchStrategy[FlowDefinition]:
        return st.builds(
            a_definition,
            st.just(f"key-{name}"),
            name=st.just(name),
            state=states,
            content=contents,
            categories=categories,
            endpoint_uri=st.just(None),
            renamed_from=st.sampled_from([(), (f"Old {name}",), (f"Old {name}", "Older")]),
            clone_from=st.sampled_from([None, None, f"key-{names[0]}", "71"]),
            replace=st.booleans(),
            protect=st.booleans(),
        ).flatmap(with_endpoint)

    def with_endpoint(definition: FlowDefinition) -> st.SearchStrategy[FlowDefinition]:
        managed = uris.map(lambda uri: replace(definition, endpoint_uri=uri, manages_endpoint=True))
        return st.one_of(st.just(definition), managed)

    return st.lists(st.sampled_from(names), unique=True, max_size=4).flatmap(
        lambda chosen: st.tuples(*map(build, chosen)).map(list)
    )


def flows_named(*names: str) -> st.SearchStrategy[list[RemoteFlow]]:
    """Give flows, rarely two with one name; flows whose content is empty are drafts."""

    def build(row: tuple[Any, ...]) -> RemoteFlow:
        number, (name, status, content, what, uri, chosen) = row
        unread = {"none": NO_CONTENT, "unknown": UNKNOWN_CONTENT}.get(what)
        if what == "none":
            status = "DRAFT"
        return a_flow(
            name,
            status,
            id=str(70 + number),
            content=content,
            unread=unread,
            endpoint_uri=uri,
            categories=chosen,
        )

    whats = st.sampled_from(["read", "read", "read", "none", "unknown"])
    row = st.tuples(st.sampled_from(names), statuses, contents, whats, uris, categories)
    return st.lists(row, max_size=6, unique_by=lambda row: row[0]).map(
        lambda rows: [build(item) for item in enumerate(rows)]
    )


policies = st.sampled_from(
    [
        Policy(),
        Policy(prune=PruneRule(match="*", deletes_drafts=True, deprecates_published=True)),
    ]
)
doubts = st.sampled_from([(), (), ("a page was missing",)])


def remaining(plan: Plan) -> list[tuple[Any, str | None]]:
    return [(change.key, change.conflict) for change in plan.conflicts]


def check_convergence(
    definitions: list[FlowDefinition], flows: list[RemoteFlow], policy: Policy, can_clear: bool
) -> None:
    account = Account(flows)
    plan = plan_of(definitions, flows, policy=policy, can_clear_endpoint=can_clear)
    account.carry_out(plan, definitions)
    after = plan_of(
        definitions, account.flows.values(), policy=policy, can_clear_endpoint=can_clear
    )
    assert after.pending == ()
    assert {change.key for change in after.conflicts} <= {change.key for change in plan.conflicts}


def settled(definitions: list[FlowDefinition]) -> list[FlowDefinition]:
    """Give definitions that do not depend on each other, and mean one flow only.

    What happens when a flow that goes lets another one be meant has tests in `test_identity`.
    """
    return [
        replace(
            definition,
            clone_from=None,
            renamed_from=(
                definition.renamed_from if definition.state in {DRAFT, PUBLISHED} else ()
            ),
        )
        for definition in definitions
    ]


SIMPLE = ("A", "B", "C", "Á")


@SOME
@given(
    definitions=definitions_named(*SIMPLE),
    flows=flows_named(*SIMPLE, "Old A", "Old B", "X"),
    policy=policies,
    can_clear=st.booleans(),
)
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(
    definitions: list[FlowDefinition], flows: list[RemoteFlow], policy: Policy, can_clear: bool
) -> None:
    check_convergence(settled(definitions), flows, policy, can_clear)


@SOME
@given(
    definitions=definitions_named("A", "A v2", "B"),
    flows=flows_named("A", "A v2", "A v3", "B", "B v2"),
)
def test_a_plan_with_successors_that_is_carried_out_leaves_nothing_to_do(
    definitions: list[FlowDefinition], flows: list[RemoteFlow]
) -> None:
    kept = [item for item in settled(definitions) if item.state in {DRAFT, PUBLISHED}]
    check_convergence([replace(item, renamed_from=()) for item in kept], flows, Policy(), False)


@SOME
@given(
    definitions=definitions_named(*SIMPLE),
    flows=flows_named(*SIMPLE, "Old A", "Older"),
    policy=policies,
)
def test_a_conflict_stays_the_same_while_nobody_settles_it(
    definitions: list[FlowDefinition], flows: list[RemoteFlow], policy: Policy
) -> None:
    definitions = [replace(item, clone_from=None, renamed_from=()) for item in definitions]
    account = Account(flows)
    plan = plan_of(definitions, flows, policy=policy)
    account.carry_out(plan, definitions)
    after = plan_of(definitions, account.flows.values(), policy=policy)
    assert remaining(after) == remaining(plan)


EVERYTHING = (*SIMPLE, "A v2", "A v3", "a", "Old", "Older", "X")


@SOME
@given(
    definitions=definitions_named("A", "B", "C", "A v2"),
    flows=flows_named(*EVERYTHING),
    doubts=doubts,
    policy=policies,
    stop=st.booleans(),
)
def test_no_plan_touches_a_flow_that_is_unmanaged_unknown_or_unread(
    definitions: list[FlowDefinition],
    flows: list[RemoteFlow],
    doubts: tuple[str, ...],
    policy: Policy,
    stop: bool,
) -> None:
    plan = plan_of(definitions, flows, doubts=doubts, policy=policy, stop_before_publish=stop)
    by_id = {flow.id: flow for flow in flows}
    assert not touched(plan) & {flow.id for flow in plan.unmanaged}
    for change in plan.changes:
        for step in (*change.steps, *change.fallback):
            if step.flow_id is None:
                continue
            flow = by_id[step.flow_id]
            assert known_status(flow.status) is not None
            if step.kind in {StepKind.UPDATE, StepKind.UPLOAD, StepKind.PUBLISH}:
                assert flow.content.state is not ContentState.UNKNOWN
                assert flow.status != "DEPRECATED"


@SOME
@given(
    definitions=definitions_named("A", "B", "C", "A v2"),
    flows=flows_named(*EVERYTHING),
    doubts=doubts,
    policy=policies,
)
def test_any_plan_is_sound(
    definitions: list[FlowDefinition],
    flows: list[RemoteFlow],
    doubts: tuple[str, ...],
    policy: Policy,
) -> None:
    plan = plan_of(definitions, flows, doubts=doubts, policy=policy)
    assert [change.key for change in plan.changes if change.key] == sorted(
        definition.key for definition in definitions
    )
    flow_ids = [change.flow_id for change in plan.changes if change.flow_id]
    assert len(flow_ids) == len(set(flow_ids))
    for change in plan.changes:
        is_conflict = change.conflict is not None
        assert is_conflict is (change in plan.conflicts)
        assert bool(change.way_out) is is_conflict
        assert bool(change.reasons) is not is_conflict
        assert bool(change.steps) is (change in plan.pending)
        seen = {print_.id for print_ in change.seen}
        for step in (*change.steps, *change.fallback):
            assert step.flow_id is None or step.flow_id in seen
        for step in (*change.steps, *change.fallback):
            if doubts:
                assert step.kind in {StepKind.UPDATE, StepKind.UPLOAD, StepKind.PUBLISH}

"""What differs between a definition and the flow it means, and what to do and say about it."""

from __future__ import annotations

from flowsync.model import (
    ContentState,
    DesiredState,
    FlowDefinition,
    FlowKey,
    RemoteFlow,
    StepKind,
)
from flowsync.plan.contract import contract_changes
from flowsync.plan.difference.screens import flow_json_differences
from flowsync.plan.difference_values import ContractChange
from flowsync.plan.situation import Situation
from flowsync.plan.values import FieldChange, Step
from flowsync.validation.versions import LATEST

# The steps that the platform refuses for a flow in a version that it has frozen.
WRITES_CONTENT = frozenset({StepKind.CREATE, StepKind.UPDATE, StepKind.UPLOAD, StepKind.PUBLISH})


def all_fields(definition: FlowDefinition, name: str) -> tuple[FieldChange, ...]:
    """Give all fields of a flow that is new and gets this name."""
    fields = [
        FieldChange(name="name", new=name),
        FieldChange(name="categories", new=list(definition.categories)),
    ]
    if definition.endpoint_uri is not None:
        fields.append(FieldChange(name="endpoint_uri", new=definition.endpoint_uri))
    if definition.flow_json is not None:
        fields.append(FieldChange(name="flow_json", new=definition.flow_json.path))
    return tuple(fields)


def changed_fields(
    definition: FlowDefinition, remote: RemoteFlow, accepted_name: str
) -> tuple[FieldChange, ...]:
    """Give the fields in which a flow differs from its definition."""
    fields: list[FieldChange] = []
    if remote.name != accepted_name:
        fields.append(FieldChange(name="name", old=remote.name, new=accepted_name))
    if set(definition.categories) != set(remote.categories):
        before, after = sorted(set(remote.categories)), sorted(definition.categories)
        fields.append(FieldChange(name="categories", old=[*before], new=[*after]))
    if definition.manages_endpoint and (definition.endpoint_uri or None) != (
        remote.endpoint_uri or None
    ):
        fields.append(
            FieldChange(name="endpoint_uri", old=remote.endpoint_uri, new=definition.endpoint_uri)
        )
    if definition.flow_json is not None:
        content = remote.content
        if content.state is ContentState.NONE:
            fields.append(FieldChange(name="flow_json", new=definition.flow_json.path))
        elif content.digest != definition.flow_json.digest:
            differences = flow_json_differences(content.value, definition.flow_json.value)
            fields.append(
                FieldChange(
                    name="flow_json", new=definition.flow_json.path, differences=differences
                )
            )
    return tuple(fields)


def edit_steps(
    fields: tuple[FieldChange, ...], definition: FlowDefinition, remote: RemoteFlow
) -> tuple[Step, ...]:
    """Give the steps that write changed fields."""
    names = {field.name for field in fields}
    steps: list[Step] = []
    if names - {"flow_json"}:
        new_name = next((str(field.new) for field in fields if field.name == "name"), None)
        steps.append(
            Step(
                kind=StepKind.UPDATE,
                flow_id=remote.id,
                name=new_name,
                categories=definition.categories if "categories" in names else None,
                endpoint_uri=definition.endpoint_uri if "endpoint_uri" in names else None,
                clears_endpoint="endpoint_uri" in names and definition.endpoint_uri is None,
            )
        )
    if "flow_json" in names:
        upload = Step(kind=StepKind.UPLOAD, flow_id=remote.id)
        is_unreadable = remote.content.state is ContentState.NONE
        steps.insert(0 if is_unreadable else len(steps), upload)  # it can be read once it has some
    return tuple(steps)


def edit_contract(
    definition: FlowDefinition, remote: RemoteFlow, fields: tuple[FieldChange, ...]
) -> tuple[ContractChange, ...]:
    """Give what other systems notice of the Flow JSON that is written over another."""
    is_written = any(field.name == "flow_json" for field in fields)
    if not is_written or remote.content.state is not ContentState.READ:
        return ()
    assert definition.flow_json is not None
    return contract_changes(remote.content.value, definition.flow_json.value)


def must_clear_endpoint(definition: FlowDefinition, remote: RemoteFlow) -> bool:
    """Tell whether the definition wants no endpoint and the flow has one (G-11)."""
    return (
        definition.manages_endpoint
        and definition.endpoint_uri is None
        and bool(remote.endpoint_uri)
    )


def publish_problem(
    definition: FlowDefinition, remote: RemoteFlow, fields: tuple[FieldChange, ...]
) -> tuple[str, str] | None:
    """Say why the flow would not be published, and the way out."""
    endpoint = definition.endpoint_uri if definition.manages_endpoint else remote.endpoint_uri
    problem = endpoint_problem(definition, endpoint)
    if problem is not None:
        return problem
    uploads = any(field.name == "flow_json" for field in fields)
    if remote.findings and not uploads:
        first = remote.findings[0]
        return (
            f"the platform finds {len(remote.findings)} error(s) in this very Flow JSON, the first "
            f"{first.code}: {first.message}",
            "Correct the Flow JSON; the platform publishes nothing with errors.",
        )
    return None


def endpoint_problem(definition: FlowDefinition, endpoint: str | None) -> tuple[str, str] | None:
    """Say why a flow with an endpoint must not be published without its address (G-15)."""
    wants_live = definition.state is DesiredState.PUBLISHED
    flow_json = definition.flow_json
    if wants_live and flow_json is not None and flow_json.uses_endpoint and not endpoint:
        return (
            "the Flow JSON has a data_api_version, so it uses an endpoint, but no endpoint_uri is "
            "set; a gateway would publish it with an address of its own.",
            "Add `endpoint_uri: https://…` to the definition, or remove data_api_version.",
        )
    return None


def frozen_problem(version: str, key: FlowKey) -> tuple[str, str]:
    """Say what a Flow JSON version that the platform has frozen prevents, and the way out."""
    return (
        f"the platform has frozen Flow JSON version {version}: a live flow in it stays usable, but "
        "nothing can be created, changed or published.",
        f"Run `flowsync upgrade {key} --to {LATEST}`, and look at the flow before you apply it.",
    )


def edit_warnings(
    situation: Situation,
    remote: RemoteFlow,
    fields: tuple[FieldChange, ...],
    is_live: bool,
) -> tuple[str, ...]:
    """Give what a person should know before the flow is edited."""
    found: list[str] = []
    if fields and is_live and situation.definition.state is DesiredState.DRAFT:
        found.append(
            "this edit makes the published flow a draft; its live version stays up, and can only "
            "be replaced by publishing."
        )
    if any(field.name == "flow_json" for field in fields):
        found += content_warnings(situation)
        if remote.content.state is ContentState.NONE and remote.content.note:
            found.append(f"{remote.content.note}.")
    elif remote.findings:
        found.append(f"the platform finds {len(remote.findings)} error(s) in this Flow JSON.")
    return tuple(found)


def content_warnings(situation: Situation) -> tuple[str, ...]:
    """Warn of limits of the remote that valid Flow JSON can exceed (G-03)."""
    flow_json = situation.definition.flow_json
    if flow_json is None:
        return ()
    found: list[str] = []
    depth, size = _depth(flow_json.value), len(flow_json.text.encode("utf-8", "surrogatepass"))
    if situation.max_content_depth is not None and depth > situation.max_content_depth:
        found.append(
            f"{flow_json.path} is nested {depth} levels deep; this kind of remote may refuse more "
            f"than {situation.max_content_depth} (a Form adds two)."
        )
    if situation.max_content_bytes is not None and size > situation.max_content_bytes:
        found.append(
            f"{flow_json.path} has {size:,} bytes; this kind of remote may refuse more than "
            f"{situation.max_content_bytes:,}."
        )
    return tuple(found)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0

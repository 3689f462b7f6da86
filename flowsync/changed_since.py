"""Which flows the repository asks for otherwise than it did at an earlier revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowsync.definitions import LoadedFlow
from flowsync.definitions_then import definitions_then
from flowsync.model import FlowKey, mapping_in
from flowsync.render.style import count
from flowsync.revisions import Earlier, Revision
from flowsync.workspace import Workspace

_ENV, _VAR = "${env:", "${var:"
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSince:
    """The flows that changed, the definitions that are gone since, and what cannot be known.

    `may_depend` are unchanged flows that use environment variables, whose values of then nobody
    knows.
    """

    changed: frozenset[FlowKey]
    deleted: tuple[FlowKey, ...]
    may_depend: tuple[FlowKey, ...]

    def remarks(self, revision: Revision, meant: frozenset[FlowKey] | None) -> tuple[str, ...]:
        """Say what people should know of the choice among the flows that are meant, None for all.

        That is what is gone, what cannot be known, and that nothing changed.
        """
        said = []
        if self.deleted:
            said.append(
                f"deleted since {revision.shown}, and so not chosen: {_named(self.deleted)}"
            )
        if self.may_depend and (meant is None or meant & set(self.may_depend)):
            said.append(
                f"{count(len(self.may_depend), 'unchanged flow')} with ${{env:…}}: whether a "
                f"variable held something else then is not known ({_named(self.may_depend)})"
            )
        if not (self.changed if meant is None else self.changed & meant):
            said.append(f"Nothing changed since {revision.shown}.")
        return tuple(said)


def changed_since(workspace: Workspace, earlier: Earlier, env: Mapping[str, str]) -> ChangedSince:
    """Compare what each definition asks for with what it asked for then, for one target.

    Definition, Flow JSON and the target's `vars` count, comments and layout of a definition do
    not. What can be read only now, or only then, counts as changed.
    """
    then = definitions_then(workspace, earlier, env)
    digests = {key: one.digest for key, one in then.definitions.items()}
    changed = frozenset(
        key for key, flow in workspace.flows.items() if flow.definition.digest != digests.get(key)
    )
    changed |= {key for key in digests if key in workspace.files and key not in workspace.flows}
    return ChangedSince(
        changed=changed,
        deleted=tuple(sorted(then.keys - workspace.files.keys())),
        may_depend=tuple(
            sorted(
                key
                for key, flow in workspace.flows.items()
                if key not in changed and _uses_environment(flow, workspace)
            )
        ),
    )


def _uses_environment(flow: LoadedFlow, workspace: Workspace) -> bool:
    texts = [document.text for document in flow.documents]
    if any(_ENV in text for text in texts):
        return True
    raw = mapping_in(workspace.project.targets[workspace.target.name].get("vars"))
    through = [f"{_VAR}{name}}}" for name, value in raw.items() if _ENV in str(value)]
    return any(word in text for word in through for text in texts)


def _named(keys: tuple[FlowKey, ...]) -> str:
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return ", ".join(keys[:_MOST_NAMED]) + more

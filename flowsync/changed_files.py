"""Which flows `validate --changed-since` checks: those whose findings may be others than then.

More counts than for a plan: every word of a definition, because comments aside it is what is
checked, the fixtures and scenarios beside it, and what flowsync.yaml says about the checking.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flowsync.changed_since import ChangedSince, changed_since
from flowsync.flows_folder import COMPANIONS, companion_file
from flowsync.model import FlowKey, JsonValue, mapping_in
from flowsync.revisions import Earlier, read_earlier
from flowsync.sources import OnDisk, parse_yaml
from flowsync.workspace import Workspace


class ChangedFiles:
    """The flows of a workspace that are to be checked since a revision.

    `remarks` say what people should know of the choice; `has_other_config` tells whether the text
    of flowsync.yaml is another than then. Both are there once the flows were `chosen`.
    """

    def __init__(self, word: str, env: Mapping[str, str]) -> None:
        self._word, self._env = word, env
        self.remarks: tuple[str, ...] = ()
        self.has_other_config = False

    def chosen(self, workspace: Workspace, meant: frozenset[FlowKey] | None) -> frozenset[FlowKey]:
        """Give those of the flows that are meant (None for all) which changed.

        Definitions that cannot be read count too, unless they were the same then.

        Raises `UsageFailure` where there is no such revision, `FlowsyncError` where git fails.
        """
        earlier = read_earlier(workspace.project, self._word, self._env)
        document = workspace.project.document
        now = None if document is None else document.text
        self.has_other_config = now != earlier.config
        found = changed_since(workspace, earlier, self._env)
        changed = {key for key in workspace.files if _is_other(workspace, earlier, key)}
        if self.has_other_config and _checks(now, workspace) != _checks(earlier.config, workspace):
            changed |= set(workspace.files)
        found = ChangedSince(
            changed=found.changed | changed,
            deleted=found.deleted,
            may_depend=tuple(key for key in found.may_depend if key not in changed),
        )
        self.remarks = found.remarks(earlier.revision, meant)
        return found.changed if meant is None else found.changed & meant


def _is_other(workspace: Workspace, earlier: Earlier, key: FlowKey) -> bool:
    """Tell whether a file of a flow holds another text than then."""
    flows = workspace.project.flows
    for path in workspace.paths[key]:
        then = earlier.flows / os.path.relpath(path, flows)
        if workspace.texts.get(path) != earlier.files.read(Path(then), []):
            return True
    definition = workspace.files[key]
    before = earlier.flows / os.path.relpath(definition, flows)
    return any(
        OnDisk().read(companion_file(definition, kind), [])
        != earlier.files.read(companion_file(before, kind, earlier.files), [])
        for kind in COMPANIONS
    )


def _checks(config: str | None, workspace: Workspace) -> tuple[JsonValue, ...]:
    """Give what a flowsync.yaml says about how the target's flows are checked."""
    document = None if config is None else parse_yaml(config, "flowsync.yaml", [])
    fields = {} if document is None else mapping_in(document.value)
    target = mapping_in(mapping_in(fields.get("targets")).get(workspace.target.name))
    return fields.get("ignore"), target.get("ignore"), target.get("remote")

"""What flows were to have at revisions of the repository, as the base that changes are told by.

In CI nothing is kept of earlier runs, and the revision that was applied before stands for what both
sides had. It says what was asked for, not what became of it: where the remote has what a still
earlier revision asked for, nobody changed it, but an apply did not come through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowsync.definitions_then import definitions_then
from flowsync.errors import FlowsyncError, UsageFailure
from flowsync.model import FlowDefinition, FlowKey
from flowsync.plan.origin import Agreed, Base, fields_asked_for
from flowsync.revisions import Earlier, read_before, read_earlier
from flowsync.workspace import Workspace

_MOST_REVISIONS = 20
_TODAY = "HEAD"


class EarlierRevisions:
    """What revisions of the repository asked for; read from git when it is asked, if at all.

    With a `word` the base is the revision that it names, and what is earlier than that is looked
    at; without, there is no base, and everything up to today.
    """

    def __init__(self, workspace: Workspace, word: str | None, env: Mapping[str, str]) -> None:
        """Raise `UsageFailure` where `word` names no revision, `FlowsyncError` where git fails."""
        self._workspace, self._env = workspace, env
        self._earlier = None if word is None else read_earlier(workspace.project, word, env)
        self._meant: Mapping[FlowKey, FlowDefinition] = workspace.definitions
        self.base = None if self._earlier is None else self._base_at(self._earlier)

    def _base_at(self, earlier: Earlier) -> Base:
        """Give what the flows of today were to have; one is found by its key, or by its name."""
        then = definitions_then(self._workspace, earlier, self._env)
        by_name = {one.name: one for one in then.definitions.values()}
        unread = then.keys - then.definitions.keys()
        meant: dict[FlowKey, FlowDefinition] = {}
        for key, definition in self._workspace.definitions.items():
            names = (definition.name, *definition.renamed_from)
            moved = (by_name[name] for name in names if name in by_name)
            found = then.definitions.get(key) or (None if key in unread else next(moved, None))
            if found is not None:
                meant[key] = found
        self._meant = meant
        flows = {key: Agreed() for key in unread}  # of these nothing is known
        flows |= {key: Agreed(fields=fields_asked_for(one)) for key, one in meant.items()}
        return Base(since=earlier.revision.shown, flows=flows, is_whole=True)

    def asked_before(self, keys: Iterable[FlowKey]) -> dict[FlowKey, list[dict[str, str]]]:
        """Give the digests of what flows were to have before, the latest first."""
        meant = {key: self._meant[key] for key in keys if key in self._meant}
        earlier = self._earlier or self._today()
        if not meant or earlier is None:
            return {}
        files = sorted({path for one in meant.values() for path in _files(one)})
        asked: dict[FlowKey, list[dict[str, str]]] = {key: [] for key in meant}
        project = self._workspace.project
        for before in read_before(project, earlier, files, self._env, most=_MOST_REVISIONS):
            then = definitions_then(self._workspace, before, self._env)
            for key, one in meant.items():
                if one.key in then.definitions:
                    asked[key].append(fields_asked_for(then.definitions[one.key]))
        return asked

    def _today(self) -> Earlier | None:
        """Give the latest revision; None without git, where nothing is known of earlier ones."""
        try:
            return read_earlier(self._workspace.project, _TODAY, self._env)
        except (FlowsyncError, UsageFailure):
            return None


def _files(definition: FlowDefinition) -> tuple[str, ...]:
    flow_json = definition.flow_json
    return (definition.path, *([] if flow_json is None else [flow_json.path]))

"""The flows of a preview, read from the repository as often as its files change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from flowsync.cli.options import Common, environment
from flowsync.cli.preview_files import changed_screens
from flowsync.cli.preview_saving import save_scenario
from flowsync.companions import Companions, read_companions
from flowsync.definitions import LoadedFlow
from flowsync.diagnostics import Diagnostic
from flowsync.errors import UsageFailure
from flowsync.flows_folder import select_keys
from flowsync.model import FlowKey, JsonValue
from flowsync.plan.contents import Contents
from flowsync.preview.endpoint.playing import fixtures_endpoint
from flowsync.preview.engine import Endpoint, NotPossible
from flowsync.preview.sheet import Pair
from flowsync.preview.studio import Moment, PreviewFlow
from flowsync.preview.views import Pointer
from flowsync.workspace import FilesWrong, Workspace, load_workspace, open_target


class PreviewFlows:
    """Reads the flows that a preview shows; what cannot be read now is shown as it was.

    `patterns` choose some. `endpoint` answers all of them instead of their fixtures. `remote` is
    what flows hold there, once it was read. `companions` are those of the last reading.
    """

    def __init__(self, common: Common, patterns: tuple[str, ...]) -> None:
        self.common, self.patterns = common, patterns
        self.endpoint: Endpoint | None = None
        self.remote: Mapping[FlowKey, JsonValue] | None = None
        self.companions: dict[FlowKey, Companions] = {}
        self.flows_folder: Path | None = None
        self._before: dict[FlowKey, PreviewFlow] = {}

    def load(self) -> Mapping[FlowKey, PreviewFlow]:
        """Read all flows that are chosen. Raises `UsageFailure` where none ever was."""
        opened = open_target(
            self.common.config,
            self.common.target,
            environment(),
            read_only=True,
            texts={},
            account=self.common.account,
        )
        if isinstance(opened, FilesWrong):
            return self._unreadable(opened.diagnostics)
        project, target = opened
        for secret in target.secrets:
            self.common.console.hide(secret)
        workspace = load_workspace(project, target, environment(), (), today=date.today())
        try:
            chosen = select_keys(self.patterns, workspace.files)
        except UsageFailure:
            if not self._before:
                raise
            chosen = frozenset()
        self.flows_folder = project.flows
        keys = sorted(workspace.files if chosen is None else chosen)
        self._before = {key: self._flow(key, workspace) for key in keys}
        return dict(self._before)

    def save_scenario(self, moment: Moment, name: str) -> str:
        """Add what was done to the scenarios of the flow, and say where it stands now.

        Raises `NotPossible` where there is nothing to save, or the file cannot be written.
        """
        if moment.flow is None or self.flows_folder is None:
            raise NotPossible("there is no flow to save a scenario of.")
        return save_scenario(moment, name, self.companions[moment.flow.key], self.flows_folder)

    def _unreadable(self, diagnostics: Iterable[Diagnostic]) -> Mapping[FlowKey, PreviewFlow]:
        if not self._before:
            first = next(iter(diagnostics))
            raise UsageFailure(
                f"{first.path}:{first.span.line}: {first.message} {first.fix}".rstrip()
            )
        return dict(self._before)

    def _flow(self, key: FlowKey, workspace: Workspace) -> PreviewFlow:
        problems: list[Diagnostic] = []
        companions = read_companions(workspace.files[key], workspace.project.flows, problems)
        self.companions[key] = companions
        flow = workspace.flows.get(key)
        definition = None if flow is None else flow.definition
        flow_json = None if definition is None else definition.flow_json
        paths = set(workspace.paths[key])
        found = [one for one in workspace.diagnostics if one.path in paths]
        return PreviewFlow(
            key=key,
            name=definition.name if definition else key,
            flow_json=None if flow_json is None else flow_json.value,
            flow_json_path="" if flow_json is None else flow_json.path,
            findings=(*found, *problems),
            place=_place_in(flow),
            new_endpoint=lambda: self._endpoint(companions),
            pairs=None if flow_json is None else self._pairs(key, flow_json.value),
        )

    def _pairs(self, key: FlowKey, flow_json: JsonValue) -> Callable[[], Iterable[Pair]] | None:
        if self.remote is None:
            return None
        contents = Contents(before=self.remote.get(key), after=flow_json)
        return lambda: changed_screens(contents)

    def _endpoint(self, companions: Companions) -> Endpoint | None:
        if self.endpoint is not None:
            return self.endpoint
        return None if companions.fixtures is None else fixtures_endpoint(companions.fixtures)


def _place_in(flow: LoadedFlow | None) -> Callable[[Pointer], str]:
    """Give what tells where a value of a Flow JSON stands in its file."""
    document = None if flow is None else flow.flow_json

    def place(pointer: Pointer) -> str:
        if document is None:
            return ""
        span = document.span(pointer)
        return f"{document.path}:{span.line}:{span.column}"

    return place

"""The copy of an account that plans are rehearsed on, and the options that leave checks out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from flowsync.model import JsonValue, Observed
from flowsync.workspace import Workspace

if TYPE_CHECKING:
    from flowsync.remotes.interface import Remote

no_rehearse_option = click.option(
    "--no-rehearse",
    is_flag=True,
    help="Do not try the plan on a copy of the account in memory first.",
)

no_preflight_option = click.option(
    "--no-preflight",
    is_flag=True,
    help="Do not ask Meta beforehand what would make publishing fail.",
)


def account_copies(
    workspace: Workspace, remote: Remote
) -> Callable[[Observed], AbstractContextManager[Remote]]:
    """Give what makes a copy of the account of `remote` in memory from what was observed.

    Flow JSON of the workspace was checked before and is not checked again.
    """

    @contextmanager
    def copied(observed: Observed) -> Iterator[Remote]:
        from flowsync.remotes.emulator.direct import DirectRemote
        from flowsync.remotes.emulator.platform import Platform
        from flowsync.remotes.emulator.store import Store
        from flowsync.validation.platform import upload_findings

        contents = [definition.flow_json for definition in workspace.definitions.values()]
        checked = {content.text.encode() for content in contents if content}

        def check(uploaded: bytes) -> list[dict[str, JsonValue]]:
            return [] if uploaded in checked else upload_findings(uploaded)

        store = Store(":memory:", names_are_unique=False)
        try:
            yield DirectRemote(Platform(store, check), observed, remote.capabilities)
        finally:
            store.close()

    return copied

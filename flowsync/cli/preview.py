"""`flowsync preview`."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.opening import opened_target
from flowsync.cli.options import Common, common_options, environment
from flowsync.cli.preview_files import export_flows
from flowsync.cli.preview_flows import PreviewFlows
from flowsync.cli.stopping import set_on_signals
from flowsync.cli.watching import on_changes
from flowsync.errors import FlowsyncError, UsageFailure, reason_of
from flowsync.model import FlowKey, JsonValue, RemoteFlow
from flowsync.preview.engine import Endpoint
from flowsync.preview.page.values import CHOICES, Look
from flowsync.project import CONFIG_NAME
from flowsync.render.style import clean


@click.command(
    epilog="""\b
Examples:
  flowsync preview                       all flows, in the browser
  flowsync preview booking --no-open     print the address only
  flowsync preview --export shown --png  a page of all screens, and pictures of them
  flowsync preview booking --endpoint http://127.0.0.1:3000/flow
                                         ask an endpoint in plain JSON instead of fixtures
  flowsync preview booking --endpoint http://127.0.0.1:3000/flow --encrypted
                                         by the platform's encrypted protocol"""
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_keys)
@click.option(
    "--export",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write one page of all screens instead, which loads nothing, to attach somewhere.",
)
@click.option("--png", is_flag=True, help="With --export, also a picture of each screen.")
@click.option(
    "--compare",
    is_flag=True,
    help="Read the flows of the target once, and show which screens differ from them.",
)
@click.option(
    "--theme", type=click.Choice(CHOICES["theme"]), default="light", help="Of the phone at first."
)
@click.option(
    "--platform",
    type=click.Choice(CHOICES["platform"]),
    default="android",
    help="Of the phone at first.",
)
@click.option("--width", type=click.Choice(CHOICES["width"]), default="360", help="In CSS pixels.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option("--endpoint", metavar="URL", help="An endpoint on this machine that answers flows.")
@click.option(
    "--encrypted",
    is_flag=True,
    help="Ask the endpoint by the encrypted protocol, with the key pair that is kept (made if "
    "there is none) in .flowsync/keys/.",
)
@click.option(
    "--public-key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Another public key for --encrypted.",
)
@click.option(
    "--app-secret-env",
    metavar="VARIABLE",
    help="The environment variable with the app secret that signs requests.",
)
@common_options
def command(
    common: Common,
    keys: tuple[str, ...],
    export: Path | None,
    png: bool,
    compare: bool,
    theme: str,
    platform: str,
    width: str,
    port: int,
    no_open: bool,
    endpoint: str | None,
    encrypted: bool,
    public_key: Path | None,
    app_secret_env: str | None,
) -> None:
    """Try flows in a browser, as a person with a phone would. Nothing leaves this machine.

    The page reloads when a file is saved, and keeps screen and input. Data comes from the examples
    of the data models, answers of an endpoint from KEY.fixtures.yaml or --endpoint. What is shown
    is an approximation: only a device decides. Ctrl-C ends it.
    """
    from flowsync.preview.server.acts import Desk
    from flowsync.preview.server.app import PreviewApp
    from flowsync.preview.server.serving import served
    from flowsync.preview.studio import Studio

    if endpoint is None and (encrypted or public_key or app_secret_env):
        raise click.UsageError("--encrypted, --public-key and --app-secret-env need --endpoint.")
    if not encrypted and (public_key or app_secret_env):
        raise click.UsageError("--public-key and --app-secret-env go with --encrypted.")
    if png and export is None:
        raise click.UsageError("--png needs --export DIR, where the pictures go.")
    console = common.console
    look = Look(theme=theme, platform=platform, width=width)
    flows = PreviewFlows(common, keys)
    there = flows.load()
    if not there:
        raise UsageFailure("there is no flow to show. `flowsync init` makes a first one.")
    if compare:
        flows.remote = _on_the_remote(common)
    if export is not None:
        for file in export_flows(there, export, look, with_pictures=png):
            console.show(f"{clean(file.as_posix())}\n")
        return
    if endpoint is not None:
        flows.endpoint = _endpoint(
            common, endpoint, encrypted=encrypted, public_key=public_key, secret=app_secret_env
        )
    studio = Studio(flows.load, today=date.today)
    token = secrets.token_urlsafe(24)
    app = PreviewApp(Desk(studio, flows.save_scenario, look), token=token)
    app.prepare()
    stopping = set_on_signals()
    try:
        with served(app, port, closing=studio.close) as at:
            address = f"http://127.0.0.1:{at}/{token}/"
            console.show(f"Preview on {address}\n")
            console.progress("an approximation: only a device decides. Ctrl-C ends it.")
            if not no_open:
                click.launch(address)
            config = common.config or Path(CONFIG_NAME)
            assert flows.flows_folder is not None
            on_changes(flows.flows_folder, [config], studio.reload, stopping)
    except OSError as exc:
        raise FlowsyncError(
            f"port {port} of 127.0.0.1 cannot be listened on: {reason_of(exc)}. Choose another "
            "--port."
        ) from exc
    console.progress("stopped.")


def _on_the_remote(common: Common) -> dict[FlowKey, JsonValue]:
    """Give the Flow JSON that flows have on the target's remote, by key; only reads."""
    from flowsync.cli.opening import opened_remote, opened_workspace
    from flowsync.model import ContentState
    from flowsync.observing import read_flows
    from flowsync.plan.identity import match_flows

    workspace = opened_workspace(common, (), read_only=True, in_order=False)
    with opened_remote(common, workspace.target, read_only=True) as opened:
        matches = match_flows(workspace.definitions.values(), opened.remote.list_flows())
        ids = {key: match.flow.id for key, match in matches.items() if match.flow is not None}
        parallelism = workspace.target.limits.parallelism
        read = read_flows(opened.remote, tuple(ids.values()), parallelism=parallelism)
    found: dict[FlowKey, JsonValue] = {}
    for key, flow_id in ids.items():
        flow = read[flow_id]
        if isinstance(flow, RemoteFlow) and flow.content.state is ContentState.READ:
            found[key] = flow.content.value
    return found


def _endpoint(
    common: Common, url: str, *, encrypted: bool, public_key: Path | None, secret: str | None
) -> Endpoint:
    """Give the endpoint that the options name; a key pair is made where one is needed."""
    from flowsync.preview.endpoint.plain import plain_endpoint

    if not encrypted:
        return plain_endpoint(url)
    from flowsync.preview.endpoint.encrypted import require_cryptography
    from flowsync.preview.endpoint.encrypted.endpoint import encrypted_endpoint
    from flowsync.preview.endpoint.encrypted.keys import (
        FOLDER,
        generate_key_pair,
        key_pair_in,
        public_key_from,
    )

    require_cryptography()
    if public_key is None:
        folder = opened_target(common, read_only=True)[0].state_folder / FOLDER
        pair = key_pair_in(folder)
        if pair is None:
            pair = generate_key_pair(folder)
            common.console.progress(
                f"a key pair to try endpoints with was made: give {pair.private_key.as_posix()} to "
                "yours"
            )
        public_key = pair.public_key
    return encrypted_endpoint(
        url, public_key_from(public_key), app_secret_variable=secret, env=environment()
    )

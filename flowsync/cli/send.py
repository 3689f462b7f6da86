"""`flowsync send`."""

from __future__ import annotations

import re

import click

from flowsync.cli.completing import complete_keys
from flowsync.cli.console import is_interactive
from flowsync.cli.opening import opened_remote, opened_workspace
from flowsync.cli.options import Common, common_options, format_option
from flowsync.errors import RefusedForSafety, RemoteError
from flowsync.model import ContentState, FlowStatus, RemoteFlow
from flowsync.remotes.interface import FlowMessage
from flowsync.render.style import clean
from flowsync.workflow import read_flow

_SENDABLE = {FlowStatus.PUBLISHED.value, FlowStatus.THROTTLED.value}
_LIMITS = {"header": 60, "body": 1024, "footer": 60, "button": 20}
WARNINGS = (
    "the gateway chooses the sender's number by itself, not by the account.",
    "the gateway sends flow_message_version 7.2, where Meta asks for 3: Meta may refuse.",
    "the gateway keeps the flow token, so the answer cannot be told apart from others.",
)


@click.command(
    epilog="""\b
Example:
  flowsync send booking --to +491701234567 --body "Book your visit" --button "Book"
"""
)
@click.argument("flow", metavar="KEY|ID|NAME", shell_complete=complete_keys)
@click.option("--to", required=True, metavar="NUMBER", help="Telephone number with country code.")
@click.option("--header", default="Hello", show_default=True, help="Header text, at most 60.")
@click.option("--body", required=True, help="Body text, at most 1024 characters.")
@click.option("--footer", default="Sent by flowsync", show_default=True, help="At most 60.")
@click.option("--button", required=True, help="Text of the button, at most 20 characters.")
@click.option("--screen", help="First screen; otherwise the first of the Flow JSON.")
@click.option("--draft", is_flag=True, help="Open the draft instead; Graph API only.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@common_options
def command(
    common: Common,
    flow: str,
    to: str,
    header: str,
    body: str,
    footer: str,
    button: str,
    screen: str | None,
    draft: bool,
    yes: bool,
    output: str,
) -> None:
    """Send a message that opens a published flow on a telephone. For tests by hand.

    Nothing is sent unless the flow is published, or --draft asks for its draft. Senders of real
    messages should use the API.
    """
    number = _telephone_number(to)
    texts = {"header": header, "body": body, "footer": footer, "button": button}
    for name, text in texts.items():
        if not text.strip() or len(text) > _LIMITS[name]:
            raise click.UsageError(f"--{name} must have 1 to {_LIMITS[name]} characters.")
    workspace = opened_workspace(common, (), read_only=False, in_order=False)
    console = common.console
    with opened_remote(common, workspace.target, read_only=False) as opened:
        _, found = read_flow(opened.remote, flow, workspace.definitions.values())
        _check_status(found, is_draft=draft)
        first = screen or _first_screen(found)
        if workspace.target.remote == "gateway":
            for warning in WARNINGS:
                console.note(f"{console.error_style.changed('warning:')} {warning}\n")
        _confirm(found, number, yes=yes)
        message = FlowMessage(
            to=number,
            flow_id=found.id,
            header_text=header,
            body_text=body,
            footer_text=footer,
            flow_cta=button,
            screen=first,
            is_draft=draft,
        )
        try:
            message_id = opened.remote.send_flow(message)
        except RemoteError as exc:
            if exc.outcome_unknown:
                exc.args = (f"{exc} Whether the message was sent is not known.",)
            raise
    if output == "json":
        console.show_json({"message_id": message_id, "flow_id": found.id, "to": number})
    else:
        known = f" (message {clean(message_id)})" if message_id else ""
        console.show(f'Sent "{clean(found.name)}" to {number}{known}.\n')


def _check_status(flow: RemoteFlow, *, is_draft: bool) -> None:
    if is_draft and flow.status != FlowStatus.DRAFT.value:
        raise RefusedForSafety(
            f'nothing was sent: "{flow.name}" is {flow.status} and has no draft. Leave out --draft.'
        )
    if not is_draft and flow.status not in _SENDABLE:
        raise RefusedForSafety(
            f'nothing was sent: "{flow.name}" is {flow.status}. Publish it first.'
        )


def _telephone_number(to: str) -> str:
    number = re.sub(r"[ ().-]", "", to)
    if not re.fullmatch(r"\+?[1-9]\d{6,14}", number):
        raise click.UsageError("--to must be a telephone number with country code, as +4917…")
    return number


def _first_screen(flow: RemoteFlow) -> str:
    content = flow.content.value if flow.content.state is ContentState.READ else None
    screens = content.get("screens") if isinstance(content, dict) else None
    first = screens[0] if isinstance(screens, list) and screens else None
    screen_id = first.get("id") if isinstance(first, dict) else None
    if not isinstance(screen_id, str):
        raise click.UsageError("the flow's first screen is not known; name it with --screen.")
    return screen_id


def _confirm(flow: RemoteFlow, number: str, *, yes: bool) -> None:
    if yes:
        return
    if not is_interactive():
        raise RefusedForSafety("nothing was sent: there is no terminal to ask on. Pass --yes.")
    if not click.confirm(f'Send "{clean(flow.name)}" to {number}?', err=True):
        raise RefusedForSafety("nothing was sent.")

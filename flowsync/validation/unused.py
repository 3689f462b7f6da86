"""Warnings about what a flow asks for or declares and then never uses."""

from __future__ import annotations

from flowsync.validation.components import MEDIA_PICKERS, ONLY_IN_FORM
from flowsync.validation.outline import Component, Flow, Screen
from flowsync.validation.references import Uses, find_uses
from flowsync.validation.report import Report
from flowsync.validation.wording import quoted

INPUTS = ONLY_IN_FORM | MEDIA_PICKERS | {"CalendarPicker", "ChipsSelector"}
# Read by the client itself when an endpoint answers with it: it is shown in a snack bar.
# Source: https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint
RUNTIME_FIELDS = frozenset({"error_message"})
_FAULTS_OF_NAMES = ("FS42", "FS43", "FS44")
_SELECTIONS = ("on-select-action", "on-unselect-action")


def check_unused(flow: Flow, report: Report) -> None:
    """Warn about data that nothing shows or sends, and about answers that are lost."""
    is_whole = all(screen.is_whole for screen in flow.screens)
    if not is_whole or any(found.rule.startswith(_FAULTS_OF_NAMES) for found in report.findings):
        return  # what cannot be read, or a name written wrongly, may be the use that is missing
    uses = find_uses(flow)
    for screen in flow.screens:
        _check_data(flow, screen, uses, report)
        _check_answers(screen, uses, report)


def _check_data(flow: Flow, screen: Screen, uses: Uses, report: Report) -> None:
    for name in screen.data or {}:
        is_for_client = flow.has_endpoint and name in RUNTIME_FIELDS
        if is_for_client or name == "required" or (screen.id, name) in uses.data:
            continue
        report.add(
            "FS611",
            (*screen.pointer, "data", name),
            f"screen {quoted(screen.id)} declares {quoted(name)}, which nothing shows or sends.",
            "Bind it where it is needed, or remove it here and from the payloads that fill it.",
            at_key=True,
        )


def _check_answers(screen: Screen, uses: Uses, report: Report) -> None:
    for component in screen.components:
        name = component.name
        if component.type not in INPUTS or name is None or (screen.id, name) in uses.inputs:
            continue
        if _has_effect(component):
            continue
        report.add(
            "FS612",
            (*component.pointer, "name"),
            f"what people enter in {component.label} is neither sent nor used.",
            f"Add ${{form.{name}}} to a payload, or remove the component.",
        )


def _has_effect(component: Component) -> bool:
    """Tell whether an answer matters without being sent: it acts, or agreeing is a must."""
    if component.type == "OptIn" and component.value.get("required") not in (None, False):
        return True
    options = component.value.get("data-source")
    entries = [component.value, *(options if isinstance(options, list) else ())]
    return any(isinstance(entry, dict) and key in entry for entry in entries for key in _SELECTIONS)

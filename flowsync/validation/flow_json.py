"""Checks a whole Flow JSON: the one entrance to the rules of this package."""

from __future__ import annotations

from collections.abc import Callable

from flowsync.model import JsonValue
from flowsync.validation.actions import check_actions
from flowsync.validation.bindings import check_bindings
from flowsync.validation.choices import check_choices
from flowsync.validation.data_models import check_data_models
from flowsync.validation.dates import check_dates
from flowsync.validation.document import MAX_DEPTH, check_document, is_too_deep, read_version
from flowsync.validation.expressions import check_expressions
from flowsync.validation.findings import Finding
from flowsync.validation.forms import check_forms
from flowsync.validation.images import check_images
from flowsync.validation.journeys import check_journeys
from flowsync.validation.limits import check_limits
from flowsync.validation.lists import check_lists
from flowsync.validation.media import check_media
from flowsync.validation.on_device import check_on_device
from flowsync.validation.outline import Flow, read_flow
from flowsync.validation.payloads import check_payloads
from flowsync.validation.placement import check_placement
from flowsync.validation.privacy import check_privacy
from flowsync.validation.properties import check_properties
from flowsync.validation.report import Report
from flowsync.validation.routing import check_routing
from flowsync.validation.screens import check_screens
from flowsync.validation.unused import check_unused
from flowsync.validation.versions import ACCEPTED, LATEST
from flowsync.validation.wording import type_name

_CHECKS: tuple[Callable[[Flow, Report], None], ...] = (
    check_document,
    check_screens,
    check_data_models,
    check_placement,
    check_properties,
    check_actions,
    check_lists,
    check_dates,
    check_forms,
    check_bindings,
    check_expressions,
    check_payloads,
    check_media,
    check_routing,
    check_limits,
    check_journeys,
    check_unused,
    check_privacy,
    check_images,
    check_choices,
    check_on_device,
)


def check_flow_json(value: JsonValue) -> tuple[Finding, ...]:
    """Give everything that is wrong with a Flow JSON, in the order of the checks.

    Takes any JSON value and never raises. The time is in proportion to the size of the value. A
    flow without a version that the platform accepts is not checked further, because there are no
    rules to check it by.

    Source: https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes
    """
    report = Report(ACCEPTED[LATEST])
    if not isinstance(value, dict):
        report.add(
            "FS101",
            (),
            f"a Flow JSON is an object, but this is {type_name(value)}.",
            'Write {"version": …, "screens": […]}.',
        )
        return tuple(report.findings)
    if is_too_deep(value):
        report.add(
            "FS102",
            (),
            f"values are nested deeper than {MAX_DEPTH} levels.",
            "Flatten the deepest of them.",
        )
        return tuple(report.findings)
    version = read_version(value, report)
    if version is None:
        return tuple(report.findings)
    report = Report(version)
    flow = read_flow(value, version)
    for check in _CHECKS:
        check(flow, report)
    return tuple(report.findings)

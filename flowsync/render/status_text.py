"""How flows are doing, as text and for reading by machine (schemas/status.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flowsync.diagnostics import Diagnostic
from flowsync.model import FlowKey, HealthEntity, JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import Style, clean, count
from flowsync.status.conditions import Condition
from flowsync.status.report import FlowReport, VersionState

FORMAT_VERSION = "1.0"


def render_status(
    reports: Iterable[FlowReport], found: Mapping[FlowKey, tuple[Diagnostic, ...]], style: Style
) -> str:
    """Give a line for each flow, and below it what is wrong; `found` are the platform's errors."""
    reports = tuple(reports)
    key_width = max((len(one.key) for one in reports), default=0)
    status_width = max((len(clean(one.status or "-")) for one in reports), default=0)
    lines = []
    for one in reports:
        state = _version(one.version) if one.details else clean(one.reason)
        line = f"{clean(one.key).ljust(key_width)}  {clean(one.status or '-').ljust(status_width)}"
        lines.append(f"{style.strong(line)}  {state}")
        lines += [f"    {more}" for more in _preview(one)]
        lines += [f"    {more}" for more in _wrong(one, found.get(one.key, ()), style)]
    ill = sum(bool(one.ill or one.has_new_errors) for one in reports)
    lines.append(style.quiet(f"{count(len(reports), 'flow')}, {ill} with something wrong."))
    return "\n".join(lines) + "\n"


def _version(version: VersionState | None) -> str:
    if version is None:
        return "no Flow JSON version"
    text = f"Flow JSON {clean(version.text)}"
    if version.state is None:
        return f"{text}: not known to this flowsync"
    if version.freezes_on is None or version.is_frozen:
        return f"{text}: {version.state.value}"
    days = count(version.days_left or 0, "day")
    return f"{text}: {version.state.value}, frozen on {version.freezes_on} (in {days})"


def _preview(report: FlowReport) -> Iterator[str]:
    """Say where the flow can be seen, where that was asked for."""
    if report.preview is not None:
        until = report.preview.expires_at
        works = f"preview until {until:%Y-%m-%d}" if until else "preview"
        yield f"{works}: {clean(report.preview.url)}"
    elif report.no_preview:
        yield f"no preview link: {clean(report.no_preview)}"


def _wrong(report: FlowReport, found: tuple[Diagnostic, ...], style: Style) -> Iterator[str]:
    for entity in report.ill:
        yield style.changed(f"{clean(entity.kind)} is {clean(entity.can_send)}")
        for error in entity.errors:
            solution = f" Way out: {clean(error.solution)}" if error.solution else ""
            yield f"  {clean(error.message)}{solution}"
    if found:
        unchanged = report.has_same_content
        in_what = "this Flow JSON, which is the repository's" if unchanged else "its Flow JSON"
        yield style.bad(f"the platform finds {count(len(found), 'error')} in {in_what}:")
        yield from (f"  {line}" for line in render_diagnostics(found, style).splitlines())


def status_to_json(
    reports: Iterable[FlowReport],
    found: Mapping[FlowKey, tuple[Diagnostic, ...]],
    conditions: Iterable[Condition],
    *,
    target: str,
    account: str,
    doubts: Iterable[str],
    with_previews: bool = False,
) -> dict[str, JsonValue]:
    """Give how flows are doing, and which of the conditions each of them meets.

    Without `with_previews` nothing is said of preview links.
    """
    conditions = tuple(conditions)
    return {
        "format_version": FORMAT_VERSION,
        "target": target,
        "account": account,
        "doubts": list(doubts),
        "flows": [
            {
                "key": one.key,
                "id": one.flow.id if one.flow else None,
                "name": one.flow.name if one.flow else None,
                "status": one.status,
                "reason": one.reason,
                "version": _version_to_json(one.version),
                "health": [_entity(e) for e in (one.details.entities if one.details else ())],
                "has_same_content": one.has_same_content,
                "findings": diagnostics_to_json(found.get(one.key, ())),
                "fails_on": [each.text for each in conditions if each.holds(one)],
                **({"preview": _preview_to_json(one)} if with_previews else {}),
            }
            for one in reports
        ],
    }


def _version_to_json(version: VersionState | None) -> JsonValue:
    if version is None:
        return None
    return {
        "version": version.text,
        "state": version.state.value if version.state else "unknown",
        "freezes_on": version.freezes_on.isoformat() if version.freezes_on else None,
        "days_left": version.days_left,
    }


def _preview_to_json(report: FlowReport) -> JsonValue:
    preview = report.preview
    until = preview.expires_at if preview else None
    return {
        "url": preview.url if preview else None,
        "expires_at": until.isoformat() if until else None,
        "reason": report.no_preview,
    }


def _entity(entity: HealthEntity) -> JsonValue:
    return {
        "entity": entity.kind,
        "can_send": entity.can_send,
        "errors": [
            {"message": error.message, "solution": error.solution} for error in entity.errors
        ],
    }

"""What a desk shows, drawn: the whole page, or its parts for a page that is open."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from markupsafe import Markup

from flowsync.diagnostics import Severity
from flowsync.model import JsonValue
from flowsync.preview.endpoint.fixtures import Fault
from flowsync.preview.engine import DataSet, LogEntry, NotPossible, Session
from flowsync.preview.export import draw_sides
from flowsync.preview.page import drawing
from flowsync.preview.page.elements import Numbers
from flowsync.preview.page.values import Finding, Inspected, Listed, Look, Told
from flowsync.preview.server.acts import Shown
from flowsync.preview.sheet import screens_of
from flowsync.preview.studio import NO_FAULT, OPENINGS, Moment, PreviewFlow
from flowsync.preview.views import ScreenView, pointer_text
from flowsync.render.graph_svg import render_svg
from flowsync.screen_graph import read_graph

_FAULTS = (NO_FAULT, *(fault.value for fault in Fault))
_EMPTY = ScreenView(pointer=(), id="", title="", elements=())


def page_of(shown: Shown) -> str:
    """Give the whole page."""
    return drawing.draw_page(_parts(shown), version=shown.version)


def state_of(shown: Shown) -> dict[str, str]:
    """Give the parts of the page by name."""
    return {**{name: str(part) for name, part in _parts(shown).items()}, "said": shown.said}


def _parts(shown: Shown) -> Mapping[str, Markup]:
    moment, look = shown.moment, shown.look
    return {
        "flows": drawing.draw_flows(_listed(moment)),
        "tools": drawing.draw_tools(
            look,
            data_set=moment.data_set.value,
            data_sets=(one.value for one in DataSet),
            fault=moment.fault,
            faults=_FAULTS,
            opening=moment.opening,
            openings=OPENINGS,
        ),
        "screen": _screen(moment, look),
        "inspector": drawing.draw_inspector(_inspected(moment)),
    }


def _listed(moment: Moment) -> Iterator[Listed]:
    for flow in moment.flows:
        errors = sum(one.severity is Severity.ERROR for one in flow.findings)
        is_chosen = moment.flow is not None and flow.key == moment.flow.key
        yield Listed(key=flow.key, name=flow.name, problems=errors, is_chosen=is_chosen)


def _screen(moment: Moment, look: Look) -> Markup:
    flow, view, session = moment.flow, moment.view or _EMPTY, moment.session
    if session is not None and session.is_over and not session.failure:
        view = _EMPTY  # a phone closes a flow that is over
    if flow is not None and look.view == "sheet":
        views = screens_of(flow.flow_json, today=_today(session), data_set=moment.data_set)
        return drawing.draw_sheet(views, look, can_open=True)
    if flow is not None and look.view == "graph":
        return _graph(flow)
    if flow is not None and look.view == "changes":
        return _changes(flow, look, _today(session))
    return drawing.draw_screen(view, look, over=_over(moment))


def _changes(flow: PreviewFlow, look: Look, today: date) -> Markup:
    if flow.pairs is None:
        return drawing.draw_remark(
            "Start `flowsync preview --compare` to see what differs from the remote."
        )
    numbers = Numbers()
    pairs = [draw_sides(one, look, today=today, numbers=numbers) for one in flow.pairs()]
    if not pairs:
        return drawing.draw_remark("No screen differs from the remote.")
    return Markup("").join(pairs)


def _graph(flow: PreviewFlow) -> Markup:
    graph = read_graph(flow.flow_json)
    ids = [one.id for one in graph.screens]
    return drawing.draw_graph(render_svg(graph, title=flow.name, with_styles=False), ids)


def _today(session: Session | None) -> date:
    return session.today if session is not None else date.today()


def _over(moment: Moment) -> str:
    if moment.flow is None:
        return "There is no flow to try."
    if moment.session is None or moment.session.failure:
        return ""
    done = moment.session.completion
    return "Completed: see the payload beside." if done is not None else "The flow was closed."


# --- beside the phone ---


def _inspected(moment: Moment) -> Inspected:
    session, flow = moment.session, moment.flow
    if session is None or flow is None:
        return Inspected()
    done = session.completion
    return Inspected(
        data=_json(session.data),
        form=_json(session.form),
        payload=_payload(session, moment.view),
        completion="" if done is None else _json(done.nfm_reply) + "\n\n" + _json(done.payload),
        summary=() if done is None else tuple((one.label, one.value) for one in done.summary),
        log=tuple(map(_told, session.log)),
        findings=tuple(
            Finding(
                place=f"{one.path}:{one.span.line}:{one.span.column}",
                severity=one.severity.value,
                message=f"{one.message} {one.fix} [{one.rule}]",
            )
            for one in flow.findings
        ),
        places=tuple(_places(moment.view)),
    )


def _places(view: ScreenView | None) -> Iterator[tuple[str, str, str]]:
    for element in view.walk() if view is not None else ():
        what = f"{element.type} {element.name or ''}".strip()
        yield pointer_text(element.pointer), what, element.place


def _payload(session: Session, view: ScreenView | None) -> str:
    """Give what the Footer would send now."""
    if view is None or view.footer is None:
        return ""
    try:
        payload = session.payload_of(view.footer.pointer)
    except NotPossible:
        return ""
    return "" if payload is None else _json(payload)


def _told(entry: LogEntry) -> Told:
    details: dict[str, JsonValue] = {}
    if entry.data:
        details["data"] = dict(entry.data)
    if entry.request is not None:
        request = entry.request
        details["request"] = {
            "action": request.action,
            "screen": request.screen,
            "data": dict(request.data),
        }
    if entry.answer is not None:
        details["answer"] = {"screen": entry.answer.screen, "data": dict(entry.answer.data)}
    if entry.status is not None:
        details["status"] = entry.status
    return Told(
        kind=entry.kind.value,
        message=entry.message,
        details=_json(details) if details else "",
        is_error=entry.is_error,
    )


def _json(value: Mapping[str, JsonValue]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)

"""Checks of the routing model, or of the routes that navigation makes where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowsync.sources import Pointer
from flowsync.validation import texts
from flowsync.validation.outline import Action, Flow
from flowsync.validation.report import Report
from flowsync.validation.versions import V7_3
from flowsync.validation.wording import listed, quoted, type_name

MAX_ROUTES = 10
AT: Pointer = ("routing_model",)
Routes = dict[str, list[str]]


def check_routing(flow: Flow, report: Report) -> None:
    """Check the routes between screens."""
    model = flow.value.get("routing_model")
    if "routing_model" not in flow.value:
        if not flow.has_endpoint:
            _check_made_routes(flow, report)
        return
    if not isinstance(model, dict):
        return
    routes = _read_routes(flow, report)
    unlisted = _check_listed(flow, routes, report)
    has_other_fault = _check_pairs(routes, report)
    if not flow.is_whole or _has_unknown(flow, routes):
        return
    if not has_other_fault:
        _check_entry(flow, routes, report, at=AT)
    _check_connected(flow, routes, unlisted, report)
    _check_navigation(flow, routes, report)
    _check_dynamic_navigation(flow, report)


def _read_routes(flow: Flow, report: Report) -> Routes:
    """Give the routes that can be read, reporting those that cannot."""
    model = flow.value["routing_model"]
    assert isinstance(model, dict)
    routes: Routes = {}
    for start, ends in model.items():
        _check_known(flow, start, (*AT, start), report, at_key=True)
        if not isinstance(ends, list):
            report.add(
                "FS241",
                (*AT, start),
                f"the routes from {quoted(start)} should be an array, but are {type_name(ends)}.",
                "Replace them with an array of screen ids.",
            )
            continue
        routes[start] = []
        for index, end in enumerate(ends):
            at = (*AT, start, index)
            if not isinstance(end, str):
                report.add(
                    "FS241",
                    at,
                    f"a route from {quoted(start)} is {type_name(end)}, not a screen id.",
                    "Replace it with the id of a screen.",
                )
                continue
            _check_known(flow, end, at, report, at_key=False)
            routes[start].append(end)
        if len(ends) > MAX_ROUTES:
            report.add(
                "FS247",
                (*AT, start),
                f"{len(ends)} routes lead from {quoted(start)}, more than {MAX_ROUTES}.",
                "Put a screen in between that splits them.",
                at_key=True,
            )
    return routes


def _check_known(flow: Flow, name: str, at: Pointer, report: Report, *, at_key: bool) -> None:
    if name in flow.by_id:
        return  # a bad id is said once, at the screen
    if not texts.is_screen_id(name, report.version):
        report.add(
            "FS242",
            at,
            f"{quoted(name)} in routing_model cannot be the id of a screen.",
            report.suggest(name, flow.by_id.keys(), "Use the id of a screen."),
            at_key=at_key,
        )
    elif flow.is_whole:
        report.add(
            "FS243",
            at,
            f"routing_model names {quoted(name)}, which is no screen of the flow.",
            report.suggest(name, flow.by_id.keys(), "Remove it, or add the screen."),
            at_key=at_key,
        )


def _has_unknown(flow: Flow, routes: Routes) -> bool:
    model = flow.value["routing_model"]
    is_read = isinstance(model, dict) and len(model) == len(routes)
    known = flow.by_id
    return not is_read or any(
        start not in known or any(end not in known for end in ends)
        for start, ends in routes.items()
    )


def _check_listed(flow: Flow, routes: Routes, report: Report) -> set[str]:
    """Report screens that are missing from the routing model and give their ids."""
    model = flow.value["routing_model"]
    assert isinstance(model, dict)
    seen = {*model, *(end for ends in routes.values() for end in ends)}
    missing = {
        screen.id: screen
        for screen in flow.screens
        if screen.has_id and screen.id not in seen and not screen.is_terminal
    }
    if _has_unknown(flow, routes):
        return set(missing)  # most likely a name written wrongly, which is said there
    for screen in missing.values():
        report.add(
            "FS244",
            (*screen.pointer, "id"),
            f"screen {quoted(screen.id)} is not in routing_model.",
            "Add it to routing_model with its routes, or remove the screen.",
        )
    return set(missing)


def _check_pairs(routes: Routes, report: Report) -> bool:
    """Report routes to the own screen and back; tell whether there were any."""
    found = False
    order = {start: index for index, start in enumerate(routes)}
    ends_of = {start: set(ends) for start, ends in routes.items()}
    for start, ends in routes.items():
        for index, end in enumerate(ends):
            if end == start:
                found = True
                report.add(
                    "FS245",
                    (*AT, start),
                    f"a route leads from {quoted(start)} to itself.",
                    "Remove it.",
                    at_key=True,
                )
            elif start in ends_of.get(end, ()) and order[end] < order[start]:
                found = True
                report.add(
                    "FS246",
                    (*AT, start, index),
                    f"routes lead from {quoted(end)} to {quoted(start)} and back.",
                    "Remove one of them; going back is always possible.",
                )
    return found


def _check_entry(flow: Flow, routes: Mapping[str, list[str]], report: Report, at: Pointer) -> None:
    reached = {end for ends in routes.values() for end in ends}
    if at == AT and report.version >= V7_3:
        reached |= {target for _, target in _navigations(flow)}
    if all(screen.id in reached for screen in flow.screens):
        report.add(
            "FS248",
            at,
            "every screen is reached from another one, so there is none to start with.",
            "Remove the routes to the first screen.",
        )


def _check_connected(
    flow: Flow, routes: Mapping[str, list[str]], ignored: set[str], report: Report
) -> None:
    neighbours: dict[str, list[str]] = {name: [] for name in flow.by_id}
    for start, ends in routes.items():
        for end in ends:
            neighbours[start].append(end)
            neighbours[end].append(start)
    first = flow.screens[0].id
    found, waiting = {first}, [first]
    while waiting:
        for name in neighbours[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    for name, screen in flow.by_id.items():
        if name not in found and name not in ignored:
            report.add(
                "FS249",
                (*screen.pointer, "id"),
                f"screen {quoted(name)} is not connected with the first screen, {quoted(first)}.",
                "Add a route that leads to it, or remove the screen.",
            )


def _navigations(flow: Flow) -> Iterator[tuple[Action, str]]:
    """Give the actions that lead to another existing screen, with its id."""
    for screen in flow.screens:
        for action in screen.actions:
            target = action.target
            if action.is_collected and target in flow.by_id and target != screen.id:
                assert target is not None
                yield action, target


def _check_navigation(flow: Flow, routes: Routes, report: Report) -> None:
    pairs = {(start, end) for start, ends in routes.items() for end in ends}
    for action, target in _navigations(flow):
        start = action.component.screen_id
        if flow.by_id[start].has("NavigationList"):
            continue
        if (start, target) not in pairs and (target, start) not in pairs:
            report.add(
                "FS250",
                (*action.pointer, "next", "name"),
                f"{action.component.label} navigates to {quoted(target)}, but routing_model has "
                "no such route.",
                f"Add {quoted(target)} to the routes of {quoted(start)}.",
            )


def _check_dynamic_navigation(flow: Flow, report: Report) -> None:
    """Report navigation to a bound target, for which no routing model can have a route."""
    for screen in flow.screens:
        for action in screen.actions:
            following = action.value.get("next")
            if action.name != "navigate" or not isinstance(following, dict):
                continue
            name = following.get("name")
            is_bound = isinstance(name, str) and texts.is_dynamic(name, report.version)
            if is_bound and following.get("type") == "screen" and action.is_collected:
                report.add(
                    "FS250",
                    (*action.pointer, "next", "name"),
                    f"{action.component.label} navigates to {name}, for which routing_model can "
                    "have no route.",
                    "Name the screen, or let the endpoint choose it with data_exchange.",
                )


def _check_made_routes(flow: Flow, report: Report) -> None:
    """Check the routes that navigation makes in a flow without a routing model."""
    if not flow.is_whole or len(flow.by_id) != len(flow.screens):
        return
    routes: Routes = {screen.id: [] for screen in flow.screens}
    for action, target in _navigations(flow):
        routes[action.component.screen_id].append(target)
    for start, ends in routes.items():
        if len(set(ends)) > MAX_ROUTES:
            names = dict.fromkeys(ends)
            report.add(
                "FS247",
                (*flow.by_id[start].pointer, "id"),
                f"screen {quoted(start)} leads to {len(names)} screens, more than {MAX_ROUTES}: "
                f"{listed(names, len(names))}.",
                "Put a screen in between that splits them.",
            )
    has_links = any(screen.has("NavigationList") for screen in flow.screens)
    is_readable = all(screen.is_whole for screen in flow.screens) and _all_targets_known(flow)
    if has_links or not is_readable:
        return
    _check_entry(flow, routes, report, at=("screens",))
    _check_connected(flow, routes, set(), report)


def _all_targets_known(flow: Flow) -> bool:
    return all(
        _is_settled(flow, action)
        for screen in flow.screens
        for action in screen.actions
        if action.name == "navigate"
    )


def _is_settled(flow: Flow, action: Action) -> bool:
    """Tell whether a navigation has a target that exists, or on purpose none that is fixed."""
    following = action.value.get("next")
    if not isinstance(following, dict) or not isinstance(following.get("name"), str):
        return False
    return action.target is None or action.target in flow.by_id

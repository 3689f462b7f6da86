"""Warnings about ways through a flow that the platform takes and that go wrong on the phone.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson (routing model)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flowsync.sources import Pointer
from flowsync.validation.outline import Action, Flow, Screen
from flowsync.validation.report import Report
from flowsync.validation.wording import quoted

Steps = Mapping[str, Mapping[str, Pointer]]
"""From a screen to each screen after it, with the place that says so."""
Graph = Mapping[str, Collection[str]]

# A person who opens a page from one of these goes back afterwards, so that it needs no way on.
_ASIDES = frozenset({"EmbeddedLink", "OptIn"})
# What the platform finds wrong with routes; as long as it does, they are not worth following.
_FAULTS_OF_ROUTES = frozenset(f"FS{number}" for number in range(241, 250))
_MAX_NAMED = 6


def check_journeys(flow: Flow, report: Report) -> None:
    """Warn about circles, dead ends and routes that only some checks of the platform see."""
    if not _can_be_followed(flow):
        return
    _check_links(flow, report)
    if any(finding.rule in _FAULTS_OF_ROUTES for finding in report.findings):
        return
    steps = _steps(flow)
    _check_circles(flow, steps, report)
    if not _check_endings(flow, steps, report):
        _check_openings(flow, steps, report)


def _can_be_followed(flow: Flow) -> bool:
    is_read = flow.is_whole and len(flow.by_id) == len(flow.screens)
    return is_read and all(screen.is_whole for screen in flow.screens)


def _navigations(flow: Flow) -> list[tuple[Action, str]]:
    return [
        (action, action.target)
        for screen in flow.screens
        for action in screen.actions
        if action.target is not None and action.target in flow.by_id
    ]


def _steps(flow: Flow) -> Steps:
    """Give the steps of the routing model, and of the navigation where it has none."""
    steps: dict[str, dict[str, Pointer]] = {name: {} for name in flow.by_id}
    model = flow.value.get("routing_model")
    for start, ends in model.items() if isinstance(model, dict) else ():
        for index, end in enumerate(ends if isinstance(ends, list) else ()):
            if isinstance(end, str) and start in steps and end in steps and end != start:
                steps[start].setdefault(end, ("routing_model", start, index))
    for action, target in _navigations(flow):
        start = action.component.screen_id
        is_back = "routing_model" in flow.value and start in steps[target]
        if start != target and not is_back:
            steps[start].setdefault(target, (*action.pointer, "next", "name"))
    return steps


# --- circles ---


def _check_circles(flow: Flow, steps: Steps, report: Report) -> None:
    one_way = {
        start: [end for end in ends if start not in steps[end]] for start, ends in steps.items()
    }
    for circle in _circles(one_way):
        start, end = circle[-1], circle[0]
        report.add(
            "FS601",
            steps[start][end],
            f"the routes lead in a circle, {_shown([*circle, end])}; the phone only takes routes "
            "that go forward.",
            f"Remove the route from {quoted(start)} to {quoted(end)}; going back is always "
            "possible.",
        )


def _shown(names: list[str]) -> str:
    if len(names) <= _MAX_NAMED:
        return " → ".join(quoted(name) for name in names)
    first = " → ".join(quoted(name) for name in names[: _MAX_NAMED - 2])
    return f"{first} → … → {quoted(names[-2])} → {quoted(names[-1])}"


def _circles(graph: Graph) -> Iterator[list[str]]:
    """Give circles that share no screen, each in its order, as a walk from the first screen on.

    Of circles that touch each other only one is given: when it is opened, the others show.
    """
    seen: set[str] = set()
    told: set[str] = set()
    for root in graph:
        path = {} if root in seen else {root: iter(graph[root])}
        while path:
            name, ends = next(reversed(path.items()))
            seen.add(name)
            end = next(ends, None)
            if end is None:
                path.popitem()
            elif end not in seen:
                path[end] = iter(graph[end])
            elif end in path and not told & {name, end}:
                circle = _walk_back(path, end, told)
                is_new = told.isdisjoint(circle)
                told.update(circle)
                if is_new:
                    yield circle[::-1]


def _walk_back(path: Collection[str], end: str, told: set[str]) -> list[str]:
    """Give the last screens of a path, backwards until `end` or one that was told of."""
    found: list[str] = []
    for name in reversed(path):  # type: ignore[call-overload]
        found.append(name)
        if name == end or name in told:
            break
    return found


# --- endings and openings ---


def _check_endings(flow: Flow, steps: Steps, report: Report) -> bool:
    """Warn about screens that lead to no ending, once for each end of a way; tell whether any."""
    terminal = [screen.id for screen in flow.screens if _ends(screen)]
    if not terminal or any(_goes_anywhere(screen.actions) for screen in flow.screens):
        return False
    before = _turned(steps)
    ending = _reached(before, terminal)
    lost = [name for name in flow.by_id if name not in ending]
    asides = _asides(flow, steps)
    ends = [name for name in lost if not steps[name] and name not in asides]
    looping = set(lost) - _reached(before, [name for name in lost if not steps[name]])
    found = [*ends, *[name for name in lost if name in looping][:1]]
    for name in found:
        report.add(
            "FS602",
            (*flow.by_id[name].pointer, "id"),
            f"from screen {quoted(name)} no terminal screen can be reached.",
            'Lead on to a screen with "terminal": true, or make this one terminal.',
        )
    return bool(found)


def _ends(screen: Screen) -> bool:
    """Tell whether the flow can end on a screen; that only terminal ones may is another rule."""
    return screen.is_terminal or any(action.name == "complete" for action in screen.actions)


def _goes_anywhere(actions: tuple[Action, ...]) -> bool:
    """Tell whether an action navigates to a screen that is only known at run time."""
    return any(action.name == "navigate" and action.target is None for action in actions)


def _asides(flow: Flow, steps: Steps) -> set[str]:
    """Give the screens that only links and opt-ins open, such as terms of use."""
    linked: dict[str, set[str]] = {}
    for action, target in _navigations(flow):
        kind = action.component.type
        linked.setdefault(target, set()).add(kind)
    return {name for name, kinds in linked.items() if kinds <= _ASIDES and not steps[name]}


def _turned(steps: Steps) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {name: [] for name in steps}
    for start, ends in steps.items():
        for end in ends:
            turned[end].append(start)
    return turned


def _reached(graph: Graph, starts: list[str]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for name in graph[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _check_openings(flow: Flow, steps: Steps, report: Report) -> None:
    """Warn about screens of a flow without an endpoint that nothing leads to."""
    if flow.has_endpoint or any(_goes_anywhere(screen.actions) for screen in flow.screens):
        return  # an endpoint, or a value at run time, chooses the screen
    first = flow.screens[0].id
    for name, starts in _turned(steps).items():
        if not starts and name != first:
            report.add(
                "FS603",
                (*flow.by_id[name].pointer, "id"),
                f"no screen leads to {quoted(name)}; it is seen only by those whose message opens "
                "the flow there.",
                "Navigate to it, or remove it. Put the screen that messages open at the top.",
            )


# --- links ---


def _check_links(flow: Flow, report: Report) -> None:
    """Warn about navigation from screens with a NavigationList, which the platform leaves out."""
    model = flow.value.get("routing_model")
    if not isinstance(model, dict):
        return
    for action, target in _navigations(flow):
        start = action.component.screen_id
        routes = model.get(start)
        is_routed = target == start or (isinstance(routes, list) and target in routes)
        if not is_routed and flow.by_id[start].has("NavigationList"):
            report.add(
                "FS604",
                (*action.pointer, "next", "name"),
                f"{action.component.label} navigates to {quoted(target)}, but routing_model has "
                "no such route. The platform does not look, and the phone refuses the step.",
                f"Add {quoted(target)} to the routes of {quoted(start)}.",
            )

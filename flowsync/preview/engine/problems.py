"""Why a phone would not draw a component as it is now, or would draw it otherwise.

The checks are those of `validate`, made here on what bindings give at the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flowsync.model import JsonValue
from flowsync.sources import Pointer
from flowsync.validation.actions import check_levels
from flowsync.validation.choices import check_choices
from flowsync.validation.images import check_images
from flowsync.validation.limits import check_limits
from flowsync.validation.lists import check_lists
from flowsync.validation.on_device import check_on_device
from flowsync.validation.outline import Component, Flow, Screen, actions_of
from flowsync.validation.report import Report

_CHECKS = (check_limits, check_lists, check_choices, check_images, check_on_device)
# Images and colours mixed, wrong links and images, actions at two levels, counts, ids: the phone
# draws nothing then.
_HARD = frozenset(
    {
        "FS332",
        "FS340",
        "FS341",
        "FS342",
        "FS343",
        "FS344",
        "FS416",
        "FS503",
        "FS504",
        "FS633",
        "FS651",
    }
)
_OTHERWISE = frozenset(
    {
        "FS501",
        "FS505",
        "FS631",
        "FS632",
        "FS641",
        "FS643",
        "FS644",
        "FS653",
        "FS654",
        "FS655",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingProblem:
    """What is wrong with one component, as a sentence and how to mend it.

    `is_hard` when the phone draws nothing in its place.
    """

    message: str
    is_hard: bool


def drawing_problems(
    flow: Flow, screen: Screen, shown: Iterable[tuple[Component, Mapping[str, JsonValue]]]
) -> dict[Pointer, DrawingProblem]:
    """Give what is wrong with components, each given with what it shows, by their places.

    Of several problems with a component a hard one is given first.
    """
    components = tuple(replace(one, value=dict(values)) for one, values in shown)
    actions = tuple(action for one in components for action in actions_of(one))
    now = replace(screen, components=components, actions=actions)
    report = Report(flow.version)
    part = replace(flow, screens=(now,), by_id={now.id: now})
    check_levels(now, report)
    for check in _CHECKS:
        check(part, report)
    found = {one.pointer: problem for one in components if (problem := _empty_list(one))}
    for is_hard, rules in ((True, _HARD), (False, _OTHERWISE)):
        for finding in report.findings:
            at = _owner(finding.pointer, components)
            if finding.rule in rules and at is not None:
                problem = DrawingProblem(
                    message=f"{finding.message} {finding.fix}", is_hard=is_hard
                )
                found.setdefault(at, problem)
    return found


def _owner(at: Pointer, components: tuple[Component, ...]) -> Pointer | None:
    owners = [one.pointer for one in components if at[: len(one.pointer)] == one.pointer]
    return max(owners, key=len, default=None)


def _empty_list(component: Component) -> DrawingProblem | None:
    for key in ("data-source", "list-items", "images"):
        entries = component.value.get(key)
        if key in component.value and (not isinstance(entries, list) or not entries):
            return DrawingProblem(
                message=f"{component.label} has no entries. Give its {key} at least one.",
                is_hard=True,
            )
    return None

"""From a screen at one moment to the elements that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flowsync.expressions.tree import Problem
from flowsync.expressions.values import text_of
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.preview.engine import inputs
from flowsync.preview.engine.acceptance import is_required, problem_with
from flowsync.preview.engine.moment import Moment
from flowsync.preview.engine.problems import DrawingProblem, drawing_problems
from flowsync.preview.engine.resolving import shown_properties
from flowsync.preview.views import ElementView
from flowsync.sources import Pointer
from flowsync.validation.components import COMPONENTS
from flowsync.validation.outline import Component, Screen
from flowsync.validation.wording import quoted, shown_value

_UNREADABLE = "{what} {message}. {fix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A component that a screen shows, with its properties and what is wrong with its value.

    `complaint` is why a phone does not take what the input holds, whether or not it says so yet.
    """

    component: Component
    properties: Mapping[str, JsonValue]
    value: JsonValue = None
    complaint: str | None = None
    problem: str | None = None

    @property
    def is_enabled(self) -> bool:
        """Tell whether people can use it."""
        return self.properties.get("enabled") is not False


def shown_components(moment: Moment, screen: Screen) -> tuple[Shown, ...]:
    """Give all components that a screen shows, in reading order; of If and Switch what they choose.

    An If or a Switch that cannot be read is among them, with its problem.
    """
    return tuple(_shown(moment, screen, screen.children))


def _shown(moment: Moment, screen: Screen, components: tuple[Component, ...]) -> Iterator[Shown]:
    for component in components:
        if component.type in ("If", "Switch"):
            chosen = _chosen(moment, screen, component)
            if isinstance(chosen, str):
                yield Shown(component=component, properties={}, problem=chosen)
            else:
                yield from _shown(moment, screen, chosen)
            continue
        properties = shown_properties(moment, screen, component)
        if properties.get("visible") is False:
            continue
        yield _with_value(moment, screen, component, properties)
        if component.type == "Form":
            yield from _shown(moment, screen, _branch(component, 0))


def _with_value(
    moment: Moment, screen: Screen, component: Component, properties: Mapping[str, JsonValue]
) -> Shown:
    if component.type not in COMPONENTS:
        what = quoted(component.type) if component.type else "without a type"
        problem = f"A component {what} is none that a phone can draw. Use one of the documented."
        return Shown(component=component, properties=properties, problem=problem)
    if not inputs.is_input(component):
        return Shown(component=component, properties=properties)
    value = moment.input_value(screen, component)
    return Shown(
        component=component,
        properties=properties,
        value=value,
        complaint=problem_with(component.type, properties, value, moment.flow.version),
        problem=_misfit_at_start(moment, screen, component),
    )


def _misfit_at_start(moment: Moment, screen: Screen, component: Component) -> str | None:
    """Say that an input cannot start with what the flow gives it."""
    given = moment.initial_value(screen, component)
    version = moment.flow.version
    if given in (None, "") or inputs.initial(component, given, version) not in (None, False):
        return None
    if given is False and component.type == "OptIn":
        return None
    wanted = inputs.takes(component, given)
    return (
        f"{component.label} starts with {shown_value(given)}, but takes {wanted}. Change its "
        "initial value."
    )


def _branch(component: Component, index: int) -> tuple[Component, ...]:
    return component.branches[index] if index < len(component.branches) else ()


def _chosen(moment: Moment, screen: Screen, component: Component) -> tuple[Component, ...] | str:
    """Give the components that an If or a Switch shows now, or why that cannot be told."""
    if component.type == "If":
        found = moment.holds(screen, component.value.get("condition"))
        if isinstance(found, Problem):
            where = f"condition of {component.label}"
            return _UNREADABLE.format(what=where, message=found.message, fix=found.fix)
        keys = [key for key in ("then", "else") if key in component.value]
        key = "then" if found else "else"
        return _branch(component, keys.index(key)) if key in keys else ()
    given = component.value.get("value")
    value = text_of(moment.resolved(screen, given))
    names = list(mapping_in(component.value.get("cases")))
    name = value if value in names else "default"
    return _branch(component, names.index(name)) if name in names else ()


def elements(
    moment: Moment, screen: Screen, shown: tuple[Shown, ...]
) -> tuple[tuple[ElementView, ...], ElementView | None]:
    """Give the elements of a screen, children in their Form, and its Footer apart."""
    checked = [
        (replace(one.component, in_form=False), _for_checks(one))
        for one in shown
        if one.component.type in COMPONENTS and one.component.type not in ("If", "Switch")
    ]
    problems = drawing_problems(moment.flow, screen, checked)
    can_send = all(one.complaint is None for one in shown if one.is_enabled)
    footer = None
    views: dict[Pointer, ElementView] = {}
    order: list[tuple[Pointer, Pointer | None]] = []
    form: Pointer | None = None
    for one in shown:
        at = one.component.pointer
        view = _element(moment, screen, one, problems.get(at))
        if view.type == "Footer":
            footer = footer or replace(view, is_enabled=view.is_enabled and can_send)
            continue
        is_inside = form is not None and at[: len(form)] == form
        order.append((at, form if is_inside else None))
        views[at] = view
        if view.type == "Form" and not is_inside:
            form = at
    found = tuple(
        replace(views[at], children=tuple(views[child] for child, parent in order if parent == at))
        for at, parent in order
        if parent is None
    )
    return found, footer


def _for_checks(one: Shown) -> Mapping[str, JsonValue]:
    has_value = one.value is not None and inputs.is_input(one.component)
    return {**one.properties, "init-value": one.value} if has_value else one.properties


def _element(
    moment: Moment, screen: Screen, one: Shown, problem: DrawingProblem | None
) -> ElementView:
    component = one.component
    return ElementView(
        pointer=component.pointer,
        type=component.type,
        name=component.name,
        properties=one.properties,
        is_enabled=one.is_enabled,
        is_required=inputs.is_input(component) and is_required(component.type, one.properties),
        value=one.value,
        error=_error(moment, screen, one),
        problem=one.problem or (problem.message if problem is not None else None),
        is_drawn=one.problem is None and not (problem is not None and problem.is_hard),
    )


def _error(moment: Moment, screen: Screen, one: Shown) -> str | None:
    """Give the flow's own error message at once, ours once the input was left or sending tried."""
    if not inputs.is_input(one.component):
        return None
    given = moment.error_message(screen, one.component)
    texts = list(given.values()) if isinstance(given, dict) else [given]
    bound = " ".join(text for text in map(text_in, texts) if text)
    if bound:
        return bound
    visit = moment.visits[screen.id]
    has_shown = visit.is_tried or one.component.name in visit.left
    return one.complaint if has_shown and one.is_enabled else None

"""What every binding of a flow gives at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flowsync.expressions.tree import Problem, Reference
from flowsync.expressions.values import LookUp, holds, value_of
from flowsync.model import JsonValue, mapping_in
from flowsync.preview.engine import inputs
from flowsync.preview.engine.visits import Visit
from flowsync.validation.outline import Component, Flow, JsonObject, Screen
from flowsync.validation.versions import V6_0

_MAX_CHAIN = 20  # of initial values that refer to one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A flow and what is known of its screens, each by its id, at one moment.

    `in_message` is true while the message that ends the flow is made. `chain` counts the initial
    values that led here.
    """

    flow: Flow
    visits: Mapping[str, Visit] = field(default_factory=dict)
    in_message: bool = False
    chain: int = 0

    @property
    def has_expressions(self) -> bool:
        """Tell whether backticks mean an expression in the flow's version."""
        return self.flow.version >= V6_0

    def on(self, screen: Screen) -> LookUp:
        """Give what bindings on a screen refer to; None for what is not there (yet)."""
        return lambda found: self._look_up(screen, found)

    def _look_up(self, screen: Screen, found: Reference) -> JsonValue:
        source = screen if found.screen is None else self.flow.by_id.get(found.screen)
        visit = self.visits.get(source.id) if source is not None else None
        if source is None or visit is None or not found.path:
            return None
        if found.source == "form":
            component = source.named.get(found.path[0])
            if component is None or not inputs.is_input(component):
                return None
            value = self.input_value(source, component)
            version = self.flow.version
            sent = inputs.sent(component, value, version, in_message=self.in_message)
            return _within(sent, found.path[1:])
        return _within(dict(visit.data), found.path)

    def input_value(self, screen: Screen, component: Component) -> JsonValue:
        """Give what an input holds: what was filled in, else its initial value; None if nothing."""
        visit = self.visits.get(screen.id)
        name = component.name
        if visit is None or name is None:
            return None
        if name in visit.filled:
            return visit.filled[name]
        if self.chain > _MAX_CHAIN:
            return None
        value = self.initial_value(screen, component)
        return inputs.initial(component, value, self.flow.version)

    def initial_value(self, screen: Screen, component: Component) -> JsonValue:
        """Give what the flow says that an input starts with, whether or not it fits."""
        deeper = replace(self, chain=self.chain + 1)
        return deeper._given_at(screen, component, "init-value", "init-values")

    def error_message(self, screen: Screen, component: Component) -> JsonValue:
        """Give the error message that the flow gives to an input, None where there is none."""
        return self._given_at(screen, component, "error-message", "error-messages")

    def _given_at(self, screen: Screen, component: Component, own: str, of_form: str) -> JsonValue:
        """Give what a component says of itself, or its Form says of it by its name."""
        if own in component.value and not component.in_form:
            return self.resolved(screen, component.value[own])
        form = next((one for one in screen.components if _holds(one, component)), None)
        if form is None:
            return None
        given = form.value.get(of_form)
        if isinstance(given, str):
            return mapping_in(self.resolved(screen, given)).get(component.name or "")
        return self.resolved(screen, mapping_in(given).get(component.name or ""))

    def resolved(self, screen: Screen, value: JsonValue) -> JsonValue:
        """Give a value with all bindings and expressions in it replaced; absent ones are None.

        An expression that cannot be read stays as it is written.
        """
        if isinstance(value, dict):
            return {key: self.resolved(screen, one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.resolved(screen, one) for one in value]
        if not isinstance(value, str):
            return value
        found = value_of(value, self.on(screen), has_expressions=self.has_expressions)
        return value if isinstance(found, Problem) else found

    def payload(self, screen: Screen, action: JsonObject) -> dict[str, JsonValue]:
        """Give the payload of an action as it is sent; what a binding does not find is left out."""
        then = replace(self, in_message=action.get("name") == "complete")
        return mapping_in(then._payload_value(screen, mapping_in(action.get("payload"))))

    def _payload_value(self, screen: Screen, value: JsonValue) -> JsonValue:
        if not isinstance(value, dict):
            return self.resolved(screen, value)
        found = {key: self._payload_value(screen, one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is not None or value[key] is None}

    def holds(self, screen: Screen, condition: JsonValue) -> bool | Problem:
        """Tell whether the condition of an If holds, or why it cannot be read."""
        return holds(condition, self.on(screen), has_expressions=self.has_expressions)


def _within(value: JsonValue, path: tuple[str, ...]) -> JsonValue:
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _holds(form: Component, component: Component) -> bool:
    at = form.pointer
    return form.type == "Form" and component.pointer[: len(at)] == at

"""Options by which a person agrees beforehand: to being asked nothing, to steps, to gates."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from flowsync.diagnostics import nearest

F = TypeVar("F", bound=Callable[..., Any])

_STEPS = ("publish", "deprecate", "delete")
_GATES = ("max_publish", "max_deprecate", "max_delete", "max_changed_percent")


def consent_options(command: F) -> F:
    """Give a command the options --yes, --allow and --accept-gate."""
    for option in reversed(
        (
            click.option(
                "--yes", "-y", is_flag=True, help="Do not ask. Gives no consent to one-way steps."
            ),
            click.option(
                "--allow",
                callback=_read_allow,
                metavar="STEPS",
                help="Consent to one-way steps this once: publish, deprecate, delete "
                "(comma-separated).",
            ),
            click.option(
                "--accept-gate",
                multiple=True,
                callback=_read_gates,
                metavar="GATE=NUMBER",
                help="Let this plan pass a gate, up to a number, for example max_deprecate=5.",
            ),
        )
    ):
        command = option(command)
    return command


def _read_allow(ctx: click.Context, param: click.Parameter, value: str | None) -> frozenset[str]:
    steps = frozenset(part.strip() for part in (value or "").split(",") if part.strip())
    for step in sorted(steps - set(_STEPS)):
        near = nearest(step, _STEPS)
        hint = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(_STEPS)}."
        raise click.BadParameter(f'there is no one-way step "{step}". {hint}')
    return steps


def _read_gates(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, float]:
    accepted: dict[str, float] = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in _GATES:
            near = nearest(name, _GATES)
            hint = f'Did you mean "{near}"?' if near else f"Use one of {', '.join(_GATES)}."
            raise click.BadParameter(f'there is no gate "{name}". {hint}')
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", number):
            raise click.BadParameter(f"write it as {name}=NUMBER.")
        accepted[name] = float(number)
    return accepted

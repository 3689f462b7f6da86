"""The output of a fleet run, written as results come: text, one JSON document, or events."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod

from flowsync.cli.console import Console
from flowsync.cli.events import FORMAT_VERSION, JSONL, Events
from flowsync.errors import ExitCode
from flowsync.fleet.remembering import result_to_json
from flowsync.fleet.values import AccountResult, FleetSummary
from flowsync.model import JsonValue
from flowsync.render.fleet_text import render_result, render_summary


class FleetOutput(ABC):
    """Shows what becomes of accounts on stdout; `is_text` tells that people read it."""

    is_text = False

    def __init__(self, console: Console, events: Events, command: str, target: str) -> None:
        self.console, self.events = console, events
        self.command, self.target = command, target

    def begin(self) -> None:
        """Write what comes before the first account."""
        return

    @abstractmethod
    def show(self, result: AccountResult) -> None:
        """Write what became of an account."""

    def end(self, summary: FleetSummary, exit_code: ExitCode) -> None:
        """Write what comes after the last account."""
        return


class _Text(FleetOutput):
    is_text = True

    def show(self, result: AccountResult) -> None:
        self.console.show(render_result(result, self.console.style))

    def end(self, summary: FleetSummary, exit_code: ExitCode) -> None:
        style = self.console.style
        text = render_summary(summary, style, command=self.command, target=self.target)
        self.console.show(text)


class _Json(FleetOutput):
    _is_first = True

    def begin(self) -> None:
        head: dict[str, JsonValue] = {
            "format_version": FORMAT_VERSION,
            "command": self.command,
            "target": self.target,
        }
        self._write(_text(head)[:-1] + ', "accounts": [')

    def show(self, result: AccountResult) -> None:
        self._write(("\n  " if self._is_first else ",\n  ") + _text(result_to_json(result)))
        self._is_first = False

    def end(self, summary: FleetSummary, exit_code: ExitCode) -> None:
        fields: dict[str, JsonValue] = {
            "exit_code": int(exit_code),
            "total": summary.total,
            "results": _results(summary),
            "flows": dict(summary.flows),
            "why_stopped": summary.why_stopped or None,
        }
        self._write(f'\n], "summary": {_text(fields)}}}\n')

    def _write(self, text: str) -> None:
        self.console.show_ready(text, "json")


class _Jsonl(FleetOutput):
    def show(self, result: AccountResult) -> None:
        fields = result_to_json(result)
        fields["member"] = fields.pop("name")
        self.events.tell("account_finished", **fields)


FLEET_FORMATS: dict[str, type[FleetOutput]] = {"text": _Text, "json": _Json, JSONL: _Jsonl}


def summary_fields(summary: FleetSummary) -> dict[str, JsonValue]:
    """Give what the last event says of a fleet."""
    return {"accounts": _results(summary), "counts": dict(summary.flows)}


def _results(summary: FleetSummary) -> dict[str, JsonValue]:
    return {ending.value: number for ending, number in summary.counts.items() if number}


def _text(value: JsonValue) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")

"""Makes varied, valid Flow JSONs of a wanted size, the same ones for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from flowsync.model import JsonValue

Part = dict[str, JsonValue]

_TOPICS = ("visit", "delivery", "insurance", "repair", "course", "event", "order", "survey")
_SENTENCES = (
    "please choose the time that suits you best we will confirm it by message and remind you one "
    "day before bring your documents along if you have questions write to us at any time"
)
_WORDS = _SENTENCES.split()

_LAST_SCREEN = 5000  # bytes of a screen, as an estimate
_INDENT = 4  # of a screen in the list of screens


class FlowMaker:
    """Makes flows with as many screens as their wanted size in bytes needs."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def flow(self, size: int) -> str:
        """Give the text of a flow of about `size` bytes, indented as authors write it."""
        topic = self._chance.choice(_TOPICS)
        screens: list[JsonValue] = []
        carried: dict[str, str] = {}  # what the next screen receives, with an example
        written = 0
        while True:
            is_last = written > size - _LAST_SCREEN
            screen, carried = self._screen(topic, len(screens), carried, is_last=is_last)
            screens.append(screen)
            text = json.dumps(screen, indent=2)
            written += len(text) + _INDENT * text.count("\n")
            if is_last:
                flow: Part = {"version": "7.3", "screens": screens}
                return json.dumps(flow, indent=2, ensure_ascii=False) + "\n"

    def _screen(
        self, topic: str, number: int, received: dict[str, str], *, is_last: bool
    ) -> tuple[Part, dict[str, str]]:
        children: list[JsonValue] = [
            {"type": "TextHeading", "text": f"Your {topic}, step {number + 1}"},
            {"type": "TextBody", "text": self._sentence(12)},
        ]
        children += [
            {"type": "TextCaption", "text": f"`'You chose: ' ${{data.{name}}}`"}
            for name in received
        ]
        inputs: list[Part] = []
        for index in range(self._chance.randint(3, 6)):
            make = self._chance.choice(self._makers())
            inputs.append(make(f"{topic}_{number}_{index}"))
        children += inputs
        choices = [part for part in inputs if part["type"] == "Dropdown"]
        if choices:
            condition = f"${{form.{choices[0]['name']}}} == 'first'"
            shown: JsonValue = {"type": "TextBody", "text": self._sentence(8)}
            children.append({"type": "If", "condition": condition, "then": [shown]})
        answers = {str(part["name"]): "A value" for part in inputs[:3] if _is_text(part)}
        children.append(self._footer(number, inputs, received, answers, is_last=is_last))
        screen: Part = {"id": _id(number), "title": f"Step {number + 1}"}
        if is_last:
            screen |= {"terminal": True, "success": True}
        if received:
            screen["data"] = {
                name: {"type": "string", "__example__": example}
                for name, example in received.items()
            }
        screen["layout"] = {"type": "SingleColumnLayout", "children": children}
        return screen, answers

    def _footer(
        self,
        number: int,
        inputs: list[Part],
        received: dict[str, str],
        answers: dict[str, str],
        *,
        is_last: bool,
    ) -> Part:
        if is_last:
            payload: Part = {str(part["name"]): f"${{form.{part['name']}}}" for part in inputs}
            payload |= {name: f"${{data.{name}}}" for name in received}
            action: Part = {"name": "complete", "payload": payload}
            return {"type": "Footer", "label": "Send", "on-click-action": action}
        payload = {name: f"${{form.{name}}}" for name in answers}
        following: Part = {"type": "screen", "name": _id(number + 1)}
        action = {"name": "navigate", "next": following, "payload": payload}
        return {"type": "Footer", "label": "Continue", "on-click-action": action}

    def _makers(self) -> tuple[Callable[[str], Part], ...]:
        return (
            self._text_input,
            self._text_area,
            lambda name: self._choice("Dropdown", name, 12),
            lambda name: self._choice("RadioButtonsGroup", name, 4),
            lambda name: self._choice("CheckboxGroup", name, 5),
            self._date,
            self._consent,
        )

    def _text_input(self, name: str) -> Part:
        kind = self._chance.choice(("text", "email", "phone"))
        return {
            "type": "TextInput",
            "name": name,
            "label": "Your answer",
            "input-type": kind,
            "helper-text": self._sentence(5),
            "required": self._chance.random() < 0.7,
            "visible": True,
        }

    def _text_area(self, name: str) -> Part:
        return {
            "type": "TextArea",
            "name": name,
            "label": "Anything else",
            "max-length": self._chance.randint(100, 600),
            "helper-text": self._sentence(6),
        }

    def _choice(self, kind: str, name: str, most: int) -> Part:
        names = ["first", *(f"option_{index}" for index in range(self._chance.randint(1, most)))]
        options: list[JsonValue] = [
            {"id": option, "title": f"Option {index}", "description": self._sentence(6)}
            for index, option in enumerate(names)
        ]
        return {
            "type": kind,
            "name": name,
            "label": "Choose one",
            "required": True,
            "data-source": options,
        }

    def _date(self, name: str) -> Part:
        day = self._chance.randint(1, 28)
        return {
            "type": "DatePicker",
            "name": name,
            "label": "Which day",
            "min-date": "2026-01-01",
            "max-date": f"2026-12-{day:02}",
            "unavailable-dates": ["2026-05-01", "2026-10-03"],
            "helper-text": self._sentence(4),
        }

    def _consent(self, name: str) -> Part:
        action: Part = {"name": "open_url", "url": f"https://example.com/{name}"}
        return {
            "type": "OptIn",
            "name": name,
            "label": self._sentence(6),
            "required": True,
            "on-click-action": action,
        }

    def _sentence(self, words: int) -> str:
        start = self._chance.randrange(len(_WORDS) - words)
        return " ".join(_WORDS[start : start + words]).capitalize() + "."


def _is_text(part: Part) -> bool:
    return part["type"] in ("TextInput", "TextArea", "Dropdown", "RadioButtonsGroup", "DatePicker")


def _id(number: int) -> str:
    return f"STEP_{chr(ord('A') + number // 26)}{chr(ord('A') + number % 26)}"

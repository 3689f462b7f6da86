"""What works the page of a preview as a person does: a mouse, or the keyboard alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date

from playwright.sync_api import FilePayload, Locator, Page

from flowsync.model import JsonValue, mapping_in
from flowsync.preview.studio import Studio
from flowsync.preview.views import ElementView, pointer_text

_MOST_PRESSES = 150  # of one key, until something is reached


class Hand(ABC):
    """Fills in and taps what a studio shows on a page."""

    def __init__(self, page: Page, studio: Studio) -> None:
        self.page, self._studio = page, studio

    def idle(self) -> None:
        """Wait until all that was sent is answered."""
        self.page.wait_for_function("() => window.flowsyncTimings.pending === 0")

    def element(self, target: str) -> ElementView:
        """Give what shows under a name, a label, a text or a type."""
        view = self._studio.moment().view
        assert view is not None
        for one in view.walk():
            words = (one.name, one.properties.get("label"), one.properties.get("text"), one.type)
            if target in words:
                return one
        raise AssertionError(f"{view.id} shows no {target}")

    def at(self, element: ElementView) -> Locator:
        """Give the place of an element on the page."""
        place = pointer_text(element.pointer)
        return self.page.locator(f'#screen [data-element="{place}"]')

    def fill(self, target: str, value: JsonValue) -> None:
        """Fill in an input; `value` is as a scenario has it."""
        element = self.element(target)
        at = self.at(element)
        match element.type:
            case "TextInput" | "TextArea":
                self.write(at.locator("input, textarea"), str(value or ""))
            case "RadioButtonsGroup":
                self.choose(at, str(value))
            case "CheckboxGroup" | "ChipsSelector":
                assert isinstance(value, list)
                self.tick(at, [str(one) for one in value])
            case "OptIn":
                self.tick(at, ["on"] if value is True else [])
            case "Dropdown":
                self.pick(at, str(value))
            case "DatePicker" | "CalendarPicker":
                for end, day in (value if isinstance(value, dict) else {"": value}).items():
                    field = f'[data-opens][data-end="{end}"]' if end else "[data-opens]"
                    self.pick_day(at, at.locator(field).first, str(day))
                    self.idle()
            case "PhotoPicker" | "DocumentPicker":
                assert isinstance(value, list)
                self.add_files(at, [_file(one) for one in value])
        self.idle()

    @abstractmethod
    def write(self, field: Locator, text: str) -> None:
        """Replace the text of a field."""

    @abstractmethod
    def choose(self, at: Locator, value: str) -> None:
        """Choose one of a group of radio buttons."""

    @abstractmethod
    def tick(self, at: Locator, values: list[str]) -> None:
        """Tick boxes, and take the ticks of the others away."""

    @abstractmethod
    def pick(self, at: Locator, value: str) -> None:
        """Choose from a drop-down list."""

    @abstractmethod
    def pick_day(self, at: Locator, opener: Locator, day: str) -> None:
        """Choose a day, written as YYYY-MM-DD."""

    @abstractmethod
    def add_files(self, at: Locator, files: list[FilePayload]) -> None:
        """Add files to a picker."""

    @abstractmethod
    def press(self, button: Locator) -> None:
        """Press a button."""

    @abstractmethod
    def open_tab(self, name: str) -> None:
        """Show a panel of the inspector."""

    def tap(self, target: str, item: str | None) -> None:
        """Tap on an element, or on an item of it."""
        at = self.at(self.element(target))
        chosen = f'[data-item="{item}"]' if item else 'button[data-act="tap"]'
        self.press(at.locator(chosen).first)
        self.idle()

    def back(self) -> None:
        """Go back by the button in the header."""
        self.press(self.page.locator("#screen .nav"))
        self.idle()


class Mouse(Hand):
    """Presses on what it sees, and types."""

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, at: Locator, value: str) -> None:
        at.locator(f'input[value="{value}"]').check()

    def tick(self, at: Locator, values: list[str]) -> None:
        for box in _to_change(at, values):
            box.click(force=True)
            self.idle()

    def pick(self, at: Locator, value: str) -> None:
        at.locator("[data-opens]").click()
        at.locator(f'dialog [data-picks="{value}"]').click()

    def pick_day(self, at: Locator, opener: Locator, day: str) -> None:
        opener.click()
        dialog = at.locator("dialog[open]")
        year, month, _ = day.split("-")
        dialog.locator('select[aria-label="Year"]').select_option(label=year)
        name = date(2000, int(month), 1).strftime("%B")
        dialog.locator('select[aria-label="Month"]').select_option(label=name)
        dialog.locator(f'[data-day="{day}"]').click()

    def add_files(self, at: Locator, files: list[FilePayload]) -> None:
        at.locator("input[type=file]").set_input_files(files)

    def press(self, button: Locator) -> None:
        button.click()

    def open_tab(self, name: str) -> None:
        self.page.locator(f"[data-tab={name}]").click()


class Keyboard(Hand):
    """Goes by Tab and arrows, and never touches the mouse; the focus is never lost on the way."""

    def start(self) -> None:
        """Go to the phone by the link at the top of the page."""
        self._reach(self.page.locator(".skip"))
        self._key("Enter")

    def idle(self) -> None:
        super().idle()
        assert self.page.evaluate("document.activeElement !== document.body"), "the focus is lost"

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self._key("Control+A")
        self._key("Delete")
        self.page.keyboard.type(text)

    def choose(self, at: Locator, value: str) -> None:
        self._reach(at.locator("fieldset"))
        option = at.locator(f'input[value="{value}"]')
        self._until(lambda: self._is_focused(option), "ArrowDown")
        if not option.is_checked():
            self._key(" ")

    def tick(self, at: Locator, values: list[str]) -> None:
        for box in _to_change(at, values):
            self._reach(box)
            self._key(" ")
            self.idle()

    def pick(self, at: Locator, value: str) -> None:
        self._reach(at.locator("[data-opens]"))
        self._key("Enter")
        option = at.locator(f'dialog [data-picks="{value}"]')
        self._key("Home")
        self._until(lambda: self._is_focused(option), "ArrowDown")
        self._key("Enter")

    def pick_day(self, at: Locator, opener: Locator, day: str) -> None:
        self._reach(opener)
        self._key("Enter")
        wanted = date.fromisoformat(day)

        def shown() -> date:
            focused = self.page.evaluate("document.activeElement.dataset.day")
            assert focused, "no day has the focus"
            return date.fromisoformat(focused)

        def months() -> int:
            return 12 * (wanted.year - shown().year) + wanted.month - shown().month

        turn = "PageDown" if months() > 0 else "PageUp"
        self._until(lambda: abs(months()) < 12, f"Shift+{turn}")
        self._until(lambda: months() == 0, turn)
        self._until(lambda: shown() == wanted, "ArrowRight" if wanted > shown() else "ArrowLeft")
        self._key("Enter")

    def add_files(self, at: Locator, files: list[FilePayload]) -> None:
        self._reach(at.locator("input[type=file]"))
        with self.page.expect_file_chooser() as chooser:
            self._key("Enter")
        chooser.value.set_files(files)

    def press(self, button: Locator) -> None:
        self._reach(button)
        self._key("Enter")

    def open_tab(self, name: str) -> None:
        self._reach(self.page.locator("[role=tablist]"))
        tab = self.page.locator(f"[data-tab={name}]")
        self._until(lambda: self._is_focused(tab), "ArrowRight")

    def _key(self, key: str) -> None:
        self.page.keyboard.press(key)

    def _is_focused(self, at: Locator) -> bool:
        return self._way(at) == 0

    def _way(self, at: Locator) -> int:
        """Tell whether a place has the focus (0), stands before it (-1) or behind it (1)."""
        return int(
            at.evaluate(
                "one => one.contains(document.activeElement) ? 0"
                " : one.compareDocumentPosition(document.activeElement)"
                " & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1"
            )
        )

    def _reach(self, at: Locator) -> None:
        key = "Shift+Tab" if self._way(at) < 0 else "Tab"
        self._until(lambda: self._is_focused(at), key)

    def _until(self, is_there: Callable[[], bool], key: str) -> None:
        for _ in range(_MOST_PRESSES):
            if is_there():
                return
            self._key(key)
        raise AssertionError(f"{key} does not lead there")


def _to_change(at: Locator, values: list[str]) -> list[Locator]:
    """Give the boxes that are ticked and should not be, then those that are not and should."""
    boxes = [
        (box, box.is_checked(), (box.get_attribute("value") or "on") in values)
        for box in at.locator("input").all()
    ]
    gone = [box for box, is_ticked, is_wanted in boxes if is_ticked and not is_wanted]
    return gone + [box for box, is_ticked, is_wanted in boxes if is_wanted and not is_ticked]


def _file(file: JsonValue) -> FilePayload:
    name = file if isinstance(file, str) else str(mapping_in(file)["file_name"])
    kind = "image/jpeg" if name.endswith(("jpg", "jpeg")) else "application/pdf"
    return FilePayload(name=name, mimeType=kind, buffer=b"x")

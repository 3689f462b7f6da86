"""Every Flow JSON version that the platform has had, as one table, and how versions are compared.

What depends on the version follows from here: which versions are checked at all, which
`data_api_version` goes with each, what is said about one that is no longer taken. A version that
the platform freezes gets another status, or a date in `freezes_on`; nothing else is to be changed.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/versioning and
https://developers.facebook.com/docs/whatsapp/flows/changelogs
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import date

Version: TypeAlias = "tuple[int, int]"


class Status(Enum):
    """What the platform does with a version; the value is how messages speak of it."""

    ACCEPTED = "accepted"  # for upload and publishing
    FROZEN = "frozen"  # no more uploads; flows published before still work
    EXPIRED = "expired"  # cannot be sent or opened either; none is known to be so
    INTERNAL = "internal"  # never offered to everybody: closed beta, trials, what is being built


class ChangeKind(Enum):
    """What a change between versions means to the author of a flow."""

    NEW = "new"
    STRICTER = "stricter"
    BREAKING = "breaking"


class Change(NamedTuple):
    """One change that a version brought, in words for people."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowVersion:
    """One version of Flow JSON.

    `first_listed` is the day, or only the month, of its first public mention (`2024-09-16`,
    `2023-10`), None where there was none that is known. `freezes_on` is the announced day from
    which it will be frozen, None as long as none is. `data_api_versions` are the values that
    `data_api_version` may have in it, as far as they are known.
    """

    number: Version
    status: Status
    headline: str
    first_listed: str | None = None
    freezes_on: date | None = None
    data_api_versions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def text(self) -> str:
        """Give the version as it is written in a Flow JSON."""
        return as_text(self.number)


def as_text(version: Version) -> str:
    """Give a version as it is written in a Flow JSON."""
    return f"{version[0]}.{version[1]}"


def _new(text: str) -> Change:
    return Change(ChangeKind.NEW, text)


def _stricter(text: str) -> Change:
    return Change(ChangeKind.STRICTER, text)


def _breaking(text: str) -> Change:
    return Change(ChangeKind.BREAKING, text)


def _internal(number: Version, headline: str, *data_api_versions: str) -> FlowVersion:
    return FlowVersion(
        number=number,
        status=Status.INTERNAL,
        headline=headline,
        data_api_versions=data_api_versions,
    )


def _frozen(
    number: Version, first_listed: str, headline: str, changes: tuple[Change, ...] = ()
) -> FlowVersion:
    return FlowVersion(
        number=number,
        status=Status.FROZEN,
        first_listed=first_listed,
        headline=headline,
        changes=changes,
    )


def _accepted(
    number: Version,
    first_listed: str,
    headline: str,
    changes: tuple[Change, ...],
    data_api_versions: tuple[str, ...] = ("3.0",),
) -> FlowVersion:
    return FlowVersion(
        number=number,
        status=Status.ACCEPTED,
        first_listed=first_listed,
        headline=headline,
        changes=changes,
        data_api_versions=data_api_versions,
    )


VERSIONS: tuple[FlowVersion, ...] = (
    _internal((1, 0), "closed beta"),
    _internal((1, 1), "closed beta"),
    _internal((1, 10), "closed beta"),
    _internal((1, 20), "closed beta"),
    _internal((2, 0), "closed beta"),
    _frozen((2, 1), "2023-10", "the first public version"),
    _internal((2, 2), "never documented"),
    _internal((2, 99), "never documented"),
    _frozen(
        (3, 0),
        "2023-12",
        "the endpoint is set outside the Flow JSON",
        (_breaking("data_channel_uri is removed; the endpoint is set as endpoint_uri"),),
    ),
    _frozen(
        (3, 1),
        "2024-01",
        "success and failure of an ending",
        (_new("success on terminal screens"),),
    ),
    _internal((3, 2), "never documented"),
    _frozen(
        (4, 0),
        "2024-06-11",
        "conditions, media, inputs without a Form",
        (
            _new("the Form around inputs is optional; init-value and error-message outside one"),
            _new("bindings to other screens: ${screen.NAME.…}"),
            _new("If, Switch, PhotoPicker, DocumentPicker"),
            _new("description on CheckboxGroup and RadioButtonsGroup"),
            _breaking("label is required on CheckboxGroup and RadioButtonsGroup"),
        ),
    ),
    _internal((4, 1), "forerunner of 5.0, never documented"),
    _frozen(
        (5, 0),
        "2024-08-13",
        "dates as text, options with pictures",
        (
            _breaking("DatePicker takes and gives YYYY-MM-DD instead of milliseconds"),
            _new("image, color and alt-text on options, media-size on their groups"),
            _new("up to 10 files and 100 MiB in the answer of a flow, before 1 file"),
        ),
    ),
    _accepted(
        (5, 1),
        "2024-09-16",
        "RichText and markdown",
        (
            _new("RichText"),
            _new("markdown, and a list of texts, on TextBody and TextCaption"),
            _new("sensitive on screens"),
            _new("larger answers of the endpoint"),
        ),
    ),
    _internal((5, 2), "shopping layouts, never documented", "3.0", "3.1"),
    _accepted(
        (6, 0),
        "2024-11-12",
        "expressions in backticks",
        (
            _new("expressions in backticks: arithmetic, comparison, logic, joining of texts"),
            _new("the actions update_data and open_url, on-unselect-action"),
            _new("on-select-action and on-unselect-action on OptIn"),
            _breaking("texts of components may not be empty or blank"),
            _breaking("every screen needs a layout"),
            _breaking("images in lists may have 100 KB, before 300 KB"),
            _breaking("on-select-action also runs when the screen is shown (until 7.0)"),
        ),
    ),
    _accepted((6, 1), "2024-11-12", "CalendarPicker", (_new("CalendarPicker"),)),
    _accepted(
        (6, 2),
        "2024-12-10",
        "NavigationList and patterns",
        (_new("NavigationList"), _new("pattern on TextInput")),
    ),
    _accepted(
        (6, 3),
        "2025-01-14",
        "ChipsSelector",
        (_new("ChipsSelector"), _new("RichText may share its screen with a Footer")),
    ),
    _accepted(
        (7, 0),
        "2025-03-11",
        "large labels, stricter ids and Forms",
        (
            _new("label-variant on TextInput and TextArea"),
            _breaking("on-select-action no longer runs when the screen is shown"),
            _stricter("screen ids hold a letter, and only letters and underscores"),
            _stricter("a screen has at most one Form; names and types in init-values are checked"),
        ),
    ),
    _accepted(
        (7, 1),
        "2025-06-10",
        "ImageCarousel, chips with actions",
        (
            _new("ImageCarousel"),
            _new("ChipsSelector in If and Switch, with its own selection actions"),
        ),
    ),
    _accepted(
        (7, 2),
        "2025-07-08",
        "expressions in payloads are checked",
        (_stricter("types in expressions of payloads are checked"),),
    ),
    _accepted(
        (7, 3),
        "2025-09-10",
        "stricter routes and data models; Data API 4.0",
        (
            _new('data_api_version "4.0"'),
            _stricter("a payload has all fields of the next screen, and no others"),
            _stricter("every navigation is in the routing model, and one screen starts the flow"),
            _stricter("a terminal screen has a Footer that ends the flow"),
        ),
        ("3.0", "4.0"),
    ),
    _internal((7, 4), "like 7.3, not documented yet", "3.0", "4.0"),
)

_BY_TEXT: Mapping[str, FlowVersion] = {version.text: version for version in VERSIONS}
ACCEPTED: Mapping[str, Version] = {
    version.text: version.number for version in VERSIONS if version.status is Status.ACCEPTED
}
LATEST = list(ACCEPTED)[-1]

V5_1, V6_0, V6_1, V6_2, V6_3, V7_0, V7_1, V7_2, V7_3 = (
    _BY_TEXT[text].number
    for text in ("5.1", "6.0", "6.1", "6.2", "6.3", "7.0", "7.1", "7.2", "7.3")
)


def data_api_versions(version: Version) -> tuple[str, ...]:
    """Give the values of `data_api_version` that a flow of this version may have."""
    return _BY_TEXT[as_text(version)].data_api_versions


def find(text: str) -> FlowVersion | None:
    """Give the version that is written so, accepted or not; None where there never was one."""
    return _BY_TEXT.get(text)


def nearest_accepted(text: str) -> FlowVersion | None:
    """Give the accepted version that comes next after `text`, or the latest; None for no number.

    A version between two accepted ones, or before them, leads to the later one, to which a flow
    can be raised; one after all of them to the latest.
    """
    major, _, minor = text.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in (major, minor)):
        return None
    given = (int(major), int(minor))
    later = [number for number in ACCEPTED.values() if number >= given]
    return _BY_TEXT[as_text(later[0]) if later else LATEST]


def status_on(version: FlowVersion, day: date) -> Status:
    """Give the status that a version has on a day, with the freeze that is planned for it."""
    is_due = version.freezes_on is not None and day >= version.freezes_on
    return Status.FROZEN if is_due and version.status is Status.ACCEPTED else version.status

"""Files as they were at some time, in the place of those on disk, and what both can be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from flowsync.diagnostics import Diagnostic, about_file
from flowsync.sources.files import decode_text, is_file, leads_outside, read_text

_MOST_LINKS = 40  # that lead from one to another, as Linux follows


class Files(Protocol):
    """Where the files of a definition are read from."""

    def read(self, file: Path, problems: list[Diagnostic]) -> str | None:
        """Give a file's text, or None after adding to the problems."""
        ...

    def has(self, file: Path) -> bool:
        """Tell whether there is an ordinary file of that name."""
        ...

    def leads_outside(self, file: Path, folder: Path) -> bool:
        """Tell whether a file, links followed, lies outside a folder."""
        ...


def _may_be_link(file: Path) -> bool:
    try:
        return file.is_symlink()
    except OSError:  # such as a name that is too long
        return True


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The files of the disk, with texts `instead` of those of some, which need not exist.

    Where folders lead is looked at once: this is for one reading of a repository.
    """

    instead: Mapping[Path, str] = field(default_factory=dict)
    _folders: dict[Path, Path] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, file: Path, problems: list[Diagnostic]) -> str | None:
        """Give a file's text, or None after adding to the problems."""
        if file in self.instead:
            return self.instead[file]
        return read_text(file, file.as_posix(), problems)

    def has(self, file: Path) -> bool:
        """Tell whether there is an ordinary file of that name."""
        return file in self.instead or is_file(file)

    def leads_outside(self, file: Path, folder: Path) -> bool:
        """Tell whether a file, links followed, lies outside a folder."""
        if file.name in {"", ".."} or _may_be_link(file):
            return leads_outside(file, folder)
        try:
            return not (self._real(file.parent) / file.name).is_relative_to(self._real(folder))
        except (OSError, RuntimeError, ValueError):  # a loop of links, a name no system takes
            return True

    def _real(self, folder: Path) -> Path:
        if folder not in self._folders:
            self._folders[folder] = folder.resolve()
        return self._folders[folder]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Files by their names of today; nothing on disk is looked at.

    `links` are symbolic links with what they say. They are followed from file to file inside the
    snapshot only.
    """

    files: Mapping[Path, bytes]
    links: Mapping[Path, str] = field(default_factory=dict)

    @property
    def names(self) -> Iterable[Path]:
        """Give the names of all files and links."""
        return (*self.files, *self.links)

    def read(self, file: Path, problems: list[Diagnostic]) -> str | None:
        """Give a file's text, or None after adding to the problems."""
        data = self.files.get(self._followed(file))
        if data is None:
            message = "the file cannot be read: no such file or directory."
            problems.append(about_file(file.as_posix(), "FS001", message, "Check its name."))
            return None
        return decode_text(data, file.as_posix(), problems)

    def has(self, file: Path) -> bool:
        """Tell whether there is an ordinary file of that name."""
        return self._followed(file) in self.files

    def leads_outside(self, file: Path, folder: Path) -> bool:
        """Tell whether a file, links followed, lies outside a folder."""
        return not _plain(self._followed(file)).is_relative_to(_plain(folder))

    def _followed(self, file: Path) -> Path:
        for _ in range(_MOST_LINKS):
            file = Path(os.path.normpath(file))
            if file not in self.links:
                break
            file = file.parent / self.links[file]
        return file


def _plain(path: Path) -> Path:
    return Path(os.path.normpath(path))

"""The flows folder: which definitions there are, by key."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from flowsync.diagnostics import Diagnostic, about_file, nearest
from flowsync.errors import UsageFailure, reason_of
from flowsync.model import FlowKey
from flowsync.sources import Snapshot, is_file

FOLDER_DEFINITION = "flow"  # flows/support/flow.yaml has the key `support`
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_MOST_KEYS = 10  # named where a key is not found
_ENDINGS = (".yaml", ".yml", ".YAML", ".YML")  # in this order, where there are several
_SUFFIXES = frozenset({".yaml", ".yml"})
# Files beside a definition, by what they hold: flows/booking.fixtures.yaml is no definition.
COMPANIONS = ("fixtures", "scenarios")


def find_definitions(
    flows: Path, problems: list[Diagnostic], snapshot: Snapshot | None = None
) -> dict[FlowKey, Path]:
    """Give the definition files below the flows folder by key, in order of key.

    With a `snapshot` they are those of another time, of which there may be none.
    """
    if snapshot is not None:
        inside = (name for name in snapshot.names if name.is_relative_to(flows))
        return _by_key(flows, (name for name in inside if _is_meant(name, flows)), problems)
    if not _is_folder(flows):
        is_there = os.path.lexists(flows)
        problems.append(
            about_file(
                flows.as_posix(),
                "FS020",
                f"{flows.as_posix()} is no folder."
                if is_there
                else f"there is no folder {flows.as_posix()}.",
                "Run `flowsync init` to make one, or set `flows` in flowsync.yaml.",
            )
        )
        return {}
    return _by_key(flows, _yaml_files(flows, problems), problems)


def companion_kind(file: Path) -> str | None:
    """Give which of `COMPANIONS` a file is by its name, None where it is none."""
    if file.suffix.lower() not in _SUFFIXES:
        return None
    kind = Path(file.stem).suffix.lower().removeprefix(".")
    return kind if kind in COMPANIONS else None


def companion_file(definition: Path, kind: str, snapshot: Snapshot | None = None) -> Path:
    """Give where a definition's fixtures or scenarios stand, whether there are any or not.

    It is `booking.fixtures.yaml` beside `booking.yaml`, or the same with `.yml`, `.YAML` or `.YML`
    where only that is there; with a `snapshot`, at another time.
    """
    is_there = is_file if snapshot is None else snapshot.has
    files = _companion_files(definition, kind)
    return next(filter(is_there, files), files[0])


def _companion_files(definition: Path, kind: str) -> list[Path]:
    return [definition.with_name(f"{definition.stem}.{kind}{end}") for end in _ENDINGS]


def _is_meant(file: Path, flows: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(flows).parts)
    return file.suffix.lower() in _SUFFIXES and not hidden


def _by_key(flows: Path, files: Iterable[Path], problems: list[Diagnostic]) -> dict[FlowKey, Path]:
    found: dict[FlowKey, Path] = {}
    by_folded: dict[str, Path] = {}
    companions: list[Path] = []
    for file in sorted(files):
        if companion_kind(file) is not None:
            companions.append(file)
            continue
        inside = file.relative_to(flows)
        stem = inside.with_suffix("")
        is_folder = stem.name == FOLDER_DEFINITION and len(stem.parts) > 1
        key = FlowKey((stem.parent if is_folder else stem).as_posix())
        shown = file.as_posix()
        if not _KEY.fullmatch(key):
            message = f'the key "{key}" that follows from the file name is not usable.'
            fix = "Use letters, digits, dots, hyphens and underscores in file and folder names."
            problems.append(about_file(shown, "FS020", message, fix))
        elif key.casefold() in by_folded:
            other = by_folded[key.casefold()].as_posix()
            message = f'the key "{key}" is taken by {other} (letter case does not count).'
            problems.append(about_file(shown, "FS020", message, "Keep one of the two files."))
        else:
            found[key] = file
            by_folded[key.casefold()] = file
    _check_companions(companions, set(found.values()), problems)
    return dict(sorted(found.items()))


def _check_companions(
    files: Iterable[Path], definitions: set[Path], problems: list[Diagnostic]
) -> None:
    """Refuse what is no definition by its name and stands beside none, or is not read for it.

    It may have been meant as one, whose flow would seem to be no longer asked for.
    """
    there = tuple(files)
    owners = {definition.with_suffix(""): definition for definition in definitions}
    for file in there:
        kind = companion_kind(file) or ""
        owner = owners.get(file.with_name(Path(file.stem).stem))
        if owner is None:
            named = f"{Path(file.stem).stem}{_ENDINGS[0]}"
            message = f"by its name it holds {kind} of {named}, which is not there."
            fix = f"Name it after its definition; a definition's own name cannot end in .{kind}."
            problems.append(about_file(file.as_posix(), "FS020", message, fix))
            continue
        readable = _companion_files(owner, kind)
        read = next((one for one in readable if one in there), readable[0])
        if read != file:
            message = f"it is never read: the {kind} of {owner.name} are those of {read.name}."
            fix = f"Name it {read.name}." if read not in there else "Keep one of the two files."
            problems.append(about_file(file.as_posix(), "FS020", message, fix))


def _is_folder(path: Path) -> bool:
    """Tell whether there is a folder of that name, which may be one no system takes."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _yaml_files(folder: Path, problems: list[Diagnostic]) -> Iterable[Path]:
    """Give the YAML files below a folder; what cannot be searched is a problem, never skipped."""

    def refuse(exc: OSError) -> None:
        shown = Path(exc.filename).as_posix()
        message = f"the folder cannot be searched: {reason_of(exc)}."
        problems.append(
            about_file(shown, "FS020", message, "Correct its rights; its flows would be missed.")
        )

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(parent) / name).is_symlink():
                shown = (Path(parent) / name).as_posix()
                message = "the folder is a link, and links are not followed."
                problems.append(about_file(shown, "FS020", message, "Put the folder itself here."))
        for name in files:
            if Path(name).suffix.lower() in _SUFFIXES and not name.startswith("."):
                yield Path(parent) / name


def select_keys(
    patterns: Iterable[str], files: Mapping[FlowKey, Path]
) -> frozenset[FlowKey] | None:
    """Give the keys that are chosen by key or glob, None where nothing is chosen.

    Raises `UsageFailure` for a pattern that chooses nothing.
    """
    found: set[FlowKey] = set()
    patterns = tuple(patterns)
    for pattern in patterns:
        keys = {key for key in files if fnmatchcase(key, pattern)}
        if not keys:
            raise UsageFailure(_explain_missing(pattern, files))
        found |= keys
    return frozenset(found) if patterns else None


def _explain_missing(pattern: str, files: Mapping[FlowKey, Path]) -> str:
    """Say that a pattern chooses nothing, and what was most likely meant."""
    if os.path.isdir(pattern):  # noqa: PTH112  # False for a name that no system takes
        way = "Leave it out to mean all flows, or choose some by key or glob."
        return f'"{pattern}" is a folder, not the key of a flow. {way}'
    meant = [key for key, file in files.items() if _names_file(pattern, file)]
    near = meant[0] if meant else nearest(pattern, files)
    if near:
        hint = f'Did you mean "{near}"?'
    elif files:
        more = f" and {len(files) - _MOST_KEYS} more" if len(files) > _MOST_KEYS else ""
        hint = f"There are: {', '.join(list(files)[:_MOST_KEYS])}{more}."
    else:
        hint = "There are no flows yet; `flowsync init` makes a first one."
    return f'no flow has the key "{pattern}". {hint}'


def _names_file(word: str, file: Path) -> bool:
    """Tell whether a word is the path of a definition, or of the Flow JSON beside it."""
    return Path(word) in {file, file.with_suffix(".json")}

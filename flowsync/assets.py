"""Files shipped with flowsync, found in a wheel and in a checkout alike: schemas, templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SCHEMA_NAMES = ("flow", "flowsync", "validation", "plan", "outcome")

_PACKAGE = Path(__file__).parent
_FOLDERS = (_PACKAGE / "_schemas", _PACKAGE.parent / "schemas")


def schema_text(name: str) -> str:
    """Give the text of the schema `name`, one of `SCHEMA_NAMES`."""
    for folder in _FOLDERS:
        file = folder / f"{name}.schema.json"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise FileNotFoundError(f"the schema {name} is missing from this installation of flowsync")


def template_files() -> Iterator[tuple[str, str]]:
    """Give the files of a new repository: the name below its root, and the text."""
    folder = _PACKAGE / "templates"
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            name = file.relative_to(folder).as_posix()
            yield (".gitignore" if name == "gitignore" else name), file.read_text("utf-8")

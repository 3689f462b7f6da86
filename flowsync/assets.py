"""Shipped files, found in a wheel and in a checkout alike: schemas, tested examples, templates.

The action that `init --ci github` writes is the one that this repository uses itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from flowsync import __version__

CI_SERVICES = ("github", "gitlab")

# Of the files that flowsync reads and writes.
SCHEMA_NAMES = (
    "flow",
    "flowsync",
    "accounts",
    "fixtures",
    "scenarios",
    "validation",
    "plan",
    "why",
    "outcome",
    "failure",
    "events",
    "fleet",
    "backup",
    "ids",
    "comparison",
    "status",
    "import",
    "test",
)
FLOW_JSON = "flow-json"  # of the schema for editors; `flow-json-7.3` is the one of a version

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE.parent
_SCHEMAS = (_PACKAGE / "_schemas", _ROOT / "schemas")
_CASES = (_PACKAGE / "_cases", _ROOT / "tests" / "cases")
_ACTION = (_PACKAGE / "_action", _ROOT / ".github" / "actions" / "flowsync")
_CI_TEMPLATES = _PACKAGE / "ci_templates"
_NO_VERSION = '    default: "" # set by `flowsync init --ci github`\n'


def schema_file(name: str) -> str:
    """Give where the schema `name` stands in the folder of schemas."""
    if name.startswith(FLOW_JSON):
        return f"{FLOW_JSON}/{name.removeprefix(f'{FLOW_JSON}-')}.schema.json"
    return f"{name}.schema.json"


def schema_text(name: str) -> str:
    """Give the text of a schema: one of `SCHEMA_NAMES`, `flow-json`, or `flow-json-7.3`."""
    text = _first(_SCHEMAS, schema_file(name))
    if text is None:
        raise FileNotFoundError(f"the schema {name} is missing from this installation of flowsync")
    return text


def schema_beside(root: Path, folder: Path, name: str) -> str | None:
    """Give the way from a folder to the schema `name` that the repository keeps, None for none."""
    schema = root / "schemas" / schema_file(name)
    if not schema.is_file():
        return None
    return Path(os.path.relpath(schema.absolute(), folder.absolute())).as_posix()


def case_text(rule: str) -> str | None:
    """Give the text of the file with the tested examples of a rule, None where it has none."""
    found = (_first(_CASES, f"{folder}/{rule}.yaml") for folder in ("validation", "files"))
    return next((text for text in found if text is not None), None)


def template_files() -> Iterator[tuple[str, str]]:
    """Give the files of a new repository: the name below its root, and the text."""
    folder = _PACKAGE / "templates"
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            name = file.relative_to(folder).as_posix()
            yield (".gitignore" if name == "gitignore" else name), file.read_text("utf-8")


def ci_files(service: str) -> Iterator[tuple[str, str]]:
    """Give the files that wire a repository to a CI service, `github` or `gitlab`, as above.

    They install the version that writes them, so that nothing changes unless the files do.
    """
    if service == "github":
        action = _first(_ACTION, "action.yml")
        if action is None:
            raise FileNotFoundError("the action is missing from this installation of flowsync")
        pinned = action.replace(_NO_VERSION, f'    default: "{__version__}"\n')
        yield ".github/actions/flowsync/action.yml", pinned
    for file in sorted((_CI_TEMPLATES / service).iterdir()):
        folder = ".github/workflows/" if service == "github" else ""
        yield f"{folder}{file.name}", file.read_text("utf-8").replace("@VERSION@", __version__)


def _first(folders: tuple[Path, ...], name: str) -> str | None:
    for folder in folders:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    return None

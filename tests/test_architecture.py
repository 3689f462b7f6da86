"""The module table as data, checked with `ast`: who may import whom, and which library is whose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowsync

PACKAGE = Path(flowsync.__file__).parent

BASE = {"errors", "diagnostics", "model", "sources", "assets", "json_numbers"}

# A module or package of flowsync → what of flowsync it may import. A name stands for everything
# below it; each may import itself. `validation.shapes` stands above project and definitions,
# because a document that does not fit its schema has no fields worth reading; `policy` is shared by
# project and plan; `workspace` is the first part of workflow, which commands without a remote use
# alone; `checking` stands above it, because it also takes files that no workspace holds; the
# emulator is checked with the validation that its caller hands in; `render` shows rules and
# versions as the values they are; `rule_book` checks examples as a command would. Which versions
# are frozen is a fact that definitions carry on to the plan, which also names the latest;
# `ignoring` needs the ids of the rules; `targets` reads how the emulator is to misbehave,
# and where the Graph API is.
TABLE: dict[str, set[str]] = {
    "errors": set(),
    "json_scan": set(),
    "model": {"json_scan"},
    "assets": set(),
    "environment": set(),
    "component_words": set(),  # what graphs and differences call the same things
    "private_files": set(),
    "token_files": set(),
    "base_url": set(),
    "written_tokens": BASE | {"base_url"},
    "json_numbers": {"json_scan", "model"},
    "diagnostics": {"errors"},
    "sources": {"errors", "diagnostics", "model", "json_numbers", "json_scan"},
    "expressions": {"model"},  # what an expression gives is a JSON value
    "policy_times": set(),
    "policy_rules": {"model", "policy_times"},
    "policy_reading": {"diagnostics", "model", "sources", "policy_rules", "policy_times"},
    "policy": {"model", "policy_rules"},
    "last_seen": {"model", "private_files"},
    "validation": BASE | {"expressions"},
    "screen_graph": {
        "component_words",
        "model",
        "sources",
        "validation.outline",
        "validation.versions",
    },
    "ignore_paths": {"model", "sources"},
    "ignoring": BASE | {"ignore_paths", "validation.catalogue", "validation.rules"},
    "project": BASE | {"ignoring", "policy_reading", "policy_rules", "validation.shapes"},
    "targets": BASE
    | {
        "base_url",
        "environment",
        "fleet.account",  # an account of many says where its fields stand
        "policy",
        "project",
        "remotes.emulator.faults",
        "remotes.graph.defaults",
        "token_files",
    },
    # Many accounts as one target: values, and the order in which the work on them is done; the work
    # itself is handed in.
    "fleet": BASE | {"private_files", "project", "validation.shapes"},
    "flows_folder": {"diagnostics", "errors", "model", "sources"},  # of another time, as a Snapshot
    # What git keeps of a project's files; it is given the environment for git, and runs it alone.
    "revisions": BASE | {"project"},
    "definitions_then": BASE | {"flows_folder", "revisions", "validation.shapes", "workspace"},
    "changed_since": BASE
    | {"definitions", "definitions_then", "render.style", "revisions", "workspace"},
    "changed_files": BASE | {"changed_since", "flows_folder", "revisions", "workspace"},
    # What both sides had when they last agreed, from git or as noted; the plan compares it.
    "base_revision": {
        "definitions_then",
        "errors",
        "model",
        "plan.origin",
        "revisions",
        "workspace",
    },
    "applied": {"model", "plan.origin", "private_files"},
    # Says of a plan what going back does not bring back.
    "rolling_back": BASE | {"definitions", "flows_folder", "plan", "revisions", "workspace"},
    "chosen_files": BASE
    | {
        "fleet.account",
        "fleet.account_project",
        "fleet.accounts",
        "flows_folder",
        "project",
        "targets",
    },
    "formatting": {"errors", "diagnostics", "model", "sources"},
    "upgrading": {
        "errors",
        "diagnostics",
        "model",
        "sources",
        "expressions",
        "flow_json_file",
        "validation",
        "formatting",
    },
    "packed": {"json_numbers", "model"},
    "flow_json_file": BASE | {"packed", "validation.freezing"},
    "definitions": BASE | {"flow_json_file", "ignoring", "validation.shapes"},
    "target_checks": BASE | {"definitions", "json_scan", "validation.freezing"},
    "checking": BASE
    | {
        "changed_files",  # only where it is asked for
        "checking_files",
        "companions",
        "definitions",
        "environment",
        "flow_json_file",
        "flows_folder",
        "ignoring",
        "project",
        "targets",
        "validation",
        "workspace",
    },
    "checking_files": BASE | {"chosen_files", "flow_json_file", "ignoring", "validation"},
    "remote_findings": BASE | {"definitions"},
    "retry_policy": {"errors"},  # remotes repeats reads by it, apply writes
    "remotes": {
        "errors",
        "json_numbers",
        "json_scan",
        "model",
        "private_files",
        "retry_policy",
    },
    "plan": {
        "errors",
        "diagnostics",
        "model",
        "policy",
        "policy_rules",
        "policy_times",  # moments that it is given: it has no clock of its own
        "expressions",  # what other systems are sent is told from bindings
        "validation.outline",
        "validation.scope",
        "validation.versions",
    },
    "render": {
        "component_words",
        "diagnostics",
        "fleet.values",
        "ignoring",
        "model",
        "plan",
        "apply.backups",
        "apply.journal",
        "apply.outcome",
        "comparing.values",
        "importing.values",
        "policy_rules",
        "preview.scenarios.values",
        "retry_policy",  # its table is a page of the documentation
        "screen_graph",  # a value to draw
        "status",  # how flows are doing, as values
        "upgrading.upgrade",
        "validation.explanation",
        "validation.rules",
        "validation.versions",
    },
    "rule_book": BASE | {"validation", "workspace", "render.json_text"},
    "apply": {
        "errors",
        "json_numbers",
        "model",
        "plan",
        "private_files",
        "remotes.interface",
        "retry_policy",
    },
    "checked_before": {
        "diagnostics",
        "flow_json_file",
        "model",
        "packed",
        "private_files",
        "sources",
    },
    "workspace": BASE
    | {
        "checked_before",
        "definitions",
        "flow_json_file",  # what is read of it, which is checked also beside a wrong definition
        "fleet.account",
        "fleet.account_project",
        "fleet.accounts",
        "flows_folder",
        "ignoring",
        "project",
        "remotes.capabilities",
        "target_checks",
        "targets",
        "validation",
        "written_tokens",
    },
    # A job's comments go over the same bounded HTTP as a remote: no redirect, no proxy, no netrc.
    "ci": {
        "base_url",
        "errors",
        "model",
        "render.comment_size",
        "render.style",
        "remotes.http",
        "remotes.pace",
    },
    "status": {"diagnostics", "errors", "model", "plan", "validation.versions"},
    # Reads bindings and asks for choices, limits and patterns with what the validator uses; draws
    # with jinja2, and shows findings and the graph of screens. Asks an endpoint over the same
    # bounded HTTP as a remote, and keeps keys to try one with. Writes recorded scenarios as the
    # formatter writes YAML and files.
    "preview": BASE
    | {
        "base_url",
        "expressions",
        "formatting.writing",
        "formatting.yaml_words",
        "private_files",
        "remotes.http",
        "remotes.pace",
        "render",
        "screen_graph",
        "token_files",
        "validation",
    },
    "companions": BASE | {"flows_folder", "preview"},
    "observing": {"errors", "model", "packed", "plan", "remotes.interface"},
    "comparing": {"errors", "model", "plan", "remotes.interface"},
    "preflight": {"model", "plan", "remotes.interface"},
    "rehearsal": {"errors", "model", "plan", "apply", "observing", "remotes.interface"},
    "restoring": BASE | {"apply.backups", "definitions", "project", "targets", "workspace"},
    "importing": BASE
    | {
        "definitions",
        "formatting",
        "plan",  # what is imported is planned for, to prove that nothing is left to do
        "validation.findings",
        "validation.flow_json",
        "workspace",
    },
    "workflow": BASE
    | {
        "workspace",
        "observing",
        "plan",
        "policy_rules",
        "policy_times",
        "preflight",
        "rehearsal",
        "apply",
        "last_seen",
        "applied",
        "remotes.interface",
    },
}
FREE = {"cli", "__main__"}  # may import everything
VERSION = "flowsync"  # `from flowsync import __version__` is everybody's

# A library → the only modules that may import it.
OWNERS = {
    "yaml": {"sources"},
    "jsonschema": {"validation.schema"},
    "regress": {"validation.regexes"},
    "requests": {"remotes.http", "remotes.in_process"},  # the latter raises what a network would
    "urllib3": {"remotes.http", "remotes.in_process"},
    "sqlite3": {"remotes.emulator"},
    "werkzeug": {"remotes.emulator", "remotes.in_process", "preview.server"},
    "filelock": {"apply.lock", "fleet.remembering"},
    "distributed": {"fleet.dask_cluster"},  # an extra: work on other machines
    "platformdirs": {"cli"},
    # Serving an emulator breaks connections on demand; a preview is served plainly.
    "waitress": {"remotes.emulator.server", "preview.server"},
    "deepdiff": {"plan.difference.properties"},
    "jinja2": {"render.html", "preview.page"},
    # jinja2's own: what is taken as markup is decided there alone
    "markupsafe": {"render.html", "preview.page", "preview.server.drawing", "preview.export"},
    "subprocess": {"revisions"},  # git alone
    "playwright": {"preview.pictures"},  # an extra: drives the system's Chromium
    "cryptography": {"preview.endpoint.encrypted"},  # an extra: the endpoint protocol of Meta
    "markdown_it": {"preview.page.markdown"},
    "click": {"cli"},
    "rich": {"cli", "render.width"},  # its table of wide and combining characters
    "watchfiles": {"cli"},
}
ANY_ALLOWED = {  # where plain, untyped values from outside are turned into ours
    "sources",
    "validation.schema",
    "validation.shapes",
    "remotes.http",
    "remotes.in_process",
    "plan.document",
    "cli",
}


def modules() -> list[tuple[str, Path]]:
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        found.append((name, file))
    return found


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            assert node.module is not None
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            is_package = node.module == "flowsync"
            yield from names if is_package else [node.module]


def is_within(name: str, allowed: set[str]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in allowed)


@pytest.mark.parametrize(("name", "file"), modules())
def test_module_imports_only_what_its_row_allows(name: str, file: Path) -> None:
    top = name.partition(".")[0]
    if not name or top in FREE:
        return
    assert top in TABLE, f"{name} has no row in the table"
    allowed = TABLE[top] | {top}
    for imported in imports(file):
        if imported.startswith("flowsync."):
            target = imported.removeprefix("flowsync.")
            if target == "__version__":
                continue
            assert is_within(target, allowed), f"{name} imports {target}"


@pytest.mark.parametrize(("name", "file"), modules())
def test_library_is_imported_only_by_its_owner(name: str, file: Path) -> None:
    for imported in imports(file):
        library = imported.partition(".")[0]
        if library in OWNERS:
            assert is_within(name, OWNERS[library]), f"{name} imports {library}"


@pytest.mark.parametrize(("name", "file"), modules())
def test_any_appears_only_where_foreign_values_are_read(name: str, file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    uses_any = any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))
    assert not uses_any or is_within(name, ANY_ALLOWED), f"{name} uses Any"


@pytest.mark.parametrize(("name", "file"), modules())
def test_only_the_command_line_prints_or_reads_the_environment(name: str, file: Path) -> None:
    if is_within(name, FREE):
        return
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Name):
            assert node.id != "print", f"{name} prints"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            reads = node.value.id == "os" and node.attr in {"environ", "getenv"}
            assert not reads, f"{name} reads the environment"


@pytest.mark.parametrize(("name", "file"), modules())
def test_planning_uses_no_clock_network_or_disk(name: str, file: Path) -> None:
    if not is_within(name, {"plan"}):
        return
    forbidden = {"time", "datetime", "socket", "pathlib", "os", "io", "random", "tempfile"}
    assert not forbidden & {imported.partition(".")[0] for imported in imports(file)}


@pytest.mark.parametrize(("name", "file"), modules())
def test_module_says_what_it_is_for(name: str, file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{name} has no docstring"


def test_every_row_of_the_table_has_a_module() -> None:
    tops = {name.partition(".")[0] for name, _ in modules()}
    assert set(TABLE) <= tops

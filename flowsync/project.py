"""`flowsync.yaml`: the targets, their connection and their policy.

Without the file there is the embedded emulator as target `local`, and, where FLOWSYNC_BASE_URL is
set, the gateway it names as target `env`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowsync.diagnostics import Diagnostic, about_file, has_errors, nearest
from flowsync.errors import UsageFailure
from flowsync.ignoring import Ignore, read_ignores
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.sources import Document, leads_outside, parse_yaml, read_text
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant

if TYPE_CHECKING:
    from flowsync.policy_rules import PolicyRule

CONFIG_NAME = "flowsync.yaml"
STATE_FOLDER = ".flowsync"
STATE_SUBFOLDERS = ("applied", "backups", "journal", "keys", "locks", "seen")
ENV_TARGET = "env"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A repository: its root folder, flows folder, and the targets by name.

    `document` is flowsync.yaml as read, None where there is no such file. `ignore` is its list of
    what to leave out for all targets, as written. `rules` are those of its policy. `state_name` is
    the folder, relative to the root, of what is noted: another one for each account of a fleet.
    """

    root: Path
    flows: Path
    document: Document | None
    targets: Mapping[str, Mapping[str, JsonValue]]
    default_target: str | None
    ignore: JsonValue = None
    rules: tuple[PolicyRule, ...] = ()
    state_name: str = STATE_FOLDER

    @property
    def state_folder(self) -> Path:
        """Give the folder for journals, the emulator's data and saved plans."""
        return self.root / self.state_name


def load_project(
    config: Path | None,
    env: Mapping[str, str],
    problems: list[Diagnostic],
    texts: dict[str, str] | None = None,
) -> Project | None:
    """Read flowsync.yaml; without a `config` the one in this folder, if there is one.

    The file's text is added to `texts`, also where it is wrong. Gives None after adding to
    `problems`. Raises `UsageFailure` when `config` does not exist.
    """
    file = config or Path(CONFIG_NAME)
    if not os.path.lexists(file):
        if config is not None:
            raise UsageFailure(f"there is no file {config}.")
        return inside_repository(_implicit_project(env), problems)
    shown = file.as_posix()
    text = read_text(file, shown, problems)
    if texts is not None and text is not None:
        texts[shown] = text
    document = None if text is None else parse_yaml(text, shown, problems)
    if document is None:
        return None
    value = with_texts_where_text_is_meant(document, "flowsync")
    found = list(check_shape(document, value, "flowsync"))
    problems += found
    if has_errors(found):
        return None
    fields = mapping_in(value)
    targets = {
        name: mapping_in(target) for name, target in mapping_in(fields.get("targets")).items()
    }
    if not targets:
        targets = {"local": {"remote": "emulator"}}
    default = text_in(fields.get("default_target"))
    if default is not None and default not in targets:
        near = nearest(default, targets)
        problems.append(
            document.finding(
                ("default_target",),
                "FS011",
                f'there is no target "{default}".',
                f'Did you mean "{near}"?' if near else f"Use one of {', '.join(targets)}.",
            )
        )
        return None
    if default is None and len(targets) == 1:
        default = next(iter(targets))
    wrong: list[Diagnostic] = []
    rules = _rules(document, fields.get("policy"), {*targets, ENV_TARGET}, wrong)
    problems += wrong
    if wrong:
        return None
    if _names_a_service(env) and ENV_TARGET not in targets:
        targets[ENV_TARGET] = _env_target(env)
    root = file.parent
    project = Project(
        root=root,
        flows=root / (text_in(fields.get("flows")) or "flows"),
        document=document,
        targets=targets,
        default_target=default,
        ignore=fields.get("ignore"),
        rules=rules,
    )
    return inside_repository(project, problems)


def _rules(
    document: Document, policy: JsonValue, targets: set[str], wrong: list[Diagnostic]
) -> tuple[PolicyRule, ...]:
    """Give the rules of `policy`; mistakes in them go to `wrong`."""
    if policy is None:
        return ()
    from flowsync.policy_reading import read_policy  # takes milliseconds, and most have none

    return read_policy(document, policy, targets, wrong)


def is_inside_repository(path: Path, root: Path) -> bool:
    """Tell whether a path, links followed, lies below flowsync.yaml or the current folder."""
    return not (leads_outside(path, root) and leads_outside(path, Path()))


def inside_repository(project: Project, problems: list[Diagnostic]) -> Project | None:
    """Give the project back, or None where a folder of it leads out of the repository.

    Whoever may change the repository, as in a pull request, could otherwise have files of the
    machine read and shown, or have journals written over others.
    """
    flows, state = project.flows, project.state_folder
    if not is_inside_repository(flows, project.root):
        message = f"the flows folder {flows.as_posix()} lies outside the repository."
        fix = "Keep it below flowsync.yaml, or below the current folder."
        if project.document is None:
            problems.append(about_file(flows.as_posix(), "FS020", message, fix))
        else:
            problems.append(project.document.finding(("flows",), "FS020", message, fix))
        return None
    for folder in (state, *(state / name for name in STATE_SUBFOLDERS)):
        if not is_inside_repository(folder, project.root):
            message = "this is a link out of the repository, where flowsync would write."
            fix = "Remove the link; flowsync makes the folder itself."
            problems.append(about_file(folder.as_posix(), "FS020", message, fix))
            return None
    return project


def _implicit_project(env: Mapping[str, str]) -> Project:
    targets: dict[str, Mapping[str, JsonValue]] = {"local": {"remote": "emulator"}}
    default = "local"
    if _names_a_service(env):
        targets[ENV_TARGET] = _env_target(env)
        default = ENV_TARGET
    return Project(
        root=Path(),
        flows=Path("flows"),
        document=None,
        targets=targets,
        default_target=default,
    )


def _names_a_service(env: Mapping[str, str]) -> bool:
    """Tell whether environment variables alone say where to go."""
    return bool(env.get("FLOWSYNC_BASE_URL") or env.get("FLOWSYNC_REMOTE") == "graph")


def _env_target(env: Mapping[str, str]) -> dict[str, JsonValue]:
    target: dict[str, JsonValue] = {
        "remote": env.get("FLOWSYNC_REMOTE") or "gateway",
        "account": "${env:FLOWSYNC_ACCOUNT}",
    }
    if env.get("FLOWSYNC_BASE_URL") or target["remote"] != "graph":
        target["base_url"] = "${env:FLOWSYNC_BASE_URL}"
    if env.get("FLOWSYNC_TOKEN_FILE"):
        target["token_file"] = env["FLOWSYNC_TOKEN_FILE"]
    if env.get("FLOWSYNC_TOKEN") or "token_file" not in target:
        target["token"] = "${env:FLOWSYNC_TOKEN}"
    for variable, name in (
        ("FLOWSYNC_DIALECT", "dialect"),
        ("FLOWSYNC_AUTH_SCHEME", "auth_scheme"),
        ("FLOWSYNC_API_VERSION", "api_version"),
        ("FLOWSYNC_PHONE_NUMBER", "phone_number"),
    ):
        if env.get(variable):
            target[name] = env[variable]
    return target


def ignores_for(project: Project, target: str, problems: list[Diagnostic]) -> tuple[Ignore, ...]:
    """Give what flowsync.yaml asks to leave out for a target; mistakes go to the problems."""
    document = project.document
    if document is None:
        return ()
    own = project.targets[target].get("ignore")
    return (
        *read_ignores(document, ("ignore",), project.ignore, problems),
        *read_ignores(document, ("targets", target, "ignore"), own, problems),
    )


def choose_target(project: Project, wanted: str | None) -> str:
    """Give the name of the target to use. Raises `UsageFailure` when that is not clear."""
    names = ", ".join(project.targets)
    if wanted is None:
        if project.default_target is None:
            raise UsageFailure(
                f"there are several targets ({names}) and no default_target. Name one with "
                "--target, or set FLOWSYNC_TARGET."
            )
        return project.default_target
    if wanted not in project.targets:
        near = nearest(wanted, project.targets)
        hint = f'Did you mean "{near}"?' if near else f"There are: {names}."
        raise UsageFailure(f'there is no target "{wanted}". {hint}')
    return wanted

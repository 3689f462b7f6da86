"""`flowsync.yaml`: the targets, their connection and their policy.

Without the file there is the embedded emulator as target `local`, and, where FLOWSYNC_BASE_URL is
set, the gateway it names as target `env`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flowsync.diagnostics import START_OF_FILE, Diagnostic, has_errors, nearest
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import UsageFailure
from flowsync.model import ONE_WAY_STEPS, JsonValue, StepKind, mapping_in, text_in, texts_in
from flowsync.policy import Gates, Limits, Policy, PruneRule
from flowsync.sources import Document, Variables, parse_yaml, read_text, replace_in_text
from flowsync.validation.schema import check_shape, with_texts_where_text_is_meant

CONFIG_NAME = "flowsync.yaml"
STATE_FOLDER = ".flowsync"
ENV_TARGET = "env"
_SHORTEST_TOKEN = 6  # a shorter one could not be told from ordinary words in a text
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BASE_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?")
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach a gateway; `token` is secret and never shown."""

    base_url: str
    token: str = field(repr=False)
    auth_scheme: str = "Bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A remote and an account, ready to be used.

    `connection` is None for the emulator, and where `connection_problems` say what is missing:
    they matter only to commands that need the remote. `database` is the emulator's file;
    `secret_variables` are the environment variables that hold credentials.
    """

    name: str
    remote: str
    account: str | None
    dialect: str = "documented"
    connection: Connection | None = None
    connection_problems: tuple[Diagnostic, ...] = ()
    database: Path = Path(STATE_FOLDER) / "emulator.db"
    secret_variables: frozenset[str] = frozenset()
    vars: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A repository: its root folder, flows folder, and the targets by name.

    `document` is flowsync.yaml as read, None where there is no such file.
    """

    root: Path
    flows: Path
    document: Document | None
    targets: Mapping[str, Mapping[str, JsonValue]]
    default_target: str | None

    @property
    def state_folder(self) -> Path:
        """Give the folder for journals, the emulator's data and saved plans."""
        return self.root / STATE_FOLDER


def load_project(
    config: Path | None, env: Mapping[str, str], problems: list[Diagnostic]
) -> Project | None:
    """Read flowsync.yaml; without a `config` the one in this folder, if there is one.

    Gives None after adding to `problems`. Raises `UsageFailure` when `config` does not exist.
    """
    file = config or Path(CONFIG_NAME)
    if not os.path.lexists(file):
        if config is not None:
            raise UsageFailure(f"there is no file {config}.")
        return _implicit_project(env)
    shown = file.as_posix()
    text = read_text(file, shown, problems)
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
            Diagnostic(
                path=shown,
                span=document.span(("default_target",)),
                rule="FS011",
                message=f'there is no target "{default}".',
                fix=f'Did you mean "{near}"?' if near else f"Use one of {', '.join(targets)}.",
            )
        )
        return None
    if default is None and len(targets) == 1:
        default = next(iter(targets))
    if env.get("FLOWSYNC_BASE_URL") and ENV_TARGET not in targets:
        targets[ENV_TARGET] = _env_target(env)
    root = file.parent
    return Project(
        root=root,
        flows=root / (text_in(fields.get("flows")) or "flows"),
        document=document,
        targets=targets,
        default_target=default,
    )


def _implicit_project(env: Mapping[str, str]) -> Project:
    targets: dict[str, Mapping[str, JsonValue]] = {"local": {"remote": "emulator"}}
    default = "local"
    if env.get("FLOWSYNC_BASE_URL"):
        targets[ENV_TARGET] = _env_target(env)
        default = ENV_TARGET
    return Project(
        root=Path(),
        flows=Path("flows"),
        document=None,
        targets=targets,
        default_target=default,
    )


def _env_target(env: Mapping[str, str]) -> dict[str, JsonValue]:
    target: dict[str, JsonValue] = {
        "remote": "gateway",
        "base_url": "${env:FLOWSYNC_BASE_URL}",
        "account": "${env:FLOWSYNC_ACCOUNT}",
        "token": "${env:FLOWSYNC_TOKEN}",
    }
    for variable, name in (
        ("FLOWSYNC_DIALECT", "dialect"),
        ("FLOWSYNC_AUTH_SCHEME", "auth_scheme"),
    ):
        if env.get(variable):
            target[name] = env[variable]
    return target


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


def resolve_target(
    project: Project,
    name: str,
    env: Mapping[str, str],
    problems: list[Diagnostic],
    *,
    read_only: bool,
) -> Target | None:
    """Give a target with its variables replaced; None after adding to `problems`.

    With `read_only`, FLOWSYNC_READ_TOKEN takes the place of the token where it is set.
    """
    reader = _TargetReader(project, name, env)
    variables = reader.texts("vars")
    problems += reader.problems
    if reader.problems:
        return None
    remote = reader.text("remote") or ""
    account = reader.text("account")
    database = project.root / (reader.text("database") or f"{STATE_FOLDER}/emulator.db")
    connection = reader.connection(read_only=read_only) if remote == "gateway" else None
    return Target(
        name=name,
        remote=remote,
        account=account,
        dialect=reader.text("dialect") or "documented",
        connection=connection,
        connection_problems=tuple(reader.problems),
        database=database,
        secret_variables=SECRET_VARIABLES
        | frozenset(re.findall(r"\$\{env:([^}]*)\}", str(reader.fields.get("token", "")))),
        vars=variables,
        policy=_policy(reader.fields, remote),
        limits=_limits(mapping_in(reader.fields.get("limits"))),
    )


class _TargetReader:
    """Reads the fields of one target, collecting what is missing."""

    def __init__(self, project: Project, name: str, env: Mapping[str, str]) -> None:
        self.fields = project.targets[name]
        self.problems: list[Diagnostic] = []
        self._document = project.document
        self._name = name
        self._env = env

    def text(self, field_name: str) -> str | None:
        raw = self.fields.get(field_name)
        return None if raw is None else self._replaced(str(raw), field_name)

    def texts(self, field_name: str) -> dict[str, str]:
        return {
            key: self._replaced(str(raw), field_name, key)
            for key, raw in mapping_in(self.fields.get(field_name)).items()
        }

    def connection(self, *, read_only: bool) -> Connection | None:
        read_token = self._env.get("FLOWSYNC_READ_TOKEN") if read_only else None
        base_url, token = self.text("base_url") or "", read_token or self.text("token") or ""
        if self.problems:
            return None
        self._check_url(base_url)
        if not _ACCOUNT.fullmatch(self.text("account") or ""):
            message = "the account is empty, or holds more than letters, digits, _ and -."
            self._refuse(("account",), message, "Write the account's id, or the channel's UUID.")
        self._check_token(token)
        scheme = self.text("auth_scheme") or "Bearer"
        if scheme not in {"Bearer", "AccessKey"}:
            self._refuse(("auth_scheme",), f'"{scheme}" is no scheme.', "Use Bearer or AccessKey.")
        if (self.text("dialect") or "documented") not in {"documented", "reference"}:
            self._refuse(("dialect",), "unknown dialect.", "Use documented or reference.")
        if self.problems:
            return None
        return Connection(base_url=base_url, token=token, auth_scheme=scheme)

    def _check_url(self, base_url: str) -> None:
        try:
            parts = urlsplit(base_url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            parts, host = urlsplit(""), ""
        if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
            message = "base_url is not an http or https address."
            self._refuse(("base_url",), message, "Write it as https://host.")
        elif not _BASE_PATH.fullmatch(parts.path):
            message = "base_url has a path that holds more than letters, digits and ._~-."
            self._refuse(("base_url",), message, "Write it as https://host/path.")
        elif parts.username or parts.password or "?" in base_url or "#" in base_url:
            message = "base_url holds more than scheme, host and path."
            self._refuse(("base_url",), message, "Give the credential as `token` instead.")
        elif (
            parts.scheme == "http"
            and not _LOOPBACK.fullmatch(host)
            and self.fields.get("insecure") is not True
        ):
            message = "base_url sends the token over http, where others can read it."
            self._refuse(("base_url",), message, "Use https, or set `insecure: true`.")

    def _check_token(self, token: str) -> None:
        is_usable = token.isascii() and token.isprintable() and token == token.strip()
        if not is_usable or len(token) < _SHORTEST_TOKEN:
            message = "the token is too short, or holds what no header can carry."
            self._refuse(("token",), message, "Check the variable it comes from.")

    def _replaced(self, raw: str, *path: str) -> str:
        text, missing = replace_in_text(raw, Variables(self._env, {}))
        for message, fix in missing:
            self._refuse(path, message, fix)
        return text

    def _refuse(self, path: tuple[str, ...], message: str, fix: str) -> None:
        shown, span = "environment", None
        if self._document is not None and self._name != ENV_TARGET:
            shown = self._document.path
            span = self._document.span(("targets", self._name, *path))
        self.problems.append(
            Diagnostic(
                path=shown, span=span or START_OF_FILE, rule="FS012", message=message, fix=fix
            )
        )


def _policy(fields: Mapping[str, JsonValue], remote: str) -> Policy:
    gates, prune = mapping_in(fields.get("gates")), mapping_in(fields.get("prune"))
    allow = ONE_WAY_STEPS if remote == "emulator" else frozenset({StepKind.PUBLISH})
    if "allow" in fields:
        allow = frozenset(StepKind(step) for step in texts_in(fields["allow"]))
    return Policy(
        protect=texts_in(fields.get("protect")),
        allow=allow,
        gates=Gates(**cast("dict[str, int]", dict(gates))),
        prune=PruneRule(
            match=str(prune["match"]),
            deletes_drafts=prune.get("draft") == "delete",
            deprecates_published=prune.get("published") == "deprecate",
        )
        if prune
        else None,
    )


def _limits(fields: Mapping[str, JsonValue]) -> Limits:
    return Limits(**cast("dict[str, int]", dict(fields)))

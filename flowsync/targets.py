"""A target of flowsync.yaml made ready: variables replaced, connection and policy read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from flowsync.base_url import problem_of_base_url
from flowsync.diagnostics import START_OF_FILE, Diagnostic, Severity
from flowsync.environment import SECRET_VARIABLES
from flowsync.errors import UsageFailure
from flowsync.fleet.account import FleetAccount
from flowsync.model import ONE_WAY_STEPS, JsonValue, StepKind, mapping_in, texts_in
from flowsync.policy import Gates, Limits, Policy, PruneRule
from flowsync.project import ENV_TARGET, STATE_FOLDER, Project, is_inside_repository
from flowsync.remotes.emulator.faults import parse_fault
from flowsync.remotes.graph.defaults import (
    API_VERSION,
    DEFAULT_API_VERSION,
    DEFAULT_ASSET_HOSTS,
    DEFAULT_BASE_URL,
)
from flowsync.sources import Pointer, Variables, replace_in_text
from flowsync.token_files import UnusableTokenFile, is_usable_token, read_token_file

_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELDS_OF = {
    "dialect": "gateway",
    "api_version": "graph",
    "asset_hosts": "graph",
    "phone_number": "graph",
}
_ENV_VARIABLE = re.compile(r"\$\{env:([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach a service; `token` is secret and never shown."""

    base_url: str
    token: str = field(repr=False)
    auth_scheme: str = "Bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A remote and an account, ready to be used.

    `connection` is None for the emulator, and where `connection_problems` say what is missing:
    they matter only to commands that need the remote; `remarks` are warnings about the connection.
    `api_version`, `asset_hosts` and `phone_number` matter to the Graph API alone.
    `database` is the emulator's file, `faults` what it does wrong on purpose, as written;
    `secret_variables` are the environment variables that hold credentials, `secrets` the
    credentials that were found, also where the connection is wrong. `member` is the name of the
    account in a target of many, None elsewhere.
    """

    name: str
    remote: str
    account: str | None
    dialect: str = "documented"
    api_version: str = DEFAULT_API_VERSION
    asset_hosts: tuple[str, ...] = DEFAULT_ASSET_HOSTS
    phone_number: str | None = None
    connection: Connection | None = None
    connection_problems: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    database: Path = Path(STATE_FOLDER) / "emulator.db"
    faults: tuple[str, ...] = ()
    secret_variables: frozenset[str] = frozenset()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    vars: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)
    member: str | None = None


def resolve_target(
    project: Project,
    name: str,
    env: Mapping[str, str],
    problems: list[Diagnostic],
    *,
    read_only: bool,
    account: FleetAccount | None = None,
) -> Target | None:
    """Give a target with its variables replaced; None after adding to `problems`.

    With `read_only`, FLOWSYNC_READ_TOKEN takes the place of the token where it is set, but not of
    an account's own. `account` is the one of a fleet that `project` has been derived for.
    """
    reader = _TargetReader(project, name, env, account)
    variables = reader.texts("vars")
    problems += reader.problems
    if reader.problems:
        return None
    remote = reader.text("remote") or ""
    account_id = reader.text("account")
    database = reader.database(project.root)
    is_service = remote != "emulator" or "base_url" in reader.fields
    connection = reader.connection(remote, read_only=read_only) if is_service else None
    faults = reader.faults(remote)
    return Target(
        name=name,
        remote=remote,
        account=account_id,
        dialect=reader.text("dialect") or "documented",
        api_version=reader.text("api_version") or DEFAULT_API_VERSION,
        asset_hosts=texts_in(reader.fields.get("asset_hosts")) or DEFAULT_ASSET_HOSTS,
        phone_number=reader.text("phone_number"),
        connection=connection,
        connection_problems=tuple(reader.problems),
        remarks=tuple(reader.remarks),
        database=database,
        faults=faults,
        secret_variables=reader.secret_variables,
        secrets=frozenset(reader.secrets),
        vars=variables,
        policy=replace(_policy(reader.fields, remote), rules=project.rules),
        limits=_limits(mapping_in(reader.fields.get("limits")), is_service=is_service),
        member=account.name if account else None,
    )


class _TargetReader:
    """Reads the fields of one target, collecting what is missing."""

    def __init__(
        self,
        project: Project,
        name: str,
        env: Mapping[str, str],
        account: FleetAccount | None = None,
    ) -> None:
        self.fields = project.targets[name]
        self.problems: list[Diagnostic] = []
        self.remarks: list[Diagnostic] = []
        self.secrets: set[str] = set()
        self._document = project.document
        self._root = project.root
        self._name = name
        self._env = env
        self._account = account
        token = str(self.fields.get("token", ""))
        self.secret_variables = SECRET_VARIABLES | frozenset(_ENV_VARIABLE.findall(token))

    def text(self, field_name: str) -> str | None:
        raw = self.fields.get(field_name)
        return None if raw is None else self._replaced(str(raw), field_name)

    def texts(self, field_name: str) -> dict[str, str]:
        return {
            key: self._replaced(str(raw), field_name, key)
            for key, raw in mapping_in(self.fields.get(field_name)).items()
        }

    def database(self, root: Path) -> Path:
        file = root / (self.text("database") or f"{STATE_FOLDER}/emulator.db")
        if not is_inside_repository(file, root):
            message = f"the database {file.as_posix()} lies outside the repository."
            self._refuse(("database",), message, "Keep it below flowsync.yaml.")
        return file

    def connection(self, remote: str, *, read_only: bool) -> Connection | None:
        base_url = self.text("base_url") or (DEFAULT_BASE_URL if remote == "graph" else "")
        at, token = self._token(read_only=read_only)
        if not token and self._account and not {"token", "token_file"} & self.fields.keys():
            message = "the account has no token, and its target has none either."
            self._refuse(("token",), message, "Add `token`, in CSV the column token_env.")
        if self.problems:
            return None
        if remote not in {"gateway", "graph"}:  # from the environment, which no schema checks
            self._refuse(("remote",), f'"{remote}" is no kind of service.', "Use gateway or graph.")
            return None
        is_insecure = self.fields.get("insecure") is True
        problem = problem_of_base_url(base_url, is_insecure=is_insecure)
        if problem is not None:
            self._refuse(("base_url",), *problem)
        if not _ACCOUNT.fullmatch(self.text("account") or ""):
            message = "the account is empty, or holds more than letters, digits, _ and -."
            self._refuse(("account",), message, "Write the account's id, or the channel's UUID.")
        self._check_token(at, token)
        scheme = self.text("auth_scheme") or "Bearer"
        if scheme not in {"Bearer", "AccessKey"}:
            self._refuse(("auth_scheme",), f'"{scheme}" is no scheme.', "Use Bearer or AccessKey.")
        if (self.text("dialect") or "documented") not in {"documented", "reference"}:
            self._refuse(("dialect",), "unknown dialect.", "Use documented or reference.")
        if not API_VERSION.fullmatch(self.text("api_version") or DEFAULT_API_VERSION):
            shown = self.text("api_version")
            message = f'"{shown}" is no version of the Graph API.'
            self._refuse(("api_version",), message, f"Write it as {DEFAULT_API_VERSION}.")
        self._check_fields_of(remote)
        if self.problems:
            return None
        return Connection(base_url=base_url, token=token, auth_scheme=scheme)

    def _check_fields_of(self, remote: str) -> None:
        """Refuse what belongs to the other kind of service."""
        for name, kind in _FIELDS_OF.items():
            if name in self.fields and kind != remote:
                message = f"`{name}` is for `remote: {kind}` alone."
                self._refuse((name,), message, "Remove it.")

    def faults(self, remote: str) -> tuple[str, ...]:
        specs = texts_in(self.fields.get("faults"))
        if remote != "emulator" and "faults" in self.fields:
            message = "only the emulator misbehaves on request."
            self._refuse(("faults",), message, "Remove `faults`, or use `remote: emulator`.")
        for index, spec in enumerate(specs):
            self._check_fault(index, spec)
        return specs

    def _check_fault(self, index: int, spec: str) -> None:
        try:
            parse_fault(spec)
        except UsageFailure as exc:
            see = "`flowsync serve --list-faults` shows all kinds."
            self._refuse(("faults", index), str(exc), see)

    def _token(self, *, read_only: bool) -> tuple[str, str]:
        """Give the credential and the field that it comes from, after noting it as a secret."""
        text, file = self._env.get("FLOWSYNC_READ_TOKEN"), self._env.get("FLOWSYNC_READ_TOKEN_FILE")
        at, root = "FLOWSYNC_READ_TOKEN_FILE", Path()
        has_own = self._account is not None and self._account.says(("token",))
        if has_own or not (read_only and (text or file)):
            file = self.text("token_file")
            text = self.text("token") if not file or "token" in self.fields else None
            at, root = "token_file", self._root if self._is_written else Path()
        if text and file:
            message = "the credential is given twice, as a token and as a file."
            self._refuse((at,), message, "Remove one of the two.")
        elif file:
            text = self._token_in(root / file, at)
        if text and not _ENV_VARIABLE.search(text):  # not what could not be replaced
            self.secrets.add(text)
        return at if file else "token", text or ""

    def _token_in(self, file: Path, at: str) -> str | None:
        try:
            found = read_token_file(file)
        except UnusableTokenFile as exc:
            self._refuse((at,), exc.message, exc.fix)
            return None
        if found.is_too_open:
            message = f"the token file {file.as_posix()} may be read by others on this machine."
            fix = f"Keep it for yourself: chmod 600 {file.as_posix()}"
            self.remarks.append(
                replace(self._finding((at,), "FS014", message, fix), severity=Severity.WARNING)
            )
        return found.token

    def _check_token(self, at: str, token: str) -> None:
        if not is_usable_token(token):
            message = "the token is too short, or holds what no header can carry."
            self._refuse((at,), message, "Check the variable or the file that it comes from.")

    def _replaced(self, raw: str, *path: str) -> str:
        hidden = self.secret_variables if path[0] == "vars" else frozenset()
        text, missing = replace_in_text(raw, Variables(self._env, {}, hidden))
        for message, fix in missing:
            self._refuse(path, message, fix)
        return text

    @property
    def _is_written(self) -> bool:
        """Tell whether the target stands in flowsync.yaml, not in environment variables alone."""
        return self._document is not None and self._name != ENV_TARGET

    def _refuse(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        self.problems.append(self._finding(path, "FS012", message, fix))

    def _finding(
        self, path: tuple[str | int, ...], rule: str, message: str, fix: str
    ) -> Diagnostic:
        shown, span = "environment", START_OF_FILE
        pointer: Pointer | None = None
        account = self._account
        if account and (account.says(path) or path[0] not in self.fields):
            pointer = (*account.pointer, *path)
            shown, span = account.document.path, account.document.span(pointer)
        elif self._document is not None and self._is_written and not str(path[0]).isupper():
            pointer = ("targets", self._name, *path)
            shown, span = self._document.path, self._document.span(pointer)
        return Diagnostic(
            path=shown, span=span, rule=rule, message=message, fix=fix, pointer=pointer
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


def _limits(fields: Mapping[str, JsonValue], *, is_service: bool) -> Limits:
    """Give the limits; in this very process several requests would only wait for each other."""
    usual = {} if is_service else {"parallelism": 1}
    return Limits(**{**usual, **cast("dict[str, int]", dict(fields))})

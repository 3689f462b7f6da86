"""The accounts of a target of many: a list in flowsync.yaml, or a CSV or YAML file beside it.

An account says only what differs from its target. Its credential is never written: it is named by
the environment variable that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from flowsync.diagnostics import START_OF_FILE, Diagnostic, has_errors, nearest
from flowsync.errors import UsageFailure
from flowsync.model import JsonValue, mapping_in, text_in
from flowsync.project import STATE_FOLDER, Project, is_inside_repository
from flowsync.sources import (
    Cell,
    Document,
    Place,
    Pointer,
    Table,
    parse_csv,
    parse_yaml,
    read_text,
)
from flowsync.validation.shapes import check_shape, with_texts_where_text_is_meant

FOLDER = "fleet"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ENVIRONMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COLUMNS = ("account", "name", "token_env", "base_url")
_VARS = "vars."


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetAccount:
    """One account of a target of many; `fields` are what it says itself, as written.

    `document` and `pointer` are where it stands. `state` is the folder, relative to the root of
    the repository, of what flowsync notes about it.
    """

    name: str
    account: str
    fields: Mapping[str, JsonValue] = field(repr=False)
    document: Document = field(repr=False)
    pointer: Pointer
    state: str

    def says(self, path: Pointer) -> bool:
        """Tell whether a field of the target is the account's own."""
        at = self.fields.get(str(path[0])) if path else None
        if path[:1] == ("vars",) and len(path) > 1:
            return path[1] in mapping_in(at)
        return at is not None


def is_fleet(project: Project, target: str) -> bool:
    """Tell whether a target names many accounts."""
    return "accounts" in project.targets.get(target, {})


def read_accounts(
    project: Project,
    target: str,
    problems: list[Diagnostic],
    texts: dict[str, str] | None = None,
) -> tuple[FleetAccount, ...]:
    """Give the accounts of a target of many, in the order of the file; mistakes go to `problems`.

    The text of a file of its own is added to `texts`.
    """
    document = project.document
    assert document is not None, "only flowsync.yaml can name accounts"
    reader = _Reader(project, target, document, problems, {} if texts is None else texts)
    return tuple(reader.accounts())


def account_named(accounts: tuple[FleetAccount, ...], target: str, name: str) -> FleetAccount:
    """Give the account of a name. Raises `UsageFailure` where there is none."""
    found = next((one for one in accounts if one.name == name), None)
    if found is None:
        near = nearest(name, (one.name for one in accounts))
        hint = f'Did you mean "{near}"?' if near else f"`flowsync fleet list -t {target}` has all."
        raise UsageFailure(f'the target "{target}" has no account "{name}". {hint}')
    return found


def project_of(project: Project, target: str, account: FleetAccount) -> Project:
    """Give the project as it is for one account: its fields in the target, its own state folder."""
    fields = dict(project.targets[target])
    fields.pop("accounts", None)
    if "token" in account.fields:
        fields.pop("token_file", None)
    variables = {**mapping_in(fields.get("vars")), **mapping_in(account.fields.get("vars"))}
    fields |= {name: value for name, value in account.fields.items() if name != "name"}
    if variables:
        fields["vars"] = dict(variables)
    return replace(project, targets={**project.targets, target: fields}, state_name=account.state)


class _Reader:
    """Reads the accounts of one target, collecting what is wrong with them."""

    def __init__(
        self,
        project: Project,
        target: str,
        document: Document,
        problems: list[Diagnostic],
        texts: dict[str, str],
    ) -> None:
        self._project, self._target = project, target
        self._config = document
        self._problems, self._texts = problems, texts
        self._remote = text_in(project.targets[target].get("remote"))

    def accounts(self) -> Iterator[FleetAccount]:
        fields = self._project.targets[self._target]
        if "account" in fields:
            at = ("targets", self._target, "account")
            message = "the target has both account and accounts."
            self._problems.append(
                self._config.finding(at, "FS012", message, "Remove one of the two.", at_key=True)
            )
        listed = fields["accounts"]
        here: Pointer = ("targets", self._target, "accounts")
        source = self._file(listed) if isinstance(listed, str) else (self._config, here, listed)
        if source is None:
            return
        document, pointer, entries = source
        names: dict[str, FleetAccount] = {}
        ids: dict[tuple[str, str], FleetAccount] = {}
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            account = self._account(document, (*pointer, index), mapping_in(entry))
            if account is not None and self._is_new(account, names, ids):
                yield account

    def _file(self, written: str) -> tuple[Document, Pointer, JsonValue] | None:
        """Read the file that lists the accounts."""
        file = self._project.root / written
        shown, at = file.as_posix(), ("targets", self._target, "accounts")
        if not is_inside_repository(file, self._project.root):
            message = f"the file of accounts {shown} lies outside the repository."
            self._at(self._config, at, message, "Keep it below flowsync.yaml.")
            return None
        if file.suffix.lower() not in {".csv", ".yaml", ".yml"}:
            message = f"the file of accounts {shown} is of no known kind."
            self._at(self._config, at, message, "Name a .csv, .yaml or .yml file.")
            return None
        if not file.is_file():
            message = f"there is no file of accounts {shown}."
            self._at(self._config, at, message, "Correct the name; it is relative to this file.")
            return None
        text = read_text(file, shown, self._problems)
        if text is None:
            return None
        self._texts[shown] = text
        if file.suffix.lower() == ".csv":
            return self._csv(text, shown)
        document = parse_yaml(text, shown, self._problems)
        if document is None:
            return None
        value = with_texts_where_text_is_meant(document, "accounts")
        found = list(check_shape(document, value, "accounts"))
        self._problems += found
        if has_errors(found):
            return None
        return document, ("accounts",), mapping_in(value)["accounts"]

    def _csv(self, text: str, shown: str) -> tuple[Document, Pointer, JsonValue] | None:
        """Read a CSV file as the list of entries that it stands for."""
        table = parse_csv(text, shown, self._problems)
        if table is None or not self._has_good_columns(table, shown):
            return None
        if not table.rows:
            place = Diagnostic(
                path=shown,
                span=START_OF_FILE,
                rule="FS012",
                message="the file has no accounts.",
                fix="Add a row for each account.",
            )
            self._problems.append(place)
            return None
        places: dict[Pointer, Place] = {(): Place(START_OF_FILE)}
        entries: list[JsonValue] = [
            _entry_of(table, row, index, places) for index, row in enumerate(table.rows)
        ]
        document = Document(path=shown, text=text, value=entries, locate=lambda: places)
        return document, (), entries

    def _has_good_columns(self, table: Table, shown: str) -> bool:
        before, seen = len(self._problems), set[str]()

        def refuse(cell: Cell, message: str, fix: str) -> None:
            self._problems.append(
                Diagnostic(path=shown, span=cell.span, rule="FS012", message=message, fix=fix)
            )

        for cell in table.columns:
            variable = cell.text.removeprefix(_VARS)
            is_variable = cell.text.startswith(_VARS) and _VARIABLE.fullmatch(variable)
            if cell.text not in _COLUMNS and not is_variable:
                near = nearest(cell.text, _COLUMNS)
                known = f"Use {', '.join(_COLUMNS)} or vars.NAME."
                fix = f'Did you mean "{near}"?' if near else known
                if cell.text == "token":
                    fix = "Write the name of the environment variable into a column token_env."
                refuse(cell, f'unknown column "{cell.text}".', fix)
            if cell.text in seen:
                refuse(cell, f'the column "{cell.text}" is there twice.', "Remove one of the two.")
            seen.add(cell.text)
        if "account" not in seen:
            refuse(table.columns[0], 'the column "account" is missing.', "Add it.")
        return len(self._problems) == before

    def _account(
        self, document: Document, at: Pointer, fields: Mapping[str, JsonValue]
    ) -> FleetAccount | None:
        """Give one account, None after adding what is wrong with it."""
        before = len(self._problems)
        account, name = text_in(fields.get("account")) or "", text_in(fields.get("name"))
        if not account:
            message, fix = "the account is missing.", "Write the account's id."
            self._at(document, (*at, "account"), message, fix)
        elif "${" not in account and not _ACCOUNT.fullmatch(account):
            message = "the account holds more than letters, digits, _ and -."
            fix = "Write the account's id, or the channel's UUID."
            self._at(document, (*at, "account"), message, fix)
        elif name is None and "${" in account:
            message = "an account whose id is a variable needs a name."
            self._at(document, (*at, "account"), message, "Add `name: …`.")
        elif not _NAME.fullmatch(name or account):
            message = f'"{name or account}" is not a usable name of an account.'
            fix = "Use letters, digits, dots, hyphens and underscores; begin with one of the first."
            self._at(document, (*at, "name"), message, fix)
        self._check_connection(document, at, fields)
        if len(self._problems) > before:
            return None
        label = name or account
        state = f"{STATE_FOLDER}/{FOLDER}/{self._target}/{label}"
        if not is_inside_repository(self._project.root / state, self._project.root):
            message = f"{state} is a link out of the repository, where flowsync would write."
            self._at(document, at, message, "Remove the link; flowsync makes the folder itself.")
            return None
        return FleetAccount(
            name=label,
            account=account,
            fields=fields,
            document=document,
            pointer=at,
            state=state,
        )

    def _check_connection(
        self, document: Document, at: Pointer, fields: Mapping[str, JsonValue]
    ) -> None:
        token = text_in(fields.get("token"))
        for name in ("token", "base_url"):
            if self._remote == "emulator" and name in fields:
                message = f"{name} has no meaning for an emulator target."
                self._at(document, (*at, name), message, "Remove it.")
                return
        if token is not None and not _TOKEN.fullmatch(token):
            message = "the token of an account must be named by its environment variable."
            fix = "Write it as ${env:NAME}; in CSV the name alone, in the column token_env."
            self._at(document, (*at, "token"), message, fix)

    def _is_new(
        self,
        account: FleetAccount,
        names: dict[str, FleetAccount],
        ids: dict[tuple[str, str], FleetAccount],
    ) -> bool:
        """Tell whether name and id are not those of an earlier entry; state folders have names."""
        base_url = text_in(account.fields.get("base_url")) or ""
        twin = names.setdefault(account.name.lower(), account)
        if twin is not account:
            at, what = (*account.pointer, "name"), f'the name "{account.name}"'
            fix = "Give each account a name of its own; case does not count."
        else:
            twin = ids.setdefault((account.account, base_url), account)
            at, what = (*account.pointer, "account"), f"the account {account.account}"
            fix = "Remove one of the two."
        if twin is account:
            return True
        line = twin.document.span(twin.pointer).line
        self._at(account.document, at, f"{what} is there twice, first in line {line}.", fix)
        return False

    def _at(self, document: Document, at: Pointer, message: str, fix: str) -> None:
        self._problems.append(document.finding(at, "FS012", message, fix))


def _entry_of(
    table: Table, row: tuple[Cell, ...], index: int, places: dict[Pointer, Place]
) -> dict[str, JsonValue]:
    """Give the entry that a row stands for, and note where its parts stand; empty cells say none.

    What is no name of an environment variable is kept as it is, to be refused as a token.
    """
    entry: dict[str, JsonValue] = {}
    variables: dict[str, JsonValue] = {}
    places[(index,)] = Place(row[0].span)
    for column, cell in zip(table.columns, row, strict=True):
        pointer: Pointer = (index, column.text)
        if column.text.startswith(_VARS):
            variable = column.text.removeprefix(_VARS)
            pointer = (index, "vars", variable)
            if cell.text:
                variables[variable] = cell.text
        elif column.text == "token_env":
            pointer = (index, "token")
            if cell.text:
                is_name = _ENVIRONMENT.fullmatch(cell.text)
                entry["token"] = f"${{env:{cell.text}}}" if is_name else cell.text
        elif cell.text:
            entry[column.text] = cell.text
        places[pointer] = Place(cell.span)
    if variables:
        entry["vars"] = variables
    return entry

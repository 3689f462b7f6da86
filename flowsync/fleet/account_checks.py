"""What every account must fulfil: an id, a usable name, a credential only named, no twin."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowsync.diagnostics import Diagnostic
from flowsync.fleet.account import FOLDER, FleetAccount
from flowsync.model import JsonValue, text_in
from flowsync.project import STATE_FOLDER, Project, is_inside_repository
from flowsync.sources import Document, Pointer

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}")


class AccountChecks:
    """Checks the accounts of one target, one after the other; what is wrong goes to `problems`."""

    def __init__(self, project: Project, target: str, problems: list[Diagnostic]) -> None:
        self._project, self._target, self._problems = project, target, problems
        self._remote = text_in(project.targets[target].get("remote"))
        self._names: dict[str, FleetAccount] = {}
        self._ids: dict[tuple[str, str], FleetAccount] = {}

    def account(
        self, document: Document, at: Pointer, fields: Mapping[str, JsonValue]
    ) -> FleetAccount | None:
        """Give the account that an entry stands for, None after adding what is wrong with it."""
        before = len(self._problems)
        account, name = text_in(fields.get("account")) or "", text_in(fields.get("name"))
        self._check_id_and_name(document, at, account, name)
        self._check_connection(document, at, fields)
        if len(self._problems) > before:
            return None
        label = name or account
        state = f"{STATE_FOLDER}/{FOLDER}/{self._target}/{label}"
        if not is_inside_repository(self._project.root / state, self._project.root):
            message = f"{state} is a link out of the repository, where flowsync would write."
            self._at(document, at, message, "Remove the link; flowsync makes the folder itself.")
            return None
        found = FleetAccount(
            name=label,
            account=account,
            fields=fields,
            document=document,
            pointer=at,
            state=state,
        )
        return found if self._is_new(found) else None

    def _check_id_and_name(
        self, document: Document, at: Pointer, account: str, name: str | None
    ) -> None:
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

    def _is_new(self, account: FleetAccount) -> bool:
        """Tell whether name and id are not those of an earlier entry; state folders have names."""
        base_url = text_in(account.fields.get("base_url")) or ""
        twin = self._names.setdefault(account.name.lower(), account)
        if twin is not account:
            at, what = (*account.pointer, "name"), f'the name "{account.name}"'
            fix = "Give each account a name of its own; case does not count."
        else:
            twin = self._ids.setdefault((account.account, base_url), account)
            at, what = (*account.pointer, "account"), f"the account {account.account}"
            fix = "Remove one of the two."
        if twin is account:
            return True
        line = twin.document.span(twin.pointer).line
        self._at(account.document, at, f"{what} is there twice, first in line {line}.", fix)
        return False

    def _at(self, document: Document, at: Pointer, message: str, fix: str) -> None:
        self._problems.append(document.finding(at, "FS012", message, fix))

"""The project as it is for one account of a target of many, which then is like any other."""

from __future__ import annotations

from dataclasses import replace

from flowsync.fleet.account import FleetAccount
from flowsync.model import mapping_in
from flowsync.project import Project


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

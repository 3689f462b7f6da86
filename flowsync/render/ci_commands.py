"""Keeps foreign text from giving commands to a CI service that reads the log.

GitHub obeys a line that begins with `::name`, after white space, and `##[name]` anywhere in a line;
Azure Pipelines obeys `##vso[…]`, TeamCity `##teamcity[…]`. A flow's name is enough to write one.
The sign that makes the command is written as an escape, which in JSON means the same.

Sources: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs,
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands,
https://www.jetbrains.com/help/teamcity/service-messages.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#[A-Za-z]*\[)", re.MULTILINE)
MARKS_OF_CI = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")


def is_read_by_ci(env: Mapping[str, str]) -> bool:
    """Tell whether a CI service reads what is printed."""
    return any(env.get(name) for name in MARKS_OF_CI)


def without_commands(text: str) -> str:
    """Give a text in which no CI service finds a command."""
    if "::" not in text and "##" not in text:
        return text
    return _COMMAND.sub(
        lambda found: f"{found[1]}\\u003a" if found[0][-1] == ":" else "\\u0023", text
    )

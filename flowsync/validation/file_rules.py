"""The rules about the files of a repository, before and around the Flow JSON in them, as data.

The checks are where the files are read: `flowsync.sources`, `definitions`, `flows_folder`,
`project`, `targets` and `validation.schema`. Ids begin with FS0 and are never used again.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import Severity
from flowsync.validation.rules import Rule

_README = "README.md, «Your own repository»"
_JSON = "https://www.rfc-editor.org/rfc/rfc8259"
_YAML = "https://yaml.org/spec/1.2.2/"
_UTF_8 = "https://www.rfc-editor.org/rfc/rfc3629"


def _rule(id: str, summary: str, source: str, code: str | None = None) -> Rule:
    return Rule(id=id, summary=summary, severity=Severity.ERROR, source=source, code=code)


_RULES = (
    _rule("FS001", "Files can be read as UTF-8", _UTF_8),
    _rule("FS002", "Flow JSON is strict JSON", _JSON, "INVALID_FLOW_JSON"),
    _rule("FS003", "YAML files are strict YAML", _YAML),
    _rule("FS004", "Variables have a value", _README),
    _rule("FS010", "Fields are known and have their type", "`flowsync schema flow`"),
    _rule("FS011", "The default target exists", _README),
    _rule("FS012", "The target's settings can be used", "`flowsync schema flowsync`"),
    _rule("FS020", "Definitions fit the repository", _README),
    _rule("FS021", "Names of flows are unique", _README),
)

FILE_RULES: Mapping[str, Rule] = {rule.id: rule for rule in _RULES}

"""The rules about the files of a repository, before and around the Flow JSON in them, as data.

They are found while reading (FS00x to FS02x: `flowsync.sources`, `definitions`, `flows_folder`,
`project`, `targets` and `validation.schema`), by entries of `ignore` about themselves (FS03x:
`ignoring`), or because of the target that a flow is for (FS04x: `target_checks`). Ids are never
used again.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.diagnostics import Severity
from flowsync.validation.rules.rule import VERSIONS_PAGE, Rule, advice

_README = "README.md, «Your own repository»"
_JSON = "https://www.rfc-editor.org/rfc/rfc8259"
_YAML = "https://yaml.org/spec/1.2.2/"
_UTF_8 = "https://www.rfc-editor.org/rfc/rfc3629"


_GATEWAY = "README.md, «Limits»"
_POLICY = "docs/policy.md"
_LIFE = "https://developers.facebook.com/docs/whatsapp/flows/reference/lifecycle"


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
    advice("FS013", "No token is written into flowsync.yaml", _README),
    advice("FS014", "A token file is for its owner only", _README),
    _rule("FS015", "Rules of the policy can be met", _POLICY),
    _rule("FS020", "Definitions fit the repository", _README),
    _rule("FS021", "Names of flows are unique", _README),
    _rule("FS030", "An ignore gives its reason", _README),
    _rule("FS031", "An ignore names a rule", _README),
    _rule("FS032", "The path of an ignore can be read", _README),
    _rule("FS033", "What the platform refuses is not ignored", _README),
    advice("FS034", "An ignore is used", _README),
    advice("FS041", "A gateway takes the nesting of the Flow JSON", _GATEWAY),
    advice("FS042", "A gateway takes the size of the Flow JSON", _GATEWAY),
    advice("FS043", "A published flow with an endpoint has its address", _LIFE),
    advice("FS044", "An endpoint is used", _LIFE),
    advice("FS045", "The version is not about to be frozen", VERSIONS_PAGE),
)

# Warnings that an entry of `ignore` cannot leave out: they are about no flow, or about ignoring.
NEVER_IGNORED = frozenset({"FS013", "FS014", "FS034"})

FILE_RULES: Mapping[str, Rule] = {rule.id: rule for rule in _RULES}

"""The rules of files, definitions and targets as data, beside those of Flow JSON (`rules`).

They are found while reading (FS00x to FS02x), by ignores about themselves (FS03x), or because of
the target that a flow is for (FS04x).
"""

from __future__ import annotations

from collections.abc import Mapping

FILE_RULES: Mapping[str, str] = {
    "FS001": "A file can be read",
    "FS002": "A text is valid UTF-8 and JSON",
    "FS003": "A YAML file is plain YAML",
    "FS004": "Variables are defined",
    "FS010": "A document has the fields of its schema",
    "FS011": "The default target exists",
    "FS012": "A target can be used",
    "FS020": "A definition is whole",
    "FS021": "Names of flows are unique",
    "FS030": "An ignore gives its reason",
    "FS031": "An ignore names a rule",
    "FS032": "The path of an ignore can be read",
    "FS033": "What the platform refuses is not ignored",
    "FS034": "An ignore is used",
    "FS041": "A gateway takes the nesting of the Flow JSON",
    "FS042": "A gateway takes the size of the Flow JSON",
    "FS043": "A published flow with an endpoint has its address",
    "FS044": "An endpoint is used",
    "FS045": "The version of the Flow JSON is not about to be frozen",
}

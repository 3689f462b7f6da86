"""Finds credentials written into flowsync.yaml, which everybody with the repository reads."""

from __future__ import annotations

from collections.abc import Iterator

from flowsync.base_url import is_on_this_machine
from flowsync.diagnostics import Diagnostic, Severity
from flowsync.model import mapping_in, text_in
from flowsync.sources import Document


def written_tokens(document: Document) -> Iterator[Diagnostic]:
    """Give a warning for each target whose token stands in the file itself.

    That of an emulator served on this machine protects nothing, and may stand there.
    """
    for name, target in mapping_in(mapping_in(document.value).get("targets")).items():
        fields = mapping_in(target)
        at = ("targets", name, "token")
        token = text_in(fields.get("token")) or document.texts.get(at)
        base_url = text_in(fields.get("base_url")) or ""
        if token and "${env:" not in token and not is_on_this_machine(base_url):
            yield document.finding(
                at,
                "FS013",
                f'the token of "{name}" is written here, where everybody who has the repository '
                "can read it.",
                "Take it from the environment (`token: ${env:FLOWSYNC_TOKEN}`) or from a file "
                "(`token_file`), and have this one revoked.",
                severity=Severity.WARNING,
                at_key=True,
            )

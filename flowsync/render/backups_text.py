"""The backups that apply has kept, as text and for reading by machine."""

from __future__ import annotations

from collections.abc import Iterable

from flowsync.apply.backups import Backup
from flowsync.model import JsonValue, mapping_in
from flowsync.render.style import Style, clean


def render_backups(backups: Iterable[Backup], style: Style) -> str:
    """Give two lines for each backup: its name, and of what it is."""
    lines = []
    for backup in backups:
        document, flow = backup.document, mapping_in(backup.document.get("flow"))
        about = f'"{clean(str(flow.get("name")))}" (id {clean(str(flow.get("id")))}), '
        key = f"{clean(str(document['key']))}: " if document.get("key") else ""
        before = f"{flow.get('status')}, before {document.get('before')}"
        when = f"{document.get('time')}, target {document.get('target')}"
        lines.append(style.strong(clean(backup.name)))
        lines.append(f"  {key}{about}{clean(before)}")
        lines.append(style.quiet(f"  {clean(when)}"))
    return "\n".join(lines) + "\n" if lines else "Nothing was written over yet.\n"


def backup_summary(backup: Backup) -> JsonValue:
    """Give what a backup is of, without its Flow JSON."""
    about = {key: value for key, value in backup.document.items() if key != "flow_json"}
    return {"name": backup.name, "file": backup.file.as_posix(), **about}

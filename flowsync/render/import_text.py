"""How an import went, as text and for reading by machine (schemas/import.schema.json)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flowsync.importing.values import Fate, FlowImport, Import
from flowsync.model import JsonValue
from flowsync.render.diagnostics_json import diagnostics_to_json
from flowsync.render.diff_text import render_diff
from flowsync.render.style import Style, clean, count

Result = tuple[FlowImport, Fate]

_WORDS = {
    Fate.WRITTEN: "written",
    Fate.WOULD_WRITE: "would write",
    Fate.KEPT: "kept",
    Fate.UNCHANGED: "unchanged",
    Fate.SKIPPED: "skipped",
    Fate.FAILED: "failed",
}
_IN_SUMMARY = (
    (Fate.WRITTEN, "written"),
    (Fate.WOULD_WRITE, "to be written"),
    (Fate.UNCHANGED, "unchanged"),
    (Fate.KEPT, "kept as they are"),
    (Fate.SKIPPED, "skipped"),
    (Fate.FAILED, "failed"),
)


def render_import(planned: Import, results: Iterable[Result], style: Style) -> str:
    """Give a line for each flow, the differences in files that exist, and a summary."""
    results = list(results)
    lines: list[str] = []
    for flow, fate in results:
        lines += _flow_lines(flow, fate, style)
    counts = Counter(fate for _, fate in results)
    parts = [f"{counts[fate]} {word}" for fate, word in _IN_SUMMARY if counts[fate]]
    summary = f"{count(len(results), 'flow')}" + (f": {', '.join(parts)}." if parts else ".")
    lines.append(style.strong(summary))
    if planned.left_out:
        flows = count(planned.left_out, "deprecated flow")
        lines.append(f"{flows} left out; --deprecated brings them, or the name of one.")
    if planned.without_flow:
        keys = clean(", ".join(planned.without_flow))
        lines.append(
            f"No flow of the account has the name of {keys}. If it was renamed there, write its "
            "new name into the definition, and import again."
        )
    if counts[Fate.KEPT]:
        lines.append("Files that exist were left as they are; --force writes what is shown.")
    if counts[Fate.WRITTEN]:
        lines.append("Next: flowsync plan.")
    return "\n".join(lines) + "\n"


def _flow_lines(flow: FlowImport, fate: Fate, style: Style) -> Iterator[str]:
    name = f'"{clean(flow.name)}" ({clean(flow.flow_id)}, {clean(flow.status)})'
    paint = {Fate.WRITTEN: style.good, Fate.WOULD_WRITE: style.good, Fate.UNCHANGED: style.quiet}
    word = paint.get(fate, style.changed)(_WORDS[fate])
    yield f"{word} {name}" + (f" as {clean(flow.key)}" if flow.key else "")
    if flow.reason:
        yield f"  {clean(flow.reason)}"
    for file in flow.files:
        path = file.path.as_posix()
        if file.before is None:
            yield f"  {style.good('+')} {clean(path)}"
        elif fate is Fate.WRITTEN:
            yield f"  {style.changed('~')} {clean(path)}"
        else:
            yield render_diff(path, file.before, file.after, style).rstrip("\n")
    for remark in flow.remarks:
        yield f"  {style.changed('note:')} {clean(remark)}"


def import_to_json(planned: Import, results: Iterable[Result]) -> dict[str, JsonValue]:
    """Give what was written, kept and skipped for reading by machine."""
    return {
        "format_version": "1.0",
        "flows": [
            {
                "id": flow.flow_id,
                "name": flow.name,
                "status": flow.status,
                "key": flow.key,
                "verdict": flow.verdict.value,
                "result": fate.value,
                "reason": flow.reason or None,
                "files": [
                    {"path": file.path.as_posix(), "is_new": file.before is None}
                    for file in flow.files
                ],
                "remarks": list(flow.remarks),
                "findings": diagnostics_to_json(flow.findings),
            }
            for flow, fate in results
        ],
        "deprecated_left_out": planned.left_out,
        "definitions_without_flow": list(planned.without_flow),
    }

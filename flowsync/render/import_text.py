"""What an import wrote, kept, skipped and why, with the differences of files that were there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flowsync.importing.values import Carried, Import, Result
from flowsync.render.diff_text import render_diff
from flowsync.render.style import Style, clean, count

_HEADS = {
    Result.CREATED: "new  ",
    Result.WOULD_CREATE: "would be new  ",
    Result.UPDATED: "updated  ",
    Result.WOULD_UPDATE: "would be updated  ",
    Result.KEPT: "differs, left as it is  ",
    Result.UNCHANGED: "",
    Result.SKIPPED: "not imported  ",
    Result.FAILED: "could not be written  ",
}
_WORDS = {
    Result.CREATED: "new",
    Result.WOULD_CREATE: "would be new",
    Result.UPDATED: "updated",
    Result.WOULD_UPDATE: "would be updated",
    Result.KEPT: "different but left alone",
    Result.UNCHANGED: "unchanged",
    Result.SKIPPED: "not imported",
    Result.FAILED: "could not be written",
}
_SIGNS = {
    Result.CREATED: "+",
    Result.WOULD_CREATE: "+",
    Result.UPDATED: "~",
    Result.WOULD_UPDATE: "~",
    Result.KEPT: "~",
    Result.UNCHANGED: " ",
    Result.SKIPPED: "!",
    Result.FAILED: "!",
}
_MOST_NAMED = 10


def render_import(
    found: Import, carried: Iterable[Carried], style: Style, *, verbose: bool = False
) -> str:
    """Give a paragraph for each flow with its files, and a summary; `verbose` adds the unchanged.

    New files are named, of files that were there the differences are shown.
    """
    carried = tuple(carried)
    counts = Counter(one.result for one in carried)
    lines = [
        line
        for one in carried
        if verbose or one.result is not Result.UNCHANGED
        for line in _paragraph(one, style)
    ]
    lines += [style.bad(f"The listing may not be whole: {clean(d)}.") for d in found.doubts]
    if found.gone:
        named = _named(found.gone)
        lines.append(
            style.changed(f"Not in the account, and left as they are here: {clean(named)}.")
        )
    lines.append(_summary(found, counts))
    return "\n".join((*lines, ""))


def _paragraph(one: Carried, style: Style) -> Iterator[str]:
    flow, result = one.flow, one.result
    paint = {"+": style.good, "~": style.changed, "!": style.bad}.get(_SIGNS[result], str)
    about = f'"{clean(flow.name)}"'
    about += f" (id {clean(flow.id)}, {clean(flow.status or '')})" if flow.id else ""
    head = f"{_SIGNS[result]} {clean(flow.key)}: " if flow.key else f"{_SIGNS[result]} "
    yield f"{paint(head)}{_HEADS[result]}{about}"
    for problem in (flow.problem, one.failure):
        if problem:
            yield f"    {style.bad(clean(problem))}"
    for remark in flow.remarks:
        yield f"    {style.changed('note:')} {clean(remark)}"
    for change in flow.files:
        path = change.path.as_posix()
        if change.before is None:
            yield f"    {style.good('new file')} {clean(path)}"
        else:
            yield from render_diff(path, change.before, change.after, style).splitlines()


def _summary(found: Import, counts: Counter[Result]) -> str:
    """Give the last line: how many flows there are for each result."""
    if not counts and not found.left_out:
        return "The account has no flows to import."
    said = ", ".join(
        f"{counts[result]} {word}" for result, word in _WORDS.items() if counts[result]
    )
    total = count(sum(counts.values()), "flow")
    left = len(found.left_out)
    tail = f" {count(left, 'deprecated flow')} left out (--deprecated)." if left else ""
    return f"{total}{': ' if said else ''}{said}.{tail}"


def _named(names: Iterable[str]) -> str:
    names = tuple(names)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more

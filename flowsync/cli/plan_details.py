"""What a plan shows beside the plan itself: raw differences, and graphs of the screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flowsync.formatting.flow_json import text_of_flow_json
from flowsync.model import FlowKey
from flowsync.plan.contents import Contents
from flowsync.plan.difference.screens import renamed_screens
from flowsync.render.diff_text import render_diff
from flowsync.render.style import Style, clean

if TYPE_CHECKING:
    from flowsync.render.flow_markdown import Attachment
    from flowsync.screen_graph import ScreenGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for with --diff raw, --before-after and --pictures.

    `pictures` are the changed screens of each flow with the files of their pictures.
    """

    raw_diffs: bool = False
    graphs: bool = False
    pictures: Mapping[FlowKey, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def graph_of(contents: Contents) -> ScreenGraph:
    """Give the screens of a flow, with what becomes of each where it had some before."""
    from flowsync.screen_graph import compare_graphs, read_graph

    after = read_graph(contents.after)
    if contents.before is None:
        return after
    renamed = renamed_screens(contents.before, contents.after)
    return compare_graphs(read_graph(contents.before), after, renamed)


def raw_diff(contents: Contents, key: FlowKey, style: Style) -> str:
    """Give what differs in a Flow JSON line by line, in canonical form; nothing where it is new."""
    if contents.before is None:
        return ""
    before, after = (text_of_flow_json(side) for side in (contents.before, contents.after))
    return render_diff(f"{key}.json", before, after, style)


def detail_lines(
    contents: Mapping[FlowKey, Contents], wanted: Wanted, style: Style
) -> dict[FlowKey, tuple[str, ...]]:
    """Give what stands below a flow in a text, as it was asked for."""
    return {key: tuple(_lines(both, key, wanted, style)) for key, both in contents.items()}


def _lines(contents: Contents, key: FlowKey, wanted: Wanted, style: Style) -> Iterator[str]:
    if wanted.graphs:
        from flowsync.render.graph_list import graph_lines

        yield "screens and ways:"
        yield from (f"  {line}" for line in graph_lines(graph_of(contents), style))
    for screen, file in wanted.pictures.get(key, ()):
        yield f"picture of {clean(screen)}: {clean(file)}"
    if wanted.raw_diffs:
        yield from raw_diff(contents, key, style).splitlines()


def attachments(
    contents: Mapping[FlowKey, Contents], wanted: Wanted
) -> dict[FlowKey, tuple[Attachment, ...]]:
    """Give what stands below a flow in Markdown.

    The graph of a flow is there where it is new or its ways change, or was asked for.
    """
    return {key: tuple(_attached(both, key, wanted)) for key, both in contents.items()}


def _attached(contents: Contents, key: FlowKey, wanted: Wanted) -> Iterator[Attachment]:
    from flowsync.render.flow_markdown import Attachment, pictured
    from flowsync.render.graph_mermaid import fits_mermaid, render_mermaid

    yield from (pictured(screen, file) for screen, file in wanted.pictures.get(key, ()))
    graph = graph_of(contents)
    has_changed = any(edge.mark.value for edge in graph.edges) or contents.before is None
    text = render_mermaid(graph, title=f"Screens of {key}")
    if (has_changed or wanted.graphs) and fits_mermaid(graph, text):
        title = "Screens, and what leads from one to another:"
        yield Attachment(title=title, language="mermaid", text=text)
    if wanted.raw_diffs and (diff := raw_diff(contents, key, Style())):
        yield Attachment(title="The Flow JSON, line by line:", language="diff", text=diff)

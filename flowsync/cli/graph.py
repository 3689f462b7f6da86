"""`flowsync graph`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowsync.cli.completing import complete_keys_or_files
from flowsync.cli.graph_sources import Drawn, read_both_sides, read_drawn
from flowsync.cli.options import Common, common_options
from flowsync.cli.plan import allow_empty_option
from flowsync.cli.saving import save_private
from flowsync.diagnostics import Severity
from flowsync.errors import FilesInvalid, FlowsyncError
from flowsync.render.diagnostics_text import render_diagnostics
from flowsync.render.style import count
from flowsync.validation.findings import placed
from flowsync.validation.flow_json import check_flow_json

if TYPE_CHECKING:
    from flowsync.screen_graph import ScreenGraph

_BY_SUFFIX = {".svg": "svg", ".dot": "dot", ".gv": "dot"}


@click.command(
    epilog="""\b
Examples:
  flowsync graph booking                           Mermaid, for Markdown
  flowsync graph booking --out booking.svg         a picture
  flowsync graph booking --format dot | dot -Tpdf > booking.pdf
  flowsync graph booking --before-after            what changes on the target, in colours
  flowsync graph export.json                       a Flow JSON without a definition"""
)
@click.argument("what", metavar="KEY|FILE.json|-", shell_complete=complete_keys_or_files)
@click.option(
    "--format",
    "output",
    type=click.Choice(["mermaid", "dot", "svg"]),
    help="Mermaid for Markdown, the language of Graphviz, or a picture. By default what the name "
    "of --out ends with (.svg, .dot, .gv), else Mermaid.",
)
@click.option(
    "--before-after",
    is_flag=True,
    help="Compare with what the target's remote has now, and mark what is new, removed, changed.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it to a file.",
)
@allow_empty_option
@common_options
def command(
    common: Common,
    what: str,
    output: str | None,
    before_after: bool,
    out: Path | None,
    allow_empty_remote: bool,
) -> None:
    """Draw the screens of a flow and what leads from one to another.

    KEY chooses one flow, by key or glob. A FILE of Flow JSON needs no definition, nor does stdin
    (-). Mistakes in it do not stop the drawing. Exit code 3 when it cannot be read or has no
    screens. Only --before-after asks the remote, and never writes to it.
    """
    if out == Path():
        raise click.UsageError("--out needs the name of a file.")
    if allow_empty_remote and not before_after:
        raise click.UsageError("--allow-empty-remote is of use with --before-after only.")
    drawn = read_drawn(common, what)
    graph, title = _graph_of(common, drawn, before_after, allow_empty_remote)
    suffix = "" if out is None else out.suffix.lower()
    form = output or _BY_SUFFIX.get(suffix, "mermaid")
    text = _rendered(common, graph, title, form)
    if out is None:
        common.console.show(text, form)
        return
    save_private(out, text, what="the graph", instead="Without --out it is printed.")
    common.console.progress(f"saved as {out}")


def _graph_of(
    common: Common, drawn: Drawn, before_after: bool, allow_empty_remote: bool
) -> tuple[ScreenGraph, str]:
    """Give what is to be drawn, and its name. Secrets are taken out of its texts."""
    from flowsync.screen_graph import compare_graphs, read_graph

    console = common.console
    if not before_after:
        if drawn.content is None:
            raise FlowsyncError(f'"{drawn.name}" names no Flow JSON, so there is nothing to draw.')
        graph = read_graph(console.redact_json(drawn.content.flow_json.value))
        _check_screens(common, drawn, graph)
        return graph, f"Screens of {drawn.name}"
    from flowsync.plan.difference.screens import renamed_screens

    if drawn.key is None:
        raise click.UsageError("--before-after needs the key of a flow; a file is on no remote.")
    target, found = read_both_sides(common, drawn, drawn.key, allow_empty_remote=allow_empty_remote)
    before, after = (console.redact_json(side) for side in (found.before, found.after))
    graph = read_graph(after)
    if found.after is not None:
        _check_screens(common, drawn, graph)
    compared = compare_graphs(read_graph(before), graph, renamed_screens(before, after))
    return compared, f"Screens of {drawn.name}, and what changes on {target}"


def _check_screens(common: Common, drawn: Drawn, graph: ScreenGraph) -> None:
    """Say what is wrong beside what is drawn. Raises `FilesInvalid` where nothing can be drawn."""
    assert drawn.content is not None
    value = drawn.content.flow_json.value
    findings = [*drawn.findings, *placed(check_flow_json(value), drawn.content.author)]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if not graph.has_defined_screens:
        common.console.note(render_diagnostics(errors, common.console.error_style))
        raise FilesInvalid(f"{drawn.name} has no screen with an id, so there is nothing to draw.")
    if errors:
        has = f"{drawn.name} has {count(len(errors), 'error')}"
        common.console.progress(f"{has}; `flowsync validate {drawn.name}` shows them")


def _rendered(common: Common, graph: ScreenGraph, title: str, output: str) -> str:
    title = common.console.redact(title)
    if output == "svg":
        from flowsync.render.graph_svg import render_svg

        return render_svg(graph, title=title)
    if output == "dot":
        from flowsync.render.graph_dot import render_dot

        return render_dot(graph, title=title)
    from flowsync.render.graph_mermaid import fits_mermaid, render_mermaid

    text = render_mermaid(graph, title=title)
    if not fits_mermaid(graph, text):
        common.console.progress(
            "Mermaid does not draw so large a flowchart with its usual limits; "
            "--format svg gives a picture"
        )
    return text

"""`flowsync rules`."""

from __future__ import annotations

import click

from flowsync.cli.console import Console
from flowsync.cli.options import format_option
from flowsync.render.rules_text import (
    explanations_to_json,
    render_explanations,
    render_rules,
    render_versions,
    rules_to_json,
    versions_to_json,
)
from flowsync.rule_book import explain
from flowsync.validation.catalogue import CATALOGUE, choose, in_groups
from flowsync.validation.versions import VERSIONS


@click.command(
    epilog="""\b
Examples:
  flowsync rules                all rules
  flowsync rules FS206          what one of them is about, with examples
  flowsync rules FS24 FS505     several; the beginning of an id means all that begin so
  flowsync rules INVALID_ROUTING_MODEL
                                those with this code of the platform
  flowsync rules --versions     the versions of Flow JSON, and what each changed"""
)
@click.argument("ids", nargs=-1, metavar="[ID|CODE]...")
@click.option("--versions", is_flag=True, help="Show the versions of Flow JSON instead.")
@format_option
@click.option("--no-color", is_flag=True, help="No colours.  [env: NO_COLOR]")
def command(ids: tuple[str, ...], versions: bool, output: str, no_color: bool) -> None:
    """List the rules that validate checks, or explain some of them.

    IDs and CODEs are those in square brackets behind a finding. An explanation says what the rule
    is about, how to mend it, and shows a file that fails with its very message, and one that
    passes.
    """
    if versions and ids:
        raise click.UsageError("--versions takes no rules.")
    console = Console(no_color=no_color)
    as_json = output == "json"
    if versions:
        if as_json:
            console.show_json(versions_to_json(VERSIONS))
        else:
            console.show(render_versions(VERSIONS, console.style))
    elif ids:
        explanations = [explain(rule) for rule in choose(ids)]
        if as_json:
            console.show_json(explanations_to_json(explanations))
        else:
            console.show(render_explanations(explanations, console.style))
    else:
        groups = in_groups(CATALOGUE.values())
        if as_json:
            console.show_json(rules_to_json(groups))
        else:
            console.show(render_rules(groups, console.style))

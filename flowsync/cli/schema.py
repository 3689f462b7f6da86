"""`flowsync schema`."""

from __future__ import annotations

import click

from flowsync.assets import SCHEMA_NAMES, schema_text


@click.command(
    epilog="""\b
Examples:
  flowsync schema flow > flow.schema.json
  then, as the first line of a definition, for editors with the YAML language server:
    # yaml-language-server: $schema=flow.schema.json"""
)
@click.argument("name", type=click.Choice(SCHEMA_NAMES))
def command(name: str) -> None:
    """Print a JSON Schema (draft 2020-12), the same that flowsync itself uses.

    flow: a definition. flowsync: flowsync.yaml. validation, plan and outcome: what `validate`,
    `plan` and `apply` give with --format json.
    """
    click.echo(schema_text(name), nl=False)

"""`flowsync schema`."""

from __future__ import annotations

import click

from flowsync.assets import FLOW_JSON, SCHEMA_NAMES, schema_text
from flowsync.cli.console import current_console
from flowsync.validation.versions import ACCEPTED

NAMES = (*SCHEMA_NAMES, FLOW_JSON, *(f"{FLOW_JSON}-{text}" for text in ACCEPTED))


@click.command(
    epilog="""\b
Names:
  flow             a definition
  flowsync         flowsync.yaml
  accounts         the accounts of a fleet in a file of their own
  fixtures         answers of an endpoint beside a definition: booking.fixtures.yaml
  scenarios        walks through a flow beside a definition: booking.scenarios.yaml
  flow-json        a Flow JSON of any version
  flow-json-7.3    a Flow JSON of one version, from 5.1 to 7.3
  validation       what validate gives with --format json
  plan, outcome    what plan and apply give with it
  why              what plan gives with --why
  events           a line of what they give with --format jsonl
  fleet            what they give with --format json for a target of many accounts
  failure          what a JSON report holds when a run ends by an error
  ids, status      what ids and status give with it
  import, test     what import and test give with it
\b
Examples:
  flowsync schema flow > flow.schema.json
  then, as the first line of a definition, for editors with the YAML language server:
    # yaml-language-server: $schema=flow.schema.json
\b
  flowsync schema flow-json > flow-json.schema.json
  then, in .vscode/settings.json (the platform refuses a "$schema" in the Flow JSON itself):
    "json.schemas": [{"fileMatch": ["flows/**/*.json"], "url": "./flow-json.schema.json"}]"""
)
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
def command(name: str) -> None:
    """Print a JSON Schema for your editor.

    Those of files that you write and of output (draft 2020-12) are what flowsync itself uses.
    Those of Flow JSON (draft-07) are made from the same tables as its checks, and say what the
    platform looks at first, names and shapes; `flowsync validate` says everything.
    """
    current_console().show_ready(schema_text(name), "json")

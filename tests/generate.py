"""Writes the files that are made from tables in the package: `python -m tests.generate`.

A test fails when a committed file is not what is made now.
"""

from __future__ import annotations

from pathlib import Path

from flowsync.assets import schema_file
from flowsync.render.json_text import readable_json
from flowsync.render.retries_markdown import render_retries
from flowsync.render.rules_markdown import render_reference
from flowsync.retry_policy import POLICY
from flowsync.rule_book import explain
from flowsync.validation.catalogue import CATALOGUE
from flowsync.validation.flow_schema import flow_schemas
from flowsync.validation.versions import VERSIONS
from tests.help_markdown import render_commands

ROOT = Path(__file__).parent.parent


def generated_files() -> dict[Path, str]:
    """Give the text of every generated file, by its path."""
    schemas = {
        ROOT / "schemas" / schema_file(name): readable_json(schema)
        for name, schema in flow_schemas().items()
    }
    reference = render_reference(map(explain, CATALOGUE.values()), VERSIONS)
    docs = ROOT / "docs"
    return {
        **schemas,
        docs / "rules.md": reference,
        docs / "retries.md": render_retries(POLICY),
        docs / "commands.md": render_commands(),
    }


def main() -> None:
    """Write all generated files."""
    for file, text in generated_files().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

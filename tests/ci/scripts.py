"""Write the scripts of workflows and actions into files, for shellcheck.

python -m tests.ci.scripts OUT FOLDER...
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


def scripts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Give a name and the text of every script below a folder."""
    for file in sorted(folder.rglob("*.yml")):
        read: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
        jobs = read.get("jobs") or {"action": read.get("runs", {})}
        for job, about in jobs.items():
            for number, step in enumerate(about.get("steps", ())):
                if "run" in step:
                    yield f"{file.stem}-{job}-{number}", step["run"]


def main(out: Path, folders: list[Path]) -> None:
    """Write them all, each under the name of its step."""
    out.mkdir(parents=True, exist_ok=True)
    for place, folder in enumerate(folders):
        for name, text in scripts_in(folder):
            (out / f"{place}-{name}.sh").write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])

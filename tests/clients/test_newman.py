"""A client that others wrote works against the emulated Graph API: Postman, by newman.

https://www.npmjs.com/package/newman. It runs where it is found, on the PATH or at FLOWSYNC_NEWMAN;
with FLOWSYNC_NEEDS_NEWMAN=1, as in CI, its absence is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.remotes.accounts import FORMS, emulated
from tests.support import TOKEN, flow_json

COLLECTION = Path(__file__).parent / "flows.postman_collection.json"
NEWMAN = os.environ.get("FLOWSYNC_NEWMAN") or shutil.which("newman")
IS_NEEDED = os.environ.get("FLOWSYNC_NEEDS_NEWMAN") == "1"


def newman() -> str:
    if NEWMAN is None or not Path(NEWMAN).exists():
        (pytest.fail if IS_NEEDED else pytest.skip)("newman is not installed: npm install newman")
    assert NEWMAN is not None
    return NEWMAN


def test_every_request_of_the_collection_is_answered_as_it_expects(tmp_path: Path) -> None:
    program = newman()
    (tmp_path / "flow.json").write_text(json.dumps(flow_json()), "utf-8")
    report = tmp_path / "report.json"
    with emulated(FORMS["graph"]) as account:
        spare = account.emptied("Spare")
        account.emptied("Beside")
        variables = {
            "base": account.url,
            "version": "v24.0",
            "token": TOKEN,
            "waba": account.account,
            "spare": spare,
        }
        ran = subprocess.run(
            [
                *(program, "run", str(COLLECTION), "--working-dir", str(tmp_path)),
                *("--reporters", "json", "--reporter-json-export", str(report)),
                *(
                    part
                    for name in variables
                    for part in ("--env-var", f"{name}={variables[name]}")
                ),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        names = {flow.name: flow.status for flow in account.platform.list_flows(account.account)}
    found = json.loads(report.read_text("utf-8"))["run"]
    assert [failure["error"]["message"] for failure in found["failures"]] == []
    assert ran.returncode == 0, ran.stderr
    asked = len(json.loads(COLLECTION.read_text("utf-8"))["item"])
    assert found["stats"]["requests"] == {"total": asked, "pending": 0, "failed": 0}
    assert found["stats"]["assertions"]["total"] > asked
    assert names == {"Beside": "DRAFT", "By Postman, renamed": "DEPRECATED"}

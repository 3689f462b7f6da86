"""Shared by tests: an emulated gateway with a request log, and a repository to write flows into."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from flowsync.cli.main import main
from flowsync.model import JsonValue
from flowsync.remotes.emulator.faults import FaultPlan, FaultSource, FaultsTogether
from flowsync.remotes.emulator.gateway_app import GatewayApp, GatewayOptions, default_account
from flowsync.remotes.emulator.platform import Platform
from flowsync.remotes.emulator.store import Store
from flowsync.remotes.gateway.client import GatewayRemote, gateway_reads
from flowsync.remotes.http import HttpClient
from flowsync.remotes.in_process import WsgiAdapter
from flowsync.remotes.operations import Operation
from flowsync.remotes.pace import Pace
from flowsync.remotes.retry import Retrier
from flowsync.retry_policy import Retry
from flowsync.validation.platform import upload_findings

TOKEN = "test-token-not-secret"


class EmulatedGateway:
    """The embedded emulator behind the gateway client, with what passed between them.

    `operations` are those that reached the emulator, in order; `sleeps` the seconds that the
    client wanted to wait (nothing really waits). `faults` come on top of those put in force later.
    `watch` is called with each operation before it is carried out, `check` gives the validation
    errors of an upload.
    """

    def __init__(
        self,
        dialect: str = "documented",
        *,
        path: str = ":memory:",
        faults: FaultSource | None = None,
    ) -> None:
        self.dialect = dialect
        self.account = default_account(dialect)
        self.store = Store(path)
        self.check: Callable[[bytes], list[dict[str, JsonValue]]] = upload_findings
        self.platform = Platform(self.store, lambda data: self.check(data))
        self.faults = FaultPlan()
        self.operations: list[Operation] = []
        self.sleeps: list[float] = []
        self.watch: Callable[[Operation], None] = lambda operation: None
        self._clock = 0.0
        options = GatewayOptions(dialect=dialect, accounts=(self.account,), token=TOKEN)
        self.app = GatewayApp(
            self.platform,
            options,
            FaultsTogether(self.faults, faults) if faults else self.faults,
            on_request=self._notice,
            sleep=self.sleep,
            clock=lambda: self._clock,
        )

    def _notice(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.watch(operation)

    @property
    def now(self) -> float:
        """Give the seconds that have passed on the clock."""
        return self._clock

    def sleep(self, seconds: float) -> None:
        """Note a wait and let the clock pass."""
        if seconds > 0:
            self.sleeps.append(seconds)
            self._clock += seconds

    def client(
        self,
        *,
        read_only: bool = False,
        token: str = TOKEN,
        on_retry: Callable[[Retry], None] = lambda retry: None,
        pace: Pace | None = None,
    ) -> GatewayRemote:
        """Give a new client of the emulated gateway."""
        pace = pace or Pace(clock=lambda: self._clock, sleep=self.sleep)
        http = HttpClient(
            base_url="https://gateway.test",
            credential=f"Bearer {token}",
            reads=gateway_reads(self.dialect, self.account),
            read_only=read_only,
            read_timeout=5,
            pace=pace,
            adapter=WsgiAdapter(self.app, sleep=self.sleep),
        )
        retrier = Retrier(
            pace=pace,
            on_retry=on_retry,
            clock=lambda: self._clock,
            sleep=self.sleep,
            jitter=lambda: 1.0,
        )
        return GatewayRemote(http, dialect=self.dialect, account=self.account, retrier=retrier)

    @property
    def counts(self) -> Counter[str]:
        """Give how often each operation reached the emulator."""
        return Counter(operation.value for operation in self.operations)


def flow_json(
    label: str = "E-mail", *, endpoint: bool = False, screen: str = "CONTACT"
) -> dict[str, JsonValue]:
    """Give a small valid Flow JSON."""
    root: dict[str, JsonValue] = {"version": "7.3"}
    if endpoint:
        root["data_api_version"] = "3.0"
        root["routing_model"] = {screen: []}
    return {
        **root,
        "screens": [
            {
                "id": screen,
                "title": "Contact us",
                "terminal": True,
                "layout": {
                    "type": "SingleColumnLayout",
                    "children": [
                        {"type": "TextInput", "name": "email", "label": label},
                        {
                            "type": "Footer",
                            "label": "Send",
                            "on-click-action": {
                                "name": "complete",
                                "payload": {"email": "${form.email}"},
                            },
                        },
                    ],
                },
            }
        ],
    }


class Repository:
    """A user's repository in a folder, and the command line run inside it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def flow(
        self,
        key: str,
        *,
        content: JsonValue = None,
        **fields: JsonValue,
    ) -> Path:
        """Write a definition and its Flow JSON; sensible fields where none are given."""
        file = self.root / "flows" / f"{key}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        asset = file.with_suffix(".json")
        asset.write_text(json.dumps(content or flow_json(), indent=2) + "\n", "utf-8")
        values: dict[str, JsonValue] = {
            "name": key.title(),
            "categories": ["OTHER"],
            "flow_json": asset.name,
            "state": "published",
            **fields,
        }
        file.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), "utf-8")
        return file

    def config(self, **targets: JsonValue) -> Path:
        """Write flowsync.yaml with these targets."""
        file = self.root / "flowsync.yaml"
        file.write_text(yaml.safe_dump({"version": 1, "targets": targets}), "utf-8")
        return file

    def run(
        self, *args: str, env: dict[str, str] | None = None, input: str | None = None
    ) -> Result:
        """Run flowsync in the repository, which must be the current folder."""
        return CliRunner().invoke(main, args, env=env, input=input)

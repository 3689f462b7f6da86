"""What plan and apply may ask of a remote: the nine operations, and its capabilities as data.

Values in, values out. Reads raise `RemoteError` when no trustworthy answer came. A write that
returns says only that the remote answered well: the proof is a read (design: an answer is a hint).
A write that raises with `outcome_unknown` may have taken effect.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from flowsync.model import AccountHealth, FlowId, Listing, PreviewLink, RemoteFinding, RemoteFlow
from flowsync.remotes.capabilities import Capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlow:
    """A flow to create; `clone_flow_id` names the flow whose Flow JSON it starts with.

    `flow_json` is what it starts with instead, and with `publishes` it goes live at once; both only
    where `creates_with_content` says so.
    """

    name: str
    categories: tuple[str, ...]
    endpoint_uri: str | None = None
    clone_flow_id: FlowId | None = None
    flow_json: str | None = None
    publishes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowUpdate:
    """The metadata to change; what is None stays as it is.

    `clears_endpoint` removes the endpoint; planned only where `can_clear_endpoint` says so.
    """

    name: str | None = None
    categories: tuple[str, ...] | None = None
    endpoint_uri: str | None = None
    clears_endpoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMessage:
    """A message that opens a flow on somebody's phone; `to` is a telephone number with country.

    With `is_draft` it opens the draft, which not every remote can.
    """

    to: str
    flow_id: FlowId
    header_text: str
    body_text: str
    footer_text: str
    flow_cta: str
    screen: str
    is_draft: bool = False


class Remote(ABC):
    """A service that holds the flows of one account. Methods may be called from several threads."""

    capabilities: Capabilities

    def seconds_to_wait(self) -> float:
        """Give how long a request that is made now is held back before it goes out."""
        return 0.0

    @abstractmethod
    def list_flows(self) -> Listing:
        """Give all flows of the account, with the doubts about the listing's wholeness.

        Raises `RemoteError` when the flows could not be listed at all.
        """

    @abstractmethod
    def get_flow(self, flow_id: FlowId) -> RemoteFlow:
        """Give one flow with its Flow JSON. Raises `RemoteError` when it could not be read."""

    @abstractmethod
    def preview_link(self, flow_id: FlowId) -> PreviewLink | None:
        """Give the platform's link that shows a flow in a browser; None where there is none.

        Only for a person who asked for it: the link carries a token (G-28).

        Raises `RemoteError` when the flow could not be read.
        """

    def account_health(self, *, with_keys: bool) -> AccountHealth | None:
        """Give what would keep the account from publishing; None where the remote cannot tell.

        `with_keys` asks also for the keys of endpoints. Raises `RemoteError`.
        """
        return None

    @abstractmethod
    def create_flow(self, flow: NewFlow) -> FlowId:
        """Create a flow and give the id that the remote named."""

    @abstractmethod
    def update_flow(self, flow_id: FlowId, update: FlowUpdate) -> None:
        """Change metadata; a published flow becomes a draft again, its live version stays up."""

    @abstractmethod
    def upload_flow_json(self, flow_id: FlowId, text: str) -> tuple[RemoteFinding, ...]:
        """Replace the draft's Flow JSON and give what the platform finds wrong with it."""

    @abstractmethod
    def publish_flow(self, flow_id: FlowId) -> None:
        """Make the draft the live version. Cannot be taken back."""

    @abstractmethod
    def deprecate_flow(self, flow_id: FlowId) -> None:
        """Retire a published flow. Cannot be taken back."""

    @abstractmethod
    def delete_flow(self, flow_id: FlowId) -> None:
        """Delete a draft. Cannot be taken back."""

    @abstractmethod
    def send_flow(self, message: FlowMessage) -> str:
        """Send a message that opens a flow, and give the id of the message or an empty text."""

"""Flow JSON behind links: fetched without the credential, from the hosts that are expected.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from flowsync.errors import RemoteRejected, RemoteUnavailable
from flowsync.model import Content, ContentState
from flowsync.remotes.http import Answer, HttpClient


class LinkExpired(RemoteRejected):
    """A link does not lead to Flow JSON any more; a new one has to be asked for."""


class LinkedContents:
    """Fetches Flow JSON; `http` holds no credential.

    `hosts` are globs of host names that links over https may lead to; what `base_url` names is
    allowed as it is.
    """

    def __init__(self, http: HttpClient, *, base_url: str, hosts: tuple[str, ...]) -> None:
        self._http, self._hosts = http, tuple(host.lower() for host in hosts)
        self._own = urlsplit(base_url)

    def fetch(self, link: str, what: str) -> Content:
        """Give the content that a link leads to; `what` names the request.

        Raises `RemoteRejected` for a link to somewhere else, `LinkExpired` for one that does not
        work any more, and `RemoteUnavailable` where no answer came.
        """
        self._check(link, what)
        answer = self._answer(link, what)
        if answer.status in {400, 401, 403, 404, 410}:
            raise LinkExpired(
                f"{what}: the link to the Flow JSON does not work (HTTP {answer.status}). Run "
                "the command again.",
                status=answer.status,
            )
        if answer.status != 200:
            raise RemoteUnavailable(
                f"{what}: the link to the Flow JSON answers HTTP {answer.status}. Run the "
                "command again later.",
                status=answer.status,
            )
        if not answer.is_json:
            note = "what its link leads to is no JSON that can be read"
            return Content(state=ContentState.UNKNOWN, note=note)
        return Content(state=ContentState.READ, value=answer.value)

    def _answer(self, link: str, what: str) -> Answer:
        try:
            return self._http.fetch(link)
        except RemoteUnavailable as exc:
            raise RemoteUnavailable(
                f"{what}: {exc}. Check that this machine reaches the hosts of `asset_hosts`, then "
                "run the command again.",
                mishap=exc.mishap,
            ) from exc

    def _check(self, link: str, what: str) -> None:
        try:
            parts = urlsplit(link)
            host = (parts.hostname or "").lower()
            own = (self._own.scheme, self._own.netloc) == (parts.scheme, parts.netloc)
        except ValueError:
            host, own = "", False
        is_known = any(fnmatchcase(host, pattern) for pattern in self._hosts)
        if own or (is_known and parts.scheme == "https" and "@" not in parts.netloc):
            return
        raise RemoteRejected(
            f"{what}: its Flow JSON would be fetched from {host[:80] or 'an unreadable address'}, "
            "which is none of the hosts of Meta. If that is right, add the host to `asset_hosts` "
            "of the target."
        )

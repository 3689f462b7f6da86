"""The encrypted protocol of the platform, as an endpoint meets it in production.

Needs the package `cryptography`, which is an extra: nothing else of flowsync does.
"""

from __future__ import annotations

from flowsync.errors import FlowsyncError


def require_cryptography() -> None:
    """Return where the package is there. Raises `FlowsyncError`, which says how to get it."""
    try:
        import cryptography  # noqa: F401  # to see whether it is there
    except ImportError as exc:
        raise FlowsyncError(
            "an encrypted endpoint needs the package cryptography, which is not installed. "
            'Install it with `pip install "flowsync[endpoint]"`, or use an endpoint that speaks '
            "plain JSON."
        ) from exc

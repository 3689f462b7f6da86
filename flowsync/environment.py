"""Environment variables whose names more than one module must know."""

from __future__ import annotations

# They hold credentials: never shown, and never put into definitions or Flow JSON.
SECRET_VARIABLES = frozenset({"FLOWSYNC_TOKEN", "FLOWSYNC_READ_TOKEN", "FLOWSYNC_SERVE_TOKEN"})

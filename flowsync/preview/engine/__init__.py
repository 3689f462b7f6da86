"""Runs a flow as a person meets it: from what they do to what shows next, without page or disk."""

from __future__ import annotations

from flowsync.preview.engine.completion import Completion, SummaryLine
from flowsync.preview.engine.data_sets import DataSet
from flowsync.preview.engine.exchange import Answer, Endpoint, ExchangeFailed, Request
from flowsync.preview.engine.log import LogEntry, LogKind
from flowsync.preview.engine.playing import Start
from flowsync.preview.engine.session import NotPossible, Session
from flowsync.preview.engine.snapshots import Snapshot

__all__ = [
    "Answer",
    "Completion",
    "DataSet",
    "Endpoint",
    "ExchangeFailed",
    "LogEntry",
    "LogKind",
    "NotPossible",
    "Request",
    "Session",
    "Snapshot",
    "Start",
    "SummaryLine",
]

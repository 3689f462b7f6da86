"""Text files read strictly, with the position of every key and value.

Problems are added to a list of `Diagnostic` values; a reader that found any gives None.
"""

from flowsync.sources.csv_text import Cell, Table, parse_csv
from flowsync.sources.documents import Document, Place, Pointer
from flowsync.sources.files import (
    MAX_FILE_BYTES,
    SHOWN_STDIN,
    STDIN,
    decode_text,
    file_like,
    is_file,
    leads_outside,
    read_text,
)
from flowsync.sources.json_text import parse_json, unparsed_json
from flowsync.sources.json_written import Written, read_written
from flowsync.sources.snapshot import Files, OnDisk, Snapshot
from flowsync.sources.variables import (
    VARIABLE,
    Variables,
    has_variable,
    replace_in_json_text,
    replace_in_text,
)
from flowsync.sources.yaml_text import parse_yaml

__all__ = [
    "MAX_FILE_BYTES",
    "SHOWN_STDIN",
    "STDIN",
    "VARIABLE",
    "Cell",
    "Document",
    "Files",
    "OnDisk",
    "Place",
    "Pointer",
    "Snapshot",
    "Table",
    "Variables",
    "Written",
    "decode_text",
    "file_like",
    "has_variable",
    "is_file",
    "leads_outside",
    "parse_csv",
    "parse_json",
    "parse_yaml",
    "read_text",
    "read_written",
    "replace_in_json_text",
    "replace_in_text",
    "unparsed_json",
]

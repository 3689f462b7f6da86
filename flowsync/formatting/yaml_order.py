"""Puts the fields of a definition in order by moving whole blocks of lines."""

from __future__ import annotations

from flowsync.formatting.key_order import definition_order
from flowsync.formatting.yaml_blocks import Block, BlockReader
from flowsync.model import mapping_in
from flowsync.sources import Document, Pointer
from flowsync.sources.yaml_layout import YamlLayout


def put_in_order(document: Document, layout: YamlLayout) -> str:
    """Give a definition's text with its fields, and those of its targets, in canonical order.

    Each field takes its comments along. A mapping in brackets is left to `yaml_spacing`; text
    with anchors keeps its order, because an alias must stand after its anchor.
    """
    fields = mapping_in(document.value)
    if layout.has_anchors or not fields:
        return document.text
    reader = BlockReader(document, layout)
    keys = reader.keys((), fields)
    if keys is None or not reader.is_block(()):
        return document.text
    first_key = next(iter(keys.values()))
    header = _end_of_header(reader, first_key)
    column = reader.indentation(first_key)
    blocks = reader.blocks(tuple(keys.values()), header, len(reader.lines), column)
    lines = list(reader.lines)
    by_key = dict(zip(keys, blocks, strict=True))
    if "targets" in by_key:
        _order_targets(reader, by_key["targets"], lines)
    return "\n".join(_arranged(by_key, lines, header))


def _end_of_header(reader: BlockReader, first_key: int) -> int:
    """Give the line after what stays at the top: directives and the first comments."""
    line = 0
    for number in range(first_key):
        if reader.is_content(number):
            line = number + 1
    while line < first_key and reader.is_comment(line):
        line += 1
    while line < first_key and not reader.lines[line].strip():
        line += 1
    return line


def _arranged(by_key: dict[str, Block], lines: list[str], header: int) -> list[str]:
    """Give all lines with the blocks in order; a header and a new first field are kept apart."""
    order = definition_order(by_key)
    if order == list(by_key):
        return lines
    moved: list[str] = []
    for key in order:
        moved += lines[by_key[key].start : by_key[key].end]
    blank = next((index for index, line in enumerate(moved) if line.strip()), 0)
    top = lines[:header]
    if top and top[-1].lstrip().startswith("#") and order[0] != next(iter(by_key)):
        top = [*top, ""]
    tail = lines[max(block.end for block in by_key.values()) :]
    return [*top, *moved[blank:], *tail]


def _order_targets(reader: BlockReader, whole: Block, lines: list[str]) -> None:
    """Put the fields of each target in order, in `lines`; the number of lines stays."""
    targets = mapping_in(mapping_in(reader.document.value)["targets"])
    keys = reader.keys(("targets",), targets) if targets and reader.is_block(("targets",)) else None
    if keys is None or next(iter(keys.values())) == whole.at:
        return
    starts = tuple(keys.values())
    column = reader.indentation(starts[0])
    blocks = reader.blocks(starts, whole.at + 1, whole.end, column)
    for name, block in zip(keys, blocks, strict=True):
        _order_target(reader, ("targets", name), block, lines)


def _order_target(reader: BlockReader, pointer: Pointer, whole: Block, lines: list[str]) -> None:
    fields = mapping_in(mapping_in(mapping_in(reader.document.value)["targets"])[str(pointer[1])])
    keys = reader.keys(pointer, fields) if len(fields) > 1 and reader.is_block(pointer) else None
    if keys is None or next(iter(keys.values())) == whole.at:
        return
    starts = tuple(keys.values())
    blocks = reader.blocks(starts, whole.at + 1, whole.end, reader.indentation(starts[0]))
    by_key = dict(zip(keys, blocks, strict=True))
    moved: list[str] = []
    for key in definition_order(by_key):
        moved += lines[by_key[key].start : by_key[key].end]
    lines[blocks[0].start : blocks[-1].end] = moved

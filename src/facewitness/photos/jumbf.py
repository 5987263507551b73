"""JUMBF (ISO/IEC 19566-5): boxes within boxes, some of which bear a label. Bounded whatever the bytes say.

The boxes are those of ISO base media files (ISO/IEC 14496-12), which are read here too. C2PA compresses some with
Brotli. The only module that imports brotli.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import brotli

MAX_BOXES = 20_000
"""Boxes looked at in one place. A bound of this project's own; a photo edited a hundred times has some 3,000."""
MAX_DEPTH = 12
"""Superboxes within one another; a C2PA assertion lies in the fourth."""
MAX_INFLATED = 16 * 1024 * 1024
"""Bytes that the compressed boxes in one place may grow to, all of them together."""
_MAX_LABEL = 300
_HAS_LABEL = 0b10


class Box(NamedTuple):
    """A box without its header. `content` ends early where the bytes do."""

    kind: bytes
    content: memoryview


class Superbox(NamedTuple):
    """A labelled box and the boxes in it, its description left out."""

    label: str
    boxes: list[Box]


def boxes(data: memoryview) -> Iterator[Box]:
    """The boxes that follow one another in `data`, up to the first whose length cannot be."""
    at = 0
    while at + 8 <= len(data):
        length, header = int.from_bytes(data[at : at + 4], "big"), 8
        if length == 1:
            length, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0:  # to the end
            length = len(data) - at
        if length < header:
            return
        yield Box(bytes(data[at + 4 : at + 8]), data[at + header : at + length])
        at += length


def superboxes(data: memoryview) -> Iterator[Superbox]:
    """Every superbox in `data`, in the order of their beginnings; those in compressed boxes too."""
    waiting, left, room = [(data, 0)], MAX_BOXES, MAX_INFLATED
    while waiting:
        content, depth = waiting.pop()
        inner = list(islice(boxes(content), left))
        left -= len(inner)
        if inner and inner[0].kind == b"jumd":
            yield Superbox(_label(inner[0].content), inner[1:])
        if depth == MAX_DEPTH:
            continue
        for box in reversed(inner):
            if box.kind == b"jumb":
                waiting.append((box.content, depth + 1))
            elif box.kind == b"brob":
                inflated = _inflated(box.content, room)
                room -= len(inflated)
                waiting.append((memoryview(inflated), depth + 1))


def _inflated(content: memoryview, room: int) -> bytes:
    """The boxes in a compressed one, as far as there is room; none where it is damaged."""
    try:
        return brotli.Decompressor().process(bytes(content), output_buffer_limit=room)[:room] if room else b""
    except brotli.error:
        return b""


def _label(description: memoryview) -> str:
    """The label in a description box: 16 bytes of type, one of flags, then the label and a zero byte."""
    head = bytes(description[: 17 + _MAX_LABEL])
    if len(head) < 17 or not head[16] & _HAS_LABEL:
        return ""
    return head[17:].partition(b"\0")[0].decode("utf-8", "replace")

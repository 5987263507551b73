"""Where each photo format keeps its C2PA manifest store (C2PA 2.2, appendix A, 'Embedding manifests').

Formats that can carry none, as BMP, have none. A store is a JUMBF superbox.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from PIL import Image

from facewitness.photos.jumbf import MAX_BOXES, boxes

_TIFF_TAG = 0xCD41
_USER_TYPE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_MAX_GIF = 32 * 1024 * 1024


def manifest_stores(image: Image.Image, data: bytes) -> list[bytes]:
    """The manifest stores of an opened image, `data` being the whole file; nothing is decoded for it.

    Costs microseconds where there is none: the file's parts are stepped over, not searched.
    """
    find = _FINDERS.get(image.format or "")
    try:
        return list(find(image, data)) if find else []
    except Exception:  # noqa: BLE001 - Pillow raises whatever the damage provokes
        return []


def _jpeg(image: Any, _: bytes) -> Iterator[bytes]:
    """APP11: `JP`, the box's number (2 bytes), the piece's (4), then its header again in each piece."""
    pieces: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for name, payload in image.applist:
        if name == "APP11" and payload[:2] == b"JP" and payload[12:16] == b"jumb":
            pieces.setdefault(payload[2:4], []).append((payload[4:8], payload[8:]))
    for numbered in pieces.values():
        first, *others = (piece for _, piece in sorted(numbered, key=lambda one: one[0]))
        header = 16 if first[:4] == b"\0\0\0\1" else 8
        yield first + b"".join(piece[header:] for piece in others)


def _png(_: Any, data: bytes) -> Iterator[bytes]:
    at = 8
    for _number in range(MAX_BOXES):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"caBX":
            yield data[at + 8 : at + 8 + length]
        at += 12 + length


def _webp(_: Any, data: bytes) -> Iterator[bytes]:
    at = 12
    for _number in range(MAX_BOXES):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"C2PA":
            yield data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _iso(_: Any, data: bytes) -> Iterator[bytes]:
    """A `uuid` box: user type (16 bytes), version and flags (4), a purpose that a zero byte ends, an offset (8)."""
    for box in islice(boxes(memoryview(data)), MAX_BOXES):
        if box.kind == b"uuid" and box.content[:16] == _USER_TYPE:
            _purpose, _end, rest = bytes(box.content[20:]).partition(b"\0")
            yield rest[8:]


def _tiff(image: Any, _: bytes) -> Iterator[bytes]:
    value = image.tag_v2.get(_TIFF_TAG)
    if isinstance(value, bytes):
        yield value


def _gif(_: Any, data: bytes) -> Iterator[bytes]:
    """An application extension before the first frame, in blocks of at most 255 bytes."""
    data = data[:_MAX_GIF]
    at = 13 + (2 << (data[10] & 7)) * 3 * (data[10] >> 7)
    while data[at] == 0x21:  # an extension; a frame begins with 0x2C
        is_application = data[at + 1] == 0xFF
        at += 2
        blocks = []
        while size := data[at]:
            blocks.append(data[at + 1 : at + 1 + size])
            at += 1 + size
        at += 1
        if is_application and blocks and blocks[0].startswith(b"C2PA_GIF"):
            yield b"".join(blocks[1:])


_FINDERS: dict[str, Callable[[Any, bytes], Iterator[bytes]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "AVIF": _iso,
    "HEIF": _iso,
    "TIFF": _tiff,
    "GIF": _gif,
}

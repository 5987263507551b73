"""IPTC IIM (version 4.2): the older captions of press and archive photos, in the JPEG's Photoshop block."""

from collections.abc import Iterator
from typing import Any

from PIL import Image

from facewitness.photos.text import clean, decoded

_IIM_RESOURCE = 0x0404
_TIFF_TAG = 0x83BB
_CHARSET = (1, 90)
_UTF8 = b"\x1b%G"
_FIELDS = {(2, 80): "creator", (2, 110): "credit", (2, 120): "caption", (2, 116): "rights"}

Dataset = tuple[tuple[int, int], bytes]


def iptc_facts(image: Image.Image) -> dict[str, Any]:
    """The fields of `EmbeddedFacts` that IPTC can fill; those it is silent or broken about are left out."""
    found: dict[str, list[str]] = {}
    is_utf8 = False
    for number, value in datasets(_block(image)):
        if number == _CHARSET:
            is_utf8 = value == _UTF8
        elif number in _FIELDS:
            text = clean(value.decode("utf-8", "replace")) if is_utf8 else decoded(value)
            if text:
                found.setdefault(_FIELDS[number], []).append(text)
    return {name: clean(", ".join(texts)) for name, texts in found.items()}


def datasets(block: bytes) -> Iterator[Dataset]:
    """The datasets of an IIM block as ((record, number), value), up to the first damaged one."""
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        number = (block[at + 1], block[at + 2])
        size = int.from_bytes(block[at + 3 : at + 5], "big")
        at += 5
        if size & 0x8000:  # extended: the low bits say how many bytes the size takes
            taken = size & 0x7FFF
            size = int.from_bytes(block[at : at + min(taken, 8)], "big")
            at += taken
        if at + size > len(block):
            return
        yield number, block[at : at + size]
        at += size


def _block(image: Image.Image) -> bytes:
    resources = image.info.get("photoshop")
    value = resources.get(_IIM_RESOURCE) if isinstance(resources, dict) else None
    tags = getattr(image, "tag_v2", None)
    if value is None and tags is not None:
        try:
            value = tags.get(_TIFF_TAG)
        except Exception:  # noqa: BLE001 - Pillow raises whatever the damage provokes
            return b""
    return value if isinstance(value, bytes) else b""

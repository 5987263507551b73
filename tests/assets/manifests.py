"""C2PA manifest stores written by hand, and photos that carry one; nothing of the reader is used.

Layouts: ISO/IEC 19566-5 for the boxes, C2PA 2.2 appendix A for the carriers. Signatures and hashes are left out.
"""

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import brotli
import cbor2
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

LABEL = "cawg.training-mining"
_REST_OF_TYPE = bytes.fromhex("00110010800000aa00389b71")
_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def box(kind: bytes, content: bytes, long: bool = False) -> bytes:
    """A box; with `long` its length takes eight bytes."""
    if long:
        return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, kind) + content


def superbox(kind: bytes, label: str, *inner: bytes) -> bytes:
    """A box of boxes with a label; `kind` is the four letters that its content type begins with."""
    description = kind + _REST_OF_TYPE + b"\3" + label.encode() + b"\0"
    return box(b"jumb", box(b"jumd", description) + b"".join(inner))


def entries(**uses: Any) -> dict[str, Any]:
    """An assertion's data: `ai_training="allowed"` is CAWG's entry of that name."""
    said = {f"cawg.{name}": use if isinstance(use, dict) else {"use": use} for name, use in uses.items()}
    return {"entries": said}


def assertion(data: Any, label: str = LABEL, kind: bytes = b"cbor") -> bytes:
    """An assertion in CBOR, or with `kind=b"json"` in JSON; bytes are taken as they are."""
    if not isinstance(data, bytes):
        data = cbor2.dumps(data) if kind == b"cbor" else json.dumps(data).encode()
    return superbox(kind, label, box(kind, data))


def manifest(*assertions: bytes, name: str = "urn:c2pa:one") -> bytes:
    """A manifest with a claim and what would be its signature."""
    return superbox(
        b"c2ma",
        name,
        superbox(b"c2as", "c2pa.assertions", assertion({"actions": []}, "c2pa.actions.v2"), *assertions),
        superbox(b"c2cl", "c2pa.claim.v2", box(b"cbor", cbor2.dumps({"instanceID": "xmp:iid:1"}))),
        superbox(b"c2cs", "c2pa.signature", box(b"cbor", cbor2.dumps([b"", {}, None, bytes(64)]))),
    )


def compressed(whole: bytes, name: str = "urn:c2pa:one") -> bytes:
    """A manifest in a compressed one."""
    return superbox(b"c2cm", name, box(b"brob", brotli.compress(whole, quality=5)))


def store(*manifests: bytes) -> bytes:
    """The manifest store; the last manifest is the active one."""
    return superbox(b"c2pa", "c2pa", *manifests)


def saying(**uses: Any) -> bytes:
    """A store of one manifest whose training-and-mining assertion has these entries."""
    return store(manifest(assertion(entries(**uses))))


def app11(whole: bytes, size: int = 60_000, number: int = 0x0211) -> list[bytes]:
    """The APP11 segments that carry a superbox, each with `size` bytes of it, behind its repeated header."""
    header, rest = whole[:8], whole[8:]
    pieces = [rest[at : at + size] for at in range(0, len(rest), size)]
    made = []
    for place, piece in enumerate(pieces, 1):
        payload = b"JP" + struct.pack(">HI", number, place) + header + piece
        made.append(b"\xff\xeb" + struct.pack(">H", len(payload) + 2) + payload)
    return made


def carried(picture: Image.Image, name: str, whole: bytes, heic: bytes = b"") -> bytes:
    """The picture as a file of that format with the store in it; a HEIC has to be given."""
    if name == "TIFF":
        return _tiff(picture, whole)
    if name == "HEIF":
        return _iso(heic, whole)
    stream = BytesIO()
    picture.save(stream, name)
    return _CARRIERS[name](stream.getvalue(), whole)


def in_jpeg(plain: bytes, whole: bytes) -> bytes:
    """A JPEG with the store put in."""
    return plain[:2] + b"".join(app11(whole)) + plain[2:]


def _png(plain: bytes, whole: bytes) -> bytes:
    chunk = struct.pack(">I", len(whole)) + b"caBX" + whole
    head = 8 + 25  # the signature and IHDR
    return plain[:head] + chunk + struct.pack(">I", zlib.crc32(chunk[4:])) + plain[head:]


def _webp(plain: bytes, whole: bytes) -> bytes:
    chunk = b"C2PA" + struct.pack("<I", len(whole)) + whole + b"\0" * (len(whole) % 2)
    body = plain[8:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _iso(plain: bytes, whole: bytes) -> bytes:
    """At the end, where it moves nothing that is found by its place in the file."""
    return plain + box(b"uuid", _UUID + bytes(4) + b"manifest\0" + bytes(8) + whole)


def _gif(plain: bytes, whole: bytes) -> bytes:
    head = 13 + 3 * 2 ** ((plain[10] & 7) + 1) if plain[10] & 0x80 else 13
    blocks = [whole[at : at + 255] for at in range(0, len(whole), 255)]
    carried = b"".join(bytes([len(block)]) + block for block in blocks)
    return plain[:head] + b"\x21\xff\x0bC2PA_GIF\1\0\0" + carried + b"\0" + plain[head:]


def _tiff(picture: Image.Image, whole: bytes) -> bytes:
    stream, tags = BytesIO(), ImageFileDirectory_v2()
    tags.tagtype[0xCD41] = 7
    tags[0xCD41] = whole
    picture.save(stream, "TIFF", tiffinfo=tags)
    return stream.getvalue()


_CARRIERS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "JPEG": in_jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "AVIF": _iso,
    "GIF": _gif,
}

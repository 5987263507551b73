"""CBOR (RFC 8949) from strangers: no more of it than the assertions of C2PA use, in plain Python that cannot crash.

Why not a library: docs/decisions/0008-reading-c2pa-without-its-library.md.
"""

import struct
from typing import Any

MAX_DEPTH = 16
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_CONSTANTS = {20: False, 21: True, 22: None, 23: None}
_INDEFINITE = 31
_BREAK = object()


def from_cbor(data: bytes) -> Any:
    """The first item: int, float, bytes, str, bool, None, list or dict; what a tag says of one is passed over.

    ValueError where it is cut short, nested more than `MAX_DEPTH` deep, not CBOR, or names a key twice.
    Time and memory are in proportion to the bytes, whatever lengths they claim.
    """
    try:
        item = _Reader(data).item(0)
    except TypeError:
        raise ValueError("a key that is a list or a map") from None
    if item is _BREAK:
        raise ValueError("an end of nothing")
    return item


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def item(self, depth: int) -> Any:
        """The next item, or `_BREAK`."""
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        kind, detail = divmod(self._take(1)[0], 32)
        if kind == 7:
            return self._simple(detail)
        size = self._size(detail)
        if kind in (0, 1, 6):
            if size is None:
                raise ValueError("a number without an end")
            return self.item(depth + 1) if kind == 6 else -1 - size if kind else size
        if kind in (2, 3):
            return self._string(kind, size, depth)
        return self._map(size, depth) if kind == 5 else self._list(size, depth)

    def _take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) < size:
            raise ValueError("cut short")
        self._at += size
        return piece

    def _size(self, detail: int) -> int | None:
        """The number after the first byte, None where the end is marked instead."""
        if detail < 24:
            return detail
        if detail == _INDEFINITE:
            return None
        if detail not in _SIZES:
            raise ValueError("a reserved length")
        return int.from_bytes(self._take(_SIZES[detail]), "big")

    def _simple(self, detail: int) -> Any:
        if detail == _INDEFINITE:
            return _BREAK
        if detail in _FLOATS:
            [value] = struct.unpack(_FLOATS[detail], self._take(_SIZES[detail]))
            return value
        if detail not in _CONSTANTS:
            raise ValueError("an unknown simple value")
        return _CONSTANTS[detail]

    def _string(self, kind: int, size: int | None, depth: int) -> bytes | str:
        if size is not None:
            piece = self._take(size)
            return piece.decode() if kind == 3 else piece
        pieces = self._list(None, depth)
        wanted = str if kind == 3 else bytes
        if not all(isinstance(piece, wanted) for piece in pieces):
            raise ValueError("a string of pieces that are none")
        return wanted().join(pieces)

    def _list(self, size: int | None, depth: int) -> list[Any]:
        items: list[Any] = []
        while size is None or len(items) < size:
            item = self.item(depth + 1)
            if item is _BREAK:
                if size is None:
                    return items
                raise ValueError("ended too early")
            items.append(item)
        return items

    def _map(self, size: int | None, depth: int) -> dict[Any, Any]:
        flat = self._list(None if size is None else 2 * size, depth)
        found = dict(zip(flat[::2], flat[1::2], strict=True))  # ValueError for a key without a value
        if len(found) < len(flat) // 2:
            raise ValueError("a key named twice")
        return found

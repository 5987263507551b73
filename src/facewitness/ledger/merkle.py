"""The Merkle tree of RFC 6962 section 2.1: leaf and node hashes, roots, inclusion and consistency proofs.

Proofs and roots read the hashes of complete subtrees through `NodeReader`, so that each costs
O(log n) reads however long the ledger grows. Indices count from 0; every hash is 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

NodeReader = Callable[[int, int], bytes]
"""`read(level, index)` gives the hash of the complete subtree over leaves [index·2^level, (index+1)·2^level)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed_nodes(size: int, leaf: bytes, read: NodeReader) -> list[tuple[int, int, bytes]]:
    """The complete subtrees that come into being when `leaf` is appended to a tree of `size` leaves.

    Gives (level, index, hash), the leaf itself first: on average two for each leaf.
    """
    nodes = [(0, size, leaf)]
    level, index, current = 0, size, leaf
    while index % 2:
        current = node_hash(read(level, index - 1), current)
        level, index = level + 1, index // 2
        nodes.append((level, index, current))
    return nodes


def root(size: int, read: NodeReader) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range_root(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: NodeReader) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return list(_path(index, 0, size, read))


def consistency_proof(old: int, new: int, read: NodeReader) -> list[bytes]:
    """The proof that the tree of `old` leaves is a prefix of that of `new` (RFC 6962 section 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    return list(_subproof(old, 0, new, True, read))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether `proof` leads from `leaf` at `index` to the root `expected` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            current = node_hash(sibling, current)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == expected


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `old` leaves is a prefix of `new` (RFC 9162 section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    position, last = old - 1, new - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(start: int, stop: int, read: NodeReader) -> bytes:
    """The root over leaves [start, stop); `start` is a multiple of the range's leading power of two."""
    count = stop - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_root(start, middle, read), _range_root(middle, stop, read))


def _path(index: int, start: int, stop: int, read: NodeReader) -> Iterator[bytes]:
    if stop - start == 1:
        return
    middle = start + _split(stop - start)
    if index < middle:
        yield from _path(index, start, middle, read)
        yield _range_root(middle, stop, read)
    else:
        yield from _path(index, middle, stop, read)
        yield _range_root(start, middle, read)


def _subproof(old: int, start: int, stop: int, whole: bool, read: NodeReader) -> Iterator[bytes]:
    """RFC 6962's SUBPROOF: `whole` says that the old tree's root over this range is known to the verifier."""
    if old == stop:
        if not whole:
            yield _range_root(start, stop, read)
        return
    middle = start + _split(stop - start)
    if old <= middle:
        yield from _subproof(old, start, middle, whole, read)
        yield _range_root(middle, stop, read)
    else:
        yield from _subproof(old, middle, stop, False, read)
        yield _range_root(start, middle, read)

"""The append-only ledger: entries, their Merkle tree, and the check that both still agree."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from facewitness.errors import BadInput, LedgerError
from facewitness.ledger import merkle
from facewitness.ledger.event import Event, commitment
from facewitness.terms.entry import Entry


class LedgerRows(Protocol):
    """Where entries and tree nodes are kept. All calls happen inside the caller's transaction."""

    def size(self) -> int:
        """How many entries there are."""
        ...

    def add_entry(self, entry: Entry) -> None:
        """Write an entry; it must fail where its index exists."""
        ...

    def add_nodes(self, nodes: list[tuple[int, int, bytes]]) -> None:
        """Write (level, index, hash) of complete subtrees."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree; LedgerError where it is missing."""
        ...

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries from index `start` on, in order."""
        ...


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The size of the ledger and its root: what an outsider keeps to catch a shortened or rewritten ledger."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.size}:{self.root.hex()}"

    @classmethod
    def parse(cls, text: str) -> "TreeHead":
        """Read `SIZE:ROOT` back; BadInput where it is not one."""
        size, _, root = text.strip().partition(":")
        if size.isdecimal() and len(root) == 2 * len(merkle.EMPTY_ROOT):
            try:
                return cls(int(size), bytes.fromhex(root))
            except ValueError:
                pass
        raise BadInput(f"{text!r} is not a tree head.", "Give it as `ledger verify` printed it: SIZE:ROOT.")


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole ledger found: its head as computed anew, and each defect in words."""

    head: TreeHead
    defects: tuple[str, ...]


class Ledger:
    """Appends events and reads the tree, over rows that belong to one open transaction."""

    def __init__(self, rows: LedgerRows) -> None:
        self._rows = rows
        self._size: int | None = None  # asked for once: nobody else appends within the transaction

    def append(self, event: Event) -> int:
        """Write one entry and the tree nodes it completes; gives its index."""
        entry = Entry(len(self), event.leaf(), event.seals)
        nodes = merkle.completed_nodes(entry.index, merkle.leaf_hash(entry.leaf), self._rows.node)
        self._rows.add_entry(entry)
        self._rows.add_nodes(nodes)
        self._size = entry.index + 1
        return entry.index

    def __len__(self) -> int:
        if self._size is None:
            self._size = self._rows.size()
        return self._size

    def head(self) -> TreeHead:
        """The present size and root, from the stored nodes."""
        return TreeHead(len(self), merkle.root(len(self), self._rows.node))

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries from index `start` on."""
        return self._rows.entries(start)

    def verify(self, kept: TreeHead | None = None) -> Verification:
        """Hash every entry anew, compare with the stored tree, and name each defect found.

        With `kept`, a tree head that was written down earlier, a ledger that was shortened or rewritten
        since then is found too; without it, only a change that did not also rewrite the tree is.
        """
        defects: list[str] = []
        roofs: dict[
            tuple[int, int], bytes
        ] = {}  # complete subtrees that have no parent yet: O(log n) of them
        count = 0
        root_then = merkle.EMPTY_ROOT if kept and kept.size == 0 else None

        def read(level: int, index: int) -> bytes:
            return roofs[level, index]

        for entry in self._rows.entries():
            if entry.index != count:
                defects.append(f"entry {count} is missing: entry {entry.index} stands in its place")
                break
            defects += _broken_seals(entry)
            for level, index, computed in merkle.completed_nodes(count, merkle.leaf_hash(entry.leaf), read):
                roofs.pop((level - 1, 2 * index), None)
                roofs.pop((level - 1, 2 * index + 1), None)
                roofs[level, index] = computed
                defects += self._differing(level, index, computed)
            count += 1
            if kept and count == kept.size:
                root_then = merkle.root(count, read)
        if not defects and count != self._rows.size():
            defects.append(f"{self._rows.size()} entries are counted in the tree, {count} are there")
        if kept:
            defects += _against(kept, count, root_then)
        return Verification(TreeHead(count, merkle.root(count, read)), tuple(defects))

    def _differing(self, level: int, index: int, computed: bytes) -> Iterator[str]:
        try:
            stored = self._rows.node(level, index)
        except LedgerError as error:
            yield error.what
            return
        if stored == computed:
            return
        if level == 0:
            yield f"entry {index} was altered: its bytes do not have the hash that the tree holds"
        else:
            yield f"tree node {level}/{index} does not follow from the entries below it"


def _broken_seals(entry: Entry) -> Iterator[str]:
    """Defects of the sealed details: those erased are fine, those present must open their commitment."""
    try:
        commitments = dict(json.loads(entry.leaf)["commitments"])
    except (ValueError, KeyError, TypeError):
        yield f"entry {entry.index} is not an entry: its bytes are not the JSON that Facewitness writes"
        return
    for sealed in entry.seals:
        erased = sealed.salt is None or sealed.value is None
        if not erased and commitment(sealed) != commitments.get(sealed.name):
            yield f"entry {entry.index}: {sealed.name!r} is not what was committed to"


def _against(kept: TreeHead, count: int, root_then: bytes | None) -> Iterator[str]:
    if root_then is None:
        yield f"the ledger was shortened: {kept.size} entries were seen before, {count} are left"
    elif root_then != kept.root:
        yield (
            f"the first {kept.size} entries are not those that were seen before: history was rewritten, "
            "or the head was not written down as it was"
        )

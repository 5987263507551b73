"""The ledger's tables inside one open transaction. It has the shape that `ledger.LedgerRows` asks for."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from facewitness.errors import LedgerError
from facewitness.store.tables import ledger_entry, ledger_node, ledger_seal
from facewitness.terms.entry import Entry, Seal

_LAST = sa.select(sa.func.max(ledger_node.c.position)).where(ledger_node.c.level == 0)
_NODE = sa.select(ledger_node.c.hash).where(
    ledger_node.c.level == sa.bindparam("level"), ledger_node.c.position == sa.bindparam("index")
)


class LedgerTables:
    """Rows of the ledger, read and appended on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def size(self) -> int:
        """How many entries the tree counts: its leaves, which no entry can be added without."""
        highest = self._connection.scalar(_LAST)
        return 0 if highest is None else int(highest) + 1

    def add_entry(self, entry: Entry) -> None:
        """Write an entry; its index is the primary key, so a second one of that index fails."""
        self._connection.execute(sa.insert(ledger_entry), {"position": entry.index, "leaf": entry.leaf})
        if entry.seals:
            self._connection.execute(
                sa.insert(ledger_seal),
                [
                    {"position": entry.index, "name": seal.name, "salt": seal.salt, "value": seal.value}
                    for seal in entry.seals
                ],
            )

    def add_nodes(self, nodes: list[tuple[int, int, bytes]]) -> None:
        """Write (level, index, hash) of complete subtrees."""
        self._connection.execute(
            sa.insert(ledger_node),
            [{"level": level, "position": index, "hash": digest} for level, index, digest in nodes],
        )

    def node(self, level: int, index: int) -> bytes:
        """The hash of one complete subtree; LedgerError where it is missing."""
        digest = self._connection.scalar(_NODE, {"level": level, "index": index})
        if digest is None:
            raise LedgerError(f"tree node {level}/{index} is missing")
        return _bytes(digest)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries from index `start` on, in order, streamed."""
        joined = (
            sa.select(ledger_entry, ledger_seal.c.name, ledger_seal.c.salt, ledger_seal.c.value)
            .outerjoin(ledger_seal)
            .where(ledger_entry.c.position >= start)
            .order_by(ledger_entry.c.position, ledger_seal.c.name)
        )
        rows = self._connection.execution_options(yield_per=1000).execute(joined)
        for index, group in groupby(rows, key=attrgetter("position")):
            members = list(group)
            seals = tuple(_seal(row) for row in members if row.name is not None)
            yield Entry(index, _bytes(members[0].leaf), seals)


def _seal(row: Any) -> Seal:
    salt = None if row.salt is None else _bytes(row.salt)
    return Seal(row.name, salt, None if row.value is None else str(row.value))


def _bytes(stored: object) -> bytes:
    """SQLite keeps what it is given: after tampering a column of bytes may hold text or a number."""
    return stored if isinstance(stored, bytes) else str(stored).encode()

"""A ledger entry as it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seal:
    """A personal detail that an entry only commits to. Salt and value are None once erased."""

    name: str
    salt: bytes | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry's index in the ledger (from 0), the bytes that the tree hashes, and its sealed details."""

    index: int
    leaf: bytes
    seals: tuple[Seal, ...]

"""What happened, provably: an append-only Merkle tree of acts."""

from facewitness.ledger.event import Event, seal
from facewitness.ledger.ledger import Ledger, LedgerRows, TreeHead, Verification

__all__ = ["Event", "Ledger", "LedgerRows", "TreeHead", "Verification", "seal"]

"""A ledger event: open facts in canonical JSON, personal details only as salted commitments.

The leaf encoding is frozen in `tests/unit/ledger/test_event.py`: ledgers written by one release have to
verify with every other.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from facewitness.errors import LedgerError
from facewitness.terms.actor import ActKind, Outcome
from facewitness.terms.entry import Seal

VERSION = 1


def seal(details: Mapping[str, str]) -> tuple[Seal, ...]:
    """Give each detail a salt of its own: 32 random bytes. What is not UTF-8 in a detail is written out."""
    return tuple(
        Seal(name, secrets.token_bytes(32), value.encode("utf-8", "backslashreplace").decode())
        for name, value in sorted(details.items())
    )


def commitment(sealed: Seal) -> str:
    """SHA-256 over salt ‖ value in UTF-8, hexadecimal: what stands in the entry in place of the value."""
    if sealed.salt is None or sealed.value is None:
        raise LedgerError(f"The sealed detail {sealed.name!r} was erased.")
    return hashlib.sha256(sealed.salt + sealed.value.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Event:
    """One act: what its entry says in the open, and what it only commits to."""

    act: ActKind
    outcome: Outcome
    actor: str
    door: str
    organisation: str
    at: datetime
    reason: str
    """Why it was allowed or refused, or how it failed."""
    facts: Mapping[str, str | int | float]
    """What is not personal: digests, counts, model, threshold."""
    seals: tuple[Seal, ...]
    """What may have to be erased one day: the purpose's words, names, paths."""

    def leaf(self) -> bytes:
        """The canonical JSON that the tree hashes: keys sorted, no spaces, UTF-8, non-ASCII kept."""
        body = {
            "v": VERSION,
            "act": self.act.value,
            "outcome": self.outcome.value,
            "actor": self.actor,
            "door": self.door,
            "organisation": self.organisation,
            "at": self.at.isoformat(timespec="microseconds"),
            "reason": self.reason,
            "facts": dict(self.facts),
            "commitments": {sealed.name: commitment(sealed) for sealed in self.seals},
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()

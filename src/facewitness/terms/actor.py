"""Who acts, on what, and what was decided about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from facewitness.terms.provenance import SourceId

SearchId = NewType("SearchId", str)


class ActKind(StrEnum):
    """The closed list of acts. Each writes exactly one ledger entry, whatever its outcome."""

    REGISTER = "register"
    AMEND = "amend"
    COLLECT = "collect"
    ENROL = "enrol"
    RECHECK = "recheck"
    SEARCH = "search"
    RECALL = "recall"
    SHOW = "show"
    WITHDRAW = "withdraw"
    REBUILD = "rebuild"
    CHECK = "check"


class Outcome(StrEnum):
    """How an act ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may see: the sources of one organisation, or some of them."""

    organisation: str
    sources: frozenset[SourceId] | None = None
    """None: all of the organisation's sources."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, the door they came through, and their scope."""

    name: str
    door: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Verdict:
    """An access decision and its reason; the reason is always shown."""

    allowed: bool
    reason: str

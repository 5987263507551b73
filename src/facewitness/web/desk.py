"""What the handlers share: the service, and what is held in memory between two requests."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from facewitness.errors import NotFound
from facewitness.service import Service
from facewitness.web.forms import Wish
from facewitness.web.probes import MINUTES, Choice, HeldProbe, Shelf
from facewitness.web.rechecks import Rechecks


@dataclass(frozen=True, slots=True)
class Draft:
    """A search that waits for its faces to be chosen: the keys of its probes, and what was asked."""

    probes: tuple[str, ...]
    wish: Wish


@dataclass(frozen=True, slots=True)
class Desk:
    """One per application."""

    service: Service
    rechecks: Rechecks
    probes: Shelf[HeldProbe] = field(default_factory=Shelf)
    drafts: Shelf[Draft] = field(default_factory=Shelf)
    searches: Shelf[tuple[Choice, ...]] = field(default_factory=Shelf)
    """The faces that a search was made with, by its id: to be looked at beside the candidates."""

    def hold(self, data: bytes) -> str:
        """Examine a probe and hold it; gives its key."""
        probe = HeldProbe.of(self.service, data)
        return self.probes.put(probe, probe.size)

    def probe(self, key: str) -> HeldProbe:
        """A probe that is still held, or NotFound."""
        if (probe := self.probes.get(key)) is None:
            raise _gone("probe")
        return probe

    def draft(self, key: str) -> Draft:
        """A search that waits, or NotFound."""
        if (draft := self.drafts.get(key)) is None:
            raise _gone("search")
        return draft


def _gone(what: str) -> NotFound:
    return NotFound(
        f"This {what} is no longer held.",
        f"Choose the photo again: a probe is kept in memory only, for {MINUTES} minutes at most.",
    )


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]

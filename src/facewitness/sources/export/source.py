"""An account export as a source of photos."""

import hashlib
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from facewitness.errors import BadInput
from facewitness.sources.export.facebook import FACEBOOK
from facewitness.sources.export.instagram import INSTAGRAM
from facewitness.sources.export.members import Member, Members
from facewitness.sources.export.names import PICTURES, TEXTS, ending, in_messages
from facewitness.sources.export.said import Photo, Said, Told
from facewitness.sources.export.takeout import TAKEOUT
from facewitness.sources.files import MAX_BYTES, printable
from facewitness.sources.folder import VIDEOS
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason


class Platform(Protocol):
    """Somebody whose exports are known."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def advice(self) -> str:
        """What to ask it for instead of HTML."""

    def is_known(self, members: Members) -> bool:
        """Whether there is an export of this platform that can be read."""

    def is_html(self, members: Members) -> bool:
        """Whether there is one that was made as HTML."""

    def told(self, members: Members) -> Iterator[Told]:
        """Every photo of the platform's that comes in or stays out, each once, in a fixed order."""


PLATFORMS: tuple[Platform, ...] = (INSTAGRAM, FACEBOOK, TAKEOUT)

_BROKEN = {SkipReason.BROKEN_ARCHIVE, SkipReason.NO_PERMISSION, SkipReason.UNREADABLE}
"""What is said of parts where nothing in an export is known: it may be for their sake."""


class ExportSource:
    """The photos of one account, from the export that its holder was given: a ZIP, or a folder with all parts.

    Of each photo come its caption, the time it was posted (of Takeout: taken) and its album or kind. Third
    persons' names, addresses of machines, messages, contacts and followers do not. Paths are those within the
    export, the same in whichever part a photo comes, zipped or unpacked.
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES) -> None:
        """BadInput where `root` holds no export that can be read; larger photos than `max_bytes` are refused."""
        self._root, self._max_bytes = os.path.realpath(root), max_bytes
        if not Path(self._root).exists():
            raise BadInput(f"There is no {printable(str(root))}.", "Give the export's ZIP, or its folder.")
        _check(Members(self._root), printable(str(root)))

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo; see `Source.arrivals`."""
        members = Members(self._root)
        yield from members.refusals
        given: set[str] = set()
        for platform in PLATFORMS:
            if platform.is_known(members):
                for one in platform.told(members):
                    if one.path not in given:
                        given.add(one.path)
                        yield self._arrival(members[one.path], one.said) if isinstance(one, Photo) else one
        for path in members.paths:
            if path not in given and (refusal := _left_over(path)):
                yield refusal

    def _arrival(self, member: Member, said: tuple[Said, ...]) -> Arrival | SkippedPhoto:
        if ending(member.path) in VIDEOS:
            return SkippedPhoto(member.path, SkipReason.NOT_AN_IMAGE, "a video, by its name")
        if (refusal := member.refusal(self._max_bytes)) is not None:
            return refusal
        digest = hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()
        return Arrival(
            path=member.path,
            fingerprint=f"{member.mark}-{digest[:16]}",
            observations=tuple(_observations(member.path, said)),
            read=partial(member.read, self._max_bytes),
        )


def _left_over(path: str) -> SkippedPhoto | None:
    """The refusal of a photo that no platform has shown to be the holder's; None for what is no photo."""
    if (message := in_messages(path)) and ending(path) not in TEXTS:
        return SkippedPhoto(message, SkipReason.NOT_THE_HOLDERS, "part of a message")
    if ending(path) not in PICTURES:
        return None
    return SkippedPhoto(path, SkipReason.NOT_THE_HOLDERS, "nothing in the export says whose it is")


def _observations(path: str, said: tuple[Said, ...]) -> Iterator[Observation]:
    """One for each place that names the photo. No file lies below a file, so `/#` is free."""
    for number, one in enumerate(said, start=1):
        yield Observation(
            locator=path if number == 1 else f"{path}/#{number}",
            page_url=one.page_url,
            page_title=one.title,
            caption=one.caption,
            captured_at=one.at,
        )


def _check(members: Members, root: str) -> None:
    """BadInput, with what to ask for instead, where nothing in it can be read as an export."""
    if any(one.is_known(members) for one in PLATFORMS):
        return
    for one in PLATFORMS:
        if one.is_html(members):
            raise BadInput(
                f"{root} is an export of {one.name} as HTML, which cannot be read reliably.", one.advice
            )
    broken = [
        f"{one.path}: {one.detail or one.reason}." for one in members.refusals if one.reason in _BROKEN
    ][:3]
    raise BadInput(
        " ".join([f"{root} holds no account export that is known.", *broken]),
        "Give the ZIP, or a folder with all its parts, of an export from Instagram or Facebook in the format "
        "JSON, or from Google Takeout with Google Photos.",
    )

"""What the index of a source's archives holds: records of images, and pages that show them."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from facewitness.sources.webarchive.pages import Embed
from facewitness.terms.provenance import Preference


class Kind(IntEnum):
    """What a record of an image is."""

    ORIGINAL = 0
    REVISIT = 1
    PERHAPS = 2
    """A revisit that does not say of what: of an image if its original is one."""


@dataclass(frozen=True, slots=True)
class Image:
    """A record of an image: where it is, what it says of itself, and for a revisit of which other one it is."""

    kind: Kind
    archive: int
    """Which of the source's archives, counted from 0."""
    offset: int
    record_id: str
    url: str
    at: datetime | None
    digest: str
    """Of the payload as the archive has it, empty where it has none."""
    preferences: tuple[Preference, ...]
    refers_id: str = ""
    refers_url: str = ""
    refers_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageCapture:
    """A page as it was captured once, with the images that it shows."""

    url: str
    title: str
    at: datetime | None
    preferences: tuple[Preference, ...]
    embeds: tuple[Embed, ...]


@dataclass(frozen=True, slots=True)
class Showing:
    """An image as one page shows it; the preferences are the page's."""

    page_url: str
    page_title: str
    caption: str
    preferences: tuple[Preference, ...]

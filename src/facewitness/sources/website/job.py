"""What a crawl is told: the source, its limits, and where to keep what is fetched."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from facewitness.sources.robots import PRODUCT


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one round through a website, and how gently it is asked. The figures are this project's own."""

    pages: int = 20_000
    images: int = 100_000
    addresses: int = 1_000_000
    """That are remembered: a few sitemaps could name billions."""
    bytes: int = 64 * 1024 * 1024
    """Of one response."""
    seconds: float = 60.0
    """For one response, from asking to its last byte."""
    depth: int = 30
    """Links from the start: where a calendar's next months end."""
    variants: int = 1_000
    """Pages of one path that differ in their query alone."""
    repeats: int = 3
    """How often one step may stand in a path: `/a/b/a/b/a/b/` is what a wrong relative link makes."""
    steps: int = 20
    """Steps of a path."""
    at_once: int = 2
    """Requests under way at the same time."""
    delay: float = 0.5
    """Seconds between requests to a host, at least; AutoThrottle makes more of it where the host is slow."""
    throttle: bool = True
    """Whether AutoThrottle is on."""
    longest_delay: float = 60.0
    """Seconds that AutoThrottle or a `Crawl-delay` may ask for."""
    file_bytes: int = 1_000_000_000
    """An archive that has grown beyond it is followed by another."""


def archive_of(keep: Path) -> Path:
    """The folder of a source's archives, in the source's own folder."""
    return keep / "archive"


class Follow(StrEnum):
    """What leads from one address to the next."""

    PAGES = "pages"
    """Links and images of HTML pages, and sitemaps."""
    MANIFESTS = "manifests"
    """IIIF manifests and collections, and nothing else."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the child process is to do, as it is handed to it in JSON."""

    source_id: str
    start: str
    scope: tuple[str, ...]
    keep: str
    operator: str
    contact: str
    limits: Limits = Limits()
    revisit: str = ""
    """A file of addresses to ask for again (see `wanted`); empty: the site is gone through."""
    follow: Follow = Follow.PAGES
    withdrawn: tuple[str, ...] = ()
    """SHA-256 of photos that must not come back."""

    @property
    def agent(self) -> str:
        """The `User-Agent`."""
        return f"Facewitness/{software_version()} (+{self.contact})"

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """What `to_json` wrote."""
        read = json.loads(text)
        read |= {"scope": tuple(read["scope"]), "withdrawn": tuple(read["withdrawn"])}
        read |= {"follow": Follow(read["follow"]), "limits": Limits(**read["limits"])}
        return cls(**read)


@cache
def software_version() -> str:
    """The version that is installed; `0` where the package is run from a folder and not installed."""
    try:
        return version(PRODUCT)
    except PackageNotFoundError:
        return "0"

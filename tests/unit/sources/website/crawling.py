"""Crawls of small sites for the tests of this kind, and what is kept of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from facewitness.sources.website import Limits, WebsiteCollector, collected, scope_of
from facewitness.terms.collecting import Collected, FetchRefusal
from facewitness.terms.provenance import Arrival, LegalBasis, SkippedPhoto, SourceId, SourceKind, SourceRecord
from tests.assets.site import Page, Site

IMAGE = "image/jpeg"
QUICK = Limits(delay=0.0, throttle=False, seconds=2.0, at_once=4)


def record(start: str, *scope: str) -> SourceRecord:
    """A registered website."""
    return SourceRecord(
        id=SourceId("our-site"),
        name="Our site",
        kind=SourceKind.WEBSITE,
        location=start,
        steward="A. Steward",
        basis=LegalBasis.LICENCE,
        licence="",
        note="",
        organisation="The Archive",
        registered_at=datetime(2024, 5, 1, tzinfo=UTC),
        scope=scope,
    )


def photo(name: str, **more: Any) -> Page:
    """What begins like a JPEG, of its own for each name."""
    return replace(Page(b"\xff\xd8\xff\xe0" + name.encode() * 20, content_type=IMAGE), **more)


def page(*shown: str, links: Sequence[str] = (), head: str = "", **more: Any) -> Page:
    """A page that shows these images and links to these pages."""
    images = "".join(f'<img src="{name}" alt="of {name}">' for name in shown)
    anchors = "".join(f'<a href="{name}">{name}</a>' for name in links)
    text = (
        f"<!doctype html><html><head><title>A page</title>{head}</head><body>{images}{anchors}</body></html>"
    )
    return replace(Page(text), **more)


def collector(
    site: Site, keep: Path, *scope: str, start: str = "/", limits: Limits = QUICK
) -> WebsiteCollector:
    """The collector of a site; without a scope of its first host alone."""
    address = start if "://" in start else site.url(start)
    return WebsiteCollector(record(address, *scope), keep, "https://archive.example/contact", limits)


def crawl(site: Site, keep: Path, *scope: str, start: str = "/", limits: Limits = QUICK) -> Collected:
    """A round through the site."""
    return collector(site, keep, *scope, start=start, limits=limits).collect(lambda _: None)


def everything(site: Site, keep: Path, *scope: str) -> list[Arrival | SkippedPhoto]:
    """All that was collected, read back."""
    return list(collected(keep, scope_of(record(site.url(), *scope))).arrivals())


def arrived(site: Site, keep: Path, *scope: str) -> list[str]:
    """The paths of the images that arrive, in order of their names."""
    found = (one for one in everything(site, keep, *scope) if isinstance(one, Arrival))
    urls = (one.observations[0].image_url for one in found)
    return sorted(url.partition(f":{site.port}")[2] for url in urls)


def serving(pages: Mapping[str, Page | str]) -> Iterator[Site]:
    """The site while it serves."""
    with Site(pages) as site:
        yield site


def refused(counts: Collected) -> dict[FetchRefusal, int]:
    """What was refused, by reason."""
    return {FetchRefusal(reason): number for reason, number in counts.refused.items()}


@dataclass(frozen=True)
class Archived:
    """A record as other software reads it: headers by lower-case names, content without HTTP headers."""

    said: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """`WARC-Type`."""
        return self.said["warc-type"]

    @property
    def url(self) -> str:
        """`WARC-Target-URI`, empty where there is none."""
        return self.said.get("warc-target-uri", "")


def records_of(keep: Path) -> list[Archived]:
    """All records that were kept, as warcio reads them, its check of digests on."""
    found = []
    for file in sorted((keep / "archive").iterdir()):
        with file.open("rb") as stream:
            for one in ArchiveIterator(stream, check_digests="raise"):
                said = {name.lower(): value for name, value in one.rec_headers.headers}
                found.append(Archived(said, one.raw_stream.read()))
    return found

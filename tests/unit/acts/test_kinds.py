"""One search goes over photos of every kind of source, and each candidate says where it came from."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.terms.candidate import Provenance
from tests.assets import exports
from tests.assets.site import Page, Site

from ..sources.webarchive.crawls import SITE, Crawl
from ..sources.webarchive.test_wacz import write as write_wacz
from .banks import DETAILS, shrunk

JPEG = "image/jpeg"
BASES = {
    "album": "own-work",
    "export": "consent",
    "iiif": "licence",
    "shards": "licence",
    "webarchive": "public-archive-mandate",
    "website": "licence",
}


def portrait(portraits: Path, side: int) -> bytes:
    """A photo of one person, another one for each size."""
    written = io.BytesIO()
    shrunk(portraits / "obama.jpg", side).save(written, "JPEG")
    return written.getvalue()


def folder(place: Path, portraits: Path) -> Path:
    place.mkdir()
    (place / "a.jpg").write_bytes(portrait(portraits, 300))
    return place


def export(place: Path, portraits: Path) -> Path:
    posts = [{"media": [{"uri": "media/posts/a.jpg", "creation_timestamp": exports.TIME, "title": "Me"}]}]
    photo = portrait(portraits, 310)
    return exports.write_zip(
        place, {"content/posts_1.json": exports.as_meta(posts), "media/posts/a.jpg": photo}
    )


def shard(place: Path, portraits: Path) -> Path:
    said = {"url": "https://example.org/b.jpg", "caption": "At the desk"}
    with tarfile.open(place, "w") as tar:
        for name, data in (("b.jpg", portrait(portraits, 320)), ("b.json", json.dumps(said).encode())):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return place


def wacz(place: Path, portraits: Path) -> Path:
    crawl = Crawl()
    crawl.page("rally", "<img src='c.jpg' alt='On the stage'>", "<title>Rally</title>")
    crawl.response(f"{SITE}/c.jpg", portrait(portraits, 330))
    crawl.photo("reserved.jpg", headers=[("TDM-Reservation", "1")])
    return write_wacz(place, {"archive/data.warc.gz": crawl.data()})


@pytest.fixture
def site(portraits: Path) -> Iterator[Site]:
    shown = "<title>Team</title><img src='/d.jpg' alt='Our speaker'><img src='/shy.jpg'><a href='/gone'>x</a>"
    manifest = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "type": "Manifest",
        "id": "http://127.0.0.1:{port}/manifest.json",
        "label": {"en": ["Papers"]},
        "rights": "http://creativecommons.org/publicdomain/mark/1.0/",
        "items": [
            {
                "type": "Canvas",
                "id": "http://127.0.0.1:{port}/canvas/1",
                "label": {"en": ["Leaf 1"]},
                "items": [{"type": "AnnotationPage", "items": [{
                    "type": "Annotation",
                    "motivation": "painting",
                    "body": {"type": "Image", "id": "http://127.0.0.1:{port}/leaf.jpg"},
                }]}],
            }
        ],
    }  # fmt: skip
    pages: dict[str, Page | str] = {
        "/": Page(shown),
        "/d.jpg": Page(portrait(portraits, 340), content_type=JPEG),
        "/shy.jpg": Page(portrait(portraits, 350), (("X-Robots-Tag", "noimageai"),), content_type=JPEG),
        "/manifest.json": Page(json.dumps(manifest), content_type="application/json"),
        "/leaf.jpg": Page(portrait(portraits, 360), content_type=JPEG),
    }
    with Site(pages) as site:
        yield site


@pytest.fixture
def service(tmp_path: Path, site: Site, portraits: Path) -> Iterator[Service]:
    """A bank with a source of each kind."""
    places = {
        "export": str(export(tmp_path / "instagram-holder.zip", portraits)),
        "shards": str(shard(tmp_path / "00000.tar", portraits)),
        "webarchive": str(wacz(tmp_path / "crawl.wacz", portraits)),
        "website": site.url(),
        "iiif": site.url("/manifest.json"),
    }
    with Service.open(tmp_path / "bank", actor="tester", contact="https://archive.example/us") as service:
        service.enrol(folder(tmp_path / "photos", portraits), **DETAILS)
        for kind, place in places.items():
            record = service.add_source(kind, place, SourceDetails(kind, "A. Steward", BASES[kind]))
            if service.is_on_the_web(record):
                service.collect_source(record.id)
            assert service.enrol_source(record.id).photos == 1
        yield service


def test_one_search_returns_candidates_from_every_kind_of_source(
    service: Service, site: Site, portraits: Path
) -> None:
    listed = service.search(portraits / "obama2.jpg", purpose="test the search")
    origins: dict[str, Provenance] = {
        one.capture.source_id: one for candidate in listed.candidates for one in candidate.captures
    }
    assert {name: origin.source_basis.value for name, origin in origins.items()} == BASES
    seen = {name: origin.capture.observation for name, origin in origins.items()}
    assert (seen["export"].caption, seen["shards"].image_url) == ("Me", "https://example.org/b.jpg")
    assert [(seen[name].page_url, seen[name].page_title, seen[name].caption) for name in
            ("webarchive", "website", "iiif")] == [
        (f"{SITE}/rally", "Rally", "On the stage"),
        (site.url("/"), "Team", "Our speaker"),
        (site.url("/manifest.json"), "Papers", "Leaf 1"),
    ]  # fmt: skip
    assert seen["iiif"].licence == "http://creativecommons.org/publicdomain/mark/1.0/"
    for name in ("webarchive", "website", "iiif", "export"):
        assert seen[name].captured_at is not None, name
    for name in ("webarchive", "website", "iiif"):
        opened = service.archived_copy(origins[name].capture.id)
        assert opened.copy.target_uri == seen[name].image_url
        assert opened.copy.body == service.photo_bytes(origins[name].capture.photo_id)


def test_what_was_refused_is_in_each_report_by_its_reason(service: Service) -> None:
    assert service.source_report("webarchive").skipped == {"rights reserved against data mining": 1}
    fetched = service.source_report("website").fetched
    assert (fetched["pages"], fetched["images"]) == (1, 1)
    assert {name: number for name, number in fetched.items() if name.startswith("refused")} == {
        "refused: not there": 1,
        "refused: rights reserved": 1,
    }

"""The images of archives arrive with what the manifests in the same archives say of them."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facewitness.sources import Scoped, UrlScope
from facewitness.sources.iiif import IiifSource
from facewitness.sources.iiif import index as room
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.webarchive.documents import Document
from facewitness.terms.provenance import Arrival, Observation, Preference, SkippedPhoto, SkipReason
from tests.unit.sources.webarchive.crawls import LATER, Crawl, photo

from .manifests import SITE, URL, canvas, canvas2, image, image2, manifest, manifest2, service, written

JSON = "application/ld+json"
TOLD = {
    "rights": "http://rightsstatements.org/vocab/NoC-US/1.0/",
    "homepage": [{"id": f"{SITE}/rally", "format": "text/html"}],
    "requiredStatement": {"label": {"en": ["By"]}, "value": {"en": ["By the museum"]}},
}


def crawl(*trees: Any, url: str = URL) -> Crawl:
    """An archive of these documents, the first at URL, and of one photo."""
    made = Crawl()
    for number, tree in enumerate(trees):
        made.response(f"{url}{number or ''}", written(tree), JSON)
    made.response(f"{SITE}/1.jpg", photo("1"))
    return made


def given(made: Crawl, root: Path) -> list[Arrival | SkippedPhoto]:
    return list(IiifSource.collected(made.save(root / "a.warc.gz")).arrivals())


def seen(made: Crawl, root: Path) -> list[Observation]:
    """All observations of all arrivals."""
    return [one for found in given(made, root) if isinstance(found, Arrival) for one in found.observations]


def refused(made: Crawl, root: Path) -> list[tuple[str, SkipReason, str]]:
    return [(one.path, one.reason, one.detail) for one in given(made, root) if isinstance(one, SkippedPhoto)]


def test_an_image_arrives_with_what_its_manifest_and_canvas_say(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image(), label={"en": ["Front"]}), **TOLD, navDate="1956-10-23T00:00:00Z"))
    (found,) = given(made, tmp_path)
    assert isinstance(found, Arrival)
    (one,) = found.observations
    assert (one.page_url, one.page_title) == (f"{SITE}/rally", "The rally")
    assert one.caption == "Front; Date: 1956-10-23; By the museum"
    assert one.licence == "http://rightsstatements.org/vocab/NoC-US/1.0/"
    assert (one.image_url, one.captured_at) == (f"{SITE}/1.jpg", datetime(2024, 5, 1, 12, tzinfo=UTC))
    assert one.record is not None
    assert one.record.file == "a.warc.gz"
    assert found.read() == photo("1")


def test_without_a_homepage_the_page_is_the_manifest(tmp_path: Path) -> None:
    (one,) = seen(crawl(manifest2(canvas2(image2()), attribution="By A", license="In words")), tmp_path)
    assert (one.page_url, one.page_title, one.caption, one.licence) == (
        URL,
        "The rally",
        "p. 1; By A",
        "In words",
    )


def test_what_stands_nearer_to_the_image_goes_before_what_the_manifest_says(tmp_path: Path) -> None:
    own = {"rights": f"{SITE}/canvas-terms", "homepage": f"{SITE}/page", "attribution": "By B"}
    (one,) = seen(crawl(manifest(canvas(image(), **own), **TOLD)), tmp_path)
    assert (one.page_url, one.caption, one.licence) == (f"{SITE}/page", "By B", f"{SITE}/canvas-terms")
    (one,) = seen(crawl(manifest(canvas(image(rights=f"{SITE}/image-terms"), **own), **TOLD)), tmp_path)
    assert one.licence == f"{SITE}/image-terms"


def test_an_image_on_several_canvases_is_observed_on_each(tmp_path: Path) -> None:
    pages = [
        canvas(image(), image(rights="B"), name=name, label={"none": [name]}) for name in ("r", "v", "v")
    ]
    made = crawl(manifest(*pages), manifest(pages[0], label="Again"))
    (found,) = given(made, tmp_path)
    assert isinstance(found, Arrival)
    said = [(one.page_title, one.caption) for one in found.observations]
    assert said == [("The rally", "r"), ("The rally", "v"), ("The rally", "v"), ("Again", "r")]
    locators = [one.locator for one in found.observations]
    assert len(set(locators)) == 4
    assert all(one.startswith(f"{found.path}/#") for one in locators)


def test_a_locator_stays_when_other_canvases_come_before(tmp_path: Path) -> None:
    (before,) = seen(crawl(manifest(canvas(image()))), tmp_path)
    (after,) = seen(crawl(manifest(canvas(name="0"), canvas(image()))), tmp_path)
    assert after.locator.partition("/#")[2] == before.locator.partition("/#")[2]


def test_no_more_canvases_are_named_than_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_SHOWINGS", 3)
    made = crawl(manifest(*(canvas(image(), name=str(number)) for number in range(9))))
    assert len(seen(made, tmp_path)) == 3


def test_an_image_that_no_manifest_names_stays_out(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image()), logo=[image(f"{SITE}/logo.png")]))
    at = made.response(f"{SITE}/logo.png", photo("logo"))
    told = f"no manifest names it: {SITE}/logo.png"
    assert refused(made, tmp_path) == [(f"a.warc.gz@{at}", SkipReason.OUT_OF_SCOPE, told)]
    assert len(seen(made, tmp_path)) == 1


@pytest.mark.parametrize(
    "url", [f"{SITE}/image/1/full/max/0/default.jpg", f"{SITE}/1.jpg", "http://museum.example/1.jpg"]
)
def test_an_image_is_known_by_its_own_address_and_by_that_of_its_service(tmp_path: Path, url: str) -> None:
    made = Crawl()
    made.response(URL, written(manifest(canvas(image(service=[service()])))), JSON)
    made.response(url, photo("1"))
    assert [one.image_url for one in seen(made, tmp_path)] == [url]


def test_an_image_is_known_where_its_address_led_on_to(tmp_path: Path) -> None:
    made = Crawl()
    made.response(URL, written(manifest(canvas(image()))), JSON)
    made.response(f"{SITE}/1.jpg", b"", status="302 Found", headers=[("Location", "/there")])
    made.response(f"{SITE}/there", b"", status="303 See Other", headers=[("Location", "/moved.jpg")])
    made.response(f"{SITE}/moved.jpg", b"", status="301 Moved", headers=[("Location", "/1.jpg")])
    made.response(f"{SITE}/moved.jpg", photo("1"))
    assert [one.image_url for one in seen(made, tmp_path)] == [f"{SITE}/moved.jpg"]


def test_two_images_of_a_canvas_that_led_on_to_one_are_one_appearance(tmp_path: Path) -> None:
    old = [image(f"{SITE}/{name}", rights=name) for name in ("a.jpg", "b.jpg")]
    made = crawl(manifest(canvas(*old)))
    for one in old:
        made.response(one["id"], b"", status="302 Found", headers=[("Location", "/1.jpg")])
    assert [one.licence for one in seen(made, tmp_path)] == ["b.jpg"]


def test_of_a_manifest_that_was_archived_twice_the_last_counts(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image(), name="1"), canvas(image(), name="2"), label="Before"))
    made.response(URL, written(manifest(canvas(image(), name="2"), label="After")), JSON, date=LATER)
    assert [one.page_title for one in seen(made, tmp_path)] == ["After"]


def test_a_fingerprint_changes_with_what_a_manifest_says(tmp_path: Path) -> None:
    archive = WebArchiveSource(crawl().save(tmp_path / "a.warc.gz"))
    prints = []
    for label in ("A", "B", "B"):
        said = Document(URL, written(manifest(canvas(image()), label=label)))
        (found,) = IiifSource(archive, [said]).arrivals()
        assert isinstance(found, Arrival)
        prints.append(found.fingerprint)
    assert prints[0] != prints[1] == prints[2]


def test_a_document_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image()), 5), {"type": "Collection", "items": [{"type": "Manifest"}]})
    made.response(f"{SITE}/broken.json", b"{", "application/json")
    assert refused(made, tmp_path) == [
        (URL, SkipReason.UNKNOWN_LAYOUT, "entries that are no canvas: 1"),
        (f"{URL}1", SkipReason.UNKNOWN_LAYOUT, "members without an address: 1"),
        (f"{SITE}/broken.json", SkipReason.BAD_RECORD, "not JSON"),
    ]


def test_json_that_is_no_manifest_is_passed_over(tmp_path: Path) -> None:
    assert refused(crawl(manifest(canvas(image())), {"protocol": "http://iiif.io/api/image"}), tmp_path) == []


def test_a_manifest_whose_headers_reserve_keeps_its_images_out(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image())))
    headers = [("TDM-Reservation", "1")]
    made.response(f"{URL}2", written(manifest(canvas(image()))), JSON, headers=headers)
    ((_, reason, detail),) = refused(made, tmp_path)
    assert (reason, detail) == (SkipReason.RESERVED, f"tdm-reservation: 1, on {URL}2")


def test_what_the_archive_reserves_stays_out_and_what_is_said_is_kept(tmp_path: Path) -> None:
    made = Crawl()
    tree = manifest(canvas(image(f"{SITE}/a.jpg")), canvas(image(f"{SITE}/b.jpg"), name="2"))
    made.response(URL, written(tree), JSON, headers=[("TDM-Reservation", "0")])
    made.response(f"{SITE}/a.jpg", photo("a"), headers=[("X-Robots-Tag", "noai")])
    made.response(f"{SITE}/b.jpg", photo("b"), headers=[("X-Robots-Tag", "all")])
    assert [reason for _, reason, _ in refused(made, tmp_path)] == [SkipReason.RESERVED]
    (one,) = seen(made, tmp_path)
    assert one.preferences == (
        Preference("x-robots-tag", "all", reserves=False),
        Preference("tdm-reservation", "0", reserves=False),
    )


def test_a_page_that_shows_the_image_stays_beside_the_canvas(tmp_path: Path) -> None:
    made = crawl(manifest(canvas(image()), **TOLD))
    made.response(f"{SITE}/news", b"<html><img src='/1.jpg' alt='News'></html>", "text/html")
    assert [(one.page_url, one.caption) for one in seen(made, tmp_path)] == [
        (f"{SITE}/rally", "By the museum"),
        (f"{SITE}/news", "News"),
    ]


def test_images_on_another_host_are_in_the_scope_of_their_page(tmp_path: Path) -> None:
    made = Crawl()
    made.response(URL, written(manifest(canvas(image("https://images.example/1.jpg")))), JSON)
    made.response("https://images.example/1.jpg", photo("1"))
    source = IiifSource.collected(made.save(tmp_path / "a.warc.gz"))
    for scope, expected in (("museum.example", Arrival), ("other.example", SkippedPhoto)):
        (one,) = Scoped(source, UrlScope([scope])).arrivals()
        assert isinstance(one, expected)


class _Nothing:
    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        return iter(())


def test_memory_does_not_grow_with_the_manifests() -> None:
    def documents(count: int) -> Iterator[Document]:
        for number in range(count):
            pages = [canvas(image(f"{SITE}/{number}/{page}.jpg"), name=str(page)) for page in range(100)]
            yield Document(f"{URL}{number}", written(manifest(*pages)))

    def peak(count: int) -> int:
        tracemalloc.start()
        assert list(IiifSource(_Nothing(), documents(count)).arrivals()) == []
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(20) < 1.5 * peak(2)

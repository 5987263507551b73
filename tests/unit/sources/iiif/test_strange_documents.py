"""Whatever a document holds, reading it never raises, and what is given of it is bounded and can be stored."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewitness.sources.iiif import IiifSource, addresses_in
from facewitness.sources.iiif.manifest import Collection, Manifest, Unreadable, parse
from facewitness.sources.iiif.said import MAX_LABEL, MAX_STATEMENT
from facewitness.sources.urls import is_http
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.webarchive.documents import Document
from facewitness.sources.webarchive.redirects import Redirect
from facewitness.terms.provenance import Arrival, SkippedPhoto
from tests.unit.sources.webarchive.crawls import Crawl, photo

from .manifests import SITE, URL, canvas, canvas2, image, image2, manifest, manifest2, service

SOME = settings(max_examples=100, deadline=None)
WORDS = st.sampled_from(
    [
        *(
            "id",
            "@id",
            "type",
            "@type",
            "@context",
            "label",
            "@value",
            "@language",
            "items",
            "item",
            "default",
        ),
        *(
            "sequences",
            "canvases",
            "images",
            "resource",
            "body",
            "service",
            "profile",
            "motivation",
            "source",
        ),
        *("manifests", "collections", "members", "next", "first", "rights", "license", "homepage", "related"),
        *("metadata", "value", "navDate", "requiredStatement", "attribution", "provider", "width", "height"),
        *(
            "Manifest",
            "Collection",
            "sc:Manifest",
            "Canvas",
            "Image",
            "Choice",
            "SpecificResource",
            "painting",
        ),
        *(
            "ImageService3",
            "level1",
            "en",
            "none",
            SITE,
            f"{SITE}/1.jpg",
            "https://[",
            "javascript:x",
            "2024",
        ),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=40,
)
WHOLE = [
    manifest(
        canvas(image(service=[service()]), label={"en": ["p. 1"]}), rights=f"{SITE}/terms", homepage=[SITE]
    ),
    manifest2(canvas2(image2(service=service(2))), attribution="By A", license=f"{SITE}/terms"),
    {"type": "Collection", "items": [{"id": f"{SITE}/1", "type": "Manifest"}], "next": SITE},
]


def hold(data: bytes) -> None:
    """What is promised of any document."""
    found = parse(data, URL)
    assert found == parse(data, URL)
    addresses = addresses_in(data, URL)
    assert all(map(is_http, addresses.documents + addresses.images))
    match found:
        case Manifest(said=of, canvases=canvases):
            for said in (of, *(one.said for one in canvases)):
                assert len(said.label) <= MAX_LABEL
                assert len(said.statement) <= MAX_STATEMENT
                assert not said.homepage or is_http(said.homepage)
                for text in (said.label, said.statement, said.licence, *said.facts):
                    assert text.isprintable()
            assert len({one.id for one in canvases}) == len(canvases)
            assert all(is_http(one.url) for each in canvases for one in each.images)
        case Collection(members=members):
            assert len(set(members)) == len(members)
        case Unreadable(problem):
            assert problem


@SOME
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    hold(data)


@SOME
@given(JSON)
def test_any_json(tree: Any) -> None:
    hold(json.dumps(tree).encode())


@SOME
@given(
    st.sampled_from(["Manifest", "sc:Manifest", "Collection", "sc:Collection"]), st.dictionaries(WORDS, JSON)
)
def test_any_manifest_or_collection(what: str, tree: dict[str, Any]) -> None:
    hold(json.dumps({**tree, "type": what}).encode())


@SOME
@given(st.sampled_from(WHOLE), st.data())
def test_a_whole_one_with_anything_in_the_place_of_any_part(tree: Any, data: st.DataObject) -> None:
    copy = json.loads(json.dumps(tree))
    at = copy
    while isinstance(at, dict | list) and at:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if data.draw(st.booleans()) or not isinstance(at[key], dict | list):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    hold(json.dumps(copy).encode())


def test_deep_nesting_in_every_place_that_is_followed() -> None:
    for what, name in (("Choice", "items"), ("SpecificResource", "source")):
        inner: Any = image()
        for _ in range(300):
            inner = {"type": what, name: [inner]}
        hold(json.dumps(manifest(canvas(inner))).encode())
    collection: Any = {"id": SITE, "type": "Manifest"}
    for _ in range(300):
        collection = {"id": SITE, "type": "Collection", "items": [collection]}
    hold(json.dumps(collection).encode())
    for name in ("format", "label", "@language", "type", "rights", "homepage", "motivation"):
        deep = b'{"type": "Manifest", "items": [{"items": [{"items": [{"body": {"%s": ' % name.encode()
        hold(deep + b"[" * 900 + b"]" * 900 + b"}}]}]}]}")
        hold(b'{"type": "Manifest", "%s": ' % name.encode() + b"[" * 900 + b"]" * 900 + b"}")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> WebArchiveSource:
    crawl = Crawl()
    crawl.response(f"{SITE}/1.jpg", photo("1"))
    return WebArchiveSource(crawl.save(tmp_path_factory.mktemp("archive") / "a.warc.gz"))


@SOME
@given(st.lists(st.sampled_from(WHOLE) | JSON, max_size=3))
def test_a_source_gives_the_same_each_time_whatever_the_documents(
    archive: WebArchiveSource, trees: list[Any]
) -> None:
    documents = [Document(f"{URL}{number}", json.dumps(tree).encode()) for number, tree in enumerate(trees)]
    source = IiifSource(archive, [*documents, Redirect(URL, SITE), *documents])
    found = list(source.arrivals())
    assert list(source.arrivals()) == found
    locators = [seen.locator for one in found if isinstance(one, Arrival) for seen in one.observations]
    assert len(set(locators)) == len(locators)


@pytest.fixture(scope="module")
def whole() -> bytes:
    crawl = Crawl()
    crawl.response(URL, json.dumps(WHOLE[0]).encode(), "application/json")
    crawl.response(f"{SITE}/1.jpg", photo("1"))
    return crawl.data()


@settings(max_examples=50, deadline=None)
@given(at=st.integers(0, 2_000), noise=st.binary(min_size=1, max_size=20))
def test_a_damaged_archive_never_raises(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, at: int, noise: bytes
) -> None:
    at %= len(whole)
    path = tmp_path_factory.mktemp("damaged") / "a.warc.gz"
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    found = list(IiifSource.collected(path).arrivals())
    assert found
    assert all(isinstance(one.read(), bytes | SkippedPhoto) for one in found if isinstance(one, Arrival))

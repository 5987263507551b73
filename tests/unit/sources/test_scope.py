"""The line around a source: what lies beyond it is neither fetched nor taken in."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.errors import BadInput
from facewitness.sources import FolderSource, Scoped, UrlScope
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

SCOPE = UrlScope(["example.org", "*.museum.example", "https://photos.example/gallery/"])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://EXAMPLE.org./a?b#c",
        "https://example.org:8443/a",
        "http://museum.example/",
        "http://a.b.museum.example/x.jpg",
        "https://photos.example/gallery/1.jpg",
        "https://photos.example:443/gallery/?page=2",
    ],
)
def test_what_fits_an_entry_belongs(url: str) -> None:
    assert SCOPE.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.org/",
        "http://example.org.evil.example/",
        "http://notmuseum.example/",
        "http://photos.example/gallery/1.jpg",
        "https://photos.example:8443/gallery/1.jpg",
        "https://photos.example/galleryhouse",
        "https://photos.example/gallery/../private/1.jpg",
        "https://photos.example/gallery/%2e%2e/private/1.jpg",
        "https://photos.example/gallery/.%2E/private/1.jpg",
        "https://evil.example/?https://photos.example/gallery/",
        "https://example.org@evil.example/",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:image/png;base64,",
        "//example.org/a",
        "http://[example.org/",
        "http://example.org:port/",
        "",
    ],
)
def test_everything_else_does_not(url: str) -> None:
    assert not SCOPE.allows(url)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("exämple.org", "https://xn--exmple-cua.org/a"),
        ("*.straße.example", "https://www.xn--strae-oqa.example/a"),
        ("https://exämple.org/", "https://xn--exmple-cua.org/a"),
        ("https://example.org/a b/", "https://example.org/a%20b/c"),
        ("https://example.org/ä/", "https://example.org/%C3%A4/c"),
        ("https://example.org/%C3%A4/", "https://example.org/ä/c"),
    ],
)
def test_an_entry_means_the_addresses_that_are_asked_for(entry: str, url: str) -> None:
    assert UrlScope([entry]).allows(url)


def test_a_name_is_not_taken_for_that_of_another_host() -> None:
    assert not UrlScope(["straße.example"]).allows("https://strasse.example/")


def test_without_entries_every_web_address_belongs_and_nothing_else() -> None:
    assert UrlScope([]).allows("http://anywhere.example/")
    assert not UrlScope([]).allows("file:///etc/passwd")


@pytest.mark.parametrize(
    "entry", ["", "*", "*.", "not a host", "ftp://example.org/", "example.org/path", "a..b"]
)
def test_an_entry_that_is_no_scope_is_refused_with_examples(entry: str) -> None:
    with pytest.raises(BadInput, match="is not a scope") as caught:
        UrlScope([entry])
    assert "*.example.org" in caught.value.advice


@given(st.text())
def test_no_address_raises(url: str) -> None:
    assert SCOPE.allows(url) in (True, False)


@given(st.text(max_size=20))
def test_no_entry_raises_anything_else(entry: str) -> None:
    with contextlib.suppress(BadInput):
        UrlScope([entry])


def test_of_a_source_only_what_belongs_comes_in_and_the_rest_is_counted(tmp_path: Path) -> None:
    rows = [
        "a.jpg,https://example.org/page,https://cdn.example/a.jpg",
        "a.jpg,https://elsewhere.example/page,https://cdn.example/a.jpg",
        "b.jpg,https://elsewhere.example/page,",
    ]
    (tmp_path / "manifest.csv").write_text("\n".join(["file,page_url,image_url", *rows]))
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"a photo")
    inside, *outside = Scoped(FolderSource(tmp_path), SCOPE).arrivals()
    assert isinstance(inside, Arrival)
    assert [seen.page_url for seen in inside.observations] == ["https://example.org/page"]
    assert outside == [
        SkippedPhoto("b.jpg", SkipReason.OUT_OF_SCOPE, "https://elsewhere.example/page"),
        SkippedPhoto("c.jpg", SkipReason.OUT_OF_SCOPE, "no address says where it was found"),
    ]

"""What is read off pages, sitemaps and addresses, without a server."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from facewitness.sources.urls import path_of
from facewitness.sources.website import sitemaps
from facewitness.sources.website.contents import Content
from facewitness.sources.website.job import Job, Limits
from facewitness.sources.website.links import links_of
from facewitness.sources.website.normal import normal
from facewitness.sources.website.sitemaps import read_sitemap
from facewitness.sources.website.traps import is_trap
from facewitness.terms.provenance import Preference

SITE = "https://one.example"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTPS://One.Example:443", "https://one.example/"),
        ("http://one.example:80/a?b#c", "http://one.example/a?b"),
        ("http://one.example:8080/a", "http://one.example:8080/a"),
        ("http://name:word@one.example/a", "http://one.example/a"),
        ("http://one.example./a/./b/../c/..", "http://one.example/a/"),
        ("http://one.example/%2e%2E/a", "http://one.example/a"),
        ("http://one.example//a//b", "http://one.example//a//b"),
        ("http://exämple.org/ä b", "http://xn--exmple-cua.org/%C3%A4%20b"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("mailto:a@b", ""),
        ("http://", ""),
        ("http://one.example:99999/", ""),
        ("http://[::1/", ""),
        ("", ""),
    ],
)
def test_addresses_have_one_form(written: str, meant: str) -> None:
    assert normal(written) == meant


@given(st.text() | st.builds("http://one.example/{}".format, st.text()))
def test_what_is_compared_with_the_rules_is_what_is_asked_for(text: str) -> None:
    address = normal(text)
    assert normal(address) == address
    if address:
        assert path_of(address) is not None
        assert Request(address).url == address


def page(text: str) -> Content:
    return Content(f"{SITE}/gallery/", (("Content-Type", "text/html"),), text.encode())


def test_the_links_of_a_page() -> None:
    links = links_of(
        page(
            "<a href=a>1</a><area href=/b><link rel=next href='?page=2'><iframe src=/c></iframe>"
            "<meta http-equiv=Refresh content='5; URL=/d'><a href=/e.pdf>e</a><a href=/photo.jpg>f</a>"
            "<a href=/g.html>g</a><a href=/a.b/h>h</a><a href=a>again</a>"
        )
    )
    paths = ("/gallery/a", "/b", "/gallery/?page=2", "/c", "/d", "/g.html", "/a.b/h")
    assert links.pages(()) == tuple(f"{SITE}{path}" for path in paths)
    assert links.shown(()) == (f"{SITE}/photo.jpg",)


def test_links_are_resolved_against_the_base() -> None:
    links = links_of(page("<base href=/other/><a href=a></a><img src=b.jpg>"))
    assert (links.pages(()), links.shown(())) == ((f"{SITE}/other/a",), (f"{SITE}/other/b.jpg",))


def test_a_photo_that_is_only_linked_to_and_not_to_be_followed_is_not_asked_for() -> None:
    links = links_of(page("<a rel='noopener NoFollow' href=/a.jpg>a</a><img src=/b.jpg><a href=/c.jpg>c</a>"))
    assert links.shown(()) == (f"{SITE}/b.jpg", f"{SITE}/c.jpg")
    nofollow = (Preference("meta robots", "index, NOFOLLOW", False),)
    assert links.shown(nofollow) == (f"{SITE}/b.jpg",)


@pytest.mark.parametrize(
    ("value", "is_followed"),
    [
        ("nofollow", False),
        ("none", False),
        ("max-image-preview:none", True),
        ("nofollowing", True),
        ("noai", True),
    ],
)
def test_links_of_a_page_that_asks_for_it_are_not_followed(value: str, is_followed: bool) -> None:
    links = links_of(page("<a href=/a>a</a>"))
    assert bool(links.pages((Preference("x-robots-tag", value, False),))) is is_followed


def test_where_licences_are_offered_says_nothing_of_links() -> None:
    links = links_of(page("<a href=/a>a</a>"))
    assert links.pages((Preference("meta tdm-policy", "https://one.example/none", False),))


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_can_be_read_as_a_page(data: bytes, charset: str) -> None:
    links_of(Content(f"{SITE}/", (("Content-Type", f"text/html; charset={charset}"),), data))


def urlset(*entries: str) -> bytes:
    return f"<urlset>{''.join(entries)}</urlset>".encode()


def test_a_sitemap_with_namespaces_and_images() -> None:
    listed = read_sitemap(
        b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        b"xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><url><loc> https://one.example/a </loc>"
        b"<lastmod>2024</lastmod><image:image><image:loc>https://one.example/a.jpg</image:loc></image:image></url>"
        b"<url><loc>nonsense</loc></url></urlset>"
    )
    assert (listed.pages, listed.images, listed.is_whole) == ((f"{SITE}/a",), (f"{SITE}/a.jpg",), True)


def test_an_index_of_sitemaps_in_gzip() -> None:
    data = b"<sitemapindex><sitemap><loc>https://one.example/s.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(gzip.compress(data)).sitemaps == (f"{SITE}/s.xml",)


def test_of_a_damaged_sitemap_what_comes_before_the_damage_is_read() -> None:
    listed = read_sitemap(b"<urlset><url><loc>https://one.example/a</loc></url><url><loc>https")
    assert (listed.pages, listed.is_whole) == ((f"{SITE}/a",), False)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><urlset><url><loc>&b;</loc></url></urlset>",
        gzip.compress(bytes(60 * 1024 * 1024)),
        b"\x1f\x8bnonsense",
        b"",
    ],
)
def test_what_is_no_sitemap_lists_nothing(data: bytes) -> None:
    listed = read_sitemap(data)
    assert (listed.pages, listed.images, listed.sitemaps, listed.is_whole) == ((), (), (), False)


def test_a_sitemap_is_read_up_to_a_number_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 50)
    entries = (f"<url><loc>https://one.example/{number}</loc></url>" for number in range(55))
    listed = read_sitemap(urlset(*entries))
    assert (len(listed.pages), listed.is_whole) == (50, False)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_as_a_sitemap(data: bytes) -> None:
    read_sitemap(data)
    read_sitemap(urlset(data.decode("latin-1")))


@given(st.text(max_size=60), st.integers(0, 40))
def test_what_lies_too_deep_is_a_trap_whatever_its_address(path: str, depth: int) -> None:
    assert is_trap(normal(f"{SITE}/{path}") or SITE, depth, Limits(depth=10)) or depth <= 10


def test_a_job_is_told_as_it_was_written() -> None:
    job = Job("a", SITE, ("one.example",), "/keep", "B", "mailto:c", Limits(delay=0.25), "d")
    assert Job.from_json(job.to_json()) == job

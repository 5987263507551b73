from pathlib import Path

import pytest

from facewitness.errors import BadInput
from facewitness.sources.scope import UrlScope
from facewitness.sources.website import WebsiteCollector, collected, process, scope_of
from tests.unit.sources.website.crawling import record

CONTACT = "mailto:archive@example.org"


@pytest.mark.parametrize(
    ("start", "scope"),
    [
        ("https://www.instagram.com/someone/", ()),
        ("https://example.org/", ("example.org", "*.flickr.com")),
        ("https://example.org/", ("https://example.org/", "https://www.facebook.com/someone/")),
    ],
)
def test_a_social_network_is_refused_with_the_way_in_that_there_is(
    tmp_path: Path, start: str, scope: tuple[str, ...]
) -> None:
    with pytest.raises(BadInput, match="facewitness sources add export"):
        WebsiteCollector(record(start, *scope), tmp_path, CONTACT)


@pytest.mark.parametrize("start", ["example.org", "ftp://example.org/", "/photos", ""])
def test_a_start_that_is_no_web_address_is_refused(tmp_path: Path, start: str) -> None:
    with pytest.raises(BadInput):
        WebsiteCollector(record(start), tmp_path, CONTACT)


def test_a_start_outside_the_scope_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="outside the scope"):
        WebsiteCollector(record("https://example.org/", "https://example.org/gallery/"), tmp_path, CONTACT)


@pytest.mark.parametrize("contact", ["", " ", "a\nb", "Müller"])
def test_nobody_asks_without_a_contact(tmp_path: Path, contact: str) -> None:
    with pytest.raises(BadInput, match="contact"):
        WebsiteCollector(record("https://example.org/"), tmp_path, contact)


def test_own_networks_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither a network nor a host"):
        WebsiteCollector(record("https://example.org/"), tmp_path, CONTACT, ["10.0.0.0/33"])


def test_without_scrapy_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find_spec", lambda _: None)
    collector = WebsiteCollector(record("https://example.org/"), tmp_path, CONTACT)
    with pytest.raises(BadInput, match=r"pip install 'facewitness\[website\]'"):
        collector.collect(lambda _: None)


@pytest.mark.parametrize(
    ("start", "scope", "inside", "outside"),
    [
        ("https://example.org/a", (), "http://example.org/b", "https://www.example.org/"),
        ("http://example.org:8000/a", (), "http://example.org:8000/b", "http://example.org/b"),
        ("http://[::1]:8000/", (), "http://[::1]:8000/b", "http://[::1]/b"),
        ("https://Exämple.org/", (), "https://xn--exmple-cua.org/", "https://example.org/"),
        ("https://example.org/", ("*.example.org",), "https://www.example.org/", "https://example.com/"),
    ],
)
def test_without_a_scope_it_is_the_host_of_the_start(
    start: str, scope: tuple[str, ...], inside: str, outside: str
) -> None:
    belongs = scope_of(record(start, *scope))
    assert (belongs.allows(inside), belongs.allows(outside)) == (True, False)


def test_where_nothing_was_collected_nothing_arrives(tmp_path: Path) -> None:
    assert list(collected(tmp_path, UrlScope(())).arrivals()) == []
    (tmp_path / "archive").mkdir()
    assert list(collected(tmp_path, UrlScope(())).arrivals()) == []

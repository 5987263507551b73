from pathlib import Path

import pytest

from facewitness.errors import BadInput
from facewitness.sources.website import WebsiteCollector, process
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


def test_without_scrapy_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find_spec", lambda _: None)
    collector = WebsiteCollector(record("https://example.org/"), tmp_path, CONTACT)
    with pytest.raises(BadInput, match=r"pip install 'facewitness\[website\]'"):
        collector.collect(lambda _: None)

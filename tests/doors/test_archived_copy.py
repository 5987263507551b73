"""What a web archive holds of a capture can be looked at again, through every door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import NotFound

from ..conftest import enrol
from ..unit.acts.banks import entries, photo_id
from ..unit.sources.webarchive.crawls import DAY, SITE, Crawl
from .conftest import client_of, let_in

PAGE = "<img src='/obama.jpg' alt='The president at his desk'>"


@pytest.fixture
def bank(tmp_path: Path, portraits: Path) -> Iterator[Service]:
    crawl = Crawl()
    crawl.page("gallery", PAGE, "<title>Portraits</title>")
    crawl.response(
        f"{SITE}/obama.jpg", (portraits / "obama.jpg").read_bytes(), headers=[("Server", "<nginx>")]
    )
    crawl.save(tmp_path / "crawl.warc.gz")
    with Service.open(tmp_path / "bank", actor="tester") as service:
        details = SourceDetails("Crawl", "A. Steward", "public-archive-mandate", scope=(f"{SITE}/",))
        service.enrol_source(service.add_source("webarchive", str(tmp_path / "crawl.warc.gz"), details).id)
        yield service


@pytest.fixture
def browser(bank: Service) -> TestClient:
    return let_in(client_of(bank))


def only_capture(bank: Service, portraits: Path) -> int:
    [origin] = bank.show(photo_id(portraits / "obama.jpg")).captures
    return origin.capture.id


def test_a_capture_from_an_archive_names_its_page_its_time_and_its_record(
    bank: Service, portraits: Path
) -> None:
    [candidate] = bank.search(portraits / "obama2.jpg", purpose="test the search").candidates
    [origin] = candidate.captures
    seen = origin.capture.observation
    assert (seen.page_url, seen.page_title, seen.caption) == (
        f"{SITE}/gallery",
        "Portraits",
        "The president at his desk",
    )
    assert seen.image_url == f"{SITE}/obama.jpg"
    assert seen.captured_at is not None
    assert seen.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ") == DAY
    assert seen.record is not None
    assert seen.record.file == "crawl.warc.gz"
    assert origin.source_basis == "public-archive-mandate"


def test_an_archived_copy_is_opened_under_an_entry_of_its_own(bank: Service, portraits: Path) -> None:
    capture = only_capture(bank, portraits)
    before = len(entries(bank))
    opened = bank.archived_copy(capture)
    assert opened.copy.body == (portraits / "obama.jpg").read_bytes()
    assert opened.copy.status_line == "HTTP/1.1 200 OK"
    [entry] = entries(bank)[before:]
    assert (entry["act"], entry["outcome"]) == ("show", "done")


def test_a_copy_of_which_a_byte_has_changed_is_not_shown(
    bank: Service, portraits: Path, tmp_path: Path
) -> None:
    capture = only_capture(bank, portraits)
    path = tmp_path / "crawl.warc.gz"
    data = bytearray(path.read_bytes())
    data[-5000] ^= 1
    path.write_bytes(data)
    with pytest.raises(NotFound, match="cannot be shown") as caught:
        bank.archived_copy(capture)
    assert "as it was" in caught.value.advice


def test_a_copy_whose_archive_has_gone_says_so(bank: Service, portraits: Path, tmp_path: Path) -> None:
    capture = only_capture(bank, portraits)
    (tmp_path / "crawl.warc.gz").rename(tmp_path / "elsewhere.warc.gz")
    with pytest.raises(NotFound, match="not in"):
        bank.archived_copy(capture)


def test_an_archive_that_was_written_anew_around_another_photo_is_not_shown(
    tmp_path: Path, bank: Service, portraits: Path
) -> None:
    [origin] = bank.show(photo_id(portraits / "obama.jpg")).captures
    record = origin.capture.observation.record
    assert record is not None
    other = Crawl()
    said = {"WARC-Record-ID": record.record_id}
    other.response(f"{SITE}/obama.jpg", (portraits / "biden.jpg").read_bytes(), said=said)
    archive = tmp_path / "crawl.warc.gz"
    archive.write_bytes(archive.read_bytes()[: record.offset] + other.data())
    with pytest.raises(NotFound, match="another photo"):
        bank.archived_copy(origin.capture.id)


def test_a_photo_from_a_folder_has_no_archived_copy(service: Service, portraits: Path) -> None:
    enrol(service, portraits)
    with pytest.raises(NotFound, match="No archived copy"):
        service.archived_copy(only_capture(service, portraits))
    with pytest.raises(NotFound, match="no capture 999"):
        service.archived_copy(999)


def test_the_page_shows_the_record_and_escapes_what_the_server_sent(
    bank: Service, browser: TestClient, portraits: Path
) -> None:
    capture = only_capture(bank, portraits)
    link = f'href="/captures/{capture}"'
    assert link in browser.get(f"/photos/{photo_id(portraits / 'obama.jpg')}").text
    text = browser.get(f"/captures/{capture}").text
    for said in ("HTTP/1.1 200 OK", "&lt;nginx&gt;", "crawl.warc.gz", "WARC-Payload-Digest", "Portraits"):
        assert said in text
    assert browser.get(f"/photos/{photo_id(portraits / 'obama.jpg')}/preview").status_code == 200
    assert browser.get("/captures/999").status_code == 404


def test_rest_gives_the_record(bank: Service, browser: TestClient, portraits: Path) -> None:
    capture = only_capture(bank, portraits)
    given = browser.get(f"/api/v1/captures/{capture}").json()
    assert given["target_uri"] == f"{SITE}/obama.jpg"
    assert given["content_bytes"] == (portraits / "obama.jpg").stat().st_size
    assert ["Server", "<nginx>"] in given["http_headers"]
    assert given["capture"]["record"]["file"] == "crawl.warc.gz"
    assert json.dumps(given).count("Server") == 1

"""A registered website is fetched under its terms, asked again later, and taken out whole when it is withdrawn."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from PIL import Image

from facewitness import Service
from facewitness.acts import SourceDetails
from facewitness.errors import BadInput, NotFound
from facewitness.terms.provenance import PhotoId
from tests.assets.site import Page, Site

from .banks import RESERVED, entries, photo_id, seals

JPEG = "image/jpeg"
CONTACT = "https://archive.example/us"
DETAILS = SourceDetails("Team", "A. Steward", "licence")


def pages(portraits: Path) -> dict[str, Page | str]:
    return {
        "/": Page("<title>Team</title><img src='/obama.jpg'><img src='/biden.jpg'>", etag='"1"'),
        "/obama.jpg": Page((portraits / "obama.jpg").read_bytes(), content_type=JPEG, etag='"2"'),
        "/biden.jpg": Page((portraits / "biden.jpg").read_bytes(), content_type=JPEG, etag='"3"'),
    }


@pytest.fixture(scope="module")
def server(portraits: Path) -> Iterator[Site]:
    with Site(pages(portraits)) as site:
        yield site


@pytest.fixture(scope="module")
def collected(server: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with the site's photos, to be copied: a site is asked slowly."""
    bank = tmp_path_factory.mktemp("collected") / "bank"
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        service.add_source("website", server.url(), DETAILS)
        service.collect_source("team")
        assert service.enrol_source("team").photos == 2
    return bank


@pytest.fixture
def site(server: Site, portraits: Path) -> Site:
    """The site as it was at first, not asked for anything yet."""
    server.pages = pages(portraits)
    server.asked.clear()
    return server


@pytest.fixture
def service(collected: Path, site: Site, tmp_path: Path) -> Iterator[Service]:
    """A bank with the site's photos."""
    bank = shutil.copytree(collected, tmp_path / "bank")
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        yield service


@pytest.fixture
def obama(portraits: Path) -> PhotoId:
    return photo_id(portraits / "obama.jpg")


def finds(service: Service, portraits: Path, photo: PhotoId) -> bool:
    listed = service.search(portraits / "obama2.jpg", purpose="test the search")
    return photo in {one.photo.id for one in listed.candidates}


def archive(service: Service) -> list[Path]:
    return sorted((service.settings.bank / "sources" / "team" / "archive").iterdir())


def holds(service: Service, content: bytes) -> bool:
    """Whether any record of the archives has this content."""
    for path in archive(service):
        with path.open("rb") as stream:
            if any(content in record.reader.read() for record in ArchiveIterator(stream)):
                return True
    return False


def changed(site: Site, path: str, **more: object) -> None:
    page = site.pages[path]
    assert isinstance(page, Page)
    site.pages[path] = replace(page, etag="", **more)  # type: ignore[arg-type]


def test_a_collection_is_one_entry_with_its_counts(service: Service) -> None:
    [entry] = [one for one in entries(service) if one["act"] == "collect"]
    assert entry["outcome"] == "done"
    facts = entry["facts"]
    assert (facts["source"], facts["pages"], facts["images"]) == ("team", 1, 2)


def test_nothing_is_fetched_without_saying_who_asks(tmp_path: Path, site: Site) -> None:
    with Service.open(tmp_path / "another", actor="tester") as service:
        service.add_source("website", site.url(), DETAILS)
        with pytest.raises(BadInput, match="without saying who asks"):
            service.collect_source("team")
        assert entries(service)[-1]["outcome"] == "failed"
    assert site.asked == []


def test_nothing_is_fetched_of_a_source_that_is_not_registered_or_not_in_force(
    service: Service, site: Site
) -> None:
    asked = len(site.asked)
    with pytest.raises(NotFound):
        service.collect_source("nowhere")
    service.expire_source("team")
    with pytest.raises(BadInput, match="expired"):
        service.collect_source("team")
    with pytest.raises(BadInput, match="expired"):
        service.recheck_source("team")
    assert len(site.asked) == asked
    assert seals(service).keys() == {"error"}


@pytest.mark.parametrize("place", ["https://www.instagram.com/someone/", "https://facebook.com/people"])
def test_a_social_network_is_refused_with_the_way_in(service: Service, place: str) -> None:
    for kind in ("website", "iiif"):
        with pytest.raises(BadInput) as caught:
            service.add_source(kind, place, DETAILS)
        assert "sources add export" in caught.value.advice


def test_what_is_no_address_is_refused(service: Service, tmp_path: Path) -> None:
    for place in (str(tmp_path), "museum.example", "ftp://museum.example/", "https://a:b@museum.example/"):
        with pytest.raises(BadInput, match=r"not the address of a website|a name or a password"):
            service.add_source("website", place, DETAILS)


def test_a_host_may_be_written_in_any_script(service: Service) -> None:
    assert service.add_source("website", "https://münchen.example/", DETAILS).scope == ()


def test_a_second_round_asks_on_condition_and_enrols_what_is_new(
    service: Service, site: Site, portraits: Path
) -> None:
    changed(site, "/", body="<img src='/obama.jpg'><img src='/biden.jpg'><img src='/new.jpg'>")
    site.pages["/new.jpg"] = Page((portraits / "obama3.jpg").read_bytes(), content_type=JPEG)
    done = service.collect_source("team")
    assert (done.images, done.unchanged) == (1, 2)
    assert service.enrol_source("team").photos == 1


def test_a_recheck_of_the_site_finds_what_is_gone_changed_and_reserved(
    service: Service, site: Site, portraits: Path, obama: PhotoId
) -> None:
    assert service.recheck_source("team") == {"there": 2}
    changed(site, "/biden.jpg", body=(portraits / "astronaut.png").read_bytes())
    changed(site, "/obama.jpg", headers=(("X-Robots-Tag", "noimageai"),))
    assert service.recheck_source("team") == {"changed": 1, "reserved": 1}
    assert not finds(service, portraits, obama)
    changed(site, "/obama.jpg", headers=(), status=404, body=b"")
    assert service.recheck_source("team") == {"changed": 1, "gone": 1}
    report = service.source_report("team")
    assert report.rechecked_at is not None
    changed(site, "/obama.jpg", status=200, body=(portraits / "obama.jpg").read_bytes())
    assert service.recheck_source("team") == {"changed": 1, "there": 1}
    assert finds(service, portraits, obama)


def test_a_file_that_reserves_itself_by_now_reserves_the_photo_that_was_taken(
    service: Service, site: Site, portraits: Path, obama: PhotoId
) -> None:
    file = BytesIO()
    Image.open(portraits / "obama.jpg").save(file, "JPEG", xmp=RESERVED.encode())
    changed(site, "/obama.jpg", body=file.getvalue())
    assert service.recheck_source("team") == {"reserved": 1, "there": 1}
    assert not finds(service, portraits, obama)


def test_a_site_that_closes_itself_to_robots_reserves_what_was_taken(
    service: Service, site: Site, portraits: Path, obama: PhotoId
) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /", content_type="text/plain")
    assert service.recheck_source("team") == {"reserved": 2}
    assert not finds(service, portraits, obama)


def test_a_withdrawn_photo_goes_from_the_archives_too_and_does_not_come_back(
    service: Service, site: Site, portraits: Path, obama: PhotoId
) -> None:
    content = (portraits / "obama.jpg").read_bytes()
    assert holds(service, content)
    service.withdraw(obama)
    assert not holds(service, content)
    [biden] = service.show(photo_id(portraits / "biden.jpg")).captures
    assert service.archived_copy(biden.capture.id).copy.body == (portraits / "biden.jpg").read_bytes()
    done = service.collect_source("team")
    assert done.refused == {"withdrawn from the bank earlier": 1}
    assert not holds(service, content)
    assert service.enrol_source("team").photos == 0


def test_a_photo_that_was_withdrawn_before_it_was_enrolled_goes_from_the_archives_too(
    tmp_path: Path, site: Site, portraits: Path, obama: PhotoId
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    content = (portraits / "obama.jpg").read_bytes()
    (own / "obama.jpg").write_bytes(content)
    with Service.open(tmp_path / "bank", actor="tester", contact=CONTACT) as service:
        service.enrol(own, name="Own", steward="A. Steward", basis="own-work")
        service.add_source("website", site.url(), DETAILS)
        service.collect_source("team")
        service.withdraw(obama)
        assert service.enrol_source("team").skipped == {"withdrawn from the bank earlier": 1}
        assert not holds(service, content)


def test_a_withdrawn_photo_goes_from_where_it_was_reserved_too(
    service: Service, site: Site, portraits: Path, obama: PhotoId
) -> None:
    content = (portraits / "obama.jpg").read_bytes()
    site.pages["/again.jpg"] = Page(content, content_type=JPEG)
    changed(site, "/", body="<img src='/obama.jpg'><img src='/again.jpg'><a href='/shy'>more</a>")
    service.collect_source("team")
    site.pages["/shy"] = Page("<meta name='robots' content='noai'><img src='/again.jpg'>")
    service.collect_source("team")
    assert service.enrol_source("team").skipped == {"rights reserved against data mining": 1}
    service.withdraw(obama)
    assert not holds(service, content)


def test_an_erasure_that_was_cut_short_is_finished_when_the_bank_is_opened(
    service: Service, portraits: Path, obama: PhotoId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(import_module("facewitness.acts.withdraw"), "erase", killed)
        with pytest.raises(KeyboardInterrupt):
            service.withdraw(obama)
    content = (portraits / "obama.jpg").read_bytes()
    assert holds(service, content)
    with Service.open(service.settings.bank) as again:
        assert not holds(again, content)


def test_a_withdrawn_source_leaves_nothing_of_what_was_fetched(
    service: Service, portraits: Path, obama: PhotoId
) -> None:
    assert archive(service)
    service.withdraw("team")
    assert not (service.settings.bank / "sources" / "team").exists()
    assert service.status().totals["photos"] == 0


def test_a_collection_that_was_killed_is_entered_and_goes_on(tmp_path: Path, site: Site) -> None:
    site.pages["/biden.jpg"] = replace(site.pages["/biden.jpg"], wait=60.0)  # type: ignore[type-var]
    bank = tmp_path / "bank"
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        service.add_source("website", site.url(), DETAILS)
    command = [sys.executable, "-m", "facewitness", "sources", "collect", "team", "--bank", str(bank)]
    environment = os.environ | {"FACEWITNESS_CONTACT": CONTACT, "FACEWITNESS_ACTOR": "tester"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        until = time.monotonic() + 60
        while "/biden.jpg" not in site.paths() and time.monotonic() < until:
            time.sleep(0.05)
        assert "/biden.jpg" in site.paths()
        run.send_signal(signal.SIGKILL)
    site.pages["/biden.jpg"] = replace(site.pages["/biden.jpg"], wait=0.0)  # type: ignore[type-var]
    with Service.open(bank, actor="tester", contact=CONTACT) as service:
        last = entries(service)[-1]
        assert (last["act"], last["outcome"]) == ("collect", "interrupted")
        service.collect_source("team")
        assert service.enrol_source("team").photos == 2
    assert site.paths().count("/obama.jpg") == 1

"""One crawl of the whole matrix, whose requests and archive the tests read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from facewitness.sources.website import Limits
from facewitness.terms.collecting import Collected, FetchRefusal
from facewitness.terms.provenance import Arrival, SkippedPhoto
from tests.assets.site import Page, Site
from tests.unit.sources.website import matrix
from tests.unit.sources.website.crawling import Archived, crawl, everything, records_of, refused
from tests.unit.sources.website.matrix import CASES, HOSTS

LIMITS = Limits(delay=0.0, throttle=False, seconds=4.0, bytes=1_000_000, at_once=16)
SCOPE = ("127.0.0.1", "2130706433", "0x7f.1", *HOSTS)


@dataclass
class Crawled:
    """The site after the crawl, and what was kept of it."""

    site: Site
    keep: Path
    counts: Collected
    records: list[Archived]
    found: list[Arrival | SkippedPhoto]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    keep = tmp_path_factory.mktemp("matrix")
    with Site() as site:
        site.pages = matrix.pages(site.port)
        counts = crawl(site, keep, *SCOPE, limits=LIMITS)
        yield Crawled(site, keep, counts, records_of(keep), everything(site, keep, *SCOPE))


@pytest.mark.parametrize("host", HOSTS, ids=HOSTS.get)
def test_what_is_asked_of_a_host_is_exactly_this(crawled: Crawled, host: str) -> None:
    case = CASES[HOSTS[host]]
    assert sorted(crawled.site.all_paths(host)) == sorted((*case.files, *case.asked))


@pytest.mark.parametrize("host", HOSTS, ids=HOSTS.get)
def test_the_rules_of_a_host_are_asked_for_before_anything_else_of_it(crawled: Crawled, host: str) -> None:
    case = CASES[HOSTS[host]]
    assert crawled.site.all_paths(host)[: len(case.files)] == list(case.files)


def test_no_host_is_asked_but_those_of_the_scope(crawled: Crawled) -> None:
    assert {one.host for one in crawled.site.asked} == {"127.0.0.1", *HOSTS}


def test_everything_that_was_not_fetched_is_counted_by_its_reason(crawled: Crawled) -> None:
    assert refused(crawled.counts) == {
        FetchRefusal.BROKEN: 6,
        FetchRefusal.CLOSED_HOST: 2,
        FetchRefusal.FORBIDDEN: 3,
        FetchRefusal.NOT_THERE: 2,
        FetchRefusal.OUT_OF_SCOPE: 4,
        FetchRefusal.PRIVATE_ADDRESS: 2,
        FetchRefusal.REDIRECTED_OUT: 2,
        FetchRefusal.RESERVED: 25,
        FetchRefusal.ROBOTS: 10,
        FetchRefusal.ROBOTS_UNKNOWN: 8,
        FetchRefusal.TOO_LARGE: 1,
        FetchRefusal.TRAP: 1,
    }


def test_every_request_names_the_software_and_a_contact(crawled: Crawled) -> None:
    (agent,) = {one.headers["User-Agent"] for one in crawled.site.asked}
    assert agent.startswith("Facewitness/")
    assert agent.endswith("(+https://archive.example/contact)")


def test_no_cookie_and_no_referrer_is_sent(crawled: Crawled) -> None:
    sent = {name.lower() for one in crawled.site.asked for name in one.headers}
    assert sent == {"host", "user-agent", "accept", "accept-encoding"}


def test_what_is_read_back_are_the_photos_that_nothing_reserves(crawled: Crawled) -> None:
    lifted = next(host for host, name in HOSTS.items() if name == "a header lifted by the page")
    skipped = [one for one in crawled.found if isinstance(one, SkippedPhoto)]
    assert not [one for one in skipped if lifted not in one.detail]  # whoever reads may be stricter there
    seen = [seen for one in crawled.found if isinstance(one, Arrival) for seen in one.observations]
    assert crawled.counts.images == len(crawled.found)
    assert {urlsplit(one.image_url).path for one in seen} == {
        *("/a.jpg", "/b.jpg", "/c.jpg", "/free.jpg", "/listed.jpg", "/shown.jpg")
    }


def test_the_photos_have_the_bytes_that_the_site_gave(crawled: Crawled) -> None:
    photos = [one for one in crawled.found if isinstance(one, Arrival)]
    for one in photos:
        parts = urlsplit(one.observations[0].image_url)
        answer = crawled.site.pages[f"{parts.hostname}{parts.path}"]
        assert isinstance(answer, Page)
        assert one.read() == answer.body


def test_a_page_that_came_packed_is_kept_as_it_came(crawled: Crawled) -> None:
    host = next(host for host, name in HOSTS.items() if name == "packed")
    (page,) = (
        one for one in crawled.records if one.kind == "response" and one.url == crawled.site.url("/", host)
    )
    assert page.body.startswith(b"\x1f\x8b")


def test_the_content_of_what_is_refused_is_not_kept(crawled: Crawled) -> None:
    assert not [one for one in crawled.records if b"hidden" in one.body]


def test_what_was_refused_is_recorded_with_its_reason_and_headers(crawled: Crawled) -> None:
    said = [one.body.decode() for one in crawled.records if one.kind == "metadata"]
    reserved = [one for one in said if "refused: rights reserved" in one]
    assert any(
        "because: x-robots-tag: noimageai" in one and "http-header: X-Robots-Tag: noimageai" in one
        for one in reserved
    )
    assert any("because: tdm-reservation: 1" in one for one in reserved)
    assert any("refused: access forbidden\r\nhttp-status: 403" in one for one in said)


def test_each_answer_stands_beside_its_request(crawled: Crawled) -> None:
    answers = [one for one in crawled.records if one.kind in ("response", "metadata")]
    requests = [one for one in crawled.records if one.kind == "request"]
    assert [one.said["warc-concurrent-to"] for one in requests] == [
        one.said["warc-record-id"] for one in answers
    ]
    assert [one.url for one in requests] == [one.url for one in answers]


def test_each_answer_names_the_address_that_gave_it(crawled: Crawled) -> None:
    answers = [one for one in crawled.records if one.kind == "response"]
    assert [one.said["warc-ip-address"] for one in answers] == [urlsplit(one.url).hostname for one in answers]


def test_the_digests_are_those_of_the_content(crawled: Crawled) -> None:
    answers = [one for one in crawled.records if one.kind == "response"]
    assert [one.said["warc-payload-digest"] for one in answers] == [
        f"sha256:{hashlib.sha256(one.body).hexdigest()}" for one in answers
    ]


def test_the_rules_that_were_read_are_in_the_archive(crawled: Crawled) -> None:
    kept = {one.url for one in crawled.records if one.kind == "response"}
    rules = {
        crawled.site.url(one.path, one.host)
        for one in crawled.site.asked
        if one.path in (matrix.ROBOTS, matrix.TDMREP)
    }
    assert len(rules - kept) == 2  # of the slow one and the one that was cut short nothing came


def test_the_archive_says_who_made_it_and_how(crawled: Crawled) -> None:
    (info,) = (one.body.decode() for one in crawled.records if one.kind == "warcinfo")
    for line in (
        "operator: The Archive (https://archive.example/contact)",
        "isPartOf: our-site",
        "robots: obeyed",
    ):
        assert line in info

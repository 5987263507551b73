"""One round after another through a site, and a round that was killed."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from facewitness.errors import BankError
from facewitness.sources.website import (
    Follow,
    Limits,
    WebsiteCollector,
    collected_manifests,
    process,
    scope_of,
)
from facewitness.terms.collecting import Collected, FetchRefusal
from facewitness.terms.provenance import SkippedPhoto, SkipReason
from tests.assets.site import Page, Site
from tests.unit.sources.iiif.manifests import canvas, image, manifest
from tests.unit.sources.website.crawling import (
    QUICK,
    Archived,
    arrived,
    crawl,
    everything,
    page,
    photo,
    record,
    records_of,
    refused,
)

ONE_AT_A_TIME = replace(QUICK, at_once=1)


@dataclass
class Rounds:
    """A site after three rounds: what was asked for in the second and third; of the second also what was kept."""

    site: Site
    keep: Path
    second: list[str]
    third: list[str]
    conditions: dict[str, str]
    records: list[Archived]
    counts: Collected


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    keep = tmp_path_factory.mktemp("rounds")
    pages: dict[str, Page | str] = {
        "/": page(
            "/a.jpg", "/changes.jpg", links=["/gallery", "/new-noai", "/304-noai", "/dated"], etag='"1"'
        ),
        "/gallery": page("/b.jpg", "/noai.jpg", etag='"2"'),
        "/new-noai": page("/c.jpg"),
        "/304-noai": page("/d.jpg", etag='"3"'),
        "/d.jpg": photo("d"),
        "/dated": page(headers={"Last-Modified": "Wed, 01 May 2024 12:00:00 GMT"}),
        "/a.jpg": photo("a", etag='"a"'),
        "/b.jpg": photo("b"),
        "/c.jpg": photo("c"),
        "/changes.jpg": photo("before"),
        "/noai.jpg": photo("n", etag='"n"'),
    }
    with Site(pages) as site:
        crawl(site, keep)
        before, asked = len(records_of(keep)), len(site.asked)
        site.pages["/changes.jpg"] = photo("after")
        site.pages["/noai.jpg"] = photo("n", etag='"n"', headers={"X-Robots-Tag": "noai"})
        site.pages["/new-noai"] = page("/c.jpg", headers={"X-Robots-Tag": "noai"})
        site.pages["/304-noai"] = page("/d.jpg", etag='"3"', headers={"X-Robots-Tag": "noai"})
        counts = crawl(site, keep)
        again, records = site.asked[asked:], records_of(keep)[before:]
        third = len(site.asked)
        crawl(site, keep)
        conditions = {
            one.path: one.headers.get("If-None-Match") or one.headers.get("If-Modified-Since") or ""
            for one in again
        }
        yield Rounds(
            site,
            keep,
            [one.path for one in again],
            [one.path for one in site.asked[third:]],
            conditions,
            records,
            counts,
        )


def test_a_second_round_asks_on_condition_for_what_says_when_it_changes(rounds: Rounds) -> None:
    assert rounds.conditions == {
        "/robots.txt": "",
        "/.well-known/tdmrep.json": "",
        "/": '"1"',
        "/gallery": '"2"',
        "/new-noai": "",
        "/304-noai": "",
        "/dated": "Wed, 01 May 2024 12:00:00 GMT",
        "/a.jpg": '"a"',
        "/b.jpg": "",
        "/changes.jpg": "",
        "/noai.jpg": '"n"',
    }


def test_the_links_of_an_unchanged_page_are_followed_from_its_archived_copy(rounds: Rounds) -> None:
    assert "/b.jpg" in rounds.second  # only the unchanged gallery shows it
    assert rounds.second.count("/gallery") == 1


def test_a_photo_that_a_page_reserves_by_now_is_not_asked_for(rounds: Rounds) -> None:
    assert not {"/c.jpg", "/d.jpg"} & set(rounds.second)


def test_a_page_that_is_unchanged_but_reserves_by_now_is_asked_for_as_a_whole(rounds: Rounds) -> None:
    assert rounds.second.count("/304-noai") == 2
    assert rounds.third.count("/304-noai") == 1  # it is there as a whole by now
    whole = [one.url for one in rounds.records if one.kind == "response"]
    assert {rounds.site.url("/304-noai"), rounds.site.url("/new-noai")} <= set(whole)


def test_what_a_page_reserves_by_now_is_not_read_back_from_earlier_either(rounds: Rounds) -> None:
    assert not {"/c.jpg", "/d.jpg"} & set(arrived(rounds.site, rounds.keep))


def test_an_unchanged_answer_is_a_revisit_of_the_earlier_one(rounds: Rounds) -> None:
    first = {one.url: one for one in records_of(rounds.keep) if one.kind == "response"}
    profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    unchanged = [one for one in rounds.records if one.said.get("warc-profile") == profile]
    assert sorted(one.url for one in unchanged) == sorted(map(rounds.site.url, ("/", "/gallery", "/a.jpg")))
    for one in unchanged:
        assert one.said["warc-refers-to"] == first[one.url].said["warc-record-id"]
        assert one.said["warc-refers-to-date"] == first[one.url].said["warc-date"]


def test_the_same_bytes_are_kept_once(rounds: Rounds) -> None:
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    same = {one.url for one in rounds.records if one.said.get("warc-profile") == profile}
    assert rounds.site.url("/b.jpg") in same
    assert rounds.site.url("/changes.jpg") not in same


def test_a_photo_that_is_reserved_by_now_leaves_a_refusal(rounds: Rounds) -> None:
    (told,) = (one for one in rounds.records if one.kind == "metadata")
    assert told.url == rounds.site.url("/noai.jpg")
    assert b"refused: rights reserved" in told.body
    assert refused(rounds.counts) == {FetchRefusal.RESERVED: 3}


def test_the_counts_are_of_the_round(rounds: Rounds) -> None:
    assert (rounds.counts.requests, rounds.counts.pages, rounds.counts.images) == (12, 5, 2)
    assert rounds.counts.unchanged == 3


def test_all_rounds_are_read_back(rounds: Rounds) -> None:
    found = arrived(rounds.site, rounds.keep)
    assert found.count("/a.jpg") == 3
    assert found.count("/changes.jpg") == 3


@dataclass
class Killed:
    """A crawl that was killed with kill -9 while it waited for `/p7`, and then gone on with."""

    site: Site
    keep: Path
    first: list[str]
    second: list[str]
    counts: Collected
    error: BankError
    file: Path
    size: int


class _Children:
    """The processes that were started."""

    def __init__(self) -> None:
        self.last: subprocess.Popen[str] | None = None

    def __call__(self, *arguments: Any, **options: Any) -> "subprocess.Popen[str]":
        self.last = subprocess.Popen(*arguments, **options)
        return self.last


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    keep = tmp_path_factory.mktemp("killed")
    numbers = range(15)
    pages: dict[str, Page | str] = {"/": page(links=[f"/p{number}" for number in numbers])}
    pages |= {f"/p{number}": page(f"/{number}.jpg") for number in numbers}
    pages |= {f"/{number}.jpg": photo(str(number)) for number in numbers}
    children = _Children()
    with Site(pages) as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "Popen", children)

        def kill(one: object) -> None:
            if site.asked[-1].path == "/p7" and children.last is not None:
                os.kill(children.last.pid, signal.SIGKILL)

        site.before = kill
        with pytest.raises(BankError) as error:
            crawl(site, keep, limits=ONE_AT_A_TIME)
        first, site.before = site.all_paths(), lambda _: None
        (file,) = (keep / "archive").iterdir()
        file.write_bytes(file.read_bytes()[:-20])  # as if it had been killed while it wrote
        size = file.stat().st_size
        counts = crawl(site, keep, limits=ONE_AT_A_TIME)
        yield Killed(site, keep, first, site.all_paths()[len(first) :], counts, error.value, file, size)


def test_a_crawl_that_was_killed_asks_on_for_what_it_has_not(killed: Killed) -> None:
    before = ["/robots.txt", "/.well-known/tdmrep.json"]
    pages = [f"/p{number}" for number in range(15)]
    assert killed.first == [*before, "/", *pages[:8]]
    assert killed.second == [*before, *pages[7:], *(f"/{number}.jpg" for number in range(15))]


def test_the_counts_go_on_too(killed: Killed) -> None:
    assert (killed.counts.pages, killed.counts.images, killed.counts.refused) == (16, 15, {})


def test_a_crawl_that_ends_before_its_work_is_done_says_so(killed: Killed) -> None:
    assert "run it again" in killed.error.advice


def test_a_file_that_was_left_half_written_is_not_written_to_again(killed: Killed) -> None:
    assert killed.file.stat().st_size == killed.size
    assert len(list((killed.keep / "archive").iterdir())) == 2


def test_what_is_whole_in_it_is_read(killed: Killed) -> None:
    broken = [one for one in everything(killed.site, killed.keep) if isinstance(one, SkippedPhoto)]
    assert [one.reason for one in broken] == [SkipReason.BROKEN_ARCHIVE]
    assert len(arrived(killed.site, killed.keep)) == 15


@dataclass
class Endless:
    """A site that never ends, after a crawl."""

    site: Site
    counts: Collected


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endless]:
    limits = Limits(delay=0.0, throttle=False, depth=4, variants=5, repeats=2, steps=6, pages=60)
    with Site({"/": page(links=["/calendar/2024-1", "/list?page=0", "/deep/", "/loop/"])}) as site:
        site.pages |= {
            f"/calendar/2024-{month}": page(links=[f"/calendar/2024-{month + 1}"]) for month in range(1, 20)
        }
        site.pages |= {
            f"/list?page={number}": page(links=[f"/list?page={number + step}" for step in range(1, 9)])
            for number in range(30)
        }
        site.pages |= {
            "/deep/" + "".join(f"{step}/" for step in range(depth)): page(
                links=["/deep/" + "".join(f"{step}/" for step in range(depth + 3))]
            )
            for depth in range(0, 30, 3)
        }
        site.pages |= {"/loop/" * times: page(links=["loop/"]) for times in range(1, 9)}
        site.pages |= {"/loop/" + "loop/" * times: page(links=["loop/"]) for times in range(1, 9)}
        yield Endless(site, crawl(site, tmp_path_factory.mktemp("endless"), limits=limits))


def test_a_calendar_ends_at_its_depth(endless: Endless) -> None:
    asked = [path for path in endless.site.paths() if path.startswith("/calendar")]
    assert asked == [f"/calendar/2024-{month}" for month in range(1, 5)]


def test_pages_that_differ_in_their_query_alone_are_bounded(endless: Endless) -> None:
    assert len([path for path in endless.site.paths() if path.startswith("/list")]) == 5


def test_a_path_that_grows_and_one_that_repeats_itself_are_bounded(endless: Endless) -> None:
    assert [path for path in endless.site.paths() if path.startswith("/deep")] == ["/deep/", "/deep/0/1/2/"]
    assert [path for path in endless.site.paths() if path.startswith("/loop")] == ["/loop/", "/loop/loop/"]


def test_traps_are_counted(endless: Endless) -> None:
    assert set(refused(endless.counts)) == {FetchRefusal.TRAP}


def test_a_host_that_asks_to_slow_down_is_left_alone_until_the_next_run(tmp_path: Path) -> None:
    pages: dict[str, Page | str] = {
        "127.0.0.1/": page(links=["/a", "/b", "/c", "http://127.0.0.2:{port}/"]),
        "127.0.0.2/": page(links=["/a", "/b"]),
        "127.0.0.1/a": Page(status=429, headers={"Retry-After": "3600"}),
        "127.0.0.2/a": Page(status=503, headers={"Retry-After": "120"}),
        "/b": page(),
        "/c": page(),
    }
    with Site(pages) as site:
        counts = crawl(site, tmp_path, "127.0.0.1", "127.0.0.2", limits=ONE_AT_A_TIME)
        assert (site.paths("127.0.0.1"), site.paths("127.0.0.2")) == (["/", "/a"], ["/", "/a"])
        assert refused(counts) == {FetchRefusal.TOO_MANY_REQUESTS: 5}
        asked = len(site.asked)
        crawl(site, tmp_path, "127.0.0.1", "127.0.0.2", limits=ONE_AT_A_TIME)
        again = [(one.host, one.path) for one in site.asked[asked:] if one.path in ("/", "/a", "/b", "/c")]
        assert again == [("127.0.0.1", "/b"), ("127.0.0.1", "/c"), ("127.0.0.2", "/b")]


def test_limits_of_pages_and_images_end_the_round_and_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    pages: dict[str, Page | str] = {
        "/robots.txt": "User-agent: *\nCrawl-delay: 0.5",
        "/": page("/1.jpg", "/2.jpg", "/3.jpg", links=["/a", "/b", "/c"]),
        **{f"/{name}": page() for name in "abc"},
        **{f"/{name}.jpg": photo(name) for name in "123"},
    }
    with Site(pages) as site:
        counts = crawl(site, tmp_path, limits=replace(QUICK, pages=2, images=1))
        assert site.paths() == ["/", "/a", "/1.jpg"]
        assert refused(counts) == {FetchRefusal.LIMIT: 4}
        times = [one.at for one in site.asked if one.path != "/robots.txt"][1:]
        assert times[-1] - times[0] > 0.7  # two delays, but for what the machine was late


def test_no_more_addresses_are_remembered_than_the_limit(tmp_path: Path) -> None:
    with Site({"/": page(links=[f"/{number}" for number in range(9)])}) as site:
        counts = crawl(site, tmp_path, limits=replace(QUICK, addresses=4))
        assert len(site.paths()) == 4
        assert refused(counts) == {FetchRefusal.LIMIT: 6, FetchRefusal.NOT_THERE: 3}


def test_rules_that_lie_at_another_port_of_the_host_are_not_asked_for(tmp_path: Path) -> None:
    with Site() as other, Site({"/": page()}) as site:
        elsewhere = Page(status=302, headers={"Location": other.url("/delete?everything=yes")})
        site.pages |= {"/robots.txt": elsewhere}
        assert refused(crawl(site, tmp_path)) == {FetchRefusal.ROBOTS_UNKNOWN: 1}
        assert other.asked == []


def test_headers_without_end_are_not_waited_for(tmp_path: Path) -> None:
    def headed(number: int) -> Page:
        return page(headers=tuple((f"X-{one}", "a" * 8000) for one in range(number)))

    with Site({"/": page(links=["/many", "/endless"]), "/many": headed(12), "/endless": headed(50)}) as site:
        counts = crawl(site, tmp_path)
    assert (counts.pages, refused(counts)) == (2, {FetchRefusal.BROKEN: 1})


def test_a_photo_whose_redirect_reserves_it_is_not_asked_for(tmp_path: Path) -> None:
    moved = Page(status=302, headers={"Location": "/a.jpg", "X-Robots-Tag": "noai"})
    with Site({"/": page("/moved.jpg"), "/moved.jpg": moved, "/a.jpg": photo("a")}) as site:
        assert refused(crawl(site, tmp_path)) == {FetchRefusal.RESERVED: 1}
        assert "/a.jpg" not in site.paths()


def test_a_manifest_that_is_unchanged_but_reserves_by_now_is_heeded_when_it_is_read_back(
    tmp_path: Path,
) -> None:
    with Site({"/1.jpg": photo("1")}) as site:
        tree = json.dumps(manifest(canvas(image(site.url("/1.jpg")))))
        manifests = record(site.url("/m.json"))
        for headers in ((), (("X-Robots-Tag", "noai"),)):
            site.pages["/m.json"] = Page(tree, headers, content_type="application/json")
            contact = "https://archive.example/contact"
            WebsiteCollector(manifests, tmp_path, contact, QUICK, Follow.MANIFESTS).collect(lambda _: None)
    [found] = collected_manifests(tmp_path, scope_of(manifests)).arrivals()
    assert isinstance(found, SkippedPhoto)
    assert found.reason is SkipReason.RESERVED


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with Site({"/": page()}) as site, pytest.raises(BankError, match="FileExistsError"):
        crawl(site, tmp_path)


def test_only_one_process_fetches_a_source_at_a_time(tmp_path: Path) -> None:
    with Site() as site, FileLock(tmp_path / "lock"):
        with pytest.raises(BankError, match="already"):
            crawl(site, tmp_path)
        assert site.asked == []

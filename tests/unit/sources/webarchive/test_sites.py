"""What a site says about use in its robots.txt and tdmrep.json counts for its images and pages in an archive."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.preferences import MAX_STATEMENTS
from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.sources.webarchive.moments import moment
from facewitness.sources.webarchive.sites import SiteFile, Sites, is_site_file
from facewitness.terms.provenance import Preference, SkippedPhoto, SkipReason

from .crawls import DAY, LATER, SITE, Crawl, Header, arrived, details, digest, html, photo, refused, seen

RESERVED = SkipReason.RESERVED
BEFORE, AFTER = "2024-04-01T12:00:00Z", "2024-07-01T12:00:00Z"
NO = b"User-agent: *\nContent-Usage: train-ai=n\n"
YES = b"User-agent: *\nContent-Usage: train-ai=y\n"


def robots(crawl: Crawl, content: bytes, date: str = DAY, status: str = "200 OK", site: str = SITE) -> None:
    crawl.response(f"{site}/robots.txt", content, "text/plain", date, status)


def tdmrep(crawl: Crawl, *rules: tuple[str, int], date: str = DAY, site: str = SITE) -> None:
    listed = [{"location": location, "tdm-reservation": value} for location, value in rules]
    body = json.dumps(listed).encode()
    crawl.response(f"{site}/.well-known/tdmrep.json", body, "application/json", date)


def said(root: Path, *scope: str) -> list[tuple[str, str, bool]]:
    """What is kept with the only observation."""
    (one,) = seen(root, *scope)
    return [(said.signal, said.value, said.reserves) for said in one.preferences]


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("Content-Usage: train-ai=n", "robots.txt content-usage"),
        ("Content-Usage: / train-ai=n, search=y", "robots.txt content-usage"),
        ("Content-Signal: search=yes, ai-train=no", "robots.txt content-signal"),
    ],
)
@pytest.mark.parametrize("agent", ["*", "Facewitness"])
def test_a_robots_txt_that_refuses_a_use_reserves_the_images_of_its_site(
    tmp_path: Path, agent: str, line: str, signal: str
) -> None:
    crawl = Crawl()
    at = crawl.photo("a.jpg")
    robots(crawl, f"User-agent: {agent}\n{line}\n".encode())
    root = crawl.save(tmp_path / "a.warc.gz")
    assert refused(root) == [(f"a.warc.gz@{at}", RESERVED)]
    assert details(root) == [f"{signal}: {line.partition(': ')[2]}"]


def test_a_use_that_is_allowed_is_kept_with_the_observation(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, YES)
    crawl.photo("a.jpg")
    expected = [("robots.txt content-usage", "train-ai=y", False)]
    assert said(crawl.save(tmp_path / "a.warc.gz")) == expected


@pytest.mark.parametrize(
    "content", [b"", b"User-agent: *\nDisallow: /\n", b"User-agent: other\nContent-Usage: train-ai=n\n"]
)
def test_what_may_be_fetched_and_what_is_said_to_others_is_no_statement_here(
    tmp_path: Path, content: bytes
) -> None:
    crawl = Crawl()
    robots(crawl, content)
    crawl.photo("a.jpg")
    assert said(crawl.save(tmp_path / "a.warc.gz")) == []


def test_of_tdmrep_json_the_first_rule_that_fits_counts(tmp_path: Path) -> None:
    crawl = Crawl()
    tdmrep(crawl, ("/open/*.jpg", 0), ("/closed/", 1), ("/closed/open", 0))
    for name in ("open/a.jpg", "closed/open.jpg", "other.jpg"):
        crawl.photo(name)
    root = crawl.save(tmp_path / "a.warc.gz")
    assert details(root) == ["tdmrep.json: 1"]
    opened, other = seen(root)
    assert opened.preferences == (Preference("tdmrep.json", "0", reserves=False),)
    assert other.preferences == ()


@pytest.mark.parametrize(
    ("headers", "reserves"),
    [
        ([], True),
        ([("tdm-reservation", "0")], False),
        ([("tdm-reservation", "maybe")], True),
        ([("tdm-reservation", "1")], True),
        ([("x-robots-tag", "all")], True),
    ],
)
def test_an_image_s_own_header_replaces_what_tdmrep_json_says(
    tmp_path: Path, headers: list[Header], reserves: bool
) -> None:
    crawl = Crawl()
    tdmrep(crawl, ("/", 1))
    crawl.photo("a.jpg", headers=headers)
    root = crawl.save(tmp_path / "a.warc.gz")
    assert [reason for _, reason in refused(root)] == [RESERVED] * reserves
    if not reserves:
        assert said(root) == [("tdmrep.json", "1", False), ("tdm-reservation", "0", False)]


def test_an_image_s_own_header_does_not_replace_what_robots_txt_says(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, NO)
    crawl.photo("a.jpg", headers=[("tdm-reservation", "0"), ("content-usage", "train-ai=y")])
    assert details(crawl.save(tmp_path / "a.warc.gz")) == ["robots.txt content-usage: train-ai=n"]


@pytest.mark.parametrize(
    ("file", "header", "meta", "reserves"),
    [
        (1, "", "", True),
        (1, "0", "", False),
        (1, "", "0", False),
        (0, "1", "", True),
        (0, "1", "0", False),
        (1, "0", "1", True),
        (0, "", "1", True),
        (None, "1", "0", False),
        (None, "0", "1", True),
    ],
)
def test_what_a_page_says_replaces_what_tdmrep_json_says_of_it_header_before_meta(
    tmp_path: Path, file: int | None, header: str, meta: str, reserves: bool
) -> None:
    crawl = Crawl()
    head = f"<meta name=tdm-reservation content={meta}>" if meta else ""
    crawl.page("p", "<img src='https://two.example/a.jpg'>", head, headers=[("tdm-reservation", header)])
    crawl.response("https://two.example/a.jpg", photo("a"))
    if file is not None:
        tdmrep(crawl, ("/p", file))
    assert len(refused(crawl.save(tmp_path / "a.warc.gz"))) == reserves


def test_a_page_that_its_site_reserves_reserves_the_images_on_it(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("closed", "<img src='https://two.example/a.jpg'>")
    crawl.page("open", "<img src='https://two.example/a.jpg'><img src='https://two.example/b.jpg'>")
    for name in ("a.jpg", "b.jpg"):
        crawl.response(f"https://two.example/{name}", photo(name))
    robots(crawl, b"User-agent: *\nContent-Usage: /closed train-ai=n\nContent-Usage: search=y\n")
    root = crawl.save(tmp_path / "a.warc.gz")
    assert details(root) == [f"robots.txt content-usage: /closed train-ai=n, on {SITE}/closed"]
    assert said(root) == [("robots.txt content-usage", "search=y", False)]


def test_what_both_page_and_image_have_from_their_site_is_kept_once(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, YES)
    crawl.page("p", "<img src=a.jpg>")
    crawl.photo("a.jpg")
    assert len(said(crawl.save(tmp_path / "a.warc.gz"))) == 1


@pytest.mark.parametrize(
    "site", ["http://one.example", "https://one.example:8443", "https://www.one.example"]
)
def test_a_site_s_files_say_nothing_of_another_scheme_port_or_host(tmp_path: Path, site: str) -> None:
    crawl = Crawl()
    robots(crawl, NO, site=site)
    tdmrep(crawl, ("/", 1), site=site)
    crawl.photo("a.jpg")
    assert said(crawl.save(tmp_path / "a.warc.gz")) == []


def test_the_site_of_an_image_speaks_though_it_is_out_of_scope_and_that_of_a_page_does_not(
    tmp_path: Path,
) -> None:
    crawl = Crawl()
    for name in ("two", "three"):
        robots(crawl, NO, site=f"https://{name}.example")
    crawl.page("p", "<img src='https://two.example/a.jpg'><img src=b.jpg>")
    crawl.response("https://three.example/p", html(f"<img src='{SITE}/b.jpg'>"), "text/html")
    at = crawl.response("https://two.example/a.jpg", photo("a"))
    crawl.photo("b.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    assert refused(root, "one.example") == [(f"a.warc.gz@{at}", RESERVED)]
    assert len(arrived(root, "one.example")) == 1


@pytest.mark.parametrize(
    ("captures", "reserves"),
    [
        ([(BEFORE, NO)], True),
        ([(AFTER, NO)], True),
        ([(DAY, NO), (BEFORE, YES)], True),
        ([(DAY, YES), (BEFORE, NO)], False),
        ([(DAY, YES), (AFTER, NO)], False),
        ([(BEFORE, YES), (AFTER, NO)], False),
        ([(LATER, NO), (AFTER, YES)], True),
        ([(LATER, YES), (AFTER, NO)], False),
        ([("no time", NO), (AFTER, YES)], True),
    ],
)
@pytest.mark.parametrize("of", ["image", "page"])
def test_the_latest_capture_before_counts_or_else_the_earliest_after(
    tmp_path: Path, of: str, captures: list[tuple[str, bytes]], reserves: bool
) -> None:
    for ordered in (captures, captures[::-1]):
        crawl = Crawl()
        for date, content in ordered:
            robots(crawl, content, date)
        where = SITE if of == "image" else "https://two.example"
        crawl.page("p", f"<img src='{where}/a.jpg'>")
        crawl.response(f"{where}/a.jpg", photo("a"))
        assert len(refused(crawl.save(tmp_path / "a.warc.gz"))) == reserves


@pytest.mark.parametrize(
    ("status", "reserves"),
    [
        ("404 Not Found", False),
        ("410 Gone", False),
        ("403 Forbidden", True),
        ("503 Busy", True),
        ("302 Found", True),
    ],
)
def test_only_an_answer_that_there_is_no_file_any_more_ends_what_an_earlier_one_said(
    tmp_path: Path, status: str, reserves: bool
) -> None:
    crawl = Crawl()
    robots(crawl, NO, BEFORE)
    robots(crawl, b"Content-Usage: train-ai=y", DAY, status)
    crawl.photo("a.jpg")
    assert len(refused(crawl.save(tmp_path / "a.warc.gz"))) == reserves


@pytest.mark.parametrize(("first", "second", "again"), [(NO, YES, NO), (YES, NO, NO), (YES, NO, YES)])
def test_a_revisit_says_that_an_earlier_file_is_there_again(
    tmp_path: Path, first: bytes, second: bytes, again: bytes
) -> None:
    crawl = Crawl()
    same = {"WARC-Payload-Digest": digest("sha1", again)}
    for site in (SITE, "https://two.example"):
        crawl.revisit(f"{site}/robots.txt", same, "text/plain")
        crawl.response(f"{site}/a.jpg", photo("a"), date=AFTER)
    robots(crawl, second, DAY)
    robots(crawl, first, BEFORE)
    assert len(refused(crawl.save(tmp_path / "a.warc.gz"))) == (again == NO)


def test_a_revisit_of_an_image_is_reserved_where_its_original_is(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, NO)
    crawl.photo("a.jpg")
    crawl.revisit("https://two.example/b.jpg", {"WARC-Payload-Digest": digest("sha1", photo("a.jpg"))})
    assert [reason for _, reason in refused(crawl.save(tmp_path / "a.warc.gz"))] == [RESERVED] * 2


def test_a_file_may_be_a_resource_or_coded(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.resource(f"{SITE}/robots.txt", b"\xef\xbb\xbfContent-Usage: train-ai=n", "text/plain")
    rules = json.dumps([{"location": "/", "tdm-reservation": 1}]).encode()
    url, coded = "https://two.example/.well-known/tdmrep.json", [("Content-Encoding", "gzip")]
    crawl.response(url, gzip.compress(rules), "application/json", headers=coded)
    for site in (SITE, "https://two.example"):
        crawl.response(f"{site}/a.jpg", photo("a"))
    root = crawl.save(tmp_path / "a.warc.gz")
    assert details(root) == ["robots.txt content-usage: train-ai=n", "tdmrep.json: 1"]


def test_a_robots_txt_in_utf_16_is_read(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, NO.decode().encode("utf-16"))
    crawl.photo("a.jpg")
    assert len(refused(crawl.save(tmp_path / "a.warc.gz"))) == 1


WRITERS: list[Callable[[Crawl], object]] = [
    lambda crawl: robots(crawl, b"Content-Usage: /a train-ai=n\nContent-Signal: search=yes", BEFORE),
    lambda crawl: robots(crawl, b"Content-Usage: / train-ai=y", AFTER),
    lambda crawl: tdmrep(crawl, ("/p", 1), ("/", 0)),
    lambda crawl: crawl.page("p", "<img src=b.jpg>"),
    lambda crawl: (crawl.photo("a.jpg"), crawl.photo("b.jpg"), crawl.photo("c.jpg", AFTER)),
]


def test_records_may_come_in_any_order_and_in_any_archive(tmp_path: Path) -> None:
    outcomes = set()
    for number, writers in enumerate(permutations(WRITERS)):
        crawls = Crawl(), Crawl()
        for turn, write in enumerate(writers):
            write(crawls[turn % 2])
        folder = tmp_path / f"{number}"
        folder.mkdir()
        for name, crawl in zip("ab", crawls, strict=True):
            crawl.save(folder / f"{name}.warc.gz")
        kept = tuple((one.image_url, one.page_url, one.preferences) for one in seen(folder))
        outcomes.add((kept, tuple(details(folder))))
    ((kept, told),) = outcomes
    assert told == ("robots.txt content-usage: /a train-ai=n", f"tdmrep.json: 1, on {SITE}/p")
    assert [url for url, _, _ in kept] == [f"{SITE}/c.jpg"]


def test_two_files_of_one_moment_give_the_same_whichever_comes_first(tmp_path: Path) -> None:
    found = set()
    for contents in ((NO, YES), (YES, NO)):
        crawl = Crawl()
        for content in contents:
            robots(crawl, content)
        crawl.photo("a.jpg")
        found.add(len(refused(crawl.save(tmp_path / "a.warc.gz"))))
    assert len(found) == 1


def test_an_index_that_is_used_again_still_knows_what_sites_say(tmp_path: Path) -> None:
    crawl = Crawl()
    robots(crawl, NO)
    crawl.photo("a.jpg")
    root, index = crawl.save(tmp_path / "a.warc.gz"), tmp_path / "index"
    for _ in range(2):
        (one,) = WebArchiveSource(root, UrlScope(()), index=index).arrivals()
        assert isinstance(one, SkippedPhoto)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SITE}/robots.txt", True),
        ("HTTP://ONE.example:80/robots.txt", True),
        (f"{SITE}/.well-known/tdmrep.json", True),
        (f"{SITE}/a/robots.txt", False),
        (f"{SITE}/robots.txt?a", False),
        (f"{SITE}?/robots.txt", False),
        (f"{SITE}/a/.well-known/tdmrep.json", False),
        ("file:///robots.txt", False),
        ("/robots.txt", False),
    ],
)
def test_a_site_s_files_are_known_by_their_address(url: str, expected: bool) -> None:
    assert is_site_file(url) is expected


def asked(path: str, content: bytes) -> tuple[Preference, ...]:
    with closing(sqlite3.connect(":memory:")) as sql:
        sites = Sites(sql)
        sites.begin()
        sites.add(SiteFile(f"{SITE}{path}", moment(DAY), content, ""))
        sites.finish()
        return sites.said(f"{SITE}/a.jpg", moment(DAY), ())


def rules(some: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), some)


LINES = st.lists(
    st.sampled_from([b"User-agent: *", b"Content-Usage: ", b"train-ai=n", b"\n", b"\0", b"\xff"])
)


@given(st.sampled_from(["/robots.txt", "/.well-known/tdmrep.json"]), st.binary() | LINES.map(b"".join))
def test_no_file_raises(path: str, content: bytes) -> None:
    asked(path, content)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda some: st.lists(some) | rules(some)))
def test_no_json_raises(value: object) -> None:
    asked("/.well-known/tdmrep.json", json.dumps(value).encode())


def test_a_file_that_says_more_than_can_be_kept_is_cut_and_still_reserves() -> None:
    lines = [f"Content-Usage: train-ai=y, a{number}=y" for number in range(1000)]
    kept = asked("/robots.txt", "\n".join([*lines, "Content-Usage: train-ai=n"]).encode())
    assert len(kept) == MAX_STATEMENTS
    assert any(one.reserves for one in kept)

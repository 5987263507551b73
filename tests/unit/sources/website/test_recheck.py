"""What has become of captures: one crawl, then the site changes, then one recheck."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from facewitness.terms.collecting import Revisited
from facewitness.terms.provenance import CaptureState
from tests.assets.site import Page, Site
from tests.unit.sources.website.crawling import QUICK, Archived, collector, crawl, page, photo, records_of

SCOPE = ("127.0.0.1", "127.0.0.2", "127.0.0.3")

SAME = ("/unchanged.jpg", "/same.jpg", "/away.jpg", "/page")
"""What is there as before: it says so, it has the same bytes, it redirects to the same bytes; and a page."""


@dataclass
class Rechecked:
    """What was asked for and told, by path, and what was kept of it."""

    site: Site
    asked: list[str]
    told: dict[str, Revisited]
    records: list[Archived]


@pytest.fixture(scope="module")
def rechecked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rechecked]:
    keep = tmp_path_factory.mktemp("recheck")
    names = ("same", "away", "moved", "gone", "changed", "noai", "robots", "tdm", "broken", "forbidden")
    pages: dict[str, Page | str] = {
        "/": page("/unchanged.jpg", *(f"/{name}.jpg" for name in names), links=["/page", "/page-noai"]),
        "/page": page(),
        "/page-noai": page(),
        "/unchanged.jpg": photo("unchanged", etag='"u"'),
        **{f"/{name}.jpg": photo(name) for name in names},
        "/moved.jpg": photo("moved", etag='"m"'),
    }
    with Site(pages) as site:
        crawl(site, keep, *SCOPE)
        before, asked = len(records_of(keep)), len(site.asked)
        _change(site)
        addresses = [site.url(path) for path in pages if path != "/"]
        addresses += [site.url("/a.jpg", "127.0.0.2"), "https://elsewhere.example/a.jpg", "no address"]
        addresses += [site.url("/a.jpg", "127.0.0.3"), site.url("/b.jpg", "127.0.0.3"), site.url("/same.jpg")]
        told = {
            one.url.partition(f":{site.port}")[2] or one.url: one
            for one in collector(site, keep, *SCOPE, limits=QUICK).revisit(addresses)
        }
        again = [one.path for one in site.asked[asked:]]
        yield Rechecked(site, again, told, records_of(keep)[before:])


def _change(site: Site) -> None:
    site.pages |= {
        "127.0.0.1/robots.txt": "User-agent: *\nDisallow: /robots.jpg",
        "127.0.0.1/.well-known/tdmrep.json": '[{"location": "/tdm.jpg", "tdm-reservation": 1}]',
        "127.0.0.2/robots.txt": Page(status=500),
        "127.0.0.3/a.jpg": Page(status=429),
        "127.0.0.3/b.jpg": Page(status=429),
        "/moved.jpg": Page(status=301, headers={"Location": "/elsewhere.jpg"}),
        "/elsewhere.jpg": photo("something else", etag='"m"'),
        "/away.jpg": Page(status=302, headers={"Location": "/further.jpg"}),
        "/further.jpg": photo("away"),
        "/gone.jpg": Page(status=410),
        "/changed.jpg": photo("other"),
        "/noai.jpg": photo("noai", headers={"X-Robots-Tag": "noai"}),
        "/broken.jpg": Page(status=500),
        "/forbidden.jpg": Page(status=403),
        "/page-noai": page(head='<meta name="robots" content="noimageai">'),
    }


@pytest.mark.parametrize("path", SAME)
def test_what_is_there_tells_the_digest_of_its_content(rechecked: Rechecked, path: str) -> None:
    content = page() if path == "/page" else photo(path[1:].partition(".")[0])
    assert rechecked.told[path].state is CaptureState.THERE
    assert rechecked.told[path].digest == digest(content)


@pytest.mark.parametrize(("path", "name"), [("/changed.jpg", "other"), ("/moved.jpg", "something else")])
def test_what_gives_other_bytes_tells_their_digest(rechecked: Rechecked, path: str, name: str) -> None:
    assert rechecked.told[path].state is CaptureState.THERE
    assert rechecked.told[path].digest == digest(photo(name))


def digest(content: Page) -> str:
    body = content.body.encode() if isinstance(content.body, str) else content.body
    return hashlib.sha256(body).hexdigest()


def test_what_answers_404_or_410_is_gone(rechecked: Rechecked) -> None:
    one = rechecked.told["/gone.jpg"]
    assert (one.state, one.detail) == (CaptureState.GONE, "410")


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/noai.jpg", "x-robots-tag: noai"),
        ("/page-noai", "meta robots: noimageai"),
        ("/tdm.jpg", "tdmrep.json: 1"),
        ("/robots.jpg", "robots.txt says no"),
    ],
)
def test_what_anything_reserves_by_now_is_reserved(rechecked: Rechecked, path: str, detail: str) -> None:
    one = rechecked.told[path]
    assert (one.state, one.detail) == (CaptureState.RESERVED, detail)


@pytest.mark.parametrize(
    "path", ["/broken.jpg", "/forbidden.jpg", "https://elsewhere.example/a.jpg", "no address"]
)
def test_no_answer_that_says_anything_concludes_nothing(rechecked: Rechecked, path: str) -> None:
    assert rechecked.told[path].state is None


def test_a_host_without_its_robots_or_that_asks_to_slow_down_concludes_nothing(rechecked: Rechecked) -> None:
    assert rechecked.told["/a.jpg"].state is None
    assert rechecked.told["/b.jpg"].state is None


def test_each_is_asked_for_once_and_what_may_not_be_is_not(rechecked: Rechecked) -> None:
    once = [path for path in rechecked.asked if path.endswith(".jpg") and path not in ("/a.jpg", "/b.jpg")]
    names = (
        "unchanged",
        "same",
        "moved",
        "elsewhere",
        "away",
        "further",
        "gone",
        "changed",
        "noai",
        "broken",
        "forbidden",
    )
    assert sorted(once) == sorted(f"/{name}.jpg" for name in names)


def test_what_was_fetched_is_kept_but_not_what_is_reserved(rechecked: Rechecked) -> None:
    kept = {one.url: one.kind for one in rechecked.records if one.kind != "request"}
    assert kept[rechecked.site.url("/unchanged.jpg")] == "revisit"
    assert kept[rechecked.site.url("/changed.jpg")] == "response"
    assert kept[rechecked.site.url("/noai.jpg")] == "metadata"
    assert kept[rechecked.site.url("/gone.jpg")] == "metadata"


def test_nothing_is_asked_before_an_answer_is_wanted(tmp_path: Path) -> None:
    with Site() as site:
        collector(site, tmp_path).revisit([site.url("/a.jpg")])
        assert site.asked == []

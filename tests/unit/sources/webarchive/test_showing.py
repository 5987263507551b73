"""An image is observed once on each page of the archives that shows it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from facewitness.sources.scope import UrlScope
from facewitness.sources.webarchive import WebArchiveSource
from facewitness.terms.provenance import Arrival, Preference, SkippedPhoto, SkipReason

from .crawls import (
    DAY,
    HTTP,
    LATER,
    SITE,
    Crawl,
    arrived,
    contents,
    details,
    digest,
    everything,
    html,
    photo,
    refused,
    seen,
)

RESERVED, OUT = SkipReason.RESERVED, SkipReason.OUT_OF_SCOPE


def test_an_image_is_observed_with_page_title_and_caption(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src='/a.jpg' alt='A caption'>", "<title> A\n title </title>")
    crawl.photo("a.jpg")
    (one,) = seen(crawl.save(tmp_path / "a.warc.gz"))
    assert (one.page_url, one.page_title, one.caption) == (f"{SITE}/p", "A title", "A caption")
    assert one.image_url == f"{SITE}/a.jpg"
    assert one.captured_at == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert one.record is not None
    assert one.record.file == "a.warc.gz"


def test_the_page_may_come_after_its_images_and_in_another_archive(tmp_path: Path) -> None:
    images, pages = Crawl(), Crawl(zipped=False)
    images.photo("a.jpg")
    pages.page("p", "<img src=a.jpg>")
    images.save(tmp_path / "1.warc.gz")
    pages.save(tmp_path / "2.warc")
    assert [one.page_url for one in seen(tmp_path)] == [f"{SITE}/p"]


def test_every_page_is_an_observation_with_a_locator_of_its_own_the_nearest_in_time_first(
    tmp_path: Path,
) -> None:
    crawl = Crawl()
    for number, day in enumerate(("2020-01-01", "2024-05-03", "2024-04-30", "2030-01-01")):
        crawl.page(f"{number}", "<img src=a.jpg>", date=f"{day}T00:00:00Z")
    at = crawl.photo("a.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    found = seen(root)
    assert [one.page_url for one in found] == [f"{SITE}/{number}" for number in (2, 1, 0, 3)]
    assert len({one.locator for one in found}) == 4
    assert all(one.locator.startswith(f"a.warc.gz@{at}/#") for one in found)
    assert seen(root) == found


def test_a_page_that_was_captured_often_is_one_observation(tmp_path: Path) -> None:
    crawl = Crawl()
    for day, caption in (("01", "before"), ("20", "after"), ("02", "nearest")):
        crawl.page("p", f"<img src=a.jpg alt={caption}>", date=f"2024-05-{day}T12:00:01Z")
    crawl.photo("a.jpg", date="2024-05-02T13:00:00Z")
    assert [one.caption for one in seen(crawl.save(tmp_path / "a.warc.gz"))] == ["nearest"]


def test_no_more_than_forty_pages_are_named(tmp_path: Path) -> None:
    crawl = Crawl()
    for number in range(60):
        crawl.page(f"{number}", "<img src=a.jpg>")
    crawl.photo("a.jpg")
    assert len(seen(crawl.save(tmp_path / "a.warc.gz"))) == 40


def test_two_captures_of_an_image_are_two_arrivals(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src=a.jpg>")
    crawl.photo("a.jpg")
    crawl.photo("a.jpg", date=LATER)
    assert [one.page_url for one in seen(crawl.save(tmp_path / "a.warc.gz"))] == [f"{SITE}/p"] * 2


@pytest.mark.parametrize(
    ("written", "fetched"),
    [
        ("http://one.example/a.jpg", "https://one.example/a.jpg"),
        ("https://ONE.example:443/a.jpg", "https://one.example/a.jpg"),
        ("//one.example/a.jpg#part", "https://one.example/a.jpg"),
        ("/a b.jpg", "https://one.example/a%20b.jpg"),
        ("/caf\u00e9.jpg", "https://one.example/caf%C3%A9.jpg"),
        ("/caf%c3%a9.jpg", "https://one.example/caf\u00e9.jpg"),
        ("/%7Ea/./b/../c.jpg", "https://one.example/~a/c.jpg"),
        ("/a.jpg?x=1&amp;y=2", "https://one.example/a.jpg?x=1&y=2"),
        ("/a.jpg", "<https://one.example/a.jpg>"),
    ],
)
def test_page_and_crawler_may_write_an_address_differently(
    tmp_path: Path, written: str, fetched: str
) -> None:
    crawl = Crawl()
    crawl.page("p", f"<img src='{written}'>")
    crawl.response(fetched, photo("a"))
    assert [one.page_url for one in seen(crawl.save(tmp_path / "a.warc.gz"))] == [f"{SITE}/p"]


@pytest.mark.parametrize("other", ["/A.jpg", "/a.jpg?", "/a.jpg?size=2", "https://two.example/a.jpg"])
def test_different_addresses_stay_different(tmp_path: Path, other: str) -> None:
    crawl = Crawl()
    crawl.page("p", f"<img src='{other}'>")
    crawl.photo("a.jpg")
    expected = [f"{SITE}/p"] if other == "/a.jpg?" else [""]
    assert [one.page_url for one in seen(crawl.save(tmp_path / "a.warc.gz"))] == expected


def test_a_page_may_be_a_resource_or_have_no_type(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.resource(f"{SITE}/1", html("<img src=a.jpg>"), "text/html; charset=utf-8")
    crawl.response(f"{SITE}/2", html("<img src=a.jpg>"), "")
    crawl.response(f"{SITE}/3", html("<img src=a.jpg>"), "application/xhtml+xml")
    crawl.response(f"{SITE}/4", html("<img src=a.jpg>"), "text/html", status="404 Not Found")
    crawl.response(f"{SITE}/5", html("<img src=a.jpg>"), "text/javascript")
    crawl.photo("a.jpg")
    found = seen(crawl.save(tmp_path / "a.warc.gz"))
    assert [one.page_url for one in found] == [f"{SITE}/{number}" for number in (1, 2, 3)]


def test_only_images_of_the_scope_or_on_its_pages_come_in(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src='https://images.example/shown.jpg'>")
    crawl.response("https://two.example/p", html("<img src='https://one.example/a.jpg'>"), "text/html")
    crawl.photo("a.jpg")
    crawl.response("https://images.example/shown.jpg", photo("shown"))
    at = crawl.response("https://images.example/other.jpg", photo("other"))
    root = crawl.save(tmp_path / "a.warc.gz")
    assert [(one.image_url, one.page_url) for one in seen(root, "one.example")] == [
        (f"{SITE}/a.jpg", ""),
        ("https://images.example/shown.jpg", f"{SITE}/p"),
    ]
    assert refused(root, "one.example") == [(f"a.warc.gz@{at}", OUT)]
    assert details(root, "one.example") == ["https://images.example/other.jpg"]
    assert refused(root) == []


@pytest.mark.parametrize(
    "url", ["urn:view:https://one.example/p", "file:///a.jpg", "ftp://one.example/a.jpg"]
)
def test_what_was_not_found_on_the_web_is_in_no_scope(tmp_path: Path, url: str) -> None:
    crawl = Crawl()
    at = crawl.resource(url, photo("a"), "image/jpeg")
    assert refused(crawl.save(tmp_path / "a.warc.gz")) == [(f"a.warc.gz@{at}", OUT)]


def test_a_given_index_is_not_used_for_another_scope(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src=a.jpg>")
    crawl.photo("a.jpg")
    root, index = crawl.save(tmp_path / "a.warc.gz"), tmp_path / "index"
    for scope, expected in (((), Arrival), (("two.example",), SkippedPhoto)):
        (one,) = WebArchiveSource(root, UrlScope(scope), index=index).arrivals()
        assert isinstance(one, expected)


@pytest.fixture
def preferences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Preferences that are told by `x-fake` and `fake`: what they say, reserved with an exclamation mark."""

    def said(pairs: object, name: str) -> tuple[Preference, ...]:
        assert isinstance(pairs, tuple)
        return tuple(Preference(name, value, value.endswith("!")) for key, value in pairs if key == name)

    monkeypatch.setattr("facewitness.sources.preferences.from_headers", lambda pairs: said(pairs, "x-fake"))
    monkeypatch.setattr("facewitness.sources.preferences.from_metas", lambda pairs: said(pairs, "fake"))


@pytest.mark.usefixtures("preferences")
def test_what_image_and_page_say_is_kept_with_the_observation(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("1", "<img src=a.jpg>", "<meta name=fake content=meta>", headers=[("x-fake", "page")])
    crawl.page("2", "<img src=a.jpg>")
    crawl.photo("a.jpg", headers=[("x-fake", "image")])
    first, second = seen(crawl.save(tmp_path / "a.warc.gz"))
    assert [(one.signal, one.value) for one in first.preferences] == [
        ("x-fake", "image"),
        ("x-fake", "page"),
        ("fake", "meta"),
    ]
    assert [one.value for one in second.preferences] == ["image"]


@pytest.mark.usefixtures("preferences")
def test_an_image_that_reserves_itself_is_reserved(tmp_path: Path) -> None:
    crawl = Crawl()
    at = crawl.photo("a.jpg", headers=[("x-fake", "no!")])
    root = crawl.save(tmp_path / "a.warc.gz")
    assert everything(root) == [SkippedPhoto(f"a.warc.gz@{at}", RESERVED, "x-fake: no!")]


@pytest.mark.usefixtures("preferences")
@pytest.mark.parametrize("where", ["header", "meta"])
def test_any_page_that_reserves_reserves_the_image_however_many_do_not(tmp_path: Path, where: str) -> None:
    crawl = Crawl()
    if where == "header":
        crawl.page("p", "<img src=a.jpg>", date="1999-01-01T00:00:00Z", headers=[("x-fake", "no!")])
    else:
        crawl.page("p", "<img src=a.jpg>", "<meta name=fake content=no!>", date="1999-01-01T00:00:00Z")
    for number in range(50):
        crawl.page(f"{number}", "<img src=a.jpg>")
    at = crawl.photo("a.jpg")
    crawl.photo("b.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    assert refused(root) == [(f"a.warc.gz@{at}", RESERVED)]
    signal = "x-fake" if where == "header" else "fake"
    assert details(root) == [f"{signal}: no!, on {SITE}/p"]
    assert len(arrived(root)) == 1


@pytest.mark.usefixtures("preferences")
def test_what_a_page_out_of_scope_says_is_not_asked(tmp_path: Path) -> None:
    crawl = Crawl()
    body = html(f"<img src='{SITE}/a.jpg'>")
    crawl.response("https://two.example/p", body, "text/html", headers=[("x-fake", "no!")])
    crawl.photo("a.jpg")
    assert len(arrived(crawl.save(tmp_path / "a.warc.gz"), "one.example")) == 1


BY = {
    "record id": {"WARC-Refers-To": "<urn:uuid:original>"},
    "address and time": {"WARC-Refers-To-Target-URI": f"{SITE}/a.jpg", "WARC-Refers-To-Date": DAY},
    "digest": {"WARC-Payload-Digest": digest("sha1", photo("a"))},
    "digest in other letters": {"WARC-Payload-Digest": digest("sha1", photo("a")).lower()},
}


@pytest.mark.parametrize("by", BY)
def test_a_revisit_is_one_more_arrival_of_its_original_s_bytes(tmp_path: Path, by: str) -> None:
    crawl, later = Crawl(), Crawl()
    original = crawl.response(f"{SITE}/a.jpg", photo("a"), said={"WARC-Record-ID": "<urn:uuid:original>"})
    at = later.revisit(f"{SITE}/copy.jpg", BY[by])
    later.page("p", "<img src=copy.jpg>", date=LATER)
    later.save(tmp_path / "0.warc.gz")
    crawl.save(tmp_path / "1.warc.gz")
    first, _ = arrived(tmp_path)
    assert first.path == f"0.warc.gz@{at}"
    assert first.read() == photo("a")
    (one,) = first.observations
    assert (one.image_url, one.page_url) == (f"{SITE}/copy.jpg", f"{SITE}/p")
    assert one.captured_at == datetime(2024, 6, 1, 12, tzinfo=UTC)
    assert one.record is not None
    assert (one.record.file, one.record.offset) == ("1.warc.gz", original)


def test_a_revisit_that_says_not_modified_is_one_of_an_image_if_its_original_is(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a", photo("a"))
    crawl.revisit(
        f"{SITE}/a",
        {**BY["address and time"], "WARC-Refers-To-Target-URI": f"{SITE}/a"},
        "",
        "304 Not Modified",
    )
    crawl.revisit(
        f"{SITE}/b",
        {"WARC-Refers-To-Target-URI": f"{SITE}/b", "WARC-Refers-To-Date": DAY},
        "",
        "304 Not Modified",
    )
    root = crawl.save(tmp_path / "a.warc.gz")
    assert contents(root) == [photo("a")] * 2
    assert refused(root) == []


def test_a_revisit_without_its_original_is_refused(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", photo("a"))
    at = crawl.revisit(
        f"{SITE}/a.jpg", {"WARC-Refers-To-Target-URI": f"{SITE}/a.jpg", "WARC-Refers-To-Date": LATER}
    )
    crawl.revisit(f"{SITE}/p", {}, "text/html")
    assert refused(crawl.save(tmp_path / "a.warc.gz")) == [(f"a.warc.gz@{at}", SkipReason.MISSING_ORIGINAL)]


def test_a_revisit_that_says_nothing_is_not_one_of_what_says_nothing(tmp_path: Path) -> None:
    crawl = Crawl()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"
    crawl.record(
        "response", f"{SITE}/a.jpg", http + photo("a"), HTTP, {"WARC-Date": DAY, "WARC-Record-ID": ""}
    )
    crawl.resource("urn:a", photo("a"), "image/jpeg")
    crawl.revisit(f"{SITE}/b.jpg", {"WARC-Refers-To-Date": DAY})
    reasons = [reason for _, reason in refused(crawl.save(tmp_path / "a.warc.gz"))]
    assert reasons == [OUT, SkipReason.MISSING_ORIGINAL]


@pytest.mark.usefixtures("preferences")
def test_a_revisit_of_what_is_reserved_is_reserved(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg", headers=[("x-fake", "no!")])
    crawl.revisit(f"{SITE}/b.jpg", {"WARC-Payload-Digest": digest("sha1", photo("a.jpg"))})
    assert [reason for _, reason in refused(crawl.save(tmp_path / "a.warc.gz"))] == [RESERVED] * 2


def test_a_revisit_out_of_scope_is_refused(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("a.jpg")
    at = crawl.revisit("https://two.example/a.jpg", {"WARC-Payload-Digest": digest("sha1", photo("a.jpg"))})
    assert refused(crawl.save(tmp_path / "a.warc.gz"), "one.example") == [(f"a.warc.gz@{at}", OUT)]


def moved(crawl: Crawl, name: str, to: str) -> None:
    """The name on the site led on to another address."""
    crawl.response(f"{SITE}/{name}", b"", "", status="302 Found", headers=[("Location", to)])


def test_a_page_shows_the_image_that_the_address_it_names_led_on_to(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src='/first' alt='A caption'>")
    moved(crawl, "first", "/second")
    moved(crawl, "second", f"{SITE}/a.jpg")
    crawl.photo("a.jpg")
    (one,) = seen(crawl.save(tmp_path / "a.warc.gz"), "one.example")
    assert (one.page_url, one.caption, one.image_url) == (f"{SITE}/p", "A caption", f"{SITE}/a.jpg")


def test_a_page_reserves_the_image_that_the_address_it_names_led_on_to(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src='/first'>", "<meta name='robots' content='noai'>")
    crawl.page("q", "<img src='/a.jpg'>")
    moved(crawl, "first", "/a.jpg")
    crawl.photo("a.jpg")
    assert [reason for _, reason in refused(crawl.save(tmp_path / "a.warc.gz"))] == [RESERVED]


def test_addresses_that_lead_on_in_circles_end(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "<img src='/first'>")
    moved(crawl, "first", "/a.jpg")
    moved(crawl, "a.jpg", "/first")
    crawl.photo("a.jpg")
    assert [one.page_url for one in seen(crawl.save(tmp_path / "a.warc.gz"))] == [f"{SITE}/p"]


def test_redirects_in_a_circle_or_to_nowhere_do_no_harm(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.photo("c.jpg")
    for path, to in (
        ("a.jpg", "b.jpg"),
        ("b.jpg", "a.jpg"),
        ("a.jpg", "c.jpg"),
        ("x.jpg", ""),
        ("y.jpg", "ftp://y/"),
    ):
        moved(crawl, path, to)
    crawl.page("page", "<img src='a.jpg'><img src='x.jpg'><img src='y.jpg'>")
    assert [one.page_url for one in seen(crawl.save(tmp_path / "crawl.warc.gz"))] == [f"{SITE}/page"]

"""Whatever an archive holds: nothing raises, paths and locators are unique, and a second run gives the same."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facewitness.sources.webarchive.record import Record
from facewitness.terms.provenance import Arrival, SkippedPhoto

from .crawls import DAY, HTTP, SITE, Crawl, digest, everything, photo

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.sampled_from(["a.warc", "a.warc.gz", "a.arc", "a.arc.gz", "a.wacz"])


def small(zipped: bool) -> bytes:
    crawl = Crawl(zipped)
    crawl.page("p", "<img src=a.jpg>")
    crawl.photo("a.jpg")
    crawl.revisit(f"{SITE}/a.jpg", {"WARC-Payload-Digest": digest("sha1", photo("a.jpg"))})
    crawl.photo("b.jpg")
    return crawl.data()


ARC = b"filedesc://a.arc 0.0.0.0 20050607080910 text/plain 2\n\n\n" + b"".join(
    b"http://a.example/%d.jpg 192.0.2.1 20050607080910 image/jpeg 20\nHTTP/1.0 200 OK\r\n\r\nx\n" % n
    for n in range(3)
)
WHOLE = {
    "a.warc": small(False),
    "a.warc.gz": small(True),
    "a.arc": ARC,
    "a.arc.gz": gzip.compress(ARC[:58]) + gzip.compress(ARC[58:]),
    "a.wacz": (Path(__file__).parents[3] / "assets/warc/crawl.wacz").read_bytes(),
}


def hold(root: Path) -> None:
    """What every source promises."""
    found = everything(root)
    assert everything(root) == found
    arrivals = [one for one in found if isinstance(one, Arrival)]
    paths = [one.path for one in arrivals]
    locators = [seen.locator for one in arrivals for seen in one.observations]
    assert len(set(paths)) == len(paths)
    assert len(set(locators)) == len(locators)
    for one in arrivals:
        assert isinstance(one.read(), bytes | SkippedPhoto)


@SLOW
@given(NAMES, st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(tmp_path: Path, name: str, data: bytes) -> None:
    for one in tmp_path.iterdir():
        one.unlink()
    root = tmp_path / name
    root.write_bytes(data or b"x")
    hold(root)


CHANGES: st.SearchStrategy[Callable[[bytes], bytes]] = st.one_of(
    st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)).map(
        lambda what: (
            lambda data: data[: (at := int(what[0] * len(data)))] + what[1] + data[at + len(what[1]) :]
        )
    ),
    st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)).map(
        lambda what: lambda data: data[: (at := int(what[0] * len(data)))] + what[1] + data[at:]
    ),
    st.tuples(st.floats(0, 1), st.integers(1, 500)).map(
        lambda what: lambda data: data[: (at := int(what[0] * len(data)))] + data[at + what[1] :]
    ),
    st.tuples(st.floats(0, 1), st.floats(0, 1)).map(
        lambda what: lambda data: data[int(what[0] * len(data)) :] + data[: int(what[1] * len(data))]
    ),
)
"""Bytes overwritten, put in, taken out, and an archive that begins in its middle."""


@SLOW
@given(NAMES, st.lists(CHANGES, min_size=1, max_size=3))
def test_a_damaged_archive_never_raises(
    tmp_path: Path, name: str, changes: list[Callable[[bytes], bytes]]
) -> None:
    for one in tmp_path.iterdir():
        one.unlink()
    data = WHOLE[name]
    for change in changes:
        data = change(data)
    root = tmp_path / name
    root.write_bytes(data or b"x")
    hold(root)


SAID = ["WARC-Date", "WARC-Record-ID", "WARC-Refers-To", "WARC-Refers-To-Date", "WARC-Payload-Digest"]
SAID += ["WARC-Refers-To-Target-URI", "WARC-Identified-Payload-Type", "WARC-Segment-Number"]
LINE = st.text(alphabet=st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=30)


@SLOW
@given(
    st.sampled_from(["response", "resource", "revisit", "request"]),
    st.dictionaries(
        st.sampled_from(SAID),
        LINE,
    ),
    LINE | LINE.map(f"{SITE}/".__add__),
    st.sampled_from(["", HTTP, "image/jpeg", "text/html"]),
    st.binary(max_size=60)
    | st.binary(max_size=60).map(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n".__add__),
)
def test_whatever_a_record_says_never_raises(
    tmp_path: Path, kind: str, said: dict[str, str], url: str, content_type: str, block: bytes
) -> None:
    crawl = Crawl()
    crawl.record(kind, url, block, content_type, said)
    crawl.photo("a.jpg")
    root = crawl.save(tmp_path / "a.warc.gz")
    hold(root)


@pytest.mark.parametrize("limit", [0, 10, 70_000])
def test_what_unpacks_without_end_is_cut_right_after_the_limit(limit: int) -> None:
    content = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10**6))
    record = Record.of(0, len(content), (), content)
    assert len(record.stages(record.body(len(content)), limit)[-1]) == limit + 1


@given(
    st.binary(),
    st.sampled_from(["gzip", "br", "deflate", "zstd", "chunked", "gzip, br"]),
    st.integers(0, 100),
)
def test_no_content_raises_and_none_grows_over_the_limit(body: bytes, coding: str, limit: int) -> None:
    header = "Transfer-Encoding" if coding == "chunked" else "Content-Encoding"
    content = f"HTTP/1.1 200 OK\r\n{header}: {coding}\r\n\r\n".encode() + body
    record = Record.of(0, len(content), (("WARC-Date", DAY),), content)
    first, *undone = record.stages(record.body(len(content)), limit)
    assert first == body
    assert all(0 < len(one) <= limit + 1 for one in undone)

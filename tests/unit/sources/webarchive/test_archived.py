"""An archived record can be shown again as it is in its archive, or it is said why not."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facewitness.errors import NotFound
from facewitness.sources.webarchive import archived
from facewitness.terms.provenance import ArchivedRecord

from .crawls import SITE, Crawl, arrived, photo

ASSETS = Path(__file__).parents[3] / "assets/warc"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A source of one archive in a folder, with a photo in it."""
    crawl = Crawl()
    crawl.page("p", "nothing")
    body = gzip.compress(photo("a"))
    crawl.response(
        f"{SITE}/a.jpg", body, headers=[("Content-Encoding", "gzip"), ("X-Two", "1"), ("X-Two", "2")]
    )
    (tmp_path / "source/sub").mkdir(parents=True)
    crawl.save(tmp_path / "source/sub/a.warc.gz")
    return tmp_path / "source"


def record(root: Path) -> ArchivedRecord:
    (one,) = arrived(root)
    found = one.observations[0].record
    assert found is not None
    return found


def test_an_archived_copy_is_the_record_with_all_its_headers(root: Path) -> None:
    copy = archived(root, record(root))
    assert copy.target_uri == f"{SITE}/a.jpg"
    assert copy.date == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert ("WARC-Record-ID", record(root).record_id) in copy.warc_headers
    assert copy.status_line == "HTTP/1.1 200 OK"
    assert copy.http_headers == (
        ("Content-Type", "image/jpeg"),
        ("Content-Encoding", "gzip"),
        ("X-Two", "1"),
        ("X-Two", "2"),
    )
    assert (copy.content_type, copy.body, copy.is_whole) == ("image/jpeg", photo("a"), True)


def test_of_a_large_record_the_beginning_is_shown(root: Path) -> None:
    copy = archived(root, record(root), max_bytes=10)
    assert (copy.body, copy.is_whole) == (photo("a")[:10], False)


def test_a_plain_record_larger_than_what_is_shown_is_cut(tmp_path: Path) -> None:
    crawl = Crawl()
    crawl.response(f"{SITE}/a.jpg", photo("a") * 80_000)
    copy = archived(tmp_path, record(crawl.save(tmp_path / "a.warc.gz").parent), max_bytes=10)
    assert (copy.body, copy.is_whole) == (photo("a")[:10], False)


def test_the_source_may_be_the_archive_itself(root: Path) -> None:
    file = root / "sub/a.warc.gz"
    assert archived(file, record(file)).body == photo("a")


def test_every_photo_of_a_wacz_has_its_archived_copy() -> None:
    found = list(arrived(ASSETS))
    assert len(found) > 3
    for one in found:
        assert one.observations[0].record is not None
        copy = archived(ASSETS, one.observations[0].record)
        assert copy.body == one.read()
        assert copy.target_uri.strip("<>") == one.observations[0].image_url


def move(root: Path) -> None:
    (root / "sub/a.warc.gz").rename(root / "b.warc.gz")


def shift(root: Path) -> None:
    file = root / "sub/a.warc.gz"
    file.write_bytes(gzip.compress(b"junk") + file.read_bytes())


def replace(root: Path) -> None:
    crawl = Crawl()
    crawl.page("p", "nothing")
    crawl.photo("a.jpg")
    crawl.save(root / "sub/a.warc.gz")


def alter(root: Path) -> None:
    file = root / "sub/a.warc.gz"
    at = record(root).offset
    whole = gzip.decompress(file.read_bytes()[at:]).replace(b"X-Two: 2", b"X-Two: 3")
    file.write_bytes(file.read_bytes()[:at] + gzip.compress(whole))


def link(root: Path) -> None:
    move(root)
    (root / "sub/a.warc.gz").symlink_to("../b.warc.gz")


def link_folder(root: Path) -> None:
    (root / "sub").rename(root / "moved")
    (root / "sub").symlink_to("moved")


def overwrite(root: Path) -> None:
    (root / "sub/a.warc.gz").write_text("something else")


@pytest.mark.parametrize("change", [move, shift, replace, alter, link, link_folder, overwrite])
def test_a_record_that_is_not_there_as_it_was_is_not_shown(
    root: Path, change: Callable[[Path], None]
) -> None:
    one = record(root)
    change(root)
    with pytest.raises(NotFound) as raised:
        archived(root, one)
    assert raised.value.advice


@pytest.mark.parametrize(
    "file",
    [
        "",
        "..",
        "../outside.warc.gz",
        "sub",
        "/sub/a.warc.gz",
        "sub/../sub/a.warc.gz",
        "sub/a.warc.gz/x",
        "\0",
    ],
)
def test_no_file_outside_the_source_is_shown(root: Path, file: str) -> None:
    Crawl().save(root.parent / "outside.warc.gz")
    with pytest.raises(NotFound):
        archived(root, ArchivedRecord(file, 0, "<urn:uuid:1>"))


@pytest.mark.parametrize("offset", [-1, 1, 10**6, 10**30])
def test_no_record_is_shown_where_none_is(root: Path, offset: int) -> None:
    with pytest.raises(NotFound):
        archived(root, ArchivedRecord("sub/a.warc.gz", offset, "<urn:uuid:1>"))

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from facewitness.sources.website.warc_file import Draft, WarcFiles, new_id
from tests.unit.sources.website.crawling import records_of

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
ABOUT = (("software", "Facewitness/0"),)


def draft(block: bytes, is_packed: bool = False, url: str = "https://one.example/a") -> Draft:
    fields = (("WARC-Target-URI", url),)
    return Draft("resource", new_id(), AT, "image/jpeg", block, fields, is_packed)


def test_other_software_reads_what_is_written(tmp_path: Path) -> None:
    with closing(WarcFiles(tmp_path / "archive", "site", ABOUT, 1_000_000)) as files:
        for block in (b"one", b"two" * 1000):
            files.add(draft(block, is_packed=block == b"one"))
    info, *records = records_of(tmp_path)
    assert (info.kind, info.body) == ("warcinfo", b"software: Facewitness/0\r\n")
    assert [one.body for one in records] == [b"one", b"two" * 1000]
    assert {one.said["warc-warcinfo-id"] for one in records} == {info.said["warc-record-id"]}
    assert {one.said["warc-date"] for one in records} == {"2024-05-01T12:00:00.000000Z"}


def test_no_header_breaks_into_another(tmp_path: Path) -> None:
    with closing(WarcFiles(tmp_path / "archive", "site", (), 1_000_000)) as files:
        files.add(draft(b"one", url="https://one.example/a\r\nWARC-Type:forged"))
    _, record = records_of(tmp_path)
    assert (record.kind, record.url) == ("resource", "https://one.example/a%20WARC-Type:forged")


def test_a_file_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    with closing(WarcFiles(tmp_path / "archive", "site", ABOUT, 2_000)) as files:
        placed = [files.add(draft(bytes(range(256)) * 8)) for _ in range(30)]
    names = sorted(file.name for file in (tmp_path / "archive").iterdir())
    assert len(names) > 1
    assert sorted({one.file for one in placed}) == names
    assert [one.kind for one in records_of(tmp_path)].count("warcinfo") == len(names)


def test_a_file_is_begun_with_the_first_record(tmp_path: Path) -> None:
    WarcFiles(tmp_path / "archive", "site", ABOUT, 2_000).close()
    assert not (tmp_path / "archive").exists()


def test_a_file_that_is_there_is_never_written_to(tmp_path: Path) -> None:
    names = set()
    for _ in range(2):
        with closing(WarcFiles(tmp_path / "archive", "site", ABOUT, 1_000_000)) as files:
            names.add(files.add(draft(b"one")).file)
    assert len(names) == 2

"""Damage in a tar shard costs what it hit: every good record before it and after it still arrives."""

import gzip
import io
import tarfile
from hashlib import shake_256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewitness.sources.shards import ShardsSource
from facewitness.sources.shards.tar import Damage, Member, walk
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

from .making import SAID, UNHURRIED, contents, details, everything, paths, records, skips, tar, tar_bytes

BROKEN = SkipReason.BROKEN_ARCHIVE
PHOTOS = {f"{n}.jpg": f"photo {n}".encode() for n in range(5)}
"""Each takes two blocks: number N begins at byte 1024 * N."""


def write(tmp_path: Path, data: bytes | bytearray) -> Path:
    file = tmp_path / "s.tar"
    file.write_bytes(data)
    return file


def names(file: Path) -> list[str]:
    return [path.removeprefix("s.tar/") for path in paths(file)]


@pytest.mark.parametrize("at", [0, 156, 257, 300, 148])
def test_a_damaged_header_costs_its_member_and_the_walk_goes_on_at_the_next(tmp_path: Path, at: int) -> None:
    data = bytearray(tar_bytes(PHOTOS))
    data[2048 + at : 2048 + at + 4] = b"\xff\xfe\xfd\xfc"
    file = write(tmp_path, data)
    assert names(file) == ["0.jpg", "1.jpg", "3.jpg", "4.jpg"]
    assert skips(file) == [("s.tar", BROKEN)]
    assert details(file)[0].startswith("at byte 2048: not a tar header")
    assert details(file)[0].endswith("goes on at byte 3072")


def test_each_damaged_place_is_told(tmp_path: Path) -> None:
    data = bytearray(tar_bytes(PHOTOS))
    for number in (1, 3):
        data[1024 * number : 1024 * number + 300] = b"x" * 300
    file = write(tmp_path, data)
    assert names(file) == ["0.jpg", "2.jpg", "4.jpg"]
    assert [one.split(":")[0] for one in details(file)] == ["at byte 1024", "at byte 3072"]


def test_where_the_photo_s_header_is_gone_its_description_is_told_to_have_none(tmp_path: Path) -> None:
    data = bytearray(tar_bytes({"0.jpg": b"", "1.jpg": b"", "1.json": SAID, "2.jpg": b""}))
    data[512:520] = b"\xff" * 8
    file = write(tmp_path, data)
    assert names(file) == ["0.jpg", "2.jpg"]
    assert skips(file) == [("s.tar", BROKEN), ("s.tar/1", SkipReason.NOT_CAPTURED)]


@pytest.mark.parametrize("left", [512, 513, 1023, 1024 + 300, 1024 + 512, 1024 + 515])
def test_a_shard_that_was_cut_off_gives_what_is_whole_and_says_where_it_ends(
    tmp_path: Path, left: int
) -> None:
    file = write(tmp_path, tar_bytes({"0.jpg": b"x" * 400, "1.jpg": b"y" * 400})[:left])
    whole = [f"{n}.jpg" for n in range(2) if left >= 1024 * n + 512 + 400]
    assert names(file) == whole
    (refused,) = [one for one in everything(file) if isinstance(one, SkippedPhoto)]
    assert (refused.path, refused.reason) == ("s.tar", BROKEN)
    assert refused.detail.startswith(f"at byte {left if left == 1023 else 1024 * len(whole)}")


def test_a_shard_that_ends_between_two_members_may_have_lost_some_and_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, tar_bytes(PHOTOS)[: 3 * 1024])
    assert names(file) == ["0.jpg", "1.jpg", "2.jpg"]
    assert details(file) == ["at byte 3072: no end mark: the shard may have been cut off here"]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff\xe0 a photo", b"x" * 100_000], ids=["empty", "jpeg", "long"]
)
def test_a_file_that_is_no_tar_is_one_refusal(tmp_path: Path, data: bytes) -> None:
    assert skips(write(tmp_path, data)) == [("s.tar", BROKEN)]
    assert details(tmp_path / "s.tar")[0].startswith("at byte 0: no")


@pytest.mark.parametrize("size", [2_000_000, 8 * 1024**3, -512, 10**30])
def test_a_size_that_is_a_lie_costs_only_its_own_member(tmp_path: Path, size: int) -> None:
    data = bytearray(tar_bytes(PHOTOS))
    info = tarfile.TarInfo("1.jpg")
    info.size = 0
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    field = b"\x80" if size >= 0 else b"\xff"
    header[124:136] = (
        field + (size % 256**11).to_bytes(11, "big") if size < 256**11 else b"\x80" + b"\xff" * 11
    )
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    data[1024 : 1024 + 512] = header
    file = write(tmp_path, data)
    assert names(file) == ["0.jpg", "2.jpg", "3.jpg", "4.jpg"]
    assert skips(file) == [("s.tar", BROKEN)]
    assert details(file)[0].startswith("at byte 1024: a ")


@pytest.mark.parametrize(
    "pax",
    [
        b"",
        b"12 path=",
        b"0 path=a\n",
        b"999 path=a\n",
        b"x path=a\n",
        b"9 path a\n",
        b"11 size=-1\n",
        b"12 size=9e9\n",
    ],
)
def test_a_pax_header_that_cannot_be_read_costs_its_member(tmp_path: Path, pax: bytes) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, kind, data in (
            ("0.jpg", b"0", b"0"),
            ("PaxHeaders/1", b"x", pax),
            ("1.jpg", b"0", b"1"),
            ("2.jpg", b"0", b"2"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(data)
            archive.addfile(info, io.BytesIO(data))
    file = write(tmp_path, stream.getvalue())
    assert {"0.jpg", "2.jpg"} <= set(names(file))
    assert set(skips(file)) <= {("s.tar", BROKEN)}
    assert pax == b"" or skips(file)


def test_a_name_of_a_megabyte_is_not_read_into_memory(tmp_path: Path) -> None:
    file = tar(tmp_path / "s.tar", {"x" * 1_000_000 + ".jpg": b"", "1.jpg": b"1"})
    assert details(file)[0].startswith("at byte 0: a name of 1000005 bytes")
    assert names(file)[-1] == "1.jpg"


def test_what_follows_the_end_mark_and_is_no_tar_is_told(tmp_path: Path) -> None:
    data = tar_bytes(PHOTOS)
    file = write(tmp_path, data + b"trailer")
    assert names(file) == list(PHOTOS)
    assert details(file) == [f"at byte {5 * 1024}: not a tar header, after the end mark; no good one follows"]


@pytest.mark.parametrize("left", [20, 500, 1_000, -1])
def test_a_packed_shard_that_was_cut_off_gives_what_came_before(tmp_path: Path, left: int) -> None:
    data = tar(tmp_path / "s.tar.gz", records(30, 200)).read_bytes()
    assert len(data) > 1_000
    (tmp_path / "s.tar.gz").write_bytes(data[:left])
    found = everything(tmp_path / "s.tar.gz")
    photos = [one.read() for one in found if isinstance(one, Arrival)]
    assert photos == [f"{n:04}.jpg".encode().ljust(200, b".") for n in range(len(photos))]
    (refused,) = [one for one in found if isinstance(one, SkippedPhoto) and one.reason is BROKEN]
    assert "before the end-of-stream marker was reached" in refused.detail


def test_a_record_that_the_damage_cuts_short_gives_the_photo_that_came_before(tmp_path: Path) -> None:
    file = tar(tmp_path / "s.tar.gz", {"1.jpg": b"1", "1.npy": shake_256(b"").digest(100_000)})
    file.write_bytes(file.read_bytes()[:50_000])
    assert contents(file) == {"s.tar.gz/1.jpg": b"1"}
    assert skips(file) == [("s.tar.gz", BROKEN)]


def test_a_photo_that_a_packed_shard_ends_in_is_truncated(tmp_path: Path) -> None:
    file = tmp_path / "s.tar.gz"
    file.write_bytes(gzip.compress(tar_bytes({"1.jpg": b"1", "2.jpg": b"2" * 5_000})[:4_000]))
    assert contents(file) == {
        "s.tar.gz/1.jpg": b"1",
        "s.tar.gz/2.jpg": SkippedPhoto("s.tar.gz/2.jpg", SkipReason.TRUNCATED, "the shard ends in it"),
    }


def test_a_packed_shard_that_is_damaged_says_so(tmp_path: Path) -> None:
    file = tar(tmp_path / "s.tar.gz", records(30))
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    file.write_bytes(data)
    assert skips(file)[-1] == ("s.tar.gz", BROKEN)
    assert details(file)[-1].startswith("at byte ")


def test_a_file_that_is_not_gzip_says_so(tmp_path: Path) -> None:
    file = tmp_path / "s.tar.gz"
    file.write_bytes(tar_bytes(PHOTOS))
    assert skips(file) == [("s.tar.gz", BROKEN)]


def test_a_packed_shard_that_unpacks_to_far_more_than_it_is_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facewitness.sources.shards.shard._UNPACKS_ALWAYS", 100_000)
    bomb = {"1.jpg": b"1", "2.jpg": bytes(20_000_000), "3.jpg": b"3"}
    file = tmp_path / "s.tar.gz"
    file.write_bytes(gzip.compress(tar_bytes(bomb)))
    assert paths(file) == ["s.tar.gz/1.jpg"]
    assert "more than the shard holds" in details(file)[0]
    many = {f"{n}.jpg": bytes(100_000) for n in range(200)}
    file.write_bytes(gzip.compress(tar_bytes(many)))
    assert 1 <= len(paths(file)) < 150
    assert skips(file) == [("s.tar.gz", BROKEN)]


def test_the_search_for_a_header_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facewitness.sources.shards.tar._FAR", 50_000)
    broken = b"x" * 512
    assert len(names(write(tmp_path, broken + bytes(40_448) + tar_bytes(PHOTOS)))) == 5
    assert names(write(tmp_path, broken + bytes(50_176) + tar_bytes(PHOTOS))) == []


def test_a_packed_stream_is_only_ever_read_forwards() -> None:
    class Forwards(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            assert offset >= self.tell()
            return super().seek(offset, whence)

    data = bytearray(tar_bytes({"x" * 300: b"1", **PHOTOS}, tarfile.PAX_FORMAT) + tar_bytes(PHOTOS))
    data[512:520] = b"x" * 8
    data[6 * 512 : 6 * 512 + 8] = b"\xff" * 8
    found = list(walk(Forwards(data), len(data)))
    assert {type(one) for one in found} == {Member, Damage}


WHOLE = tar_bytes({**records(3), "x" * 120: b"long", "sub/": b""})
WHOLE_PAX = tar_bytes({**records(3), "é" * 120: b"long"}, tarfile.PAX_FORMAT)


@settings(UNHURRIED, max_examples=300)
@given(
    st.sampled_from([WHOLE, WHOLE_PAX]),
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=40)), max_size=6),
    st.integers(0, len(WHOLE)),
    st.booleans(),
)
def test_no_damage_raises_and_whatever_arrives_can_be_read_and_stored(
    whole: bytes, damages: list[tuple[int, bytes]], cut: int, packed: bool
) -> None:
    data = bytearray(whole)
    for at, bytes_ in damages:
        data[at : at + len(bytes_)] = bytes_
    data = data[: len(data) - cut // 4]
    with TemporaryDirectory() as folder:
        file = Path(folder, "s.tar.gz" if packed else "s.tar")
        file.write_bytes(gzip.compress(data, 1) if packed else data)
        found = list(ShardsSource(file).arrivals())
        arrivals = [one for one in found if isinstance(one, Arrival)]
        assert len({one.path for one in arrivals}) == len(arrivals)
        for one in found:
            one.path.encode()
            if isinstance(one, Arrival):
                assert isinstance(one.read(), bytes)
                f"{one.observations}".encode()
            else:
                one.detail.encode()
        assert found == list(ShardsSource(file).arrivals())


@settings(UNHURRIED, max_examples=100)
@given(st.integers(0, 2), st.binary(min_size=8, max_size=512))
def test_every_photo_whose_header_is_whole_arrives(hit: int, damage: bytes) -> None:
    data = bytearray(tar_bytes({f"{n}.jpg": b"%d" % n for n in range(4)}))
    data[1024 * hit : 1024 * hit + len(damage)] = damage
    with TemporaryDirectory() as folder:
        got = contents(write(Path(folder), data))
    for number in {0, 1, 2, 3} - {hit}:
        assert got[f"s.tar/{number}.jpg"] == b"%d" % number


@settings(UNHURRIED, max_examples=200)
@given(st.binary(max_size=600))
def test_no_bytes_raise(data: bytes) -> None:
    header = tarfile.TarInfo("a.jpg").tobuf(tarfile.USTAR_FORMAT)
    for whole in (data, header + data, data.ljust(512, b"\0") + header):
        for one in walk(io.BytesIO(whole), len(whole)):
            assert isinstance(one, Member | Damage)

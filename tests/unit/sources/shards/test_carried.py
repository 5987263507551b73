"""Memory does not grow with the number of photos, also where an arrival has to carry its bytes."""

import tracemalloc
from pathlib import Path

import pytest

from facewitness.sources.shards import ShardsSource
from facewitness.sources.shards.carried import Carried
from facewitness.sources.shards.names import UniquePaths
from facewitness.terms.provenance import Arrival

from .making import arrived, parquet, records, tar


def test_bytes_are_carried_until_the_allowance_is_spent_and_again_when_some_are_let_go() -> None:
    carried = Carried(10)
    first = carried.carry(b"12345678")
    assert (first(), first()) == (b"12345678", b"12345678")
    assert (carried.has_room(2), carried.has_room(3)) == (True, False)
    del first
    assert carried.has_room(10)
    assert not carried.has_room(11)


def packed_tar(folder: Path, count: int) -> Path:
    return tar(folder / "s.tar.gz", records(count, 1_000))


def plain_tar(folder: Path, count: int) -> Path:
    return tar(folder / "s.tar", records(count, 1_000))


def table(folder: Path, count: int) -> Path:
    photos = [f"{number:04}.jpg".encode().ljust(1_000, b".") for number in range(count)]
    return parquet(folder / "s.parquet", {"jpg": photos, "caption": ["c"] * count}, rows=300)


@pytest.mark.parametrize("make", [packed_tar, table])
def test_whoever_keeps_all_arrivals_gets_their_bytes_all_the_same(
    tmp_path: Path, make: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(make)
    monkeypatch.setattr("facewitness.sources.shards.source.Carried", lambda: Carried(5_500))
    found = arrived(make(tmp_path, 60))
    assert [one.read() for one in found] == [
        f"{number:04}.jpg".encode().ljust(1_000, b".") for number in range(60)
    ]
    assert sum(type(one.read).__name__ == "_Held" for one in found) == 5


def peak(file: Path) -> int:
    """Bytes in Python's memory while the arrivals come by and are let go."""
    source = ShardsSource(file)
    tracemalloc.start()
    try:
        for one in source.arrivals():
            assert isinstance(one, Arrival)
            one.read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("make", [plain_tar, packed_tar, table])
def test_ten_times_the_photos_take_no_more_memory(tmp_path: Path, make: object) -> None:
    assert callable(make)
    peak(make(tmp_path / "warm", 10))
    few, many = peak(make(tmp_path / "few", 300)), peak(make(tmp_path / "many", 3_000))
    assert many < few + 300_000  # a hundred bytes for each more would be seen


def test_every_path_is_given_once_whatever_repeats() -> None:
    unique = UniquePaths()
    given = [
        unique.path(path, offset) for offset, path in enumerate(["a", "b", "a", "a", "a/@2", "a/@3", "b"])
    ]
    assert len(set(given)) == 7
    assert given[:3] == ["a", "b", "a/@2"]
    many = [unique.path(f"{number}.jpg", number) for number in range(20_000)]
    assert many == [f"{number}.jpg" for number in range(20_000)]

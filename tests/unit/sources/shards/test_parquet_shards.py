"""A Parquet shard gives the photo of every row: bytes of its own, or the file that it names within the folder."""

import hashlib
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewitness.errors import BadInput
from facewitness.sources.shards import ShardsSource
from facewitness.sources.shards.parquet import Table, TableRow
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

from .making import UNHURRIED, arrived, contents, details, everything, parquet, paths, seen, skips, tar

ROWS = {
    "jpg": [b"one", b"two"],
    "url": ["https://one.example/1.jpg", "https://one.example/2.jpg"],
    "caption": ["first", "second"],
    "page_url": ["https://one.example/1", None],
    "license": ["CC0", None],
    "timestamp": ["2024-05-01T12:00:00Z", None],
}


def test_every_row_is_an_arrival_with_its_bytes_and_what_it_says(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", ROWS)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    one, two = arrived(file)
    assert (one.path, one.read(), one.read()) == ("s.parquet#0", b"one", b"one")
    assert one.observations == (
        Observation(
            locator="s.parquet#0",
            page_url="https://one.example/1",
            image_url="https://one.example/1.jpg",
            caption="first",
            licence="CC0",
            captured_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
        ),
    )
    assert (two.path, two.read()) == ("s.parquet#1", b"two")
    (observation,) = two.observations
    written = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (observation.captured_at, observation.is_file_time) == (written, True)
    assert arrived(file) == arrived(file)


@pytest.mark.parametrize(
    "name", ["jpg", "PNG", "webp", "image", "Img", "bytes", "image_bytes", "image.bytes"]
)
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
def test_columns_of_bytes_go_by_many_names(tmp_path: Path, name: str, kind: pa.DataType) -> None:
    columns = {name: pa.array([b"one"], kind), "features": pa.array([b"numbers"])}
    assert contents(parquet(tmp_path / "s.parquet", columns)) == {"s.parquet#0": b"one"}


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_text_of_every_kind_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a")
    columns = {"path": pa.array(["a.jpg"], kind), "TEXT": pa.array(["café " * 9], kind)}
    assert [one.caption for one in seen(parquet(tmp_path / "s.parquet", columns))] == [("café " * 9).strip()]


def test_columns_as_hugging_face_writes_them_hold_bytes_or_a_path(tmp_path: Path) -> None:
    (tmp_path / "there.jpg").write_bytes(b"file")
    photos = [
        {"bytes": b"one", "path": "one.jpg"},
        {"bytes": None, "path": "there.jpg"},
        {"bytes": None, "path": "gone.jpg"},
        {"bytes": None, "path": None},
        None,
    ]
    file = parquet(tmp_path / "s.parquet", {"portrait": photos})
    assert contents(file) == {"s.parquet#0": b"one", "s.parquet#1": b"file"}
    assert skips(file) == [
        ("s.parquet#2", SkipReason.MISSING_FILE),
        ("s.parquet#3", SkipReason.NOT_CAPTURED),
        ("s.parquet#4", SkipReason.NOT_CAPTURED),
    ]


def test_a_row_may_hold_several_photos_in_columns_and_lists(tmp_path: Path) -> None:
    columns = {
        "image": [{"bytes": b"a"}, None],
        "images": [[{"bytes": b"b"}, {"bytes": b"c"}], [{"bytes": b"d"}]],
        "caption": ["x", "y"],
    }
    assert contents(parquet(tmp_path / "s.parquet", columns)) == {
        "s.parquet#0/image": b"a",
        "s.parquet#0/images/0": b"b",
        "s.parquet#0/images/1": b"c",
        "s.parquet#1/images/0": b"d",
    }
    assert [one.caption for one in seen(tmp_path / "s.parquet")] == ["x", "x", "x", "y"]


def test_columns_may_be_called_anything_and_each_photo_still_has_a_path_of_its_own(tmp_path: Path) -> None:
    photo = {"bytes": b"b"}
    columns = {"a": [[photo]], "a/0": [photo], "\x1b[31m": [photo], "@1": [photo], "..": [photo]}
    found = paths(parquet(tmp_path / "s.parquet", columns))
    assert found == [f"s.parquet#0/{name}" for name in ("a/0", "@1", "@2", "@3", "@4")]


def test_a_name_that_two_columns_bear_raises_nothing(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([b"a"]), pa.array([b"b"])], ["jpg", "jpg"])
    pq.write_table(table, tmp_path / "s.parquet")
    found = paths(tmp_path / "s.parquet")
    assert len(found) == len(set(found)) <= 1


def test_what_hugging_face_says_is_a_sound_is_no_photo(tmp_path: Path) -> None:
    said = {"info": {"features": {"voice": {"_type": "Audio"}, "face": {"_type": "Image"}}}}
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    schema = pa.schema({"voice": kind, "face": kind}, metadata={"huggingface": json.dumps(said)})
    cells = {"voice": [{"bytes": b"v", "path": ""}], "face": [{"bytes": b"f", "path": ""}]}
    assert contents(parquet(tmp_path / "s.parquet", cells, schema=schema)) == {"s.parquet#0": b"f"}


@pytest.mark.parametrize(
    "said", [b"{", b"[]", b'{"info": 5}', b'{"info": {"features": {"image": 5}}}', b"\xff"]
)
def test_what_hugging_face_says_may_be_anything(tmp_path: Path, said: bytes) -> None:
    schema = pa.schema({"image": pa.struct({"bytes": pa.binary()})}, metadata={"huggingface": said})
    file = parquet(tmp_path / "s.parquet", {"image": [{"bytes": b"f"}]}, schema=schema)
    assert contents(file) == {"s.parquet#0": b"f"}


@pytest.mark.parametrize(
    "inner", [{"caption": "c", "url": "https://a.example"}, '{"caption": "c", "url": "https://a.example"}']
)
def test_a_column_of_json_is_heard_after_the_row_s_own_columns(tmp_path: Path, inner: object) -> None:
    columns = {"jpg": [b"1", b"2"], "json": [inner, inner], "caption": [None, "own"]}
    found = seen(parquet(tmp_path / "s.parquet", columns))
    assert [(one.caption, one.image_url) for one in found] == [
        ("c", "https://a.example"),
        ("own", "https://a.example"),
    ]


def test_json_that_is_none_costs_itself_and_not_the_photo(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", {"jpg": [b"1"], "json": ["{"], "caption": ["own"]})
    assert skips(file) == [("s.parquet#0/#", SkipReason.BAD_RECORD)]
    assert [one.caption for one in seen(file)] == ["own"]


@pytest.mark.parametrize(
    "value",
    [
        pa.array([1_714_564_800], pa.timestamp("s")),
        pa.array([1_714_564_800_000_000_123], pa.timestamp("ns")),
        pa.array([datetime(2024, 5, 1, 12, tzinfo=UTC)], pa.timestamp("us", "America/Toronto")),
        pa.array(["2024-05-01T14:00:00+02:00"]),
        pa.array([1_714_564_800]),
        pa.array([1_714_564_800_000.0]),
    ],
)
def test_times_of_every_kind_become_utc(tmp_path: Path, value: pa.Array) -> None:
    found = seen(parquet(tmp_path / "s.parquet", {"jpg": [b"1"], "timestamp": value}))
    assert [(one.captured_at, one.is_file_time) for one in found] == [
        (datetime(2024, 5, 1, 12, tzinfo=UTC), False)
    ]


def test_a_day_is_its_beginning(tmp_path: Path) -> None:
    found = seen(parquet(tmp_path / "s.parquet", {"jpg": [b"1"], "captured_at": [date(2024, 5, 1)]}))
    assert [one.captured_at for one in found] == [datetime(2024, 5, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    "value",
    [pa.array([2**62], pa.timestamp("us")), pa.array([[1]]), pa.array([b"\xff"]), pa.array([2**62])],
    ids=["far", "list", "bytes", "large"],
)
def test_a_time_that_is_none_costs_itself_and_not_the_photo(tmp_path: Path, value: pa.Array) -> None:
    file = parquet(tmp_path / "s.parquet", {"jpg": [b"1"], "timestamp": value})
    assert contents(file) == {"s.parquet#0": b"1"}
    assert skips(file) == [("s.parquet#0/#", SkipReason.BAD_RECORD)]


@pytest.mark.parametrize(
    "text",
    [pa.array([b"caf\xe9"], pa.binary()), pa.array([b"caf\xe9"], pa.binary()).cast(pa.string(), safe=False)],
)
def test_text_that_is_not_utf_8_is_read_as_far_as_it_goes(tmp_path: Path, text: pa.Array) -> None:
    file = parquet(tmp_path / "s.parquet", {"jpg": [b"1"], "TEXT": text})
    assert [one.caption for one in seen(file)] == ["caf\ufffd"]


def test_a_row_without_a_photo_was_not_captured(tmp_path: Path) -> None:
    columns = {
        "jpg": [None, b"2", None],
        "status": ["failed_to_download", "success", "success"],
        "error_message": ["404", None, None],
    }
    file = parquet(tmp_path / "s.parquet", columns)
    assert skips(file) == [("s.parquet#0", SkipReason.NOT_CAPTURED), ("s.parquet#2", SkipReason.NOT_CAPTURED)]
    assert details(file) == ["failed_to_download: 404", "described, and not in the row"]
    assert contents(file) == {"s.parquet#1": b"2"}


def test_a_photo_over_the_limit_is_refused(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", {"jpg": [b"x" * 11, b"x" * 10]})
    refused, one = everything(file, max_bytes=10)
    assert refused == SkippedPhoto("s.parquet#0", SkipReason.TOO_LARGE, "11 bytes, the limit is 10")
    assert isinstance(one, Arrival)
    assert one.path == "s.parquet#1"


def test_a_photo_over_the_limit_is_not_copied_out_of_the_table(tmp_path: Path) -> None:
    with parquet(tmp_path / "s.parquet", {"jpg": [b"x" * 11]}).open("rb") as stream:
        (row,) = Table(stream, max_bytes=10).rows()
    assert isinstance(row, TableRow)
    assert [(one.size, one.data) for one in row.cells] == [(11, None)]


def test_a_photo_whose_page_has_another_checksum_does_not_come_in(tmp_path: Path) -> None:
    file, table = tmp_path / "s.parquet", pa.table({"jpg": [b"photo one", b"photo two"]})
    pq.write_table(table, file, write_page_checksum=True, compression="none", use_dictionary=False)
    assert len(paths(file)) == 2
    file.write_bytes(file.read_bytes().replace(b"photo two", b"photo too"))
    assert paths(file) == []
    assert skips(file) == [("s.parquet", SkipReason.BROKEN_ARCHIVE)]


def test_the_fingerprint_changes_with_the_shard_and_with_what_is_said_and_only_then(tmp_path: Path) -> None:
    def fingerprint(time: int, photo: bytes = b"1", caption: str = "a") -> str:
        file = parquet(tmp_path / "s.parquet", {"jpg": [photo], "caption": [caption]})
        os.utime(file, ns=(0, time))
        return arrived(file)[0].fingerprint

    same = fingerprint(1)
    assert fingerprint(1) == same
    assert len({same, fingerprint(2), fingerprint(1, b"12"), fingerprint(1, caption="b")}) == 4


NAMES = ["image_path", "file_name", "Path", "image", "file"]


@pytest.mark.parametrize("name", NAMES)
def test_a_row_may_name_a_file_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.jpg").write_bytes(b"a")
    (tmp_path / "b.jpg").write_bytes(b"b")
    os.utime(tmp_path / "b.jpg", (1_700_000_000, 1_700_000_000))
    file = parquet(
        tmp_path / "s.parquet", {name: ["sub/a.jpg", "b.jpg", ".\\sub\\a.jpg"], "caption": ["A", "B", "C"]}
    )
    assert contents(file) == {"s.parquet#0": b"a", "s.parquet#1": b"b", "s.parquet#2": b"a"}
    one = seen(file)[1]
    assert (one.caption, one.captured_at) == ("B", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))


def test_paths_start_at_the_shard_and_stay_in_the_source(tmp_path: Path) -> None:
    for name in ("data/a.jpg", "a.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    parquet(tmp_path / "data/s.parquet", {"path": ["a.jpg", "../a.jpg"]})
    assert contents(tmp_path) == {"data/s.parquet#0": b"data/a.jpg"}
    assert skips(tmp_path) == [("data/s.parquet#1", SkipReason.OUTSIDE_SOURCE)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("../secret.jpg", SkipReason.OUTSIDE_SOURCE),
        ("sub/../../secret.jpg", SkipReason.OUTSIDE_SOURCE),
        ("..\\secret.jpg", SkipReason.OUTSIDE_SOURCE),
        ("/etc/passwd", SkipReason.OUTSIDE_SOURCE),
        ("\\\\host\\share\\a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("C:\\a.jpg", SkipReason.OUTSIDE_SOURCE),
        ("file.jpg", SkipReason.OUTSIDE_SOURCE),
        ("folder/secret.jpg", SkipReason.OUTSIDE_SOURCE),
        ("https://one.example/a.jpg", SkipReason.NOT_CAPTURED),
        ("file:///etc/passwd", SkipReason.NOT_CAPTURED),
        ("pipe.jpg", SkipReason.NOT_A_FILE),
        ("sub", SkipReason.NOT_A_FILE),
        ("gone.jpg", SkipReason.MISSING_FILE),
        ("loop.jpg", SkipReason.LINK_LOOP),
        ("b.jpg/c.jpg", SkipReason.UNREADABLE),
        ("x" * 5_000, SkipReason.UNREADABLE),
        ("a\0.jpg", SkipReason.ODD_NAME),
        ("", SkipReason.ODD_NAME),
        ("large.jpg", SkipReason.TOO_LARGE),
    ],
)
def test_a_path_that_names_no_file_of_the_source_is_refused(
    tmp_path: Path, written: str, reason: SkipReason
) -> None:
    root = tmp_path / "source"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_text("secret")
    (root / "b.jpg").write_text("b")
    (root / "large.jpg").write_text("x" * 11)
    (root / "file.jpg").symlink_to("../secret.jpg")
    (root / "folder").symlink_to("..")
    (root / "loop.jpg").symlink_to("loop.jpg")
    os.mkfifo(root / "pipe.jpg")
    refused, one = everything(parquet(root / "s.parquet", {"path": [written, "b.jpg"]}), max_bytes=10)
    assert isinstance(refused, SkippedPhoto)
    assert (refused.path, refused.reason) == ("s.parquet#0", reason)
    assert isinstance(one, Arrival)


def test_a_path_from_the_root_is_refused_even_where_it_leads_into_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("a")
    file = parquet(tmp_path / "s.parquet", {"path": [str(tmp_path.resolve() / "a.jpg")]})
    assert skips(file) == [("s.parquet#0", SkipReason.OUTSIDE_SOURCE)]


def test_a_link_put_in_a_named_file_s_place_since_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_text("secret")
    (tmp_path / "source").mkdir()
    (tmp_path / "source/a.jpg").write_text("a")
    (one,) = arrived(parquet(tmp_path / "source/s.parquet", {"path": ["a.jpg"]}))
    (tmp_path / "source/a.jpg").unlink()
    (tmp_path / "source/a.jpg").symlink_to("../secret.jpg")
    assert one.read() == SkippedPhoto("s.parquet#0", SkipReason.LINK_LOOP)


def test_a_table_without_a_column_of_photos_is_no_source_and_its_columns_are_said(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", {"url": ["https://a.example"], "width": [5]})
    for root in (file, tmp_path):
        with pytest.raises(
            BadInput, match=r"no column can hold photos, there are url \(string\), width \(int64\)"
        ):
            ShardsSource(root)


def test_a_table_without_a_column_of_photos_among_others_is_of_unknown_layout(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", {"jpg": [b"a"]})
    parquet(tmp_path / "b.parquet", {"width": [5]})
    assert contents(tmp_path) == {"a.parquet#0": b"a"}
    assert skips(tmp_path) == [("b.parquet", SkipReason.UNKNOWN_LAYOUT)]


@pytest.mark.parametrize("name", ["00000.tar", "00000.tar.gz"])
def test_the_table_beside_a_tar_shard_names_what_could_not_be_fetched(tmp_path: Path, name: str) -> None:
    tar(tmp_path / name, {"1.jpg": b"1"})
    columns = {"key": ["1", "2"], "status": ["success", "failed_to_download"], "error_message": [None, "404"]}
    parquet(tmp_path / "00000.parquet", columns)
    assert contents(tmp_path) == {f"{name}/1.jpg": b"1"}
    assert skips(tmp_path) == [("00000.parquet#1", SkipReason.NOT_CAPTURED)]
    assert details(tmp_path) == ["failed_to_download: 404"]


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.parquet", "pyarrow.types"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("parquet", "table"):
        monkeypatch.delitem(sys.modules, f"facewitness.sources.shards.{name}", raising=False)


def test_without_pyarrow_parquet_is_refused_by_naming_the_extra(
    tmp_path: Path, without_pyarrow: None
) -> None:
    with pytest.raises(BadInput, match=r"pip install 'facewitness\[parquet\]'"):
        ShardsSource(parquet(tmp_path / "s.parquet", ROWS))


def test_without_pyarrow_tar_shards_still_come_in(tmp_path: Path, without_pyarrow: None) -> None:
    parquet(tmp_path / "s.parquet", ROWS)
    tar(tmp_path / "s.tar", {"1.jpg": b"1"})
    assert contents(tmp_path) == {"s.tar/1.jpg": b"1"}
    assert skips(tmp_path) == [("s.parquet", SkipReason.UNREADABLE)]
    assert "facewitness[parquet]" in details(tmp_path)[0]


MANY: dict[str, Any] = {
    "jpg": [hashlib.shake_256(b"%d" % n).digest(300) for n in range(40)],
    "caption": [f"caption {n}" for n in range(40)],
}


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1PAR1", b"x" * 500, b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_a_file_that_is_no_parquet_is_one_refusal(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "s.parquet").write_bytes(data)
    assert skips(tmp_path / "s.parquet") == [("s.parquet", SkipReason.BROKEN_ARCHIVE)]


def test_a_damaged_row_group_costs_only_its_own_rows(tmp_path: Path) -> None:
    file = parquet(tmp_path / "s.parquet", MANY, rows=10)
    data = bytearray(file.read_bytes())
    at = data.index(MANY["jpg"][10])
    data[at - 20 : at + 20] = b"\xff" * 40
    file.write_bytes(data)
    assert [path.removeprefix("s.parquet#") for path in paths(file)] == [
        *map(str, range(10)),
        *map(str, range(20, 40)),
    ]
    assert skips(file) == [("s.parquet", SkipReason.BROKEN_ARCHIVE)]
    assert details(file)[0].startswith("rows 10 to 19 cannot be read: ")


def test_a_shard_that_was_replaced_since_gives_no_bytes_of_another_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facewitness.sources.shards.carried.ALLOWANCE", 0)
    monkeypatch.setattr("facewitness.sources.shards.source.Carried.has_room", lambda *_: False)
    file = parquet(tmp_path / "s.parquet", MANY, rows=10)
    one = arrived(file)[25]
    assert one.read() == MANY["jpg"][25]
    parquet(file, {"jpg": [b"other"] * 40})
    assert one.read() == SkippedPhoto(
        one.path, SkipReason.UNREADABLE, "the shard has changed since it was listed"
    )


@settings(UNHURRIED, max_examples=150)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4),
    st.floats(0, 0.1),
)
def test_no_damage_raises(damages: list[tuple[float, bytes]], cut: float) -> None:
    with TemporaryDirectory() as folder:
        file = parquet(Path(folder, "s.parquet"), MANY, rows=10)
        data = bytearray(file.read_bytes())
        for place, bytes_ in damages:
            at = int(place * (len(data) - 1))
            data[at : at + len(bytes_)] = bytes_
        file.write_bytes(data[: int(len(data) * (1 - cut))] if cut > 0.05 else data)
        try:
            source = ShardsSource(file)
        except BadInput:
            return
        for one in source.arrivals():
            one.path.encode()
            if isinstance(one, Arrival):
                one.read()
                f"{one.observations}".encode()


CELL = st.none() | st.text(max_size=5) | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=5)


@settings(UNHURRIED, max_examples=100)
@given(st.data())
def test_no_column_of_any_type_raises(data: st.DataObject) -> None:
    kinds: list[Any] = [
        *(pa.string(), pa.large_string(), pa.binary(), pa.int64(), pa.float32(), pa.bool_(), pa.date32()),
        *(
            pa.timestamp("ns"),
            pa.timestamp("s", "UTC"),
            pa.list_(pa.string()),
            pa.struct({"bytes": pa.binary()}),
        ),
        *(
            pa.list_(pa.struct({"bytes": pa.binary(), "path": pa.string()})),
            pa.dictionary(pa.int8(), pa.string()),
        ),
        *(pa.decimal128(5, 2), pa.time64("us"), pa.struct({"caption": pa.string()}), pa.null()),
    ]
    names = st.sampled_from(
        ["jpg", "image", "path", "url", "caption", "timestamp", "json", "status", "license", "x"]
    )
    columns = {
        name: pa.nulls(2, kind) if data.draw(st.booleans()) else filled(kind)
        for name, kind in data.draw(st.dictionaries(names, st.sampled_from(kinds), min_size=1)).items()
    }
    with TemporaryDirectory() as folder:
        file = parquet(Path(folder, "s.parquet"), columns)
        try:
            source = ShardsSource(file)
        except BadInput:
            return
        for one in source.arrivals():
            if isinstance(one, Arrival):
                one.read()


def filled(kind: Any) -> pa.Array:
    """Two values of this type."""
    value: Any = 1
    if pa.types.is_struct(kind):
        value = {kind.field(0).name: "a" if pa.types.is_string(kind.field(0).type) else b"a"}
    elif pa.types.is_list(kind):
        value = [filled(kind.value_type)[0].as_py()]
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        value = "a"
    elif pa.types.is_binary(kind):
        value = b"a"
    elif pa.types.is_boolean(kind):
        value = True
    elif pa.types.is_dictionary(kind) or pa.types.is_null(kind):
        return pa.array([None, None], kind)
    return pa.array([value, None], kind)

"""What a manifest says of photos becomes their appearances; rows that cannot be used cost only themselves."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.sources.manifest import Read, read_csv, read_jsonl
from facewitness.sources.rows import COLUMNS, BadRow, Row
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

from .places import arrived, everything, fill, paths, skips

Write = Callable[[Iterable[Mapping[str, str]]], str]
BAD, MISSING = SkipReason.BAD_MANIFEST_ROW, SkipReason.MISSING_FILE
FULL = {
    "file": "sub/a.jpg",
    "page_url": "https://one.example/page",
    "image_url": "https://one.example/a.jpg",
    "page_title": "A title",
    "captured_at": "2024-05-01T12:00:00Z",
    "caption": "A caption",
    "licence": "CC BY 4.0",
}


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def as_jsonl(rows: Iterable[Mapping[str, str]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


BOTH_KINDS = pytest.mark.parametrize(
    ("name", "write"), [("manifest.csv", as_csv), ("manifest.jsonl", as_jsonl)], ids=["csv", "jsonl"]
)


def say(
    folder: Path, *rows: Mapping[str, str], name: str = "manifest.jsonl", write: Write = as_jsonl
) -> Path:
    assert callable(write)
    (folder / name).write_text(write(rows))
    return folder


def observations(root: Path) -> list[Observation]:
    return [
        one for arrival in everything(root) if isinstance(arrival, Arrival) for one in arrival.observations
    ]


def details(root: Path) -> list[str]:
    return [one.detail for one in everything(root) if isinstance(one, SkippedPhoto)]


def parsed(name: str, data: bytes) -> list[Read]:
    return list((read_csv if name == "manifest.csv" else read_jsonl)(io.BytesIO(data)))


def files(reads: list[Read]) -> list[tuple[int, str]]:
    return [(line, row.file if isinstance(row, Row) else "bad") for line, row in reads]


@BOTH_KINDS
def test_a_row_gives_everything_that_it_says(tmp_path: Path, name: str, write: Write) -> None:
    say(fill(tmp_path, "sub/a.jpg"), FULL, name=name, write=write)
    (one,) = arrived(tmp_path)[0].observations
    assert one.locator.startswith("sub/a.jpg/#")
    assert one == Observation(
        locator=one.locator,
        page_url=FULL["page_url"],
        image_url=FULL["image_url"],
        page_title="A title",
        caption="A caption",
        licence="CC BY 4.0",
        captured_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
    )


@BOTH_KINDS
def test_several_rows_of_a_file_are_several_appearances_with_locators_of_their_own(
    tmp_path: Path, name: str, write: Write
) -> None:
    rows = [FULL | {"page_url": f"https://one.example/{n}"} for n in range(3)]
    say(fill(tmp_path, "sub/a.jpg"), *rows, name=name, write=write)
    (one,) = arrived(tmp_path)
    assert [seen.page_url for seen in one.observations] == [row["page_url"] for row in rows]
    assert len({seen.locator for seen in one.observations}) == 3
    assert arrived(tmp_path)[0] == one


def test_a_locator_is_the_appearance_s_own_whatever_else_the_manifest_holds(tmp_path: Path) -> None:
    fill(tmp_path, "sub/a.jpg", "b.jpg")
    say(tmp_path, FULL)
    before = observations(tmp_path)[-1].locator
    say(tmp_path, {"file": "b.jpg", "caption": "new"}, FULL | {"caption": "changed"})
    assert observations(tmp_path)[-1].locator == before


def test_a_row_without_addresses_and_time_is_the_file_s_own_appearance(tmp_path: Path) -> None:
    os.utime(fill(tmp_path, "a.jpg") / "a.jpg", (0, 0))
    say(tmp_path, {"file": "a.jpg", "caption": "A caption"})
    time = datetime(1970, 1, 1, tzinfo=UTC)
    expected = Observation(locator="a.jpg", caption="A caption", captured_at=time, is_file_time=True)
    assert observations(tmp_path) == [expected]


def test_a_row_said_twice_is_refused_once(tmp_path: Path) -> None:
    say(fill(tmp_path, "sub/a.jpg"), FULL, FULL | {"caption": "another"})
    assert [one.caption for one in observations(tmp_path)] == ["A caption"]
    assert skips(tmp_path) == [("manifest.jsonl:2", BAD)]
    assert "line 1" in details(tmp_path)[0]


def test_the_fingerprint_changes_when_a_row_does(tmp_path: Path) -> None:
    fill(tmp_path, "sub/a.jpg", "b.jpg")
    prints = []
    for rows in ([], [FULL], [FULL | {"licence": "another"}], [FULL, FULL | {"page_url": ""}]):
        say(tmp_path, *rows)
        prints.append([one.fingerprint for one in arrived(tmp_path)])
    assert len({own for own, _ in prints}) == 1
    assert len({others for _, others in prints}) == 4


def test_the_nearest_manifest_goes_first_and_those_above_add_to_it(tmp_path: Path) -> None:
    fill(tmp_path, "sub/a.jpg")
    say(tmp_path / "sub", FULL | {"file": "a.jpg", "caption": "nearest"})
    say(tmp_path, FULL, FULL | {"page_url": "https://two.example", "caption": "above"})
    assert [one.caption for one in observations(tmp_path)] == ["nearest", "above"]


def test_both_kinds_may_lie_in_one_folder(tmp_path: Path) -> None:
    fill(tmp_path, "sub/a.jpg", "b.jpg")
    say(tmp_path, FULL)
    say(tmp_path, {"file": "b.jpg", "caption": "B"}, name="manifest.csv", write=as_csv)
    assert [one.caption for one in observations(tmp_path)] == ["B", "A caption"]


@pytest.mark.parametrize(
    ("on_disk", "in_row"),
    [
        ("sub/a.jpg", "sub\\a.jpg"),
        ("sub/a.jpg", "./sub//a.jpg"),
        ("caf\u00e9.jpg", "cafe\u0301.jpg"),
        ("cafe\u0301.jpg", "caf\u00e9.jpg"),
        ("a, b;.jpg", "a, b;.jpg"),
        ("manifest/a.jpg", "manifest/a.jpg"),
    ],
)
@BOTH_KINDS
def test_a_file_is_found_as_macs_and_windows_write_it(
    tmp_path: Path, on_disk: str, in_row: str, name: str, write: Write
) -> None:
    say(fill(tmp_path, on_disk), {"file": in_row, "caption": "found"}, name=name, write=write)
    assert [one.caption for one in arrived(tmp_path)[0].observations] == ["found"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": ""}, "file is empty"),
        ({"file": "../outside.jpg"}, "leads out"),
        ({"file": "sub/../../outside.jpg"}, "leads out"),
        ({"file": "..\\outside.jpg"}, "leads out"),
        ({"file": "/etc/passwd"}, "not a path within"),
        ({"file": "C:\\a.jpg"}, "not a path within"),
        ({"file": "a\0.jpg"}, "not a path within"),
        ({"page_url": "javascript:alert(1)"}, "page_url is not an http"),
        ({"page_url": "ftp://one.example"}, "page_url is not an http"),
        ({"image_url": "one.example/a.jpg"}, "image_url is not an http"),
        ({"image_url": "https://"}, "image_url is not an http"),
        ({"page_url": "https://[broken"}, "page_url is not an http"),
        ({"page_url": "https://one.example/a b"}, "page_url is not an http"),
        ({"page_url": "https://one.example/" + "x" * 8_000}, "page_url is not an http"),
        ({"captured_at": "yesterday"}, "captured_at is not a time"),
        ({"captured_at": "2024-13-45"}, "captured_at is not a time"),
        ({"captured_at": "1714557600"}, "captured_at is not a time"),
        ({"captured_at": "0001-01-01T00:00:00+05:00"}, "captured_at is not a time"),
    ],
)
@BOTH_KINDS
def test_a_row_that_cannot_be_used_is_refused_by_its_line_and_the_run_goes_on(
    tmp_path: Path, change: dict[str, str], said: str, name: str, write: Write
) -> None:
    fill(tmp_path, "sub/a.jpg", "b.jpg", "etc/passwd")
    say(tmp_path, FULL | change, {"file": "b.jpg", "caption": "B"}, name=name, write=write)
    line = 2 if name == "manifest.csv" else 1
    assert skips(tmp_path) == [(f"{name}:{line}", BAD)]
    assert said in details(tmp_path)[0]
    assert paths(tmp_path) == ["b.jpg", "etc/passwd", "sub/a.jpg"]
    assert [one.caption for one in observations(tmp_path)] == ["B", "", ""]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00+00:00"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00+00:00"),
        ("2024-05-01T12:00:00", "2024-05-01T12:00:00+00:00"),
        ("2024-05-01 12:00", "2024-05-01T12:00:00+00:00"),
        ("2024-05-01", "2024-05-01T00:00:00+00:00"),
        (" 20240501T120000Z ", "2024-05-01T12:00:00+00:00"),
    ],
)
def test_times_become_utc_and_those_without_a_zone_are_taken_as_utc(
    tmp_path: Path, written: str, expected: str
) -> None:
    say(fill(tmp_path, "sub/a.jpg"), FULL | {"captured_at": written})
    assert observations(tmp_path)[0].captured_at == datetime.fromisoformat(expected)


@BOTH_KINDS
def test_a_file_that_is_named_and_not_there_is_missing(tmp_path: Path, name: str, write: Write) -> None:
    fill(tmp_path, "deep/b.jpg")
    say(tmp_path / "deep", FULL, {"file": "b.jpg"}, name=name, write=write)
    assert skips(tmp_path) == [("deep/sub/a.jpg", MISSING)]
    assert details(tmp_path) == [f"deep/{name}, line {2 if name == 'manifest.csv' else 1}"]


def test_a_manifest_cannot_reach_what_a_link_leads_out_to(tmp_path: Path) -> None:
    fill(tmp_path, "outside/a.jpg", "outside/manifest.csv", "photos/b.jpg")
    (tmp_path / "photos/sub").symlink_to("../outside")
    (tmp_path / "photos/manifest.csv").symlink_to("../outside/manifest.csv")
    say(tmp_path / "photos", FULL)
    assert skips(tmp_path / "photos") == [
        ("manifest.csv", SkipReason.OUTSIDE_SOURCE),
        ("sub", SkipReason.OUTSIDE_SOURCE),
        ("sub/a.jpg", MISSING),
    ]


def test_texts_are_cleared_of_what_a_terminal_would_obey_and_cut(tmp_path: Path) -> None:
    row = {"file": "a.jpg", "caption": " one\r\ntwo\x1b[31m\u202e ", "page_title": "x" * 20_000}
    say(fill(tmp_path, "a.jpg"), row)
    (one,) = observations(tmp_path)
    assert one.caption == "one  two[31m"
    assert len(one.page_title) == 10_000


def test_a_pipe_in_a_manifest_s_place_is_refused_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(fill(tmp_path, "a.jpg") / "manifest.csv")
    assert skips(tmp_path) == [("manifest.csv", SkipReason.NOT_A_FILE)]
    assert paths(tmp_path) == ["a.jpg"]


def test_a_folder_of_a_manifest_s_name_is_a_folder(tmp_path: Path) -> None:
    assert paths(fill(tmp_path, "manifest.csv/a.jpg")) == ["manifest.csv/a.jpg"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"file\na\nb\n", [(2, "a"), (3, "b")], id="a line each"),
        pytest.param(b"file\r\na\r\nb", [(2, "a"), (3, "b")], id="Windows line ends, none at the end"),
        pytest.param(b"\xef\xbb\xbffile\na\n", [(2, "a")], id="byte order mark"),
        pytest.param(b" FILE ; Caption\na;x\n", [(2, "a")], id="semicolons"),
        pytest.param(b"caption\tfile\nx\ta\n", [(2, "a")], id="tabs"),
        pytest.param(b"file\n\n  \na\n", [(4, "a")], id="blank lines"),
        pytest.param(b'file,caption\na,"one\ntwo"\nb,x\n', [(2, "a"), (4, "b")], id="a line break in quotes"),
        pytest.param(
            b"file,caption\na\nb,x,y\nc,z\n", [(2, "bad"), (3, "bad"), (4, "c")], id="wrong number of fields"
        ),
        pytest.param(b'file,caption\na,"x"y\nb,z\n', [(2, "bad"), (3, "b")], id="a stray quote"),
        pytest.param(b"file,stars\na,5\n", [(1, "bad"), (2, "a")], id="an unknown column"),
        pytest.param("file,caption\na,é\nb,x\n".encode("latin-1"), [(2, "bad"), (3, "b")], id="Latin-1"),
        pytest.param("file\na\n".encode("utf-16"), [(1, "bad")], id="UTF-16"),
        pytest.param(b"name\na\n", [(1, "bad")], id="no column file"),
        pytest.param(b"", [(1, "bad")], id="nothing"),
        pytest.param(b'file,caption\na,"x\nb,y\n', [(2, "bad")], id="a quote never closed"),
        pytest.param(b"file\n" + b"x" * 3_000_000 + b"\na\n", [(2, "bad"), (3, "a")], id="an endless line"),
    ],
)
def test_csv_as_people_write_it(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert files(parsed("manifest.csv", data)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b'{"file": "a"}\n{"file": "b"}', [(1, "a"), (2, "b")], id="a line each"),
        pytest.param(
            b'\xef\xbb\xbf{"file": "a"}\r\n\r\n{"file": "b"}', [(1, "a"), (3, "b")], id="mark, blank line"
        ),
        pytest.param(b'{"file": "a", "caption": null}', [(1, "a")], id="null is nothing"),
        pytest.param(
            b'[1]\nnull\n"a"\n{"file": "a"}', [(1, "bad"), (2, "bad"), (3, "bad"), (4, "a")], id="no objects"
        ),
        pytest.param(b'{"file": 3}\n{"file": "a"}', [(1, "bad"), (2, "a")], id="a number for a name"),
        pytest.param(b'{"file": "a", "captured_at": 1714557600}', [(1, "bad")], id="a number for a time"),
        pytest.param(b'{"file": "\\ud800"}\n{"file": "a"}', [(1, "bad"), (2, "a")], id="half a character"),
        pytest.param(b'{"file": "a"\n{"file": "b"}', [(1, "bad"), (2, "b")], id="a bracket never closed"),
        pytest.param(b"[" * 100_000 + b'\n{"file": "a"}', [(1, "bad"), (2, "a")], id="deep nesting"),
        pytest.param(b'{"n": ' + b"9" * 5_000 + b"}", [(1, "bad")], id="a number of 5,000 digits"),
        pytest.param('{"file": "é"}'.encode("latin-1"), [(1, "bad")], id="Latin-1"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_jsonl_as_people_write_it(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert files(parsed("manifest.jsonl", data)) == expected


def test_an_unknown_key_is_said_once_and_costs_no_row() -> None:
    found = files(parsed("manifest.jsonl", b'{"file": "a", "stars": 5}\n{"file": "b", "stars": 4}'))
    assert found == [(1, "a"), (1, "bad"), (2, "b")]


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.jsonl"])
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_raise(name: str, data: bytes) -> None:
    head = b"" if name == "manifest.jsonl" else b"file,page_url,captured_at\n"
    for whole in (data, head + data):
        for line, row in parsed(name, whole):
            assert line >= 1
            assert isinstance(row, Row | BadRow)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*COLUMNS, "stars"]), st.text() | JSON))
def test_a_usable_row_stays_within_the_folder_and_is_text_that_can_be_stored(
    values: dict[str, object],
) -> None:
    for _, row in parsed("manifest.jsonl", json.dumps(values).encode()):
        if isinstance(row, Row):
            assert not row.file.startswith("/")
            assert ".." not in row.file.split("/")
            f"{row.file}{row.page_url}{row.image_url}{row.page_title}{row.caption}{row.licence}".encode()
            assert row.captured_at is None or row.captured_at.tzinfo is UTC


@given(st.lists(st.fixed_dictionaries({"file": st.text(min_size=1), "caption": st.text()}), max_size=5))
def test_both_kinds_say_the_same(rows: list[dict[str, str]]) -> None:
    csv_rows, jsonl_rows = (
        [
            row.digest + row.file
            for _, row in parsed(name, write(rows).encode("utf-8", "surrogatepass"))
            if isinstance(row, Row)
        ]
        for name, write in (("manifest.csv", as_csv), ("manifest.jsonl", as_jsonl))
    )
    assert csv_rows == jsonl_rows

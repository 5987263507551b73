"""Google Takeout: each photo finds its sidecar, and what the holder did not upload stays out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from facewitness.sources.export import ExportSource
from facewitness.sources.export.members import Members
from facewitness.sources.export.takeout import originals, sidecar_names
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

from ....assets.exports import LONG, Files, sidecar, takeout_2020, takeout_2024, write_folder, write_parts
from .given import arrived, as_json, at, captions, everything, paths, skips, times, zipped

FOLDER = "Takeout/Google Photos/Trip"
BOTH = pytest.mark.parametrize("files", [takeout_2020(), takeout_2024()], ids=["2020", "2024"])


@BOTH
def test_each_photo_comes_with_its_own_sidecar_s_words(tmp_path: Path, files: Files) -> None:
    year = "Photos from 2021"
    assert captions(write_parts(tmp_path, files, 3)) == {
        "a.jpg": [(year, "About a.jpg")],
        "a(1).jpg": [(year, "The other a")],
        "a-bearbeitet.jpg": [(year, "About a.jpg")],
        "a-ha editado(1).jpg": [(year, "The other a")],
        f"{LONG[:47]}.jpg": [(year, f"About {LONG}")],
        f"{LONG[:47]}(1).jpg": [(year, "The other long one")],
        "what_ever.jpg": [(year, "About what&ever.jpg")],
        "b.jpg": [("Summer & sea", "About b.jpg")],
        "b-modifié.jpg": [("Summer & sea", "About b.jpg")],
    }


@BOTH
def test_time_and_address_are_the_sidecar_s(tmp_path: Path, files: Files) -> None:
    root = write_folder(tmp_path, files)
    assert {time for some in times(root).values() for time in some} == {at()}
    urls = {seen.page_url for one in arrived(root) for seen in one.observations}
    assert urls == {"https://photos.google.com/photo/AF1QipN"}


@BOTH
def test_what_is_not_shown_to_be_the_holder_s_upload_stays_out(tmp_path: Path, files: Files) -> None:
    found = {path.rpartition("/")[2]: reason for path, reason in skips(write_parts(tmp_path, files))}
    assert found == {
        "binned.jpg": SkipReason.OUT_OF_SCOPE,
        "film.MP4": SkipReason.NOT_AN_IMAGE,
        "nobody.jpg": SkipReason.NOT_THE_HOLDERS,
        "orphan.jpg": SkipReason.NOT_THE_HOLDERS,
        "partner.jpg": SkipReason.NOT_THE_HOLDERS,
        "scan.jpg": SkipReason.NOT_THE_HOLDERS,
        "shared.jpg": SkipReason.NOT_THE_HOLDERS,
    }


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ({"mobileUpload": {"deviceType": "ANDROID_PHONE"}}, True),
        ({"webUpload": {}}, True),
        ({"driveDesktopUploader": {"version": "1"}}, True),
        ({"driveSync": {}}, True),
        ({"composition": {"type": "AUTO"}}, False),
        ({"fromSharedAlbum": {}}, False),
        ({"fromPartnerSharing": {}}, False),
        ({"mobileUpload": {}, "fromSharedAlbum": {}}, False),
        ({}, False),
        (["mobileUpload"], False),
        ("mobileUpload", False),
    ],
)
def test_only_an_upload_makes_a_photo_the_holder_s(tmp_path: Path, origin: object, own: bool) -> None:
    files = {f"{FOLDER}/a.jpg": b"a", f"{FOLDER}/a.jpg.json": as_json(sidecar("a.jpg", origin))}
    root = zipped(tmp_path, files)
    assert paths(root) == ([f"{FOLDER}/a.jpg"] if own else [])
    assert [reason for _, reason in skips(root)] == ([] if own else [SkipReason.NOT_THE_HOLDERS])


@pytest.mark.parametrize(
    ("photo", "its_sidecar"),
    [
        ("a.jpg", "a.jpg.json"),
        ("a.jpg", "a.jpg.supplemental-metadata.json"),
        ("a.jpg", "a.jpg.suppl.json"),
        ("a.jpg", "a.jpg..json"),
        ("a", "a.json"),
        ("a(1).jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
        ("a(1).jpg", "a(1).jpg.json"),
        ("a(1)", "a(1).json"),
        (
            "20230817_123456789_A_name_of_thirty_six.jpg",
            "20230817_123456789_A_name_of_thirty_six.jpg.su.json",
        ),
        ("x" * 42 + "(1).jpg", "x" * 42 + ".jpg(1).json"),
        ("x" * 42 + "(12).jpg", "x" * 42 + "(12).json"),
        ("x" * 47 + ".jpg", "x" * 46 + ".json"),
        ("x" * 47 + "(2).jpg", "x" * 46 + "(2).json"),
        ("x" * 47 + "(2).jpg", "x" * 43 + "(2).json"),
    ],
)
def test_a_sidecar_s_name_follows_from_the_photo_s(photo: str, its_sidecar: str) -> None:
    assert its_sidecar in list(sidecar_names(photo))


@pytest.mark.parametrize(
    ("photo", "another_s"),
    [
        ("a.jpg", "a.jp.json"),
        ("a.jpg", "a.jpg(1).json"),
        ("a.jpg", "ab.jpg.json"),
        ("a(1).jpg", "a.jpg.json"),
        ("a(1).jpg", "a.jpg(2).json"),
        ("x" * 47 + "(2).jpg", "x" * 46 + ".json"),
        ("a.jpg", "metadata.json"),
    ],
)
def test_another_photo_s_sidecar_is_not_taken(photo: str, another_s: str) -> None:
    assert another_s not in list(sidecar_names(photo))


@pytest.mark.parametrize(
    ("copy", "original"),
    [
        ("a-edited.jpg", ["a.jpg"]),
        ("a-bearbeitet.HEIC", ["a.HEIC"]),
        ("a-ha editado(1).jpg", ["a(1).jpg"]),
        ("a-編集済み.jpg", ["a.jpg"]),
        ("a-b-edi.jpg", ["a-b.jpg"]),
        ("a.jpg", []),
        ("IMG-2.jpg", []),
        ("-edited.jpg", []),
        ("a-.jpg", []),
    ],
)
def test_an_edited_copy_is_known_by_the_word_after_its_dash(copy: str, original: list[str]) -> None:
    assert list(originals(copy)) == original


def test_a_copy_with_a_sidecar_of_its_own_keeps_it(tmp_path: Path) -> None:
    names = ("a.jpg", "a-edited.jpg")
    files = {f"{FOLDER}/{name}": name.encode() for name in names}
    files |= {f"{FOLDER}/{name}.json": as_json(sidecar(name)) for name in names}
    assert {name: said[0][1] for name, said in captions(zipped(tmp_path, files)).items()} == {
        "a.jpg": "About a.jpg",
        "a-edited.jpg": "About a-edited.jpg",
    }


def test_a_sidecar_is_found_in_its_own_folder_only(tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/a.jpg": b"a",
        f"{FOLDER}/b.jpg.json": as_json(sidecar("b.jpg")),
        "Takeout/Google Photos/Other/a.jpg.json": as_json(sidecar("a.jpg")),
    }
    assert skips(zipped(tmp_path, files)) == [(f"{FOLDER}/a.jpg", SkipReason.NOT_THE_HOLDERS)]


@pytest.mark.parametrize("name", ["metadata.json", "Metadaten.json", "métadonnées.json", "metadata(1).json"])
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"albumData": one}], ids=["bare", "wrapped"])
def test_an_album_s_title_is_taken_from_its_own_file_in_whichever_language(
    tmp_path: Path, name: str, wrap: Callable[[object], object]
) -> None:
    files = {
        f"{FOLDER}/{name}": as_json(wrap({"title": "A trip"})),
        f"{FOLDER}/a.jpg": b"a",
        f"{FOLDER}/a.jpg.json": as_json(sidecar("a.jpg")),
    }
    assert captions(zipped(tmp_path, files)) == {"a.jpg": [("A trip", "About a.jpg")]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"{", SkipReason.BAD_RECORD), (b"[]", SkipReason.UNKNOWN_LAYOUT), (b"{}", SkipReason.NOT_THE_HOLDERS)],
)
def test_a_sidecar_that_cannot_be_used_costs_only_its_photo(
    tmp_path: Path, data: bytes, reason: SkipReason
) -> None:
    files = {
        f"{FOLDER}/a.jpg": b"a",
        f"{FOLDER}/a.jpg.json": data,
        f"{FOLDER}/b.jpg": b"b",
        f"{FOLDER}/b.jpg.json": as_json(sidecar("b.jpg")),
    }
    root = zipped(tmp_path, files)
    assert skips(root) == [(f"{FOLDER}/a.jpg", reason)]
    assert paths(root) == [f"{FOLDER}/b.jpg"]


def test_sidecars_are_read_when_it_is_their_photo_s_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.jpg" for number in range(5)]
    files = {f"{FOLDER}/{name}": b"a" for name in names}
    files |= {f"{FOLDER}/{name}.json": as_json(sidecar(name)) for name in names}
    root = zipped(tmp_path, files)
    opened: list[str] = []
    really = Members.json

    def watched(members: Members, path: str) -> object:
        opened.append(path)
        return really(members, path)

    monkeypatch.setattr(Members, "json", watched)
    assert isinstance(next(ExportSource(root).arrivals()), Arrival)
    assert opened == [f"{FOLDER}/0.jpg.json"]


def test_an_unknown_json_file_in_an_album_costs_nothing(tmp_path: Path) -> None:
    files = {
        f"{FOLDER}/a.jpg": b"a",
        f"{FOLDER}/a.jpg.json": as_json(sidecar("a.jpg")),
        f"{FOLDER}/shared_album_comments.json": as_json([{"x": 1}]),
        f"{FOLDER}/broken.json": b"{",
    }
    found = everything(zipped(tmp_path, files))
    assert [one.path for one in found if isinstance(one, Arrival)] == [f"{FOLDER}/a.jpg"]
    assert [one for one in found if isinstance(one, SkippedPhoto)] == [
        SkippedPhoto(f"{FOLDER}/broken.json", SkipReason.BAD_RECORD, "not JSON")
    ]

"""An export is a source like any other: complete, calm, the same each time, and silent about third persons."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from facewitness.errors import BadInput
from facewitness.sources.export import ExportSource
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

from ....assets import exports
from ....assets.exports import PLANTED, Files, picture, write_folder, write_parts, write_zip
from .given import arrived, as_json, everything, skips, zipped

MAKERS = [
    exports.instagram_2025,
    exports.instagram_2021,
    exports.instagram_2018,
    exports.facebook_2022,
    exports.facebook_2024,
    exports.takeout_2020,
    exports.takeout_2024,
]
EVERY = pytest.mark.parametrize("files", [make() for make in MAKERS], ids=[make.__name__ for make in MAKERS])
POSTS, PHOTO = "content/posts_1.json", "media/posts/a.jpg"


def one_photo(caption: str = "A", data: bytes = b"a") -> Files:
    return {POSTS: as_json([{"media": [{"uri": PHOTO, "title": caption}]}]), PHOTO: data}


@EVERY
def test_nothing_of_third_persons_is_given(tmp_path: Path, files: Files) -> None:
    written = b"".join(data for name, data in files.items() if name.endswith(".json"))
    assert any(one.encode() in written for one in PLANTED)
    given = repr(everything(write_parts(tmp_path, files, 3)))
    assert not [one for one in PLANTED if one in given]


@EVERY
def test_a_thread_s_folder_bears_a_name_that_is_not_given(tmp_path: Path, files: Files) -> None:
    assert "planted_1" not in repr(everything(write_folder(tmp_path, files)))


@EVERY
def test_it_is_the_same_export_in_one_zip_in_parts_and_unpacked(tmp_path: Path, files: Files) -> None:
    (tmp_path / "wrapped").mkdir()
    places = [
        zipped(tmp_path, files),
        write_parts(tmp_path / "parts", files, 4),
        write_folder(tmp_path / "folder", files),
        write_folder(tmp_path / "wrapped/export-2024-05-01/", files).parent,
    ]
    first, *others = [
        [
            (one.path, one.observations) if isinstance(one, Arrival) else (one.path, one.reason)
            for one in everything(place)
        ]
        for place in places
    ]
    assert first
    assert all(one == first for one in others)


@EVERY
def test_every_picture_is_given_once_and_its_bytes_can_be_read(tmp_path: Path, files: Files) -> None:
    found = everything(write_parts(tmp_path, files))
    names = [one.path.rpartition("/")[2] for one in found]
    pictures = [name for name, data in files.items() if data.startswith(b"\xff\xd8")]
    for name in pictures:
        assert names.count(name.rpartition("/")[2]) == 1, name
    for one in found:
        if isinstance(one, Arrival):
            data = one.read()
            assert data == files[one.path]
            with Image.open(io.BytesIO(data)) as image:
                assert image.size == (8, 8)


@EVERY
def test_paths_and_locators_are_unique_and_stable(tmp_path: Path, files: Files) -> None:
    source = ExportSource(write_parts(tmp_path, files))
    found = [one for one in source.arrivals() if isinstance(one, Arrival)]
    assert found == [one for one in source.arrivals() if isinstance(one, Arrival)]
    locators = [seen.locator for one in found for seen in one.observations]
    assert len(set(locators)) == len(locators) >= len(found) == len({one.path for one in found})


def test_a_photo_of_which_two_platforms_could_tell_is_given_once(tmp_path: Path) -> None:
    files = one_photo() | {"posts/your_posts_1.json": b"[]", "stories/s.jpg": b"s"}
    assert [one.path for one in everything(zipped(tmp_path, files))] == [PHOTO, "stories/s.jpg"]


def test_nothing_but_the_json_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    (one,) = arrived(write_folder(tmp_path, one_photo()))
    (tmp_path / PHOTO).unlink()
    found = one.read()
    assert isinstance(found, SkippedPhoto)
    assert (found.path, found.reason) == (PHOTO, SkipReason.UNREADABLE)


def test_a_photo_can_be_read_by_several_threads_and_again(tmp_path: Path) -> None:
    files = one_photo() | {f"media/posts/{number}.jpg": picture(number) for number in range(20)}
    found = arrived(zipped(tmp_path, files))
    with ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            assert list(pool.map(lambda one: one.read(), found)) == [files[one.path] for one in found]


def test_the_fingerprint_changes_with_the_bytes_and_with_what_is_said_and_only_then(tmp_path: Path) -> None:
    def of(files: Files) -> str:
        return arrived(zipped(tmp_path, files))[0].fingerprint

    before = of(one_photo())
    assert of(one_photo() | {"media/posts/z.jpg": b"z"}) == before
    assert (
        len({before, of(one_photo(data=b"b")), of(one_photo(caption="B")), of({**one_photo(), POSTS: b"[]"})})
        == 4
    )


def test_a_photo_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    (found,) = ExportSource(zipped(tmp_path, one_photo(data=b"0123456789")), max_bytes=9).arrivals()
    assert found == SkippedPhoto(PHOTO, SkipReason.TOO_LARGE, "10 bytes, the limit is 9")


@pytest.mark.parametrize("name", ["a.MP4", "a.mov", "a.webm"])
def test_videos_are_refused_by_their_name(tmp_path: Path, name: str) -> None:
    files = one_photo() | {f"media/posts/{name}": b"x"}
    assert skips(zipped(tmp_path, files)) == [(f"media/posts/{name}", SkipReason.NOT_AN_IMAGE)]


def test_a_broken_part_is_told_and_the_others_photos_arrive(tmp_path: Path) -> None:
    write_zip(tmp_path / "1.zip", one_photo())
    (tmp_path / "2.zip").write_bytes(b"not all of it")
    assert skips(tmp_path) == [("2.zip", SkipReason.BROKEN_ARCHIVE)]
    assert [one.path for one in arrived(tmp_path)] == [PHOTO]


def test_an_export_that_has_vanished_is_said_to_be_unreadable(tmp_path: Path) -> None:
    root = zipped(tmp_path, one_photo())
    source = ExportSource(root)
    root.unlink()
    assert [one.reason for one in source.arrivals() if isinstance(one, SkippedPhoto)] == [
        SkipReason.UNREADABLE
    ]


@pytest.mark.parametrize(
    ("make", "platform"),
    [
        (exports.instagram_2025, "Instagram"),
        (exports.instagram_2021, "Instagram"),
        (exports.facebook_2022, "Facebook"),
        (exports.facebook_2024, "Facebook"),
    ],
)
def test_html_is_answered_with_what_to_ask_for_instead(tmp_path: Path, make: Any, platform: str) -> None:
    with pytest.raises(BadInput) as caught:
        ExportSource(write_parts(tmp_path, exports.html(make())))
    assert f"an export of {platform} as HTML" in caught.value.what
    assert caught.value.advice.startswith(f"Ask {platform} for it again: Accounts Centre")
    assert caught.value.advice.endswith("choose the format JSON instead of HTML.")


def test_what_is_no_export_is_answered_with_what_one_is(tmp_path: Path) -> None:
    write_folder(tmp_path, {"holiday/a.jpg": b"a", "notes.json": b"{}"})
    (tmp_path / "broken.zip").write_bytes(b"no ZIP")
    with pytest.raises(BadInput, match=r"holds no account export that is known. broken.zip: .* JSON"):
        ExportSource(tmp_path)


@pytest.mark.parametrize("name", ["none", "a.jpg", "empty"])
def test_a_place_without_an_export_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        ExportSource(tmp_path / name)


KEYS = st.sampled_from(
    """media uri title creation_timestamp timestamp data post attachments photos name description caption path
    taken_at profile_user media_map_data photoTakenTime googlePhotosOrigin mobileUpload albumData url trashed
    direct ig_stories""".split()  # noqa: SIM905
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([PHOTO, "../../etc/passwd", "media/posts/x.mp4", "1640000000", "a.jpg"])
)
JSON = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=4), max_leaves=12
)
KNOWN = sorted({name for make in MAKERS for name in make() if name.endswith(".json")})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(values=st.dictionaries(st.sampled_from(KNOWN), JSON, min_size=1, max_size=6))
def test_no_json_in_place_of_a_known_file_raises(tmp_path: Path, values: dict[str, Any]) -> None:
    files = one_photo() | {name: as_json(value) for name, value in values.items()}
    files |= {f"{name.rpartition('/')[0]}/a.jpg": b"a" for name in values}
    found = everything(zipped(tmp_path, files))
    assert len({one.path for one in found if isinstance(one, Arrival)}) == sum(
        isinstance(one, Arrival) for one in found
    )
    for one in found:
        repr(one).encode()
        one.path.encode()
        if isinstance(one, Arrival):
            assert isinstance(one.read(), bytes)

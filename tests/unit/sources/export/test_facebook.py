"""Facebook's exports of both eras: posts, albums and pictures that belong to none."""

from pathlib import Path

import pytest

from facewitness.terms.provenance import SkipReason

from ....assets.exports import Files, facebook_2022, facebook_2024, write_folder, write_parts
from .given import as_json, at, captions, paths, skips, times, zipped

ALBUM = "your_facebook_activity/posts/album/1.json"
POSTS = "your_facebook_activity/posts/your_posts_1.json"
MEDIA = "your_facebook_activity/posts/media/a.jpg"
BOTH = pytest.mark.parametrize("files", [facebook_2022(), facebook_2024()], ids=["2022", "2024"])


@BOTH
def test_each_photo_comes_with_what_is_said_of_it(tmp_path: Path, files: Files) -> None:
    found = captions(write_parts(tmp_path, files, 3))
    assert sorted(found.pop("shared.jpg")) == [("post", "Hallo @… 😁"), ("Été", "")]
    assert found == {
        "a1.jpg": [("Été", "À la plage")],
        "u.jpg": [("uncategorised photo", "Alone")],
        "unnamed.png": [("post", "")],
    }


@BOTH
def test_the_time_is_that_of_posting(tmp_path: Path, files: Files) -> None:
    found = times(write_folder(tmp_path, files))
    assert found == {
        "a1.jpg": [at(50)],
        "shared.jpg": [at(50), at(50)],
        "u.jpg": [at(50)],
        "unnamed.png": [None],
    }


@BOTH
def test_messages_friends_and_films_stay_out(tmp_path: Path, files: Files) -> None:
    found = {path.rpartition("/")[2]: reason for path, reason in skips(write_parts(tmp_path, files))}
    found.pop("theirs.jpg", None)
    assert found == {
        "film.mp4": SkipReason.NOT_AN_IMAGE,
        "received.jpg": SkipReason.NOT_THE_HOLDERS,
        "planted.jpg": SkipReason.NOT_THE_HOLDERS,
    }


def test_what_others_posted_to_the_holder_s_timeline_stays_out(tmp_path: Path) -> None:
    root = zipped(tmp_path, facebook_2022())
    assert ("photos_and_videos/theirs.jpg", SkipReason.NOT_THE_HOLDERS) in skips(root)
    assert not [path for path in paths(root) if "theirs" in path]


def test_a_post_s_time_and_words_stand_in_where_the_picture_has_none(tmp_path: Path) -> None:
    attached = [{"data": [{"media": {"uri": MEDIA}}]}]
    post = {"timestamp": 1_640_000_000, "data": [{"post": "words"}], "attachments": attached}
    root = zipped(tmp_path, {POSTS: as_json([post]), MEDIA: b"a"})
    assert captions(root) == {"a.jpg": [("post", "words")]}
    assert times(root) == {"a.jpg": [at()]}


def test_the_names_of_people_are_cut_out_of_the_holder_s_words(tmp_path: Path) -> None:
    album = {"photos": [{"uri": MEDIA, "description": "@[1:2048:Some Body] and @[22:274:Or Other]!"}]}
    assert captions(zipped(tmp_path, {ALBUM: as_json(album), MEDIA: b"a"})) == {
        "a.jpg": [("album", "@… and @…!")]
    }


@pytest.mark.parametrize("album", [[], 3, {}, {"photos": {}}, {"name": "x"}, {"photos": [3]}])
def test_an_album_of_a_kind_not_known_is_refused(tmp_path: Path, album: object) -> None:
    assert skips(zipped(tmp_path, {ALBUM: as_json(album)})) == [(ALBUM, SkipReason.UNKNOWN_LAYOUT)]


def test_a_post_of_words_alone_is_known(tmp_path: Path) -> None:
    post = [{"timestamp": 1, "data": [{"post": "x"}]}, {"timestamp": 1, "title": "x"}]
    assert skips(zipped(tmp_path, {POSTS: as_json(post)})) == []
    assert skips(zipped(tmp_path, {POSTS: as_json([{"words": "x"}])})) == [(POSTS, SkipReason.UNKNOWN_LAYOUT)]

"""Instagram's exports of three eras: posts, stories and profile photos with their captions and times."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facewitness.terms.provenance import SkippedPhoto, SkipReason

from ....assets.exports import instagram_2018, instagram_2021, instagram_2025, write_parts
from .given import as_json, at, captions, everything, paths, skips, times, zipped

POSTS = "content/posts_1.json"


def details(root: Path) -> list[tuple[str, SkipReason, str]]:
    return [(one.path, one.reason, one.detail) for one in everything(root) if isinstance(one, SkippedPhoto)]


def test_2025_gives_each_photo_with_what_is_said_of_it(tmp_path: Path) -> None:
    root = write_parts(tmp_path, instagram_2025(), 3)
    assert captions(root) == {
        "a.jpg": [("archived post", "kept away")],
        "me.jpg": [("profile photo", "")],
        "one.jpg": [("post", "Two at the café")],
        "s.jpg": [("story", "")],
        "single.jpg": [("post", "Gator bites 😁")],
        "two.jpg": [("post", "Two at the café")],
        "unnamed.webp": [("post", "")],
    }
    assert times(root) == {
        "a.jpg": [at()],
        "me.jpg": [at(-9)],
        "one.jpg": [at()],
        "s.jpg": [at(200)],
        "single.jpg": [at(100)],
        "two.jpg": [at()],
        "unnamed.webp": [None],
    }


def test_2025_counts_what_stays_out(tmp_path: Path) -> None:
    assert skips(write_parts(tmp_path, instagram_2025(), 3)) == [
        ("media/posts/202201/lost.jpg", SkipReason.MISSING_FILE),
        ("media/other/d.jpg", SkipReason.OUT_OF_SCOPE),
        ("media/other/theirs.jpg", SkipReason.NOT_THE_HOLDERS),
        ("media/posts/202112/film.mp4", SkipReason.NOT_AN_IMAGE),
        ("connections/contacts/planted.jpg", SkipReason.NOT_THE_HOLDERS),
        ("your_instagram_activity/messages/…/received.jpg", SkipReason.NOT_THE_HOLDERS),
    ]


def test_2021_gives_each_photo_with_what_is_said_of_it(tmp_path: Path) -> None:
    assert captions(write_parts(tmp_path, instagram_2021())) == {
        "me.jpg": [("profile photo", "")],
        "one.jpg": [("post", "Voilà")],
        "s.jpg": [("story", "")],
        "two.jpg": [("post", "2")],
    }


def test_2018_gives_each_photo_with_what_is_said_of_it(tmp_path: Path) -> None:
    root = write_parts(tmp_path, instagram_2018())
    assert captions(root) == {
        "a.jpg": [("post", "café")],
        "p.jpg": [("profile photo", "")],
        "s.jpg": [("story", "")],
    }
    assert times(root)["a.jpg"] == [datetime(2018, 5, 1, 12, tzinfo=UTC)]
    assert skips(root) == [("direct/…/d.jpg", SkipReason.NOT_THE_HOLDERS)]


def test_pictures_of_posts_that_others_made_and_messages_never_arrive(tmp_path: Path) -> None:
    files = instagram_2025()
    named = [{"media": [{"uri": "your_instagram_activity/messages/inbox/planted_1/photos/received.jpg"}]}]
    files["your_instagram_activity/media/posts_9.json"] = as_json(named)
    assert not {"received.jpg", "theirs.jpg", "d.jpg"} & {
        one.rpartition("/")[2] for one in paths(zipped(tmp_path, files))
    }


def test_what_lies_in_the_bin_stays_out_though_nothing_names_it(tmp_path: Path) -> None:
    files = {POSTS: b"[]", "media/recently_deleted/a.jpg": b"a"}
    assert skips(zipped(tmp_path, files)) == [("media/recently_deleted/a.jpg", SkipReason.OUT_OF_SCOPE)]


def test_a_photo_s_own_post_goes_before_somebody_else_s(tmp_path: Path) -> None:
    post = as_json([{"media": [{"uri": "media/posts/a.jpg", "title": "mine"}]}])
    files = {POSTS: post, "content/reposts.json": post, "media/posts/a.jpg": b"a"}
    assert captions(zipped(tmp_path, files)) == {"a.jpg": [("post", "mine")]}


@pytest.mark.parametrize(
    ("posts", "unknown"),
    [
        pytest.param([], 0, id="no posts"),
        pytest.param({}, 0, id="no posts at all"),
        pytest.param({"anything": []}, 0, id="no posts under some name"),
        pytest.param({"anything": {"within": []}}, 0, id="no posts deeper"),
        pytest.param("text", 1, id="text"),
        pytest.param(json.loads("[" * 600 + "]" * 600), 1, id="deep nesting"),
        pytest.param(None, 1, id="null"),
        pytest.param({"label_values": 3}, 1, id="an object without lists"),
        pytest.param([{"media": []}, 3, {"words": "x"}, {"media": [None, {"uri": 5}]}], 4, id="entries"),
    ],
)
def test_entries_of_a_kind_not_known_are_one_refusal_that_counts_them(
    tmp_path: Path, posts: Any, unknown: int
) -> None:
    found = details(zipped(tmp_path, {POSTS: as_json(posts)}))
    expected = (POSTS, SkipReason.UNKNOWN_LAYOUT, f"entries of a kind not known: {unknown}")
    assert found == ([expected] if unknown else [])


def test_an_entry_not_known_costs_only_itself(tmp_path: Path) -> None:
    posts = [3, {"media": [{"uri": "media/posts/a.jpg", "title": "A"}]}, {"label_values": []}]
    files = {POSTS: as_json(posts), "media/posts/a.jpg": b"a"}
    assert captions(zipped(tmp_path, files)) == {"a.jpg": [("post", "A")]}


def test_a_json_file_that_cannot_be_read_is_refused_and_the_photos_arrive(tmp_path: Path) -> None:
    root = zipped(tmp_path, {POSTS: b"[{", "media/posts/a.jpg": b"a"})
    assert skips(root) == [(POSTS, SkipReason.BAD_RECORD)]
    assert captions(root) == {"a.jpg": [("post", "")]}


def test_a_missing_photo_is_said_once_and_a_missing_video_not_at_all(tmp_path: Path) -> None:
    media = [{"uri": f"media/posts/{name}"} for name in ("a.jpg", "a.jpg", "b.mp4")]
    media.append({"uri": "messages/inbox/somebody_1/photos/c.jpg"})
    found = details(zipped(tmp_path, {POSTS: as_json([{"media": media}])}))
    detail = f"named in {POSTS}; are all parts there?"
    assert found == [
        ("media/posts/a.jpg", SkipReason.MISSING_FILE, detail),
        ("messages/…/c.jpg", SkipReason.MISSING_FILE, detail),
    ]


def test_what_stays_out_in_any_case_is_not_missed(tmp_path: Path) -> None:
    reposts = as_json([{"media": [{"uri": "media/other/theirs.jpg"}]}])
    assert everything(zipped(tmp_path, {POSTS: b"[]", "content/reposts.json": reposts})) == []


def test_media_json_of_another_kind_is_refused_and_its_photos_still_arrive(tmp_path: Path) -> None:
    for data in (b"[]", b'{"surprises": []}'):
        root = zipped(tmp_path, {"media.json": data, "photos/201805/a.jpg": b"a"})
        assert skips(root) == [("media.json", SkipReason.UNKNOWN_LAYOUT)]
        assert captions(root) == {"a.jpg": [("post", "")]}

"""Instagram's "Download your information" in JSON: the layouts of 2018 (`media.json`), 2021 and 2025."""

import re
from collections.abc import Iterator
from typing import Any

from facewitness.sources.export.meta import DELETED, Chapter, Mention, MetaPlatform
from facewitness.sources.export.said import Said, dicts, entries, moment, text
from facewitness.terms.provenance import SkipReason

_OF_2018 = {"photos": "post", "stories": "story", "profile": "profile photo", "videos": "video", "direct": ""}


def of_entries(tree: Any, title: str) -> Iterator[Mention | None]:
    """Posts with their `media`, or stories and the like, which are media themselves.

    Of several pictures the caption and the time are the post's, of a single one they may be its own.
    """
    for entry in entries(tree):
        if not isinstance(entry, dict):
            yield None
            continue
        media = entry.get("media", [entry])
        for one in media if isinstance(media, list) else [media]:
            if not isinstance(one, dict):
                yield None
                continue
            caption = text(one.get("title")) or text(entry.get("title"))
            at = moment(entry.get("creation_timestamp")) or moment(one.get("creation_timestamp"))
            yield Mention(one.get("uri"), Said(title, caption, at=at))


def of_2018(tree: Any, _title: str) -> Iterator[Mention | None]:
    """`media.json`, in which everything is a picture with its path, under the name of its kind."""
    if not isinstance(tree, dict):
        yield None
        return
    for kind, pictures in tree.items():
        if kind not in _OF_2018:
            yield None
            continue
        for one in dicts(pictures):
            caption, at = text(one.get("caption")), moment(one.get("taken_at"))
            yield Mention(one.get("path"), Said(_OF_2018[kind], caption, at=at))


def of_account(tree: Any, title: str) -> Iterator[Mention | None]:
    """The profile photo among the holder's details, of which nothing else is looked at."""
    for account in dicts(tree.get("profile_user")) if isinstance(tree, dict) else ():
        media = account.get("media_map_data")
        for one in dicts(list(media.values())) if isinstance(media, dict) else ():
            yield Mention(one.get("uri"), Said(title, at=moment(one.get("creation_timestamp"))))


def _chapter(names: str, title: str, away: tuple[SkipReason, str] | None = None) -> Chapter:
    files = rf"(?:your_instagram_activity/(?:media|content)|content)/(?:{names})(?:_\d+)?"
    return Chapter(re.compile(files), title, of_entries, away)


INSTAGRAM = MetaPlatform(
    name="Instagram",
    chapters=(
        _chapter("posts", "post"),
        _chapter("stories", "story"),
        _chapter("profile_photos", "profile photo"),
        _chapter("archived_posts", "archived post"),
        _chapter("reels", "reel"),
        _chapter("igtv_videos", "video"),
        _chapter("other_content", "other content"),
        _chapter("recently_deleted_content", "deleted", DELETED),
        _chapter("reposts", "repost", (SkipReason.NOT_THE_HOLDERS, "posted by somebody else")),
        Chapter(re.compile(r"(?:[^/]+/)?media(?:_\d+)?"), "", of_2018),
        Chapter(
            re.compile(
                r"(?:personal_information/(?:personal_information/)?|account_information/)personal_information"
            ),
            "profile photo",
            of_account,
        ),
    ),
    media=(
        (re.compile(r"media/stories/|stories/"), "story"),
        (re.compile(r"media/profile/|profile/"), "profile photo"),
        (re.compile(r"media/archived_posts/"), "archived post"),
        (re.compile(r"media/reels/"), "reel"),
        (re.compile(r"media/posts/|photos/"), "post"),
        (re.compile(r"media/"), "other content"),
    ),
    advice=(
        "Ask Instagram for it again: Accounts Centre, Your information and permissions, Export your information "
        "(earlier: Download your information), and there choose the format JSON instead of HTML."
    ),
)

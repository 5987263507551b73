"""Facebook's "Download your information" in JSON: the layouts before and since 2024.

A post's `title` is not taken in: Facebook writes it, and it names others ("… was with …"). Nor are `tags`,
`comments`, `place` and `media_metadata`, which holds the address from which a picture was uploaded.
"""

import re
from collections.abc import Iterator
from typing import Any

from facewitness.sources.export.meta import Chapter, Mention, MetaPlatform, Reading
from facewitness.sources.export.said import Said, dicts, entries, moment, text
from facewitness.terms.provenance import SkipReason

_POST = {"timestamp", "data", "attachments", "title", "media", "uri"}
"""Keys of which an entry has one at least; a post of words alone has no picture, and is known all the same."""

_PERSON = re.compile(r"@\[\d+:\d+:[^\]]*\]")
"""Somebody who is named in a text by a link to them: `@[1000001:2048:Name]`."""


def of_entries(tree: Any, title: str) -> Iterator[Mention | None]:
    """Posts and stories with what is attached to them, or pictures that belong to none."""
    for entry in entries(tree):
        if not (isinstance(entry, dict) and _POST & entry.keys()):
            yield None
            continue
        words = next((one for data in dicts(entry.get("data")) if (one := _words(data.get("post")))), "")
        for media in _media(entry):
            caption = _words(media.get("description")) or words
            at = moment(media.get("creation_timestamp")) or moment(entry.get("timestamp"))
            yield Mention(media.get("uri"), Said(title, caption, at=at))


def of_album(tree: Any, title: str) -> Iterator[Mention | None]:
    """An album with its pictures."""
    if not (isinstance(tree, dict) and isinstance(tree.get("photos"), list)):
        yield None
        return
    name = text(tree.get("name")) or title
    for one in tree["photos"]:
        if not isinstance(one, dict):
            yield None
            continue
        at = moment(one.get("creation_timestamp"))
        yield Mention(one.get("uri"), Said(name, _words(one.get("description")), at=at))


def _media(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "uri" in entry:
        yield entry
    yield from dicts(entry.get("media"))
    for attachment in dicts(entry.get("attachments")):
        for part in dicts(attachment.get("data")):
            if isinstance(media := part.get("media"), dict):
                yield media


def _words(value: Any) -> str:
    return _PERSON.sub("@…", text(value))


_TOP = (
    r"(?:(?:your_facebook_activity|your_activity_across_facebook|this_profile's_activity_across_facebook)/)?"
)


def _chapter(
    files: str, title: str, read: Reading = of_entries, away: tuple[SkipReason, str] | None = None
) -> Chapter:
    return Chapter(re.compile(_TOP + files), title, read, away)


FACEBOOK = MetaPlatform(
    name="Facebook",
    chapters=(
        _chapter(r"posts/your_posts\w*", "post"),
        _chapter(r"(?:posts|photos_and_videos|photos)/album/[^/]+", "album", of_album),
        _chapter(
            r"posts/(?:your_)?uncategorized_photos|photos_and_videos/(?:your_)?photos", "uncategorised photo"
        ),
        _chapter(r"stories/(?:archived|your)_stories\w*", "story"),
        _chapter(
            r"posts/other_people.*",
            "post",
            away=(SkipReason.NOT_THE_HOLDERS, "posted by somebody else"),
        ),
    ),
    media=(
        (re.compile(_TOP + r"stories/"), "story"),
        (re.compile(_TOP + r"(?:posts|photos_and_videos|photos)/"), "post"),
    ),
    advice=(
        "Ask Facebook for it again: Accounts Centre, Your information and permissions, Export your information "
        "(earlier: Download your information), and there choose the format JSON instead of HTML."
    ),
)

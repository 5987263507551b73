"""Names of files in an export: what they are within it, and what they tell of what they hold."""

# ruff: noqa: SIM905 - as list literals, the names below would fill a page

import posixpath

from facewitness.sources.files import printable
from facewitness.terms.provenance import SkippedPhoto, SkipReason

MAX_NAME = 1_000
"""Characters of a path: the platforms' own are well under 300."""

PICTURES = frozenset(
    ".avif .bmp .dng .gif .heic .heif .jfif .jpe .jpeg .jpg .jxl .png .tif .tiff .webp".split()
)
"""Endings of what is counted as a photo where nothing but its name speaks for that."""

TEXTS = frozenset(
    """.aac .css .csv .htm .html .ics .js .json .m4a .map .md .mp3 .oga .ogg .opus .pdf .srt .svg .txt .vcf
    .vtt .wav .xml .xmp .zip""".split()
)
"""Endings of what is no photo where all else in a folder may be one."""

_TOPS = frozenset(
    """Takeout
    your_instagram_activity personal_information account_information content media profile direct
    your_facebook_activity your_activity_across_facebook this_profile's_activity_across_facebook
    posts photos_and_videos photos videos stories messages groups comments comments_and_reactions events pages
    connections contacts followers_and_following friends friends_and_followers about_you ads_information
    ads_and_businesses likes_and_reactions logged_information other_activity preferences profile_information
    saved saved_items_and_collections security_and_login_information""".split()
)
"""The folders that the platforms put at the top."""

_MESSAGES = {"messages", "inbox", "direct", "archived_threads", "filtered_threads", "message_requests"}

_WRAPPINGS = 3
"""Folders that unpacking or packing again may have put around those, as in `instagram-name-2024-05-01/media/`."""


def inside(written: str) -> str | SkippedPhoto:
    """The path within the export, whatever folder it was unpacked into; a refusal where it leads out of it."""
    path = written.replace("\\", "/")
    parts = [one for one in path.split("/") if one not in ("", ".")]
    if len(path) > MAX_NAME:
        return SkippedPhoto(shown(path), SkipReason.ODD_NAME, f"{len(path)} characters")
    if path != printable(path) or "\0" in path or not parts:
        return SkippedPhoto(shown(path), SkipReason.ODD_NAME)
    is_absolute = path.startswith("/") or (path[1:2] == ":" and path[0].isalpha())
    if is_absolute or ".." in parts:
        return SkippedPhoto(shown(path), SkipReason.OUTSIDE_SOURCE, "its path leads out of the export")
    tops = (at for at, one in enumerate(parts[:-1][: _WRAPPINGS + 1]) if one in _TOPS)
    return "/".join(parts[next(tops, 0) :])


def shown(path: str) -> str:
    """A path from elsewhere as it can be shown and stored: cut, printable, never empty."""
    text = path[:MAX_NAME].encode("utf-8", "backslashreplace").decode()
    return "".join(one if one.isprintable() else "�" for one in text) or "(no name)"


def in_messages(path: str) -> str:
    """Empty, or for a part of a message its path without the thread's folder, which bears others' names."""
    folders = path.split("/")[:-1]
    at = next((at for at, one in enumerate(folders) if one in _MESSAGES), None)
    return "" if at is None else "/".join([*folders[: at + 1], "…", place(path)[1]])


def ending(path: str) -> str:
    """`.jpg`, in lower case; empty where there is none."""
    return posixpath.splitext(path)[1].lower()


def place(path: str) -> tuple[str, str]:
    """Folder and name, by which paths are sorted: what lies in one folder comes together."""
    folder, _, name = path.rpartition("/")
    return folder, name

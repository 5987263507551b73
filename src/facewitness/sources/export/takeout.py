"""Google Takeout, of which Google Photos: a photo and its sidecar, matched by their names.

`people` and places are not taken in. What is not shown to be uploaded by the holder stays out: photos of
shared albums and of partners, and those that have no sidecar.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from facewitness.sources.export.members import Members
from facewitness.sources.export.meta import DELETED
from facewitness.sources.export.names import TEXTS, ending, place
from facewitness.sources.export.said import Photo, Said, Told, address, moment, text
from facewitness.sources.folder import VIDEOS
from facewitness.terms.provenance import SkippedPhoto, SkipReason

_LONGEST = 46
"""Characters of a sidecar's name before `(1)` and `.json` (as seen in pulsejet/memories issue 1559)."""

_SUFFIX = ".supplemental-metadata"
"""What sidecars have after the photo's name since about October 2024, often cut."""

_SIDECAR = re.compile(r"\.(?:jpe?g|png|heic|heif|webp|gif|dng|avif|tiff?|bmp)[^/]*\.json", re.IGNORECASE)

_PARTS = re.compile(r"(.+?)(\(\d+\))?(\.[^.]*)?", re.DOTALL)
"""`IMG_1`, `(2)` and `.jpg`."""

_UPLOAD = re.compile("upload|sync", re.IGNORECASE)
"""Origins that are the holder's doing: `mobileUpload`, `webUpload`, `driveDesktopUploader`, `driveSync`."""


class Takeout:
    """Google Takeout. There is no HTML form of Google Photos."""

    name = "Google Takeout"
    advice = ""

    def is_known(self, members: Members) -> bool:
        """Whether there is a sidecar of a photo."""
        return any(_SIDECAR.search(path) for path in members.paths)

    def is_html(self, members: Members) -> bool:
        """Never."""
        return False

    def told(self, members: Members) -> Iterator[Told]:
        """Every photo in a folder with sidecars, one folder after the other; nothing is read ahead of its turn."""
        for folder, paths in groupby(members.paths, key=lambda path: place(path)[0]):
            names = [place(path)[1] for path in paths]
            if any(_SIDECAR.search(name) for name in names):
                yield from _Album(members, folder, names).told()


TAKEOUT = Takeout()


def sidecar_names(name: str) -> Iterator[str]:
    """The names that the sidecar of a photo of this name may have, likeliest first.

    `(1)` moves from before the photo's ending to before `.json`, and may or may not count as part of the name
    that is cut. Someone's own program may have cut it elsewhere within the suffix.
    """
    stem, number, end = _parts(name)
    if not number:
        yield from _cut(name, "")
        return
    yield from _cut(stem + end, number)
    yield from (one for one in _cut(name, "") if one.startswith(name))  # so called before it was exported


def _cut(name: str, number: str) -> Iterator[str]:
    whole = name + _SUFFIX
    shortest = min(len(name), _LONGEST - len(number))
    for length in (_LONGEST, *range(len(whole), shortest - 1, -1)):
        yield f"{whole[:length]}{number}.json"


def originals(name: str) -> Iterator[str]:
    """The names that the original of an edited copy may have, with its own ending: none where it is no copy.

    What stands after the last dash is `edited` in the holder's language, and cut in a long name: any word will
    do, so that no list of languages has to be complete. Only asked where a photo has no sidecar of its own.
    """
    stem, number, end = _parts(name)
    head, _, word = stem.rpartition("-")
    if head and word and not any(one.isdigit() for one in word):
        yield f"{head}{number}{end}"


def _parts(name: str) -> tuple[str, str, str]:
    found = _PARTS.fullmatch(name)
    return (found[1], found[2] or "", found[3] or "") if found else (name, "", "")


class _Album:
    """One folder: its photos, its sidecars, and what is said of it as a whole."""

    def __init__(self, members: Members, folder: str, names: list[str]) -> None:
        self._members, self._folder = members, folder
        self._jsons = {_plain(name): name for name in names if ending(name) == ".json"}
        self._files = [name for name in names if ending(name) not in TEXTS]
        self._titles: dict[str, str] = {}
        self._title = place(folder)[1]

    def told(self) -> Iterator[Told]:
        """Every photo in the folder."""
        sidecars = {name: self._by_name(name) for name in self._files}
        claimed = {one for one in sidecars.values() if one}
        for name in self._jsons.values():
            if name not in claimed:
                yield from self._look(name)
        for name in self._files:
            if ending(name) not in VIDEOS:
                yield self._photo(name, sidecars[name] or self._by_title(name))
            else:
                yield Photo(self._path(name), ())

    def _by_name(self, name: str) -> str | None:
        for one in (name, *originals(name)):
            for wanted in sidecar_names(_plain(one)):
                if found := self._jsons.get(wanted):
                    return found
        return None

    def _by_title(self, name: str) -> str | None:
        found = (self._titles.get(_flat(one)) for one in (name, *originals(name)))
        return next((one for one in found if one), None)

    def _look(self, name: str) -> Iterator[SkippedPhoto]:
        """A JSON file that is no photo's by its name: a sidecar whose name was changed, or the album's own."""
        tree = self._members.json(self._path(name))
        if isinstance(tree, SkippedPhoto):
            yield tree
        elif isinstance(tree, dict):
            inner = tree.get("albumData")
            album = inner if isinstance(inner, dict) else tree
            title = text(album.get("title"))
            if "photoTakenTime" in tree:
                self._titles.setdefault(_flat(title), name)
            elif title:
                self._title = title

    def _photo(self, name: str, sidecar: str | None) -> Told:
        path = self._path(name)
        if sidecar is None:
            return SkippedPhoto(path, SkipReason.NOT_THE_HOLDERS, "no sidecar says who uploaded it")
        tree = self._members.json(self._path(sidecar))
        if isinstance(tree, SkippedPhoto):
            return SkippedPhoto(path, tree.reason, f"its sidecar {sidecar}: {tree.detail}")
        if not isinstance(tree, dict):
            return SkippedPhoto(path, SkipReason.UNKNOWN_LAYOUT, f"its sidecar {sidecar} is no object")
        if tree.get("trashed") is True:
            return SkippedPhoto(path, *DELETED)
        if not _is_own(tree.get("googlePhotosOrigin")):
            return SkippedPhoto(path, SkipReason.NOT_THE_HOLDERS, "its sidecar names no upload by the holder")
        return Photo(path, (_said(tree, self._title),))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}" if self._folder else name


def _said(sidecar: dict[str, Any], title: str) -> Said:
    taken = sidecar.get("photoTakenTime")
    at = moment(taken.get("timestamp")) if isinstance(taken, dict) else None
    return Said(title, text(sidecar.get("description")), address(sidecar.get("url")), at)


def _is_own(origin: Any) -> bool:
    """Whether an origin is an upload, and nothing in it speaks of somebody else (`fromSharedAlbum`)."""
    if not isinstance(origin, dict) or any(key.startswith("from") for key in origin):
        return False
    return any(_UPLOAD.search(key) for key in origin)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _flat(title: str) -> str:
    """A title as a file's name: Takeout writes `_` for what no file may be called."""
    return re.sub(r'[&?%*:"<>|/\\]', "_", _plain(title))

"""A folder of photos on disk."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from facewitness.errors import BadInput
from facewitness.sources.files import MAX_BYTES, printable, read_file, refused, too_many_bytes
from facewitness.sources.manifest import MANIFESTS, Manifest
from facewitness.sources.rows import Row
from facewitness.terms.provenance import Arrival, Observation, SkippedPhoto, SkipReason

JUNK = {"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "#recycle", "$recycle.bin", "__macosx"}
"""What Windows, Macs and storage boxes leave beside photos, in lower case."""

SIDECARS = {".aae", ".json", ".thm", ".xmp"}
"""Endings of files that photo programs put beside each photo, about it."""

VIDEOS = {
    ".3gp",
    ".avi",
    ".flv",
    ".m2ts",
    ".m4v",
    ".mkv",
    ".mov",
    ".mp4",
    ".mpeg",
    ".mpg",
    ".mts",
    ".webm",
    ".wmv",
}
"""Endings of files that are refused unread: they are large, and only still photos are searched."""

Identity = tuple[int, int]
"""Device and inode: what a folder is, whichever way one came to it."""


class FolderSource:
    """The photos in a folder and all folders below it, with the manifests that lie among them.

    Within a folder the files come first, by name, then the folders, by name. The content decides what is a
    photo, not the file's ending, with these exceptions:
    - hidden files and folders (`.name`), `JUNK`, manifests and `SIDECARS` are no photos and are not counted;
    - `VIDEOS` are counted as NOT_AN_IMAGE without being read;
    - pipes, devices and sockets are NOT_A_FILE and never opened; a name that is not UTF-8 is ODD_NAME.

    A link to a file within the source is one more appearance of that photo. A linked folder within the source
    is entered through the first link to it; through a second one, or where it holds the link, it is a
    LINK_LOOP. What lies outside is OUTSIDE_SOURCE.
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES) -> None:
        """BadInput where `root` is not a folder; larger files than `max_bytes` are refused unread."""
        self._root, self._max_bytes = os.path.realpath(root), max_bytes
        if not Path(self._root).is_dir():
            raise BadInput(
                f"{printable(str(root))} is not a folder.", "Give the folder that holds the photos."
            )

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo; see `Source.arrivals`."""
        return _Walk(self._root, self._max_bytes).run()


@dataclass(frozen=True, slots=True)
class _Place:
    """Something in a folder: where it really is, what it is called within the source, and its status."""

    real: str
    path: str
    status: os.stat_result

    @property
    def identity(self) -> Identity:
        return self.status.st_dev, self.status.st_ino


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that is being walked, with what is still to be entered below it, last one first."""

    place: _Place
    below: list[str]
    manifests: list[Manifest]


class _Walk:
    """One way through the folder, with a stack of its own: folders may lie deeper than Python can recurse."""

    def __init__(self, root: str, max_bytes: int) -> None:
        self._root, self._max_bytes = root, max_bytes
        self._stack: list[_Folder] = []
        self._linked: set[Identity] = set()

    def run(self) -> Iterator[Arrival | SkippedPhoto]:
        try:
            yield from self._enter(_Place(self._root, "", os.stat(self._root)))  # noqa: PTH116
        except OSError as error:
            yield refused(".", error)
        while self._stack:
            folder = self._stack[-1]
            if folder.below:
                yield from self._below(folder.place, folder.below.pop())
                continue
            self._stack.pop()
            for manifest in folder.manifests:
                yield from manifest.left()

    def _below(self, parent: _Place, name: str) -> Iterator[Arrival | SkippedPhoto]:
        place = self._resolve(parent, name)
        if isinstance(place, SkippedPhoto):
            yield place
            return
        if place.real != os.path.join(parent.real, name):  # noqa: PTH118 - entered through a link
            if place.identity in self._linked or any(
                place.identity == one.place.identity for one in self._stack
            ):
                yield SkippedPhoto(printable(place.path), SkipReason.LINK_LOOP)
                return
            self._linked.add(place.identity)
        yield from self._enter(place)

    def _enter(self, place: _Place) -> Iterator[Arrival | SkippedPhoto]:
        """List the folder, give its files, and put it on the stack for what lies below it."""
        try:
            with os.scandir(place.real) as entries:
                names = sorted(entry.name for entry in entries if not _is_passed_over(entry.name))
        except OSError as error:
            reason = refused("", error).reason
            yield SkippedPhoto(printable(place.path) or ".", reason, "a folder: nothing in it was seen")
            return
        folder = _Folder(place, [], [])
        self._stack.append(folder)
        yield from self._load_manifests(folder, names)
        for name in names:
            found = self._resolve(place, name)
            if isinstance(found, _Place) and stat.S_ISDIR(found.status.st_mode):
                folder.below.append(name)
            elif name not in MANIFESTS:
                yield self._arrival(found, _join(place.path, name))
        folder.below.reverse()

    def _load_manifests(self, folder: _Folder, names: list[str]) -> Iterator[SkippedPhoto]:
        for name in MANIFESTS:
            if name not in names:
                continue
            found, path = self._resolve(folder.place, name), printable(_join(folder.place.path, name))
            if isinstance(found, SkippedPhoto):
                yield found
            elif stat.S_ISREG(found.status.st_mode):
                manifest = Manifest(found.real, path)
                folder.manifests.append(manifest)
                yield from manifest.load()
            elif not stat.S_ISDIR(found.status.st_mode):
                yield SkippedPhoto(path, SkipReason.NOT_A_FILE, "a manifest that cannot be read")

    def _resolve(self, parent: _Place, name: str) -> _Place | SkippedPhoto:
        """What a name stands for, links followed within the source."""
        real, path = os.path.join(parent.real, name), _join(parent.path, name)  # noqa: PTH118
        try:
            status = os.lstat(real)
            if not stat.S_ISLNK(status.st_mode):
                return _Place(real, path, status)
            real = os.path.realpath(real)
            if not (real + os.sep).startswith(self._root.rstrip(os.sep) + os.sep):
                return SkippedPhoto(printable(path), SkipReason.OUTSIDE_SOURCE)
            return _Place(real, path, os.stat(real))  # noqa: PTH116
        except OSError as error:
            return refused(printable(path), error)

    def _arrival(self, found: _Place | SkippedPhoto, path: str) -> Arrival | SkippedPhoto:
        rows = self._rows(path)
        if path != printable(path):
            return SkippedPhoto(printable(path), SkipReason.ODD_NAME)
        if isinstance(found, SkippedPhoto):
            return found
        status = found.status
        if not stat.S_ISREG(status.st_mode):
            return SkippedPhoto(path, SkipReason.NOT_A_FILE)
        if _ending(path) in VIDEOS:
            return SkippedPhoto(path, SkipReason.NOT_AN_IMAGE, "a video, by its name")
        if status.st_size > self._max_bytes:
            return too_many_bytes(path, status.st_size, self._max_bytes)
        return Arrival(
            path=path,
            fingerprint=_fingerprint(status, rows),
            observations=_observations(path, status, rows),
            read=partial(read_file, found.real, path, self._max_bytes),
        )

    def _rows(self, path: str) -> list[Row]:
        """The file's rows in the manifests of its folder and those above; the nearest one's word goes first."""
        rows: dict[str, Row] = {}
        for folder in reversed(self._stack):
            for manifest in folder.manifests:
                for row in manifest.take(path):
                    rows.setdefault(row.tag, row)
        return list(rows.values())


def is_junk(path: str) -> bool:
    """Whether a path in an archive is hidden, or what operating systems leave beside photos; not counted."""
    parts = path.replace("\\", "/").split("/")
    return any(one.lower() in JUNK or (one.startswith(".") and one not in (".", "..")) for one in parts)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name.lower() in JUNK or _ending(name) in SIDECARS


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _fingerprint(status: os.stat_result, rows: list[Row]) -> str:
    """Size and time of the file, and a digest of its rows: an edited manifest is noticed as well."""
    own = f"{status.st_size}-{status.st_mtime_ns}"
    if not rows:
        return own
    return f"{own}-{hashlib.sha256(''.join(row.digest for row in rows).encode()).hexdigest()[:16]}"


def _observations(path: str, status: os.stat_result, rows: list[Row]) -> tuple[Observation, ...]:
    """One for each row, or the plain one of the file itself. No file lies below a file, so `/#` is free."""
    file_time = _file_time(status)
    if not rows:
        return (Observation(locator=path, captured_at=file_time, is_file_time=True),)
    return tuple(
        Observation(
            locator=f"{path}/#{row.tag}" if row.tag else path,
            page_url=row.page_url,
            image_url=row.image_url,
            page_title=row.page_title,
            caption=row.caption,
            licence=row.licence,
            captured_at=row.captured_at or file_time,
            is_file_time=row.captured_at is None,
        )
        for row in rows
    )


def _file_time(status: os.stat_result) -> datetime | None:
    try:
        return datetime.fromtimestamp(status.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):  # a file system may hold any number
        return None

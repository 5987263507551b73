"""The photos of a tar shard: members of one key, which stand together, are one record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

from facewitness.sources.files import too_many_bytes
from facewitness.sources.folder import VIDEOS, is_junk
from facewitness.sources.shards.carried import Carried, Read
from facewitness.sources.shards.description import Description, describe, from_json
from facewitness.sources.shards.names import Name, UniquePaths, problem, shown, taken_apart
from facewitness.sources.shards.shard import DAMAGED, Shard, file_time, unreadable
from facewitness.sources.shards.tar import Damage, Member, walk
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason

_BESIDE = {
    *("cbor", "cls", "cls2", "count", "csv", "html", "id", "index", "inx", "jsn", "mp", "msg", "npy", "npz"),
    *(
        "pickle",
        "pkl",
        "pt",
        "pth",
        "pyd",
        "safetensors",
        "tb",
        "ten",
        "transcript",
        "tsv",
        "xml",
        "yaml",
        "yml",
    ),
}
"""Endings of what datasets put beside a photo besides its description: labels, numbers, tables."""

_SOUNDS = {"aac", "flac", "m4a", "mp3", "ogg", "opus", "wav"}

_MAX_BESIDE = 256 * 1024
"""Bytes of a description that is read; img2dataset writes one or two thousand."""

_TOGETHER = 64
"""Members of one key that are kept together; twice as many where not even their stems tell them apart."""


@dataclass(frozen=True, slots=True)
class _Photo:
    member: Member
    name: Name
    carried: Read | None
    """Where its bytes were taken along; else they are read where they lie."""


@dataclass(slots=True)
class _Record:
    """The members of one key, as far as they have come by."""

    key: str
    last_stem: str = ""
    members: int = 0
    photos: list[_Photo] = field(default_factory=list)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `.json` and `.txt` hold, by their stem: that of their photo, or the key."""
    turned_away: set[str] = field(default_factory=set)
    """Stems and keys of what could have been the photo and is counted already."""

    def takes(self, name: Name) -> bool:
        """Whether the next member belongs to it."""
        limit = _TOGETHER if name.stem != self.last_stem else 2 * _TOGETHER
        return name.key == self.key and self.members < limit

    def describe(self, name: Name) -> Description:
        """What is said of a photo."""
        return describe(self.said.get(name.key, {}) | self.said.get(name.stem, {}))

    def without_photo(self) -> dict[str, Description]:
        """What is said of photos that are not there, by stem."""
        there = self.turned_away.union(*({one.name.stem, one.name.key} for one in self.photos))
        return {stem: describe(values) for stem, values in self.said.items() if stem not in there}


class TarShard:
    """The records of one tar shard, plain or in gzip."""

    def __init__(self, shard: Shard, carried: Carried, max_bytes: int) -> None:
        self._shard, self._carried, self._max_bytes = shard, carried, max_bytes
        self._paths = UniquePaths()
        self._record = _Record("")

    def arrivals(self) -> Iterator[Arrival | SkippedPhoto]:
        """Every photo, and every record that has none; see `Source.arrivals`."""
        at = 0
        try:
            with self._shard.opened() as stream:
                for found in walk(stream, self._shard.unpacked_size):
                    at = found.offset
                    if isinstance(found, Damage):
                        yield self._shard.broken(at, found.what)
                    else:
                        yield from self._take(found, stream)
        except DAMAGED as error:
            yield from self._close()
            yield unreadable(self._shard.path, error, at)
        else:
            yield from self._close()

    def _take(self, member: Member, stream: BinaryIO) -> Iterator[Arrival | SkippedPhoto]:
        name = taken_apart(member.name)
        if is_junk(name.path):
            return
        if not self._record.takes(name):
            yield from self._close()
            self._record = _Record(name.key)
        record = self._record
        record.last_stem, record.members = name.stem, record.members + 1
        if name.ending in ("json", "txt") and not member.special:
            if (bad := self._hear(name, member, stream)) is not None:
                yield self._skipped(name, SkipReason.BAD_RECORD, bad)
        elif name.ending not in _BESIDE:
            refusal = self._refusal(name, member)
            if refusal is None:
                record.photos.append(_Photo(member, name, self._take_along(member, stream)))
            else:
                record.turned_away |= {name.stem, name.key}
                yield refusal

    def _hear(self, name: Name, member: Member, stream: BinaryIO) -> str | None:
        """Take in what a `.json` or `.txt` says, or give why it cannot be used."""
        said = self._record.said.setdefault(name.stem, {})
        if member.size > _MAX_BESIDE and name.ending == "json":
            return f"{member.size} bytes, the limit is {_MAX_BESIDE}; without it the photo comes in"
        stream.seek(member.offset)
        data = stream.read(min(member.size, _MAX_BESIDE))
        if name.ending == "txt":
            said["txt"] = data.decode("utf-8", "replace")
            return None
        values = from_json(data)
        if values is None:
            return "not a JSON object; without it the photo comes in"
        said |= values
        return None

    def _refusal(self, name: Name, member: Member) -> SkippedPhoto | None:
        if (odd := problem(name)) is not None:
            return self._skipped(name, *odd)
        if member.special:
            return self._skipped(name, SkipReason.NOT_A_FILE, member.special)
        if f".{name.ending}" in VIDEOS or name.ending in _SOUNDS:
            return self._skipped(name, SkipReason.NOT_AN_IMAGE, "a film or a sound, by its name")
        if member.size > self._max_bytes:
            return too_many_bytes(self._path(name), member.size, self._max_bytes)
        return None

    def _take_along(self, member: Member, stream: BinaryIO) -> Read | None:
        """Where the shard is packed: the bytes, for there is no way back but from its beginning."""
        if not (self._shard.packed and self._carried.has_room(member.size)):
            return None
        stream.seek(member.offset)
        data = stream.read(member.size)
        return self._carried.carry(data) if len(data) == member.size else None

    def _close(self) -> Iterator[Arrival | SkippedPhoto]:
        """All that the record holds, now that nothing more is said of it."""
        record, self._record = self._record, _Record("")
        for photo in record.photos:
            description = record.describe(photo.name)
            arrival = self._arrival(photo, description)
            yield arrival
            for what in description.problems:
                yield SkippedPhoto(
                    f"{arrival.path}/#", SkipReason.BAD_RECORD, f"{what}; without it the photo comes in"
                )
        for stem, description in record.without_photo().items():
            detail = description.failure or "described, and not in the shard"
            yield SkippedPhoto(f"{self._shard.path}/{shown(stem)}", SkipReason.NOT_CAPTURED, detail)

    def _arrival(self, photo: _Photo, description: Description) -> Arrival:
        member = photo.member
        path = self._paths.path(self._path(photo.name), member.offset)
        written = file_time(member.mtime) if member.mtime > 0 else None
        return Arrival(
            path=path,
            fingerprint=f"{self._shard.stamp}-{description.digest(member.size)}",
            observations=(description.observation(path, written or self._shard.time),),
            read=photo.carried or partial(self._shard.span, member.offset, member.size, path),
        )

    def _path(self, name: Name) -> str:
        return f"{self._shard.path}/{shown(name.path)}"

    def _skipped(self, name: Name, reason: SkipReason, detail: str) -> SkippedPhoto:
        return SkippedPhoto(self._path(name), reason, detail)

"""What a gallery's folder holds, by name, length and digest: one small file, written last and replaced at once."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from facewitness.gallery.interface import Position

VERSION = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file: its name in the folder, its bytes and their SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment's files: ids (rows,) int64 and templates (rows, dimension) float32, little-endian; codes."""

    rows: int
    ids: FileEntry
    templates: FileEntry
    codes: FileEntry | None

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """All its files."""
        return (self.ids, self.templates, *((self.codes,) if self.codes else ()))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The segments, oldest faces first, and the position that they stand for together."""

    dimension: int
    position: Position
    segments: tuple[SegmentEntry, ...]

    @property
    def names(self) -> set[str]:
        """Every file it names."""
        return {file.name for segment in self.segments for file in segment.files}

    def written(self) -> str:
        """As JSON, with a digest over itself: a position that was altered on disk would hide faces."""
        said = {
            "version": VERSION,
            "dimension": self.dimension,
            **self.position._asdict(),
            "segments": [asdict(segment) for segment in self.segments],
        }
        return json.dumps(said | {"sha256": _digest(said)}, indent=1)

    @classmethod
    def read(cls, text: str) -> "Manifest | None":
        """From JSON; None where it is not one, is not whole, or is of another version."""
        try:
            said = json.loads(text)
            if said.pop("sha256") != _digest(said) or said["version"] != VERSION:
                return None
            position = Position(said["face"], said["withdrawn"])
            return cls(said["dimension"], position, tuple(map(_segment, said["segments"])))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _segment(said: dict[str, Any]) -> SegmentEntry:
    codes = FileEntry(**said["codes"]) if said["codes"] else None
    return SegmentEntry(said["rows"], FileEntry(**said["ids"]), FileEntry(**said["templates"]), codes)


def _digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

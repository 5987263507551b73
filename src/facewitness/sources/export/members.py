"""The files of an export, whichever of its parts they lie in: an index of names, and reading what it names."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from facewitness.sources.export.names import TEXTS, ending, inside, place
from facewitness.sources.export.unpacked import members_of_folder
from facewitness.sources.export.zips import members_of_zip
from facewitness.sources.files import refused
from facewitness.sources.rows import file_key
from facewitness.terms.provenance import SkippedPhoto, SkipReason

MAX_MEMBERS = 1_000_000
"""Files of one export. An index of them takes half a gigabyte."""

MAX_JSON = 64 * 1024 * 1024
"""Bytes of a JSON file: the platforms split theirs at about a quarter of that."""


class Member(Protocol):
    """A file of an export, in a ZIP or unpacked."""

    @property
    def path(self) -> str:
        """Its path within the export, the same in whichever part it comes."""

    @property
    def size(self) -> int:
        """Bytes, unpacked."""

    @property
    def crc(self) -> int | None:
        """CRC-32 of its bytes, where it is known without reading them."""

    @property
    def mark(self) -> str:
        """Changes when the bytes do."""

    def refusal(self, max_bytes: int) -> SkippedPhoto | None:
        """Why it will not be read, as far as that is known without reading it."""

    def read(self, max_bytes: int) -> bytes | SkippedPhoto:
        """Its bytes, or why not; in any thread."""


class Members:
    """All files of an export by their path within it; of one that comes twice the first, ZIPs before folders.

    `refusals` are the parts and files that cannot be looked into. What comes twice and is not the same is one
    of them, unless it could neither be a photo nor tell of one.
    """

    def __init__(self, root: str) -> None:
        """Index a ZIP, or a folder with the ZIPs that lie directly in it. What cannot be read is refused."""
        self.refusals: list[SkippedPhoto] = []
        self._by_key: dict[str, tuple[str, Member]] = {}
        for part, found in _all(root):
            if isinstance(found, SkippedPhoto):
                self.refusals.append(found)
            elif len(self._by_key) < MAX_MEMBERS:
                self._add(part, found)
            else:
                detail = f"more than {MAX_MEMBERS} files; the others were not looked at"
                self.refusals.append(SkippedPhoto(part, SkipReason.UNREADABLE, detail))
                break
        in_order = sorted((member.path for _, member in self._by_key.values()), key=place)
        self.paths: tuple[str, ...] = tuple(in_order)

    def __getitem__(self, path: str) -> Member:
        """The file at one of `paths`."""
        return self._by_key[file_key(path)][1]

    def find(self, written: Any) -> str | None:
        """The path of the file that a JSON file calls so; None where no part holds it, or where it is no path."""
        path = inside(written) if isinstance(written, str) else None
        found = self._by_key.get(file_key(path)) if isinstance(path, str) else None
        return found[1].path if found else None

    def json(self, path: str) -> Any:
        """What the JSON file at `path` holds; a SkippedPhoto where it cannot be read."""
        data = self[path].read(MAX_JSON)
        if isinstance(data, SkippedPhoto):
            return data
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return SkippedPhoto(path, SkipReason.BAD_RECORD, "not JSON")

    def _add(self, part: str, member: Member) -> None:
        first_part, first = self._by_key.setdefault(file_key(member.path), (part, member))
        same = first.size == member.size and (first.crc is None or member.crc in (None, first.crc))
        if not same and ending(member.path) not in TEXTS - {".json"}:
            detail = f"another file of this name is in {first_part}, and was taken"
            self.refusals.append(SkippedPhoto(f"{part}/{member.path}", SkipReason.BAD_RECORD, detail))


def _all(root: str) -> Iterator[tuple[str, Member | SkippedPhoto]]:
    """Every file with the name of its part."""
    name = os.path.basename(root)  # noqa: PTH119
    try:
        zips = _zips(root)
    except OSError as error:
        yield ".", refused(".", error)
        return
    if zips is None:
        yield from ((name, one) for one in members_of_zip(root, name))
        return
    for part in zips:
        yield from ((part, one) for one in members_of_zip(os.path.join(root, part), part))  # noqa: PTH118
    yield from ((name, one) for one in members_of_folder(root, frozenset(zips)))


def _zips(root: str) -> list[str] | None:
    """The ZIPs directly in a folder, by name; None where `root` is none. OSError as the system raises it."""
    if not stat.S_ISDIR(Path(root).stat().st_mode):
        return None
    with os.scandir(root) as entries:
        return sorted(
            one.name for one in entries if ending(one.name) == ".zip" and one.is_file(follow_symlinks=False)
        )

"""The names that members of a tar file bear: what they stand for, whether they can be used, and one path each."""

import hashlib
from dataclasses import dataclass

from facewitness.sources.files import printable
from facewitness.terms.provenance import SkipReason

MAX_NAME = 1_000
"""Characters of a name."""

_BITS = 2**26


@dataclass(frozen=True, slots=True)
class Name:
    """A member's name taken apart, as WebDataset does: the members of one `key` are one record."""

    path: str
    """Without `./` before it."""
    key: str
    """All before the first dot of the last part: `a/0001` of `a/0001.seg.png`."""
    stem: str
    """All before the last dot: `a/0001.seg`."""
    ending: str
    """All after the last dot, in lower case; empty where there is none."""


def taken_apart(written: str) -> Name:
    """The name in its parts."""
    path = written
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    folder, slash, base = path.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    before = folder + slash
    return Name(
        path, before + base.partition(".")[0], before + (stem if dot else base), ending.lower() * bool(dot)
    )


def problem(name: Name) -> tuple[SkipReason, str] | None:
    """Why a photo of this name does not come in. Nothing is written under it, yet honest writers make none."""
    path = name.path
    if len(path) > MAX_NAME:
        return SkipReason.ODD_NAME, f"{len(path)} characters, the limit is {MAX_NAME}"
    if not path or not path.isprintable():
        return SkipReason.ODD_NAME, ""
    if path.startswith(("/", "\\")) or path[1:2] == ":" or ".." in path.replace("\\", "/").split("/"):
        return SkipReason.OUTSIDE_SOURCE, "its name leads out of the shard"
    return None


def shown(path: str) -> str:
    """A name as it can be shown and stored, whatever it holds: `\\xff` for bytes that are no text."""
    seen = printable(path[:MAX_NAME])
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in seen)


class UniquePaths:
    """One path for each member though names repeat, in 8 MiB for any number of them.

    A Bloom filter remembers the paths. One that it knows gets its offset added. A new path seems known to it
    once in some 80,000 times after a million paths, and then bears its offset too: the same in every run.
    """

    def __init__(self) -> None:
        self._seen = bytearray(_BITS // 8)

    def path(self, path: str, offset: int) -> str:
        """The path, or one with the offset where it was given before. No file lies below a file."""
        while not self._add(path):
            path = f"{path}/@{offset}"
        return path

    def _add(self, path: str) -> bool:
        """Remember it; False where it seems known already."""
        digest, is_new = hashlib.blake2b(path.encode(), digest_size=16).digest(), False
        for start in range(0, 16, 4):
            index = int.from_bytes(digest[start : start + 4], "little") % _BITS
            at, bit = index >> 3, 1 << (index & 7)
            is_new = is_new or not self._seen[at] & bit
            self._seen[at] |= bit
        return is_new

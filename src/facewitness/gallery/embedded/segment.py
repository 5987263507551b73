"""A segment: rows that never change on disk, with their codes where they are enough to be worth any."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from facewitness.gallery.blocks import Block
from facewitness.gallery.embedded.codes import Codes
from facewitness.gallery.embedded.manifest import SegmentEntry
from facewitness.gallery.interface import FaceIds


@dataclass(frozen=True, slots=True)
class Shape:
    """How a gallery is cut up. The defaults are for real banks; tests make all of it small."""

    code_bytes: int = 16
    """Bytes of code a face, in memory."""
    coded_from: int = 10_000
    """Fewer rows than this are compared exactly: there is nothing to gain, and little to train a codebook on."""
    most_rows: int = 524_288
    """The largest segment, which is what a withdrawal makes to be written anew: 268 MB at 128 dimensions."""
    head_rows: int = 65_536
    """Rows in memory from which on they are written to disk: 2 ms of exact search."""
    depth_at_16: int = 8192
    """Rows with the nearest codes, of all segments, that are compared exactly, at 16 bytes a face: twice as many
    as a million faces need for the lists that `exact` gives (`docs/decisions/0010-codes-scanned-in-full.md`)."""

    @property
    def depth(self) -> int:
        """The same at its own bytes a face: twice the bytes need a quarter of the rows."""
        return self.depth_at_16 * 16**2 // self.code_bytes**2


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Rows memory-mapped from their files; `codes` where it has at least `Shape.coded_from` of them."""

    block: Block
    codes: Codes | None
    entry: SegmentEntry

    def __len__(self) -> int:
        return len(self.block)

    def without(self, withdrawn: FaceIds) -> "Segment":
        """The same segment, of which those are withdrawn."""
        block = self.block.without(withdrawn)
        return self if block is self.block else replace(self, block=block)

    def whole(self) -> "Segment":
        """The same segment as its files have it, none of it withdrawn."""
        return replace(self, block=Block(self.block.ids, self.block.templates))

    def is_as(self, shape: Shape) -> bool:
        """Whether it would be written again just as it is."""
        coded = None if self.codes is None else self.codes.code_bytes
        wanted = shape.code_bytes if len(self) >= shape.coded_from else None
        return self.block.alive is None and coded == wanted


def cut(blocks: Iterable[Block], rows: int) -> Iterator[list[Block]]:
    """Blocks without what was withdrawn, in lots of exactly `rows` rows, the last of what is left.

    One lot is held at a time, so that a bank larger than memory can be gone through.
    """
    lot, room = list[Block](), rows
    for block in (block.compacted() for block in blocks):
        begin = 0
        while begin < len(block.ids):
            part = slice(begin, begin + room)
            lot.append(Block(block.ids[part], block.templates[part]))
            room -= len(lot[-1].ids)
            begin += len(lot[-1].ids)
            if not room:
                yield lot
                lot, room = [], rows
    if lot:
        yield lot


def gathered(sizes: list[int], most_rows: int) -> list[slice]:
    """Which neighbours to write as one, to be cut again: from the newest on, each small one that is not larger
    than all after it. A segment more than half full stays.

    So each row is written again once for every doubling, and few segments are small.
    """
    groups, total = list[slice](), 0
    for place in reversed(range(len(sizes))):
        size = sizes[place]
        if groups and size <= total and 2 * size <= most_rows:
            groups[-1] = slice(place, groups[-1].stop)
            total += size
        else:
            groups.append(slice(place, place + 1))
            total = size
    return groups[::-1]

"""Rows that came together, and what comparing every one of them gives: what each gallery's exactness rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from facewitness.errors import ModelError
from facewitness.gallery.interface import FaceIds, Position
from facewitness.terms.candidate import Scored
from facewitness.terms.face import FaceId
from facewitness.terms.template import Floats, ModelId, Template

Rows = npt.NDArray[np.intp]
"""Shape (n,): places in a block, ascending."""

ROWS_AT_ONCE = 262_144
"""Scores computed at once: 1 MB of them, which stays in the cache."""

SMALL_BLOCK = 16_384
"""Blocks below this many rows are joined, so that a gallery fed face by face does not fray."""

START = Position(0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Ids (n,), ascending, with their templates (n, dimension). `alive` is None while none was withdrawn."""

    ids: FaceIds
    templates: Floats
    alive: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.ids) if self.alive is None else int(np.count_nonzero(self.alive))

    def without(self, withdrawn: FaceIds) -> "Block":
        """The same rows, of which those are withdrawn; itself where it has none of them."""
        gone = np.zeros(len(self.ids), np.bool_)
        gone[places(self.ids, np.unique(withdrawn))] = True
        if not gone.any():
            return self
        return replace(self, alive=~gone if self.alive is None else self.alive & ~gone)

    def compacted(self) -> "Block":
        """The rows that were not withdrawn, and nothing of the others."""
        if self.alive is None:
            return self
        return Block(self.ids[self.alive], self.templates[self.alive])

    def living(self, wanted: FaceIds) -> Rows:
        """Where those of the ids `wanted`, ascending, are that it holds and that were not withdrawn."""
        found = places(self.ids, wanted)
        return found if self.alive is None else found[self.alive[found]]

    def last(self) -> tuple[int, Floats] | None:
        """The newest face that was not withdrawn, with its template."""
        alive = len(self.ids) - 1 if self.alive is None else np.flatnonzero(self.alive)[-1:]
        for row in np.atleast_1d(alive):
            return int(self.ids[row]), self.templates[row]
        return None


def taken(ids: FaceIds, templates: Floats, after: int) -> list[Block]:
    """One block of the faces above `after`; none where there is no such face."""
    fresh = ids > after
    return (
        [Block(ids[fresh], np.ascontiguousarray(templates[fresh], dtype=np.float32))] if fresh.any() else []
    )


def places(ids: FaceIds, wanted: FaceIds) -> Rows:
    """Where in `ids` those of `wanted` are that it has; both ascending."""
    if not len(ids):
        return np.empty(0, np.intp)
    wanted = wanted[slice(*np.searchsorted(wanted, [ids[0], ids[-1] + 1]))]
    found: Rows = np.searchsorted(ids, wanted)
    held: Rows = found[ids[found] == wanted]
    return held


def joined(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Join the small blocks at the end into one; the large ones, perhaps memory-mapped, stay as they are."""
    large, small = list(blocks), list[Block]()
    while large and len(large[-1].ids) < SMALL_BLOCK:
        small.insert(0, large.pop().compacted())
    small = [block for block in small if len(block.ids)]
    if len(small) < 2:
        return (*large, *small)
    ids = np.concatenate([block.ids for block in small])
    return (*large, Block(ids, np.concatenate([block.templates for block in small])))


def newest(blocks: Iterable[Block]) -> tuple[int, Floats] | None:
    """The last face of blocks that come from the newest to the oldest."""
    return next((last for block in blocks if (last := block.last())), None)


Found = tuple[FaceIds, Floats]
"""Ids (n,) with their scores (n,), in no order."""


def compared(
    block: Block, values: Floats, limit: int, floor: float, rows: Rows | None = None
) -> Iterator[Found]:
    """The best of a block's living rows, or of `rows` among them, that reach the floor: `limit`, and ties."""
    for begin in range(0, len(block.ids if rows is None else rows), ROWS_AT_ONCE):
        some = slice(begin, begin + ROWS_AT_ONCE)
        chosen = some if rows is None else rows[some]
        # A matrix product would share even this between threads, which wait for each other on a busy machine.
        scores = np.vecdot(_rows(block.templates, chosen), values)
        good = scores >= floor
        if block.alive is not None:
            good &= block.alive[chosen]
        kept = np.flatnonzero(good)
        if len(kept) > limit:
            # Ties at the edge are kept, so that the order by id decides between them.
            edge = np.partition(scores[kept], len(kept) - limit)[len(kept) - limit]
            kept = kept[scores[kept] >= edge]
        yield block.ids[chosen][kept], scores[kept]


def _rows(templates: Floats, chosen: slice | Rows) -> Floats:
    # `take` is twice as fast as indexing, and lets other threads run
    return templates[chosen] if isinstance(chosen, slice) else np.take(templates, chosen, axis=0)


def best(found: Iterable[Found], limit: int) -> list[Scored]:
    """The `limit` best of all that was found, then by id."""
    parts = list(found)
    ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in parts)])
    scores = np.concatenate([np.empty(0, np.float32), *(scores for _, scores in parts)])
    order = np.lexsort((ids, -scores))[:limit]
    return [Scored(FaceId(int(ids[i])), float(scores[i])) for i in order]


def must_be_of(model: ModelId, template: Template) -> None:
    """ModelError where a template is of another model."""
    if template.model != model:
        raise ModelError(
            f"A template of {template.model} cannot be compared with those of {model}.",
            "Make the probe's template with the model that the bank was enrolled with.",
        )

"""The exact gallery: every template compared, nothing approximated. The oracle of all others."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from facewitness.errors import ModelError
from facewitness.gallery.interface import FaceIds, Position
from facewitness.gallery.snapshot import Snapshot
from facewitness.terms.candidate import Scored
from facewitness.terms.face import FaceId
from facewitness.terms.template import Floats, ModelId, Template

ROWS_AT_ONCE = 262_144
"""Scores computed at once: 1 MB of them, which stays in the cache."""

SMALL_BLOCK = 16_384
"""Blocks below this many rows are joined, so that a gallery fed face by face does not fray."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Rows that came together. `alive` is None while none of them was withdrawn."""

    ids: FaceIds
    templates: Floats
    alive: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.ids) if self.alive is None else int(np.count_nonzero(self.alive))

    def without(self, withdrawn: FaceIds) -> "_Block":
        gone = np.isin(self.ids, withdrawn)
        if not gone.any():
            return self
        return replace(self, alive=~gone if self.alive is None else self.alive & ~gone)

    def compacted(self) -> "_Block":
        if self.alive is None:
            return self
        return _Block(self.ids[self.alive], self.templates[self.alive])


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What one search sees."""

    blocks: tuple[_Block, ...]
    position: Position


class ExactGallery:
    """Templates in memory, or memory-mapped from the last snapshot; each search scans all of them."""

    def __init__(self, model: ModelId, dimension: int, snapshot: Snapshot | None = None) -> None:
        self._model, self._dimension, self._snapshot = model, dimension, snapshot
        self._lock = threading.Lock()
        self._state = self._opened()

    @property
    def model(self) -> ModelId:
        """The model whose templates it holds."""
        return self._model

    @property
    def position(self) -> Position:
        """How far it has followed the catalogue."""
        return self._state.position

    def __len__(self) -> int:
        return sum(map(len, self._state.blocks))

    def take(self, ids: FaceIds, templates: Floats, withdrawn: FaceIds, position: Position) -> None:
        """Take in new faces, then drop those withdrawn."""
        with self._lock:
            fresh = ids > self._state.position.face
            blocks = list(self._state.blocks)
            if fresh.any():
                blocks.append(_Block(ids[fresh], np.ascontiguousarray(templates[fresh], dtype=np.float32)))
            if len(withdrawn):
                blocks = [block.without(withdrawn) for block in blocks]
            reached = Position(*map(max, self._state.position, position))
            self._state = _State(_joined(blocks), reached)

    def search(
        self, template: Template, limit: int, floor: float = -1.0, within: FaceIds | None = None
    ) -> list[Scored]:
        """Compare with every template, or with every one of `within`."""
        if template.model != self._model:
            raise ModelError(
                f"A template of {template.model} cannot be compared with those of {self._model}.",
                "Make the probe's template with the model that the bank was enrolled with.",
            )
        found_ids, found_scores = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for ids, templates, alive in _rows(self._state.blocks, within):
            # A matrix product would share even this between threads, which wait for each other on a busy machine.
            scores = np.vecdot(templates, template.values)
            good = scores >= floor if alive is None else (scores >= floor) & alive
            chosen = np.flatnonzero(good)
            if len(chosen) > limit:
                # Ties at the edge are kept, so that the order by id below decides between them.
                edge = np.partition(scores[chosen], len(chosen) - limit)[len(chosen) - limit]
                chosen = chosen[scores[chosen] >= edge]
            found_ids.append(ids[chosen])
            found_scores.append(scores[chosen])
        all_ids, all_scores = np.concatenate(found_ids), np.concatenate(found_scores)
        order = np.lexsort((all_ids, -all_scores))[:limit]
        return [Scored(FaceId(int(all_ids[i])), float(all_scores[i])) for i in order]

    def save(self) -> None:
        """Write a snapshot without the withdrawn rows, and go on from it."""
        if self._snapshot is None:
            return
        with self._lock:
            state = self._state
            blocks = [block.compacted() for block in state.blocks]
            with suppress(OSError):  # the next opening takes longer, nothing else is lost
                self._snapshot.write(
                    [(block.ids, block.templates) for block in blocks], self._dimension, state.position
                )
                written = self._opened()
                if written.position == state.position:  # else another process has written its own meanwhile
                    self._state = written

    def refill(self, rows: Iterable[tuple[FaceIds, Floats]], withdrawn: int) -> None:
        """Hold those rows and nothing else; searches see the old ones until the new ones are whole."""
        blocks = [_Block(ids, np.ascontiguousarray(templates, dtype=np.float32)) for ids, templates in rows]
        last = int(blocks[-1].ids[-1]) if blocks else 0
        with self._lock:
            self._state = _State(tuple(blocks), Position(last, withdrawn))

    def last(self) -> tuple[int, Floats] | None:
        """The newest face held, with its template; None where there is none."""
        for block in reversed(self._state.blocks):
            alive = np.arange(len(block.ids)) if block.alive is None else np.flatnonzero(block.alive)
            if len(alive):
                return int(block.ids[alive[-1]]), block.templates[alive[-1]]
        return None

    def clear(self) -> None:
        """Forget everything, on disk too."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.clear()
            self._state = _State((), Position(0, 0))

    def _opened(self) -> _State:
        kept = self._snapshot.read(self._dimension) if self._snapshot else None
        if kept is None:
            return _State((), Position(0, 0))
        ids, templates, position = kept
        return _State((_Block(ids, templates),) if len(ids) else (), position)


def _joined(blocks: list[_Block]) -> tuple[_Block, ...]:
    """Join the small blocks at the end into one; the large ones, perhaps memory-mapped, stay as they are."""
    small: list[_Block] = []
    while blocks and len(blocks[-1].ids) < SMALL_BLOCK:
        small.insert(0, blocks.pop().compacted())
    small = [block for block in small if len(block.ids)]
    if not small:
        return tuple(blocks)
    ids = np.concatenate([block.ids for block in small])
    templates = np.concatenate([block.templates for block in small])
    return (*blocks, _Block(ids, templates))


def _rows(
    blocks: tuple[_Block, ...], within: FaceIds | None
) -> Iterator[tuple[FaceIds, Floats, npt.NDArray[np.bool_] | None]]:
    """Ids, templates and alive masks of the rows to compare, some at once."""
    for block in blocks:
        if within is None:
            for start in range(0, len(block.ids), ROWS_AT_ONCE):
                rows = slice(start, start + ROWS_AT_ONCE)
                alive = None if block.alive is None else block.alive[rows]
                yield block.ids[rows], block.templates[rows], alive
            continue
        places = np.searchsorted(block.ids, within)
        inside = places < len(block.ids)
        places, wanted = places[inside], within[inside]
        places = places[block.ids[places] == wanted]
        for start in range(0, len(places), ROWS_AT_ONCE):
            some = places[start : start + ROWS_AT_ONCE]
            alive = None if block.alive is None else block.alive[some]
            yield block.ids[some], block.templates[some], alive

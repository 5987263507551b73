"""The exact gallery: every template compared, nothing approximated. The oracle of all others."""

import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from facewitness.gallery.blocks import START, Block, Found, best, compared, joined, must_be_of, newest, taken
from facewitness.gallery.interface import FaceIds, Position
from facewitness.gallery.snapshot import Snapshot
from facewitness.terms.candidate import Answer, Plan
from facewitness.terms.template import Floats, ModelId, Template


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What one search sees."""

    blocks: tuple[Block, ...]
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
            blocks = [*self._state.blocks, *taken(ids, templates, self._state.position.face)]
            if len(withdrawn):
                blocks = [block.without(withdrawn) for block in blocks]
            reached = Position(*map(max, self._state.position, position))
            self._state = _State(joined(blocks), reached)

    def search(
        self, template: Template, limit: int, floor: float = -1.0, within: FaceIds | None = None
    ) -> Answer:
        """Compare with every template, or with every one of `within`."""
        must_be_of(self._model, template)
        found, looked_at = list[Found](), 0
        for block in self._state.blocks:
            rows = None if within is None else block.living(within)
            looked_at += len(block) if rows is None else len(rows)
            found += compared(block, template.values, limit, floor, rows)
        return Answer(best(found, limit), Plan("exact", looked_at))

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
        blocks = [Block(ids, np.ascontiguousarray(templates, dtype=np.float32)) for ids, templates in rows]
        last = int(blocks[-1].ids[-1]) if blocks else 0
        with self._lock:
            if self._snapshot is not None:  # it may be of another catalogue, and its withdrawals mean nothing
                self._snapshot.clear()
            self._state = _State(tuple(blocks), Position(last, withdrawn))

    def last(self) -> tuple[int, Floats] | None:
        """The newest face held, with its template; None where there is none."""
        return newest(reversed(self._state.blocks))

    def damaged(self) -> list[str]:
        """The snapshot's name where one stands that cannot be used; it carries no digests."""
        return self._snapshot.damaged(self._dimension) if self._snapshot else []

    def clear(self) -> None:
        """Forget everything, on disk too."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.clear()
            self._state = _State((), START)

    def _opened(self) -> _State:
        kept = self._snapshot.read(self._dimension) if self._snapshot else None
        if kept is None:
            return _State((), START)
        ids, templates, position = kept
        return _State((Block(ids, templates),) if len(ids) else (), position)

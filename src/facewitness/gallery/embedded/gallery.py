"""The embedded gallery: codes scanned in full, templates compared exactly, a small exact head for fresh faces."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from facewitness.errors import BankError
from facewitness.gallery.blocks import START, Block, best, compared, joined, must_be_of, newest, taken
from facewitness.gallery.embedded.files import Files
from facewitness.gallery.embedded.manifest import Manifest
from facewitness.gallery.embedded.scan import Spread, scan
from facewitness.gallery.embedded.segment import Segment, Shape, cut, gathered
from facewitness.gallery.interface import FaceIds, Position
from facewitness.terms.candidate import Answer
from facewitness.terms.template import Floats, ModelId, Template


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What one search sees: segments, then the head, oldest faces first."""

    segments: tuple[Segment, ...] = ()
    head: tuple[Block, ...] = ()
    position: Position = START

    def without(self, withdrawn: FaceIds) -> "_State":
        """The same state, of which those are withdrawn."""
        segments = tuple(one.without(withdrawn) for one in self.segments)
        return _State(segments, tuple(one.without(withdrawn) for one in self.head), self.position)


_NOTHING = _State()


class EmbeddedGallery:
    """In the bank's own folder, in the caller's own process; below `Shape.coded_from` faces all is exact.

    `take` changes memory; `save` writes what is new, and anew what a withdrawal has touched. The folder may be
    shared by processes: each reads what it opened until it saves, and a save never takes the folder back to
    before a withdrawal that another one has followed.
    """

    def __init__(
        self,
        model: ModelId,
        dimension: int,
        folder: Path,
        shape: Shape = Shape(),  # noqa: B008  (frozen)
        threads: int = 1,
    ) -> None:
        self._model, self._dimension, self._shape = model, dimension, shape
        self._files = Files(folder, dimension)
        self._spread: Spread = map
        if threads > 1:
            self._spread = ThreadPoolExecutor(threads, "gallery").map
        self._lock = threading.Lock()
        """Held while `_state` and `_meanwhile` are changed: never for long."""
        self._saving = threading.Lock()
        """Held while the folder is written."""
        self._meanwhile: list[FaceIds] = []
        """What was withdrawn since the present save began."""
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
        state = self._state
        return sum(map(len, state.segments)) + sum(map(len, state.head))

    def take(self, ids: FaceIds, templates: Floats, withdrawn: FaceIds, position: Position) -> None:
        """Take in new faces, then drop those withdrawn; a head grown large is saved, unless others do so."""
        with self._lock:
            state = self._state
            head = joined([*state.head, *taken(ids, templates, state.position.face)])
            state = _State(state.segments, head, Position(*map(max, state.position, position)))
            if len(withdrawn):
                state = state.without(withdrawn)
                self._meanwhile.append(withdrawn)
            self._state = state
        if sum(len(block.ids) for block in head) >= self._shape.head_rows:
            self._save(wait=False)

    def search(
        self, template: Template, limit: int, floor: float = -1.0, within: FaceIds | None = None
    ) -> Answer:
        """Codes name the candidates among many faces; whatever is given was compared exactly."""
        must_be_of(self._model, template)
        state, values = self._state, template.values
        found, plan = scan(state.segments, values, limit, floor, within, self._shape, self._spread)
        head = 0
        for block in state.head:
            rows = None if within is None else block.living(within)
            head += len(block) if rows is None else len(rows)
            found += compared(block, values, limit, floor, rows)
        return Answer(best(found, limit), replace(plan, compared=plan.compared + head))

    def save(self) -> None:
        """Write what is new and what was touched by a withdrawal; then no file holds what was withdrawn.

        Where another process has come as far already, its segments are taken over instead.
        """
        self._save(wait=True)

    def refill(self, rows: Iterable[tuple[FaceIds, Floats]], withdrawn: int) -> None:
        """Hold those rows and nothing else, on disk too; never more than one segment of them in memory.

        BankError where the folder cannot be written.
        """
        try:
            with self._saving, self._files.writing():
                segments = tuple(self._written(Block(ids, templates) for ids, templates in rows))
                last = int(segments[-1].block.ids[-1]) if segments else 0
                state = _State(segments, (), Position(last, withdrawn))
                self._commit(state)
                with self._lock:
                    self._state = state
        except OSError as error:
            raise BankError(
                f"The gallery cannot be written: {error.strerror}.",
                "Make room, or have its folder made writable.",
            ) from None

    def last(self) -> tuple[int, Floats] | None:
        """The newest face held, with its template; None where there is none."""
        state = self._state
        return newest([*reversed(state.head), *(one.block for one in reversed(state.segments))])

    def clear(self) -> None:
        """Forget everything, on disk too."""
        with self._saving, self._lock:
            self._files.clear()
            self._state = _NOTHING

    def damaged(self) -> list[str]:
        """Files on disk that are not as they were written; reads every byte of all of them."""
        manifest = self._files.manifest()
        return self._files.damaged(manifest) if manifest else []

    def _save(self, *, wait: bool) -> None:
        if not self._saving.acquire(blocking=wait):
            return
        try:
            # The next opening takes longer where the folder cannot be written; nothing else is lost.
            with suppress(OSError), self._files.writing(wait=wait):
                self._save_held()
        finally:
            self._saving.release()

    def _save_held(self) -> None:
        with self._lock:
            state, self._meanwhile = self._state, []
        kept = self._opened(state)
        if _reaches(kept.position, state.position):
            with self._lock:
                if _reaches(kept.position, self._state.position):
                    self._state = kept
            return
        on_disk = self._files.manifest()
        if on_disk and on_disk.position.withdrawn > state.position.withdrawn:
            return  # what it says of faces is followed from the catalogue, and saved with that withdrawal
        segments = tuple(self._compacted(state, {one.entry for one in kept.segments}))
        saved = _State(segments, (), state.position)
        self._commit(saved)
        self._go_on_from(saved)

    def _go_on_from(self, saved: _State) -> None:
        """Put what was saved in the place of what it was made from, under what has come and gone meanwhile."""
        with self._lock:
            head = [
                part
                for block in self._state.head
                for part in taken(block.ids, block.templates, saved.position.face)
            ]
            state = _State(saved.segments, tuple(head), self._state.position)
            for withdrawn in self._meanwhile:
                state = state.without(withdrawn)
            self._state = state

    def _compacted(self, state: _State, on_disk: set[object]) -> Iterator[Segment]:
        """The state's rows as segments: those that stand on disk as they would be written stay as they are."""
        parts = [[one.block] for one in state.segments] + ([list(state.head)] if state.head else [])
        sizes = [sum(map(len, part)) for part in parts]
        for group in gathered(sizes, self._shape.most_rows):
            alone = state.segments[group] if group.stop - group.start == 1 else ()
            if alone and alone[0].is_as(self._shape) and alone[0].entry in on_disk:
                yield alone[0]
            else:
                yield from self._written(block for part in parts[group] for block in part)

    def _written(self, blocks: Iterable[Block]) -> Iterator[Segment]:
        for lot in cut(blocks, self._shape.most_rows):
            yield self._files.write(lot, self._shape)

    def _commit(self, state: _State) -> None:
        entries = tuple(one.entry for one in state.segments)
        self._files.commit(Manifest(self._dimension, state.position, entries))

    def _opened(self, present: _State = _NOTHING) -> _State:
        """What stands on disk, as far as it is whole: what comes after a damaged segment is followed anew.

        Segments that the present state has open are not opened again.
        """
        known = {one.entry: one.whole() for one in present.segments}
        while (manifest := self._files.manifest()) is not None:
            segments = list[Segment]()
            for entry in manifest.segments:
                segment = (
                    known[entry] if entry in known and self._files.has(entry) else self._files.open(entry)
                )
                if segment is None:
                    break
                segments.append(segment)
            else:
                return _State(tuple(segments), (), manifest.position)
            if manifest == self._files.manifest():  # else a writer has replaced it, and its files, meanwhile
                face = int(segments[-1].block.ids[-1]) if segments else 0
                return _State(tuple(segments), (), Position(face, manifest.position.withdrawn))
        return _NOTHING


def _reaches(position: Position, other: Position) -> bool:
    """Whether one has followed all that the other has."""
    return position.face >= other.face and position.withdrawn >= other.withdrawn

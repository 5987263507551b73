"""A gallery's rows on disk: two arrays that are memory-mapped, and one small file that names them."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock

from facewitness.gallery.interface import FaceIds, Position
from facewitness.terms.template import Floats

CURRENT = "current.json"
LOCK = "writing.lock"


class Snapshot:
    """One folder of snapshots. A reader sees the old one or the new one, whenever the writer dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, dimension: int) -> tuple[FaceIds, Floats, Position] | None:
        """The rows, memory-mapped, with the position they stand for; None where there are none that fit.

        A snapshot that is missing, half-written or of another dimension is no error: a gallery is made
        again from the catalogue.
        """
        try:
            named = json.loads((self._folder / CURRENT).read_text())
            ids = np.load(self._folder / named["ids"], mmap_mode="r")
            templates = np.load(self._folder / named["templates"], mmap_mode="r")
            position = Position(int(named["face"]), int(named["withdrawn"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        whole = ids.shape == (named["rows"],) and templates.shape == (named["rows"], dimension)
        return (ids, templates, position) if whole else None

    def write(self, blocks: Sequence[tuple[FaceIds, Floats]], dimension: int, position: Position) -> None:
        """Write the rows of all blocks as the new snapshot, then drop the files of the old one.

        Nothing is written where a snapshot stands that has followed more withdrawals, of another process: it
        would bring templates back to the disk. OSError where the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / LOCK):  # two processes may save at once; neither drops the other's files
            kept = self.read(dimension)
            if kept is None or kept[2].withdrawn <= position.withdrawn:
                self._write(blocks, dimension, position)

    def _write(self, blocks: Sequence[tuple[FaceIds, Floats]], dimension: int, position: Position) -> None:
        stem = f"{position.face}-{position.withdrawn}-{os.getpid()}-{os.urandom(4).hex()}"
        rows = sum(len(ids) for ids, _ in blocks)
        names = {"ids": f"{stem}.ids.npy", "templates": f"{stem}.templates.npy"}
        if rows:
            self._fill(names["ids"], [ids for ids, _ in blocks], (rows,), np.int64)
            self._fill(names["templates"], [t for _, t in blocks], (rows, dimension), np.float32)
        else:
            np.save(self._folder / names["ids"], np.empty(0, np.int64))
            np.save(self._folder / names["templates"], np.empty((0, dimension), np.float32))
        part = self._folder / f"{stem}.json.part"
        part.write_text(json.dumps({**names, "rows": rows} | position._asdict()))
        part.replace(self._folder / CURRENT)
        self._drop_all_but({CURRENT, LOCK, *names.values()})

    def damaged(self, dimension: int) -> list[str]:
        """Its own name where there is one and `read` finds it of no use."""
        return [CURRENT] if (self._folder / CURRENT).exists() and self.read(dimension) is None else []

    def clear(self) -> None:
        """Drop every file."""
        self._drop_all_but({LOCK})

    def _fill(
        self, name: str, parts: Sequence[FaceIds | Floats], shape: tuple[int, ...], dtype: type
    ) -> None:
        """Write one array through a map, so that a large gallery is never held twice in memory."""
        out = np.lib.format.open_memmap(self._folder / name, mode="w+", dtype=dtype, shape=shape)
        start = 0
        for part in parts:
            out[start : start + len(part)] = part
            start += len(part)
        out.flush()

    def _drop_all_but(self, kept: set[str]) -> None:
        if self._folder.exists():
            for path in self._folder.iterdir():
                if path.name not in kept:
                    path.unlink(missing_ok=True)

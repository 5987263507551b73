"""A catalogue in one file that a process can be killed beside: each byte of it is one committed act."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from facewitness.gallery import EmbeddedGallery, ExactGallery, FaceIds, Shape
from facewitness.terms.template import Floats, ModelId
from facewitness.testing import DIMENSION, MODEL, random_templates

SMALL = Shape(coded_from=640, most_rows=1000, head_rows=600, depth_at_16=100)
FACES, HELD = 60, 2000
"""Faces that an enrolment adds; of how many the newest are left by the withdrawal that comes now and then."""


class Log:
    """Act i is told by i alone: mostly faces come in, every third time some go, every fortieth most of them.

    It has what `acts.bank.follow` asks of a catalogue.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def acts(self) -> int:
        """How many were committed."""
        return self._path.stat().st_size if self._path.exists() else 0

    def commit(self) -> None:
        """One more."""
        with self._path.open("ab") as file:
            file.write(b".")
            file.flush()
            os.fsync(file.fileno())

    def templates(self, model: ModelId, after: int = 0) -> Iterator[tuple[FaceIds, Floats]]:
        """The faces above `after` that no act withdrew, one enrolment at a time."""
        assert model == MODEL
        acts, gone = self.acts, self.withdrawn()[0]
        for act in range(acts):
            ids = _enrolled(act)
            kept = (ids > after) & ~np.isin(ids, gone)
            if kept.any():
                yield ids[kept], random_templates(FACES, seed=act)[kept]

    def withdrawn(self, after: int = 0) -> tuple[FaceIds, int]:
        """What the acts from the `after`th on withdrew, and the number of acts."""
        acts = self.acts
        gone = [_withdrawn(act) for act in range(after, acts)]
        return np.concatenate([np.empty(0, np.int64), *gone]), acts

    def secrets(self) -> list[Floats]:
        """Some templates of faces that were withdrawn."""
        gone = self.withdrawn()[0]
        return [random_templates(FACES, seed=(one - 1) // FACES)[(one - 1) % FACES] for one in gone[::97]]

    def oracle(self) -> ExactGallery:
        """What a gallery has to hold."""
        gallery = ExactGallery(MODEL, DIMENSION)
        gallery.refill(self.templates(MODEL), self.acts)
        return gallery


def open_small(folder: Path) -> EmbeddedGallery:
    """A gallery of many small segments."""
    return EmbeddedGallery(MODEL, DIMENSION, folder, SMALL, threads=2)


def _enrolled(act: int) -> FaceIds:
    if act % 3 == 2:
        return np.empty(0, np.int64)
    return np.arange(act * FACES, (act + 1) * FACES) + 1


def _withdrawn(act: int) -> FaceIds:
    if act % 3 != 2:
        return np.empty(0, np.int64)
    if act % 40 == 2:
        return np.arange(1, max(act * FACES - HELD, 1))
    return np.random.default_rng(act).choice(act * FACES, 5) + 1

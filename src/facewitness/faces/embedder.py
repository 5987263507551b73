"""From aligned faces to unit-length vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from facewitness.batches import batched
from facewitness.faces.runtime import Runtime
from facewitness.terms.template import Floats

BATCH = 16
"""Faces in one run of the network: larger batches are no faster, and cost memory."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """What an embedder wants its 112x112 input to be like."""

    colour: str = "rgb"
    """`rgb` or `bgr`."""
    mean: float = 0.0
    """Taken from each value of 0 to 255,"""
    scale: float = 1.0
    """before it is multiplied by this."""


class Embedder:
    """An embedder of five-point aligned faces. Threads may share it."""

    def __init__(self, runtime: Runtime, wanted: InputFormat) -> None:
        self._runtime, self._wanted = runtime, wanted

    def embed(self, faces: Sequence[npt.NDArray[np.uint8]]) -> Floats:
        """Unit-length vectors (n, dimension) of n aligned faces, each (112, 112, 3) RGB."""
        return np.concatenate([self._some(some) for some in batched(faces, BATCH)])

    def _some(self, faces: Sequence[npt.NDArray[np.uint8]]) -> Floats:
        batch = np.stack(faces)
        if self._wanted.colour == "bgr":
            batch = batch[..., ::-1]
        values = np.ascontiguousarray(batch.transpose(0, 3, 1, 2), dtype=np.float32)
        values = (values - np.float32(self._wanted.mean)) * np.float32(self._wanted.scale)
        [vectors] = self._runtime.run(values).values()
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Floats = vectors / np.maximum(length, np.finfo(np.float32).tiny)
        return unit

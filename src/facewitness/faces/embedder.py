"""From aligned faces to unit-length vectors."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from facewitness.batches import batched
from facewitness.faces.runtime import Runtime
from facewitness.terms.template import Floats

BATCH = 4
"""Faces in one run of the network: larger batches are no faster, and cost 9 MB a face in each thread."""


class Embedder:
    """An embedder of five-point aligned faces. Threads may share it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def embed(self, faces: Sequence[npt.NDArray[np.uint8]]) -> Floats:
        """Unit-length vectors (n, dimension) of n aligned faces, each (112, 112, 3) RGB."""
        return np.concatenate([self._some(some) for some in batched(faces, BATCH)])

    def _some(self, faces: Sequence[npt.NDArray[np.uint8]]) -> Floats:
        [vectors] = self._runtime.run(np.stack(faces)).values()
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Floats = vectors / np.maximum(length, np.finfo(np.float32).tiny)
        return unit

"""Product-quantised templates, scanned in full: FAISS's fast-scan. The one module that imports FAISS."""

from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from facewitness.gallery.blocks import Rows
from facewitness.terms.template import Floats

if TYPE_CHECKING:
    import faiss

TRAINED_ON = 65_536
"""Rows, evenly spaced, that a codebook is trained on."""

ROWS_AT_ONCE = 65_536

Near = tuple[Rows, Floats]
"""Rows (n,) with their approximate scores (n,)."""


class Codes:
    """The codes of one segment's templates, in their order, with the codebook they were made with.

    A codebook is trained on the very rows that it codes: a segment needs no other one, and a bank whose faces
    change over time gets new codebooks by and by. Thread-safe, since nothing changes it.
    """

    def __init__(self, index: "faiss.IndexPQFastScan") -> None:
        self._index = index

    @classmethod
    def of(cls, templates: Floats, code_bytes: int) -> "Codes":
        """The codes of templates (n, dimension), n at least some hundred; the same ones for the same rows.

        A byte of code is two sub-quantisers of 16 centroids each.
        """
        faiss = _faiss()
        width = -(-templates.shape[1] // (2 * code_bytes)) * 2 * code_bytes
        index = faiss.IndexPQFastScan(width, 2 * code_bytes, 4, faiss.METRIC_INNER_PRODUCT)
        step = -(-len(templates) // TRAINED_ON)
        index.train(_padded(templates[::step], width))
        for begin in range(0, len(templates), ROWS_AT_ONCE):
            index.add(_padded(templates[begin : begin + ROWS_AT_ONCE], width))
        return cls(index)

    @classmethod
    def read(cls, data: bytes) -> "Codes":
        """From what `written` gave; never call it with bytes whose digest was not checked."""
        return cls(_faiss().deserialize_index(np.frombuffer(data, np.uint8)))

    def written(self) -> bytes:
        """As FAISS writes an index: codebook and codes."""
        data: bytes = _faiss().serialize_index(self._index).tobytes()
        return data

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def code_bytes(self) -> int:
        """Bytes of code a face."""
        return int(self._index.M) // 2

    def nearest(self, values: Floats, count: int) -> Near:
        """The `count` rows whose codes come nearest to a template (dimension,), and how near; in no order."""
        _faiss()
        near, rows = self._index.search(_padded(values[None], int(self._index.d)), min(count, len(self)))
        held = rows[0] >= 0
        return rows[0][held], near[0][held]


def _faiss() -> ModuleType:
    """FAISS, kept to the calling thread: it would split queries between threads, and a search is one query.

    Imported when there are codes, for that takes a tenth of a second.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


def _padded(templates: Floats, width: int) -> npt.NDArray[np.float32]:
    """Rows of `width` values, the added ones zero, which changes no score."""
    short = width - templates.shape[1]
    return np.ascontiguousarray(np.pad(templates, ((0, 0), (0, short))) if short else templates, np.float32)

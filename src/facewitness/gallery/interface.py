"""What a gallery is: the enrolled templates of one model, searchable."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from facewitness.terms.candidate import Answer
from facewitness.terms.template import Floats, ModelId, Template

FaceIds = npt.NDArray[np.int64]
"""Shape (n,), ascending, each once."""


class Position(NamedTuple):
    """How far a gallery has followed the catalogue: the last face, and the last withdrawal, that it took in."""

    face: int
    withdrawn: int


class Gallery(Protocol):
    """A pure function of the catalogue: it may be dropped at any time and made again.

    Thread-safe. A search sees all of a `take` or nothing of it. `facewitness.testing.GalleryContract` holds
    every implementation to this text, and to `exact` as the oracle.
    """

    @property
    def model(self) -> ModelId:
        """The model whose templates it holds; no other may enter or search."""
        ...

    @property
    def position(self) -> Position:
        """How far it has followed the catalogue."""
        ...

    def __len__(self) -> int:
        """How many faces can be found: the N of FPIR(N, T)."""
        ...

    def take(self, ids: FaceIds, templates: Floats, withdrawn: FaceIds, position: Position) -> None:
        """Take in new faces, templates (n, dimension) of unit length, then drop those withdrawn.

        Ids above the present position only; ids withdrawn that are not held are ignored.
        """
        ...

    def search(
        self, template: Template, limit: int, floor: float = -1.0, within: FaceIds | None = None
    ) -> Answer:
        """At most `limit` faces whose comparison score is at least `floor`, best first, then by id, and the plan.

        The score is the cosine of the two templates, exact to float32. With `within`, only those faces are
        looked at, all of them. ModelError where the template is of another model.
        """
        ...

    def save(self) -> None:
        """Keep the present state on disk, without what was withdrawn, so that the next opening is quick."""
        ...

    def refill(self, rows: Iterable[tuple[FaceIds, Floats]], withdrawn: int) -> None:
        """Hold those rows, ascending by id, and nothing else, as of that withdrawal.

        A search at the same time sees all of the old rows or all of the new ones.
        """
        ...

    def last(self) -> tuple[int, Floats] | None:
        """The newest face held, with its template; None where there is none."""
        ...

    def damaged(self) -> list[str]:
        """What it keeps on disk and is not as it was written, by name; may take as long as reading all of it."""
        ...

    def clear(self) -> None:
        """Forget everything, on disk too."""
        ...

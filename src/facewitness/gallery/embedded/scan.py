"""One search: codes say which rows may be near, templates say how near they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from facewitness.gallery.blocks import Block, Found, Rows, compared
from facewitness.gallery.embedded.codes import Codes, Near
from facewitness.gallery.embedded.segment import Segment, Shape
from facewitness.gallery.interface import FaceIds
from facewitness.terms.candidate import Plan
from facewitness.terms.template import Floats

ASIDE = 512
"""Rows that a segment may fill beyond one and a half times its even share of the depth: near faces lie unevenly."""


A = TypeVar("A")
B = TypeVar("B")


class Spread(Protocol):
    """`map`, or a thread pool's."""

    def __call__(self, call: Callable[[A], B], over: Iterable[A], /) -> Iterable[B]:
        """What the call gives for each, in their order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Ask:
    """What is sought in one segment, of which the `depth` rows with the nearest codes will do."""

    block: Block
    codes: Codes | None
    rows: Rows | None
    """The living rows of a filter; None where every living row is sought."""
    depth: int

    @property
    def sought(self) -> int:
        """How many rows that is."""
        return len(self.block) if self.rows is None else len(self.rows)

    @property
    def surely(self) -> int:
        """How many nearest codes have as many as `depth` among them that are sought, however they lie."""
        return self.depth + len(self.block.ids) - self.sought

    @property
    def fetched(self) -> int:
        """How many are fetched, the scan knowing no filter: enough where what is sought lies evenly."""
        return min(self.surely, self.depth * len(self.block.ids) * 3 // (2 * max(self.sought, 1)))

    @property
    def is_little(self) -> bool:
        """Whether to compare every row sought is no more work than to choose among them by their codes."""
        return self.codes is None or self.sought <= 2 * self.fetched

    def near(self, values: Floats) -> Near | None:
        """The rows with the nearest codes, and how near; None where less came back than has to be compared."""
        assert self.codes is not None  # noqa: S101
        rows, scores = self.codes.nearest(values, self.fetched)
        if self.sought == len(self.block.ids):
            return rows, scores
        kept = self._is_sought()[rows]
        return (rows[kept], scores[kept]) if self.fetched == self.surely or kept.sum() >= self.depth else None

    def _is_sought(self) -> npt.NDArray[np.bool_]:
        mask = self.block.alive if self.rows is None else np.zeros(len(self.block.ids), np.bool_)
        assert mask is not None  # noqa: S101  (else every row is sought)
        if self.rows is not None:
            mask[self.rows] = True
        return mask


def scan(
    segments: Sequence[Segment],
    values: Floats,
    limit: int,
    floor: float,
    within: FaceIds | None,
    shape: Shape,
    spread: Spread,
) -> tuple[list[Found], Plan]:
    """The best rows of the segments that reach the floor, with exact scores, and how they were found.

    A segment in which little is sought, or in which what is sought turns out to lie unevenly, is not left to
    its codes: there every row sought is compared.
    """
    depth = max(shape.depth, 4 * limit)
    each = min(depth, depth * 3 // (2 * max(len(segments), 1)) + ASIDE)
    asks = [
        _Ask(one.block, one.codes, None if within is None else one.block.living(within), each)
        for one in segments
    ]
    coded = [ask for ask in asks if not ask.is_little]
    found = list(spread(lambda ask: ask.near(values), coded))
    candidates = [(ask.block, near) for ask, near in zip(coded, found, strict=True) if near is not None]
    unevenly = [ask for ask, near in zip(coded, found, strict=True) if near is None]
    whole = [*(ask for ask in asks if ask.is_little), *unevenly]
    parts = [part for ask in whole for part in compared(ask.block, values, limit, floor, ask.rows)]
    chosen = list(_nearest(candidates, depth))
    for some in spread(lambda one: list(compared(one[0], values, limit, floor, one[1])), chosen):
        parts += some
    compared_rows = sum(ask.sought for ask in whole) + sum(len(rows) for _, rows in chosen)
    by_code = sum(ask.sought for ask in coded) - sum(ask.sought for ask in unevenly)
    return parts, Plan("embedded", compared_rows, by_code)


def _nearest(candidates: Sequence[tuple[Block, Near]], depth: int) -> Iterator[tuple[Block, Rows]]:
    """The `depth` nearest candidates of all segments by their approximate scores, ascending in each."""
    total = sum(len(rows) for _, (rows, _) in candidates)
    edge = -np.inf
    if total > depth:
        scores = np.concatenate([scores for _, (_, scores) in candidates])
        edge = np.partition(scores, total - depth)[total - depth]
    for block, (rows, scores) in candidates:
        yield block, np.sort(rows[scores >= edge])

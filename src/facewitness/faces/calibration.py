"""What a comparison score is worth in a bank of N faces: false positives expected, and where to cut a list.

    FPIR(N, T) = 1 - (1 - FMR(T))^N

is the chance that a search for somebody who is not in the bank of N faces gives a candidate at T or above
(ISO/IEC 19795-1; it takes the N comparisons as independent). FMR(T), the share of comparisons of different
people that reach T, is the curve of the embedder's model card.
"""

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Self

import numpy as np
import numpy.typing as npt

from facewitness.terms.candidate import Threshold

LOWEST_FMR = 1e-9
"""Below it no expectation is given: a curve of a million comparisons says nothing so far out."""

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Calibration:
    """An FMR curve: scores ascending, and FMR at each, descending.

    Between its points, and on above the last one, it is taken as straight on the scale of normal deviates,
    that of DET curves (Martin et al., 1997). Below the first point FMR is taken as 1.
    """

    scores: tuple[float, ...]
    fmrs: tuple[float, ...]
    description: str
    """Whose faces gave the comparisons, and how many there were."""

    def __post_init__(self) -> None:
        if len(self.scores) < 2 or len(self.scores) != len(self.fmrs):
            raise ValueError("a calibration needs at least two scores, and an FMR for each")
        if not np.all(np.isfinite(self.scores)):
            raise ValueError("a score of the calibration is not a finite number")
        if any(not 0 < fmr < 1 for fmr in self.fmrs):
            raise ValueError("an FMR of the calibration is not between 0 and 1")
        if np.any(np.diff(self.scores) <= 0) or np.any(np.diff(self.fmrs) >= 0):
            raise ValueError("a calibration's scores have to rise and its FMRs to fall")

    @classmethod
    def from_nonmated(
        cls, scores: npt.NDArray[np.floating], description: str, levels: Sequence[float]
    ) -> Self:
        """The curve of non-mated comparison scores at those levels of FMR, the largest first."""
        ordered = np.sort(scores)[::-1]
        at = [float(ordered[max(0, round(level * len(ordered)) - 1)]) for level in levels]
        return cls(tuple(at), tuple(levels), description)

    def fmr(self, score: float) -> float:
        """The share of comparisons of different people that reach `score`, 0 to 1."""
        if score < self.scores[0]:
            return 1.0
        upper = min(max(bisect(self.scores, score), 1), len(self.scores) - 1)
        slope, start = self._line(upper)
        deviate = start + slope * (score - self.scores[upper])
        return math.erfc(-deviate / math.sqrt(2)) / 2  # NormalDist.cdf is 0 from eight deviates down

    def fpir(self, score: float, size: int) -> float:
        """The chance that a search of `size` faces for an absent person gives a candidate, 0 to 1."""
        fmr = self.fmr(score)
        return 1.0 if fmr >= 1 else -math.expm1(size * math.log1p(-fmr))

    def expected_false(self, score: float, size: int) -> float:
        """How many of `size` faces of other people are expected at or above `score`."""
        return size * max(self.fmr(score), LOWEST_FMR)

    def threshold(self, fpir: float, size: int) -> float:
        """The lowest score at which FPIR(size, score) is at most `fpir`; never above 1."""
        wanted = -math.expm1(math.log1p(-fpir) / max(size, 1))
        if wanted >= self.fmrs[0]:
            return self.scores[0]
        upper = min(sum(fmr >= wanted for fmr in self.fmrs), len(self.fmrs) - 1)
        slope, start = self._line(upper)
        return min(1.0, self.scores[upper] + (_NORMAL.inv_cdf(wanted) - start) / slope)

    def at(self, fpir: float, size: int) -> Threshold:
        """Where a list from `size` faces is cut for that FPIR."""
        return Threshold(self.threshold(fpir, size), fpir, size, self.description)

    def _line(self, upper: int) -> tuple[float, float]:
        """Slope and upper end, in deviates, of the line between a point and the one before it."""
        start, end = _NORMAL.inv_cdf(self.fmrs[upper - 1]), _NORMAL.inv_cdf(self.fmrs[upper])
        return (end - start) / (self.scores[upper] - self.scores[upper - 1]), end

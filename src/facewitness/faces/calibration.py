"""What a comparison score is worth in a bank of N faces: false positives expected, and where to cut a list.

    FPIR(N, T) = 1 - (1 - FMR(T))^N

is the chance that a search for somebody who is not in the bank of N faces gives a candidate at T or above
(ISO/IEC 19795-1; it takes the N comparisons as independent). FMR(T), the share of comparisons of different
people that reach T, is the curve of the embedder's model card.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from facewitness.terms.candidate import Threshold


@dataclass(frozen=True, slots=True)
class Calibration:
    """An FMR curve: scores ascending, and the base-10 logarithm of FMR at each, descending.

    Between two points the logarithm is taken as straight; below the first FMR is taken as 1; above the last it goes on in the direction of the
    last two, which is cautious: FMR falls faster than that the further one goes.
    """

    scores: tuple[float, ...]
    log_fmr: tuple[float, ...]
    description: str
    """Whose faces gave the comparisons, and how many there were."""

    def __post_init__(self) -> None:
        if len(self.scores) < 2 or len(self.scores) != len(self.log_fmr):
            raise ValueError("A calibration needs at least two scores, and an FMR for each.")
        if np.any(np.diff(self.scores) <= 0) or np.any(np.diff(self.log_fmr) >= 0):
            raise ValueError("A calibration's scores have to rise and its FMR has to fall.")

    @classmethod
    def from_nonmated(
        cls, scores: npt.NDArray[np.floating], description: str, levels: Sequence[float]
    ) -> Self:
        """The curve of non-mated comparison scores at those levels of FMR, the largest first."""
        ordered = np.sort(scores)[::-1]
        at = [float(ordered[max(0, round(level * len(ordered)) - 1)]) for level in levels]
        return cls(tuple(at), tuple(float(np.log10(level)) for level in levels), description)

    def fmr(self, score: float) -> float:
        """The share of comparisons of different people that reach `score`, 0 to 1."""
        if score > self.scores[-1]:
            return math.pow(10, self.log_fmr[-1] + self._slope * (score - self.scores[-1]))
        return float(10 ** np.interp(score, self.scores, self.log_fmr, left=0.0))

    def fpir(self, score: float, size: int) -> float:
        """The chance that a search of `size` faces for an absent person gives a candidate, 0 to 1."""
        return float(-np.expm1(size * np.log1p(-min(self.fmr(score), 1 - 1e-12))))

    def expected_false(self, score: float, size: int) -> float:
        """How many of `size` faces of other people are expected at or above `score`."""
        return size * self.fmr(score)

    def threshold(self, fpir: float, size: int) -> float:
        """The lowest score at which FPIR(size, score) is at most `fpir`; never above 1."""
        wanted = np.log10(-np.expm1(np.log1p(-fpir) / max(size, 1)))
        if wanted < self.log_fmr[-1]:
            return min(1.0, self.scores[-1] + (wanted - self.log_fmr[-1]) / self._slope)
        return float(np.interp(wanted, self.log_fmr[::-1], self.scores[::-1]))

    @property
    def _slope(self) -> float:
        """Of the logarithm above the last score; negative."""
        return (self.log_fmr[-1] - self.log_fmr[-2]) / (self.scores[-1] - self.scores[-2])

    def at(self, fpir: float, size: int) -> Threshold:
        """Where a list from `size` faces is cut for that FPIR."""
        return Threshold(float(self.threshold(fpir, size)), fpir, size, self.description)

"""What scores are worth: FMR, FPIR and thresholds agree with each other and with the comparisons."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewitness.faces import Calibration, load_models
from facewitness.faces.calibration import LOWEST_FMR

CURVE = load_models(None).calibration
SCORES, SIZES, FPIRS = st.floats(-1, 1), st.integers(1, 10**8), st.floats(1e-6, 0.9)
PEOPLE = NormalDist(0.04, 0.09)
"""Of what non-mated scores of good embedders are like."""
LEVELS = (1e-1, 1e-2, 1e-3, 1e-4)


def test_fmr_at_the_points_is_the_card_s() -> None:
    assert [CURVE.fmr(score) for score in CURVE.scores] == pytest.approx(CURVE.fmrs)


@given(SCORES, SCORES)
def test_fmr_is_a_share_that_falls_with_the_score(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 1 >= CURVE.fmr(low) >= CURVE.fmr(high) >= 0


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 10**9))
def test_no_score_and_no_size_gives_a_chance_outside_of_0_to_1(score: float, size: int) -> None:
    assert 0 <= CURVE.fpir(score, size) <= 1


@given(FPIRS, SIZES)
def test_threshold_and_fpir_undo_each_other(fpir: float, size: int) -> None:
    score = CURVE.threshold(fpir, size)
    assert CURVE.scores[0] <= score <= 1
    if CURVE.scores[0] < score < 1:
        assert CURVE.fpir(score, size) == pytest.approx(fpir, rel=1e-6)
    elif score < 1:
        assert CURVE.fpir(score, size) <= fpir * (1 + 1e-9)


@given(FPIRS, SIZES, SIZES)
def test_the_threshold_does_not_fall_when_the_bank_grows(fpir: float, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert CURVE.threshold(fpir, small) <= CURVE.threshold(fpir, large) + 1e-9


@given(FPIRS, FPIRS, SIZES)
def test_the_threshold_does_not_rise_when_more_is_tolerated(one: float, other: float, size: int) -> None:
    strict, lax = sorted((one, other))
    assert CURVE.threshold(strict, size) >= CURVE.threshold(lax, size) - 1e-9


def test_the_threshold_moves_where_it_is_not_held() -> None:
    assert CURVE.threshold(0.01, 10) < CURVE.threshold(0.01, 1000) < CURVE.threshold(0.01, 10**6) < 1
    assert CURVE.threshold(0.1, 1000) < CURVE.threshold(0.001, 1000)


@given(SCORES, SCORES, SIZES, SIZES)
def test_expected_false_rises_with_the_bank_and_falls_with_the_score(
    one: float, other: float, size: int, another: int
) -> None:
    (low, high), (small, large) = sorted((one, other)), sorted((size, another))
    assert CURVE.expected_false(low, large) >= CURVE.expected_false(high, large)
    assert CURVE.expected_false(low, small) <= CURVE.expected_false(low, large)


@given(st.floats(CURVE.scores[0], 1), SIZES)
def test_fpir_is_that_of_independent_comparisons(score: float, size: int) -> None:
    assert CURVE.fpir(score, size) == pytest.approx(1 - (1 - CURVE.fmr(score)) ** size, abs=1e-6)


def test_no_score_is_said_to_be_beyond_chance() -> None:
    assert 0 < CURVE.fmr(1) < CURVE.fmr(0.95) < CURVE.fmr(0.9)
    assert CURVE.expected_false(1, 1000) == 1000 * LOWEST_FMR


def test_an_empty_bank_gives_no_false_positive_and_still_has_a_threshold() -> None:
    assert CURVE.fpir(CURVE.scores[0], 0) == 0
    assert CURVE.threshold(0.01, 0) == CURVE.threshold(0.01, 1)


def test_a_bank_too_large_for_any_score_is_cut_at_1() -> None:
    lax = Calibration((0.5, 0.9), (0.1, 0.05), "two people")
    assert lax.threshold(1e-6, 10**6) == 1


def test_a_threshold_says_what_it_was_set_for() -> None:
    cut = CURVE.at(0.01, 5000)
    assert (cut.score, cut.fpir, cut.gallery_size) == (CURVE.threshold(0.01, 5000), 0.01, 5000)
    assert cut.calibration == CURVE.description


@pytest.mark.parametrize("seed", range(5))
def test_a_curve_from_comparisons_is_close_to_the_truth_and_beyond_its_end_in_order(seed: int) -> None:
    drawn = np.random.default_rng(seed).normal(PEOPLE.mean, PEOPLE.stdev, 300_000)
    curve = Calibration.from_nonmated(drawn, "drawn", LEVELS)
    assert curve.fmrs == LEVELS
    for level in (0.05, *LEVELS[1:]):
        assert curve.fmr(PEOPLE.inv_cdf(1 - level)) == pytest.approx(level, rel=0.5)
    for level in (1e-5, 1e-6, 1e-7):
        assert abs(math.log10(curve.fmr(PEOPLE.inv_cdf(1 - level)) / level)) < 1


def test_the_level_of_a_curve_is_the_share_of_scores_that_reach_its_point() -> None:
    scores = np.random.default_rng(0).permutation(np.linspace(0, 1, 1000))
    curve = Calibration.from_nonmated(scores, "even", (0.5, 0.1, 0.001))
    assert [(scores >= at).mean() for at in curve.scores] == [0.5, 0.1, 0.001]


@pytest.mark.parametrize(
    ("scores", "fmrs"),
    [
        ((), ()),
        ((0.1,), (0.1,)),
        ((0.1, 0.2), (0.1,)),
        ((0.2, 0.1), (0.1, 0.01)),
        ((0.1, 0.1), (0.1, 0.01)),
        ((0.1, 0.2), (0.01, 0.1)),
        ((0.1, 0.2), (0.1, 0.1)),
        ((0.1, 0.2), (1.0, 0.1)),
        ((0.1, 0.2), (0.1, 0.0)),
        ((0.1, 0.2), (0.1, math.nan)),
        ((0.1, math.nan), (0.1, 0.01)),
        ((0.1, math.inf), (0.1, 0.01)),
        ((-math.inf, 0.1), (0.1, 0.01)),
    ],
)
def test_a_curve_that_does_not_fall_is_none(scores: tuple[float, ...], fmrs: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration(scores, fmrs, "broken")

"""Codes: near in codes is near in templates, the same rows give the same codes, and a thread is a thread."""

import numpy as np
import pytest

from facewitness.gallery.embedded.codes import Codes
from facewitness.testing import random_templates

TEMPLATES = random_templates(2000)


@pytest.mark.parametrize("code_bytes", [16, 32])
def test_the_nearest_by_templates_are_among_the_nearest_by_codes(code_bytes: int) -> None:
    codes = Codes.of(TEMPLATES, code_bytes)
    assert (len(codes), codes.code_bytes) == (2000, code_bytes)
    for wanted in random_templates(20, seed=1):
        rows, near = codes.nearest(wanted, 100)
        assert len(rows) == len(near) == len(set(rows.tolist())) == 100
        assert set(np.argsort(TEMPLATES @ wanted)[-10:]) <= set(rows.tolist())


@pytest.mark.parametrize("dimension", [20, 100, 128])
def test_a_dimension_that_the_codes_do_not_divide_costs_nothing(dimension: int) -> None:
    templates = random_templates(1000, dimension=dimension)
    rows, near = Codes.of(templates, 32).nearest(templates[7], 20)
    assert rows[np.argmax(near)] == 7
    assert near.max() == pytest.approx(1, abs=0.2)


def test_more_than_there_are_gives_all_there_are() -> None:
    rows, _ = Codes.of(TEMPLATES[:700], 16).nearest(TEMPLATES[0], 5000)
    assert sorted(rows.tolist()) == list(range(700))


def test_the_same_templates_give_the_same_bytes_and_those_the_same_codes() -> None:
    codes = Codes.of(TEMPLATES, 16)
    assert Codes.of(TEMPLATES.copy(), 16).written() == codes.written()
    again = Codes.read(codes.written())
    (rows, near), (rows_again, near_again) = (one.nearest(TEMPLATES[3], 50) for one in (codes, again))
    assert (rows.tolist(), near.tolist()) == (rows_again.tolist(), near_again.tolist())

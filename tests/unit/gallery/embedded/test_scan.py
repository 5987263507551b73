"""The scan: what codes cannot be trusted with is compared row by row."""

from pathlib import Path

import numpy as np
import pytest

from facewitness.gallery import ExactGallery, FaceIds, Position, Shape
from facewitness.gallery.embedded import EmbeddedGallery
from facewitness.gallery.embedded.codes import Codes, Near
from facewitness.testing import DIMENSION, MODEL, NONE, agree, fill, random_templates

SHAPE = Shape(coded_from=700, most_rows=2000, head_rows=9000, depth_at_16=60)


class Asked:
    """How many rows each scan of codes was asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: list[int] = []
        nearest = Codes.nearest

        def counted(codes: Codes, values: np.typing.NDArray[np.float32], count: int) -> Near:
            self.counts.append(count)
            return nearest(codes, values, count)

        monkeypatch.setattr(Codes, "nearest", counted)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[EmbeddedGallery, ExactGallery]:
    gallery, oracle = EmbeddedGallery(MODEL, DIMENSION, tmp_path, SHAPE), ExactGallery(MODEL, DIMENSION)
    for one in (gallery, oracle):
        fill(one, 4000)
    gallery.save()
    return gallery, oracle


def test_without_a_filter_every_segments_codes_are_scanned(
    pair: tuple[EmbeddedGallery, ExactGallery], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    agree(*pair, random_templates(1, seed=2)[0], 10, None)
    assert asked.counts == [60, 60]


@pytest.mark.parametrize(("share", "counts"), [(0.02, []), (0.6, [150, 150])])
def test_a_filter_that_leaves_few_is_compared_and_one_that_leaves_many_is_scanned(
    pair: tuple[EmbeddedGallery, ExactGallery],
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    counts: list[int],
) -> None:
    asked = Asked(monkeypatch)
    within: FaceIds = np.flatnonzero(np.arange(4000) % 100 < share * 100) + 1
    agree(*pair, random_templates(1, seed=2)[0], 10, within)
    assert asked.counts == counts


def test_where_a_filter_leaves_what_is_far_every_row_it_leaves_is_compared(
    pair: tuple[EmbeddedGallery, ExactGallery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The codes were asked, gave too few of the rows sought, and were not believed."""
    asked, wanted = Asked(monkeypatch), random_templates(1, seed=2)[0]
    far = np.sort(np.argsort(random_templates(4000) @ wanted)[:2400]) + 1
    agree(*pair, wanted, 10, far)
    assert len(asked.counts) == 2


def test_withdrawn_rows_that_are_nearest_do_not_crowd_out_the_living(
    pair: tuple[EmbeddedGallery, ExactGallery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few hundred tombstones, all of them nearer than anything that can be found."""
    asked, wanted = Asked(monkeypatch), random_templates(1, seed=2)[0]
    gone = np.sort(np.argsort(random_templates(4000) @ wanted)[-700:]) + 1
    for one in pair:
        one.take(NONE, np.empty((0, DIMENSION), np.float32), gone, Position(4000, 700))
    agree(*pair, wanted, 10, None)
    assert len(asked.counts) == 2


def test_a_long_list_is_as_exact_as_a_short_one(pair: tuple[EmbeddedGallery, ExactGallery]) -> None:
    agree(*pair, random_templates(1, seed=2)[0], 3500, None)

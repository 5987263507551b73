"""Contract suites: subclass one, give it a way to make your implementation, and run it with pytest.

class TestMyGallery(GalleryContract):
    def make(self, folder): return MyGallery(MODEL, DIMENSION, folder)
"""

from pathlib import Path

import numpy as np
import pytest

from facewitness.errors import ModelError
from facewitness.gallery import ExactGallery, FaceIds, Gallery, Position
from facewitness.terms.template import Floats, ModelId, Template, TemplateRole

DIMENSION = 32
MODEL = ModelId("detector-00000000+embedder-00000000")
NONE: FaceIds = np.empty(0, np.int64)


def random_templates(count: int, seed: int = 0, dimension: int = DIMENSION) -> Floats:
    """Unit-length templates (count, dimension), the same for the same seed."""
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def probe(values: Floats, model: ModelId = MODEL) -> Template:
    """A search template with those values."""
    return Template(model, TemplateRole.SEARCH, values)


def fill(gallery: Gallery, count: int, seed: int = 0) -> Floats:
    """Enrol `count` random templates as faces 1 to `count`."""
    templates = random_templates(count, seed)
    gallery.take(np.arange(1, count + 1), templates, NONE, Position(count, 0))
    return templates


class GalleryContract:
    """What every gallery does. `exact` is the oracle."""

    def make(self, folder: Path) -> Gallery:
        """A gallery of MODEL and DIMENSION that keeps its files, if any, in `folder`."""
        raise NotImplementedError

    @pytest.fixture
    def gallery(self, tmp_path: Path) -> Gallery:
        """A fresh gallery."""
        return self.make(tmp_path)

    def test_a_new_gallery_is_empty_and_finds_nothing(self, gallery: Gallery) -> None:
        """No faces, no candidates, no error."""
        assert len(gallery) == 0
        assert gallery.position == Position(0, 0)
        assert gallery.search(probe(random_templates(1)[0]), 10) == []

    def test_an_enrolled_face_is_found_by_its_own_template_with_score_one(self, gallery: Gallery) -> None:
        """The first is the face itself."""
        templates = fill(gallery, 200)
        found = gallery.search(probe(templates[41]), 3)
        assert found[0].face_id == 42
        assert found[0].score == pytest.approx(1.0, abs=1e-5)

    def test_it_agrees_with_the_oracle_in_order_and_score(self, gallery: Gallery) -> None:
        """The same ids in the same order, the same scores."""
        fill(gallery, 3000)
        oracle = ExactGallery(MODEL, DIMENSION)
        fill(oracle, 3000)
        for wanted in random_templates(20, seed=7):
            ours, theirs = gallery.search(probe(wanted), 25), oracle.search(probe(wanted), 25)
            assert [one.face_id for one in ours] == [one.face_id for one in theirs]
            assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], abs=1e-5)

    def test_equal_scores_are_ordered_by_face(self, gallery: Gallery) -> None:
        """Also where the list is cut between them."""
        same = np.repeat(random_templates(1), 9, axis=0)
        gallery.take(np.arange(1, 10), same, NONE, Position(9, 0))
        assert [one.face_id for one in gallery.search(probe(same[0]), 4)] == [1, 2, 3, 4]

    def test_nothing_below_the_floor_is_given(self, gallery: Gallery) -> None:
        """And everything at or above it is, up to the limit."""
        templates = fill(gallery, 500)
        scores = np.sort(templates @ templates[0])[::-1]
        found = gallery.search(probe(templates[0]), 100, floor=float(scores[6]) - 1e-6)
        assert len(found) == 7

    def test_within_looks_at_those_faces_and_at_all_of_them(self, gallery: Gallery) -> None:
        """Ids that are not in the gallery do no harm."""
        templates = fill(gallery, 1000)
        within = np.array([3, 500, 998, 5000], np.int64)
        found = gallery.search(probe(templates[0]), 10, within=within)
        assert {one.face_id for one in found} == {3, 500, 998}
        assert gallery.search(probe(templates[0]), 10, within=NONE) == []

    def test_a_withdrawn_face_is_gone_from_the_next_search(self, gallery: Gallery) -> None:
        """Also from a search within a list that still names it."""
        templates = fill(gallery, 100)
        gallery.take(NONE, np.empty((0, DIMENSION), np.float32), np.array([42]), Position(100, 1))
        assert len(gallery) == 99
        assert 42 not in {one.face_id for one in gallery.search(probe(templates[41]), 100)}
        assert gallery.search(probe(templates[41]), 5, within=np.array([42])) == []

    def test_templates_of_another_model_are_refused(self, gallery: Gallery) -> None:
        """Two models' templates never meet in one comparison."""
        fill(gallery, 10)
        with pytest.raises(ModelError, match="cannot be compared"):
            gallery.search(probe(random_templates(1)[0], ModelId("other-1+other-2")), 5)

    def test_what_was_saved_is_there_after_reopening(self, gallery: Gallery, tmp_path: Path) -> None:
        """With its position, without what was withdrawn."""
        templates = fill(gallery, 300)
        gallery.take(NONE, np.empty((0, DIMENSION), np.float32), np.array([7]), Position(300, 1))
        before = gallery.search(probe(templates[0]), 20)
        gallery.save()
        again = self.make(tmp_path)
        assert again.position == Position(300, 1)
        assert len(again) == 299
        assert again.search(probe(templates[0]), 20) == before

    def test_taking_the_same_faces_again_changes_nothing(self, gallery: Gallery) -> None:
        """Two processes may both bring it up to date."""
        templates = fill(gallery, 50)
        fill(gallery, 50)
        assert len(gallery) == 50
        assert len(gallery.search(probe(templates[0]), 100)) == 50

    def test_a_cleared_gallery_forgets_everything(self, gallery: Gallery, tmp_path: Path) -> None:
        """Also on disk."""
        fill(gallery, 50)
        gallery.save()
        gallery.clear()
        assert len(gallery) == 0
        assert len(self.make(tmp_path)) == 0

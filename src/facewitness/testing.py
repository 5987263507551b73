"""Contract suites: subclass one, give it a way to make your implementation, and run it with pytest.

class TestMyGallery(GalleryContract):
    def make(self, folder): return MyGallery(MODEL, DIMENSION, folder)

`GalleryContract` is for galleries, `SourceContract` for sources.
"""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from facewitness.errors import ModelError
from facewitness.gallery import ExactGallery, FaceIds, Gallery, Position
from facewitness.sources import Source
from facewitness.terms.provenance import Arrival, SkippedPhoto, SkipReason
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


def agree(gallery: Gallery, oracle: Gallery, values: Floats, limit: int, within: FaceIds | None) -> None:
    """Assert that both give the same faces in the same order with the same scores."""
    ours, theirs = (one.search(probe(values), limit, within=within).scored for one in (gallery, oracle))
    assert [one.face_id for one in ours] == [one.face_id for one in theirs]
    assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], abs=1e-5)


def held_in(folder: Path, template: Floats) -> bool:
    """Whether any file of a folder holds a template's bytes."""
    return any(template.tobytes() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


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
        assert gallery.search(probe(random_templates(1)[0]), 10).scored == []

    def test_an_enrolled_face_is_found_by_its_own_template_with_score_one(self, gallery: Gallery) -> None:
        """The first is the face itself."""
        templates = fill(gallery, 200)
        found = gallery.search(probe(templates[41]), 3).scored
        assert found[0].face_id == 42
        assert found[0].score == pytest.approx(1.0, abs=1e-5)

    def test_it_agrees_with_the_oracle_in_order_and_score(self, gallery: Gallery) -> None:
        """The same ids in the same order, the same scores."""
        fill(gallery, 3000)
        oracle = ExactGallery(MODEL, DIMENSION)
        fill(oracle, 3000)
        for wanted in random_templates(20, seed=7):
            agree(gallery, oracle, wanted, 25, None)
        gallery.save()
        for wanted in random_templates(20, seed=7):
            agree(gallery, oracle, wanted, 25, None)

    def test_the_plan_says_what_was_looked_at(self, gallery: Gallery) -> None:
        """Every face, by its template or by its code; with a filter, every face that the filter leaves."""
        templates = fill(gallery, 3000)
        for _ in range(2):
            plan = gallery.search(probe(templates[0]), 5).plan
            assert 5 <= plan.compared <= 3000
            assert plan.by_code <= 3000 <= plan.compared + plan.by_code
            few = gallery.search(probe(templates[0]), 5, within=np.array([3, 500, 998, 5000])).plan
            assert (few.compared, few.by_code) == (3, 0)
            gallery.save()

    def test_equal_scores_are_ordered_by_face(self, gallery: Gallery) -> None:
        """Also where the list is cut between them."""
        same = np.repeat(random_templates(1), 9, axis=0)
        gallery.take(np.arange(1, 10), same, NONE, Position(9, 0))
        assert [one.face_id for one in gallery.search(probe(same[0]), 4).scored] == [1, 2, 3, 4]

    def test_nothing_below_the_floor_is_given(self, gallery: Gallery) -> None:
        """And everything at or above it is, up to the limit."""
        templates = fill(gallery, 500)
        scores = np.sort(templates @ templates[0])[::-1]
        found = gallery.search(probe(templates[0]), 100, floor=float(scores[6]) - 1e-6).scored
        assert len(found) == 7

    def test_within_looks_at_those_faces_and_at_all_of_them(self, gallery: Gallery) -> None:
        """Ids that are not in the gallery do no harm."""
        templates = fill(gallery, 1000)
        within = np.array([3, 500, 998, 5000], np.int64)
        found = gallery.search(probe(templates[0]), 10, within=within).scored
        assert {one.face_id for one in found} == {3, 500, 998}
        assert gallery.search(probe(templates[0]), 10, within=NONE).scored == []

    def test_a_withdrawn_face_is_gone_from_the_next_search(self, gallery: Gallery) -> None:
        """Also from a search within a list that still names it."""
        templates = fill(gallery, 100)
        gallery.take(NONE, np.empty((0, DIMENSION), np.float32), np.array([42]), Position(100, 1))
        assert len(gallery) == 99
        assert 42 not in {one.face_id for one in gallery.search(probe(templates[41]), 100).scored}
        assert gallery.search(probe(templates[41]), 5, within=np.array([42])).scored == []

    def test_templates_of_another_model_are_refused(self, gallery: Gallery) -> None:
        """Two models' templates never meet in one comparison."""
        fill(gallery, 10)
        with pytest.raises(ModelError, match="cannot be compared"):
            gallery.search(probe(random_templates(1)[0], ModelId("other-1+other-2")), 5)

    def test_what_was_saved_is_there_after_reopening(self, gallery: Gallery, tmp_path: Path) -> None:
        """With its position, without what was withdrawn."""
        templates = fill(gallery, 300)
        gallery.take(NONE, np.empty((0, DIMENSION), np.float32), np.array([7]), Position(300, 1))
        before = gallery.search(probe(templates[0]), 20).scored
        gallery.save()
        again = self.make(tmp_path)
        assert again.position == Position(300, 1)
        assert len(again) == 299
        assert again.search(probe(templates[0]), 20).scored == before

    def test_taking_the_same_faces_again_changes_nothing(self, gallery: Gallery) -> None:
        """Two processes may both bring it up to date."""
        templates = fill(gallery, 50)
        fill(gallery, 50)
        assert len(gallery) == 50
        assert len(gallery.search(probe(templates[0]), 100).scored) == 50

    @pytest.mark.parametrize("share", [0.003, 0.1, 0.5, 0.97])
    def test_within_a_share_it_agrees_with_the_oracle(self, gallery: Gallery, share: float) -> None:
        """However little or much a filter leaves, saved or not."""
        templates, oracle = fill(gallery, 3000), ExactGallery(MODEL, DIMENSION)
        fill(oracle, 3000)
        some = np.random.default_rng(5).random(3000) < share
        gone = np.arange(40, 3000, 40)
        for one in (gallery, oracle):
            one.take(NONE, templates[:0], gone, Position(3000, len(gone)))
        for _ in range(2):
            for wanted in random_templates(5, seed=8):
                agree(gallery, oracle, wanted, 10, np.flatnonzero(some) + 1)
                agree(gallery, oracle, wanted, 10, None)
            gallery.save()

    def test_a_filter_that_leaves_only_what_is_far_misses_nothing(self, gallery: Gallery) -> None:
        """Those faces come last of all by their score, and still the best of them are given."""
        templates, oracle = fill(gallery, 3000), ExactGallery(MODEL, DIMENSION)
        fill(oracle, 3000)
        gallery.save()
        for wanted in random_templates(3, seed=9):
            far = np.sort(np.argsort(templates @ wanted)[:1600]) + 1
            agree(gallery, oracle, wanted, 10, far)

    def test_a_refilled_gallery_holds_those_rows_and_nothing_else(
        self, gallery: Gallery, tmp_path: Path
    ) -> None:
        """Not what it held before, in no file either; and it stands on disk once it is saved."""
        old, new = fill(gallery, 900), random_templates(2500, seed=1)
        gallery.save()
        ids = np.arange(1, 5001, 2)
        gallery.refill(((ids[a : a + 700], new[a : a + 700]) for a in range(0, 2500, 700)), 3)
        gallery.save()
        oracle = ExactGallery(MODEL, DIMENSION)
        oracle.take(ids, new, NONE, Position(4999, 3))
        for one in (gallery, self.make(tmp_path)):
            assert (one.position, len(one)) == (Position(4999, 3), 2500)
            agree(one, oracle, new[7], 20, None)
            last = one.last()
            assert last is not None
            assert (last[0], last[1].tobytes()) == (4999, new[-1].tobytes())
        assert not held_in(tmp_path, old[40])

    @pytest.mark.parametrize("count", [100, 3000])
    def test_a_withdrawn_template_is_in_no_file_after_saving(
        self, gallery: Gallery, tmp_path: Path, count: int
    ) -> None:
        """A withdrawal is physical once it was saved; what stays is as it was."""
        templates = fill(gallery, count)
        gallery.save()
        assert held_in(tmp_path, templates[41])
        gallery.take(NONE, templates[:0], np.array([42]), Position(count, 1))
        gallery.save()
        assert not held_in(tmp_path, templates[41])
        assert held_in(tmp_path, templates[42])
        again = self.make(tmp_path)
        assert (again.position, len(again)) == (Position(count, 1), count - 1)

    def test_a_gallery_that_is_behind_brings_nothing_back(self, gallery: Gallery, tmp_path: Path) -> None:
        """Two processes share the folder; the one that has not heard of a withdrawal saves last."""
        templates = fill(gallery, 1000)
        gallery.save()
        other = self.make(tmp_path)
        other.take(NONE, templates[:0], np.array([42]), Position(1000, 1))
        other.save()
        more = random_templates(1, seed=4)
        gallery.take(np.array([1001]), more, NONE, Position(1001, 0))
        gallery.save()
        assert not held_in(tmp_path, templates[41])
        assert self.make(tmp_path).position.withdrawn == 1
        gallery.take(NONE, templates[:0], np.array([42]), Position(1001, 1))
        gallery.save()
        assert len(gallery) == len(self.make(tmp_path)) == 1000

    def test_searches_beside_changes_see_whole_states(self, gallery: Gallery) -> None:
        """Faces come in pairs and go in pairs; a search never sees one of a pair alone, whoever saves."""
        pair = random_templates(1)
        stop = threading.Event()

        def change() -> None:
            for number in range(1, 400):
                if stop.is_set():
                    return
                ids = np.array([2 * number - 1, 2 * number])
                gallery.take(ids, np.repeat(pair, 2, axis=0), ids - 2, Position(2 * number, number))
                if number % 20 == 0:
                    gallery.save()

        thread = threading.Thread(target=change)
        thread.start()
        try:
            seen = []
            while thread.is_alive():
                seen.append([one.face_id for one in gallery.search(probe(pair[0]), 10).scored])
        finally:
            stop.set()
            thread.join()
        assert all(ids == [] or (len(ids) == 2 and ids[0] + 1 == ids[1]) for ids in seen)

    def test_a_cleared_gallery_forgets_everything(self, gallery: Gallery, tmp_path: Path) -> None:
        """Also on disk."""
        fill(gallery, 50)
        gallery.save()
        gallery.clear()
        assert len(gallery) == 0
        assert len(self.make(tmp_path)) == 0


class SourceContract:
    """What every kind of source does, whatever its photos arrive in."""

    def make(self, folder: Path) -> Source:
        """A source with at least two photos and one thing that cannot come in; made at the first call, and
        opened again at the second."""
        raise NotImplementedError

    def make_damaged(self, folder: Path) -> Source:
        """The same with some of it damaged: at least one photo is whole."""
        raise NotImplementedError

    def make_leaving(self, folder: Path) -> tuple[Source, SkipReason]:
        """A source in which something leads out of it, and the reason for which that is refused."""
        raise NotImplementedError

    def test_it_gives_photos_and_says_what_stays_out(self, tmp_path: Path) -> None:
        """Nothing disappears silently."""
        arrivals, skipped = sorted_out(self.make(tmp_path))
        assert len(arrivals) >= 2
        assert skipped
        assert all(one.path and one.observations and one.fingerprint for one in arrivals)

    def test_each_run_gives_the_same_in_the_same_order(self, tmp_path: Path) -> None:
        """So a second run can pass over what the first one did, and a killed one goes on where it stopped."""
        first, again = self.make(tmp_path), self.make(tmp_path)
        assert list(first.arrivals()) == list(first.arrivals()) == list(again.arrivals())

    def test_a_run_that_was_broken_off_begins_anew(self, tmp_path: Path) -> None:
        """What an earlier run dealt with is the catalogue's to know."""
        source = self.make(tmp_path)
        some = list(itertools.islice(source.arrivals(), 1))
        assert list(itertools.islice(source.arrivals(), 1)) == some

    def test_paths_and_locators_are_unique(self, tmp_path: Path) -> None:
        """A capture is known again by its locator, a photo by its path."""
        arrivals, _ = sorted_out(self.make(tmp_path))
        paths = [one.path for one in arrivals]
        locators = [seen.locator for one in arrivals for seen in one.observations]
        assert len(set(paths)) == len(paths)
        assert len(set(locators)) == len(locators)

    def test_bytes_are_read_in_any_thread_and_again(self, tmp_path: Path) -> None:
        """Also when the listing has gone on, or is over."""
        arrivals, _ = sorted_out(self.make(tmp_path))
        with ThreadPoolExecutor(4) as pool:
            read = list(pool.map(lambda one: one.read(), arrivals * 2))
        assert all(isinstance(one, bytes) and one for one in read)
        assert read[: len(arrivals)] == read[len(arrivals) :]

    def test_times_have_zones_and_addresses_are_web_addresses(self, tmp_path: Path) -> None:
        """What a page makes a link or a date of has to be one."""
        arrivals, _ = sorted_out(self.make(tmp_path))
        for seen in (seen for one in arrivals for seen in one.observations):
            assert seen.captured_at is None or seen.captured_at.tzinfo is not None
            for address in (seen.page_url, seen.image_url):
                assert not address or address.startswith(("http://", "https://"))

    def test_damage_costs_what_it_hits_and_is_named(self, tmp_path: Path) -> None:
        """Neither listing nor reading raises."""
        arrivals, skipped = sorted_out(self.make_damaged(tmp_path))
        read = [one.read() for one in arrivals]
        assert any(isinstance(one, bytes) for one in read)
        assert skipped or any(isinstance(one, SkippedPhoto) for one in read)

    def test_it_never_leaves_its_place(self, tmp_path: Path) -> None:
        """What leads out is refused with that as its reason."""
        source, reason = self.make_leaving(tmp_path)
        _, skipped = sorted_out(source)
        assert reason in {one.reason for one in skipped}


def sorted_out(source: Source) -> tuple[list[Arrival], list[SkippedPhoto]]:
    """What a source gives: the photos, and what stays out."""
    given = list(source.arrivals())
    arrivals = [one for one in given if isinstance(one, Arrival)]
    return arrivals, [one for one in given if isinstance(one, SkippedPhoto)]

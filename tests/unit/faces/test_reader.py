"""The two models at work together, in one thread and in several."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from facewitness.faces import FaceReader, FoundFace, Models
from facewitness.faces.align import aligned
from facewitness.faces.quality import measure
from facewitness.terms.template import Floats, TemplateRole

from .scenes import Pixels, Portrait

NAMES = ("astronaut.png", "obama.jpg", "obama2.jpg", "obama_partial_face.jpg")


def test_found_faces_are_aligned_and_measured(reader: FaceReader, portrait: Portrait) -> None:
    pixels = portrait("astronaut.png")
    [found] = reader.find(pixels)
    np.testing.assert_array_equal(found.aligned, aligned(pixels, found.detection.landmarks))
    assert found.quality == measure(found.detection, found.aligned)


@pytest.mark.parametrize("role", TemplateRole)
def test_templates_tell_which_models_made_them_and_what_for(
    role: TemplateRole, reader: FaceReader, models: Models, portrait: Portrait
) -> None:
    found = reader.find(portrait("astronaut.png"))
    [template] = reader.embed(found, role)
    assert (template.model, template.role) == (models.id, role)
    assert template.values.shape == (128,)


def test_templates_come_in_the_order_of_the_faces(reader: FaceReader, portrait: Portrait) -> None:
    faces = [reader.find(portrait(name))[0] for name in NAMES[:2]]
    first, second = reader.embed(faces, TemplateRole.SEARCH)
    [alone] = reader.embed(faces[:1], TemplateRole.SEARCH)
    assert first.values @ alone.values > 0.999
    assert second.values @ alone.values < 0.5


def test_no_faces_give_no_templates(reader: FaceReader) -> None:
    assert reader.embed([], TemplateRole.ENROLMENT) == []


def test_two_threads_find_and_embed_what_one_does(reader: FaceReader, portrait: Portrait) -> None:
    def read(pixels: Pixels) -> tuple[list[FoundFace], list[Floats]]:
        found = reader.find(pixels)
        return found, [template.values for template in reader.embed(found, TemplateRole.SEARCH)]

    photos = [portrait(name) for name in NAMES] * 2
    alone = [read(pixels) for pixels in photos]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(read, photos))
    for (one, vectors), (other, others) in zip(alone, together, strict=True):
        assert [face.detection for face in one] == [face.detection for face in other]
        assert [face.quality for face in one] == [face.quality for face in other]
        np.testing.assert_array_equal(vectors, others)

"""The gallery held against the catalogue: sound where it is, and each way of not being so is noticed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facewitness import Service
from facewitness.gallery import EmbeddedGallery, Shape
from facewitness.terms.face import Box, Detection, Landmarks, Quality
from facewitness.terms.provenance import PhotoId
from facewitness.terms.template import EmbeddedFace, Template, TemplateRole
from facewitness.testing import random_templates

from .banks import photo_id


def test_a_gallery_that_follows_its_catalogue_is_sound(bank: Service, portraits: Path) -> None:
    for name in ("biden.jpg", "obama.jpg"):
        checked = bank.check_gallery()
        assert checked.is_sound
        assert checked.faces == checked.catalogued == bank.status().totals["faces"]
        assert checked.found == checked.expected >= checked.searches > 0
        bank.withdraw(photo_id(portraits / name))


def test_an_empty_one_is_sound(service: Service) -> None:
    assert service.check_gallery().is_sound


def test_an_altered_template_is_noticed_by_digest_and_by_score(bank: Service) -> None:
    bank.rebuild()
    [path] = (bank.settings.bank / "gallery").rglob("*.templates")
    held = np.memmap(path, "<f4", "r+")
    held[: 128 * 3] *= -1
    held.flush()
    checked = bank.check_gallery()
    assert checked.damaged == (path.name,)
    assert checked.lost > 0
    assert not checked.is_sound
    bank.rebuild()
    assert bank.check_gallery().is_sound


def test_a_face_that_the_gallery_lacks_is_noticed(bank: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.rebuild()
    without = EmbeddedGallery.__len__
    monkeypatch.setattr(EmbeddedGallery, "__len__", lambda gallery: without(gallery) - 1)
    assert not bank.check_gallery().is_sound


def test_a_bank_large_enough_for_codes_is_searched_as_before(
    bank: Service, portraits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way through acts, catalogue and codes, and back to no codes when a withdrawal leaves too few."""

    def answers(service: Service) -> list[tuple[int, float]]:
        found = service.search(portraits / "obama.jpg", purpose="compare", threshold=-1.0).candidates
        return [(one.face.id, one.score) for one in found]

    def codes() -> int:
        return len(list((bank.settings.bank / "gallery").rglob("*.codes")))

    add_faces(bank, photo_id(portraits / "biden.jpg"), 3000)
    small = replace(Shape(), coded_from=700, depth_at_16=1200)
    before = answers(bank)
    assert codes() == 0
    monkeypatch.setattr("facewitness.service.Shape", lambda **_: small)
    with Service.open(bank.settings.bank, actor="tester") as coded:
        coded.rebuild()
        assert codes() == 1
        assert answers(coded) == before
        assert coded.check_gallery().is_sound
        coded.withdraw(photo_id(portraits / "biden.jpg"))
        assert codes() == 0
        assert answers(coded) == answers(bank)
        assert coded.check_gallery().is_sound


def add_faces(bank: Service, photo: str, count: int) -> None:
    """Faces of nobody, in a photo that the bank holds."""
    points = [(float(x), 10.0) for x in range(5)]
    detection = Detection(Box(0, 0, 100, 120), Landmarks(*points), 0.9)
    quality = Quality(100, 40, 0, 0, 0, 100, 128, 0, 0)
    model = bank._bank.model
    templates = random_templates(count, dimension=128)
    faces = [
        EmbeddedFace(detection, quality, Template(model, TemplateRole.ENROLMENT, one)) for one in templates
    ]
    with bank._bank.catalogue.writing() as writer:
        writer.add_faces(PhotoId(photo), model, faces, [])

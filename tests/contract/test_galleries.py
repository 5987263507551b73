"""Every gallery passes the one contract."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facewitness.gallery import EmbeddedGallery, ExactGallery, Gallery, Position, Shape, Snapshot
from facewitness.testing import DIMENSION, MODEL, NONE, GalleryContract, fill, probe, random_templates


class TestExact(GalleryContract):
    def make(self, folder: Path) -> Gallery:
        return ExactGallery(MODEL, DIMENSION, Snapshot(folder))

    def test_a_gallery_fed_face_by_face_equals_one_fed_at_once(self, tmp_path: Path) -> None:
        at_once, one_by_one = self.make(tmp_path / "a"), self.make(tmp_path / "b")
        templates = fill(at_once, 120)
        for number, template in enumerate(templates, 1):
            one_by_one.take(np.array([number]), template[None], NONE, Position(number, 0))
        wanted = probe(random_templates(1, seed=3)[0])
        assert one_by_one.search(wanted, 30).scored == at_once.search(wanted, 30).scored

    @pytest.mark.parametrize("damage", ["truncated", "missing", "nonsense", "other dimension"])
    def test_a_damaged_snapshot_is_as_good_as_none(self, tmp_path: Path, damage: str) -> None:
        gallery = self.make(tmp_path)
        fill(gallery, 100)
        gallery.save()
        [templates] = tmp_path.glob("*.templates.npy")
        if damage == "truncated":
            templates.write_bytes(templates.read_bytes()[:-400])
        elif damage == "missing":
            templates.unlink()
        elif damage == "nonsense":
            (tmp_path / "current.json").write_text("{}")
        else:
            assert len(ExactGallery(MODEL, DIMENSION * 2, Snapshot(tmp_path))) == 0
            return
        assert len(self.make(tmp_path)) == 0


SMALL = Shape(coded_from=700, most_rows=1500, head_rows=2000, depth_at_16=60)
"""A gallery that has codes, several segments, and more rows in each than it compares."""


class TestEmbeddedWithFewFaces(GalleryContract):
    def make(self, folder: Path) -> Gallery:
        return EmbeddedGallery(MODEL, DIMENSION, folder)


class TestEmbedded(GalleryContract):
    def make(self, folder: Path) -> Gallery:
        return EmbeddedGallery(MODEL, DIMENSION, folder, SMALL, threads=2)


class TestEmbeddedAt32Bytes(GalleryContract):
    def make(self, folder: Path) -> Gallery:
        return EmbeddedGallery(MODEL, DIMENSION, folder, replace(SMALL, code_bytes=32, depth_at_16=240))

"""The gallery of many faces: codes in memory, templates on disk, in the caller's own process."""

from facewitness.gallery.embedded.gallery import EmbeddedGallery
from facewitness.gallery.embedded.segment import Shape

__all__ = ["EmbeddedGallery", "Shape"]

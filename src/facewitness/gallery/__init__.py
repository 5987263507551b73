"""Templates -> candidates."""

from facewitness.gallery.embedded import EmbeddedGallery, Shape
from facewitness.gallery.exact import ExactGallery
from facewitness.gallery.interface import FaceIds, Gallery, Position
from facewitness.gallery.snapshot import Snapshot

__all__ = ["EmbeddedGallery", "ExactGallery", "FaceIds", "Gallery", "Position", "Shape", "Snapshot"]

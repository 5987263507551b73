"""Templates -> candidates."""

from facewitness.gallery.exact import ExactGallery
from facewitness.gallery.interface import FaceIds, Gallery, Position
from facewitness.gallery.snapshot import Snapshot

__all__ = ["ExactGallery", "FaceIds", "Gallery", "Position", "Snapshot"]

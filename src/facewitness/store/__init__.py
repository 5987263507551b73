"""The truth: the catalogue (SQL) and the photos' bytes (blobs)."""

from facewitness.store.blobs import FolderBlobs
from facewitness.store.catalogue import Catalogue
from facewitness.store.interface import Blobs
from facewitness.store.rows import filters_noun, threshold_noun
from facewitness.store.view import View, names_photo
from facewitness.store.writer import Writer

__all__ = [
    "Blobs",
    "Catalogue",
    "FolderBlobs",
    "View",
    "Writer",
    "filters_noun",
    "names_photo",
    "threshold_noun",
]

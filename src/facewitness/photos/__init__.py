"""Photos: from bytes to pixels, embedded facts and a near-copy hash, and to the crops that people look at."""

from facewitness.photos.crop import contact_sheet, face_crop, preview
from facewitness.photos.near_copy import MAX_DISTANCE, MIN_QUALITY, NearCopyIndex, near_hash
from facewitness.photos.picture import Picture, Pixels, ReadPhoto
from facewitness.photos.read import MAX_PIXELS, read_facts, read_photo

__all__ = [
    "MAX_DISTANCE",
    "MAX_PIXELS",
    "MIN_QUALITY",
    "NearCopyIndex",
    "Picture",
    "Pixels",
    "ReadPhoto",
    "contact_sheet",
    "face_crop",
    "near_hash",
    "preview",
    "read_facts",
    "read_photo",
]

"""HEIC and HEIF photos: the only module that imports pi-heif."""

from io import BytesIO

from pi_heif.as_plugin import HeifImageFile
from PIL import Image


def open_heif(stream: BytesIO) -> Image.Image:
    """The primary image, its pixels not yet decoded; already upright once they are.

    libheif applies the container's rotation itself, and pi-heif then sets the EXIF orientation that it
    hands on to 1, so nothing is turned twice. 10- and 12-bit pictures come as 8-bit ones.
    """
    image: Image.Image = HeifImageFile(stream)
    return image

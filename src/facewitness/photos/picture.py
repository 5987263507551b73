"""The nouns of this room: pixels, and a photo as it was read."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from facewitness.terms.provenance import EmbeddedFacts

Pixels = npt.NDArray[np.uint8]
"""Shape (height, width, 3), uint8, red, green, blue, upright, C-contiguous and not writeable."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded photo, turned upright. Colours are as stored: no colour profile is applied."""

    pixels: Pixels = field(repr=False)
    format: str
    """JPEG, PNG, WEBP, AVIF, HEIF, TIFF, GIF or BMP."""

    @property
    def width(self) -> int:
        """Pixels from left to right, after EXIF orientation."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom, after EXIF orientation."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class ReadPhoto:
    """What one pass over a photo's bytes gives: the picture and what the file says of itself.

    Whoever enrols looks at `facts.reserved_by` first, and where it says something turns the photo away as
    RESERVED before any face is sought. This room reads the sign; the act obeys it.
    """

    picture: Picture
    facts: EmbeddedFacts

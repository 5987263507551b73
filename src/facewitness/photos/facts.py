"""What a photo file says of itself, from its four kinds of metadata."""

from typing import Any

from PIL import Image

from facewitness.photos.exif import exif_facts
from facewitness.photos.iptc import iptc_facts
from facewitness.photos.training_mining import c2pa_facts
from facewitness.photos.xmp import xmp_facts
from facewitness.terms.provenance import EmbeddedFacts


def facts_of(image: Image.Image, data: bytes) -> EmbeddedFacts:
    """The embedded facts of an opened image, `data` being its whole file.

    Field by field XMP goes before IPTC, and IPTC before EXIF. That is the order of writing: cameras write EXIF,
    and each later tool the newer kind. C2PA has a field of its own. Broken metadata costs the fields it breaks,
    never the photo.
    """
    facts: dict[str, Any] = exif_facts(image) | iptc_facts(image) | xmp_facts(_packet(image))
    return EmbeddedFacts(**facts | c2pa_facts(image, data))


def _packet(image: Image.Image) -> bytes:
    """The raw XMP packet. Pillow keeps it under the same name for every format, as text for some."""
    packet = image.info.get("xmp", b"")
    if isinstance(packet, str):
        return packet.encode("utf-8", "surrogatepass")
    return packet if isinstance(packet, bytes) else b""

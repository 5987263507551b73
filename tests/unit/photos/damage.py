"""Files of which some bytes were changed or the end is missing: whatever they hold, reading them raises nothing."""

from hypothesis import strategies as st

from facewitness.photos import ReadPhoto, read_facts, read_photo
from facewitness.terms.provenance import EmbeddedFacts, SkippedPhoto

CHANGES = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12)
"""Places and the bytes that stand there then."""
CUTS = st.integers(0, 5000)
"""Where the file ends then."""


def reads_without_raising(file: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    """Read the photo and its facts from the damaged file."""
    data = bytearray(file)
    for at, value in changes:
        data[at % len(data)] = value
    if cut < len(data):
        del data[cut:]
    assert isinstance(read_photo(bytes(data), max_pixels=10_000), ReadPhoto | SkippedPhoto)
    assert isinstance(read_facts(bytes(data)), EmbeddedFacts)

"""Web archives: WARC, ARC and WACZ files, and the photos in them."""

from facewitness.sources.webarchive.reading import archived
from facewitness.sources.webarchive.source import WebArchiveSource, records_of

__all__ = ["WebArchiveSource", "archived", "records_of"]

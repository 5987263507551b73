"""Web archives: WARC, ARC and WACZ files, and the photos in them."""

from facewitness.sources.webarchive.reading import ArchivedCopy, archived
from facewitness.sources.webarchive.source import WebArchiveSource

__all__ = ["ArchivedCopy", "WebArchiveSource", "archived"]

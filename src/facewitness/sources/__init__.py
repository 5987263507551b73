"""Sources: the places where photos arrive, each with what it says about them."""

from facewitness.sources.folder import FolderSource
from facewitness.sources.interface import Source
from facewitness.sources.webarchive import ArchivedCopy, WebArchiveSource, archived

__all__ = ["ArchivedCopy", "FolderSource", "Source", "WebArchiveSource", "archived"]

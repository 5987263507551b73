"""Sources: the places where photos arrive, each with what it says about them."""

from facewitness.sources.export import ExportSource
from facewitness.sources.folder import FolderSource
from facewitness.sources.interface import Source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.sources.shards import ShardsSource
from facewitness.sources.webarchive import ArchivedCopy, WebArchiveSource, archived
from facewitness.sources.website import WebsiteCollector, collected

__all__ = [
    "ArchivedCopy",
    "ExportSource",
    "FolderSource",
    "Scoped",
    "ShardsSource",
    "Source",
    "UrlScope",
    "WebArchiveSource",
    "WebsiteCollector",
    "archived",
    "collected",
]

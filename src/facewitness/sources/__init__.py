"""Sources: the places where photos arrive, each with what it says about them."""

from facewitness.sources.export import ExportSource
from facewitness.sources.folder import FolderSource
from facewitness.sources.iiif import IiifSource
from facewitness.sources.interface import Collector, Source
from facewitness.sources.kinds import archived_copy, collector, is_on_the_web, open_source
from facewitness.sources.scope import Scoped, UrlScope
from facewitness.sources.shards import ShardsSource
from facewitness.sources.webarchive import WebArchiveSource, archived

__all__ = [
    "Collector",
    "ExportSource",
    "FolderSource",
    "IiifSource",
    "Scoped",
    "ShardsSource",
    "Source",
    "UrlScope",
    "WebArchiveSource",
    "archived",
    "archived_copy",
    "collector",
    "is_on_the_web",
    "open_source",
]

"""Sources: the places where photos arrive, each with what it says about them."""

from facewitness.sources.folder import FolderSource
from facewitness.sources.interface import Collector, Source
from facewitness.sources.kinds import (
    archived_copy,
    collector,
    erase,
    is_on_the_web,
    open_source,
    own_records,
)
from facewitness.sources.scope import Scoped, UrlScope

__all__ = [
    "Collector",
    "FolderSource",
    "Scoped",
    "Source",
    "UrlScope",
    "archived_copy",
    "collector",
    "erase",
    "is_on_the_web",
    "open_source",
    "own_records",
]

"""Websites: one registered site at a time, fetched into web archives and read back from them."""

from facewitness.sources.website.collected import collected, collected_manifests
from facewitness.sources.website.collector import WebsiteCollector
from facewitness.sources.website.extent import checked_scope, scope_of
from facewitness.sources.website.job import Follow, Limits, archive_of

__all__ = [
    "Follow",
    "Limits",
    "WebsiteCollector",
    "archive_of",
    "checked_scope",
    "collected",
    "collected_manifests",
    "scope_of",
]

"""Websites: one registered site at a time, fetched into web archives and read back from them."""

from facewitness.sources.website.collector import WebsiteCollector, collected, scope_of
from facewitness.sources.website.job import Limits

__all__ = ["Limits", "WebsiteCollector", "collected", "scope_of"]

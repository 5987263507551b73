"""IIIF: manifests of museums, libraries and archives, and the images on their canvases."""

from facewitness.sources.iiif.addresses import Addresses, addresses_in
from facewitness.sources.iiif.source import IiifSource

__all__ = ["Addresses", "IiifSource", "addresses_in"]

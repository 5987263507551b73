"""Exports that people ask their platforms for: Instagram, Facebook, Google Takeout."""

from facewitness.sources.export.source import ExportSource

__all__ = ["ExportSource"]

"""Facewitness: a self-hosted face search engine that can account for itself."""

__version__ = "0.1.0"
